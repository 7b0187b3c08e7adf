"""One ignore during a run: what it covers, and what it was used for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from errlint.checks.registry import RULES, find
from errlint.match.route import selects
from errlint.model import pointer as pointers
from errlint.model.ignore import Below, Ignore, Selection
from errlint.model.record import field, mutable
from errlint.model.spec import Operation

NO_REASON = "no reason given"


@mutable
class Entry:
    """One ignore during a run: the rules that it covers, which of them it was used for, and which were judged in its scope.

    ``task`` is the number of the contract and settings that it belongs to, ``documents`` are those that it is there for, None
    for whatever is judged. What the catalog's owner accepts is not ``told``: it holds without a reason of the run's.
    """

    ignore: Ignore
    task: int
    rules: frozenset[str]
    expired: bool = False
    told: bool = True
    used: set[str] = field(default_factory=set)
    judged: set[str] = field(default_factory=set)
    documents: Selection | None = None


def meant(word: str) -> frozenset[str]:
    """The ids of the rules that a word means, of those that are loaded."""
    return _meant(word, len(RULES))


@lru_cache(maxsize=1024)
def _meant(word: str, _loaded: int) -> frozenset[str]:
    return frozenset(rule.id for rule in find(word))


def used(entries: Iterable[Entry], rule: str) -> str | None:
    """The reason of the first of these ignores that hold for a rule, None where none does; all of them are of use."""
    reason = None
    for entry in entries:
        if rule in entry.rules and not entry.expired:
            entry.used.add(rule)
            reason = reason or entry.ignore.reason or NO_REASON
    return reason


def note(entries: Iterable[Entry], rules: frozenset[str]) -> None:
    for entry in entries:
        entry.judged |= rules & entry.rules


def unused(entry: Entry) -> tuple[str, ...]:
    """The words of an ignore that were judged in its scope and suppressed nothing; ``ALL`` for one that names no rule."""
    words = entry.ignore.rules or ("ALL",)
    return tuple(word for word in words if meant(word) & entry.judged and not meant(word) & entry.used)


def lives(rule_id: str) -> bool:
    """Whether live answers may break a rule too: an ignore that documents do not need may be there for a probe."""
    return any(subject.__name__ in ("Answer", "Claim") for subject, _, _ in RULES[rule_id].judges)


def names(entry: Entry, code: str | None) -> bool:
    scope: Any = entry.ignore.scope
    return scope.code in ("", code)


def selected(entry: Entry, operation: Operation | None, uris: tuple[str, ...]) -> bool:
    """Whether the operation and the document are those that a config names."""
    scope: Any = entry.ignore.scope
    if scope.path and (operation is None or not selects(scope.path, operation, operation.method, operation.path)):
        return False
    if scope.operation and (operation is None or scope.operation not in (operation.label, operation.operation_id)):
        return False
    if not scope.document:
        return True
    from fnmatch import fnmatchcase  # few configs name documents

    return any(fnmatchcase(uri.removeprefix("./"), scope.document.removeprefix("./")) for uri in uris)


def owner(ignore: Ignore) -> str:
    """What an ignore is about, in fingerprints: never a line."""
    if isinstance(ignore.scope, Below):
        at = ignore.scope.places[0]
        return f"{at.uri}#{pointers.text(at.pointer)} {','.join(ignore.rules)}"
    scope = ignore.scope
    return " ".join((scope.path, scope.operation, scope.code, scope.document, ",".join(ignore.rules)))
