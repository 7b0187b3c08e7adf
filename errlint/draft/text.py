"""A draft as the text of a catalog: YAML of format 1, each entry below its evidence and its questions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from errlint.draft.merge import MAIN
from errlint.load import yaml_text
from errlint.load.yaml_text import Style
from errlint.model.draft import Draft, Entry, Evidence

QUOTE = '"'
MARK = "?"
"""What a question's comment starts with, for people to search: ``# ? ``."""

ORDER = (
    *("code", "id", "status", "name", "layer", "category", "match", "message", "description", "resolution", "variants"),
    *("retry", "headers", "operations", "provoke", "reachable"),
    *("deprecated", "since", "removed", "replaced_by", "owner", "links", "tags"),
)
PARTS = ("envelopes", "layers", "categories")
SHOWN = 3
"""How many places of an entry's evidence its comment names."""

WIDTH = 120
LONGEST = 300
"""Columns of a line that holds a small object, and the longest line of a comment."""


def catalog_text(draft: Draft, heading: str = "") -> str:
    """The catalog that a draft makes: what the loader reads back, with comments; ``heading`` is its first comment.

    An entry without a status stands under ``any``, which the loader takes and the question above it asks about.

    Raises: EditError where a text holds half a surrogate pair.
    """
    return "\n".join(_lines(draft, heading)) + "\n"


def questions(draft: Draft) -> tuple[str, ...]:
    """All that a user is asked about a draft, in the order of the file."""
    own = (f"{_name(entry)}: {doubt}" for entry in draft.entries for doubt in _doubts(entry))
    return (*draft.doubts, *own)


def _lines(draft: Draft, heading: str) -> Iterator[str]:
    for line in heading.splitlines():
        yield _comment(line)
    for doubt in draft.doubts:
        yield _comment(f"{MARK} {doubt}")
    yield "errlint: 1"
    yield from _member("service", {"name": "service", **draft.service}, 0)
    for part in PARTS:
        held: Mapping[str, Any] = getattr(draft, part)
        if held:
            yield f"{part}:"
            for id_, written in held.items():
                yield from _member(yaml_text.scalar(id_, QUOTE), written, 2)
    for name, written in draft.others.items():
        yield from _member(name, written, 0)
    if not draft.entries:
        yield "errors: []"
        return
    yield "errors:"
    alone = len(draft.layers) < 2
    for entry in draft.entries:
        yield from _entry(entry, alone)


def _entry(entry: Entry, alone: bool) -> Iterator[str]:
    if entry.evidence:
        yield "  " + _comment(_told(entry.evidence))
    for doubt in _doubts(entry):
        yield "  " + _comment(f"{MARK} {doubt}")
    lines = [line for name, value in _fields(entry, alone) for line in _member(name, value, 4)]
    yield "  - " + lines[0].lstrip()
    yield from lines[1:]


def _fields(entry: Entry, alone: bool) -> Iterator[tuple[str, Any]]:
    fields = {"code": None, "status": "any", **entry.fields}
    if alone and fields.get("layer") == MAIN:
        del fields["layer"]
    for name in ORDER:
        if name in fields:
            yield name, fields[name]
    for name, value in fields.items():
        if name not in ORDER:
            yield name, value


def _doubts(entry: Entry) -> tuple[str, ...]:
    """An entry's questions; where nothing says its status, the first one asks for it."""
    if entry.statuses or any("status" in doubt for doubt in entry.doubts):
        return entry.doubts
    return ("nothing says its status: which one?", *entry.doubts)


def _name(entry: Entry) -> str:
    return str(entry.fields.get("id", "") if entry.code is None else entry.code)


def _told(evidence: tuple[Evidence, ...]) -> str:
    """The evidence on one line, places of one kind together: ``enum in openapi.yaml:12; seen 3 times: GET /models``."""
    kinds: dict[str, list[str]] = {}
    for one in evidence:
        kinds.setdefault(one.what, [])
        if one.where:
            kinds[one.what].append(one.where)
    told = []
    for what, places in kinds.items():
        more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
        told.append(f"{what}: {', '.join(places[:SHOWN])}{more}" if places else what)
    return "; ".join(told)


def _comment(text: str) -> str:
    """A comment on one line: whatever could end it is written as an escape."""
    told = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in re.sub(r"\s+", " ", text).strip())
    return "# " + (told if len(told) <= LONGEST else told[: LONGEST - 1] + "…")


def _member(key: str, value: Any, column: int) -> Iterator[str]:
    """A member of a mapping: on one line where it is small, as a block where it is not."""
    if isinstance(value, Mapping | list | tuple):
        plain = _plain(value)
        line = f"{' ' * column}{key}: {yaml_text.flow(plain, QUOTE, False)}"
        if len(line) <= WIDTH and _depth(plain) < 4:
            yield line
            return
        if isinstance(plain, list):
            yield from yaml_text.member(key, plain, column, Style())
            return
        yield f"{' ' * column}{key}:"
        for name, below in plain.items():
            yield from _member(yaml_text.scalar(name, QUOTE), below, column + 2)
        return
    yield f"{' ' * column}{key}: {yaml_text.scalar(value, QUOTE)}"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(below) for name, below in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(below) for below in value]
    return value


def _depth(value: Any) -> int:
    if not isinstance(value, dict | list) or not value:
        return 0
    return 1 + max(_depth(below) for below in (value.values() if isinstance(value, dict) else value))
