"""What an error body looks like, where no catalog says what it is: its shape, and what may be its code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from errlint.match import defaults
from errlint.match.answer import Answer
from errlint.match.envelope import Signature, elements, read
from errlint.match.recognition import Recogniser, Seen
from errlint.match.words import is_code
from errlint.model.catalog import Envelope
from errlint.model.claim import json_type
from errlint.model.record import record

KINDS = {"html": "an HTML page", "text": "a text", "empty": "no body", "other": "no JSON"}

LONGEST_SHAPE = 80

DEEPEST = 3

CODES = (
    "code",
    "error_code",
    "errorCode",
    "errcode",
    "errorcode",
    "error",
    "type",
    "reason",
    "id",
    "status_code",
    "statusCode",
)
"""Members that hold a code in the bodies of known services, the surest first."""

AROUND = ("error", "errors", "detail", "fault")
"""Members that an error stands in, in the bodies of known services."""


@record
class Look:
    """A body's shape, the ids of the shipped envelopes that it looks like (``a or b``), and its code; empty where none is.

    ``top`` is the shape without what stands inside its members.
    """

    shape: str
    envelope: str = ""
    code: str = ""
    top: str = ""


class Looks:
    """Describes bodies. One shape of body is recognised once, whatever values stand in it."""

    def __init__(self, shipped: Callable[[], Mapping[str, Envelope]]) -> None:
        self._shipped = shipped
        self._known: dict[tuple[str, str, str], tuple[Signature, ...]] = {}

    def at(self, answer: Answer) -> Look:
        """What an answer's body looks like."""
        if not answer.framed.values:
            return Look(KINDS.get(answer.framed.kind, "no JSON"))
        value = answer.framed.values[0]
        media_type = answer.observation.media_type
        shape = outline(value)
        framework = defaults.framework(answer.framed) or ""
        kind = (outline(value, typed=True), media_type, framework)
        if kind not in self._known:
            self._known[kind] = self._recognised(Seen(value, media_type, framework=framework))
        found = self._known[kind]
        code = _by_envelope(found[0], value, answer.observation.headers) if found else _by_name(value)
        return Look(_cut(shape), " or ".join(signature.envelope.id for signature in found), code, outline(value, DEEPEST - 1))

    @cached_property
    def _recogniser(self) -> Recogniser:
        """The shipped envelopes but the generic ones, which say too little."""
        return Recogniser(one for one in self._shipped().values() if not one.generic and one.framing == "json")

    def _recognised(self, seen: Seen) -> tuple[Signature, ...]:
        """The shipped envelopes that fit best, several where nothing tells them apart."""
        return tuple(one.signature for one in self._recogniser.best(seen))


def outline(value: Any, depth: int = 0, *, typed: bool = False) -> str:
    """The members of a body as a text: ``{error: {code, message}}``; with the JSON types of its scalars if ``typed``."""
    kind = json_type(value)
    if isinstance(value, dict):
        if depth == DEEPEST:
            return "{…}" if value else "{}"
        return "{" + ", ".join(_member(name, value[name], depth, typed) for name in sorted(value)) + "}"
    if isinstance(value, list):
        if depth == DEEPEST:
            return "[…]" if value else "[]"
        return f"[{outline(value[0], depth + 1, typed=typed)}]" if value else "[]"
    return kind if typed or depth == 0 else ""


def _member(name: str, value: Any, depth: int, typed: bool) -> str:
    below = outline(value, depth + 1, typed=typed)
    return f"{name}: {below}" if below else name


def _cut(shape: str) -> str:
    return shape if len(shape) <= LONGEST_SHAPE else shape[: LONGEST_SHAPE - 1] + "…"


def _by_envelope(signature: Signature, value: Any, headers: Mapping[str, str]) -> str:
    """What stands where the envelope has its code; several errors in one body have several."""
    place = signature.envelope.roles.get("code")
    if place is None:
        return ""
    found = (read(place, value, headers, bound).value for bound in elements(place, value))
    return ", ".join(dict.fromkeys(str(one) for one in found if is_code(one)))


def _by_name(value: Any) -> str:
    """What stands under a name that holds codes elsewhere."""
    for inner in _inner(value):
        for name in CODES:
            if is_code(inner.get(name)):
                return str(inner[name])
    return ""


def _inner(value: Any) -> Iterable[Mapping[str, Any]]:
    """The objects in which a code may stand: the body, and the error in it."""
    if not isinstance(value, dict):
        return
    for name in AROUND:
        inner = value.get(name)
        if isinstance(inner, list) and inner:
            inner = inner[0]
        if isinstance(inner, dict):
            yield inner
    yield value
