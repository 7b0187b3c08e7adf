"""A catalog as one document of format 1: resolved through ``extends``, written out. The same catalog loads from it."""

from __future__ import annotations

from typing import Any

from errlint.export.assumed import guessed
from errlint.load.catalog_parts import DEFAULT_LAYER
from errlint.load.dialect import typed
from errlint.load.envelopes import shipped_envelopes
from errlint.model import pointer as pointers
from errlint.model.catalog import Accepted, Catalog, Category, Code, Envelope, Layer, Message, Place, Variant
from errlint.model.record import replace
from errlint.model.status import Statuses

JSON_KINDS = ("string", "integer", "string|integer", "string|null")
"""What ``type`` of a place may be in a catalog."""


def document(catalog: Catalog) -> dict[str, Any]:
    """The catalog's document: ``{errlint, service, envelopes, layers, categories, errors, accepted}``.

    Envelopes have their schema and their places, entries their layer, messages the dialect that they are written in. What a
    catalog inherits stands beside its own; comments, and extensions outside of entries, do not.
    """
    return {"errlint": 1, **frame(catalog), "errors": [entry(code) for code in catalog.codes], **_accepted(catalog.accepted)}


def frame(catalog: Catalog) -> dict[str, Any]:
    """What a catalog's document holds beside its entries: service, envelopes, layers, categories."""
    service = {
        "name": catalog.service,
        "title": catalog.title,
        "version": catalog.version,
        "expect_count": catalog.expect_count,
        "expect_categories": catalog.expect_categories,
    }
    found: dict[str, Any] = {"service": {key: value for key, value in service.items() if value or value == 0 or key == "name"}}
    only = next(iter(catalog.layers.values())) if len(catalog.layers) == 1 else None
    if only is not None and guessed(only, catalog):  # what is implied without a word is implied again
        catalog = replace(catalog, layers={}, envelopes={})
        found |= {"defaults": {"layer": only.id}} if only.id != DEFAULT_LAYER else {}
    sections = {
        "envelopes": {id_: envelope(one) for id_, one in catalog.envelopes.items()},
        "layers": {id_: layer(one) for id_, one in catalog.layers.items()},
        "categories": {id_: category(one) for id_, one in catalog.categories.items()},
    }
    return found | {name: section for name, section in sections.items() if section}


def _accepted(accepted: tuple[Accepted, ...]) -> dict[str, Any]:
    items = [
        {"rule": one.rule, **({"code": one.code} if one.code is not None else {}), "reason": one.reason} for one in accepted
    ]
    return {"accepted": items} if items else {}


def statuses(written: Statuses) -> Any:
    """404, "5XX", or a list of them."""
    found = [int(word) if word.isdigit() else word for word in written.text.split(", ")]
    return found[0] if len(found) == 1 else found


def envelope(written: Envelope) -> dict[str, Any]:
    """An envelope with its schema; one that is a shipped one's, names it: some of its places' types no catalog can write."""
    shipped = shipped_envelopes().items()
    base = next((id_ for id_, one in shipped if one.schema == written.schema and one.statuses == written.statuses), None)
    found: dict[str, Any] = {"use": base} if base is not None else {}
    found["schema"] = written.schema
    if written.media_types or base is not None:
        found["media_types"] = list(written.media_types)
    if written.statuses is not None:
        found["statuses"] = statuses(written.statuses)
    found["framing"] = written.framing
    if written.generic or base is not None:
        found["generic"] = written.generic
    if written.code_is != "place":
        found["code"] = written.code_is
    for role, one in written.roles.items():
        found[role] = place(one)
    if written.samples:
        found["example"] = written.samples[0]
    return found


def place(written: Place) -> dict[str, Any]:
    several = [pointers.text(pointer) for pointer in written.pointers]
    found: dict[str, Any] = {"pointer": several[0] if len(several) == 1 else several} if several else {}
    found |= {key: value for key in ("header", "pattern", "extract") if (value := getattr(written, key)) is not None}
    if (kind := "|".join(written.types)) in JSON_KINDS:
        found["type"] = kind
    return {**found, "required": written.required}


def layer(written: Layer) -> dict[str, Any]:
    scope = list(written.applies_to) if isinstance(written.applies_to, tuple) else written.applies_to
    return {
        **({"title": written.title} if written.title else {}),
        "envelope": written.envelopes[0] if len(written.envelopes) == 1 else list(written.envelopes),
        "applies_to": scope,
        "in_spec": written.in_spec,
        "codes": "closed" if written.closed else "open",
    }


def category(written: Category) -> dict[str, Any]:
    found: dict[str, Any] = {"title": written.title}
    if written.prefix:
        found["prefix"] = written.prefix
    if written.range is not None:
        found["range"] = list(written.range)
    if written.pattern is not None:
        found["pattern"] = written.pattern
    if written.statuses is not None:
        found["statuses"] = statuses(written.statuses)
    return found


def entry(written: Code) -> dict[str, Any]:
    """One entry of ``errors``."""
    found: dict[str, Any] = {"id": written.id} if written.id != str(written.code) else {}
    found |= {"code": written.code, "status": statuses(written.statuses)}
    found |= _texts(written, ("name", "layer", "category"))
    if written.message is not None:
        found["message"] = message(written.message)
    literal = written.message.text if written.message is not None and written.message.kind == "literal" else ""
    if written.description or literal:
        found["description"] = written.description
    found |= _texts(written, ("resolution",))
    if written.match:
        found["match"] = {pointers.text(at): value for at, value in written.match.items()}
    if written.variants:
        found["variants"] = [variant(one) for one in written.variants]
    found |= _texts(written, ("retry",))
    for name in ("headers", "operations", "provoke"):
        if getattr(written, name):
            found[name] = list(getattr(written, name))
    if written.reachable != "probe":
        found["reachable"] = written.reachable
    if written.deprecated:
        found["deprecated"] = True
    return found | _texts(written, ("removed", "replaced_by", "owner")) | dict(written.extra)


def _texts(written: Code, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(written, name))}


def message(written: Message) -> Any:
    """A text where that alone says the same to a reader of the format, else the dialect with its text."""
    bare = written.example if written.kind == "prefix" and written.example else written.text
    if written.check == "advise" and typed(bare) == (written.kind, written.text, written.example):
        return bare
    found: dict[str, Any] = {written.kind: written.text}
    if written.check != "advise":
        found["check"] = written.check
    return found | ({"example": written.example} if written.example is not None else {})


def variant(written: Variant) -> dict[str, Any]:
    found: dict[str, Any] = {"status": statuses(written.statuses)}
    if written.message is not None:
        found["message"] = message(written.message)
    return found | {key: value for key in ("description", "resolution") if (value := getattr(written, key))}
