"""ENV003, ENV004: what stands at the roles of an envelope: required, never null, and of the right JSON type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from errlint.checks.env import is_json_type
from errlint.checks.registry import Hit, Verdict, check
from errlint.match.answer import Answer
from errlint.match.declared import Declared
from errlint.match.envelope import allowed, bind
from errlint.match.fit import Branch, kind, kinds
from errlint.match.plan import Plan
from errlint.model.catalog import Place, Role
from errlint.model.claim import ABSENT_VALUES, Claim, Values, json_type
from errlint.model.finding import Location, Severity
from errlint.model.pointer import Pointer

OFF, NOTE, WARNING, ERROR = Severity


def _convicts(declared: Declared) -> bool:
    return bool(declared.claims) and not declared.framework


@check("ENV003", "role-not-required", WARNING, Declared, applies=_convicts)
def role_not_required(declared: Declared, plan: Plan) -> Iterator[Verdict]:
    """A code or message that the envelope requires and the declared schema leaves optional or nullable."""
    said: set[str] = set()
    found: dict[tuple[Location, str, str], tuple[Claim, list[tuple[str, str]]]] = {}
    for claim in declared.claims:
        branch, signature = declared.branches[claim.part], plan.signatures[claim.envelope]
        for role, values in (("code", claim.code), ("message", claim.message)):
            if plan.guessed(claim.envelope) or not values.exact:
                continue  # what is guessed or cut off proves nothing
            if role not in signature.required_roles or role in said:
                continue
            place = signature.envelope.roles[role]
            if branch.lacks.intersection(place.pointers):
                continue  # ENV004: it is not optional, it is not there
            state, at = _loose(declared, branch, place, values)
            if at is not None:
                said.add(role)
                names = found.setdefault((at, state, claim.envelope), (claim, []))[1]
                names.append((role, ".".join(place.pointers[0])))
    for (at, state, envelope), (claim, names) in found.items():
        be, all_ = ("are", "both") if len(names) > 1 else ("is", "one")
        message = f"{' and '.join(name for _, name in names)} {be} {state}: every {envelope} error has {all_}"
        detail = f"{' '.join(role for role, _ in names)} {state}"
        yield Hit(message, at=at, layer=claim.layer, detail=detail, part=claim.part, shared=True)


def _loose(declared: Declared, branch: Branch, place: Place, values: Values) -> tuple[str, Location | None]:
    """Whether a role is optional or nullable, and where: the object whose ``required`` lacks it, or its schema; else None."""
    if values.presence != "required":
        return "optional", _lax(declared, branch, place.pointers[0])
    if "null" in values.types and place.types and "null" not in place.types:
        return "nullable", schema_of(values) or _home(declared, branch)
    return "", None


def _lax(declared: Declared, branch: Branch, pointer: Pointer) -> Location | None:
    """The first object on the way that does not require the next member; None where a list may be too short."""
    for depth in range(1, len(pointer) + 1):
        if branch.values.get(pointer[:depth], ABSENT_VALUES).presence != "required":
            return None if pointer[depth - 1].isdigit() else _object(declared, branch, pointer[: depth - 1])
    return _object(declared, branch, pointer[:-1])


def _object(declared: Declared, branch: Branch, pointer: Pointer) -> Location:
    """The schema of an object on the way to a role."""
    return schema_of(branch.values.get(pointer, ABSENT_VALUES)) or _home(declared, branch)


def _home(declared: Declared, branch: Branch) -> Location:
    return branch.at or declared.schema.location


def schema_of(values: Values) -> Location | None:
    """The schema of what may stand at a place, None where there are several."""
    at = values.location
    if at is not None and at.pointer[-1:] == ("pattern",) and at.pointer[-2:-1] != ("properties",):
        return Location(at.uri, at.pointer[:-1])
    return at


def disjoint(place: Place, values: Values) -> bool:
    """Whether what may stand at a place is surely never of the place's JSON types."""
    if values.finite is not None or not values.exact or values.presence == "absent" or place.extract is not None:
        return False
    wanted, held = set(place.types) or {"string", "integer", "number", "boolean", "null"}, set(values.types)
    for kinds_ in (wanted, held):
        kinds_.update(("integer",) if "number" in kinds_ else ())
    return bool(held) and wanted.isdisjoint(held)


def _roles(claim: Claim, plan: Plan) -> Iterator[tuple[Role, Place, Values]]:
    """The roles that a claim is judged by, each with its place and what stands there; a code's twin is told once."""
    signature = plan.signatures.get(claim.envelope)
    if signature is None or plan.guessed(claim.envelope):
        return
    roles = signature.envelope.roles
    code_place = roles.get("code")
    found: tuple[tuple[Role, Values], ...] = (("code", claim.code), ("message", claim.message), ("status", claim.told))
    for role, values in found:
        place = roles.get(role)
        if place is None or place.extract is not None:
            continue
        if role == "status" and code_place is not None and set(place.pointers) == set(code_place.pointers):
            continue
        yield role, place, values


def _named(place: Place) -> str:
    return ".".join(place.pointers[0]) if place.pointers else f"header {place.header}"


@check("ENV004", "wrong-role-type", ERROR, Claim, alone=OFF)
def wrong_role_type(claim: Claim, plan: Plan) -> Iterator[Verdict]:
    """A role's value of the wrong JSON type, or the text "None" for null."""
    for role, place, found in _roles(claim, plan):
        if found == ABSENT_VALUES:
            continue
        if not claim.observed and disjoint(place, found):
            message = f"{_named(place)} is {kinds(found.types)}, not {_wanted(place)}"
            at, detail = schema_of(found) or claim.location, f"{role} {' '.join(sorted(found.types))}"
            yield Hit(message, at=at, layer=claim.layer, detail=detail, part=claim.part, shared=True)
        yield from _typed(claim, plan, role, place, found)


def _wanted(place: Place) -> str:
    return " or ".join(map(kind, place.types)) or "a scalar"


def _typed(claim: Claim, plan: Plan, role: str, place: Place, found: Values) -> Iterator[Verdict]:
    name = _named(place)
    for value, at in found.finite or ():
        if role == "code" and (value is None or plan.respelled(claim.layers, value) or plan.elsewhere(claim.layers, value)):
            continue
        if value in ("None", "null") and isinstance(value, str) and not plan.entries(claim.layers, value):
            message = f'{name} is the text "{value}", not a {role}'
        elif not allowed(place, value):
            message = f"{name} is {kind(json_type(value))}, not {_wanted(place)}"
        else:
            continue
        shared = not claim.observed
        yield Hit(message, at=at, layer=claim.layer, detail=f"{role} {json_type(value)}", part=claim.part, shared=shared)


@check("ENV004", "wrong-role-type", ERROR, Declared, alone=OFF, applies=lambda d: _convicts(d) and is_json_type(d))
def lacking_role(declared: Declared, plan: Plan) -> Iterator[Verdict]:
    """A role that the envelope requires and the declared schema has no member for: it forbids it, or lists others."""
    for claim in declared.claims:
        branch, required = declared.branches[claim.part], plan.signatures[claim.envelope].required_roles
        for role, place, _ in _roles(claim, plan):
            lacking = branch.lacks.intersection(place.pointers)
            if not lacking or role not in required or (role == "code" and plan.entries(claim.layers, None)):
                continue
            at = _object(declared, branch, next(iter(lacking))[:-1])
            message = f"{_named(place)} is missing: the schema lists no such member"
            yield Hit(message, at=at, layer=claim.layer, detail=f"{role} missing", part=claim.part, shared=True)


@check("ENV004", "wrong-role-type", ERROR, Answer, alone=OFF)
def missing_role(answer: Answer, plan: Plan) -> Iterator[Verdict]:
    """A required message or status that an answer has not; a code is COD012's."""
    for claim in answer.claims:
        signature = plan.signatures.get(claim.envelope)
        for role, place, found in _roles(claim, plan) if signature is not None else ():
            if found == ABSENT_VALUES and role != "code" and signature is not None and role in signature.required_roles:
                message, at = f"{_named(place)} is missing", _without(answer, claim, place)
                yield Hit(message, at=at, layer=claim.layer, detail=f"{role} missing", part=claim.part)


def _without(answer: Answer, claim: Claim, place: Place) -> Location | None:
    """The object of an example that lacks a role; a live answer stands at its operation."""
    from errlint.model import pointer as pointers

    root = answer.location
    if claim.witness != "example" or not place.pointers:
        return None
    inner: Any = claim.value
    at: Pointer = ()
    for token in bind(place.pointers[0], claim.location.pointer[len(root.pointer) :])[:-1]:
        try:
            inner = pointers.step(inner, token)
        except KeyError:
            break
        at = (*at, token)
    return Location(root.uri, (*root.pointer, *at))
