"""What the catalog says of one answer, as parts of an OpenAPI document: schema, response, examples."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from errlint.fixes.components import Place, shared
from errlint.fixes.dialects import translated
from errlint.fixes.prb import phrase
from errlint.fixes.registry import Case, Skip
from errlint.match import route
from errlint.match.bodies import minimal, placed
from errlint.match.envelope import Signature
from errlint.model.catalog import Code, Envelope, Layer
from errlint.model.claim import json_type
from errlint.model.pointer import Pointer
from errlint.model.record import record
from errlint.model.spec import Operation
from errlint.model.status import ERRORS, Statuses, one

JSON = "application/json"
NO_CATALOG = Skip("without a catalog nothing says what the errors are")


@record
class Promise:
    """The answer that one layer gives under a status key: its entries, and the envelope they come in."""

    layer: Layer
    key: str
    entries: tuple[Code, ...]
    signature: Signature

    @property
    def envelope(self) -> Envelope:
        return self.signature.envelope

    @property
    def media_type(self) -> str:
        return self.envelope.media_types[0] if self.envelope.media_types else JSON

    @property
    def name(self) -> str:
        words = "".join(word[:1].upper() + word[1:] for word in self.layer.id.replace(".", "-").replace("_", "-").split("-"))
        return f"{words}{'Error' if self.key == 'default' else self.key}"


def promised(case: Case, operation: Operation, key: str, statuses: Statuses | None = None) -> Promise | Skip:
    """What answers an operation under a status key, by the catalog; Skip where that is nobody or not one layer."""
    if not case.plan:
        return NO_CATALOG
    wanted = ERRORS & statuses.values if statuses is not None else ERRORS if key == "default" else one(key).values
    covering = [case.plan.layers[id_] for id_ in case.plan.covering(operation, operation.method, operation.path)]
    found = [(layer, _entries(case, layer, operation, wanted)) for layer in covering if layer.in_spec != "forbidden"]
    for asked in ("required", "optional"):
        speaking = [(layer, entries) for layer, entries in found if layer.in_spec == asked and entries]
        if len(speaking) > 1:
            return Skip(f"layers {', '.join(layer.id for layer, _ in speaking)} may all answer {key}")
        if speaking:
            layer, entries = speaking[0]
            return _promise(case, layer, key, entries)
    return Skip(f"the catalog has no {'error' if key == 'default' else key} for {operation.label}")


def _entries(case: Case, layer: Layer, operation: Operation, wanted: frozenset[int]) -> tuple[Code, ...]:
    """The living entries of a layer under some statuses that are this operation's business."""
    return tuple(
        code
        for code in case.plan.codes
        if code.layer == layer.id
        and not code.removed
        and not code.deprecated
        and code.statuses.values & wanted
        and (not code.operations or limited_to(code, operation))
    )


def limited_to(code: Code, operation: Operation) -> bool:
    """Whether the catalog names this operation as one that answers the code."""
    return any(route.selects(selector, operation, operation.method, operation.path) for selector in code.operations)


def _promise(case: Case, layer: Layer, key: str, entries: tuple[Code, ...]) -> Promise | Skip:
    signatures = [one_ for one_ in case.plan.signatures_of((layer.id,)) if not one_.envelope.generic]
    if not signatures:
        return Skip(f"the catalog names no envelope for layer {layer.id}")
    if len(signatures) > 1:
        return Skip(f"layer {layer.id} answers in several envelopes")
    if signatures[0].envelope.framing != "json":
        return Skip(f"the errors of layer {layer.id} are {signatures[0].envelope.framing}, not JSON")
    return Promise(layer, key, entries, signatures[0])


def schema_of(case: Case, promise: Promise) -> dict[str, Any] | None:
    """The schema of a promised answer: the envelope, its codes listed, its status fixed. None: its schema is too involved."""
    schema = translated(promise.signature.schema, "3.1")
    envelope = promise.envelope
    if not isinstance(schema, dict):
        return None
    codes = list(dict.fromkeys(code.code for code in promise.entries))
    place = envelope.roles.get("code")
    if envelope.code_is == "place" and place is not None and place.extract is None and None not in codes:
        kinds = {json_type(code) for code in codes}
        for pointer in place.pointers:
            if not _bound(schema, pointer, kinds.pop() if len(kinds) == 1 else None, {"enum": codes}):
                return None
            kinds = {json_type(code) for code in codes}
    message = envelope.roles.get("message")
    if message is not None and message.required:
        for pointer in message.pointers[:1]:
            _bound(schema, pointer, None, {}, "string")
    status = envelope.roles.get("status")
    if (
        promise.key.isdigit()
        and status is not None
        and status.extract is None
        and status.pointers != (place.pointers if place else ())
    ):
        told: Any = int(promise.key) if not status.types or "integer" in status.types else promise.key
        for pointer in status.pointers:
            _bound(schema, pointer, None, {"const": told})
    final = translated(schema, case.spec.dialect)
    return final if isinstance(final, dict) else None


def _bound(schema: dict[str, Any], pointer: Pointer, kind: str | None, words: dict[str, Any], else_: str | None = None) -> bool:
    """Writes what bounds the member at a pointer, and requires it on all levels; False where the schema has no such member.

    ``kind`` is its type, ``else_`` its type where the schema says nothing of it.
    """
    here: Any = schema
    for depth, token in enumerate(pointer):
        if token == "*":
            below = here.get("items")
        else:
            properties = here.get("properties")
            if not isinstance(properties, dict):
                return False
            below = properties.get(token)
            if token not in here.get("required", ()):
                here["required"] = [*here.get("required", ()), token]
        if below is True and depth == len(pointer) - 1:
            below = properties[token] = {}
        if not isinstance(below, dict):
            return False
        here = below
    if "enum" in words:
        here.pop("pattern", None)
    if "const" in words:
        here.pop("minimum", None)
        here.pop("maximum", None)
    kind = else_ if kind is None and not here else kind
    if kind is not None:
        here["type"] = kind
    here.update(words)
    return True


def body_of(promise: Promise, code: Code) -> Any:
    """A body that shows one entry, None where the catalog does not say enough of it."""
    envelope = promise.envelope
    status = _status(promise, code)
    body: Any = next((sample for sample in envelope.samples if isinstance(sample, dict)), None)
    if body is None:
        try:
            body = minimal(envelope.schema)
        except (ValueError, TypeError, OverflowError, MemoryError):
            return None
    text = message_of(code, status)
    values = {"code": code.code, "message": text, "status": status}
    for role, value in values.items():
        place = envelope.roles.get(role)  # type: ignore[call-overload]
        if place is None or place.extract is not None:
            continue
        if value is None:
            if place.required and role != "code":
                return None
            continue
        if role == "status" and place.types and "integer" not in place.types:
            value = str(value)
        for pointer in place.pointers:
            body = placed(body, tuple("0" if token == "*" else token for token in pointer), value)
    for pointer, constant in code.match.items():
        body = placed(body, pointer, constant)
    return body if promise.signature.strictly(body) else None


def _status(promise: Promise, code: Code) -> int | None:
    if promise.key.isdigit():
        return int(promise.key)
    return next(iter(code.statuses.values)) if len(code.statuses.values) == 1 else None


def message_of(code: Code, status: int | None) -> str | None:
    """A message that the catalog shows for an entry: its example, or its template where that is literal."""
    for message in code.messages(status):
        if message.example is not None:
            return message.example
        if message.kind == "literal":
            return message.text
    return None


def examples_of(promise: Promise) -> dict[str, Any]:
    """The bodies that show the entries of a promise, by id."""
    shown = {code.id: body_of(promise, code) for code in promise.entries}
    return {id_: body for id_, body in shown.items() if body is not None}


def schema_place(case: Case, promise: Promise) -> Place | Skip:
    """The shared schema of a promise."""
    schema = schema_of(case, promise)
    if schema is None:
        return Skip(f"the schema of envelope {promise.envelope.id} is too involved")
    return shared(case, "schemas", promise.name, schema)


def response_of(case: Case, promise: Promise) -> Place | Skip:
    """The shared response of a promise, with an example of each code."""
    schema = schema_place(case, promise)
    if isinstance(schema, Skip):
        return schema
    words = phrase(int(promise.key)) if promise.key.isdigit() else ""
    description = words or f"An error of {promise.layer.title or promise.layer.id}."
    place = shared(case, "responses", promise.name, {"description": description, **_content(case, promise, schema.ref)})
    return Place(place.name, place.ref, (*schema.edits, *place.edits) if place.edits else ())


def _content(case: Case, promise: Promise, ref: str) -> dict[str, Any]:
    """What a Response Object holds beside its description: ``content``, or 2.0's ``schema`` and ``examples``."""
    examples = examples_of(promise)
    if case.spec.dialect == "2.0":
        shown = {"examples": {promise.media_type: next(iter(examples.values()))}} if examples else {}
        return {"schema": {"$ref": ref}, **shown}
    names = {code.id: code.name for code in promise.entries}
    named = {id_: {**({"summary": names[id_]} if names[id_] else {}), "value": body} for id_, body in examples.items()}
    return {"content": {promise.media_type: {"schema": {"$ref": ref}, **({"examples": named} if named else {})}}}


def codes_for(case: Case, layers: Iterable[str], statuses: frozenset[int]) -> list[Any]:
    """The codes of some layers that the catalog has for some statuses."""
    wanted = set(layers)
    found = [
        code.code
        for code in case.plan.codes
        if code.layer in wanted and code.statuses.values & statuses and not code.removed and not code.deprecated
    ]
    return list(dict.fromkeys(found))
