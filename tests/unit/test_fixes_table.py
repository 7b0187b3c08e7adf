"""The table of fixable rules, the fixers, and the rules."""

from __future__ import annotations

import subprocess
import sys

from errlint.checks.registry import RULES
from errlint.checks.rules import load_all
from errlint.fixes.fixers import FIXERS
from errlint.fixes.table import KINDS, WITHOUT_CATALOG, fixable
from errlint.model.finding import Finding, Location, Severity
from errlint.model.record import replace

FINDING = Finding("DEC001", "n", Severity.ERROR, "schema", "m", Location("a", ()), "f")


def test_the_table_says_what_the_fixers_are() -> None:
    assert {rule: fixer.kind for rule, fixer in FIXERS.items()} == KINDS


def test_every_fixer_is_about_a_rule() -> None:
    load_all()
    assert set(FIXERS) - set(RULES) == set()


def test_rules_that_need_no_catalog_are_in_the_table() -> None:
    assert set(KINDS) >= WITHOUT_CATALOG


def test_a_finding_is_fixable_where_a_text_can_be_changed() -> None:
    assert fixable(FINDING, True)
    assert not fixable(FINDING, False)
    assert not fixable(replace(FINDING, rule="DEC002"), True)
    assert not fixable(replace(FINDING, witness="live"), True)
    assert not fixable(replace(FINDING, suppressed="known"), True)
    assert fixable(replace(FINDING, rule="DEC005"), False)


def test_the_table_is_imported_without_any_fixer() -> None:
    code = "import sys, errlint.fixes.table; print([m for m in sys.modules if m.startswith('errlint.fixes.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['errlint.fixes.table']\n"
