"""What the service answers, before it is bytes, and why."""

from __future__ import annotations

import json
from typing import Any

from errlint.demo.codes import CODES
from errlint.model.record import record

JSON = "application/json"


@record
class Answer:
    """One answer, and the cause that a fault can be set at.

    ``operation`` is an operationId, empty where no operation is declared. ``cause`` is empty on success. ``raw`` replaces the
    JSON text of ``value`` where it is not None.
    """

    status: int
    value: Any = None
    operation: str = ""
    cause: str = ""
    media_type: str = JSON
    raw: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def body(self) -> bytes:
        """The bytes to send: nothing where there is no value, else ASCII JSON."""
        if self.raw is not None:
            return self.raw
        return b"" if self.value is None else json.dumps(self.value).encode("ascii")


class Refusal(Exception):  # noqa: N818 a refusal is an answer, not a mistake of the service
    """A documented error: its code, and what the client did (``cause``)."""

    def __init__(self, code: str, cause: str) -> None:
        super().__init__(code, cause)
        self.code = code
        self.cause = cause

    def answer(self, operation: str) -> Answer:
        """The documented envelope under the documented status; 401 says how to authenticate, 503 when to ask again."""
        status, message = CODES[self.code]
        envelope = {"error": {"code": self.code, "message": message, "http": status}}
        headers = {401: (("WWW-Authenticate", "Bearer"),), 503: (("Retry-After", "1"),)}.get(status, ())
        return Answer(status, envelope, operation, self.cause, headers=headers)
