"""One request that a probe may send, with what the gate and the sender must know of it."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Literal
from urllib.parse import urlsplit

from errlint.model.exchange import Request
from errlint.model.record import record
from errlint.model.spec import Operation

Identity = Literal["user", "low", "none", "garbage"]

UNSAFE = frozenset(("POST", "PUT", "PATCH", "DELETE"))


@record
class Trial:
    """A request before it is sent.

    ``fresh`` is true where the last id in the path was made up by this run and can name nothing that exists. ``identity`` is
    whose credentials it carries: the user's, those of a second user with fewer rights, nobody's, or garbage. ``written`` is
    true where the user wrote the request, in a recipe: it goes past the write gate. ``chained`` is true for a step
    of a sequence: what it answers depends on the steps before, so that it cannot be sent again alone.
    """

    request: Request
    operation: Operation | None = None
    fresh: bool = False
    identity: Identity = "user"
    written: bool = False
    chained: bool = False

    @property
    def label(self) -> str | None:
        """The operation as text, None for a stray request."""
        return self.operation.label if self.operation is not None else None


def handle(request: Request) -> str:
    """Six hexadecimal digits that stand for a request of a plan, on whatever host the service runs."""
    parts = urlsplit(request.url)
    typed = "".join(value for name, value in request.headers if name.lower() in ("accept", "content-type"))
    told = "\0".join((request.method, parts.path, parts.query, request.stimulus, typed))
    return sha256(told.encode("utf-8", "surrogatepass") + b"\0" + (request.body or b"")).hexdigest()[:6]


def marked(operation: Operation) -> Any:
    """What ``x-errlint: {writes: ...}`` says of an operation, None where it says nothing."""
    value = operation.node.value
    note = value.get("x-errlint") if isinstance(value, Mapping) else None
    return note.get("writes") if isinstance(note, Mapping) else None


def writes(method: str, operation: Operation | None) -> bool:
    """Whether a request may change something: POST, PUT, PATCH, DELETE, or a read that the document marks so."""
    return method in UNSAFE or (operation is not None and marked(operation) is True)
