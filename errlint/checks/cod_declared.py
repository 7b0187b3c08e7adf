"""COD002, COD003, COD007 for declarations: a response's codes and statuses, held against all the uses that share them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from errlint.checks.cod import codes, is_status, mismatched, name_of, status_in, wrong_status
from errlint.checks.env_roles import disjoint, schema_of
from errlint.checks.registry import Hit, Unsure, Verdict, check
from errlint.checks.words import layers, shown, statuses
from errlint.match.declared import Declared
from errlint.match.plan import Plan
from errlint.model.catalog import Code
from errlint.model.claim import Claim
from errlint.model.finding import Location, Related, Severity
from errlint.model.spec import Declaration
from errlint.model.status import ERRORS, one

OFF, NOTE, WARNING, ERROR = Severity

MOST_TOLD = 4


@check("COD002", "code-under-wrong-status", ERROR, Declared, alone=OFF)
def code_declared_under_wrong_status(declared: Declared, plan: Plan) -> Iterator[Verdict]:
    """A documented code that no response which lists it declares under its status, or a use that no listed code fits."""
    wrong = [hit for claim in declared.claims for hit in _nowhere_right(declared, claim, plan)]
    yield from wrong or _misused(declared, plan)


def _nowhere_right(declared: Declared, claim: Claim, plan: Plan) -> Iterator[Hit]:
    """The codes of a list that fit none of the responses which share it."""
    for value, at in codes(claim) if not is_status(claim, plan) else ():
        entries = plan.entries(claim.layers, value)
        under = declared.spread.get(at, claim.statuses)
        if entries and not any(entry.statuses.values & under.values for entry in entries):
            yield wrong_status(claim, value, at, entries, under)


def _misused(declared: Declared, plan: Plan) -> Iterator[Hit]:
    """The use of a shared response, or of a shared schema, under a status that no code of its list fits."""
    listed = _listed(declared, plan)
    under = _whole(declared.declaration)
    if not listed or any(entry.statuses.values & under for _, _, entries in listed for entry in entries):
        return
    if any(_elsewhere(declared, mismatched(claim)) for claim in declared.claims):
        return  # COD003 says it of the same use
    told = ", ".join(f"{shown(value)}: {statuses(entries)}" for value, _, entries in listed[:MOST_TOLD])
    more = f" and {len(listed) - MOST_TOLD} more" if len(listed) > MOST_TOLD else ""
    first, claim = listed[0], declared.claims[0]
    name, status = _shared_name(declared), str(claim.statuses)
    yield Hit(
        f"no code of {name} is documented for {status} ({told}{more})",
        at=declared.location,
        code=str(first[0]) if len(listed) == 1 else None,
        layer=claim.layer,
        status=status,
        detail=f"use of {name}",
        related=(Related(_list_of(first[1]), "its codes"),),
    )


def _listed(declared: Declared, plan: Plan) -> list[tuple[Any, Location, tuple[Code, ...]]]:
    """All the codes that a declared error may have, each with its place and entries; none where another may come."""
    listed: list[tuple[Any, Location, tuple[Code, ...]]] = []
    if any(branch.fit != "match" for branch in declared.branches):
        return []
    for claim in declared.claims:
        coded = plan.coded(claim.layers)
        if plan.guessed(claim.envelope) or is_status(claim, plan) or claim.code.finite is None or not claim.code.listed:
            return []
        if not coded and claim.code.presence != "required":
            return []
        for value, at in claim.code.finite:
            if value is None and coded:
                continue  # ENV003
            entries = plan.entries(claim.layers, value)
            if not entries:
                return []
            listed.append((value, at, entries))
    return listed


def _whole(declaration: Declaration) -> frozenset[int]:
    """The statuses that a key may mean, whatever is declared beside it: a catch-all may share the list of all codes."""
    key = declaration.status_key
    if key == "default":
        return ERRORS
    try:
        return one(key.upper()).values
    except ValueError:
        return ERRORS


def _list_of(at: Location) -> Location:
    """The list that a code stands in."""
    return Location(at.uri, at.pointer[:-1]) if at.pointer[-2:-1] == ("enum",) else at


def _shared_name(declared: Declared) -> str:
    """The name of the shared response, else of the shared schema, else of neither."""
    for node in (declared.declaration.response, declared.schema):
        if node.pointer[:1] in (("components",), ("responses",), ("definitions",)):
            return node.pointer[2 if node.pointer[0] == "components" and len(node.pointer) > 2 else -1]
    return "this response"


@check("COD003", "body-status-mismatch", ERROR, Declared)
def declared_status_mismatch(declared: Declared, plan: Plan) -> Iterator[Verdict]:
    """A status that a declared body tells and that the response is not declared under; at the use where others fit."""
    for claim in declared.claims:
        told = mismatched(claim) if claim.told.exact else []
        if not told:
            continue
        values = ", ".join(shown(value) for value, _ in told[:3])
        message = f"the body says status {values}, the answer is declared under {claim.statuses}{_apart(declared, told)}"
        at, elsewhere = told[0][1], _elsewhere(declared, told)
        yield Hit(
            message,
            at=declared.location if elsewhere else at,
            layer=claim.layer,
            detail=values,
            part=claim.part,
            related=(Related(at, "the status that it says"),) if elsewhere else (),
        )


def _elsewhere(declared: Declared, told: list[tuple[Any, Location]]) -> bool:
    """Whether statuses that are told in a body are right for other responses that share it."""
    return any(status_in(value) in declared.spread[at].values for value, at in told)


def _apart(declared: Declared, told: list[tuple[Any, Location]]) -> str:
    """Why a range or ``default`` does not hold a status: another response of the operation is declared for it."""
    key, keys = declared.declaration.status_key, declared.declaration.operation.statuses
    if key.isdigit():
        return ""
    own = [str(status) for status in (status_in(value) for value, _ in told) if str(status) in keys]
    others = [status for status in own if key == "default" or key[:1] == status[:1]]
    return f" ({others[0]} is declared by itself)" if others else ""


@check("COD007", "open-code-domain", WARNING, Declared, alone=NOTE, folds=True, applies=lambda d: bool(d.claims))
def open_code_domain(declared: Declared, plan: Plan) -> Iterator[Verdict]:
    """A declared code that may be any text: nothing can be checked."""
    for claim in declared.claims:
        envelope = plan.signatures[claim.envelope].envelope
        if envelope.code_is != "place" or not plan.coded(claim.layers) or claim.code.presence == "absent":
            continue
        place = envelope.roles["code"]
        if plan.guessed(claim.envelope):
            yield Unsure("error codes: the catalog names no envelope")
            return
        if declared.branches[claim.part].lacks.intersection(place.pointers) or disjoint(place, claim.code):
            continue  # ENV004
        if not claim.code.exact:
            yield Unsure("error codes: the schema is too involved, or part of it cannot be read")
            return
        if claim.code.finite is None and claim.code.pattern is not None:
            yield Unsure("error codes: only a pattern bounds them")
            return
        if claim.code.finite is None and not claim.code.known:
            kind = _kind(claim)
            if not plan.closed(claim.layers):
                yield Unsure(f"error codes: any {_word(kind)} is allowed")
                return
            yield Hit(
                f"{name_of(claim, plan)} may be any {kind}: the codes of {layers(claim.layers)} cannot be checked here",
                at=schema_of(claim.code),
                merged=f"{{share}} declared error responses allow any {kind} as code: their codes cannot be checked",
                layer=claim.layer,
                part=claim.part,
            )
            yield Unsure(f"error codes: any {_word(kind)} is allowed")
            return


def _word(kind: str) -> str:
    return "string" if kind == "text" else kind


def _kind(claim: Claim) -> str:
    """What an open code may be: a text, or where no text is possible an integer or a number."""
    if "string" in claim.code.types:
        return "text"
    return next((kind for kind in ("number", "integer") if kind in claim.code.types), "text")
