"""``--to openapi``: an OpenAPI document whose error responses say exactly what the catalog promises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from errlint.export.patterns import Messages
from errlint.export.responses import Components, Responses, Use
from errlint.fixes.prb import phrase
from errlint.load.source import Document
from errlint.match.plan import Plan
from errlint.model.finding import Location
from errlint.model.fix import AddMember, Edit, Remove, SetValue
from errlint.model.record import record
from errlint.model.spec import Node, Spec, Unresolved


@record
class Strict:
    """The changes that make a document strict, and what could not be said, in words."""

    edits: tuple[Edit, ...]
    notes: tuple[str, ...]


def strict(spec: Spec, document: Document, plan: Plan, *, every: bool = False, messages: Messages = "all") -> Strict:
    """The edits that give a document strict error responses.

    ``every`` declares every status that the catalog has for an operation, not only those that the document declares, those
    of entries that name the operation, and those of layers that answer everywhere. ``messages`` says which templates
    become patterns.
    """
    old = spec.dialect == "2.0"
    home = ("definitions",) if old else ("components", "schemas")
    components = Components(_at(document.data, home), "#/" + "/".join(home) + "/")
    responses = Responses(spec, plan, components, messages)
    uses = list(responses.uses(every=every))
    notes: list[str] = []
    edits = [*_changed([use for use in uses if use.declared is not None], spec, notes)]
    edits += _added([use for use in uses if use.declared is None], spec, notes)
    edits = [*_schemas(components.made, document, home), *edits] if edits else []
    if old and edits:
        notes.insert(0, "OpenAPI 2.0 has no oneOf: each response lists its codes, with neither status nor message of each")
    return Strict(tuple(edits), (*notes, *responses.notes))


def _at(data: Any, home: tuple[str, ...]) -> dict[str, Any]:
    for token in home:
        data = data.get(token, {}) if isinstance(data, dict) else {}
    return data if isinstance(data, dict) else {}


def _schemas(made: Mapping[str, Any], document: Document, home: tuple[str, ...]) -> Iterator[Edit]:
    """The edits that add the shared schemas, and the objects on the way to them."""
    here: Any = document.data
    for depth, token in enumerate(home):
        here = here.get(token) if isinstance(here, dict) else None
        if here is None:
            yield AddMember(Location(document.uri, home[:depth]), token, {})
    for name, schema in made.items():
        yield AddMember(Location(document.uri, home), name, schema)


def _changed(uses: list[Use], spec: Spec, notes: list[str]) -> Iterator[Edit]:
    """Declared responses: in their place where all that share one agree, else written out where each is named."""
    sharing: dict[Location, list[Use]] = {}
    for use in uses:
        if use.declared is not None:
            sharing.setdefault(use.declared.response.location, []).append(use)
    names: dict[Location, set[tuple[str, str]]] = {}
    for declaration in spec.declarations:
        names.setdefault(declaration.response.location, set()).add((declaration.operation.label, declaration.status_key))
    done: set[Location] = set()
    for at, group in sharing.items():
        first = group[0]
        response = first.declared.response if first.declared is not None else None
        alone = len(group) == len(names[at]) and all(use.strict == first.strict for use in group) and at.uri == spec.uri
        if alone and first.strict is not None and response is not None and isinstance(response.value, dict):
            yield from _in_place(response, first.strict, spec.dialect)
            continue
        for use in group:
            declared = use.declared
            if declared is None or declared.use.location in done:
                continue
            done.add(declared.use.location)
            if declared.use.uri != spec.uri:
                notes.append(f"{use.status_key} of {use.operation.label} is left as it is: it stands in another file")
            elif use.strict is None:
                yield Remove(declared.use.location)
                notes.append(f"{use.status_key} of {use.operation.label} is taken away: only layers answer it that stay out")
            else:
                yield SetValue(declared.use.location, _response(declared.response, use, spec.dialect))


def _in_place(response: Node, schemas: Mapping[str, Any], dialect: str) -> Iterator[Edit]:
    """The edits that give a response its strict schemas and no others; headers, links and examples stay."""
    at = response.location
    if dialect == "2.0":
        yield _member(response, "schema", next(iter(schemas.values())))
        return
    content = response.get("content")
    if content is None or not isinstance(content.value, dict):
        yield _member(response, "content", {name: {"schema": schema} for name, schema in schemas.items()})
        return
    left = dict(schemas)
    for name in content.value:
        found = content.child(name)
        kind = str(name).partition(";")[0].strip().lower()
        if kind not in left or not isinstance(found.value, dict) or "$ref" in found.value:
            yield Remove(found.location)
        else:
            yield _member(found, "schema", left.pop(kind))
    for name, schema in left.items():
        yield AddMember(Location(at.uri, (*at.pointer, "content")), name, {"schema": schema})


def _member(node: Node, name: str, value: Any) -> Edit:
    """Sets a member of an object, or adds it."""
    if name in node.value:
        return SetValue(Location(node.uri, (*node.pointer, name)), value)
    return AddMember(node.location, name, value)


def _response(old: Node | None, use: Use, dialect: str) -> dict[str, Any]:
    """A Response Object with strict schemas, and what the old one says besides."""
    kept = old.value if old is not None and isinstance(old.value, dict) else {}
    found = {
        name: deepcopy(kept[name]) for name in ("summary", "headers", "links") if name in kept and not _refers_out(kept[name])
    }
    words = kept.get("description")
    status = int(use.status_key) if use.status_key.isdigit() else None
    found = {"description": words if isinstance(words, str) else phrase(status) or "An error.", **found}
    schemas = use.strict or {}
    if dialect == "2.0":
        return {**found, "schema": next(iter(schemas.values()))}
    return {**found, "content": {name: {"schema": schema} for name, schema in schemas.items()}}


def _refers_out(value: Any) -> bool:
    """Whether a value has references that lead elsewhere from another file."""
    if isinstance(value, dict):
        own = value.get("$ref")
        return (isinstance(own, str) and not own.startswith("#")) or any(_refers_out(below) for below in value.values())
    return isinstance(value, list) and any(_refers_out(below) for below in value)


def _added(uses: Iterable[Use], spec: Spec, notes: list[str]) -> Iterator[Edit]:
    """Responses that operations lack."""
    made: set[tuple[Location, str]] = set()  # operations may share a path item, or their responses
    for use in uses:
        operation = use.operation
        node = operation.node.get("responses")
        at = Location(operation.node.uri, (*operation.node.pointer, "responses"))
        if node is not None:
            try:
                at = spec.resolve(node).location
            except Unresolved:
                at = Location("", ())
        if at.uri != spec.uri:
            notes.append(f"{use.status_key} of {operation.label} is not declared: its responses stand in another file")
            continue
        if node is None and (at, "") not in made:
            yield AddMember(operation.node.location, "responses", {})
        if (at, use.status_key) not in made:
            yield AddMember(at, use.status_key, _response(None, use, spec.dialect))
        made |= {(at, ""), (at, use.status_key)}
