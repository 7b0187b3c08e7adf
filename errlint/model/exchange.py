"""One concrete exchange: what was sent, and what came back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from errlint.model.finding import Location, Witness
from errlint.model.record import field, record
from errlint.model.spec import Operation
from errlint.model.status import ANY, Statuses, one


class _Absent:
    """No value at all; JSON null is a value."""

    def __repr__(self) -> str:
        return "ABSENT"

    def __bool__(self) -> bool:
        return False


ABSENT: Any = _Absent()


GONE = ", and the service stopped answering after it"
"""How ``Observation.cut`` ends where a request was the last thing that a service got."""


@record
class Request:
    """What was sent, and what the contract says of it.

    ``url`` is absolute. ``stimulus`` names what was tried. ``rejected`` is true where the contract says that the service
    must refuse it: answering 2xx or 5xx is then a fault. ``fault`` says what the client does wrong, in words; a 500 is then a
    fault of the service's even where it need not refuse the request. ``near`` is the operation that a server which routes
    loosely may take a stray request for: a trailing slash, ``%2F`` inside an id.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes | None = None
    stimulus: str = ""
    rejected: bool = False
    writes: bool = False
    fault: str = ""
    near: Operation | None = field(default=None, repr=False)


@record
class Observation:
    """One answer, or one example of an answer.

    ``status`` is None where it is not known: no HTTP answer came (``dropped``), or an example stands under a range, then
    ``statuses`` says which may be meant. ``headers`` have lower-case names. ``value`` is the body as data where it was
    never text (an example in a document); else ``body`` holds the bytes. ``operation`` is None where the request meets no
    declared operation. ``name`` is an example's name. ``media_types`` are those declared for this status, None where no
    document says. ``echoes`` says that the body held a secret that was sent, which is masked here. ``cut`` says why an
    answer is not whole, empty where it is; ``long`` where it is longer than was read. ``started`` is seconds since the epoch
    and ``elapsed`` seconds until the body was read; both are 0 where nobody measured.
    """

    witness: Witness
    location: Location
    status: int | None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    value: Any = ABSENT
    operation: Operation | None = None
    statuses: Statuses | None = None
    name: str = ""
    media_types: tuple[str, ...] | None = None
    request: Request | None = None
    dropped: bool = False
    echoes: bool = False
    layer: str | None = None
    cut: str = ""
    long: bool = False
    started: float = field(default=0.0, compare=False)
    elapsed: float = field(default=0.0, compare=False)

    @property
    def label(self) -> str | None:
        """The operation as text, ``GET /models/{id}``; None for a stray request."""
        return self.operation.label if self.operation is not None else None

    @property
    def method(self) -> str:
        """The request's method, else the operation's; empty where neither is known."""
        if self.request is not None:
            return self.request.method
        return self.operation.method if self.operation is not None else ""

    @property
    def may_be(self) -> Statuses:
        """The HTTP statuses that this answer has or, for an example under a range, may have."""
        if self.status is not None:
            return one(self.status) if 100 <= self.status <= 599 else Statuses(frozenset((self.status,)), str(self.status))
        return self.statuses or ANY

    @property
    def media_type(self) -> str:
        """The media type in lower case, without parameters (RFC 9110 section 8.3.1); empty where there is none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()
