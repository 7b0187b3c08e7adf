"""What reports suggest is what ``--fix`` does."""

from __future__ import annotations

from pathlib import Path

import pytest

from errlint.api.fixing import fixed
from errlint.api.linting import Task, lint_all
from errlint.api.suggesting import suggested
from errlint.cli.main import run
from errlint.model.finding import Report
from errlint.report import rdjson, sarif
from tests.unit.applied import applied, of_rdjson, of_sarif
from tests.unit.fix_cases_safe import SAFE
from tests.unit.report_cases import written
from tests.unit.test_fixes_rules import task_of

SEVERAL = """openapi: 3.1.0
info: {title: größe, version: "1"}
paths:
  /ü: {get: {responses: {'200': {description: ök}, 4xx: {description: ä}, 5xx: {description: "ß"}, '204': {description: d, content: {application/json: {}}}}}}
  /b:
    get:
      responses:
        4xx: {$ref: '#/components/responses/Error'}
        '304':
          description: "naïve"   # stays
          content:
            application/json: {}
            text/plain: {}
        '404': {description: d, content: {application/problem+json: {schema: {}, example: {type: /a, title: t, status: "404"}}}}
components:
  responses:
    Error: {description: e}
"""  # noqa: E501


def both(report: Report, path: Path) -> set[bytes]:
    """The text as the readers of either format mend it."""
    raw = path.read_bytes()
    in_bytes = of_rdjson(written(rdjson, report))
    in_letters = of_sarif(written(sarif, report))
    assert len(in_bytes) == len(in_letters) == 1
    (of_reviewdog,), (of_viewers,) = in_bytes.values(), in_letters.values()
    return {applied(raw, of_reviewdog), applied(raw.decode(), of_viewers).encode()}


def settled(task: Task, path: Path) -> bytes:
    """The text when nothing more is suggested: one fix may uncover the next finding."""
    for _ in range(5):
        report = suggested([task], lint_all([task]))
        if not any(one.suggestions for one in report.findings):
            return path.read_bytes()
        (text,) = both(report, path)
        path.write_bytes(text)
    raise AssertionError("there is always more to mend")


@pytest.mark.parametrize("form", ["yaml2", "yaml-crlf", "yaml-flow", "json2", "json-line"])
@pytest.mark.parametrize("fault", SAFE, ids=str)
def test_suggestions_mend_what_fix_mends(fault, form: str, tmp_path: Path) -> None:
    task = task_of(fault, form, tmp_path)
    path = Path(str(task.documents[0]))
    (wanted,) = [new for _, new in fixed([task], lint_all([task])).changes.values()]
    assert settled(task, path) == wanted


def test_several_findings_on_one_line_do_not_get_in_each_others_way(tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_text(SEVERAL, encoding="utf-8")
    task = Task((str(path),))
    report = suggested([task], lint_all([task]))
    told = [(one.rule, [change.start[0] for change in one.suggestions]) for one in report.findings if one.suggestions]
    assert sorted(told) == [
        ("DEC005", [4]),
        ("DEC005", [4]),
        ("DEC005", [8]),
        *[("DEC006", [4]), ("DEC006", [11])],
        *[("PRB002", [14])],
    ]
    (wanted,) = [new for _, new in fixed([task], lint_all([task])).changes.values()]
    assert both(report, path) == {wanted}


def test_changes_of_one_finding_on_one_line_are_one_suggestion(tmp_path: Path) -> None:
    head = '{"openapi": "3.1.0", "info": {"title": "ü", "version": "1"}, "paths": '
    paths = ", ".join(f'"/ä{number}": {{"get": {{"responses": {{"4xx": {{"description": "d"}}}}}}}}' for number in range(3))
    path = tmp_path / "openapi.json"
    path.write_text(f"{head}{{{paths}}}}}", encoding="utf-8")
    report = suggested([Task((str(path),))], lint_all([Task((str(path),))]))
    ((change,),) = [one.suggestions for one in report.findings if one.suggestions]
    assert change.text.count("4XX") == 3
    assert both(report, path) == {path.read_bytes().replace(b"4xx", b"4XX")}


def test_only_a_format_that_shows_them_asks_for_suggestions(tmp_path: Path, monkeypatch, capsys) -> None:
    asked = []
    monkeypatch.setattr("errlint.api.suggesting.suggested", lambda tasks, report, library: asked.append(1) or report)
    monkeypatch.chdir(tmp_path)
    Path("openapi.yaml").write_text(SEVERAL, encoding="utf-8")
    wanted = {}
    for name in ("text", "json", "gitlab", "checkstyle", "sarif", "rdjson"):
        assert run(["lint", "openapi.yaml", "--isolated", "-f", name]) == 1
        wanted[name] = len(asked)
        asked.clear()
    assert wanted == {"text": 0, "json": 0, "gitlab": 0, "checkstyle": 0, "sarif": 1, "rdjson": 1}


def test_what_may_not_be_written_gets_no_suggestion(tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_text(SEVERAL, encoding="utf-8")
    path.chmod(0o444)
    report = lint_all([Task((str(path),))])
    assert [one for one in suggested([Task((str(path),))], report).findings if one.suggestions] == []
