"""Sequences of requests over a real socket, and every name of Schemathesis that they need and that is not public."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from errlint.cli.main import run
from errlint.cli.planned import line
from errlint.model.exchange import Observation
from errlint.probe import generated, machine, stateful
from errlint.probe.engine import storage
from errlint.probe.observe import observe, session
from errlint.probe.observed import Observed
from errlint.probe.options import Options
from errlint.probe.plan import plan
from errlint.probe.stateful import STEPS
from tests.services.lax import Reply, Seen, document, fine, lax, spec_of
from tests.services.shelf import ID, Shelf, shelf

ANSWERS = {"200": {"description": ""}}


def probed(doc: dict[str, Any], service: Callable[[Seen], Reply], **members: Any) -> tuple[Observed, list[Seen]]:
    """(what a run saw of a service, what the service got), without the generated requests of single operations."""
    given = {"generated": False, "stateful": 12, "seed": 1, **members}
    with lax(service) as (url, seen):
        return observe(spec_of(doc), Options(url + "/v1", **given), sleep=lambda seconds: None), seen


def chained(observed: Observed) -> list[Observation]:
    return [one for one in observed.observations if one.request and one.request.stimulus.startswith("stateful: ")]


def told(observed: Observed) -> list[tuple[str, str, bytes | None, int | None, str]]:
    """The steps of a run, whatever its port."""
    return [
        (one.request.method, one.request.url.partition("/v1")[2], one.request.body, one.status, one.request.stimulus)
        for one in chained(observed)
        if one.request is not None
    ]


@lru_cache(maxsize=8)
def lives(links: bool = True, seed: int = 1) -> tuple[Observed, Shelf]:
    """A run in which writes are allowed, and what it left behind: a process costs a second."""
    service = Shelf()
    return probed(shelf(links=links), service, writes="allowed", seed=seed)[0], service


@pytest.mark.parametrize("links", [True, False], ids=["links of the document", "inferred links"])
def test_a_fault_that_only_a_life_cycle_shows_is_found(links: bool) -> None:
    observed, _ = lives(links)
    failed = [one for one in chained(observed) if one.status == 500]
    assert {one.label for one in failed} == {"GET /things/{thingId}"}
    assert all("DELETE /things/{thingId}" in one.request.stimulus for one in failed if one.request is not None)
    assert not any(one.request.rejected for one in chained(observed) if one.request is not None)
    assert observed.notes == ()


def test_by_default_only_reads_follow_each_other_each_once_with_the_ids_of_the_service() -> None:
    observed, _ = probed(shelf(), (service := Shelf()), stateful=20)
    urls = [url for _, url, *_ in told(observed)]
    assert set(urls) >= {"/things", "/things/kept1"}
    assert len(urls) == len(set(urls))
    assert {method for method, *_ in told(observed)} == {"GET"}
    assert (service.made, service.gone) == (0, set())


def test_a_write_goes_only_to_what_this_run_made() -> None:
    """What the service lists was there before: it is read, and never deleted."""
    observed, service = lives()
    deleted = {(url.removeprefix("/things/"), status) for method, url, _, status, _ in told(observed) if method == "DELETE"}
    assert "/things/kept1" in {url for method, url, *_ in told(observed) if method == "GET"}
    assert set(service.things) >= {"kept1", "kept2"}
    assert service.gone == {name for name, status in deleted if status == 204} != set()


def test_the_same_seed_gives_the_same_requests() -> None:
    again, _ = probed(shelf(), Shelf(), writes="allowed")
    assert told(again) == told(lives()[0])
    assert told(again) != told(lives(seed=2)[0])


def test_an_operation_that_the_user_leaves_out_is_no_step() -> None:
    observed, _ = probed(shelf(), Shelf(), writes="allowed", exclude=("DELETE *",))
    assert {one.label for one in chained(observed)} == {"GET /things", "POST /things", "GET /things/{thingId}"}


def test_no_id_of_an_answer_leads_to_another_operation() -> None:
    doc = shelf(links=False)
    doc["paths"]["/things/all"] = {"get": {"responses": ANSWERS}}
    doc["paths"]["/things/{thingId}"]["parameters"] = [{**ID, "schema": {"type": "string"}}]
    service = Shelf(things=dict.fromkeys(("..", "../../admin", "all", "%2e%2e", ".", "b/c?d#e", "fine"), "hostile"))
    observed, _ = probed(doc, service, exclude=("GET /things/all",), stateful=30)
    urls = {url for _, url, *_ in told(observed)} - {"/things"}
    assert all(re.fullmatch("/things/[^/?#]+", url) for url in urls)
    assert "/things/fine" in urls
    assert urls & {"/things/all", "/things/..", "/things/."} == set()


def test_a_document_in_which_nothing_leads_anywhere_is_said() -> None:
    observed, _ = probed(document({"/a": {"get": {"responses": ANSWERS}}}, security=[]), fine)
    assert "there are no sequences: nothing leads from one operation to another" in observed.notes
    assert chained(observed) == []


def test_a_link_that_leads_nowhere_leaves_the_inferred_ones() -> None:
    doc = shelf(links=False)
    doc["paths"]["/things"]["get"]["responses"]["200"]["links"] = {"broken": {"operationId": "none"}}
    observed, _ = probed(doc, Shelf())
    assert {one.label for one in chained(observed)} == {"GET /things", "GET /things/{thingId}"}
    assert [note.partition(":")[0] for note in observed.notes] == ["the document's links were left out"]


def _stub(code: str) -> Callable[[str], Any]:
    def begin(module: str) -> Any:
        assert module == "machine"
        return generated.Process([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    return begin


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("raise SystemExit", "the sequences ended early: the generator ended"),
        ("import sys; sys.stdin.read()", "the sequences ended early: a request could not be generated within 0.4 s"),
    ],
    ids=["ends", "hangs"],
)
def test_a_generator_that_ends_or_hangs_is_said(code: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stateful, "begin", _stub(code))
    monkeypatch.setattr(stateful, "PATIENCE", 0.4)
    observed, _ = probed(shelf(), Shelf())
    assert (observed.notes, observed.stopped, chained(observed)) == ((why,), "", [])


def test_an_interrupt_ends_the_sequences_and_their_process(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[subprocess.Popen[bytes]] = []

    def begin(module: str) -> Any:
        from errlint.probe.generated import begin

        begun.append(begin(module))
        return begun[-1]

    def interrupt(seen: Observation) -> None:
        if seen.request and seen.request.stimulus.startswith("stateful: after"):
            raise KeyboardInterrupt

    monkeypatch.setattr(stateful, "begin", begin)
    with lax(Shelf()) as (url, _):
        options = Options(url + "/v1", generated=False, stateful=12)
        observed = observe(spec_of(shelf()), options, listener=interrupt)
    assert (observed.stopped_by, len(chained(observed))) == ("interrupted", 2)
    assert [process.poll() is not None for process in begun] == [True]


def test_the_limit_of_a_run_holds_for_sequences_and_that_of_an_operation_does_not() -> None:
    observed, seen = probed(shelf(), Shelf(), writes="allowed", max_requests=30, max_requests_per_operation=1)
    assert (observed.stopped_by, len(seen)) == ("limit", 30)
    assert len(chained(observed)) > 4


def test_the_generated_requests_leave_room_for_the_sequences() -> None:
    rooms = [
        plan(spec_of(shelf()), Options("http://127.0.0.1:9", stateful=many, max_requests=200)).generated for many in (0, 10)
    ]
    assert rooms[0] - rooms[1] in range(10 * STEPS - 4, 10 * STEPS + 4)


def test_an_operation_that_asks_for_patience_is_left_alone() -> None:
    def busy(seen: Seen) -> Reply:
        return (503, {"Retry-After": "99"}, b"") if seen.path == "/v1/things/kept1" else Shelf()(seen)

    observed, seen = probed(shelf(), busy, stateful=20)
    assert [one.path for one in seen].count("/v1/things/kept1") == 1
    assert observed.stopped == ""


def test_answers_that_change_or_make_no_sense_end_no_run() -> None:
    """The same request gets another answer every time, so that Hypothesis loses its way and begins anew."""
    kind = {"Content-Type": "application/json; charset=no-such"}
    turns = cycle(
        [
            (201, kind, b'[{"id": {"a": [1]}, "name": null}, {"id": 1e999}, {"id": "\\ud800"}]'),
            (500, {}, b"\xff{["),
            (200, {"Content-Type": ";;//"}, b"[" * 100_000),
            (200, kind, b'[{"id": "' + b"x" * 5000 + b'"}]'),
            (404, kind, b'{"error": {"code": "E1"}}'),
        ]
    )
    observed, _ = probed(shelf(), lambda seen: next(turns), writes="allowed", accept_inconclusive=True)
    assert 20 < len(chained(observed)) <= 12 * STEPS
    assert observed.stopped == ""


def test_the_process_gets_no_secret_even_if_a_service_tells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []
    tell = stateful._Talk.tell

    def spy(self: Any, line: Any) -> None:
        lines.append(json.dumps(line, default=str))
        if line.get("body"):
            from base64 import b64decode

            lines.append(b64decode(line["body"]).decode())
        tell(self, line)

    monkeypatch.setattr(stateful._Talk, "tell", spy)
    headers = {"Content-Type": "application/json", "X-Echo": "s3cr3t-canary", "Set-Cookie": "sid=of-the-service"}

    def echo(seen: Seen) -> Reply:
        return 200, headers, json.dumps([{"id": seen.headers.get("authorization", ""), "name": "x"}]).encode()

    probed(shelf(), echo, headers=(("Authorization", "Bearer s3cr3t-canary"),))
    assert any("content-type" in line for line in lines)
    assert not [line for line in lines if "s3cr3t-canary" in line or "of-the-service" in line]


def test_a_step_is_not_sent_again_alone() -> None:
    with lax(Shelf()) as (url, _):
        options = Options(url + "/v1", generated=False, stateful=3, seed=1, writes="allowed")
        with session(spec_of(shelf()), options) as made:
            observed = made.observe()
            assert [made.again(one.request) for one in chained(observed) if one.request] == [None] * len(chained(observed))


def test_the_plan_says_how_many_there_are() -> None:
    told = [line(plan(spec_of(shelf()), Options("http://127.0.0.1:9/v1", generated=False, stateful=many))) for many in (1, 20)]
    assert [text.split(", ")[2].partition(";")[0] for text in told] == [
        "1 sequence (at most 6 requests)",
        "20 sequences (at most 120 requests)",
    ]


def test_the_command_finds_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(shelf()))
    found = {}
    for extra in ((), ("--stateful", "15")):
        with lax(Shelf()) as (url, _):
            words = ["probe", str(file), "--url", url + "/v1", "--directed-only", "--writes", "allowed", "-f", "json", *extra]
            code = run(words)
        messages = [one["message"] for one in json.loads(capsys.readouterr().out)["findings"]]
        found[extra] = (code, messages)
    assert found[()] == (0, [])
    assert found["--stateful", "15"] == (1, ["GET /things/{thingId} answered 500, it declares 404"])


ORDER = {
    "document": shelf(),
    "base_url": "http://127.0.0.1:9/v1",
    "seed": 1,
    "sequences": 3,
    "steps": 4,
    "operations": [("GET", "/things"), ("GET", "/things/{thingId}")],
}


def talk(answers: bytes, most: int = 3) -> tuple[machine.Talk, BytesIO]:
    out = BytesIO()
    return machine.Talk(BytesIO(answers), out, most), out


def test_a_sequence_of_which_a_request_was_withheld_is_over_and_the_next_one_begins() -> None:
    way, out = talk(b"{}\n" * 99)
    with storage():
        assert machine.walk(ORDER, way) == ""
    assert [json.loads(line)["sequence"] for line in out.getvalue().splitlines()] == [1, 2, 3]


def test_who_listens_no_more_ends_it() -> None:
    way, out = talk(b"")
    with storage():
        assert machine.walk(ORDER, way) == ""
    assert len(out.getvalue().splitlines()) == 1


def schemathesis_machine() -> Any:
    from schemathesis import openapi

    return openapi.from_dict(shelf()).as_state_machine()


def test_schemathesis_include_is_asked_with_the_operation() -> None:
    from schemathesis import openapi

    asked: list[tuple[str, str]] = []
    schema = openapi.from_dict(shelf()).include(
        lambda context: not asked.append((context.operation.method.upper(), context.operation.path))
    )
    assert len(list(schema.get_all_operations())) == 4
    assert set(asked) >= {("GET", "/things"), ("DELETE", "/things/{thingId}")}


def test_schemathesis_root_rules_are_those_that_may_begin() -> None:
    from schemathesis import openapi

    alone = openapi.from_dict(document({"/a": {"get": {"responses": ANSWERS}}}, security=[]))
    assert schemathesis_machine().root_rules == {"RANDOM__GET_things", "RANDOM__POST_things"}
    assert alone.as_state_machine().root_rules == frozenset()


def test_schemathesis_steps_go_through_step_and_may_give_nothing() -> None:
    """A step without a result is none that later ones follow."""
    made = schemathesis_machine()
    assert "return self.step(input)" in inspect.getsource(made._step)
    assert list(inspect.signature(made.step).parameters) == ["self", "input"]
    assert "self.call(input.case" in inspect.getsource(made.step)
    assert "if result is None" in inspect.getsource(made._add_results_to_targets)


def test_schemathesis_response_takes_what_we_give_it() -> None:
    from schemathesis import Response

    wanted = {"status_code", "headers", "content", "request", "elapsed", "verify"}
    assert wanted <= set(inspect.signature(Response).parameters)
