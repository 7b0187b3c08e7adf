"""Codes listed where a schema allows any text, or more than the catalog has (COD007, COD008)."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.fixes.contract import codes_for
from errlint.fixes.env import member
from errlint.fixes.registry import Case, Offer, Skip, bare, fix
from errlint.match.declared import Declared
from errlint.model.claim import Claim, json_type
from errlint.model.finding import Location
from errlint.model.fix import AddMember, Edit, Fix, Remove
from errlint.model.spec import Node, Unresolved


@fix("COD007", "COD008", kind="generated")
def list_the_codes(case: Case) -> Iterator[Offer]:
    """An ``enum`` of the codes that the catalog has for the statuses under which the schema of the code is used."""
    places: dict[Location, list[str]] = {}
    for declared, _ in case.hits():
        for claim in declared.claims:
            at = _place(case, declared, claim)
            if claim.code.finite is None and at is not None:
                places.setdefault(at, []).extend(claim.layers)
    if not places:
        yield Skip("the schema does not name the code, or is too involved")
    for at, layers in places.items():
        yield _listed(case, at, layers)


def _place(case: Case, declared: Declared, claim: Claim) -> Location | None:
    """Where the schema of the code stands, None where it is not one place."""
    role = case.plan.signatures[claim.envelope].envelope.roles.get("code")
    here: Node | None = declared.schema
    for token in role.pointers[0] if role is not None and role.pointers else ():
        here = member(case, here, token) if here is not None else None
    if here is None or here is declared.schema:
        return None
    try:
        return bare(case.spec.resolve(here).location)
    except Unresolved:
        return None


def _listed(case: Case, at: Location, layers: list[str]) -> Offer:
    schema = case.value(at)
    if not isinstance(schema, dict) or "$ref" in schema or schema.get("type") not in ("string", "integer", None):
        return Skip("the schema of the code is too involved")
    if schema.get("nullable") or schema.get("x-nullable"):
        return Skip("the code may be null")
    if len(set(layers)) > 1:
        return Skip(f"layers {', '.join(dict.fromkeys(layers))} may all answer")
    codes = [code for code in codes_for(case, layers, _statuses(case, at)) if code is not None]
    if not codes:
        return Skip("the catalog has no code for its statuses")
    if schema.get("type") is not None and any(json_type(code) != schema["type"] for code in codes):
        return Skip(f"the codes are no {schema['type']}s")
    edits: list[Edit] = [Remove(Location(at.uri, (*at.pointer, "pattern")))] if "pattern" in schema else []
    edits.append(AddMember(at, "enum", codes))
    return Fix(f"list {len(codes)} codes", tuple(edits))


def _statuses(case: Case, at: Location) -> frozenset[int]:
    """The statuses of all error responses whose code this schema bounds."""
    found: frozenset[int] = frozenset()
    for declared in case.declared:
        for claim in declared.claims:
            if _place(case, declared, claim) == at:
                found |= claim.statuses.values
    return found
