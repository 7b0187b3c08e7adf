"""Codes that a document lists for a response header: ``x-ms-error-code`` and its like."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.draft.documents.listed import is_code
from errlint.draft.documents.sightings import Kind, Sighting, of_key
from errlint.load.nodes import elements, members
from errlint.model.finding import Location
from errlint.model.spec import Node, Spec, Unresolved

NAMES = ("x-ms-error-code", "x-error-code", "x-amzn-errortype", "x-errorcode")


def of_headers(spec: Spec, layer: str) -> Iterator[Sighting]:
    """The codes that the schemas of such headers list."""
    seen = set()
    for declaration in spec.declarations:
        if not declaration.error or declaration.statuses is None:
            continue
        for name, header in members(declaration.response.get("headers")):
            at = (header.uri, header.pointer, declaration.status_key)
            if name.lower() in NAMES and at not in seen:
                seen.add(at)
                yield from _codes(header, spec, layer, declaration.status_key)


def _codes(header: Node, spec: Spec, layer: str, status_key: str) -> Iterator[Sighting]:
    try:
        header = spec.resolve(header)
        schema = header.get("schema")
        schema = spec.resolve(schema) if schema is not None else header
    except Unresolved:
        return
    listed = schema.get("enum")
    single = schema.get("const")
    nodes = [*elements(listed), *([single] if single is not None else [])]
    for node in nodes:
        if is_code(node.value):
            home = Location(node.uri, node.pointer[:-1]) if listed is not None else node.location
            kind: Kind = "list" if len(nodes) > 1 else "exact"
            yield Sighting(node.value, layer, kind, "header", node.location, of_key(status_key), {}, home)
