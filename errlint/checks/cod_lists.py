"""COD010, COD011: the catalog as documents repeat it: a shared enum that has fallen behind, and codes in descriptions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from errlint.checks.registry import Hit, Verdict, check
from errlint.checks.subjects import Documents
from errlint.checks.words import layers, shown, statuses
from errlint.match import budget
from errlint.match.plan import Plan
from errlint.model import pointer as pointers
from errlint.model.catalog import Category, Code
from errlint.model.claim import Claim, key
from errlint.model.finding import Location, Severity
from errlint.model.record import field, mutable
from errlint.model.spec import Declaration, Node, Operation, Spec, Unresolved
from errlint.model.status import ANY, Statuses

OFF, NOTE, WARNING, ERROR = Severity

LIKE = 0.8
"""The share of common codes (of all that either has) above which an enum is the catalog's list."""
FEW = 3
ENOUGH = 5
MOST_TOLD = 6


@mutable
class Listed:
    """An enum of codes: the layers whose it may be, how many responses have it, and under which statuses."""

    layers: tuple[str, ...]
    uses: set[tuple[str, str]] = field(default_factory=set)
    statuses: set[int] = field(default_factory=set)


@check("COD010", "enum-out-of-sync", WARNING, Documents, alone=OFF)
def enum_out_of_sync(documents: Documents, plan: Plan) -> Iterator[Verdict]:
    """A shared enum that is the catalog's list but for a few; those that it has too many are COD001's."""
    for at, listed in _enums(documents, plan).items():
        values = _values(documents.specs, at)
        if values is None or not (len(listed.uses) > 1 or "code" in _component(at).lower()):
            continue
        for layer in listed.layers:
            missing = list(_missing(plan, layer, values, listed, documents))
            if missing:
                told = ", ".join(str(code.code) for code in missing[:MOST_TOLD])
                more = f" and {len(missing) - MOST_TOLD} more" if len(missing) > MOST_TOLD else ""
                name = _component(at) or "the enum"
                message = f"{name} lists the codes of layer {layer} without {told}{more}"
                yield Hit(message, at=at, layer=layer, detail=told, shared=True)


def _enums(documents: Documents, plan: Plan) -> dict[Location, Listed]:
    """The enums in components that hold codes of closed layers, with their uses."""
    found: dict[Location, Listed] = {}
    for declared in documents.declared:
        for claim in declared.claims:
            if not plan.closed(claim.layers) or not plan.coded(claim.layers) or plan.guessed(claim.envelope):
                continue
            for at in _homes(claim):
                enum = found.setdefault(at, Listed(claim.layers))
                enum.uses.update((use.operation.label, use.status_key) for use in declared.uses)
                enum.statuses |= claim.statuses.values
    return found


def _homes(claim: Claim) -> set[Location]:
    """The enums that hold a claim's codes, those of shared components only."""
    places = (at for _, at in claim.code.scalars() if len(at.pointer) > 2 and at.pointer[-2] == "enum")
    return {Location(at.uri, at.pointer[:-1]) for at in places if _component(Location(at.uri, at.pointer[:-1]))}


def _component(at: Location) -> str:
    """The name of the component that a place stands in, empty where it stands in none."""
    if at.pointer[:1] == ("components",) and len(at.pointer) > 3:
        return at.pointer[2]
    return at.pointer[1] if at.pointer[:1] in (("definitions",), ("$defs",)) and len(at.pointer) > 2 else ""


def _values(specs: Iterable[Spec], at: Location) -> set[Any] | None:
    """All the values of an enum as it is written: a claim may know fewer of them. None where it cannot be read."""
    for spec in specs:
        try:
            node = spec.step(
                Node(spec.uri, (), {"$ref": f"{at.uri if at.uri != spec.uri else ''}#{pointers.text(at.pointer)}"})
            )
        except Unresolved:
            continue
        if node.location == at and isinstance(node.value, list):
            return {key(value) for value in node.value if isinstance(value, (str, int))}
    return None


def _missing(plan: Plan, layer: str, values: set[Any], listed: Listed, documents: Documents) -> Iterator[Code]:
    """The catalog's codes that the enum should have; none where it is no list of them."""
    entries = {key(code.code): code for code in plan.codes if code.layer == layer and code.code is not None}
    alive = {name for name, code in entries.items() if not code.removed and not code.deprecated}
    common, lacking, extra = alive & values, alive - values, values - set(entries)
    like = len(common) >= LIKE * len(alive | values) or (len(lacking) <= FEW and len(extra) <= FEW)
    if len(common) < ENOUGH or not like:
        return
    for name in entries:
        code = entries[name]
        undeclared = not documents.codes_declared.get((code.layer, code.id))
        if name in lacking and (undeclared or code.statuses.values & listed.statuses):
            yield code


WORD = r"(?<![\w-])-?[A-Za-z0-9](?:[\w.-]{0,60}\w)?"
LONGEST_TEXT = 20_000
MOST_WORDS = 2_000


@check("COD011", "code-in-prose", OFF, Declaration)
def code_in_description(declaration: Declaration, plan: Plan) -> Iterator[Verdict]:
    """A response's description that names a code which is unknown, or documented for other statuses."""
    if declaration.error and declaration.statuses is not None:
        yield from _told(declaration.response, declaration.operation, declaration.statuses, plan)


@check("COD011", "code-in-prose", OFF, Operation)
def code_in_operation(operation: Operation, plan: Plan) -> Iterator[Verdict]:
    """An operation's description that names a code which no layer has."""
    yield from _told(operation.node, operation, ANY, plan)


def _told(node: Node, operation: Operation, under: Statuses, plan: Plan) -> Iterator[Hit]:
    names = plan.covering(operation, operation.method, operation.path) if plan else ()
    text = node.value.get("description") if isinstance(node.value, dict) else None
    if not names or not plan.closed(names) or not isinstance(text, str) or plan.catalog is None:
        return
    categories = tuple(plan.catalog.categories.values())
    for word in dict.fromkeys(_words()(text[:LONGEST_TEXT])[:MOST_WORDS]):
        if not _is_code(word, categories):
            continue
        entries = [code for code in plan.codes if str(code.code) == word]
        at = Location(node.uri, (*node.pointer, "description"))
        if not entries:
            meant = plan.closest(names, word)
            told = f"; did you mean {meant}?" if meant else ""
            message = f"the description names {shown(word)}, which is not in the catalog ({layers(names)}){told}"
            yield Hit(message, at=at, code=word, detail=word, shared=True)
        elif not any(code.statuses.values & under.values for code in entries):
            message = f"the description of {under} names {shown(word)}, which is documented for {statuses(entries)}"
            yield Hit(message, at=at, code=word, detail=word, shared=True)


@lru_cache(maxsize=1)
def _words() -> Any:
    return re.compile(WORD).findall


@lru_cache(maxsize=4096)
def _is_code(word: str, categories: tuple[Category, ...]) -> bool:
    """Whether a word has the form of a code of some category: its pattern, or its prefix before a number."""
    for category in categories:
        if category.pattern is not None:
            found = budget.search(category.pattern, word)
            if found is not None and found.group() == word:
                return True
        elif len(category.prefix) > 1 and word.startswith(category.prefix):
            rest = word.removeprefix(category.prefix)
            if rest.isascii() and (rest.isdigit() if category.range is not None else rest.isupper() or rest.isdigit()):
                return True
    return False
