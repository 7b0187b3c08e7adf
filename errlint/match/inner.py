"""Errors inside answers that are none: in the parts of a batch answer, or one of many lines of a stream.

A resource may carry a member called ``error`` and be no error. So only what stands in an array counts, and only where it
is an envelope of a layer to the letter: nothing missing, nothing beside it. An element that tells an error status of its own
(``{"id": 1, "status": 404, "error": {...}}``) may have other members too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from errlint.match.envelope import Signature, read
from errlint.match.framing import Framed
from errlint.model.record import record

DEEPEST = 4
MOST = 200

STATUSES = ("status", "statusCode", "status_code", "httpStatus", "http_status")
"""Members in which the parts of a batch answer tell their HTTP status."""

NO_ERRORS = frozenset(("", "0", "00000", "200", "ok", "success", "none", "null"))
"""Codes, in lower case, by which services say that a part is fine."""


@record
class Inner:
    """One error inside an answer: its envelope, the value that is that envelope, and the HTTP status beside it, if any."""

    signature: Signature
    value: Any
    status: int | None = None


def inner(framed: Framed, signatures: Iterable[Signature], media_type: str) -> tuple[Inner, ...]:
    """The errors in the parts of a body, or in the values of a stream, in their order."""
    coded = [one for one in signatures if _names_errors(one, framed.kind)]
    if not coded:
        return ()
    if framed.kind in ("sse", "ndjson"):
        values: Iterable[tuple[str, Any]] = (("", value) for value in framed.values[:MOST])
    else:
        values = (part for value in framed.values for part in _elements(value))
    found = (_best(name, value, coded, media_type) for name, value in values)
    return tuple(one for one in found if one is not None)


def _names_errors(signature: Signature, kind: str) -> bool:
    """Whether what fits an envelope is certainly an error: it is no shape that fits nearly everything, and it has a code."""
    envelope = signature.envelope
    place = envelope.roles.get("code")
    within = place is not None and any(place.pointers) and not any("*" in pointer for pointer in place.pointers)
    return not envelope.generic and envelope.code_is == "place" and envelope.framing in ("json", kind) and within


def _elements(body: Any) -> Iterator[tuple[str, Any]]:
    """(the name of the member that holds the array, the object in it) of each array of a body."""
    waiting: list[tuple[int, str, Any]] = [(0, "", body)]
    count = 0
    for depth, name, item in waiting:  # which grows meanwhile
        if isinstance(item, list):
            for element in item[:MOST]:
                count += 1
                if count > MOST:
                    return
                if isinstance(element, dict):
                    yield name, element
        if depth < DEEPEST:
            below = item.items() if isinstance(item, dict) else [(name, one) for one in item[:MOST]] if depth else []
            waiting += [(depth + 1, str(key), one) for key, one in below if isinstance(one, (dict, list))][:MOST]


def _best(name: str, element: Any, signatures: list[Signature], media_type: str) -> Inner | None:
    """The error that one element is, None where it is none."""
    if not isinstance(element, dict):
        return None
    status = _status(element)
    best: tuple[tuple[int, ...], Inner] | None = None
    for signature in signatures:
        for value, told in _readings(name, element, status, signature):
            score = signature.recognise(value, media_type) if _is_error(signature, value) else None
            if score is not None and (best is None or score > best[0]):
                best = score, Inner(signature, value, told)
    return best[1] if best else None


def _readings(name: str, element: dict[str, Any], status: int | None, signature: Signature) -> Iterator[tuple[Any, int | None]]:
    """(what of an element may be an envelope, the status that the element tells beside it)."""
    known = signature.members
    if element.keys() <= known:
        yield element, None
    elif status is not None:
        yield {key: value for key, value in element.items() if key in known and key not in STATUSES}, status
        yield from ((child, status) for child in element.values() if isinstance(child, dict) and child.keys() <= known)
    if name == "errors" and len(known) == 1:
        yield {next(iter(known)): element}, None


def _status(element: dict[str, Any]) -> int | None:
    """The HTTP error status that an element tells of itself."""
    told = (element.get(name) for name in STATUSES)
    return next((one for one in told if isinstance(one, int) and not isinstance(one, bool) and 400 <= one <= 599), None)


def _is_error(signature: Signature, value: Any) -> bool:
    """Whether a value is the envelope to the letter, with a code that says more than that all is well."""
    if not signature.strictly(value):
        return False
    code = read(signature.envelope.roles.get("code"), value, {}).value
    return isinstance(code, (str, int)) and not isinstance(code, bool) and str(code).strip().lower() not in NO_ERRORS
