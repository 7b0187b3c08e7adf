"""Checkstyle's XML."""

from __future__ import annotations

from xml.etree import ElementTree

from errlint.model.finding import Location
from errlint.model.record import replace
from errlint.report import checkstyle
from tests.unit.report_cases import EMPTY, FAILED, FULL, KEY, written


def read(text: str) -> list[tuple[str, dict[str, str]]]:
    root = ElementTree.fromstring(text.encode())
    assert (root.tag, root.attrib) == ("checkstyle", {"version": "4.3"})
    return [(file.attrib["name"], error.attrib) for file in root for error in file]


def test_each_file_holds_its_errors() -> None:
    assert written(checkstyle, replace(FULL, findings=(KEY,))) == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<checkstyle version="4.3">\n'
        '  <file name="api/openapi.yaml">\n'
        '    <error line="9" column="9" severity="error"'
        ' message="\'4xx\' is no status code, range or default; did you mean 4XX?" source="errlint.DEC005.bad-status-key"/>\n'
        "  </file>\n"
        "</checkstyle>\n"
    )


def test_what_xml_cannot_spell_is_made_visible() -> None:
    assert [(name, error["line"], error["severity"], error["message"]) for name, error in read(written(checkstyle, FULL))] == [
        ("api/openapi.yaml", "9", "error", KEY.message),
        ("api/openapi.yaml", "1", "info", "no rule is called XYZ999 (--select)"),
        ("svc.example/v1/openapi.json", "3", "warning", "code <ML_9999> & co\\x1b[31m is not in the catalog?"),
    ]


def test_a_hostile_path_stays_an_attribute() -> None:
    path = 'a"><b>\x00\n&.yaml'
    report = replace(FULL, findings=(replace(KEY, location=Location(path, (), 1, 1)),))
    assert [name for name, _ in read(written(checkstyle, report))] == ['a"><b>\\x00\\n&.yaml']


def test_a_run_that_failed_is_an_entry_and_an_empty_one_is_none() -> None:
    assert read(written(checkstyle, EMPTY)) == []
    told = "errlint probe could not finish (unreachable): api/openapi.yaml: nobody answers\\nthere"
    expected = {"line": "4", "column": "2", "severity": "error", "message": told, "source": "errlint"}
    assert read(written(checkstyle, FAILED)) == [("api/openapi.yaml", expected)]
