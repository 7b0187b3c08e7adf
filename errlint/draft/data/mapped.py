"""JSON and YAML data -> a draft, by a mapping of its members."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from errlint.draft.data import mapping
from errlint.draft.retries import doubt_of, retry_of
from errlint.draft.statuses import by_name, in_text
from errlint.draft.tables.wholes import united
from errlint.errors import LoadError
from errlint.model import pointer as pointers
from errlint.model.draft import Draft, Entry, Evidence
from errlint.model.finding import Location
from errlint.model.pointer import Pointer

TEXTS = ("id", "name", "message", "description", "resolution", "owner", "since")
IDS = ("layer", "category")
LISTS = ("operations", "links", "tags")


def draft(data: Any, uri: str, paths: Mapping[str, Pointer]) -> Draft:
    """The draft of data; without ``paths`` the mapping is guessed, and told. Raises: LoadError, ConfigError."""
    found = mapping.given(data, paths) if paths else None if _is_known(data) else mapping.guessed(data)
    if found is None:
        raise LoadError(*_nothing(data, uri, bool(paths)))
    entries, lost = [], 0
    titles: dict[str, str] = {}
    for at, values in mapping.rows(data, found):
        entry = _entry(values, f"{uri}#{pointers.text(at)}")
        if entry is None:
            lost += 1
        else:
            entries.append(entry)
            if "category" in entry.fields:
                titles.setdefault(entry.fields["category"], " ".join(str(values["category"]).split()))
    if not entries:
        told = f"none of its {lost} entries has a code" if lost else "has nothing where the entries should be"
        raise LoadError(told, Location(uri, ()), f"read with {found.told()}")
    whole, repeated = united(entries)
    categories = {id_: {"title": titles[id_]} for entry in whole if (id_ := entry.fields.get("category"))}
    return Draft(
        whole,
        service={"source": {"file": uri.rpartition("/")[2]}},
        categories=categories,
        read=tuple(_told(uri, found, len(entries), lost, repeated, whole, guess=not paths)),
    )


def _is_known(data: Any) -> bool:
    """Whether data is a catalog or a document, of which another command reads more."""
    return isinstance(data, dict) and (data.get("errlint") == 1 or "openapi" in data or "swagger" in data)


def _nothing(data: Any, uri: str, asked: bool) -> tuple[str, Location, str]:
    where = Location(uri, ())
    if isinstance(data, dict) and data.get("errlint") == 1:
        return "is a catalog already", where, "errlint catalog check judges it"
    if isinstance(data, dict) and ("openapi" in data or "swagger" in data):
        return "is an OpenAPI document", where, "errlint init writes a catalog from it"
    if asked:
        return "has nothing at the path of the code", where, "see --map"
    return (
        "no members that look like error codes",
        where,
        "say where they are: --map code=/errors/*/id --map status=/errors/*/http",
    )


def _told(
    uri: str, found: mapping.Mapped, number: int, lost: int, repeated: tuple[str, ...], whole: tuple[Entry, ...], *, guess: bool
) -> list[str]:
    told = [f"{uri}: {number} rows, {len(whole)} {'entry' if len(whole) == 1 else 'entries'}"]
    if guess:
        told.append(f"the mapping is a guess: {found.told()}")
        if len(found.rows) > 1:
            told.append(f"and the same members below {', '.join(pointers.text(row) for row in found.rows[1:6])}")
    if lost:
        told.append(f"{lost} rows without a code are left out")
    missing = sum(1 for entry in whole if not entry.statuses)
    if missing:
        told.append(f"{missing} of {len(whole)} entries without a status")
    if repeated:
        told.append(f"{len(repeated)} codes in several rows, united: {', '.join(repeated[:5])}")
    return told


def _entry(values: Mapping[str, Any], where: str) -> Entry | None:
    code = values.get("code")
    if isinstance(code, bool) or not isinstance(code, str | int) or code == "":
        return None
    fields: dict[str, Any] = {"code": code}
    doubts: list[str] = []
    if "status" in values:
        statuses = _statuses(values["status"])
        if statuses:
            fields["status"] = statuses[0] if len(statuses) == 1 else list(statuses)
        else:
            doubts.append(f"its status is {str(values['status'])[:40]}, which is no HTTP status: which one?")
    for name in TEXTS:
        value = values.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            fields[name] = " ".join(str(value).split())
    for name in IDS:
        word = re.sub(r"[^a-z0-9._]+", "-", str(values.get(name, "")).lower()).strip("-._")
        if word[:1].isalpha():
            fields[name] = word
    for name in LISTS:
        value = values.get(name)
        if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
            fields[name] = value
    if isinstance(values.get("deprecated"), bool):
        fields["deprecated"] = values["deprecated"]
    told = values.get("retry")
    retry = retry_of(told)
    if retry is not None:
        fields["retry"] = retry
    elif isinstance(told, str) and told.strip():
        doubts.append(doubt_of(told))
    return Entry(fields, (Evidence("member", where),), tuple(doubts))


def _statuses(value: Any) -> tuple[int | str, ...]:
    several = value if isinstance(value, list) else [value]
    found: list[int | str] = []
    for one in several:
        if isinstance(one, int) and not isinstance(one, bool):
            found += [one] if 100 <= one <= 599 else []
        elif isinstance(one, str):
            named = by_name(one, bare=True)
            found += in_text(one) or ([named] if named else [])
    return tuple(dict.fromkeys(found))
