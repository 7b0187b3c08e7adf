"""The text report: one finding in few lines."""

from __future__ import annotations

from errlint.model.finding import Finding, Location, Severity, Site
from errlint.report.text import paragraph


def test_places_that_are_equal_are_told_once() -> None:
    at = Location("shop.py", (), 34)
    sites = (*(Site(None, at, f"{number}") for number in range(5)), Site(None, Location("shop.py", (), 40), "5"))
    finding = Finding("COV001", "undeclared-code", Severity.WARNING, "schema", "6 codes", at, "f", sites=sites)

    assert list(paragraph(finding, False, False)) == ["warning COV001 undeclared-code: 6 codes", "   shop.py:34 · :40"]
