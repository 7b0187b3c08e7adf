"""Test results for CI services: as many tests whatever is found, and what fails is what makes exit 1."""

from __future__ import annotations

from pathlib import Path

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase

from errlint.checks.rules import load_all
from errlint.cli.main import run
from errlint.model.finding import Coverage, Finding, Judged, Location, OperationCoverage, Report, Severity, Site, Unknown
from errlint.report import junit
from tests.written import written

ROOT = Path(__file__).parents[2]
RULES = dict.fromkeys(("COD001", "ENV001", "COV001", "CFG007", "CAT001"), Severity.ERROR)
AT = Location("a/openapi.yaml", (), 7, 3)


def finding(rule: str, *operations: str | None, fingerprint: str = "f", **more: object) -> Finding:
    sites = tuple(Site(one, AT, f"{fingerprint}{number}") for number, one in enumerate(operations))
    return Finding(rule, "name", Severity.ERROR, "schema", "what is wrong", AT, fingerprint, "do this", sites=sites, **more)


def of(*findings: Finding, **more: object) -> Report:
    document = Judged("a/openapi.yaml", operations=("GET /v1.0/x", "POST /x"))
    values = {"documents": (document,), "rules": RULES, "failing": frozenset(one.fingerprint for one in findings)}
    return Report(**{"command": "lint", "outcome": "findings", "findings": findings, **values, **more})


def read(text: str) -> tuple[JUnitXml, dict[tuple[str, str], TestCase]]:
    """The suites, and their cases by class and name, none twice; all totals are those of the cases."""
    suites = JUnitXml.fromstring(text.encode())
    cases = [case for suite in suites for case in suite]
    for whole, parts in [(suites, cases), *((suite, list(suite)) for suite in suites)]:
        counted = [sum(isinstance(one, kind) for case in parts for one in case.result) for kind in (Failure, Error, Skipped)]
        assert [whole.tests, whole.failures, whole.errors, whole.skipped] == [len(parts), *counted]
    named = {(case.classname, case.name.split(" ")[0]): case for case in cases}
    assert len(named) == len(cases)
    return suites, named


def test_each_operation_has_a_case_for_each_rule_and_so_have_the_document_and_the_run():
    suites, cases = read(written("junit", of()))
    assert [suite.name for suite in suites] == ["a/openapi.yaml", "errlint lint"]
    assert sorted(cases) == [
        ("a/openapi_yaml.GET /v1_0/x", "COD001"),
        ("a/openapi_yaml.GET /v1_0/x", "ENV001"),
        ("a/openapi_yaml.POST /x", "COD001"),
        ("a/openapi_yaml.POST /x", "ENV001"),
        ("a/openapi_yaml.document", "COD001"),
        ("a/openapi_yaml.document", "ENV001"),
        ("errlint", "lint"),
        ("errlint lint.run", "CFG007"),
        ("errlint lint.run", "COV001"),
    ]


def test_a_finding_fails_the_case_of_each_of_its_operations():
    suites, cases = read(written("junit", of(finding("COD001", "GET /v1.0/x", "POST /x", reproduce="curl x"))))
    assert (suites.tests, suites.failures) == (9, 2)
    failure = cases["a/openapi_yaml.GET /v1_0/x", "COD001"].result[0]
    assert (failure.message, failure.type) == ("what is wrong", "COD001")
    assert failure.text == "error COD001: what is wrong\nat a/openapi.yaml:7:3\nhelp: do this\ncurl x"
    element = cases["a/openapi_yaml.POST /x", "COD001"]._elem
    assert (element.get("file"), element.get("line")) == ("a/openapi.yaml", "7")


def test_what_stands_in_no_operation_fails_the_document_and_what_is_about_all_the_run():
    _, cases = read(written("junit", of(finding("ENV001", None), finding("COV001", None, fingerprint="g"))))
    assert [one for one in cases if cases[one].result] == [
        ("a/openapi_yaml.document", "ENV001"),
        ("errlint lint.run", "COV001"),
    ]


def test_what_does_not_make_exit_1_is_told_and_fails_nothing():
    one, known = finding("COD001", "POST /x"), finding("COD001", "POST /x", fingerprint="k", suppressed="in the baseline")
    suites, cases = read(written("junit", of(one, known, failing=frozenset())))
    assert (suites.failures, cases["a/openapi_yaml.POST /x", "COD001"].system_out) == (
        0,
        "error COD001: what is wrong\nat a/openapi.yaml:7:3\nhelp: do this\n"
        "error COD001 (suppressed: in the baseline): what is wrong\nat a/openapi.yaml:7:3\nhelp: do this",
    )


def test_what_could_not_be_checked_is_skipped_with_the_reason():
    unknown = (Unknown("COD001", "any string is allowed", "POST /x", "404", AT),)
    suites, cases = read(written("junit", of(unknown=unknown)))
    assert (suites.tests, suites.skipped) == (9, 1)
    assert cases["a/openapi_yaml.POST /x", "COD001"].result[0].message == "any string is allowed"
    reached = OperationCoverage("GET /v1.0/x", "reached", 3)
    missed = OperationCoverage("POST /x", "not-probed", 0, "writes are not sent")
    suites, cases = read(written("junit", of(command="probe", coverage=Coverage(operations=(reached, missed)))))
    assert [(one, cases[one].result[0].message) for one in cases if cases[one].result] == [
        (("a/openapi_yaml.POST /x", "COD001"), "writes are not sent"),
        (("a/openapi_yaml.POST /x", "ENV001"), "writes are not sent"),
    ]


def test_a_run_that_failed_is_an_error():
    suites, cases = read(written("junit", Report(command="probe", outcome="unreachable", reason="no answer")))
    error = cases["errlint", "probe"].result[0]
    assert (suites.tests, suites.errors, error.message, error.type) == (1, 1, "no answer", "unreachable")


def test_a_large_document_has_a_case_for_each_group_of_rules(monkeypatch):
    monkeypatch.setattr(junit, "MOST", 3)
    both = (finding("COD001", "POST /x"), finding("COD002", "POST /x", fingerprint="g"))
    suites, cases = read(written("junit", of(*both, rules={**RULES, "COD002": Severity.ERROR})))
    assert [name for class_, name in cases if class_ == "a/openapi_yaml.POST /x"] == ["COD", "ENV"]
    failure = cases["a/openapi_yaml.POST /x", "COD"].result[0]
    assert (suites.failures, failure.type, failure.message) == (1, "COD001 COD002", "what is wrong (and 1 more)")


def test_every_kind_of_subject_has_a_place():
    known = {one for table in (junit.OF_DOCUMENTS, junit.OF_RUNS) for kinds in table.values() for one in kinds}
    assert {subject.__name__ for rule in load_all().values() for subject, _, _ in rule.judges} - known == set()


@pytest.mark.parametrize("select", ["ALL", "CAT"])
def test_the_number_of_tests_does_not_depend_on_what_is_found(select, tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT / "tests/golden/several-files")
    told = []
    for extra in ([], ["--severity", "COD001=warning"], ["--fail-on", "note"], ["--baseline", str(tmp_path / "b.json")]):
        update = ["--baseline-update"] if "--baseline" in extra else []
        out = tmp_path / "out.xml"
        run(
            [
                "lint",
                "openapi.yaml",
                "--catalog",
                "errors.yaml",
                "--extend-select",
                select,
                *extra,
                *update,
                "-f",
                f"junit:{out}",
            ]
        )
        suites, _ = read(out.read_text("utf-8"))
        told.append((suites.tests, suites.failures))
    assert [tests for tests, _ in told] == [told[0][0]] * 4
    assert told[2][1] > told[0][1] > told[1][1] > told[3][1] == 0
