"""Stimuli about bodies: ones that do not parse, are missing, or break the request schema in one way each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from errlint.model.spec import Operation
from errlint.probe.refusal import json_type
from errlint.probe.scene import Scene, draft
from errlint.probe.stimuli.registry import stimulus
from errlint.probe.trial import Trial
from errlint.probe.values import smallest

TRUNCATED = b'{"errlint": '
TRAILING = b'[] "errlint"'
UNKNOWN_TYPE = "application/x-errlint"


@stimulus("malformed-json")
def malformed_json(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """Truncated JSON, and JSON with garbage behind it. The truncated one goes first: no decoder takes it."""
    for body in (TRUNCATED, TRAILING):
        yield from _json(scene, operation, "malformed-json", body)


@stimulus("empty-body")
def empty_body(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """The JSON media type and not one byte."""
    yield from _json(scene, operation, "empty-body", b"")


@stimulus("wrong-content-type")
def wrong_content_type(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """A media type that no service has, over a text that is no body of a declared one either."""
    if operation.bodies:
        refused = operation.body_required and scene.contract.refuses(operation, UNKNOWN_TYPE, b"errlint") is not None
        yield draft(scene, operation, "wrong-content-type", body=b"errlint", media_type=UNKNOWN_TYPE, rejected=refused)


@stimulus("missing-required")
def missing_required(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """An object without its required members."""
    if _breaks(scene, operation, {}):
        yield from _json(scene, operation, "missing-required", b"{}")


@stimulus("wrong-type")
def wrong_type(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """An array where an object belongs, and an object with one required member of the wrong type."""
    if _breaks(scene, operation, []):
        yield from _json(scene, operation, "wrong-type", b"[]")
    valid = _smallest(scene, operation)
    if isinstance(valid, dict):
        valid = _sendable(scene, operation, valid)
        name = next(iter(valid), None)
        for wrong in ({"errlint": 1}, 12345, "errlint") if name is not None else ():
            if _breaks(scene, operation, {**valid, name: wrong}):
                yield from _json(scene, operation, "wrong-type", _text({**valid, name: wrong}))
                break


@stimulus("extra-member")
def extra_member(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """A member that a closed schema does not know, beside all that it requires.

    Many services drop it and go on, so it proves nothing: a write leaves only where something else proves its refusal.
    """
    valid, media_type = _smallest(scene, operation), json_type(operation)
    if isinstance(valid, dict) and media_type is not None:
        more = {"errlintUnknownMember": 1}
        if scene.contract.breaks_as_written(operation, media_type, {**valid, **more}):
            yield from _json(scene, operation, "extra-member", _text({**_sendable(scene, operation, valid), **more}))


def _json(scene: Scene, operation: Operation, name: str, body: bytes) -> Iterator[Trial]:
    """A JSON body for an operation that takes one; expected to be refused where the document proves it."""
    media_type = json_type(operation)
    if media_type is not None:
        refused = scene.contract.refuses(operation, media_type, body) is not None
        yield draft(scene, operation, name, body=body, media_type=media_type, rejected=refused)


def _breaks(scene: Scene, operation: Operation, value: Any) -> bool:
    media_type = json_type(operation)
    return media_type is not None and scene.contract.refuses(operation, media_type, _text(value)) is not None


def _smallest(scene: Scene, operation: Operation) -> Any:
    """The smallest value that nothing speaks against, None where none was found."""
    media_type = json_type(operation)
    if media_type is None:
        return None
    value = smallest(operation.bodies[media_type], scene.spec.resolve, scene.dice("body", operation.label))
    return None if scene.contract.breaks_as_written(operation, media_type, value) else value


def _sendable(scene: Scene, operation: Operation, members: dict[str, Any]) -> dict[str, Any]:
    """The members of a JSON body without those that are read-only."""
    hidden = scene.contract.read_only(operation, json_type(operation) or "")
    return {name: member for name, member in members.items() if name not in hidden}


def _text(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
