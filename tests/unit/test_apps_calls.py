"""Applications that are called in process: what they answer, and what a server would answer in their place."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from errlint.apps.asgi import Asgi
from errlint.apps.calls import Call, call_of
from errlint.apps.raised import Exceptions
from errlint.apps.wsgi import Wsgi
from errlint.errors import ProbeError
from errlint.model.exchange import Request
from errlint.probe.options import Options
from errlint.probe.wire.sender import Answer, Sender

BROKEN = (500, "text/plain; charset=utf-8", b"Internal Server Error")
GATE = threading.Event()


def said(answer: Answer) -> tuple[int | None, str | None, bytes]:
    return answer.status, answer.headers.get("content-type"), answer.body


class Asked:
    """A way to ask one application, as a probe does."""

    def __init__(self, service: Any, timeout: float = 5.0) -> None:
        self.sender = Sender(Options("http://localhost", timeout=timeout, service=service))

    def __call__(self, path: str = "/", method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        return self.sender.send(Request(method, "http://localhost" + path, tuple(headers.items()), body))


@pytest.fixture
def ask() -> Iterator[Callable[..., Asked]]:
    """Starts an application; it is stopped when the test ends."""
    services: list[Any] = []

    def started(app: Any, raised: Any = None, timeout: float = 5.0, make: Any = Asgi) -> Asked:
        service = make(app, "shop:app", raised or Exceptions())
        services.append(service)
        service.start()
        return Asked(service, timeout)

    yield started
    GATE.set()
    for service in services:
        service.stop()
    GATE.clear()


def answering(*messages: Any) -> Any:
    """An ASGI application that sends these messages, or raises those that are exceptions."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        for message in messages:
            if isinstance(message, BaseException):
                raise message
            await send(message)

    return app


def start(status: Any = 200, *headers: Any) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


def body(text: Any = b"", more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": text, "more_body": more}


def test_an_asgi_application_sees_the_request_as_servers_give_it(ask: Callable[..., Asked]) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            raise TypeError("no lifespan here")
        first, then = await receive(), await asyncio.wait_for(_over(send, receive), 5)
        got.append((scope, first, then))

    async def _over(send: Any, receive: Any) -> Any:
        await send(start(201, (b"X-Two", b"1"), (b"X-Two", b"2")))
        await send(body(b"done"))
        return await receive()

    got: list[Any] = []
    answer = ask(app)("/a%2Fb%20c/\u00e4?q=%zz", "POST", b"{}", Host="api.test")
    while not got:
        threading.Event().wait(0.001)
    scope, first, then = got[0]
    names = ("method", "path", "raw_path", "query_string", "root_path", "scheme", "http_version", "server", "extensions")
    assert {name: scope[name] for name in names} == {
        "method": "POST",
        "path": "/a/b c/\u00e4",
        "raw_path": b"/a%2Fb%20c/%C3%A4",
        "query_string": b"q=%25zz",
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "server": ("localhost", 80),
        "extensions": {},
    }
    headers = dict(scope["headers"])
    assert (headers[b"host"], headers[b"content-length"], headers[b"accept-encoding"]) == (b"api.test", b"2", b"identity")
    assert (first, then["type"]) == ({"type": "http.request", "body": b"{}", "more_body": False}, "http.disconnect")
    assert (answer.status, answer.headers["x-two"], answer.body) == (201, "1, 2", b"done")


@pytest.mark.parametrize(
    "messages",
    [
        (KeyError("id"),),
        (SystemExit(3),),
        (KeyboardInterrupt(),),
        (),
        (body(b"x"),),
        ({"type": "websocket.accept"},),
        (start("200"),),
        (start(103),),
        (start(200, ("name", "text")),),
        (start(200, (b"name", b"a\r\nb")),),
        ({"type": "http.response.start"},),
    ],
)
def test_what_leaves_an_application_before_an_answer_is_a_500(ask: Callable[..., Asked], messages: Any) -> None:
    asked = ask(answering(*messages))
    assert [said(asked()) for _ in range(2)] == [BROKEN, BROKEN]


def test_what_goes_wrong_in_an_answer_breaks_it_off(ask: Callable[..., Asked]) -> None:
    asked = ask(answering(start(), body(b"half", more=True), ValueError("no")))
    answer = asked()
    assert (answer.status, answer.body, answer.cut) == (200, b"half", "the connection was lost after 4 bytes")


def test_a_body_that_is_shorter_than_it_says_is_cut(ask: Callable[..., Asked]) -> None:
    answer = ask(answering(start(200, (b"content-length", b"9")), body(b"half")))()
    assert (answer.status, answer.body, answer.cut) == (200, b"half", "4 of 9 bytes came")


def test_exceptions_after_a_whole_answer_change_nothing_and_are_told(ask: Callable[..., Asked]) -> None:
    raised = Exceptions()
    asked = ask(answering(start(204), body(), RuntimeError("later")), raised)
    assert said(asked("/x?key=secret")) == (204, None, b"")
    asked("/x")
    asked.sender.options.service.stop()  # by then it is over
    place = f"tests/unit/test_apps_calls.py:{answering.__code__.co_firstlineno + 7}"
    assert list(raised.lines()) == [f"GET /x raised RuntimeError: later ({place}), 2 times"]


def test_an_application_that_hangs_meets_the_deadline_and_others_are_answered(ask: Callable[..., Asked]) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/hangs":
            await asyncio.Event().wait()
        await answering(start(), body(b"ok"))(scope, receive, send)

    asked = ask(app, timeout=0.05)
    assert [(one.status, one.failure) for one in (asked("/hangs"), asked("/"))] == [(None, "timeout"), (200, "")]


def test_a_stream_without_end_is_read_within_bounds_and_then_ended(ask: Callable[..., Asked]) -> None:
    ended = threading.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return
        await send(start(200, (b"content-type", b"text/event-stream")))
        try:
            while True:
                await send(body(b"data: {}\n\n" * 100, more=True))
        finally:
            ended.set()

    answer = ask(app)()
    assert (answer.status, answer.long, len(answer.body) <= 64 * 1024, ended.wait(5)) == (200, True, True, True)


def test_a_large_body_is_read_to_the_bound(ask: Callable[..., Asked]) -> None:
    answer = ask(answering(start(), body(b"x" * (3 * 1024 * 1024))))()
    assert (answer.status, answer.long, len(answer.body)) == (200, True, 1024 * 1024)


def test_a_lifespan_is_started_before_and_stopped_after(ask: Callable[..., Asked]) -> None:
    steps: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send(start())
            await send(body(scope["state"]["db"]))
            return
        scope["state"]["db"] = b"open"
        for step in ("startup", "shutdown"):
            steps.append((await receive())["type"])
            await send({"type": f"lifespan.{step}.complete"})

    service = Asgi(app, "shop:app")
    service.start()
    answer = Asked(service)()
    service.stop()
    assert (answer.body, steps) == (b"open", ["lifespan.startup", "lifespan.shutdown"])


def test_an_application_that_cannot_start_says_why_and_where() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "Traceback\nno database"})
        raise OSError("no database at postgres://me:hunter2@db")

    service = Asgi(app, "shop:app")
    with pytest.raises(ProbeError) as caught:
        service.start()
    service.stop()
    line = app.__code__.co_firstlineno + 3
    told = f"shop:app did not start: OSError: no database at postgres://***@db (tests/unit/test_apps_calls.py:{line})"
    assert caught.value.line() == told


def wsgi(status: str = "200 OK", headers: Any = (), parts: Any = (b"ok",)) -> Any:
    def app(environ: Any, start_response: Any) -> Any:
        start_response(status, list(headers))
        return parts

    return app


def test_a_wsgi_application_sees_the_request_as_servers_give_it(ask: Callable[..., Asked]) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        start_response("201 Created", [("Content-Type", "application/json")])
        names = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE", "CONTENT_LENGTH", "HTTP_X_KEY", "HTTP_HOST")
        seen = {name: environ[name] for name in names}
        return [json.dumps({**seen, "body": environ["wsgi.input"].read().decode()}).encode()]

    answer = ask(app, make=Wsgi)("/a%2Fb?c=d", "PUT", b"{}", **{"Content-Type": "application/json", "X-Key": "k"})
    assert answer.status == 201
    assert json.loads(answer.body) == {
        "REQUEST_METHOD": "PUT",
        "PATH_INFO": "/a/b",
        "QUERY_STRING": "c=d",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": "2",
        "HTTP_X_KEY": "k",
        "HTTP_HOST": "localhost",
        "body": "{}",
    }


def fails(error: BaseException) -> Any:
    def app(environ: Any, start_response: Any) -> Any:
        raise error

    return app


@pytest.mark.parametrize(
    "app",
    [
        fails(KeyError("id")),
        fails(SystemExit(1)),
        lambda environ, start_response: [b"no start"],
        lambda environ, start_response: None,
        wsgi("abc"),
        wsgi("100 Continue"),
        wsgi(headers=[("a", "b\r\nc")]),
        wsgi(parts=["text"]),
    ],
)
def test_what_leaves_a_wsgi_application_is_a_500(ask: Callable[..., Asked], app: Any) -> None:
    asked = ask(app, make=Wsgi)
    assert [said(asked()) for _ in range(2)] == [BROKEN, BROKEN]


def test_a_wsgi_application_that_loses_its_client_answers_nothing(ask: Callable[..., Asked]) -> None:
    answer = ask(fails(ConnectionResetError()), make=Wsgi)()
    assert (answer.status, answer.failure) == (None, "dropped")


def test_a_wsgi_application_that_hangs_meets_the_deadline(ask: Callable[..., Asked]) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        if environ["PATH_INFO"] == "/hangs":
            GATE.wait(30)
        return wsgi()(environ, start_response)

    asked = ask(app, timeout=0.05, make=Wsgi)
    assert [(one.status, one.failure) for one in (asked("/hangs"), asked("/"))] == [(None, "timeout"), (200, "")]


def test_a_wsgi_stream_without_end_is_read_within_bounds_and_closed(ask: Callable[..., Asked]) -> None:
    closed = threading.Event()

    def parts() -> Iterator[bytes]:
        try:
            while True:
                yield b"x" * 65536
        finally:
            closed.set()

    answer = ask(wsgi(parts=parts()), make=Wsgi)()
    assert (answer.status, answer.long, len(answer.body), closed.wait(5)) == (200, True, 1024 * 1024, True)


def test_a_wsgi_application_may_change_its_mind_before_it_sends(ask: Callable[..., Asked]) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [])
        try:
            raise ValueError("no")
        except ValueError:
            start_response("503 Down", [("Content-Type", "text/plain")], sys.exc_info())
        return [b"down"]

    assert said(ask(app, make=Wsgi)()) == (503, "text/plain", b"down")


@pytest.mark.parametrize(
    ("method", "headers", "error"),
    [
        ("GET /", {}, "InvalidURL"),
        ("", {}, "InvalidURL"),
        ("GET", {"A": "b\nc"}, "ValueError"),
        ("GET", {"A": "\0"}, "ValueError"),
    ],
)
def test_what_no_client_can_send_is_not_sent(method: str, headers: dict[str, str], error: str) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011 -- two kinds
        call_of(method, "/", headers, None)
    assert type(caught.value).__name__ == error


def test_a_target_is_left_as_it_is_where_it_can_be_sent() -> None:
    targets = ("/a/../b?c=d&e=%2F", "/a%2e%2e/%zz", "/a b/\u00fc?x=[1]#", "//a?b?c")
    assert [call_of("GET", target, {}, None).target for target in targets] == [
        "/a/../b?c=d&e=%2F",
        "/a%252E%252E/%25zz",
        "/a%20b/%C3%BC?x=%5B1%5D%23",
        "//a?b?c",
    ]
    assert Call("GET", "/a?key=secret", ()).name == "GET /a"
