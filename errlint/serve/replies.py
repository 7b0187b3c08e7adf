"""What the mock sends: an error of the contract, or its own word about a wish (RFC 9457)."""

from __future__ import annotations

import json
from typing import Any

from errlint.model.record import record
from errlint.report.visible import visible

PROBLEM = "application/problem+json"


@record
class Reply:
    """One answer, before it is bytes on a wire."""

    status: int
    body: bytes = b""
    media_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def problem(status: int, title: str, detail: str, **more: Any) -> Reply:
    """The mock's own word: which wish it cannot grant, and how to ask. Its type tells it from the service's errors."""
    text = visible(detail)
    value = {"type": "urn:errlint:serve", "title": title, "status": status, "detail": text, **more}
    return Reply(status, json.dumps(value, indent=1).encode("ascii") + b"\n", PROBLEM)
