"""The mock as a WSGI application: any method, any path; browsers of any origin may read its answers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING

from errlint.model.record import record, replace
from errlint.serve.replies import Reply, problem
from errlint.serve.wishes import Unclear, Wish, wish_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

BODILESS = frozenset((204, 205, 304))
UNFRAMED = frozenset((204, 304))
"""Statuses whose answers end with their header fields, whatever these say (RFC 9112, section 6.3); 205 is none of them."""

_NAMES = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+(?:\s*,\s*[!#$%&'*+.^_`|~0-9A-Za-z-]+)*")
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^\s,]{1,300}|null", re.IGNORECASE)


@record
class Asked:
    """One request, as far as an answer depends on it. ``path`` is as it was sent; ``id`` is one that equal requests share."""

    method: str
    path: str
    accept: str
    wish: Wish
    id: str


Answering = Callable[[Asked], Reply]


def application(answer: Answering) -> WSGIApplication:
    """The application whose answers ``answer`` gives."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        method = str(environ.get("REQUEST_METHOD", "GET"))
        reply = _preflight(environ) if method == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ else None
        if reply is None:
            reply = _answered(answer, environ, method)
        body = b"" if reply.status in BODILESS or reply.status < 200 else reply.body
        fields = [*reply.headers, *_shared(environ, reply), ("Cache-Control", "no-store")]
        if reply.status not in UNFRAMED:
            fields.append(("Content-Length", str(len(body))))
        if body and reply.media_type:
            fields.append(("Content-Type", reply.media_type))
        start_response(status_line(reply.status), fields)
        return [] if method == "HEAD" else [body]

    return app


def _answered(answer: Answering, environ: WSGIEnvironment, method: str) -> Reply:
    path = str(environ.get("REQUEST_URI") or environ.get("PATH_INFO", "/"))
    try:
        wish = wish_of(environ)
    except Unclear as unclear:
        return problem(400, "The wish is unclear", str(unclear))
    text = "\0".join((method, path, wish.code, str(wish.status), wish.example))
    identity = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    reply = answer(Asked(method, path, str(environ.get("HTTP_ACCEPT", "")), wish, identity))
    # A server may not send these as the end of a request.
    return reply if reply.status >= 200 else replace(reply, status=500)


def _preflight(environ: WSGIEnvironment) -> Reply:
    """What lets a browser send any request here (Fetch standard, CORS-preflight)."""
    asked = str(environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", ""))
    method = str(environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD", ""))
    fields = [
        ("Access-Control-Allow-Methods", method if _NAMES.fullmatch(method) else "GET"),
        ("Access-Control-Max-Age", "600"),
    ]
    if _NAMES.fullmatch(asked):
        fields.append(("Access-Control-Allow-Headers", asked))
    return Reply(204, headers=tuple(fields))


def _shared(environ: WSGIEnvironment, reply: Reply) -> Iterator[tuple[str, str]]:
    """The fields that let a page of another origin read the answer, with credentials: nothing here is secret."""
    origin = str(environ.get("HTTP_ORIGIN", ""))
    if not _ORIGIN.fullmatch(origin):
        yield "Access-Control-Allow-Origin", "*"
        return
    yield from (("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", "true"), ("Vary", "Origin"))
    names = [name for name, _ in reply.headers if not name.lower().startswith("access-control-")]
    if names:
        yield "Access-Control-Expose-Headers", ", ".join(names)


def status_line(status: int) -> str:
    """``404 Not Found``, as WSGI wants it."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Unregistered"
