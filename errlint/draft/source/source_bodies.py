"""The envelope that source code writes: where the bodies of its errors hold their code and their message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from errlint.draft.source import source_words as words
from errlint.draft.source.source_facts import Call, Name, Record, Source, Value
from errlint.model import pointer as pointers
from errlint.model.pointer import Pointer
from errlint.model.record import record

RAISED = frozenset(("HTTPException", "StarletteHTTPException"))
"""Exceptions whose ``detail`` FastAPI and Starlette answer as a member of that name."""

SENT = frozenset(
    (
        "jsonify",
        "JSONResponse",
        "ORJSONResponse",
        "UJSONResponse",
        "JsonResponse",
        "json",
        "json_response",
        "Response",
        "return",
    )
)
"""What answers an object as it is: Flask, Starlette, Django, Express, aiohttp."""

CONTENTS = ("content", "data")
DEEPEST = 3


@record
class Body:
    """Where a body of an error has its code and its message, and one place that writes it (``shop.py:12``)."""

    code: Pointer
    message: Pointer
    where: str

    @property
    def envelope(self) -> Mapping[str, Any]:
        """The envelope as format 1 writes it."""
        return {"code": {"pointer": pointers.text(self.code)}, "message": {"pointer": pointers.text(self.message)}}


def body(sources: Sequence[Source]) -> Body | None:
    """The body that most calls write; None where none does, or nothing tells two apart. What is raised is surely an error."""
    calls = [(source, item) for source in sources for item in source.loose if isinstance(item, Call)]
    for names in (RAISED, SENT):
        found = [
            Body(*places, f"{source.uri}:{call.line}")
            for source, call in calls
            if call.name.rpartition(".")[2] in names
            for places in _places(call, raised=names is RAISED)
        ]
        ranked = Counter((one.code, one.message) for one in found).most_common(2)
        if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]):
            return next(one for one in found if (one.code, one.message) == ranked[0][0])
    return None


def _places(call: Call, *, raised: bool) -> Iterator[tuple[Pointer, Pointer]]:
    """The places of code and message in what a call answers; nothing where it answers a success."""
    values = (*call.values, *call.named.values())
    if any(isinstance(value, int) and 100 <= value < 400 for value in values):
        return
    if raised:
        held = call.named.get("detail", call.values[1] if len(call.values) > 1 else None)
        yield from _within(held, ("detail",))
        return
    yield from _within(next((value for value in call.values if isinstance(value, Record)), None), ())
    for name in CONTENTS:
        yield from _within(call.named.get(name), ())


def _within(held: Value, at: Pointer) -> Iterator[tuple[Pointer, Pointer]]:
    if not isinstance(held, Record) or len(at) > DEEPEST:
        return
    found: dict[str, str] = {}
    for key, item in held.pairs:
        name = key.text if isinstance(key, Name) else key
        if not isinstance(name, str):
            continue
        meant = words.field(name)
        if isinstance(item, Record):
            yield from _within(item, (*at, name))
        elif meant in ("code", "message"):
            found.setdefault(meant, name)
    if len(found) == 2:
        yield (*at, found["code"]), (*at, found["message"])
