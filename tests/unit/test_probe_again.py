"""Looking again: what counts was seen twice, and one finding can be asked for by its name."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from errlint import api
from errlint.api.confirming import ENOUGH, confirmed
from errlint.api.notes import next_steps
from errlint.checks.fold import findings as folded
from errlint.checks.prints import fingerprint_of
from errlint.checks.raised import Raised, Unit, Verdicts
from errlint.checks.registry import Hit
from errlint.checks.rules import load_all
from errlint.cli.main import run
from errlint.cli.planned import line as planned
from errlint.demo.server import serve
from errlint.demo.service import TOKEN, create_app
from errlint.errors import ConfigError
from errlint.model.exchange import Request
from errlint.model.finding import Finding, Location, Report, Severity
from errlint.model.record import replace
from errlint.probe.options import Options
from errlint.probe.plan import plan
from errlint.report.text import lines as lines_of
from tests.services.lax import spec_of, things

ROOT = Path(__file__).parents[2]


def probed(url: str, **members: Any) -> Report:
    options = Options(f"{url}/v1", (("Authorization", f"Bearer {TOKEN}"),), **{"generated": False, **members})
    return api.probe(str(ROOT / "errlint/demo/openapi.yaml"), options, ["pkg:errlint/demo/catalog.yaml"])


def hit(path: str = "/a", number: int = 1, *, severity: Severity = Severity.ERROR, suppressed: str | None = None) -> Raised:
    """A fault of one operation, shown by some requests: ``/a?0``, ``/a?1`` ..."""
    requests = tuple(Request("GET", f"http://127.0.0.1{path}?{index}") for index in range(number))
    unit = Unit((), "live", Location("a", ()), f"GET {path}", f"GET {path}", status="500", reproduce=line, requests=requests)
    return Raised(load_all()["HTP008"], Hit("it failed"), unit, severity, suppressed=suppressed)


def line(request: Request) -> str:
    return f"curl {request.url}"


def told(raised: list[Raised], *back: str, sent: list[str] | None = None) -> list[tuple[str, str, str, list[str | None]]]:
    """What the findings say after the requests whose urls end with ``back`` showed their faults again."""
    by_url = {request.url: fingerprint_of(one) for one in raised for request in one.unit.requests}

    def again(request: Request) -> set[str]:
        if sent is not None:
            sent.append(request.url.removeprefix("http://127.0.0.1"))
        return {by_url[request.url]} if request.url.endswith(back) else set()

    found = folded(Verdicts(confirmed(raised, again)), "a")
    return [
        (str(one.severity), one.message, one.reproduced, [one.reproduce, *(site.operation for site in one.sites)])
        for one in found
    ]


FLAKY = "it failed; sent again, it was not seen (flaky)"
OFTEN = "it failed; sent again, it was not seen (it was seen for 3 or more requests)"


def test_a_fault_that_comes_back_counts_and_shows_the_request_that_brought_it() -> None:
    assert told([hit("/a", 2)], "/a?1") == [("error", "it failed", "3 of 4", ["curl http://127.0.0.1/a?1", "GET /a"])]


def test_a_fault_that_never_comes_back_is_a_note() -> None:
    assert told([hit("/a", 2)]) == [("note", FLAKY, "2 of 4", ["curl http://127.0.0.1/a?0", "GET /a"])]


def test_a_fault_that_many_requests_showed_stays_though_it_does_not_come_back() -> None:
    assert told([hit("/a", 3)]) == [("error", OFTEN, "3 of 6", ["curl http://127.0.0.1/a?0", "GET /a"])]


def test_a_service_that_was_away_for_a_moment_is_a_note_however_many_requests_met_it() -> None:
    away = hit("/a", 3)
    assert [one[0] for one in told([replace(away, unit=replace(away.unit, status="503"))])] == ["note"]


def test_each_operation_of_one_finding_stands_for_itself() -> None:
    sent: list[str] = []
    found = told([hit("/a"), hit("/b"), hit("/c"), hit("/d")], "/d?0", "/b?0", sent=sent)
    assert found == [
        ("error", "it failed", "2 of 2", ["curl http://127.0.0.1/b?0", "GET /b", "GET /d"]),
        ("note", FLAKY, "1 of 2", ["curl http://127.0.0.1/a?0", "GET /a", "GET /c"]),
    ]
    assert sent == ["/a?0", "/b?0", "/c?0", "/d?0"]


def test_of_many_operations_with_one_fault_a_dozen_is_looked_at_again_and_more_where_none_comes_back() -> None:
    many = [hit(f"/{number}.") for number in range(30)]
    sent: list[str] = []
    found = told(many, ".?0", sent=sent)
    assert (len(sent), [len(one[3]) - 1 for one in found]) == (ENOUGH, [30])
    sent.clear()
    found = told(many, "/29.?0", sent=sent)
    assert (len(sent), [(one[0], len(one[3]) - 1) for one in found]) == (30, [("error", 1), ("note", 29)])


@pytest.mark.parametrize(
    "one",
    [hit(severity=Severity.NOTE), hit(suppressed="known"), hit(number=0)],
    ids=["a note", "suppressed", "without a request"],
)
def test_what_cannot_or_need_not_be_sent_again_stays(one: Raised) -> None:
    sent: list[str] = []
    confirmed([one, replace(hit("/b"), unit=replace(hit("/b").unit, status="429"))], lambda request: sent.append(request.url))
    assert sent == []


def test_a_request_that_may_not_go_out_again_leaves_the_fault_as_it_is() -> None:
    assert confirmed([hit()], lambda request: None) == [hit()]


class FirstLook(BaseHTTPRequestHandler):
    """Answers each request wrongly the first time it comes, and rightly the second."""

    known: ClassVar[set[str]] = set()

    def do_GET(self) -> None:
        first = f"{self.command} {self.path}" not in self.known
        self.known.add(f"{self.command} {self.path}")
        body = b'{"error": {"code": "GONE", "message": "x"}}'
        self.send_response(400 if first else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_TRACE = do_ERRLINT = do_GET  # noqa: N815 - the names of http.server

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def test_what_each_request_shows_the_first_time_it_is_sent_is_no_matter_of_luck(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths:\n  /a/{id}:\n    get:\n"
        "      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n"
        "      responses: {'200': {description: A}, '400': {description: B}, '404': {description: C}}\n"
    )
    (tmp_path / "catalog.yaml").write_text(
        "errlint: 1\nservice: {name: a}\nenvelopes: {e: {code: {pointer: /error/code}, message: {pointer: /error/message}}}\n"
        "errors: [{code: GONE, status: 404}]\n"
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), FirstLook)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        options = Options(f"http://127.0.0.1:{server.server_address[1]}", generated=False)
        report = api.probe(str(tmp_path / "a.yaml"), options, [str(tmp_path / "catalog.yaml")])
    finally:
        server.shutdown()
        server.server_close()
    found = [one for one in report.findings if (one.rule, one.operation) == ("COD002", "GET /a/{id}")]
    assert [(one.severity, one.reproduced, len(one.requests)) for one in found] == [(Severity.ERROR, "3 of 6", 3)]


def test_one_finding_is_looked_at_again_by_its_name() -> None:
    faults = {"undocumented-code", "server-error"}
    with serve(create_app(faults)) as url:
        names = {one.rule: one.again for one in probed(url).findings}
        name = names["COD001"] or ""
        again = probed(url, only=(name,))
        assert [(one.rule, one.again, one.reproduced) for one in again.findings] == [("COD001", name, "2 of 2")]
        assert (again.judged, again.coverage, again.outcome) == (1, None, "findings")
        faults.discard("undocumented-code")
        mended = probed(url, only=(name,))
        assert (mended.findings, mended.judged, mended.outcome) == ((), 1, "clean")
        assert any(note.startswith(f"{name} was not seen again: ") for note in mended.notes)


def test_a_name_that_no_request_of_the_run_has_is_an_error_and_no_pass() -> None:
    with serve(create_app(())) as url, pytest.raises(ConfigError, match="no request of this run has the name"):
        probed(url, only=("0edb4a6deacd33b2-ffffff",))


def test_a_name_finds_generated_requests_too() -> None:
    with serve(create_app({"database-text"})) as url:
        whole = probed(url, generated=True)
        names = {one.again for one in whole.findings}
        (name,) = names
        again = probed(url, generated=True, only=(name,))
    assert [one.again for one in again.findings] == [name]


def test_what_is_no_name_is_refused() -> None:
    with pytest.raises(ConfigError, match="no finding is called 'COD001'"):
        Options("http://127.0.0.1", only=("COD001",))


def test_a_dry_run_sends_nothing_and_says_what_would_go_out(capsys: pytest.CaptureFixture[str]) -> None:
    document, catalog = str(ROOT / "errlint/demo/openapi.yaml"), "pkg:errlint/demo/catalog.yaml"
    words = ["probe", document, "--url", "http://127.0.0.1:9/v1", "--catalog", catalog, "--dry-run", "--rate", "10"]
    assert run([*words, "-v"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Would probe http://127.0.0.1:9/v1: 22 operations, ")
    assert " s at 10 a second; " in lines[0]
    assert lines[0].endswith(" of the directed ones are writes, each to be refused by what the document says.")
    assert any(line.startswith("   GET /models: ") for line in lines)
    assert "      POST malformed-json (2×)" in lines
    assert lines[-1] == "Read no answer: nothing was sent. No error or warning · exit 0 (clean)"


def test_a_dry_run_tells_machines_its_plan_too(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["probe", str(ROOT / "errlint/demo/openapi.yaml"), "--url", "http://127.0.0.1:9/v1", "--dry-run", "-f", "json"]
    assert run(words) == 0
    notes = json.loads(capsys.readouterr().out)["notes"]
    assert notes[0].startswith("Would probe http://127.0.0.1:9/v1: 22 operations, ")
    assert any(note.startswith("   GET /models: ") for note in notes)


def test_the_plan_is_told_on_stderr_before_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    with serve(create_app(())) as url:
        words = ["probe", str(ROOT / "errlint/demo/openapi.yaml"), "--url", f"{url}/v1", "--directed-only"]
        assert run([*words, "--auth", f"bearer:{TOKEN}", "-f", "json", "--writes", "never"]) == 0
    told = capsys.readouterr()
    assert told.err.startswith("errlint: 22 operations, ")
    assert told.err.rstrip().endswith("; no request writes")
    assert json.loads(told.out)["summary"]["outcome"] == "clean"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"include": ("GET /things",)}, "1 operation, 15 directed requests; no request writes"),
        ({"include": ("GET /things",), "generated": True}, "; none of the directed ones writes"),
        ({"include": ("GET /things",), "writes": "allowed"}, "none of the directed ones writes, but writes are allowed"),
        ({}, "42 of the directed ones are writes, each to be refused by what the document says"),
        ({"max_requests": 16}, "one of the directed ones is a write to be refused by what the document says"),
        ({"max_requests": 7}, "7 directed requests (63 more are beyond --max-requests)"),
    ],
)
def test_the_plan_says_what_it_writes_in_plain_words(options: dict[str, Any], told: str) -> None:
    assert told in planned(plan(spec_of(things()), Options("http://127.0.0.1/v1", **{"generated": False, **options})))


def test_a_command_that_fills_the_screen_is_cut_and_stands_whole_in_the_verbose_report() -> None:
    whole = "curl http://127.0.0.1/ --data-binary " + "[" * 1000
    at = Location("a.yaml", ())
    finding = Finding("HTP008", "x", Severity.ERROR, "live", "it failed", at, "f" * 16, reproduce=whole)
    report = Report(command="probe", outcome="findings", findings=(finding,))
    assert "   " + whole[:300] + "\u2026 (-v shows the whole command)" in list(lines_of(report))
    assert "   " + whole in list(lines_of(report, verbose=True))


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("a.yaml", "errlint probe a.yaml --url http://localhost:8000 ("),
        ("http://127.0.0.1:1/openapi.json", "errlint probe http://127.0.0.1:1/openapi.json ("),
    ],
)
def test_the_next_step_of_a_document_that_a_service_serves_needs_no_other_address(name: str, command: str) -> None:
    assert f"   next: {command}" in "\n".join(next_steps(name))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_record_that_cannot_be_written_costs_no_report(capsys: pytest.CaptureFixture[str]) -> None:
    with serve(create_app({"undocumented-code"})) as url:
        words = ["probe", str(ROOT / "errlint/demo/openapi.yaml"), "--url", f"{url}/v1", "--directed-only", "-f", "json"]
        code = run([*words, "--catalog", "pkg:errlint/demo/catalog.yaml", "--auth", f"bearer:{TOKEN}", "--record", "/dev/full"])
    report = json.loads(capsys.readouterr().out)
    assert (code, report["summary"]["outcome"]) == (2, "unwritable")
    assert [one["rule"] for one in report["findings"]] == ["COD001"]


def test_a_run_whose_stderr_is_closed_has_its_report() -> None:
    import io

    from errlint.cli.progress import Progress, say

    gone = io.StringIO()
    gone.close()
    say("the plan", gone)
    progress = Progress(gone, clock=iter([0.0, 20.0]).__next__)
    progress("GET /things", 1, 2, 0)
    progress.done()


@pytest.mark.parametrize(("rate", "told"), [("unlimited", ""), ("inf", ""), ("4", " s at 4 a second")])
def test_a_rate_may_be_unlimited(rate: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    document = str(ROOT / "errlint/demo/openapi.yaml")
    assert run(["probe", document, "--url", "http://192.0.2.1/v1", "--dry-run", "--rate", rate]) == 0
    line = capsys.readouterr().out.splitlines()[0]
    assert (" a second" in line, told in line) == (bool(told), True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["a.yaml", "--replay", "r.har", "--writes", "never"], "--writes and --replay: nothing is sent"),
        (["a.yaml", "--replay", "r.har", "--dry-run"], "--dry-run and --replay: nothing is sent"),
        (["a.yaml", "--replay", "r.har", "--auth", "bearer:x"], "--auth and --replay: nothing is sent"),
        (["a.yaml", "--url", "http://127.0.0.1", "--dry-run", "--record", "r.har"], "--record and --dry-run"),
        (["a.yaml", "--url", "http://127.0.0.1", "--record", "./a.yaml"], "--record would write over the document a.yaml"),
    ],
)
def test_options_that_would_do_nothing_or_harm_are_refused(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["probe", *words]) == 2
    assert told in capsys.readouterr().err
