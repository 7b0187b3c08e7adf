"""What goes over the wire, and what is made of answers that are none; no clock but a counted one."""

from __future__ import annotations

import os
import socket
import sys
import threading
from contextlib import suppress
from typing import Any

import pytest

import errlint
from errlint.model.exchange import Request
from errlint.model.record import replace
from errlint.probe.options import Options
from errlint.probe.wire.failure import failure
from errlint.probe.wire.sender import LARGEST, LARGEST_STREAM, Sender
from tests.services.lax import Reply, Seen, answer, lax, wire

RESET = b"\1\0\0\0\0\0\0\0"


def options(url: str, **members: object) -> Options:
    return replace(Options(url), **members) if members else Options(url)


def raw_requests(*requests: Request) -> list[bytes]:
    """The first lines and headers of requests as a socket reads them."""
    seen: list[bytes] = []

    def talk(connection: socket.socket, asked: bytes, number: int) -> None:
        seen.append(asked)
        answer(connection)

    with wire(talk) as url:
        sender = Sender(Options(url))
        for request in requests:
            assert sender.send(replace(request, url=url + request.url)).status == 200
        sender.close()
    return seen


@pytest.mark.parametrize("path", ["/v1/models/%2E%2E%2F", "/v1/%FF", "/a/../b", "/a//b", "/a?b=%2F&c=d%20e", "/~x/%7Ey"])
def test_a_path_goes_out_as_it_is(path: str) -> None:
    (asked,) = raw_requests(Request("GET", path))
    assert asked.splitlines()[0] == f"GET {path} HTTP/1.1".encode()


@pytest.mark.parametrize("method", ["GET", "HEAD", "TRACE", "ERRLINT", "OPTIONS", "DELETE", "PATCH"])
def test_a_method_goes_out_as_it_is(method: str) -> None:
    (asked,) = raw_requests(Request(method, "/x"))
    assert asked.startswith(method.encode() + b" /x HTTP/1.1\r\n")


def test_headers_are_ours_and_nobody_elses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with lax() as (url, seen):
        Sender(Options(url)).send(Request("GET", url + "/x", (("Accept", "a/b"),)))
    assert set(seen[0].headers) - {"host", "accept-encoding"} == {"accept", "user-agent", "x-errlint-run"}
    assert seen[0].headers["user-agent"] == f"errlint/{errlint.__version__}"
    assert len(seen[0].headers["x-errlint-run"]) == 12


def test_a_netrc_file_gives_no_credentials(tmp_path: os.PathLike[str], monkeypatch: pytest.MonkeyPatch) -> None:
    file = os.path.join(tmp_path, "netrc")
    with open(file, "w", encoding="utf-8") as out:
        out.write("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", file)
    with lax() as (url, seen):
        Sender(Options(url)).send(Request("GET", url + "/x"))
    assert "authorization" not in seen[0].headers


def test_the_request_is_kept_as_it_was_sent() -> None:
    with lax() as (url, seen):
        got = Sender(Options(url, seed=3)).send(Request("POST", url + "/x", (("A", "b"),), b"\x00\xff"))
    assert (seen[0].body, got.request.body) == (b"\x00\xff", b"\x00\xff")
    assert {name.lower(): value for name, value in got.request.headers}.items() <= seen[0].headers.items()


def test_an_empty_body_is_announced_and_no_body_is_not() -> None:
    empty, none = raw_requests(Request("POST", "/x", (), b""), Request("GET", "/x"))
    assert b"Content-Length: 0\r\n" in empty
    assert b"content-length" not in none.lower()


def test_cookies_of_an_answer_are_not_sent_back() -> None:
    with lax(lambda seen: (200, {"Set-Cookie": "a=b"}, b"")) as (url, seen):
        sender = Sender(Options(url))
        for _ in range(2):
            sender.send(Request("GET", url + "/x"))
    assert "cookie" not in seen[1].headers


def test_a_redirect_is_an_answer() -> None:
    with lax(lambda seen: (302, {"Location": "http://127.0.0.1:1/other"}, b"moved")) as (url, seen):
        got = Sender(Options(url)).send(Request("GET", url + "/x"))
    assert (got.status, got.headers["location"], got.body, len(seen)) == (302, "http://127.0.0.1:1/other", b"moved", 1)


def test_a_body_is_read_up_to_a_bound() -> None:
    with lax(lambda seen: (200, {}, b"x" * (LARGEST + 500_000))) as (url, _):
        assert len(Sender(Options(url)).send(Request("GET", url + "/x")).body) == LARGEST


def test_an_endless_event_stream_is_read_up_to_a_bound() -> None:
    def talk(connection: socket.socket, asked: bytes, number: int) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        while True:
            connection.sendall(b"data: {}\n\n" * 1000)

    with wire(talk) as url:
        got = Sender(Options(url)).send(Request("GET", url + "/x"))
    assert (got.status, len(got.body)) == (200, LARGEST_STREAM)


def test_a_silent_event_stream_keeps_what_came() -> None:
    def talk(connection: socket.socket, asked: bytes, number: int) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        connection.sendall(b"a\r\ndata: {}\n\n\r\n")
        connection.recv(1)

    with wire(talk) as url:
        got = Sender(options(url, timeout=0.5)).send(Request("GET", url + "/x"))
    assert (got.status, got.body) == (200, b"data: {}\n\n")


def test_a_body_that_is_cut_short_is_kept() -> None:
    def talk(connection: socket.socket, asked: bytes, number: int) -> None:
        connection.sendall(b"HTTP/1.1 500 No\r\nContent-Length: 100\r\n\r\nabc")

    with wire(talk) as url:
        got = Sender(Options(url)).send(Request("GET", url + "/x"))
    assert (got.status, got.body) == (500, b"abc")


def drop(connection: socket.socket, asked: bytes, number: int) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


def close(connection: socket.socket, asked: bytes, number: int) -> None:
    """Ends without an answer."""


def hang(connection: socket.socket, asked: bytes, number: int) -> None:
    connection.recv(1)


@pytest.mark.parametrize(
    ("talk", "failure", "why"),
    [
        (drop, "dropped", "connection reset by peer"),
        (close, "dropped", "remote end closed connection without response"),
        (hang, "timeout", "no answer in time"),
    ],
)
def test_no_answer_has_a_kind_and_a_reason(talk: object, failure: str, why: str) -> None:
    with wire(talk) as url:  # type: ignore[arg-type]
        got = Sender(options(url, timeout=0.2)).send(Request("GET", url + "/x"))
    assert (got.status, got.failure, got.why) == (None, failure, why)


def endless(connection: socket.socket, asked: bytes, number: int) -> None:
    while True:
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


def drip(first: bytes) -> Any:
    """Sends a byte whenever the client was silent for a moment, for ever."""

    def talk(connection: socket.socket, asked: bytes, number: int) -> None:
        connection.sendall(first)
        connection.settimeout(0.02)
        while True:
            with suppress(TimeoutError):
                if not connection.recv(1):
                    return
            connection.sendall(b"b")

    return talk


@pytest.mark.parametrize("talk", [endless, drip(b"HTTP/1.1 400 No\r\nA: ")])
def test_a_head_without_end_is_a_timeout(talk: Any) -> None:
    threads = threading.active_count()
    with wire(talk) as url:
        got = Sender(options(url, timeout=0.3)).send(Request("GET", url + "/x"))
        assert threading.active_count() == threads + 1  # the server's
    assert (got.status, got.failure, got.why) == (None, "timeout", "no answer in time")


def test_a_body_without_end_is_kept_as_far_as_it_came() -> None:
    chunked = b"HTTP/1.1 400 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n1;"
    with wire(drip(chunked)) as url:
        got = Sender(options(url, timeout=0.3)).send(Request("GET", url + "/x"))
    assert (got.status, got.body) == (400, b"{}")


@pytest.mark.parametrize("line", [b"good-Token-123\r\n\r\n", b"HTTP/1.1 good-Token-123 X\r\n\r\n", b"HTTP/9.9 good 1\r\n\r\n"])
def test_what_is_no_http_is_not_quoted(line: bytes) -> None:
    with wire(lambda connection, asked, number: connection.sendall(line)) as url:
        sender = Sender(Options(url, (("Authorization", "Bearer good-Token-123"),)))
        got = sender.send(Request("GET", url + "/x"))
    assert (got.status, got.failure, got.why) == (None, "garbled", "what came is no HTTP")


def test_secrets_are_masked_before_words_are_changed() -> None:
    error = OSError(1, "x" * 190 + " SECRET-Token-123 y")
    assert failure(error, ("SECRET-Token-123",)) == ("dropped", "x" * 190 + " *** y")


def test_what_cannot_be_encoded_is_refused_by_the_client() -> None:
    with lax() as (url, seen):
        got = Sender(Options(url)).send(Request("GET", url + "/x", (("X-\u4e00", "c"),)))
    assert (got.failure, got.why) == ("refused-by-client", "its address or a header holds characters that cannot be sent")
    assert seen == []


@pytest.mark.skipif(sys.platform == "win32", reason="the words are those of POSIX")
def test_nobody_there_is_unreachable() -> None:
    got = Sender(Options("http://127.0.0.1:1")).send(Request("GET", "http://127.0.0.1:1/x"))
    assert (got.status, got.failure, got.why) == (None, "unreachable", "connection refused")


def test_a_header_that_cannot_be_sent_is_our_own_failure() -> None:
    got = Sender(Options("http://127.0.0.1:1")).send(Request("GET", "http://127.0.0.1:1/x", (("A\nB", "c"),)))
    assert got.status is None


def test_a_kept_connection_that_the_server_closed_is_tried_once_more() -> None:
    counts = {"answers": 0}

    def talk(connection: socket.socket, asked: bytes, number: int) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        counts["answers"] += 1
        if number == 0:
            connection.recv(65536)  # the next request, which it leaves unanswered

    with wire(talk) as url:
        sender = Sender(Options(url))
        assert [sender.send(Request("GET", url + "/x")).status for _ in range(2)] == [200, 200]
        sender.close()
    assert counts["answers"] == 2


def test_a_real_write_is_not_sent_twice() -> None:
    """It gets a connection of its own: one that was kept might be closed, and its loss would ask for a second try."""
    asked: list[bytes] = []

    def talk(connection: socket.socket, first: bytes, number: int) -> None:
        asked.append(first.partition(b" ")[0])
        if number == 0:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            connection.recv(65536)

    with wire(talk) as url:
        sender = Sender(options(url, writes="allowed"))
        sender.send(Request("GET", url + "/x"))
        got = sender.send(Request("POST", url + "/x", (), b"{}", writes=True))
        sender.close()
    assert (got.failure, asked) == ("dropped", [b"GET", b"POST"])


class Clock:
    """Time that only passes by sleeping."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds


@pytest.mark.parametrize(("rate", "slept"), [(None, []), (10.0, [0.1, 0.1]), (float("inf"), [])])
def test_the_rate_is_kept_by_sleeping(rate: float | None, slept: list[float]) -> None:
    clock = Clock()
    with lax() as (url, _):
        sender = Sender(options(url, rate=rate), clock=clock, sleep=clock.sleep)
        for _ in range(3):
            sender.send(Request("GET", url + "/x"))
    assert clock.slept == slept


def test_head_reads_no_body() -> None:
    def reply(seen: Seen) -> Reply:
        return 404, {"Content-Type": "application/json"}, b"{}"

    with lax(reply) as (url, _):
        got = Sender(Options(url)).send(Request("HEAD", url + "/x"))
    assert (got.status, got.body, got.headers["content-type"]) == (404, b"", "application/json")
