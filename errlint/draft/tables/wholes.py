"""Rows of one code as one entry: their statuses together, and what differs under each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from errlint.model.draft import Entry
from errlint.model.record import replace

TEXTS = ("message", "description", "resolution")


def united(entries: Iterable[Entry]) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """The entries with those of one layer, code, ``match`` and message as one, and the codes that stood several times."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(_identity(entry), []).append(entry)
    repeated = tuple(str(group[0].code) for group in found.values() if len(group) > 1)
    return tuple(_one(group) for group in found.values()), repeated


def _identity(entry: Entry) -> str:
    """What tells an entry apart; a code that says no more than the HTTP status is told apart by its message."""
    fields = entry.fields
    message = fields.get("message") if entry.code in entry.statuses or entry.code is None else None
    named = fields.get("id") if entry.code is None else None
    return json.dumps([fields.get("layer"), entry.code, named, fields.get("match"), message], sort_keys=True)


def _one(group: Sequence[Entry]) -> Entry:
    evidence = tuple(dict.fromkeys(one for entry in group for one in entry.evidence))
    group = list({json.dumps([entry.fields, entry.doubts], sort_keys=True): entry for entry in group}.values())
    if len(group) == 1:
        return replace(group[0], evidence=evidence)
    fields: dict[str, Any] = {}
    for entry in group:
        fields = {**entry.fields, **fields}
    statuses = list(dict.fromkeys(status for entry in group for status in entry.statuses))
    if statuses:
        fields["status"] = statuses[0] if len(statuses) == 1 else statuses
    differing = [name for name in TEXTS if len({json.dumps(entry.fields.get(name), sort_keys=True) for entry in group}) > 1]
    doubts = list(dict.fromkeys(doubt for entry in group for doubt in entry.doubts))
    by_status: dict[str, list[Entry]] = {}
    for entry in group:
        by_status.setdefault(json.dumps(entry.fields.get("status")), []).append(entry)
    if differing and len(by_status) > 1 and len(by_status) == len(group):
        fields["variants"] = [
            {"status": entry.fields["status"], **{name: entry.fields[name] for name in differing if name in entry.fields}}
            for entry in group
            if "status" in entry.fields
        ]
        for name in differing:
            fields.pop(name, None)
    elif differing:
        doubts.append(f"its rows have different texts ({', '.join(differing)}): the first is taken, which is right?")
    return Entry(fields, evidence, tuple(doubts))


KIND = re.compile(r"'type': '(\w+)'")


def told_apart(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries with ids where layer, code and ``match`` leave several alike: ``vllm-flat.400-missing``."""
    alike: dict[str, int] = {}
    for entry in entries:
        alike[_bare(entry)] = alike.get(_bare(entry), 0) + 1
    taken: set[str] = set()
    found = []
    for entry in entries:
        if alike[_bare(entry)] > 1:
            first = f"{entry.fields.get('layer', 'error')}.{entry.code if entry.code is not None else 'none'}-{_word(entry)}"
            id_, number = first, 2
            while id_ in taken:
                id_, number = f"{first}-{number}", number + 1
            entry = replace(entry, fields={**entry.fields, "id": id_})
            taken.add(id_)
        found.append(entry)
    return tuple(found)


def _bare(entry: Entry) -> str:
    fields = entry.fields
    return json.dumps([fields.get("layer"), entry.code, fields.get("id") if entry.code is None else None, fields.get("match")])


def _word(entry: Entry) -> str:
    """A short name for an entry: the kind that its message shows, else the first words of its text."""
    message = entry.fields.get("message", "")
    text = message.get("example", message.get("literal", "")) if isinstance(message, dict) else message
    kind = KIND.search(str(text)[:200])
    if kind:
        return kind[1]
    words = re.findall(r"[a-z0-9]+", str(entry.fields.get("description", text)).lower()[:200])
    return "-".join(words[:4]) or "entry"
