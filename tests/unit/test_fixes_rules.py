"""Every fixer: its finding is gone, nothing new is found, and there is nothing left to do, in every format."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from errlint.api.fixing import Fixed, fixed, write
from errlint.api.linting import Task, lint_all
from errlint.config import Settings
from errlint.fixes.table import GENERATED as GENERATED_RULES
from errlint.fixes.table import SAFE as SAFE_RULES
from errlint.fixes.table import UNSAFE as UNSAFE_RULES
from errlint.load.source import read
from errlint.model import pointer as pointers
from errlint.model.finding import Report
from tests.unit.fix_cases import Fault, body, catalog_of, near, schema
from tests.unit.fix_cases_safe import SAFE
from tests.unit.fix_cases_unsafe import GENERATED, UNSAFE

FORMATS = {
    "yaml2": lambda data: yaml.safe_dump(data, sort_keys=False, indent=2),
    "yaml4": lambda data: yaml.safe_dump(data, sort_keys=False, indent=4),
    "yaml8": lambda data: yaml.safe_dump(data, sort_keys=False, indent=8),
    "yaml-crlf": lambda data: yaml.safe_dump(data, sort_keys=False).replace("\n", "\r\n"),
    "yaml-flow": lambda data: yaml.safe_dump(data, sort_keys=False, default_flow_style=True),
    "yaml-mixed": lambda data: yaml.safe_dump(data, sort_keys=False, default_flow_style=None),
    "json2": lambda data: json.dumps(data, indent=2),
    "json4": lambda data: json.dumps(data, indent=4) + "\n",
    "json8": lambda data: json.dumps(data, indent=8),
    "json-tab": lambda data: json.dumps(data, indent="\t"),
    "json-crlf": lambda data: json.dumps(data, indent=2).replace("\n", "\r\n"),
    "json-line": lambda data: json.dumps(data, separators=(",", ":")),
}


def task_of(fault: Fault, format_: str, folder: Path) -> Task:
    path = folder / f"openapi.{'json' if format_.startswith('json') else 'yaml'}"
    path.write_bytes(FORMATS[format_](fault.document).encode())
    catalogs: tuple[str, ...] = ()
    if fault.catalog is not None:
        (folder / "errors.json").write_text(json.dumps(fault.catalog))
        catalogs = (str(folder / "errors.json"),)
    return Task((str(path),), catalogs, Settings(extend_select=fault.select, options=fault.options))


def mended(task: Task, unsafe: bool) -> tuple[Report, Fixed, Report]:
    before = lint_all([task])
    done = fixed([task], before, unsafe=unsafe)
    assert write(done) == tuple(done.changes)
    return before, done, lint_all([task])


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


def check(fault: Fault, format_: str, folder: Path, unsafe: bool) -> None:
    task = task_of(fault, format_, folder)
    before, done, after = mended(task, unsafe)
    assert fault.rule in rules(before)
    assert all(finding.fixable for finding in before.findings if finding.rule == fault.rule)
    assert fault.rule in {rule for rule, _, _ in done.applied}, done.skipped
    assert fault.rule not in rules(after), done
    assert rules(after) <= rules(before)
    data = read(str(task.documents[0])).data
    assert {at: pointers.get(data, pointers.parse(at)) for at in fault.wanted} == fault.wanted
    assert fixed([task], after, unsafe=unsafe).changes == {}


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("fault", SAFE, ids=str)
def test_safe(fault: Fault, format_: str, tmp_path: Path) -> None:
    check(fault, format_, tmp_path, unsafe=False)


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("fault", [*UNSAFE, *GENERATED], ids=str)
def test_unsafe(fault: Fault, format_: str, tmp_path: Path) -> None:
    check(fault, format_, tmp_path, unsafe=True)


@pytest.mark.parametrize("fault", [*UNSAFE, *GENERATED], ids=str)
def test_an_unsafe_fix_waits_until_it_is_asked_for(fault: Fault, tmp_path: Path) -> None:
    task = task_of(fault, "yaml2", tmp_path)
    done = fixed([task], lint_all([task]))
    assert fault.rule not in {rule for rule, _, _ in done.applied}
    assert done.held > 0


def test_every_fixer_of_a_document_has_a_case() -> None:
    def about(faults: list[Fault]) -> set[str]:
        return {fault.rule for fault in faults}

    assert about(SAFE) == {rule for rule in SAFE_RULES if not rule.startswith("CAT")}
    assert about(UNSAFE) == {rule for rule in UNSAFE_RULES if not rule.startswith("CAT")}
    assert about(GENERATED) == set(GENERATED_RULES)


LETTERS = catalog_of(
    *({"code": code, "status": 404, "message": f"{code} happened"} for code in ("NOT_HERE_1", "NOT_HERE_2", "GONE_AWAY"))
)


def codes_of(fault: Fault, folder: Path) -> tuple[set[str], Fixed]:
    """The rules that were mended with all fixes, and all that came of it."""
    _, done, _ = mended(task_of(fault, "yaml2", folder), unsafe=True)
    return {rule for rule, _, _ in done.applied}, done


@pytest.mark.parametrize(
    ("example", "examples", "why"),
    [
        (body("NOT_HERE_3", "NOT_HERE_1 happened"), {}, "2 codes are one letter away from NOT_HERE_3"),
        (body("GONE_AWAY1", "GONE_AWAY happened"), {}, "they differ in a digit"),
        (body("GONE_AWAX", "Another thing happened"), {}, "the message beside it is another one's"),
        (
            body("GONE_AWAX", "GONE_AWAY happened"),
            {"b": {"value": body("GONE_AWAY", "GONE_AWAY happened")}},
            "GONE_AWAY is shown",
        ),
    ],
)
def test_a_code_is_not_guessed_where_something_speaks_against_it(example, examples, why, tmp_path):
    shown = {"examples": {"a": {"value": example}, **examples}}
    fault = Fault("COD001", near(schema_=schema({"type": "string"}), **shown), LETTERS, {})
    applied, done = codes_of(fault, tmp_path)
    assert applied & {"COD001", "MSG001"} == set()
    assert [told for rule, told in done.skipped if rule == "COD001" and why in told] != []


def test_no_message_is_written_for_a_code_that_was_guessed(tmp_path):
    codes = [{"code": "GONE_AWAY", "status": 404, "message": "It is gone"}, {"code": "OTHER", "status": 404}]
    document = near(
        schema_=schema({"type": "string", "enum": ["OTHER", "GONE_AWAX"]}),
        examples={"a": {"value": body("OTHER", "x")}, "b": {"value": body("GONE_AWAX", "It was sold")}},
    )
    applied, _ = codes_of(Fault("COD001", document, catalog_of(*codes), {}), tmp_path)
    assert applied & {"COD001", "MSG001"} == set()


def test_safe_fixes_leave_codes_messages_and_promises_alone(tmp_path):
    for fault in UNSAFE:
        task = task_of(fault, "yaml2", tmp_path)
        assert {rule for rule, _, _ in fixed([task], lint_all([task])).applied} <= set(SAFE_RULES)
