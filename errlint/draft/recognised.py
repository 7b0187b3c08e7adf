"""Which known or shipped envelope a body is, where that says more than what its members say by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from errlint.draft.induce import Body, induced
from errlint.load.envelopes import shipped_envelopes
from errlint.match.envelope import Signature, typed
from errlint.model import pointer as pointers
from errlint.model.catalog import Envelope

ENOUGH = 4
"""Members that a body must share with a shipped envelope that has no constant: an object with a code and a message
inside ``error`` may be anybody's. One less will do where the code looks as that envelope's codes do."""

ALIKE = ("fastapi-detail",)
"""Which one to name where several frameworks answer the very same body: of ``{"detail": "Not Found"}`` FastAPI's."""


def recognised(value: Any, media_type: str, known: Mapping[str, Envelope] | None = None) -> str | None:
    """The id of the one envelope that a body is, ``known`` ones first; None where none is, or nothing tells two apart."""
    if known:
        own = _best([Signature(envelope) for envelope in known.values()], value, media_type)
        if len(own) == 1:
            return own[0].envelope.id
    best = _best(_shipped(), value, media_type)
    if len(best) > 1:
        best = [signature for signature in best if signature.envelope.id in ALIKE]
    if len(best) != 1 or not _telling(best[0], value, media_type):
        return None
    if best[0].envelope.code_is == "none":
        code = induced([Body(value)])["code"]
        if isinstance(code, dict) and "*" not in code["pointer"]:
            return None  # a code stands inside what the framework leaves free
    return best[0].envelope.id


@cache
def _shipped() -> list[Signature]:
    return [Signature(envelope) for envelope in shipped_envelopes().values() if envelope.framing == "json"]


def _best(signatures: list[Signature], value: Any, media_type: str) -> list[Signature]:
    scored: list[tuple[tuple[int, ...], Signature]] = []
    for signature in signatures:
        code = signature.envelope.roles.get("code")
        if signature.envelope.generic or not signature.strictly(value) or (code is not None and not typed(code, value)):
            continue
        score = signature.recognise(value, media_type)
        if score is not None:
            scored.append((score, signature))
    top = max((score for score, _ in scored), default=())
    return [signature for score, signature in scored if score == top]


def _telling(signature: Signature, value: Any, media_type: str) -> bool:
    """Whether a body is this envelope by more than the shape that many services share."""
    if media_type in signature.envelope.media_types and media_type not in ("application/json", ""):
        return True
    if any(part.constants is not None and part.role is None for part in signature.parts):
        return True
    inner = {part.pointer for part in signature.parts} - {part.pointer[:-1] for part in signature.parts}
    held = sum(1 for at in inner if any(True for _ in pointers.walk(value, at)))
    code = signature.envelope.roles.get("code")
    if code is None:
        return held >= ENOUGH or _closed(signature.envelope.schema)
    return held >= ENOUGH - (code.pattern is not None)


def _closed(schema: Any) -> bool:
    return isinstance(schema, dict) and schema.get("additionalProperties") is False
