"""The answers of every client, read and watched: real clients, real applications."""

from __future__ import annotations

import asyncio
import copy
import io
import itertools
import json
from email.message import Message
from types import SimpleNamespace
from typing import Any

import aiohttp
import httpx
import httpx2
import pytest
import requests
import urllib3
import werkzeug.test
from aiohttp import web
from aiohttp.test_utils import TestClient as TestServerClient
from aiohttp.test_utils import TestServer
from fastapi.testclient import TestClient
from requests.adapters import HTTPAdapter
from starlette.responses import JSONResponse

from errlint.model.exchange import Request
from errlint.testing.adapters import Exchange, UnreadableError, exchange_of
from errlint.testing.templates import guessed, of_params, of_routes
from errlint.testing.watch import Watch
from tests.unit.pytest_clients import GONE, fast_app, flask_app, served, set_django_up

set_django_up()

from django.test import AsyncClient, Client  # noqa: E402
from rest_framework.test import APIClient, APIRequestFactory  # noqa: E402


@pytest.fixture(scope="module")
def url() -> Any:
    with served() as base:
        yield base


def in_short(exchange: Exchange) -> tuple[str, str, int, Any, str]:
    """Method, path, status, body as data, media type."""
    assert exchange.request is not None
    path = httpx.URL(exchange.request.url).raw_path.decode()
    return exchange.request.method, path, exchange.status, json.loads(exchange.body), exchange.headers["content-type"]


def of_aiohttp(url: str) -> Any:
    async def ask() -> Any:
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            await response.read()
            return response

    return asyncio.run(ask())


CLIENTS = {
    "requests": lambda url: requests.get(f"{url}/models/7?a=b", timeout=9),
    "httpx": lambda url: httpx.get(f"{url}/models/7?a=b"),
    "httpx2": lambda url: httpx2.get(f"{url}/models/7?a=b"),
    "aiohttp": lambda url: of_aiohttp(f"{url}/models/7?a=b"),
    "werkzeug": lambda url: werkzeug.test.Client(flask_app.wsgi_app).get("/models/7?a=b"),
    "flask": lambda url: flask_app.test_client().get("/models/7?a=b"),
}


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_gives_the_exchange(name, url):
    assert in_short(exchange_of(CLIENTS[name](url))) == ("GET", "/models/7?a=b", 404, GONE, "application/json")


def test_starlettes_client_gives_the_exchange():
    found = exchange_of(TestClient(fast_app).get("/v1/models/7?a=b"))
    assert in_short(found) == ("GET", "/v1/models/7?a=b", 404, GONE, "application/json")


@pytest.mark.parametrize("client", [Client(), APIClient()], ids=["django", "rest"])
def test_djangos_clients_give_the_exchange_and_its_route(client):
    found = exchange_of(client.get("/models/7/?a=b", headers={"X-Trace": "1"}))
    assert (in_short(found), found.template) == (("GET", "/models/7/?a=b", 404, GONE, "application/json"), "/models/{pk}/")
    assert dict(found.request.headers)["X-Trace"] == "1"


def test_djangos_asynchronous_client_gives_the_exchange():
    found = exchange_of(asyncio.run(AsyncClient().get("/models/7/?a=b")))
    assert (in_short(found), found.template) == (("GET", "/models/7/?a=b", 404, GONE, "application/json"), "/models/{pk}/")


def test_an_answer_to_no_route_of_django_is_stray():
    assert exchange_of(Client().get("/nowhere")).template == ""


def test_what_was_sent_is_part_of_the_exchange(url):
    answer = requests.post(f"{url}/models/7", json={"a": 1}, headers={"Authorization": "Bearer s3cret-token"}, timeout=9)
    request = exchange_of(answer).request
    assert (request.method, request.body) == ("POST", b'{"a": 1}')
    assert dict(request.headers)["Authorization"] == "Bearer s3cret-token"
    assert exchange_of(flask_app.test_client().post("/models/7", data=b"abc")).request.body == b"abc"
    assert exchange_of(TestClient(fast_app).post("/v1/models/7", content=b"abc")).request.body == b"abc"


def test_a_response_without_a_request_is_an_exchange_without_one():
    assert exchange_of(JSONResponse({"a": 1}, 409)) == Exchange(
        409, {"content-length": "7", "content-type": "application/json"}, b'{"a":1}'
    )
    assert exchange_of(httpx.Response(409, content=b"x")) == Exchange(409, {"content-length": "1"}, b"x")


def test_headers_of_one_name_are_one():
    answer = httpx.Response(401, headers=[("WWW-Authenticate", "Basic"), ("WWW-Authenticate", "Bearer")])
    assert exchange_of(answer).headers["www-authenticate"] == "Basic, Bearer"


def test_a_stream_that_nobody_read_is_read(url):
    with httpx.Client() as client, client.stream("GET", f"{url}/models/7") as answer:
        assert json.loads(exchange_of(answer).body) == GONE


async def unread_stream() -> Any:
    transport = httpx.ASGITransport(app=fast_app)
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://x") as client,
        client.stream("GET", "/v1/models/7") as answer,
    ):
        return exchange_of(answer)


def unrendered() -> Any:
    from rest_framework.decorators import api_view
    from rest_framework.response import Response

    return exchange_of(api_view()(lambda request: Response({}, 404))(APIRequestFactory().get("/")))


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (
            lambda: exchange_of({"status": 404}),
            "builtins.dict is no response that errlint knows: pass one of requests, httpx, a",
        ),
        (lambda: exchange_of(None), "builtins.NoneType is no response that errlint knows"),
        (unrendered, "the response is not rendered: call response.render() first"),
        (lambda: asyncio.run(unread_stream()), "the body was not read: await response.aread() first"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(made, why):
    with pytest.raises(UnreadableError) as raised:
        made()
    assert str(raised.value).startswith(why)


@pytest.mark.parametrize(
    ("url", "params", "template"),
    [
        ("http://x/models/7", {"id": 7}, "/models/{id}"),
        ("http://x/models/7/", {"id": "7"}, "/models/{id}/"),
        ("http://x/a/7/b/7", {"first": 7, "second": 7}, "/a/{second}/b/{first}"),
        ("http://x/files/a/b%20c", {"path": "a/b c"}, "/files/{path}"),
        ("http://x/models/7", {}, "/models/7"),
        ("http://x", {}, "/"),
    ],
)
def test_the_values_that_a_router_took_are_placeholders(url, params, template):
    assert of_params(url, params) == template


@pytest.mark.parametrize(
    ("url", "template"),
    [
        ("http://x/v1/models/7", "/v1/models/{id}"),
        ("http://x/jobs/7c9e6679-7425-40de-944b-e07fc1f90ae7/log", "/jobs/{id}/log"),
        ("http://x/orders/ord_9fK2mQ81xZ", "/orders/{id}"),
        ("http://x/feature-store/groups", "/feature-store/groups"),
        ("http://[x/models", "/"),
    ],
)
def test_where_nobody_knows_the_routes_ids_are_known_by_their_look(url, template):
    assert guessed(url) == template


class Watched:
    """What a watch sees, as (method, path, status, template)."""

    def __init__(self, *hosts: str) -> None:
        self.seen: list[tuple[str, str, int, str | None]] = []
        self.watch = Watch(self.see, hosts)

    def see(self, response: Any, exchange: Exchange) -> None:
        request = exchange.request or Request("", "")
        self.seen.append((request.method, httpx.URL(request.url).path, exchange.status, exchange.template))

    def __enter__(self) -> Watched:
        self.watch.start()
        return self

    def __exit__(self, *told: Any) -> None:
        self.watch.stop()


def test_a_watch_sees_the_answers_of_an_application_with_their_routes():
    with Watched() as watched, TestClient(fast_app) as client:
        client.get("/v1/models/7")
        client.get("/v1/models/x")
        client.get("/nowhere")
        client.delete("/v1/models/7")
        flask_app.test_client().get("/models/7")
        flask_app.test_client().get("/models/x")
        flask_app.test_client().post("/models/7")
        Client().get("/models/7/")
        APIClient().get("/nowhere")
    assert watched.seen == [
        ("GET", "/v1/models/7", 404, "/v1/models/{id}"),
        ("GET", "/v1/models/x", 422, "/v1/models/{id}"),
        ("GET", "/nowhere", 404, ""),
        ("DELETE", "/v1/models/7", 405, ""),
        ("GET", "/models/7", 404, "/models/{pk}"),
        ("GET", "/models/x", 404, ""),
        ("POST", "/models/7", 405, ""),
        ("GET", "/models/7/", 404, "/models/{pk}/"),
        ("GET", "/nowhere", 404, ""),
    ]


def test_a_watch_sees_asynchronous_clients():
    async def ask() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=fast_app), base_url="http://test") as client:
            await asyncio.gather(client.get("/v1/models/7"), client.get("/v1/models/8"))
        await AsyncClient().get("/models/7/")

    with Watched() as watched:
        asyncio.run(ask())
    assert sorted(watched.seen) == [
        ("GET", "/models/7/", 404, "/models/{pk}/"),
        ("GET", "/v1/models/7", 404, "/v1/models/{id}"),
        ("GET", "/v1/models/8", 404, "/v1/models/{id}"),
    ]


def test_a_watch_sees_aiohttp_s_test_client_and_its_sessions(url):
    async def gone(request: web.Request) -> web.Response:
        return web.json_response(GONE, status=404)

    async def ask() -> Any:
        app = web.Application()
        app.add_routes([web.get("/models", gone), web.get("/models/{pk}", gone)])
        async with TestServerClient(TestServer(app)) as client, aiohttp.ClientSession() as session:
            await client.get("/models")
            answer = await client.get("/models/7")
            await client.put("/models/7")
            await client.get("/nowhere")
            await session.get(f"{url}/models/7")
            return await answer.json()

    with Watched() as watched:
        assert asyncio.run(ask()) == GONE
    assert watched.seen == [
        ("GET", "/models", 404, "/models"),
        ("GET", "/models/7", 404, "/models/{pk}"),
        ("PUT", "/models/7", 405, ""),
        ("GET", "/nowhere", 404, ""),
        ("GET", "/models/7", 404, None),
    ]


def test_a_test_client_s_answers_are_the_application_s_whatever_host_it_writes():
    class Wire(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(404, json=GONE)

    class Litestars(httpx.Client):
        pass

    Litestars.__module__ = "litestar.testing.client.sync_client"
    with Watched() as watched, Litestars(transport=Wire(), base_url="http://testserver.local") as client:
        client.get("/models/7")
    assert (watched.seen, watched.watch.elsewhere) == ([("GET", "/models/7", 404, None)], {})


def test_a_route_is_the_plain_path_before_the_one_with_a_placeholder():
    found = [of_routes(fast_app, f"http://test{path}") for path in ("/v1/chain", "/v1/models/7", "/v1/models/7/x")]
    assert found == ["/v1/chain", "/v1/models/{id}", ""]


def test_what_an_application_asks_of_others_is_not_its_answer():
    with Watched() as watched:
        TestClient(fast_app).get("/v1/chain")
        flask_app.test_client().get("/chain")
    assert watched.seen == [("GET", "/v1/chain", 502, "/v1/chain"), ("GET", "/chain", 502, "/chain")]


def test_over_a_network_this_machine_and_named_hosts_count(url):
    answered = httpx.HTTPTransport()
    answered.handle_request = lambda request: httpx.Response(404, json=GONE, request=request)  # type: ignore[method-assign]
    with Watched("https://api.example.org/v1") as watched, httpx.Client(transport=answered) as client:
        requests.get(f"{url}/models/7", timeout=9)
        httpx.get(f"{url}/models/8")
        httpx2.get(f"{url}/models/9")
        client.get("https://api.example.org/v1/models/7")
        client.get("https://payments.example.com/cards")
    paths = ("/models/7", "/models/8", "/models/9", "/v1/models/7")
    assert watched.seen == [("GET", path, 404, None) for path in paths]
    assert watched.watch.elsewhere == {"payments.example.com": 1}


def test_a_mock_of_httpx_is_no_service():
    with Watched() as watched, httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(500))) as client:
        client.get("http://localhost/")
    assert watched.seen == []


def test_what_is_mocked_on_this_machine_is_another_service(monkeypatch):
    def answered(adapter: HTTPAdapter, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        body = urllib3.HTTPResponse(
            io.BytesIO(b"{}"),
            status=404,
            preload_content=False,
            original_response=SimpleNamespace(msg=Message(), isclosed=lambda: True),
        )
        return adapter.build_response(request, body)

    monkeypatch.setattr(HTTPAdapter, "send", answered)  # as responses does, respx the next
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", lambda transport, request: httpx.Response(404, json=GONE))
    with Watched() as watched:
        assert requests.get("http://localhost:9200/_search", timeout=9).status_code == 404
        assert httpx.get("http://127.0.0.1:8080/users/7").status_code == 404
    assert (watched.seen, dict(watched.watch.faults)) == ([], {})


def test_a_client_whose_application_is_looked_at_can_be_copied():
    client = TestClient(fast_app)
    with Watched():
        client.get("/v1/models/7")
        assert copy.copy(client._transport.app).app is fast_app


def test_a_stream_stays_the_tests_own(url):
    with Watched() as watched:
        answer = requests.get(f"{url}/models/7", stream=True, timeout=9)
        assert json.loads(answer.raw.read()) == GONE
    assert (watched.seen, dict(watched.watch.unread)) == ([], {"it is a stream that the test reads itself": 1})


def test_a_streamed_error_comes_to_the_test_as_it_was_sent_and_one_without_end_is_not_read():
    made: list[int] = []

    def parts(environ: Any, start_response: Any) -> Any:
        start_response("503 Down", [("Content-Type", "application/json")])
        if environ["PATH_INFO"] == "/short":
            return (part for part in (b'{"error":', b"1}"))
        return (made.append(number) or b"x" for number in itertools.count())

    client = werkzeug.test.Client(parts)
    with Watched() as watched:
        short, endless = client.get("/short"), client.get("/endless")
        assert (short.is_streamed, list(short.iter_encoded())) == (True, [b'{"error":', b"1}"])
        assert [next(iter(endless.response)) for _ in range(3)] == [b"x"] * 3
    assert len(made) < 99
    assert [one[1] for one in watched.seen] == ["/short"]


def test_after_a_watch_all_is_as_it_was():
    client = TestClient(fast_app)
    owners = [(httpx.Client, "send"), (httpx2.AsyncClient, "send"), (requests.Session, "send"), (werkzeug.test.Client, "open")]
    owners += [(Client, "request"), (AsyncClient, "request")]
    before = [owner.__dict__[name] for owner, name in owners] + [client._transport.app]
    with Watched():
        client.get("/v1/models/7")
        assert [owner.__dict__[name] for owner, name in owners] != before[:-1]
    assert [owner.__dict__[name] for owner, name in owners] + [client._transport.app] == before


def test_what_somebody_else_wrapped_meanwhile_is_left_to_them(monkeypatch):
    with Watched() as watched:
        ours = requests.Session.send
        monkeypatch.setattr(requests.Session, "send", lambda *given, **named: ours(*given, **named))
        theirs = requests.Session.send
    assert requests.Session.send is theirs
    with pytest.raises(requests.ConnectionError):
        requests.get("http://127.0.0.1:9/", timeout=9)
    assert watched.seen == []


def test_a_fault_of_ours_fails_no_test():
    def broken(response: Any, exchange: Exchange) -> None:
        raise LookupError("no such thing")

    watch = Watch(broken)
    watch.start()
    try:
        assert flask_app.test_client().get("/models/7").status_code == 404
    finally:
        watch.stop()
    assert watch.faults == {"LookupError: no such thing": 1}


def test_an_error_of_the_application_comes_through_as_it_is():
    failing = werkzeug.test.Client(lambda environ, start: 1 / 0)
    with Watched() as watched, pytest.raises(ZeroDivisionError):
        failing.get("/")
    assert (watched.seen, dict(watched.watch.faults)) == ([], {})
