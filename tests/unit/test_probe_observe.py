"""Whole runs against real sockets: what is observed, what is said, and when a run ends."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

import errlint
from errlint.demo.server import serve
from errlint.demo.service import TOKEN, create_app
from errlint.errors import ConfigError, InconclusiveError, ProbeError
from errlint.load.openapi import read_spec
from errlint.load.source import read
from errlint.model.finding import Location
from errlint.model.spec import Spec
from errlint.probe import scene
from errlint.probe.observe import observe
from errlint.probe.observed import Observed, declared_types
from errlint.probe.options import Options
from tests.services.lax import Reply, Seen, answer, document, lax, problem, spec_of, things, wire

BEARER = ("Authorization", "Bearer good-token")
ANSWERS = {"200": {"description": ""}, "404": {"description": ""}}


def guarded(seen: Seen) -> Reply:
    """Asks for the good token, refuses everything but reads of collections."""
    if seen.headers.get("authorization") != BEARER[1]:
        return problem(401)
    if seen.path in ("/v1/things", "/v1/open"):
        return (200, {"Content-Type": "application/json"}, b"[]") if seen.method == "GET" else problem(400)
    return problem(404, "none")


def run(
    reply: Any = guarded, doc: dict[str, Any] | None = None, base: str = "/v1", **members: Any
) -> tuple[Observed, list[Seen]]:
    given = {"headers": (BEARER,), "generated": False, **members}
    with lax(reply) as (url, seen):
        observed = observe(spec_of(doc or things()), Options(url + base, **given), sleep=lambda seconds: None)
    return observed, seen


def test_an_observation_has_its_place_its_request_and_what_was_declared() -> None:
    content = {"application/json": {}, "application/xml": {}}
    answers = {"200": {"description": "", "content": content}, "4XX": {"description": "", "content": {"text/plain": {}}}}
    observed, seen = run(doc=document({"/things": {"get": {"responses": answers}}}))
    plain = next(one for one in observed.observations if one.request and one.request.stimulus == "valid")
    assert (plain.witness, plain.status, plain.label, plain.dropped) == ("live", 200, "GET /things", False)
    assert plain.location == Location("openapi.json", ("paths", "/things", "get"))
    assert plain.headers["content-type"] == "application/json"
    assert plain.media_types == ("application/json", "application/xml")
    assert plain.request is not None
    assert dict(plain.request.headers)["Authorization"] == BEARER[1]
    bare = next(one for one in observed.observations if one.status == 401 and one.operation is not None)
    assert bare.media_types == ("text/plain",)
    assert len(seen) == len(observed.observations)


def test_a_stray_request_stands_at_the_paths_and_has_no_operation() -> None:
    observed, _ = run()
    strays = [one for one in observed.observations if one.operation is None]
    assert {one.location for one in strays} == {Location("openapi.json", ("paths",))}
    assert {one.media_types for one in strays} == {None}


@pytest.mark.parametrize(
    ("status", "types"),
    [(404, ("a/explicit",)), (403, ("a/range",)), (500, ("a/default",)), (204, ())],
)
def test_the_explicit_status_beats_the_range_and_the_range_default(status: int, types: tuple[str, ...]) -> None:
    def says(name: str) -> dict[str, Any]:
        return {"description": "", "content": {f"a/{name}": {}}}

    answers = {"404": says("explicit"), "4XX": says("range"), "default": says("default"), "204": {"description": ""}}
    spec = spec_of(document({"/things": {"get": {"responses": answers}}}))
    assert declared_types(spec.declarations, status) == types


def test_an_undeclared_status_has_no_media_types() -> None:
    spec = spec_of(document({"/things": {"get": {"responses": ANSWERS}}}))
    assert declared_types(spec.declarations, 500) is None
    assert declared_types((), 200) is None


def test_secrets_are_in_no_repr() -> None:
    observed, _ = run()
    options = Options("http://user:pass-word@127.0.0.1/v1", (BEARER,))
    assert "good-token" not in repr(observed)
    assert "good-token" not in repr(options)
    assert "pass-word" not in repr(options)


def test_nobody_there_is_one_line() -> None:
    with pytest.raises(ProbeError) as caught:
        observe(spec_of(things()), Options("http://127.0.0.1:1", (BEARER,)))
    assert caught.value.line() == "nothing answers at http://127.0.0.1:1: connection refused"


def test_a_service_that_never_answers_is_unreachable() -> None:
    def hang(connection: socket.socket, asked: bytes, number: int) -> None:
        connection.recv(1)

    with wire(hang) as url, pytest.raises(ProbeError, match="no answer in time"):
        observe(spec_of(things()), Options(url, (BEARER,), timeout=0.05), sleep=lambda seconds: None)


def test_a_dropped_connection_is_an_observation_while_the_service_lives() -> None:
    def reply(seen: Seen) -> Reply:
        if seen.path.endswith("%FF"):
            raise ConnectionAbortedError
        return guarded(seen)

    observed, _ = run(reply)
    (dropped,) = [one for one in observed.observations if one.dropped]
    assert (dropped.status, dropped.label) == (None, "GET /things/{id}")
    assert dropped.request is not None
    assert dropped.request.stimulus == "malformed-id"
    assert observed.stopped == ""


def test_a_service_that_dies_ends_the_run_and_says_after_what() -> None:
    def talk(connection: socket.socket, asked: bytes, number: int) -> None:
        if number < 12:
            answer(connection, 401 if b"good-token" not in asked else 200)

    slept: list[float] = []
    with wire(talk, most=13) as url:
        observed = observe(spec_of(things()), Options(url, (BEARER,), concurrency=1), sleep=slept.append)
    assert len(observed.observations) == 13
    last = observed.observations[-1]
    assert (last.dropped, last.status, last.request is not None, observed.stopped_by) == (True, None, True, "gone")
    assert last.cut == "the connection was closed without an answer, and the service stopped answering after it"
    assert observed.stopped.startswith("the service stopped answering after GET /things")
    assert observed.stopped.endswith("connection refused")
    assert slept == [0.5, 1.0, 2.0, 4.0]


def test_a_slow_operation_is_left_alone_after_two_timeouts() -> None:
    def talk(connection: socket.socket, asked: bytes, number: int) -> None:
        if asked.startswith(b"GET /things HTTP"):
            connection.recv(1)
        else:
            answer(connection, 404 if asked.startswith(b"GET /things/") else 400)

    with wire(talk) as url:
        observed = observe(spec_of(things()), Options(url, (BEARER,), timeout=1.5, concurrency=1, generated=False))
    assert observed.requests["GET /things"] == 2
    assert "GET /things: no answer within 1.5 s (valid)" in observed.notes


class Clock:
    """Time that only passes by sleeping."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_retry_after_is_honoured_once_and_both_answers_count() -> None:
    clock = Clock()
    busy = {"left": 1}

    def reply(seen: Seen) -> Reply:
        if seen.method == "GET" and seen.path == "/v1/things" and busy["left"]:
            busy["left"] -= 1
            return problem(429, **{"Retry-After": "7"})
        return guarded(seen)

    with lax(reply) as (url, _):
        options = Options(url + "/v1", (BEARER,), generated=False, concurrency=1)
        observed = observe(spec_of(things()), options, clock=clock, sleep=clock.sleep)
    first, second = [one.status for one in observed.observations if one.label == "GET /things"][:2]
    assert (first, second, clock.slept) == (429, 200, [7.0])


@pytest.mark.parametrize(("status", "stopped"), [(429, "the service asks to wait 3600 seconds (429)"), (503, "")])
def test_a_long_wait_is_not_waited(status: int, stopped: str) -> None:
    def reply(seen: Seen) -> Reply:
        if seen.method == "GET" and seen.path == "/v1/things":
            return problem(status, **{"Retry-After": "3600"})
        return guarded(seen)

    observed, _ = run(reply)
    assert observed.stopped == stopped
    assert observed.stopped_by == ("asked-to-wait" if stopped else "")
    assert observed.requests["GET /things"] == 1


def test_a_service_that_always_asks_for_patience_cannot_eat_the_run() -> None:
    clock = Clock()
    with lax(lambda seen: problem(503, **{"Retry-After": "1"})) as (url, _):
        options = Options(url + "/v1", (BEARER,), generated=False, accept_inconclusive=True, concurrency=1)
        observe(spec_of(things()), options, clock=clock, sleep=clock.sleep)
    assert clock.slept == [1.0] * 10


def test_what_a_limit_of_the_service_kept_back_is_told() -> None:
    clock = Clock()
    with lax(lambda seen: problem(429, **{"Retry-After": "1"}) if "{" not in seen.path else guarded(seen)) as (url, _):
        options = Options(url + "/v1", (BEARER,), generated=False, accept_inconclusive=True, concurrency=1)
        observed = observe(spec_of(things()), options, clock=clock, sleep=clock.sleep)
    number = sum(one.status == 429 for one in observed.observations)
    notes = [note for note in observed.notes if "429, the service" in note or "Asked to wait" in note]
    assert notes == [
        f"{number} of {number} answers were 429, the service limits the rate: "
        "what was asked there was not judged (--rate sends slower).",
        "Asked to wait too long or too often (Retry-After), and got no more requests: DELETE /things/{id}, GET /things, "
        "GET /things/{id}, PATCH /things/{id}, POST /things, PUT /things/{id}.",
    ]


def test_wrong_credentials_are_inconclusive() -> None:
    with pytest.raises(InconclusiveError) as caught:
        run(headers=(("Authorization", "Bearer stale"),))
    assert caught.value.line() == (
        "6 of 6 secured operations let no request past authentication: the given headers open none of them"
    )


def test_no_credentials_are_inconclusive_even_beside_public_operations() -> None:
    doc = things()
    doc["paths"]["/open"] = {"get": {"security": [], "responses": ANSWERS}}
    with pytest.raises(InconclusiveError, match="no credentials were given"):
        run(fine_if_open, doc, headers=())


def fine_if_open(seen: Seen) -> Reply:
    return (200, {}, b"{}") if seen.path == "/v1/open" else problem(403)


def test_a_body_refused_before_the_credentials_proves_nothing() -> None:
    doc = things()
    doc["paths"] = {"/things": {"post": doc["paths"]["/things"]["post"]}}
    with pytest.raises(InconclusiveError):
        run(lambda seen: problem(400), doc, headers=(("Authorization", "Bearer stale"),))


def test_a_service_that_answers_strangers_with_400_is_seen_through() -> None:
    with pytest.raises(InconclusiveError, match="no credentials were given"):
        run(lambda seen: problem(400), headers=())


def parses_first(seen: Seen) -> Reply:
    """Reads a JSON body before the credentials, of which it knows none; checks its members behind them."""
    if seen.method in ("POST", "PUT", "PATCH"):
        try:
            json.loads(seen.body)
        except ValueError:
            return problem(422, "json")
    return problem(401)


@pytest.mark.parametrize("headers", [(), (("Authorization", "Bearer stale"),)])
def test_a_body_that_is_read_before_the_credentials_proves_nothing(headers: Any) -> None:
    with pytest.raises(InconclusiveError, match="6 of 6 secured operations let no request past authentication"):
        run(parses_first, headers=headers)


def test_a_refused_body_proves_it_where_a_stranger_is_turned_away_with_the_same() -> None:
    doc = things()
    doc["paths"] = {"/things": {"post": doc["paths"]["/things"]["post"]}}
    observed, _ = run(lambda seen: guarded(seen), doc)
    assert {one.status for one in observed.observations if one.label} == {400, 401}


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (302, "only 302: each one redirects"),
        (401, "only 401: the cred"),
        (429, "only 429: the service"),
        (502, "only 502: the"),
    ],
)
def test_one_answer_to_everything_is_inconclusive(status: int, words: str) -> None:
    with pytest.raises(InconclusiveError, match="6 of 6 operations answered " + words):
        run(lambda seen: problem(status), {**things(), "security": []})


def test_one_page_for_everything_is_inconclusive() -> None:
    page = (200, {"Content-Type": "text/html"}, b"<!doctype html><p>app")
    with pytest.raises(InconclusiveError, match="2 of 2 operations with GET answered one and the same HTML page"):
        run(lambda seen: page)


def test_requests_that_cannot_be_sent_are_no_clean_run() -> None:
    odd = {"name": "X-\u4e00", "in": "header", "required": True, "schema": {"type": "string"}}
    with pytest.raises(ProbeError, match="no request could be sent: its address or a header holds characters"):
        run(doc=document({"/things": {"get": {"parameters": [odd], "responses": ANSWERS}}}))


def test_an_answer_that_is_no_http_is_an_observation() -> None:
    def talk(connection: socket.socket, asked: bytes, number: int) -> None:
        if b"%FF" in asked:
            connection.sendall(b"HTTP/1.1 400 No\r\nContent-Length: 5, 7\r\n\r\nabcde")
        else:
            answer(connection, 401 if b"good-token" not in asked else 200)

    with wire(talk) as url:
        observed = observe(spec_of(things()), Options(url, (BEARER,), generated=False), sleep=lambda seconds: None)
    (garbled,) = [one for one in observed.observations if one.dropped]
    assert (garbled.status, garbled.label, observed.stopped) == (None, "GET /things/{id}", "")
    assert not [note for note in observed.notes if "could not be sent" in note]


def test_one_operation_whose_requests_cannot_be_made_does_not_end_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    real = scene.fill

    def fill(about: Any, operation: Any, *others: Any, **named: Any) -> Any:
        if operation.label == "GET /things":
            raise ValueError("odd document")
        return real(about, operation, *others, **named)

    monkeypatch.setattr(scene, "fill", fill)
    observed, _ = run()
    assert observed.not_probed == {"GET /things": "its requests cannot be made: odd document"}
    assert len(observed.requests) == 5


def test_inconclusive_can_be_accepted() -> None:
    observed, _ = run(headers=(), accept_inconclusive=True)
    assert observed.observations
    assert observed.notes[0].startswith("6 of 6 secured operations")


def test_a_service_that_does_not_ask_is_not_inconclusive() -> None:
    observed, _ = run(lambda seen: (200, {}, b"{}"), headers=())
    assert observed.observations


def test_the_wrong_base_path_is_one_line() -> None:
    def router(seen: Seen) -> Reply:
        return problem(404, f"no route for {seen.method} {seen.path}")

    with pytest.raises(InconclusiveError) as caught:
        run(router, base="")
    assert caught.value.line() == "6 of 6 operations answered only 404, all with the same body: is the base path /v1 missing?"


def test_a_service_of_ids_only_may_answer_404_everywhere() -> None:
    observed, _ = run(lambda seen: problem(404), document({"/things/{id}": {"get": {"responses": ANSWERS}}}))
    assert {one.status for one in observed.observations} == {404}


def test_nothing_to_probe_is_said() -> None:
    with pytest.raises(ProbeError, match="there is nothing to probe: no operations"):
        run(doc=document({}))
    with pytest.raises(ProbeError, match="there is nothing to probe: no operation is selected"):
        run(exclude=("/*",))
    with pytest.raises(ConfigError, match="--include 'tag:nobody' names no operation of the document"):
        run(include=("tag:nobody",))


@pytest.mark.parametrize(
    ("members", "asked"),
    [
        ({"include": ("tag:a",)}, {"GET /things", "POST /things"}),
        ({"include": ("GET /things*",)}, {"GET /things", "GET /things/{id}"}),
        ({"exclude": ("/things/*",)}, {"GET /things", "POST /things"}),
        ({"exclude": ("tag:b", "POST /things")}, {"GET /things"}),
    ],
)
def test_operations_are_selected(members: dict[str, Any], asked: set[str]) -> None:
    observed, _ = run(**members)
    assert set(observed.requests) == asked
    assert observed.excluded == {operation.label for operation in spec_of(things()).operations} - asked
    assert observed.not_probed == {}


def test_the_budgets_hold() -> None:
    observed, seen = run(max_requests_per_operation=3, generated=True)
    assert set(observed.requests.values()) == {3}
    observed, seen = run(max_requests=10)
    assert (len(seen), observed.stopped) == (10, "the limit of 10 requests was reached")
    observed, seen = run(max_requests=40, generated=True)
    assert len(seen) <= 40


def test_the_time_is_limited() -> None:
    ticks = iter(range(10**6))
    with lax(guarded) as (url, seen):
        options = Options(url + "/v1", (BEARER,), generated=False, max_time=20)
        observed = observe(spec_of(things()), options, clock=lambda: float(next(ticks)))
    assert (observed.stopped, observed.stopped_by) == ("the limit of 20 seconds was reached", "limit")
    assert 0 < len(seen) < 20


def test_an_interrupt_gives_what_was_seen() -> None:
    def progress(name: str, sent: int, most: int) -> None:
        if sent == 7:
            raise KeyboardInterrupt

    with lax(guarded) as (url, _):
        observed = observe(spec_of(things()), Options(url + "/v1", (BEARER,)), progress=progress)
    assert (len(observed.observations), observed.stopped) == (7, "interrupted")


def test_directed_requests_go_before_generated_ones() -> None:
    observed, _ = run(generated=True)
    kinds = [one.request.stimulus.startswith("generated") for one in observed.observations if one.request]
    assert kinds == sorted(kinds)
    assert True in kinds


def test_a_broken_operation_is_said_and_still_gets_the_directed_requests() -> None:
    doc = things()
    doc["paths"]["/broken"] = {"get": {"parameters": [{"$ref": "#/components/parameters/none"}], "responses": ANSWERS}}
    observed, _ = run(doc=doc, generated=True)
    assert observed.requests["GET /broken"] > 1
    assert any(note.startswith("GET /broken: no generated requests, because ") for note in observed.notes)


def test_two_runs_with_one_seed_send_the_same() -> None:
    runs = [sorted((one.method, one.target, one.body) for one in run(generated=True)[1]) for _ in range(2)]
    assert runs[0] == runs[1]


def demo_spec() -> Spec:
    return read_spec(read(Path(errlint.__file__).parent / "demo" / "openapi.yaml")).spec


def test_the_healthy_demo_refuses_all_that_it_must() -> None:
    with serve(create_app(())) as url:
        observed = observe(demo_spec(), Options(url + "/v1", (("Authorization", "Bearer " + TOKEN),)))
    wrong = [
        (one.label, one.status, one.request.stimulus)
        for one in observed.observations
        if one.request and one.request.rejected and (one.status is None or not 400 <= one.status < 500)
    ]
    assert wrong == []
    assert observed.may_have_written == ()
    assert observed.not_probed == {}
    assert not [one for one in observed.observations if one.status is None or one.status >= 500]
