"""Which shipped envelope the bodies of a page are, a body that lacks a required member included."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from errlint.load.envelopes import shipped_envelopes
from errlint.match.envelope import Signature, read, typed
from errlint.model.catalog import Envelope
from errlint.model.exchange import ABSENT
from errlint.model.record import record


@record
class Seen:
    """A body that was recognised: its envelope, what stands at its roles (None where nothing does), and what tells it
    apart from bodies of the same code: ``/type``.
    """

    envelope: str
    code: str | int | None
    message: str | None
    carries_code: bool
    kind: str | None = None


@cache
def _signatures() -> tuple[Signature, ...]:
    return tuple(Signature(envelope) for envelope in shipped_envelopes().values() if envelope.framing == "json")


def recognised(body: Mapping[str, Any]) -> Seen | None:
    """The one envelope that a body is; None where none is, or two are equally likely."""
    scored = []
    for signature in _signatures():
        score = signature.recognise(body, "") if _holds_a_role(signature.envelope, body) else None
        if score is not None:
            scored.append((score, signature))
    top = max((score for score, _ in scored), default=())
    best = [signature for score, signature in scored if score == top]
    return _seen(best[0], body) if len(best) == 1 else None


def _holds_a_role(envelope: Envelope, body: Mapping[str, Any]) -> bool:
    return any(typed(place, body) for role, place in envelope.roles.items() if role in ("code", "message"))


def _seen(signature: Signature, body: Mapping[str, Any]) -> Seen:
    envelope = signature.envelope
    code = read(envelope.roles.get("code"), body, {}).value
    message = read(envelope.roles.get("message"), body, {}).value
    kind = body.get("type")
    return Seen(
        envelope.id,
        code if isinstance(code, str | int) and code is not ABSENT else None,
        message if isinstance(message, str) else None,
        envelope.code_is == "place" and "code" in envelope.roles,
        kind if isinstance(kind, str) and envelope.code_is == "place" and ("type",) not in _pointers(envelope) else None,
    )


def _pointers(envelope: Envelope) -> tuple[tuple[str, ...], ...]:
    return tuple(pointer for place in envelope.roles.values() for pointer in place.pointers)
