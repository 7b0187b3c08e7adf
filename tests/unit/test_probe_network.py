"""Faults of the network: each ends in a finding, a note or one line, and what was seen before stays."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from errlint import api
from errlint.errors import ProbeError
from errlint.load.source import load
from errlint.model.finding import Report
from errlint.probe.observe import observe
from errlint.probe.options import Options
from tests.services.lax import Reply, Seen, answer, document, lax, problem, spec_of, wire
from tests.services.tls import tls_service

RESPONSES = {"200": {"description": ""}, "404": {"description": ""}}
IDENTIFIER = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
DOCUMENT = document(
    {
        "/things": {"get": {"responses": RESPONSES}},
        "/things/{id}": {"get": {"parameters": [IDENTIFIER], "responses": RESPONSES}},
    },
    security=[],
)

HEAD = b"HTTP/1.1 404 No\r\nContent-Type: application/json\r\nConnection: close\r\n"


def probed(url: str, **members: Any) -> Report:
    options = Options(url, **{"generated": False, "timeout": 2.0, "concurrency": 1, **members})
    return api.probe(load(json.dumps(DOCUMENT).encode(), "openapi.json"), options)


def told(report: Report) -> list[tuple[str, str, str]]:
    return [(one.rule, str(one.severity), one.message) for one in report.findings if one.rule not in ("COV011", "SEC006")]


def only_for(mark: bytes, bad: Callable[[socket.socket], None]) -> Callable[[socket.socket, bytes, int], None]:
    """A service that answers all requests properly but those that hold a mark."""

    def talk(connection: socket.socket, asked: bytes, number: int) -> None:
        line = asked.partition(b"\r\n")[0]
        if mark in line:
            bad(connection)
        else:
            answer(connection, 200 if line.startswith(b"GET /things HTTP") else 404)

    return talk


def drip(connection: socket.socket) -> None:
    """One byte whenever the client was silent for a moment."""
    connection.sendall(HEAD + b"Content-Length: 1000\r\n\r\n")
    connection.settimeout(0.05)
    while True:
        with suppress(TimeoutError):
            if not connection.recv(1):
                return
        connection.sendall(b"x")


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (
            lambda connection: connection.sendall(HEAD + b"Content-Length: 100\r\n\r\nabc"),
            "the body of the answer ended early: 3 of 100 bytes came (malformed-id)",
        ),
        (
            lambda connection: connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc"),
            "the body of the answer ended early: its chunks are broken after 0 bytes (malformed-id)",
        ),
        (
            lambda connection: connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
            "the body of the answer ended early: its chunks are broken after 3 bytes (malformed-id)",
        ),
        (
            lambda connection: connection.sendall(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"),
            "the body of the answer ended early: it cannot be decoded as its Content-Encoding says (malformed-id)",
        ),
        (lambda connection: None, "the connection was closed without an answer (malformed-id)"),
        (
            lambda connection: connection.sendall(b"nonsense\r\n\r\n"),
            "the connection was closed without an answer (malformed-id)",
        ),
    ],
    ids=["reset mid-body", "no chunk", "half of the chunks", "no gzip", "dropped", "no HTTP"],
)
def test_an_answer_that_is_not_whole_is_one_finding(bad: Callable[[socket.socket], None], message: str) -> None:
    with wire(only_for(b"/zz", bad)) as url:
        report = probed(url)
    assert told(report) == [("HTP009", "error", message)]
    assert report.findings[0].reproduced == "2 of 2"


def test_a_slow_body_is_one_finding() -> None:
    with wire(only_for(b"/zz", drip)) as url:
        report = probed(url, timeout=0.5)
    ((rule, severity, message),) = told(report)
    assert (rule, severity) == ("HTP009", "error")
    assert message.startswith("the body of the answer ended early: it did not end in time: ")


def test_a_hang_on_what_must_be_refused_is_a_finding() -> None:
    with wire(only_for(b"/zz", lambda connection: connection.recv(1) and None)) as url:
        report = probed(url, timeout=0.3)
    assert told(report) == [("HTP009", "error", "no answer within 0.3 s (malformed-id)")]


def test_more_bytes_than_the_content_length_spoil_no_other_answer() -> None:
    def reply(connection: socket.socket, asked: bytes, number: int) -> None:
        status = 200 if asked.startswith(b"GET /things HTTP") else 404
        head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n"
        connection.sendall(head.encode() + b'{"error": "more than it says"}')

    with wire(reply) as url:
        report = probed(url)
    cut = "the body is no JSON, the Content-Type says application/json: Unterminated string starting (line 1 column 2)"
    assert told(report) == [("ENV011", "error", cut)]
    assert not [one for one in report.findings if one.rule == "HTP009"]


def test_a_body_of_a_hundred_megabytes_is_not_read_to_its_end() -> None:
    piece = b"x" * 2**20

    def reply(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"Content-Length: 104857600\r\n\r\n")
        for _ in range(100):
            connection.sendall(piece)

    with wire(only_for(b"/zz", reply)) as url:
        report = probed(url)
    assert told(report) == []
    assert "GET /things/{id}: an answer is too long to be read: only its status was judged" in report.notes


def test_redirects_without_end_are_a_note() -> None:
    def reply(seen: Seen) -> Reply:
        if "/zz" in seen.path:
            return 302, {"Location": "/zz"}, b""
        return (200, {"Content-Type": "application/json"}, b"[]") if seen.path == "/things" else problem(404)

    with lax(reply) as (url, seen):
        report = probed(url)
    assert "GET /things/{id}: 5 redirects led nowhere (malformed-id)" in report.notes
    assert len([one for one in seen if one.path == "/zz"]) <= 14


def test_a_redirect_to_another_host_is_not_followed_and_one_on_the_same_host_is() -> None:
    def reply(seen: Seen) -> Reply:
        if seen.path == "/things":
            return 307, {"Location": "/elsewhere"}, b""
        if "/zz" in seen.path:
            return 302, {"Location": "http://203.0.113.9/login"}, b""
        return problem(404)

    with lax(reply) as (url, seen):
        report = probed(url)
    assert "GET /things/{id}: a redirect to 203.0.113.9 was not followed" in report.notes
    assert "/elsewhere" in {one.path for one in seen}


def test_a_fault_that_does_not_come_back_is_a_note() -> None:
    answered = {"left": 1}

    def reply(seen: Seen) -> Reply:
        if "/zz" in seen.path and answered["left"]:
            answered["left"] -= 1
            return problem(502)
        return (200, {"Content-Type": "application/json"}, b"[]") if seen.path == "/things" else problem(404)

    with lax(reply) as (url, _):
        report = probed(url)
    (finding,) = [one for one in report.findings if one.rule == "HTP008"]
    assert (str(finding.severity), finding.reproduced) == ("note", "1 of 2")
    told = "a value in the path that breaks its schema was answered 502: the fault is the client's"
    assert finding.message == f"{told}; sent again, it was not seen (flaky)"
    assert report.outcome == "clean"


def test_a_service_that_restarts_in_the_middle_loses_nothing() -> None:
    """It goes away after the third answer, and is back after the first pause."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    state: dict[str, Any] = {"listener": listener, "answers": 0, "pauses": []}

    def talk(connection: socket.socket, asked: bytes, number: int) -> None:
        answer(connection, 200 if asked.startswith(b"GET /things HTTP") else 404)

    with _restarting(state, talk, down_after=3):

        def pause(seconds: float) -> None:
            state["pauses"].append(seconds)
            state["up"]()

        observed = observe(spec_of(DOCUMENT), Options(f"http://127.0.0.1:{port}", generated=False, concurrency=1), sleep=pause)
    assert observed.stopped == ""
    assert state["pauses"][:1] == [0.5]
    sent = [one.request.stimulus for one in observed.observations if one.request]
    with wire(talk) as url:
        whole = observe(spec_of(DOCUMENT), Options(url, generated=False, concurrency=1))
    assert sent == [one.request.stimulus for one in whole.observations if one.request]


class _restarting:  # noqa: N801 -- it reads as a function
    """A service on a port that is closed after so many answers, until ``up`` is called."""

    def __init__(self, state: dict[str, Any], talk: Callable[[socket.socket, bytes, int], None], down_after: int) -> None:
        self.state, self.talk, self.down_after = state, talk, down_after
        self.port = state["listener"].getsockname()[1]

    def __enter__(self) -> None:
        self.state["up"] = self.up
        self._serve(self.state["listener"], self.down_after)

    def up(self) -> None:
        if self.state["listener"] is None:
            self.state["listener"] = socket.create_server(("127.0.0.1", self.port))
            self._serve(self.state["listener"], 10**6)

    def _serve(self, listener: socket.socket, most: int) -> None:
        def run() -> None:
            for number in range(most):
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    self.talk(connection, connection.recv(65536), number)
            self.state["listener"] = None
            listener.close()

        Thread(target=run, daemon=True).start()

    def __exit__(self, *error: object) -> None:
        if self.state["listener"] is not None:
            with suppress(OSError):
                self.state["listener"].shutdown(socket.SHUT_RDWR)
            self.state["listener"].close()


def test_a_certificate_that_nobody_vouches_for_is_one_line(tmp_path: Path) -> None:
    with tls_service(tmp_path) as (url, certificate):
        with pytest.raises(ProbeError) as stopped:
            probed(url)
        assert stopped.value.outcome == "unreachable"
        assert stopped.value.line().endswith(": TLS: self-signed certificate")
        assert told(probed(url, verify=str(certificate))) == []
        assert told(probed(url, verify=False)) == []


def test_a_service_without_tls_is_one_line() -> None:
    with lax() as (url, _), pytest.raises(ProbeError) as stopped:
        probed(url.replace("http://", "https://"))
    assert stopped.value.outcome == "unreachable"
