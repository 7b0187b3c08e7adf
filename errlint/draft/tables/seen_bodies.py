"""Which shipped envelope the bodies of a page are, a body that lacks a required member included."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from errlint.load.envelopes import shipped_envelopes
from errlint.match.defaults import framework
from errlint.match.envelope import Signature, read
from errlint.match.framing import Framed
from errlint.match.recognition import Candidate, Recogniser, Seen, tied
from errlint.model.catalog import Envelope
from errlint.model.exchange import ABSENT
from errlint.model.record import record


@record
class Recognised:
    """A body that was recognised: its envelope, what stands at its roles (None where nothing does), and what tells it
    apart from bodies of the same code: ``/type``.
    """

    envelope: str
    code: str | int | None
    message: str | None
    carries_code: bool
    kind: str | None = None


@cache
def _recogniser() -> Recogniser:
    return Recogniser(shipped_envelopes().values())


def recognised(body: Mapping[str, Any]) -> Recognised | None:
    """The one envelope that a body is; None where none is, or nothing tells two apart."""
    best = _best(body)
    return _seen(best[0].signature, body) if len(best) == 1 else None


def likely(body: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of the envelopes that a body may be, where nothing tells them apart."""
    return tuple(one.envelope.id for one in _best(body))


def _best(body: Mapping[str, Any]) -> tuple[Candidate, ...]:
    """The best envelopes: those that the body fits, else those that only miss a member or two of it."""
    seen = Seen(body, framework=framework(Framed("json", "json", (body,))) or "")
    ranked = _recogniser().ranked(seen)
    fitting = tied(ranked)
    if fitting:
        return fitting
    near = tuple(one for one in ranked if one.score == ranked[0].score)
    return near if near and near[0].score > 0 else ()


def _seen(signature: Signature, body: Mapping[str, Any]) -> Recognised:
    envelope = signature.envelope
    code = read(envelope.roles.get("code"), body, {}).value
    message = read(envelope.roles.get("message"), body, {}).value
    kind = body.get("type")
    return Recognised(
        envelope.id,
        code if isinstance(code, str | int) and code is not ABSENT else None,
        message if isinstance(message, str) else None,
        envelope.code_is == "place" and "code" in envelope.roles,
        kind if isinstance(kind, str) and envelope.code_is == "place" and ("type",) not in _pointers(envelope) else None,
    )


def _pointers(envelope: Envelope) -> tuple[tuple[str, ...], ...]:
    return tuple(pointer for place in envelope.roles.values() for pointer in place.pointers)
