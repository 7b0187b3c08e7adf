"""COD006, COD008, COD009: what the catalog says of a code besides its status: operations, life, and what a pattern lets in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from errlint.checks.beside import AnswerBeside
from errlint.checks.cod import codes
from errlint.checks.registry import Hit, Verdict, check
from errlint.checks.subjects import Documents
from errlint.checks.words import layers, seen, shown
from errlint.match.declared import Declared
from errlint.match.patterns import found_in
from errlint.match.plan import Plan
from errlint.match.route import selects
from errlint.model.catalog import Code
from errlint.model.claim import Claim
from errlint.model.finding import Location, Severity
from errlint.model.spec import Operation

OFF, NOTE, WARNING, ERROR = Severity


def _limited(entries: Iterable[Code]) -> tuple[str, ...]:
    """The selectors of the only operations that may answer one of these entries; none where any may."""
    found: list[str] = []
    for entry in entries:
        if not entry.operations:
            return ()
        found += entry.operations
    return tuple(dict.fromkeys(found))


def _selected(selectors: Iterable[str], operations: Iterable[Operation]) -> bool:
    return any(selects(one, operation, operation.method, operation.path) for one in selectors for operation in operations)


def _elsewhere(value: Any, selectors: tuple[str, ...], verb: str, operations: list[Operation]) -> str:
    """The message: what the code is documented for, and where it stands instead."""
    more = f" and {len(operations) - 1} more" if len(operations) > 1 else ""
    return f"{shown(value)} is documented for {', '.join(selectors[:4])} only, {verb} {operations[0].label}{more}"


@check("COD006", "code-not-for-this-operation", ERROR, AnswerBeside, alone=OFF)
def code_not_for_this_operation(subject: AnswerBeside, plan: Plan) -> Iterator[Verdict]:
    """A code that the catalog limits to other operations than those that this is an answer of."""
    if not subject.operations:
        return
    for claim in subject.answer.claims:
        entries = claim.candidates if claim.failed in (None, "message") else ()
        selectors = _limited(entries)
        for value, at in codes(claim) if selectors and not _selected(selectors, subject.operations) else ():
            verb = seen(claim, "it came from", "its example stands at", "")
            message = _elsewhere(value, selectors, verb, list(subject.operations))
            yield Hit(message, at=at, code=str(value), layer=claim.layer, part=claim.part)


@check("COD006", "code-not-for-this-operation", ERROR, Documents, alone=OFF)
def code_declared_for_other_operations(documents: Documents, plan: Plan) -> Iterator[Verdict]:
    """A code that no operation which declares it may answer; a list that operations share is right where one of them may."""
    if not any(code.operations for code in plan.codes):
        return
    places: dict[tuple[Location, str], tuple[Any, Claim, list[Operation]]] = {}
    for declared in documents.declared:
        for claim in declared.claims:
            for value, at in codes(claim):
                if any(entry.statuses.values & claim.statuses.values for entry in plan.entries(claim.layers, value)):
                    known = places.setdefault((at, str(value)), (value, claim, []))  # else COD002 says it
                    known[2].extend(use.operation for use in declared.uses)
    for (at, _), (value, claim, operations) in places.items():
        selectors = _limited(plan.entries(claim.layers, value))
        if selectors and not _selected(selectors, operations):
            unique = list({operation.label: operation for operation in operations}.values())
            message = _elsewhere(value, selectors, "it is declared by", unique)
            yield Hit(message, at=at, code=str(value), layer=claim.layer, shared=True)


@check("COD008", "pattern-too-wide", NOTE, Declared, alone=OFF)
def pattern_too_wide(declared: Declared, plan: Plan) -> Iterator[Verdict]:
    """A pattern of codes that admits some which the catalog does not have."""
    said: set[tuple[Location | None, str]] = set()
    for claim in declared.claims:
        pattern, at = claim.code.pattern, claim.code.location
        if pattern is None or not claim.code.exact or "string" not in claim.code.types or plan.guessed(claim.envelope):
            continue
        if not plan.closed(claim.layers) or not plan.coded(claim.layers) or (at, pattern) in said:
            continue
        said.add((at, pattern))
        known = frozenset(code.code for code in plan.codes if code.layer in claim.layers and isinstance(code.code, str))
        stranger = _stranger(claim, known)
        if stranger is not None:
            message = f"{pattern[:80]} admits {shown(stranger)}, which is not in the catalog ({layers(claim.layers)})"
            yield Hit(message, at=at, layer=claim.layer, detail="pattern", part=claim.part, shared=True)


def _stranger(claim: Claim, known: frozenset[str]) -> str | None:
    """A text that the pattern admits and the catalog does not have, None where it admits none of the catalog's either."""
    if claim.code.finite is not None:
        listed = [value for value, _ in claim.code.scalars() if isinstance(value, str)]
        if claim.code.listed or not known.intersection(listed):
            return None
        return next((value for value in listed if value not in known), None)
    return _admitted(claim.code.pattern or "", known)


@lru_cache(maxsize=256)
def _admitted(pattern: str, known: frozenset[str]) -> str | None:
    """A text like a catalogued code that a pattern admits: of the same length, so that nothing else can forbid it."""
    for code in sorted(known)[:20]:
        if not found_in(pattern, code):
            return None
        for text in _alike(code):
            if text not in known and found_in(pattern, text):
                return text
    return None


def _alike(code: str) -> Iterator[str]:
    """Texts of the same length: the digits at the end all nines, then another last character."""
    head = code.rstrip("0123456789")
    if head != code:
        yield head + "9" * (len(code) - len(head))
    for last in "0123456789XZxz":
        yield code[:-1] + last


@check("COD009", "retired-code", WARNING, Claim)
def retired_code(claim: Claim, plan: Plan) -> Iterator[Verdict]:
    """A code that the catalog calls deprecated or removed, still declared or returned."""
    for value, at in codes(claim):
        entries = claim.candidates if claim.observed and claim.candidates else plan.entries(claim.layers, value)
        if not entries or not all(entry.deprecated or entry.removed for entry in entries):
            continue
        entry = entries[0]
        state = f"was removed ({entry.removed[:40]})" if entry.removed else "is deprecated"
        verb = seen(claim, "and still returned", "and still shown", "and still declared")
        successor = f"; its successor is {entry.replaced_by}" if entry.replaced_by else ""
        shared = not claim.observed
        yield Hit(
            f"{shown(value)} {state} {verb}{successor}",
            at=at, code=str(value), layer=claim.layer, part=claim.part, shared=shared,
        )  # fmt: skip
