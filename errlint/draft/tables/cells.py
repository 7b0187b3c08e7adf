"""One row of a table -> one entry of a draft, and what is to be told of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from errlint.draft.retries import doubt_of, retry_of
from errlint.draft.statuses import by_name, in_text
from errlint.draft.tables.fragments import body, loose_repr
from errlint.draft.tables.grids import Line
from errlint.draft.tables.seen_bodies import Recognised, likely, recognised
from errlint.load.dialect import kind_of
from errlint.model.draft import Entry, Evidence
from errlint.model.record import record

NOTHING = frozenset(("", "-", "--", "—", "–", "n/a", "na", "none", "null", "nil", "无", "不涉及", "/"))
CODE = re.compile(r"[^\s\"'{}<>|,;]{1,200}")
RANGE = re.compile(r"(?<![\w.])[1-5]\d\d\s*(?:-|–|—|~|\.\.\.?|to|through)\s*[1-5]\d\d(?![\w.])")
NUMBER = re.compile(r"0|-?[1-9]\d{0,14}")
PLAIN = ("name", "message", "description", "resolution", "owner", "since")


@record
class Told:
    """An entry of a row with the envelope that its cells show, None where they show no body."""

    entry: Entry
    seen: Recognised | None = None
    category: str = ""
    """What the row calls its category, as it is written."""

    parsed: bool = False
    """Whether a cell held a body, or members of one."""


def entry(cells: Mapping[str, str], line: Line, place: str) -> Told:
    """The entry of a row; ``cells`` by field, ``place`` is where the row stands."""
    doubts = list(line.doubts)
    fields: dict[str, Any] = {}
    code = _code(cells.get("code", ""), doubts)
    fragment = _body(cells)
    seen = _completed(fragment, code) if fragment is not None else None
    if seen is not None and seen.code is not None and (code is None or fragment_of_code(cells)):
        code = seen.code
    fields["code"] = code if seen is None or seen.carries_code else None
    statuses = _statuses(cells.get("status", "").strip(), doubts)
    if RANGE.search(cells.get("status", "")):
        doubts.append(f"its status “{cells['status'].strip()[:60]}” looks like a range: which ones are meant?")
    if statuses:
        fields["status"] = statuses[0] if len(statuses) == 1 else list(statuses)
    for name in PLAIN:
        text = _text(cells.get(name, ""))
        if text and not (name == "message" and fragment is not None):
            fields[name] = text
    if fragment is not None:
        _shown(fields, fragment, seen, doubts)
    _further(fields, cells, doubts)
    category = " ".join(cells.get("category", "").split()) if "category" in fields else ""
    return Told(Entry(fields, (Evidence("table row", place),), tuple(doubts)), seen, category, fragment is not None)


def _statuses(text: str, doubts: list[str]) -> tuple[int | str, ...]:
    """The statuses of a cell; one of words has the status of that name (RFC 9110), another is asked for."""
    found = in_text(re.sub(r"\.0*(?!\d)", " ", text))
    if found or text.lower() in NOTHING:
        return found
    named = by_name(text, bare=True) if text.isascii() else None
    if named is not None:
        return (named,)
    doubts.append(f"its status “{text[:60]}” is no HTTP status: which one?")
    return ()


def fragment_of_code(cells: Mapping[str, str]) -> bool:
    """Whether the cell of the code holds a member of the body instead of a code."""
    return body(cells.get("code", "")) is not None


def _code(text: str, doubts: list[str]) -> str | int | None:
    text = text.strip()
    if text.lower() in NOTHING or body(text) is not None:
        return None
    if NUMBER.fullmatch(text):
        return int(text)
    if not CODE.fullmatch(text):
        doubts.append(f"“{text[:60]}” stands where the code should: is this the code?")
    return text


def _text(text: str) -> str:
    text = " ".join(text.split())
    return "" if text.lower() in NOTHING else text


def _body(cells: Mapping[str, str]) -> Mapping[str, Any] | None:
    for name in ("message", "description", "code"):
        found = body(cells.get(name, ""))
        if found is not None:
            return found
    return None


def _completed(fragment: Mapping[str, Any], code: str | int | None) -> Recognised | None:
    """What the body is; one that lacks its code may be recognised with the one that the row has."""
    seen = recognised(fragment)
    return seen if seen is not None or code is None else recognised({**fragment, "error_code": code})


def _shown(fields: dict[str, Any], fragment: Mapping[str, Any], seen: Recognised | None, doubts: list[str]) -> None:
    """Takes the message from a body that the row shows; it is one example, so what varies in it is asked for."""
    text = seen.message if seen is not None else None
    if seen is None:
        names = likely(fragment)
        told = f"may be {' or '.join(names)}" if names else "is no shipped envelope"
        doubts.append(f"its body with {', '.join(map(str, fragment))} {told}: which one is it?")
    if text is None:
        return
    fields["message"] = _template(text)
    if seen is not None and seen.kind is not None:
        fields["match"] = {"/type": seen.kind}


VARIES = re.compile(r"\b\d+\b|`[^`]+`|'[^']+'")
SPECIAL = re.compile(r"[\\.^$*+?{}\[\]|()]")


def _template(text: str) -> Any:
    """The message of an example: a list that Python printed by its first item's type and place, else as it stands."""
    found = loose_repr(text)
    if not found or not isinstance(found[0].get("type"), str):
        return text if kind_of(text) == "literal" else {"literal": text}
    first = found[0]
    start = f"[{{'type': '{first['type']}', "
    place = first.get("loc")
    if isinstance(place, tuple) and place and isinstance(place[0], str):
        start += f"'loc': ({place[0]!r},{')' if len(place) == 1 else ' '}"
    escaped = SPECIAL.sub(r"\\\g<0>", start)
    return {"regex": f"^{escaped}", "example": text} if text.startswith(start) else {"literal": text}


def varies(fields: Mapping[str, Any]) -> bool:
    """Whether a message that an example showed holds what looks like a value: a number, or words in quotes."""
    message = fields.get("message")
    text = message.get("literal") if isinstance(message, dict) else message
    return isinstance(text, str) and VARIES.search(text) is not None


def _further(fields: dict[str, Any], cells: Mapping[str, str], doubts: list[str]) -> None:
    told = cells.get("retry", "").strip()
    retry = retry_of(told)
    if retry is not None:
        fields["retry"] = retry
    elif told.lower() not in NOTHING:
        doubts.append(doubt_of(told))
    for name in ("category", "layer"):
        word = re.sub(r"[^a-z0-9._]+", "-", cells.get(name, "").strip().lower()).strip("-._")
        if word[:1].isalpha():
            fields[name] = word
    operations = [item.strip() for item in re.split(r"[,;\n]", cells.get("operations", "")) if item.strip()]
    if operations and all(re.fullmatch(r"[A-Z]+ /\S*|operationId:\S+|tag:\S+", item) for item in operations):
        fields["operations"] = operations
