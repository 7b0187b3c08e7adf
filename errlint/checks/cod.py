"""COD: codes and statuses, for every witness: set logic between a claim and the contract."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from errlint.checks.prb_types import is_problem_type
from errlint.checks.registry import Hit, Verdict, check
from errlint.checks.words import layers, seen, shown, statuses
from errlint.match.envelope import allowed
from errlint.match.plan import Plan
from errlint.model.catalog import Code, Place
from errlint.model.claim import Claim, json_type
from errlint.model.finding import Location, Severity
from errlint.model.status import Statuses

OFF, NOTE, WARNING, ERROR = Severity


def codes(claim: Claim) -> Iterator[tuple[Any, Location]]:
    """The single codes that a claim names, each with its place; an open set names those it lists, a pattern none."""
    if not claim.code.listed:
        return
    for value, at in (*claim.code.scalars(), *claim.code.known):
        if value is not None:
            yield value, at


def mistyped(claim: Claim, plan: Plan, value: Any) -> bool:
    """Whether the code's place wants another JSON type."""
    place = plan.signatures[claim.envelope].envelope.roles.get("code")
    return place is not None and not allowed(place, value)


def is_status(claim: Claim, plan: Plan) -> bool:
    """Whether the code's place is the status's own (vLLM's ``code``): a wrong one is COD003's business."""
    roles = plan.signatures[claim.envelope].envelope.roles
    code, status = roles.get("code"), roles.get("status")
    return code is not None and status is not None and (code.pointers, code.extract) == (status.pointers, status.extract)


def contradicts(claim: Claim, plan: Plan) -> bool:
    """Whether the code is the status told in the body, and that is not the status of the answer: COD003 says it."""
    if not claim.observed or not is_status(claim, plan):
        return False
    return not any(status_in(value) in claim.statuses.values for value, _ in claim.told.scalars())


@check("COD001", "undocumented-code", ERROR, Claim, alone=OFF)
def undocumented_code(claim: Claim, plan: Plan) -> Iterator[Verdict]:
    """A code with no candidate left in layers that list all their codes."""
    if not plan.closed(claim.layers) or not plan.coded(claim.layers, claim.statuses) or plan.guessed(claim.envelope):
        return
    if is_problem_type(claim, plan):
        return  # a URI reference is compared as one: PRB003
    if not claim.code.listed and claim.code.finite and not any(plan.entries(claim.layers, v) for v, _ in claim.code.finite):
        message = f"no code that {claim.code.pattern} admits is in the catalog ({layers(claim.layers)})"
        yield Hit(message, at=claim.code.finite[0][1], layer=claim.layer, detail="pattern", part=claim.part, shared=True)
    for value, at in codes(claim):
        entries = plan.entries(claim.layers, value)
        if entries and not (claim.observed and claim.failed == "match"):
            continue
        if not claim.observed and not str(value).strip():
            continue  # an enumeration that has a blank says that there may be no code
        if not entries and (value in ("None", "null") or mistyped(claim, plan, value) or contradicts(claim, plan)):
            continue  # ENV004 or COD003 says it
        meant = plan.closest(claim.layers, value, claim.statuses)
        told = f"; did you mean {meant}?" if meant and not entries else ""
        besides = _besides(claim, entries)
        message = f"code {shown(value)}{besides} is not in the catalog ({layers(claim.layers)}){told}"
        shared = not claim.observed
        yield Hit(message, at=at, code=str(value), layer=claim.layer, detail=besides, part=claim.part, shared=shared)


def _besides(claim: Claim, entries: tuple[Code, ...]) -> str:
    """The further members that tell an entry's code apart, as they came."""
    from errlint.model import pointer as pointers

    wanted = sorted({pointer for entry in entries for pointer in entry.match})
    found = []
    for pointer in wanted:
        try:
            found.append(f"{'.'.join(pointer)} {shown(pointers.get(claim.value, pointer))}")
        except KeyError:
            found.append(f"no {'.'.join(pointer)}")
    return f" with {', '.join(found)}" if found else ""


@check("COD002", "code-under-wrong-status", ERROR, Claim, alone=OFF, applies=lambda claim: claim.observed)
def code_under_wrong_status(claim: Claim, plan: Plan) -> Iterator[Verdict]:
    """A documented code that came under a status that it is not documented for."""
    if claim.failed == "status" and not is_status(claim, plan):
        for value, at in codes(claim):
            yield wrong_status(claim, value, at, claim.candidates, claim.statuses)


def wrong_status(claim: Claim, value: Any, at: Location, entries: tuple[Code, ...], under: Statuses) -> Hit:
    documented = statuses(entries)
    verb = seen(claim, "came with", "its example stands under", "declared under")
    message = f"{shown(value)} is documented for {documented}, {verb} {under}"
    shared = not claim.observed
    return Hit(message, at=at, code=str(value), layer=claim.layer, status=str(under), part=claim.part, shared=shared)


@check("COD003", "body-status-mismatch", ERROR, Claim, applies=lambda claim: claim.observed)
def body_status_mismatch(claim: Claim, plan: Plan) -> Iterator[Verdict]:
    """A status inside the body that is not the status of the answer."""
    told = mismatched(claim)
    if told:
        values = ", ".join(shown(value) for value, _ in told[:3])
        how = seen(claim, "the answer came with", "the example stands under", "")
        message = f"the body says status {values}, {how} {claim.statuses}"
        yield Hit(message, at=told[0][1], layer=claim.layer, detail=values, part=claim.part)


def mismatched(claim: Claim) -> list[tuple[Any, Location]]:
    """The statuses that a body tells, each with its place, where none of them is the answer's; else none."""
    told = [(value, at) for value, at in claim.told.scalars() if value is not None]
    if not claim.statuses or any(status_in(value) in claim.statuses.values for value, _ in told):
        return []
    return told if any(status_in(value) is not None for value, _ in told) else []


def status_in(value: Any) -> int | None:
    """A status as it may be written in a body: 404 or "404"."""
    if isinstance(value, str) and len(value) == 3 and value.isascii() and value.isdigit():
        return int(value)
    return value if json_type(value) == "integer" else None


@check("COD004", "code-of-another-layer", ERROR, Claim, alone=OFF)
def code_of_another_layer(claim: Claim, plan: Plan) -> Iterator[Verdict]:
    """A code that only another layer documents, inside this layer's envelope."""
    for value, at in codes(claim):
        if plan.entries(claim.layers, value):
            continue
        others = plan.elsewhere(claim.layers, value)
        if others:
            owner = others[0].layer
            message = f"{shown(value)} is a code of layer {owner}, it stands in the envelope of {layers(claim.layers)}"
            shared = not claim.observed
            yield Hit(message, at=at, code=str(value), layer=claim.layer, detail=owner, part=claim.part, shared=shared)


def _kind(value: Any) -> str:
    kind = json_type(value)
    return f"an {kind}" if kind == "integer" else f"a {kind}"


@check("COD005", "code-type-or-case", ERROR, Claim, alone=OFF)
def code_type_or_case(claim: Claim, plan: Plan) -> Iterator[Verdict]:
    """A documented code in another spelling: another case, or another JSON type."""
    for value, at in codes(claim):
        if plan.entries(claim.layers, value):
            continue
        entry = plan.respelled(claim.layers, value)
        if entry is None:
            continue
        verb = seen(claim, "came as", "is shown as", "is declared as")
        message = f"code {shown(entry.code)} {verb} {shown(value)}"
        if json_type(entry.code) != json_type(value):
            verb = verb.removeprefix("is ")
            message = f"code {shown(entry.code)} is documented as {_kind(entry.code)}, {verb} {_kind(value)}"
        shared = not claim.observed
        yield Hit(message, at=at, code=str(entry.code), layer=claim.layer, detail=str(value), part=claim.part, shared=shared)


@check("COD012", "missing-code", ERROR, Claim, alone=OFF)
def missing_code(claim: Claim, plan: Plan) -> Iterator[Verdict]:
    """An answer without a code, of a layer whose every entry has one."""
    if not claim.observed or not plan.coded(claim.layers) or plan.guessed(claim.envelope):
        return
    envelope = plan.signatures[claim.envelope].envelope
    place = envelope.roles.get("code")
    if envelope.code_is != "place" or place is None or not place.required:
        return
    if claim.witness == "example" and not place.pointers:
        return  # an example has no headers
    if any(True for _ in codes(claim)) or (claim.code.finite and not claim.code.scalars()):
        return
    state = "is null" if claim.code.finite else "holds no code" if _stands(claim, place) else "is missing"
    message = f"{name_of(claim, plan)} {state}: every error of {layers(claim.layers)} has a code"
    yield Hit(message, layer=claim.layer, detail=state, part=claim.part)


def _stands(claim: Claim, place: Place) -> bool:
    """Whether something stands at the code's place, which its ``extract`` does not match."""
    from errlint.model import pointer as pointers

    return any(True for pointer in place.pointers for _ in pointers.walk(claim.value, pointer))


def name_of(claim: Claim, plan: Plan) -> str:
    """What the place of the code is called: ``error.code``, ``header x-ms-error-code``."""
    place = plan.signatures[claim.envelope].envelope.roles.get("code")
    if place is not None and place.pointers:
        return ".".join(place.pointers[0])
    return f"header {place.header}" if place is not None and place.header else "the code"


@check("COD013", "disagreeing-copies", ERROR, Claim)
def disagreeing_copies(claim: Claim, plan: Plan) -> Iterator[Verdict]:
    """A code that stands in two places which differ."""
    if claim.copies:
        told = ", ".join(f"{where.lstrip('/').replace('/', '.')} is {shown(value)}" for where, value in claim.copies)
        yield Hit(f"one error, {len(claim.copies)} codes: {told}", layer=claim.layer, detail=told, part=claim.part)


@check("COD014", "undocumented-status-of-layer", ERROR, Claim, alone=OFF)
def undocumented_status_of_layer(claim: Claim, plan: Plan) -> Iterator[Verdict]:
    """An answer without a code, of a closed layer that documents no such answer under this status."""
    if not claim.observed or any(True for _ in codes(claim)) or not plan.closed(claim.layers) or claim.failed is None:
        return
    entries = plan.entries(claim.layers, None)
    if not entries or claim.failed == "message":
        return
    lack = "" if all(code.code is None for code in plan.codes if code.layer in claim.layers) else " without a code"
    verb = "documents" if len(claim.layers) == 1 else "document"
    message = f"{layers(claim.layers)} {verb} no error{lack} for {claim.statuses}, only for {statuses(entries)}"
    yield Hit(message, layer=claim.layer, part=claim.part)
