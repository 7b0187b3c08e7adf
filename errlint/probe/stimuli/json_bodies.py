"""What stimuli about JSON bodies share: a request with one, and what the document proves of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from errlint.model.spec import Operation
from errlint.probe.refusal import json_type
from errlint.probe.scene import Scene, draft
from errlint.probe.trial import Trial
from errlint.probe.values import smallest

TRUNCATED = b'{"errlint": '
"""No decoder takes it, whatever it makes of its bytes."""


def with_body(
    scene: Scene,
    operation: Operation,
    name: str,
    body: bytes,
    *,
    parameters: str = "",
    headers: Sequence[tuple[str, str]] = (),
) -> Iterator[Trial]:
    """A JSON body for an operation that takes one; expected to be refused where the document proves it.

    ``parameters`` go behind the media type (``; charset=utf-16``).
    """
    media_type = json_type(operation)
    if media_type is not None:
        refused = scene.contract.refuses(operation, media_type, body) is not None
        sent = media_type.partition(";")[0].strip() + parameters if parameters else media_type
        yield draft(scene, operation, name, body=body, media_type=sent, headers=headers, rejected=refused)


def breaks(scene: Scene, operation: Operation, value: Any) -> bool:
    """Whether an operation must refuse a JSON value as its body."""
    media_type = json_type(operation)
    return media_type is not None and scene.contract.refuses(operation, media_type, text(value)) is not None


def smallest_body(scene: Scene, operation: Operation) -> Any:
    """The smallest value that nothing speaks against, None where none was found; it holds no read-only member."""
    media_type = json_type(operation)
    if media_type is None:
        return None
    value = smallest(operation.bodies[media_type], scene.spec.resolve, scene.dice("body", operation.label))
    if scene.contract.breaks_as_written(operation, media_type, value):
        return None
    hidden = scene.contract.read_only(operation, media_type)
    return {name: member for name, member in value.items() if name not in hidden} if isinstance(value, dict) else value


def text(value: Any) -> bytes:
    """A value as compact JSON, UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
