"""The envelopes that a document declares: the shapes of its error schemas, recognised as shipped ones or written anew."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from errlint.draft.documents.leaves import leaves
from errlint.draft.documents.shapes import Shape, shape_of, words
from errlint.draft.merge import MAIN
from errlint.draft.names import plain
from errlint.draft.recognised import ENOUGH
from errlint.load.envelopes import shipped_envelopes
from errlint.match.declared import framework_of
from errlint.match.domain import variants
from errlint.match.envelope import PROBLEM_MEMBERS, Signature
from errlint.match.fit import fit
from errlint.match.framing import is_json
from errlint.model import pointer as pointers
from errlint.model.claim import ABSENT_VALUES, Variant, key
from errlint.model.draft import Draft
from errlint.model.pointer import Pointer
from errlint.model.record import field, mutable, replace
from errlint.model.spec import Declaration, Node, Spec, Unresolved

FRAMEWORK = "framework"
"""The layer of what a framework answers before the service is asked; the service's own errors are those of MAIN."""

ANYWHERE = {"applies_to": "all-operations", "in_spec": "optional", "codes": "open"}
"""How a framework answers: to every request, and documents need not say so."""

PROBLEM = "problem-json"
FRAMEWORK_BODIES = {
    "FastAPI": "fastapi-detail",
    "flask-smorest": "flask-smorest",
    "APIFlask": "apiflask",
    "Litestar": "litestar",
    "ASP.NET": PROBLEM,
}
"""The shipped envelopes of the schemas that frameworks generate."""

GENERATORS = frozenset(("FastAPI", "flask-smorest", "APIFlask", "Litestar"))
"""Frameworks that declare their own default body for operations that may answer another one."""

MOST_PLAIN = 6
"""Envelopes without a code that are written; those used most."""


@mutable
class Group:
    """The error schemas of one shape in one layer, and the declarations that use them."""

    layer: str
    shape: Shape
    schemas: list[Node] = field(default_factory=list)
    uses: list[Declaration] = field(default_factory=list)
    framework: str = ""
    problem: bool = False

    @property
    def name(self) -> str:
        """The name of the component that is used most, as an id; ``error`` where none has a name."""
        names = [_component(schema) for schema in self.schemas]
        best = max(names, key=names.count, default="")
        spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", best.rpartition(".")[2])
        id_ = re.sub(r"[^a-z0-9._-]+", "-", spaced.lower()).strip("-._")[:60].strip("-._")
        return id_ if id_[:1].isalpha() else "error"


@mutable
class Shapes:
    """The shapes of a document's error responses, and the declarations whose bodies have neither code nor message."""

    groups: list[Group] = field(default_factory=list)
    odd: list[Declaration] = field(default_factory=list)
    bare: int = 0
    """Error responses without a schema."""


def shapes_of(spec: Spec) -> Shapes:
    """The shapes of the error schemas of a document, in its order."""
    found = Shapes()
    known: dict[tuple[str, Pointer], Shape | None] = {}
    groups: dict[tuple[Any, ...], Group] = {}
    for declaration in spec.declarations:
        if not declaration.error or declaration.statuses is None:
            continue
        if declaration.schema is None:
            found.bare += 1
            continue
        schema = followed(declaration.schema, spec)
        at = (schema.uri, schema.pointer)
        if at not in known:
            known[at] = shape_of(schema, spec)
        framework, problem = _framework(schema, spec), _is_problem(declaration)
        shape = known[at] or (Shape() if framework or problem else None)
        if shape is None:
            found.odd += [declaration] if _json(declaration) else []
            continue
        own = framework if not shape.listed else ""
        layer = declaration.layer or (FRAMEWORK if own in GENERATORS else MAIN)
        group = groups.setdefault((layer, own, problem, *shape.key), Group(layer, shape, [], [], own, problem))
        group.shape = _both(group.shape, shape)
        group.schemas.append(schema)
        group.uses.append(declaration)
    found.groups = list(groups.values())
    return found


def _framework(schema: Node, spec: Spec) -> str:
    """The framework whose generated schema this is, by the component's name and a member that it has there."""
    found = framework_of(schema, spec)
    wanted = {"FastAPI": {"detail"}, "ASP.NET": set(PROBLEM_MEMBERS)}.get(found)
    return found if wanted is None or wanted & _members(schema, spec) else ""


def followed(schema: Node, spec: Spec) -> Node:
    """The schema behind a reference."""
    try:
        return spec.resolve(schema)
    except Unresolved:
        return schema


def _is_problem(declaration: Declaration) -> bool:
    return declaration.bare_type.endswith("problem+json")


def _json(declaration: Declaration) -> bool:
    return is_json(declaration.bare_type) or declaration.bare_type in ("*/*", "application/*", "")


def _both(one: Shape, other: Shape) -> Shape:
    """The shape of both: any type of either, required where both require it."""
    changes = {}
    for role in ("code", "message", "status", "request_id"):
        mine, theirs = getattr(one, role), getattr(other, role)
        if mine is not None and theirs is not None:
            changes[role] = replace(mine, types=mine.types | theirs.types, required=mine.required and theirs.required)
    return replace(one, codes=(*one.codes, *other.codes), rival=one.rival or other.rival, **changes)


def envelopes(shapes: Shapes, spec: Spec) -> Draft:
    """The envelopes and layers of a document, without entries."""
    written: dict[str, Mapping[str, Any]] = {}
    layers: dict[str, list[str]] = {}
    doubts: list[str] = []
    bare = sorted((group for group in shapes.groups if group.shape.code is None), key=lambda one: -len(one.uses))
    listing = [group for group in shapes.groups if group.shape.listed]
    main = max(listing, key=lambda group: len(group.uses), default=None)
    for group in shapes.groups:
        if group in bare[MOST_PLAIN:]:
            shapes.odd += group.uses
            continue
        id_, envelope = _written(group, spec, written)
        written.setdefault(id_, envelope)
        layer = id_ if group.layer == MAIN and _apart(group, main) else group.layer
        layers.setdefault(layer, [])
        layers[layer] += [id_] if id_ not in layers[layer] else []
        doubts += _doubts(group)
    return Draft(
        envelopes=written,
        layers={id_: _layer(id_, names) for id_, names in sorted(layers.items(), key=lambda item: item[0] == FRAMEWORK)},
        doubts=tuple(doubts),
    )


def _layer(id_: str, names: list[str]) -> dict[str, Any]:
    envelope: Any = names[0] if len(names) == 1 else names
    return {"envelope": envelope, **(ANYWHERE if id_ == FRAMEWORK else {})}


def _doubts(group: Group) -> Iterator[str]:
    shape = group.shape
    if shape.code is not None and not shape.code.required and shape.listed:
        yield (
            f"{group.name}: no schema requires {pointers.text(shape.code.pointer)}; does every error have it? "
            "Then leave out required: false"
        )
    if shape.rival is not None and shape.code is not None:
        yield (
            f"{group.name}: the code is read at {pointers.text(shape.code.pointer)}, whose values are listed; "
            f"is it {pointers.text(shape.rival)}, which may be anything?"
        )


def _apart(group: Group, main: Group | None) -> bool:
    """Whether the codes of a shape have nothing to do with those of the shape that is used most: another member's values."""
    if main is None or main is group or main.shape.code is None or group.shape.code is None or not group.shape.listed:
        return False
    names = {plain(one.shape.code.pointer[-1]) for one in (main, group) if one.shape.code is not None}
    return len(names) > 1 and {key(code) for code in main.shape.codes}.isdisjoint(key(code) for code in group.shape.codes)


def _written(group: Group, spec: Spec, taken: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """(id, what a catalog writes) of a group's envelope."""
    id_ = _shipped(group, spec)
    if id_ is not None:
        code = group.shape.code
        if id_ == PROBLEM and code is not None and code.pointer != ("type",):
            own: dict[str, Any] = {"use": PROBLEM, "code": words(group.shape)["code"]}
            return _free("problem", own, taken), own
        return id_, {"use": id_}
    envelope = words(group.shape)
    if group.problem:
        envelope["media_types"] = ["application/problem+json"]
    if group.shape.code is not None and not any(part and part.required for part in (group.shape.code, group.shape.message)):
        envelope["generic"] = False
    return _free(group.name, envelope, taken), envelope


def _free(name: str, envelope: Mapping[str, Any], taken: Mapping[str, Any]) -> str:
    """The name, with a number where another envelope has it."""
    id_, number = (f"{name}-body" if name in shipped_envelopes() else name), 2
    while taken.get(id_, envelope) != envelope:
        id_, number = f"{name}-{number}", number + 1
    return id_


def _shipped(group: Group, spec: Spec) -> str | None:
    """The shipped envelope that all schemas of a group surely are, None where there is none."""
    if group.framework in FRAMEWORK_BODIES:
        return FRAMEWORK_BODIES[group.framework]
    if group.problem:
        named = [_members(schema, spec) for schema in _distinct(group.schemas)]
        return PROBLEM if all(len(members.intersection(PROBLEM_MEMBERS)) > 1 for members in named) else None
    code, message = (part.pointer if part else None for part in (group.shape.code, group.shape.message))
    for id_, envelope in shipped_envelopes().items():
        roles = envelope.roles
        own = roles["code"].pointers if "code" in roles else (None,)
        says = roles["message"].pointers if "message" in roles else (None,)
        if envelope.generic or id_ == PROBLEM or code not in own or message not in says or len(own) > 1:
            continue
        signature = Signature(envelope)
        if all(_surely(schema, signature, spec) for schema in _distinct(group.schemas)):
            return id_
    return None


def _members(schema: Node, spec: Spec) -> frozenset[str]:
    """The members at the top of a schema."""
    return frozenset(leaf.pointer[0] for leaf in leaves(schema, spec))


def _distinct(schemas: Iterable[Node]) -> Iterable[Node]:
    return {(schema.uri, schema.pointer): schema for schema in schemas}.values()


def _surely(schema: Node, signature: Signature, spec: Spec) -> bool:
    """Whether every way to meet a schema is an envelope: nothing required missing, nothing beside it, and enough to tell."""
    asked = sorted(part.pointer for part in signature.parts)
    ways = variants(schema, asked, spec.step, spec.dialect)
    return bool(ways) and all(_is(dict(way.values), way, signature) and _tells(way, signature) for way in ways)


def _tells(way: Variant, signature: Signature) -> bool:
    """Whether a schema demands more than the shape that many services share: a constant, or enough of the members."""
    if any(part.constants is not None and part.role is None for part in signature.parts):
        return True
    above = {part.pointer[:-1] for part in signature.parts}
    named = (part.pointer for part in signature.parts if part.pointer not in above)
    held = sum(1 for pointer in named if way.values.get(pointer, ABSENT_VALUES).presence == "required")
    code = signature.envelope.roles.get("code")
    return held >= ENOUGH - (code is not None and code.pattern is not None)


def _is(values: dict[Pointer, Any], way: Variant, signature: Signature) -> bool:
    if fit(values, way, (signature,)).fit != "match" or not way.members <= signature.members:
        return False
    for part in signature.parts:
        found = values.get(part.pointer, ABSENT_VALUES)
        if part.required and found.presence != "required" and not found.each:
            return False
        if found.presence != "absent" and part.types is not None and not found.types <= part.types | {"integer"}:
            return False
        if part.required and part.constants is not None and part.role is None:
            allowed = {key(constant) for constant in part.constants}
            if found.finite is None or not all(key(value) in allowed for value, _ in found.finite):
                return False
    return True


def _component(schema: Node) -> str:
    """The name of the component that a schema is, empty where it has none."""
    pointer = schema.pointer
    if pointer[:2] == ("components", "schemas") and len(pointer) == 3:
        return pointer[2]
    return pointer[1] if pointer[:1] == ("definitions",) and len(pointer) == 2 else ""
