"""Fixes of codes and statuses that a document writes: respelled, moved, or brought in line with the catalog."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from errlint.fixes.guess import against
from errlint.fixes.registry import Case, Offer, Skip, fix
from errlint.fixes.statuses import of_place, single
from errlint.match.nearest import edits as distance
from errlint.model.catalog import Code
from errlint.model.claim import json_type, key
from errlint.model.finding import Location
from errlint.model.fix import AddItem, Edit, Fix, Remove, SetValue

LISTS = ("enum", "x-extensible-enum")


def listed(at: Location) -> bool:
    """Whether a place is an item of a list of values."""
    return len(at.pointer) > 1 and at.pointer[-2] in LISTS and at.pointer[-1].isdigit()


def above(at: Location, levels: int = 1) -> Location:
    return Location(at.uri, at.pointer[:-levels])


def below(at: Location, *tokens: str) -> Location:
    return Location(at.uri, (*at.pointer, *tokens))


@fix("COD001", kind="unsafe")
def write_the_near_code(case: Case) -> Iterator[Offer]:
    """One letter, no digit, away from exactly one code, which fits the status and what is shown beside it."""
    for at in case.anchors:
        value = case.value(at)
        written = case.finding.witness == "example" or listed(at) or at.pointer[-1:] == ("const",)
        if not written or case.plan.entries(case.layers(), value):
            continue
        near = _near(case, value)
        if len(near) != 1:
            yield Skip(f"{len(near)} codes are one letter away from {value}" if near else f"no code is like {value}")
            continue
        code = near[0]
        if not any(entry.statuses.values & of_place(case, at) for entry in case.plan.entries(case.layers(), code.code)):
            yield Skip(f"{code.code}, which is like {value}, is not documented for this status")
        elif listed(at) and code.code in case.value(above(at)):
            yield Skip(f"{code.code}, which is like {value}, is listed already")
        elif why := against(case, at, value, code):
            yield Skip(f"whether {value} is {code.code}, nobody can know: {why}")
        else:
            yield Fix(f"write {code.code} for {value}", (SetValue(at, code.code),))


def _near(case: Case, value: Any) -> list[Code]:
    layers = set(case.layers())
    near: dict[Any, Code] = {}
    for code in case.plan.codes:
        like = code.layer in layers and json_type(code.code) == json_type(value) and len(str(value)) > 3
        if like and distance(str(value), str(code.code)) == 1:
            near.setdefault(code.code, code)
    return list(near.values())


@fix("COD002", kind="unsafe")
def take_out_of_the_list(case: Case) -> Iterator[Offer]:
    """A code in a response's own list, where others of the list do fit."""
    for at in case.anchors:
        if case.finding.witness != "schema" or not listed(at) or at.pointer[0] != "paths":
            yield Skip("whether the code or the status is wrong, nobody can know")
            continue
        statuses = of_place(case, at)
        fitting = [item for item in case.value(above(at)) if _fits(case, item, statuses)]
        if not fitting:
            yield Skip("no code of the list fits this status")
        else:
            yield Fix(f"take {case.value(at)} out of the list", (Remove(at),))


def _fits(case: Case, value: Any, statuses: frozenset[int]) -> bool:
    return any(entry.statuses.values & statuses for entry in case.plan.entries(case.layers(), value))


@fix("COD003", kind="unsafe")
def write_the_status(case: Case) -> Iterator[Offer]:
    """The status of the answer into its body, where the answer has one status only."""
    status = single(case.finding.status)
    if status is None:
        yield Skip("it stands under several statuses")
        return
    for at in case.anchors:
        value = case.value(at)
        if case.finding.witness == "schema" and not _only_under(case, at, status):
            yield Skip("the schema stands under several statuses")
        elif listed(at) and len(case.value(above(at))) != 1:
            yield Skip("the schema lists several statuses")
        elif at.pointer[-1:] == ("const",) or listed(at) or case.finding.witness == "example":
            yield Fix(f"write {status} for {value}", (SetValue(at, str(status) if isinstance(value, str) else status),))
        else:
            yield Skip("the response that says it is shared by others that it is right for")


def _only_under(case: Case, at: Location, status: int) -> bool:
    """Whether only answers of one status tell the status that is written at a place."""
    place = (at.uri, at.pointer)
    for declared in case.declared:
        for claim in declared.claims:
            told = any((where.uri, where.pointer) == place for _, where in claim.told.scalars())
            if told and claim.statuses.values != {status}:
                return False
    return True


@fix("COD005")
def respell(case: Case) -> Iterator[Offer]:
    """The code as the catalog spells it; a list of values as a whole, with its type."""
    for at in case.anchors:
        if listed(at):
            yield from _respelled_list(case, above(at))
            continue
        entry = _meant(case, case.value(at))
        if entry is None:
            yield Skip("several layers spell it otherwise")
            continue
        edits: list[Edit] = [SetValue(at, entry.code)]
        if at.pointer[-1] == "const":
            edits += _retyped(case, above(at), [entry.code])
        yield Fix(f"write {entry.code!r} for {case.value(at)!r}", tuple(edits))


def _meant(case: Case, value: Any) -> Code | None:
    """The one entry whose code this is in another spelling; None where it is known as it is, or nobody can tell."""
    if case.plan.entries(case.layers(), value):
        return None
    found = [case.plan.respelled((layer,), value) for layer in case.layers()]
    entries = {key(entry.code): entry for entry in found if entry is not None}
    return next(iter(entries.values())) if len(entries) == 1 else None


def _respelled_list(case: Case, at: Location) -> Iterator[Offer]:
    items = case.value(at)
    seen = {key(item) for item in items if case.plan.entries(case.layers(), item)}
    edits: list[Edit] = []
    left: list[Any] = []
    words: list[str] = []
    for index, item in enumerate(items):
        entry = _meant(case, item)
        if entry is None:
            left.append(item)
            continue
        words.append(f"{entry.code!r} for {item!r}")
        if key(entry.code) in seen:
            edits.append(Remove(below(at, str(index))))
            continue
        seen.add(key(entry.code))
        left.append(entry.code)
        edits.append(SetValue(below(at, str(index)), entry.code))
    if not edits:
        yield Skip("several layers spell it otherwise")
    else:
        edits += _retyped(case, above(at), left)
        yield Fix(f"write {', '.join(words[:3])}{' ...' if len(words) > 3 else ''}", tuple(edits))


def _retyped(case: Case, schema: Location, values: list[Any]) -> list[Edit]:
    """What makes a schema's type that of its values, where it is another one."""
    written = case.value(schema)
    kinds = {json_type(value) for value in values if value is not None}
    if not isinstance(written, dict) or len(kinds) != 1:
        return []
    kind, edits = next(iter(kinds)), list[Edit]()
    declared = written.get("type")
    if isinstance(declared, str) and declared in ("string", "integer", "number") and declared != kind:
        edits.append(SetValue(below(schema, "type"), kind))
    elif isinstance(declared, list) and kind not in declared:
        wrong = [index for index, name in enumerate(declared) if name in ("string", "integer", "number")]
        edits += [SetValue(below(schema, "type", str(index)), kind) for index in wrong[:1]]
    if edits and "format" in written:
        edits.append(Remove(below(schema, "format")))
    return edits


@fix("COD010", kind="unsafe")
def bring_in_line(case: Case) -> Iterator[Offer]:
    """A shared list of codes as the catalog has it: the missing ones added, those that nobody knows taken out."""
    for at in case.anchors:
        items = case.value(at)
        layers = _layers_of(case, items)
        if layers is None:
            yield Skip("the list holds codes of several layers")
            continue
        missing = list(_missing(case, at, layers))
        strange = [index for index, item in enumerate(items) if item is not None and _strange(case, item)]
        edits: list[Edit] = [Remove(below(at, str(index))) for index in strange]
        edits += [AddItem(at, code) for code in missing]
        told = [f"add {len(missing)}"] * bool(missing) + [f"take {len(strange)} out"] * bool(strange)
        if not edits:
            yield Skip("the codes that it lacks belong to statuses that it is not used under")
        else:
            yield Fix(f"{' and '.join(told)}, as layer {', '.join(layers)} has it", tuple(edits))


def _missing(case: Case, at: Location, layers: tuple[str, ...]) -> Iterator[Any]:
    """The living codes that a list lacks, of the statuses that it is used under: others would be COD002 there."""
    statuses: frozenset[int] = frozenset()
    for one in case.declared:
        for claim in one.claims:
            if any(above(where) == Location(at.uri, at.pointer) for _, where in claim.code.scalars()):
                statuses |= claim.statuses.values
    known = {key(item) for item in case.value(at)}
    for code in case.plan.codes:
        alive = code.layer in layers and code.code is not None and not code.removed and not code.deprecated
        if alive and code.statuses.values & statuses and key(code.code) not in known:
            known.add(key(code.code))
            yield code.code


def _strange(case: Case, value: Any) -> bool:
    """Whether no layer knows a code, in any spelling, nor one like it."""
    if case.plan.entries(case.plan.layers, value) or case.plan.respelled(case.plan.layers, value) is not None:
        return False
    return case.plan.closest(case.plan.layers, value) is None


def _layers_of(case: Case, items: list[Any]) -> tuple[str, ...] | None:
    """The layer whose codes a list holds; None where they are of several."""
    if case.finding.layer in case.plan.layers:
        return (str(case.finding.layer),)
    owners = {entry.layer for item in items for entry in case.plan.entries(case.plan.layers, item)}
    return (next(iter(owners)),) if len(owners) == 1 else None
