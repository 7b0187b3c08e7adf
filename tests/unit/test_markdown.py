"""The summary in Markdown: what it says, what it leaves out for want of room, and that it is GitHub's own kind of table."""

from __future__ import annotations

import json
import re
from pathlib import Path

from errlint.cli.main import run
from errlint.model.finding import CodeCoverage, Coverage, Finding, Location, Report, Service, Severity, Site, Unknown
from errlint.report import View
from errlint.report.markdown import text
from errlint.report.markdown_words import advice, block, code, escaped
from tests.written import written


def finding(number: int, **more: object) -> Finding:
    at = Location("openapi.yaml", ("paths",), number, 5)
    sites = tuple(Site(f"GET /{one}", at, f"{number}-{one}") for one in "abcde")
    values = {"severity": Severity.ERROR, "witness": "schema", "message": f"fault {number}", "location": at}
    values |= {"help": "Return it.", "sites": sites, "reproduce": f"curl http://127.0.0.1/{number}"}
    return Finding("COD002", "code-under-wrong-status", fingerprint=f"{number}", **{**values, **more})


CODES = (
    CodeCoverage("E1", "E1", "service", "404", ("GET /a",), ("GET /a", "GET /b")),
    CodeCoverage("E2", "E2", "service", "400|422", (), (), "nothing provokes it", "never"),
)


def test_the_summary_holds_outcome_findings_doubts_coverage_and_commands():
    report = Report(
        command="probe",
        outcome="findings",
        findings=(
            finding(3),
            finding(4, severity=Severity.WARNING, witness="live", status="409", reproduced="2 of 2", reproduce=None),
            finding(5, severity=Severity.NOTE),
            finding(6, suppressed="known"),
        ),
        unknown=(Unknown("COD001", "any string is allowed", None, None, Location("", ())),) * 2,
        coverage=Coverage(codes=CODES),
        read=("openapi.yaml: 5 operations",),
        notes=("The run ended early.",),
    )
    assert written("markdown", report, View(code=1, folder="api")) == (
        "### errlint probe: 1 error, 1 warning\n\n"
        "Exit 1 (findings). openapi.yaml: 5 operations.\n\n"
        "|  | Rule | Finding | Where | Operation |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| error | `COD002` code-under-wrong-status | fault 3<br>Return it. | `api/openapi.yaml:3:5` "
        "| `GET /a`<br>`GET /b`<br>`GET /c` and 2 more |\n"
        "| warning | `COD002` code-under-wrong-status | fault 4 | 409, reproduced 2 of 2 "
        "| `GET /a`<br>`GET /b`<br>`GET /c` and 2 more |\n\n"
        "1 less severe not shown, 1 suppressed.\n\n"
        "Not checked: any string is allowed (2×).\n\n"
        "The run ended early.\n\n"
        "<details><summary>Codes: 1 of 2 declared, 1 observed</summary>\n\n"
        "| Code | Status | Layer | Declared | Observed |  |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
        "| `E1` | 404 | service | `GET /a` | `GET /a`<br>`GET /b` |  |\n"
        "| `E2` | 400\\|422 | service |  |  | nothing provokes it |\n\n"
        "</details>\n\n"
        "<details><summary>How to see it again</summary>\n\n"
        "`COD002` fault 3\n\n```sh\ncurl http://127.0.0.1/3\n```\n\n\n"
        "</details>\n"
    )


def test_a_summary_has_room_for_the_worst_and_counts_the_rest():
    report = Report(command="lint", outcome="findings", findings=tuple(map(finding, range(1_000))))
    whole = text(report, View())
    cut = text(report, View(), 20_000)
    assert len(cut.encode()) <= 20_000 < len(whole.encode())
    assert cut.startswith("### errlint lint: 1000 errors\n")
    shown = cut.count("\n| error |")
    assert cut.endswith(f"\nNot shown here, for want of room: {1_000 - shown} more findings, 1000 more commands.\n")
    assert (shown > 100, whole.count("\n| error |"), whole.count("curl ")) == (True, 1_000, 1_000)


def test_a_page_that_is_cut_inside_of_a_fold_closes_it():
    report = Report(command="lint", outcome="findings", findings=tuple(map(finding, range(60))))
    cut = text(report, View(), len(text(report, View()).encode()) - 100)
    assert (cut.count("<details>"), cut.count("</details>")) == (1, 1)
    assert re.search(r"for want of room: \d+ more commands\.\n\Z", cut) is not None


def test_words_of_strangers_are_words():
    assert escaped("a|b `c` <d> *e* [f](g) @h #1 http://i www.j.k ![l] x_y _z_ &amp;") == (
        "a\\|b \\`c\\` \\<d\\> \\*e\\* \\[f\\](g) @&#8203;h #&#8203;1 http&#8203;://i www&#8203;.j.k "
        "\\!\\[l\\] x_y \\_z\\_ &amp;amp;"
    )
    assert [escaped(one) for one in ("# a", "- a", "1. a", "a\nb")] == ["&#8203;# a", "&#8203;- a", "&#8203;1. a", "a\\\\nb"]
    assert [code(one) for one in ("a", "", "a|b", "`", "x" * 400)] == [
        "`a`",
        "",
        "<code>a\\|b</code>",
        "<code>\\`</code>",
        f"`{'x' * 299}…`",
    ]
    assert block("a ```` b") == "`````\na ```` b\n`````"


def test_the_users_own_page_about_a_rule_is_the_only_link():
    assert advice("Declare it. See https://wiki.example/errors#401") == "Declare it. See <https://wiki.example/errors#401>"
    assert advice("See https://a b") == "See http&#8203;s://a b"


def test_every_command_that_reports_has_a_summary(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    old = {"errlint": 1, "service": {"name": "shop"}, "errors": [{"code": "E1", "status": 404}, {"code": "E2", "status": 409}]}
    Path("old.json").write_text(json.dumps(old))
    Path("new.json").write_text(json.dumps({**old, "errors": old["errors"][:1]}))
    assert run(["catalog", "check", "new.json", "-f", "markdown:check.md"]) == 0
    assert run(["catalog", "diff", "old.json", "new.json", "-f", "markdown:diff.md"]) == 1
    assert Path("check.md").read_text().startswith("### errlint catalog check: ")
    lines = Path("diff.md").read_text().splitlines()
    assert (lines[0], lines[4]) == ("### errlint catalog diff: 1 breaking change", "|  | Rule | Finding | Where | Breaking |")
    assert lines[6].endswith(" | breaking |")


def test_several_services_are_a_table_worst_first():
    services = (Service("orders", ("a.yaml",), errors=1, codes=2, declared=1, owner="team|a"), Service("users", ("b.yaml",)))
    report = Report("lint", "findings", services=services, together=Service("", errors=1, codes=2, declared=1))
    assert written("markdown", report, View(code=1)).splitlines()[3:] == [
        "",
        "| service | errors | warnings | declared codes | coverage | owner |",
        "| --- | --- | --- | --- | --- | --- |",
        "| orders | 1 | 0 | 1 of 2 | 50% | team\\|a |",
        "| users | 0 | 0 |  |  |  |",
        "| 2 services | 1 | 0 | 1 of 2 | 50% |  |",
    ]
