"""Fixes of the shape of declared errors: what every error has is required and never null."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.fixes.cod import below
from errlint.fixes.registry import Case, Offer, Skip, bare, fix
from errlint.model.finding import Location
from errlint.model.fix import AddItem, AddMember, Edit, Fix, Remove, SetValue
from errlint.model.pointer import Pointer
from errlint.model.spec import Node, Unresolved

DEEPEST = 20


@fix("ENV003", kind="unsafe")
def require_the_role(case: Case) -> Iterator[Offer]:
    """Every role of the schema that the envelope requires, at once: on each level of its pointer, and not null."""
    for at in dict.fromkeys(map(bare, case.anchors)):
        wanted: dict[Location, tuple[Node, list[str]]] = {}
        edits: list[Edit] = []
        names: list[str] = []
        for declared, hit in case.hits():
            if bare(hit.at or declared.schema.location) != at:
                continue
            roles = [word for word in hit.detail.split() if word in ("code", "message")]
            envelopes = dict.fromkeys(claim.envelope for claim in declared.claims)
            for envelope, role in ((envelope, role) for envelope in envelopes for role in roles):
                place = case.plan.signatures[envelope].envelope.roles.get(role)  # type: ignore[call-overload]
                if place is None or not place.pointers:
                    continue
                end = _walk(case, declared.schema, place.pointers[0], wanted)
                if end is None:
                    continue
                names.append(".".join(place.pointers[0]))
                if "null" not in place.types:
                    edits += _not_null(end)
        for owner, tokens in wanted.values():
            required = owner.get("required")
            if required is None:
                edits.append(AddMember(owner.location, "required", list(dict.fromkeys(tokens))))
            elif isinstance(required.value, list):
                edits += [AddItem(required.location, token) for token in dict.fromkeys(tokens)]
        if edits:
            yield Fix(f"require {' and '.join(dict.fromkeys(names))}", tuple(_unique(edits)))
        else:
            yield Skip("the schema is too involved, or does not name the member")


def _unique(edits: list[Edit]) -> list[Edit]:
    """The edits, each once; new members hold lists, which no set can."""
    unique: list[Edit] = []
    for edit in edits:
        if edit not in unique:
            unique.append(edit)
    return unique


def _walk(case: Case, schema: Node, pointer: Pointer, wanted: dict[Location, tuple[Node, list[str]]]) -> Node | None:
    """The schema of a role's member; on the way it notes, by object schema, the members that are not required yet."""
    here = schema
    noted: list[tuple[Node, str]] = []
    for token in pointer:
        owner = _owner(case, here, token, 0)
        if owner is None:
            return None
        if not _requires(case, here, token, 0):
            noted.append((owner, token))
        here = owner.child("properties", token)
    for owner, token in noted:
        tokens = wanted.setdefault(owner.location, (owner, []))[1]
        tokens.append(token)
    return here


def _parts(case: Case, schema: Node, depth: int) -> Iterator[Node]:
    """A schema and those that hold together with it: what its reference leads to, and its allOf."""
    if depth > DEEPEST or not isinstance(schema.value, dict):
        return
    yield schema
    if "$ref" in schema.value:
        try:
            yield from _parts(case, case.spec.step(schema), depth + 1)
        except Unresolved:
            return
    branches = schema.get("allOf")
    if branches is not None and isinstance(branches.value, list):
        for index in range(len(branches.value)):
            yield from _parts(case, branches.child(str(index)), depth + 1)


def _owner(case: Case, schema: Node, token: str, depth: int) -> Node | None:
    """The object schema that names a member, None where none or only a branch does."""
    for part in _parts(case, schema, depth):
        properties = part.value.get("properties")
        if isinstance(properties, dict) and isinstance(properties.get(token), dict):
            return part
    return None


def _requires(case: Case, schema: Node, token: str, depth: int) -> bool:
    for part in _parts(case, schema, depth):
        required = part.value.get("required")
        if isinstance(required, list) and token in required:
            return True
    return False


def _not_null(schema: Node) -> list[Edit]:
    """What takes null away from a schema, in each dialect's own words."""
    edits: list[Edit] = []
    at, value = schema.location, schema.value
    edits += [Remove(below(at, name)) for name in ("nullable", "x-nullable") if value.get(name) is True]
    kinds = value.get("type")
    if isinstance(kinds, list) and "null" in kinds and len(kinds) > 1:
        others = [kind for kind in kinds if kind != "null"]
        if len(others) == 1:
            edits.append(SetValue(below(at, "type"), others[0]))
        else:
            edits.append(Remove(below(at, "type", str(kinds.index("null")))))
    for keyword in ("anyOf", "oneOf"):
        branches = value.get(keyword)
        nulls = [i for i, one in enumerate(branches) if one == {"type": "null"}] if isinstance(branches, list) else []
        if nulls and len(branches) > len(nulls):
            edits += [Remove(below(at, keyword, str(index))) for index in nulls]
    listed = value.get("enum")
    if isinstance(listed, list) and None in listed and len(listed) > 1:
        edits.append(Remove(below(at, "enum", str(listed.index(None)))))
    return edits


def member(case: Case, schema: Node, name: str) -> Node | None:
    """The schema of one member of an object's schema, through references and allOf; None where none or only a branch has it."""
    owner = _owner(case, schema, name, 0)
    return owner.child("properties", name) if owner is not None else None
