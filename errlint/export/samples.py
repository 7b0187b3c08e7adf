"""One entry of a catalog as the answer that a client gets: status, headers and a body in its layer's envelope."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from errlint.export.filled import message_of
from errlint.fixes.prb import phrase
from errlint.match import budget
from errlint.match.bodies import minimal, placed
from errlint.match.envelope import Signature
from errlint.match.plan import Plan
from errlint.model import pointer as pointers
from errlint.model.catalog import Code, Envelope, Place, Role
from errlint.model.pointer import Pointer
from errlint.model.record import record
from errlint.model.status import Statuses

JSON = "application/json"
STREAMS = {"sse": "text/event-stream", "ndjson": "application/x-ndjson"}
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
UNSENT = frozenset(("content-type", "content-length", "transfer-encoding", "connection", "date", "server", "trailer", "te"))
"""Fields that belong to the connection, or that say what the body is."""

OF_STATUS = {401: "WWW-Authenticate", 405: "Allow", 407: "Proxy-Authenticate", 416: "Content-Range", 426: "Upgrade"}
"""Status -> the field that RFC 9110 section 15.5 demands with it."""

WAITING = frozenset((429, 503))
VALUES = {
    "www-authenticate": "Bearer",
    "proxy-authenticate": "Basic",
    "content-range": "bytes */0",
    "upgrade": "HTTP/2.0",
    "retry-after": "1",
    "location": "/",
    "link": "</>; rel=help",
}


@record
class Sample:
    """One answer that shows an entry. ``value`` is the body as data, wrapped as ``framing`` says; ``headers`` are its further
    fields."""

    status: int
    headers: tuple[tuple[str, str], ...]
    media_type: str
    value: Any
    framing: str
    message: str | None
    envelope: str

    def body(self) -> bytes:
        """The bytes to send."""
        text = json.dumps(self.value)
        if self.framing == "sse":
            text = f"data: {text}\n\n"
        return (text + "\n" if self.framing == "ndjson" else text).encode("ascii")


def shown_statuses(statuses: Statuses) -> tuple[int, ...]:
    """The statuses that stand for a set, in the order in which it is written: a class is its first one, ``any`` is 500."""
    found = []
    for word in statuses.text.split(", "):
        if word == "any":
            found.append(500)
        elif word.endswith("XX"):
            found.append(int(word[0]) * 100)
        elif word.isdigit():
            found.append(int(word))
    return tuple(dict.fromkeys(found))


def sample(plan: Plan, code: Code, status: int | None = None, *, method: str = "GET", request_id: str = "") -> Sample | None:
    """The answer that shows an entry under a status (None: its first one) to a request of a method.

    ``request_id`` is written where the envelope has a place for it; empty leaves it out. None where no envelope of the entry's
    layer can hold it, or the catalog knows its message by an expression that no text was found for.
    """
    own = shown_statuses(code.statuses)
    told = status if status is not None else own[0] if own else 500
    message = message_of(code, told)
    if message is None:
        return None
    layer = plan.layers.get(code.layer)
    signatures = plan.signatures_of((code.layer,)) if layer is not None else ()
    for signature in sorted(signatures, key=lambda one: (one.envelope.framing != "json", one.envelope.generic)):
        envelope = signature.envelope
        if envelope.framing not in ("json", *STREAMS):
            continue
        sent = told
        if envelope.statuses is not None and told not in envelope.statuses:
            if envelope.framing == "json" or not envelope.statuses:
                continue
            sent = min(envelope.statuses.values)
        for body in _bodies(signature, code, told, message, request_id):
            if signature.strictly(body):
                media_type = STREAMS.get(envelope.framing) or next(iter(envelope.media_types), JSON)
                fields = (*headers_of(code, sent, method), *_copies(envelope, code, told, message, request_id))
                return Sample(sent, _once(fields), media_type, body, envelope.framing, message, envelope.id)
    return None


def headers_of(code: Code, status: int, method: str = "GET") -> tuple[tuple[str, str], ...]:
    """The fields that an entry names, and those that its status demands; ``Allow`` does not name the request's method."""
    wanted = [name for name in code.headers if TOKEN.fullmatch(name) and name.lower() not in UNSENT]
    known = {name.lower() for name in wanted}
    wanted += [name for name in (OF_STATUS.get(status),) if name is not None and name.lower() not in known]
    if status in WAITING and not any("retry" in name or "ratelimit" in name.replace("-", "") for name in known):
        wanted.append("Retry-After")
    allow = "POST" if method == "GET" else "GET"
    return tuple((name, allow if name.lower() == "allow" else VALUES.get(name.lower(), "1")) for name in wanted)


def _once(fields: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple({name.lower(): (name, value) for name, value in fields}.values())


def _copies(envelope: Envelope, code: Code, status: int, message: str, request_id: str) -> Iterator[tuple[str, str]]:
    """The fields that repeat what stands in the body."""
    values: dict[Role, Any] = {"code": code.code, "message": message, "status": status, "request_id": request_id or None}
    for role, value in values.items():
        place = envelope.roles.get(role)
        if place is not None and place.header is not None and value is not None and TOKEN.fullmatch(place.header):
            text = str(value)
            if text.isascii() and text.isprintable():
                yield place.header, text


def _bodies(signature: Signature, code: Code, status: int, message: str, request_id: str) -> Iterator[Any]:
    """Bodies to try, the likeliest first."""
    envelope = signature.envelope
    for skeleton in _skeletons(signature, code, status):
        for identity in dict.fromkeys((request_id, "")):
            body = _filled(envelope, skeleton, code, status, message, identity)
            if body is not None:
                yield body


def _skeletons(signature: Signature, code: Code, status: int) -> Iterator[Any]:
    envelope = signature.envelope
    if any(name.endswith("problem+json") for name in envelope.media_types):
        yield {"type": "about:blank", "title": code.name or phrase(status) or code.id}
    yield from (one for one in envelope.samples if isinstance(one, dict))
    try:
        yield minimal(envelope.schema)
    except (ValueError, TypeError, OverflowError, MemoryError):
        yield {}


def _filled(envelope: Envelope, body: Any, code: Code, status: int, message: str, request_id: str) -> Any:
    """A skeleton with the entry's values at their places; None where one of them cannot be written."""
    for pointer in [pointer for place in envelope.roles.values() for pointer in place.pointers]:
        body = _single(body, pointer)
    values: dict[Role, Any] = {"status": status, "code": code.code, "message": message, "request_id": request_id or None}
    if envelope.code_is != "place":
        values["code"] = None
    for role, value in values.items():
        place = envelope.roles.get(role)
        if place is None:
            continue
        for pattern in place.pointers:
            pointer = concrete(body, pattern)
            if value is None:
                body = _absent(body, pointer, place, role)
                continue
            written = _written(place, value, body, pointer, role)
            if written is None:
                return None
            body = placed(body, pointer, written)
    for pointer, constant in code.match.items():
        body = placed(body, pointer, constant)
    return body


def _absent(body: Any, pointer: Pointer, place: Place, role: Role) -> Any:
    """The body without what stands at a pointer, or with null there where only null says that there is nothing."""
    if role == "code" and "null" in place.types:
        return placed(body, pointer, None)
    if role == "request_id" or (role == "code" and not place.required):
        return _without(body, pointer)
    return body


def _without(body: Any, pointer: Pointer) -> Any:
    if isinstance(body, dict) and pointer and pointer[0] in body:
        if len(pointer) == 1:
            return {name: value for name, value in body.items() if name != pointer[0]}
        return {**body, pointer[0]: _without(body[pointer[0]], pointer[1:])}
    return body


def _written(place: Place, value: Any, body: Any, pointer: Pointer, role: Role) -> Any:
    """What stands at a place for a value: the value itself, or a text that ``extract`` takes it out of; None: nothing can."""
    if place.extract is None:
        return str(value) if role == "status" and place.types and "integer" not in place.types else value
    now = next((found for _, found in pointers.walk(body, pointer)), None)
    for text in (now, str(value)):
        match = budget.search(place.extract, text) if isinstance(text, str) else None
        if match is not None and match.re.groups:
            start, end = match.span(1)
            return match.string[:start] + str(value) + match.string[end:]
    return None


def concrete(body: Any, pattern: Pointer) -> Pointer:
    """A pointer into a body: where its ``*`` walks an object, the first member; one that walks an array stays."""
    found: list[str] = []
    for token in pattern:
        name = next(iter(body), "error") if token == "*" and isinstance(body, dict) else token
        found.append(name)
        try:
            body = pointers.step(body, "0" if name == "*" else name)
        except KeyError:
            body = None
    return tuple(found)


def _single(body: Any, pointer: Pointer) -> Any:
    """The body with one element only in each array that a pointer walks."""
    if not pointer:
        return body
    token, rest = pointer[0], pointer[1:]
    if token == "*":
        if isinstance(body, dict) and body:
            name = next(iter(body))
            return {name: _single(body[name], rest)}
        return [_single(body[0], rest)] if isinstance(body, list) and body else body
    if isinstance(body, dict) and token in body:
        return {**body, token: _single(body[token], rest)}
    return body
