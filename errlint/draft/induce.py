"""An envelope from the bodies of a service that nobody described: its members, and which of them is the code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from errlint.draft.names import LOOSE, REQUEST_IDS, STATUSES, SYMBOL, WORD, code_rank, message_rank, plain
from errlint.model import pointer as pointers
from errlint.model.catalog import ROLES
from errlint.model.claim import json_type
from errlint.model.pointer import Pointer
from errlint.model.record import record

DETAILS = ("details", "errors", "violations", "fields", "detail")
"""Members that only tell more about an error."""

ANY_WORD = frozenset(("type", "reason", "id"))
"""Names that mean many things, whose values may be a code without looking like one: ``type: invalid_request``."""

DEEPEST = 3


@record
class Body:
    """An error body as data, the HTTP status that it came under, None where that is not known, and its media type."""

    value: Any
    status: int | None = None
    media_type: str = ""


def induced(bodies: Sequence[Body]) -> Mapping[str, Any]:
    """The envelope that a few bodies of one shape have in common, as format 1 of the catalog writes it.

    Required is what every body has. A code is what stands under a name that holds codes elsewhere, is one word (or a
    number that is not the HTTP status), and never a date or a person's text.
    """
    found = _members([body.value for body in bodies])
    written: dict[str, Any] = {}
    status = _first(found, _index(STATUSES), lambda at: _is_status(at, bodies))
    code = _first(found, code_rank, lambda at: at != status and _is_code(at, bodies))
    message = _first(found, message_rank, lambda at: at not in (code, status) and _is_text(at, bodies))
    written["code"] = _place(code, bodies) if code is not None else "none"
    for name, place in (
        ("message", message),
        ("status", status),
        ("request_id", _first(found, _index(REQUEST_IDS), lambda at: at != code)),
        ("details", _first(found, _index(DETAILS), lambda at: _is_inner(at, bodies) and not _around(at, code, message))),
    ):
        if place is not None:
            written[name] = _place(place, bodies)
    places = [pointers.parse(written[name]["pointer"]) for name in ROLES if name in written and written[name] != "none"]
    written = {"schema": schema([body.value for body in bodies], places), **written}
    types = {body.media_type for body in bodies if body.media_type}
    if types and types != {"application/json"}:
        written["media_types"] = sorted(types)
    return written


def schema(values: Sequence[Any], places: Sequence[Pointer]) -> dict[str, Any]:
    """A JSON Schema that all of these values meet: their members, and which of them are always there. It stays open.

    Only the ways to ``places`` are told in full: what lies in other objects and lists is about this one error.
    """
    kinds = tuple(dict.fromkeys(json_type(value) for value in values))
    kinds = tuple(kind for kind in kinds if not (kind == "integer" and "number" in kinds))
    written: dict[str, Any] = {"type": kinds[0] if len(kinds) == 1 else list(kinds)} if kinds else {}
    below: dict[str, list[Pointer]] = {}
    for at in filter(None, places):
        below.setdefault(at[0], []).extend([at[1:]] if len(at) > 1 else [])
    objects = [value for value in values if isinstance(value, dict)]
    if objects:
        names = list(dict.fromkeys(name for value in objects for name in value))
        always = [name for name in names if all(name in value for value in objects)]
        required = [name for name in always if below.get(name) or not any(_is_open(value[name]) for value in objects)]
        if required:
            written["required"] = required
        found = {name: [value[name] for value in objects if name in value] for name in names}
        written["properties"] = {
            name: schema(held, below[name]) if below.get(name) else _loosely(held) for name, held in found.items()
        }
    items = [item for value in values if isinstance(value, list) for item in value]
    if items and below.get("*"):
        written["items"] = schema(items, below["*"])
    return written


def _is_open(value: Any) -> bool:
    return value is None or isinstance(value, dict | list)


def _loosely(values: Sequence[Any]) -> dict[str, Any]:
    """The type of a member that is always a scalar; null, objects and lists give way to anything elsewhere."""
    return {} if any(map(_is_open, values)) else schema(values, ())


def _members(values: Iterable[Any]) -> list[Pointer]:
    """The places of members that are scalars, lists or objects in every body, the inner error's before the body's own."""
    common: dict[Pointer, None] | None = None
    for value in values:
        own = dict.fromkeys(_walk(value, ()))
        common = own if common is None else {at: None for at in common if at in own}
    return sorted(common or (), key=lambda at: -len(at) if len(at) < 4 else 0)


def _walk(value: Any, at: Pointer) -> Iterator[Pointer]:
    if len(at) > DEEPEST:
        return
    if isinstance(value, dict):
        for name, below in value.items():
            yield (*at, name)
            yield from _walk(below, (*at, name))
    elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        yield from _walk(value[0], (*at, "*"))


def _first(found: Sequence[Pointer], rank: Callable[[str], int | None], fits: Callable[[Pointer], bool]) -> Pointer | None:
    """The first place that fits of those whose name has a rank, the lowest rank first."""
    ranked = [(place, at) for at in found if not _in_details(at) and (place := rank(at[-1])) is not None]
    return next((at for _, at in sorted(ranked, key=lambda one: one[0]) if fits(at)), None)


def _index(names: Sequence[str]) -> Callable[[str], int | None]:
    return lambda name: names.index(plain(name)) if plain(name) in names else None


def _in_details(at: Pointer) -> bool:
    """Whether a place stands inside what only tells more about the error."""
    return any(name in ("details", "meta", "data", "context", "innererror", "links") for name in at[:-1])


def _at(at: Pointer, bodies: Sequence[Body]) -> list[tuple[Any, int | None]]:
    return [(item, body.status) for body in bodies for _, item in pointers.walk(body.value, at)]


def _is_status(at: Pointer, bodies: Sequence[Body]) -> bool:
    """Whether the HTTP status itself stands there, as a number or a text, in every body whose status is known."""
    found = [(item, status) for item, status in _at(at, bodies) if status is not None]
    return bool(found) and all(
        not isinstance(item, bool) and isinstance(item, int | str) and str(item) == str(status) for item, status in found
    )


def _is_code(at: Pointer, bodies: Sequence[Body]) -> bool:
    found = [item for item, _ in _at(at, bodies)]
    if any(not isinstance(item, int | str) or isinstance(item, bool) for item in found):
        return False
    texts = [item for item in found if isinstance(item, str)]
    name = plain(at[-1])
    loose = code_rank(name) == LOOSE and name not in ANY_WORD
    if not all((SYMBOL if loose else WORD).fullmatch(text) for text in texts):
        return False
    if name == "id" and any(re.fullmatch(r"[0-9a-fA-F-]{16,}|\d+", text) for text in texts):
        return False  # the id of this one answer
    return not _is_status(at, bodies)


def _around(at: Pointer, *inner: Pointer | None) -> bool:
    return any(one is not None and one[: len(at)] == at for one in inner)


def _is_text(at: Pointer, bodies: Sequence[Body]) -> bool:
    return all(isinstance(item, str) or item is None for item, _ in _at(at, bodies))


def _is_inner(at: Pointer, bodies: Sequence[Body]) -> bool:
    return all(isinstance(item, dict | list) or item is None for item, _ in _at(at, bodies))


def _place(at: Pointer, bodies: Sequence[Body]) -> dict[str, Any]:
    written: dict[str, Any] = {"pointer": pointers.text(at)}
    kinds = {json_type(item) for item, _ in _at(at, bodies)}
    if kinds in ({"string"}, {"integer"}):
        written["type"] = kinds.pop()
    return written
