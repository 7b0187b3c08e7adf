"""Looking again: what counts was seen twice, and one finding can be asked for by its name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from errlint import api
from errlint.api.confirming import confirmed
from errlint.cli.main import run
from errlint.demo.server import serve
from errlint.demo.service import TOKEN, create_app
from errlint.errors import ConfigError
from errlint.model.exchange import Request
from errlint.model.finding import Finding, Location, Report, Severity
from errlint.probe.options import Options

ROOT = Path(__file__).parents[2]


def probed(url: str, **members: Any) -> Report:
    options = Options(f"{url}/v1", (("Authorization", f"Bearer {TOKEN}"),), **{"generated": False, **members})
    return api.probe(str(ROOT / "errlint/demo/openapi.yaml"), options, ["pkg:errlint/demo/catalog.yaml"])


def finding(severity: Severity = Severity.ERROR, **members: Any) -> Finding:
    given = {"requests": (Request("GET", "http://127.0.0.1/a"), Request("GET", "http://127.0.0.1/b")), **members}
    return Finding("HTP008", "x", severity, "live", "it failed", Location("a", ()), "f" * 16, **given)


def line(request: Request) -> str:
    return f"curl {request.url}"


def test_a_fault_that_comes_back_counts_and_shows_the_request_that_brought_it() -> None:
    (got,) = confirmed([finding()], lambda request: {"f" * 16} if request.url.endswith("/b") else set(), line)
    assert (got.severity, got.reproduced, got.reproduce) == (Severity.ERROR, "2 of 2", "curl http://127.0.0.1/b")


def test_a_fault_that_never_comes_back_is_a_note() -> None:
    (got,) = confirmed([finding()], lambda request: set(), line)
    assert (got.severity, got.reproduced) == (Severity.NOTE, "1 of 3")
    assert got.message == "it failed; sent again, it was not seen (flaky)"


@pytest.mark.parametrize(
    "one",
    [finding(Severity.NOTE), finding(status="429"), finding(suppressed="known"), finding(requests=())],
    ids=["a note", "a limit", "suppressed", "without a request"],
)
def test_what_cannot_or_need_not_be_sent_again_stays(one: Finding) -> None:
    sent: list[Request] = []

    def again(request: Request) -> set[str]:
        sent.append(request)
        return set()

    assert confirmed([one], again, line) == [one]
    assert sent == []


def test_a_request_that_may_not_go_out_again_leaves_the_fault_as_it_is() -> None:
    assert confirmed([finding()], lambda request: None, line) == [finding()]


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
        assert f"{name} was not seen again." in mended.notes


def test_a_name_finds_generated_requests_too() -> None:
    with serve(create_app({"database-text"})) as url:
        whole = probed(url, generated=True)
        names = {one.again for one in whole.findings}
        (name,) = names
        again = probed(url, generated=True, only=(name,))
    assert [one.again for one in again.findings] == [name]


def test_what_is_no_name_is_refused() -> None:
    with pytest.raises(ConfigError, match="what is to be sent again has no such name"):
        Options("http://127.0.0.1", only=("COD001",))


def test_a_dry_run_sends_nothing_and_says_what_would_go_out(capsys: pytest.CaptureFixture[str]) -> None:
    document, catalog = str(ROOT / "errlint/demo/openapi.yaml"), "pkg:errlint/demo/catalog.yaml"
    words = ["probe", document, "--url", "http://127.0.0.1:9/v1", "--catalog", catalog, "--dry-run", "--rate", "10"]
    assert run([*words, "-v"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Would probe http://127.0.0.1:9/v1: 22 operations, ")
    assert " s at 10 a second; " in lines[0]
    assert lines[0].endswith(" of the directed ones write, each certain to be refused.")
    assert any(line.startswith("   GET /models: ") for line in lines)
    assert "      POST malformed-json (2×)" in lines
    assert lines[-1] == "Read no answer: nothing was sent. No error or warning · exit 0 (clean)"


def test_the_plan_is_told_on_stderr_before_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    with serve(create_app(())) as url:
        words = ["probe", str(ROOT / "errlint/demo/openapi.yaml"), "--url", f"{url}/v1", "--directed-only"]
        assert run([*words, "--auth", f"bearer:{TOKEN}", "-f", "json", "--writes", "never"]) == 0
    told = capsys.readouterr()
    assert told.err.startswith("errlint: 22 operations, ")
    assert told.err.rstrip().endswith("; no request writes")
    assert json.loads(told.out)["summary"]["outcome"] == "clean"
