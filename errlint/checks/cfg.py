"""CFG: errlint itself. These are raised by the judge and the configuration, not by a judgement of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from errlint.checks.registry import Hit, Verdict, check
from errlint.model.finding import Location, Severity
from errlint.model.record import record


@record
class RuleWord:
    """A word of the user's that should mean a rule: where it was written, and the rule it is probably about."""

    word: str
    where: str
    location: Location
    known: bool
    meant: str = ""


@check("CFG005", "unknown-rule", Severity.ERROR, RuleWord)
def unknown_rule(word: RuleWord, contract: Any) -> Iterator[Verdict]:
    """A rule id, prefix or name that no rule has."""
    if not word.known:
        told = f"; did you mean {word.meant}?" if word.meant else ""
        yield Hit(f"no rule is called {word.word} ({word.where}){told}", detail=word.word)


@record
class Crash:
    """A rule that raised an exception: its id and name, and what it raised."""

    rule: str
    name: str
    error: str


@check("CFG006", "rule-crashed", Severity.ERROR, Crash)
def rule_crashed(crash: Crash, contract: Any) -> Iterator[Verdict]:
    """A rule that raised: named, so that nothing it would have said is lost in silence."""
    yield Hit(f"rule {crash.rule} ({crash.name}) crashed: {crash.error}", detail=crash.rule)
