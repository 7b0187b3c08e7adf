"""CFG: errlint itself: what was asked of it, what the user told it to leave out, and how far it came."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from errlint.checks.registry import Hit, Verdict, check
from errlint.checks.words import plural
from errlint.model.finding import Location, Severity
from errlint.model.ignore import Ignore, Misread, Selected
from errlint.model.record import record


@record
class RuleWord:
    """A word of the user's that should mean a rule: where it was written, and the rule it is probably about.

    ``fate`` says what became of a rule that was removed or got another name, empty where neither is so.
    """

    word: str
    where: str
    location: Location
    known: bool
    meant: str = ""
    fate: str = ""


@record
class Suppression:
    """An ignore after a run: its words that were of no use, and whether it is past its end.

    ``decided`` is false where a live answer might still need it.
    """

    ignore: Ignore
    unused: tuple[str, ...]
    decided: bool
    expired: bool


@record
class Stale:
    """How many of a baseline's entries no longer occur, of those that this run covered."""

    gone: int
    entries: int


@record
class Judgement:
    """How many things a run judged, and of how many something could not be decided."""

    judged: int
    undecided: int


@check("CFG001", "unused-suppression", Severity.WARNING, Suppression)
def unused_suppression(suppression: Suppression, contract: Any) -> Iterator[Verdict]:
    """An ignore that covers nothing of what was found; a note where a probe may find it."""
    if suppression.unused:
        words = " and ".join(suppression.unused)
        verb, them = ("is", "it") if len(suppression.unused) == 1 else ("are", "them")
        told = f"{words} {verb} ignored {_where(suppression.ignore)}, nothing of {them} is found"
        if suppression.decided:
            yield Hit(told, detail=words)
        else:
            yield Hit(f"{told} in the document (a live answer may break it)", detail=words, severity=Severity.NOTE)


@check("CFG002", "suppression-without-reason", Severity.WARNING, Suppression)
def suppression_without_reason(suppression: Suppression, contract: Any) -> Iterator[Verdict]:
    """An ignore that does not say why."""
    if not suppression.ignore.reason:
        words = _words(suppression.ignore)
        yield Hit(f"{words} is ignored {_where(suppression.ignore)} without a reason", detail=words)


@check("CFG002", "suppression-without-reason", Severity.WARNING, Misread)
def misread_suppression(misread: Misread, contract: Any) -> Iterator[Verdict]:
    """What was meant as an ignore and cannot be followed: it suppresses nothing."""
    yield Hit(f"this ignore is not understood, it has no effect: {misread.why}", detail=misread.why)


@check("CFG003", "expired-suppression", Severity.ERROR, Suppression)
def expired_suppression(suppression: Suppression, contract: Any) -> Iterator[Verdict]:
    """An ignore past its last day: it has no effect any more."""
    if suppression.expired:
        ignore = suppression.ignore
        why = f" ({ignore.reason})" if ignore.reason else ""
        words = _words(ignore)
        yield Hit(f"{words} was ignored {_where(ignore)} until {ignore.until}{why}: the ignore has ended", detail=words)


def _words(ignore: Ignore) -> str:
    return ", ".join(ignore.rules) or "every rule"


def _where(ignore: Ignore) -> str:
    """``here`` for an ignore in a document; what a config selects."""
    scope = ignore.scope
    if not isinstance(scope, Selected):
        return "here"
    told = [part for part in (scope.path, scope.operation, scope.document) if part]
    told += [f"code {scope.code}"] if scope.code else []
    return f"for {', '.join(told)}" if told else "everywhere"


@check("CFG004", "stale-baseline", Severity.WARNING, Stale)
def stale_baseline(stale: Stale, contract: Any) -> Iterator[Verdict]:
    """Entries of a baseline whose sites no longer occur in the documents that were judged."""
    if stale.gone:
        verb = "occurs" if stale.gone == 1 else "occur"
        entries = "the one entry" if stale.entries == 1 else f"{stale.gone} of {stale.entries} entries"
        yield Hit(f"{entries} of the baseline no longer {verb}", owner="baseline")


@check("CFG005", "unknown-rule", Severity.ERROR, RuleWord)
def unknown_rule(word: RuleWord, contract: Any) -> Iterator[Verdict]:
    """A rule id, prefix or name that no rule has; a warning where one had it, so that an upgrade breaks no build."""
    if word.fate:
        yield Hit(f"{word.fate} ({word.where})", detail=word.word, severity=Severity.WARNING)
    elif not word.known:
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


PERCENT = {"type": "number", "minimum": 0, "maximum": 100, "description": "Share of judged things that may stay undecided"}


@check("CFG007", "too-much-unknown", Severity.OFF, Judgement, options={"max_percent": PERCENT})
def too_much_unknown(judgement: Judgement, contract: Any, max_percent: float = 20) -> Iterator[Verdict]:
    """More undecided than the user accepts: a clean report then says little."""
    if judgement.judged and 100 * judgement.undecided > max_percent * judgement.judged:
        share = 100 * judgement.undecided / judgement.judged
        told = f"{judgement.undecided} of {plural(judgement.judged, 'thing')} could not be decided"
        yield Hit(f"{told} ({share:.0f} %), accepted are {max_percent:g} %", owner="run")
