"""Stimuli about what a body says: ones that are missing, or break the request schema in one way each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from errlint.model.spec import Operation
from errlint.probe.refusal import json_type
from errlint.probe.scene import Scene, draft
from errlint.probe.stimuli import queries
from errlint.probe.stimuli.json_bodies import TRUNCATED, breaks, smallest_body, text, with_body
from errlint.probe.stimuli.registry import stimulus
from errlint.probe.trial import Trial
from errlint.probe.values import flat, unknown

TRAILING = b'[] "errlint"'
UNKNOWN_TYPE = "application/x-errlint"
ROOTS: tuple[Any, ...] = ([], 5, None)
"""Values that stand where an object belongs."""

REFERENCE = re.compile(r"\w(?:Id|Ref|Uuid|_id|_ref|_uuid|-id)$|^(?:id|ref|model|engine|deployment|voice|user|owner|parent)$")
"""Names of members that refer to something that exists already: ``modelId``, ``model``."""


@stimulus("malformed-json")
def malformed_json(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """Truncated JSON, and JSON with garbage behind it. The truncated one goes first: no decoder takes it."""
    for body in (TRUNCATED, TRAILING):
        yield from with_body(scene, operation, "malformed-json", body)


@stimulus("empty-body")
def empty_body(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """The JSON media type and not one byte."""
    yield from with_body(scene, operation, "empty-body", b"")


@stimulus("wrong-content-type")
def wrong_content_type(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """A media type that no service has, over a text that is no body of a declared one either."""
    if operation.bodies:
        refused = operation.body_required and scene.contract.refuses(operation, UNKNOWN_TYPE, b"errlint") is not None
        yield draft(scene, operation, "wrong-content-type", body=b"errlint", media_type=UNKNOWN_TYPE, rejected=refused)


@stimulus("missing-required")
def missing_required(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """An object without its required members; a read without its required query parameters."""
    if breaks(scene, operation, {}):
        yield from with_body(scene, operation, "missing-required", b"{}")
    yield from queries.missing(scene, operation, "missing-required")


@stimulus("wrong-type")
def wrong_type(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """What is no object where one belongs, and an object with one required member of the wrong type."""
    for root in ROOTS:
        if breaks(scene, operation, root):
            yield from with_body(scene, operation, "wrong-type", text(root))
    valid = smallest_body(scene, operation)
    if isinstance(valid, dict):
        name = next(iter(valid), None)
        for wrong in ({"errlint": 1}, 12345, "errlint") if name is not None else ():
            if breaks(scene, operation, {**valid, name: wrong}):
                yield from with_body(scene, operation, "wrong-type", text({**valid, name: wrong}))
                break
    yield from queries.mistyped(scene, operation, "wrong-type")


@stimulus("extra-member")
def extra_member(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """A member that a closed schema does not know, beside all that it requires.

    Many services drop it and go on, so it proves nothing: a write leaves only where something else proves its refusal.
    """
    valid, media_type = smallest_body(scene, operation), json_type(operation)
    if isinstance(valid, dict) and media_type is not None:
        body = {**valid, "errlintUnknownMember": 1}
        if scene.contract.breaks_as_written(operation, media_type, body):
            yield from with_body(scene, operation, "extra-member", text(body))


@stimulus("unknown-value")
def unknown_value(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """A well-formed body of which one required member names nothing: a value of no list, else an id or a name of nobody's.

    Nothing proves its refusal, so a write leaves only where the user allows writes. A read gets it in its query.
    """
    valid, media_type = smallest_body(scene, operation), json_type(operation)
    if isinstance(valid, dict) and media_type is not None:
        schema = flat(operation.bodies[media_type], scene.spec.resolve)
        name, value = _naming_nothing(scene, operation, schema.get("properties", {}), valid)
        if name:
            yield from with_body(scene, operation, "unknown-value", text({**valid, name: value}))
    yield from queries.unknown_value(scene, operation, "unknown-value")


def _naming_nothing(scene: Scene, operation: Operation, members: dict[str, Any], valid: dict[str, Any]) -> tuple[str, str]:
    """(a required member, a value for it that names nothing); ("", "") where there is no such member."""
    schemas = {name: flat(members.get(name), scene.spec.resolve) for name, value in valid.items() if isinstance(value, str)}
    listed = [name for name, schema in schemas.items() if isinstance(schema.get("enum"), list)]
    if listed:
        return listed[0], "errlint-no-such-value"
    dice = scene.dice("unknown-value", operation.label)
    for name, schema in schemas.items():
        made = unknown(schema, scene.spec.resolve, dice) if REFERENCE.search(name) else None
        if made is not None and made.fresh:
            return name, made.text
    return "", ""
