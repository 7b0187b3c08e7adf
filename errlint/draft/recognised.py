"""Which known or shipped envelope a body is, where that says more than what its members say by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from errlint.draft.induce import Body, induced
from errlint.load.envelopes import shipped_envelopes
from errlint.match.envelope import Signature
from errlint.match.recognition import Recogniser, Seen, is_closed
from errlint.model import pointer as pointers
from errlint.model.catalog import Envelope

ENOUGH = 4
"""Members that a body must share with a shipped envelope that has no constant: an object with a code and a message
inside ``error`` may be anybody's. One less will do where the code looks as that envelope's codes do."""

ALIKE = ("fastapi-detail",)
"""Which one to name where several frameworks answer the very same body: of ``{"detail": "Not Found"}`` FastAPI's."""


class Known:
    """What bodies are recognised as: ``known`` envelopes first, then the shipped ones."""

    def __init__(self, known: Iterable[Envelope] = ()) -> None:
        self._known = Recogniser(known)

    def of(self, value: Any, media_type: str, framework: str = "") -> str | None:
        """The id of the one envelope that a body is; None where none is, or nothing tells two apart.

        ``framework`` is the one whose default body it is, empty where it is nobody's.
        """
        seen = Seen(value, media_type, framework=framework)
        own = self._known.best(seen)
        if len(own) == 1:
            return None if says_more(own[0].envelope, value) else own[0].envelope.id
        best = _shipped().best(seen)
        if len(best) > 1:
            best = tuple(one for one in best if one.envelope.id in ALIKE)
        if len(best) != 1 or not _telling(best[0].signature, value, media_type) or says_more(best[0].envelope, value):
            return None
        return best[0].envelope.id


def says_more(envelope: Envelope, value: Any) -> bool:
    """Whether a code stands inside what an envelope without one leaves free, as in FastAPI's ``detail``."""
    if envelope.code_is != "none":
        return False
    code = induced([Body(value)])["code"]
    known = {pointers.text(at) for place in envelope.roles.values() for at in place.pointers}
    return isinstance(code, dict) and "*" not in code["pointer"] and code["pointer"] not in known


@cache
def _shipped() -> Recogniser:
    """The shipped envelopes but the generic ones, which say too little."""
    return Recogniser(one for one in shipped_envelopes().values() if not one.generic and one.framing == "json")


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
        return held >= ENOUGH or is_closed(signature.envelope.schema)
    return held >= ENOUGH - (code.pattern is not None)
