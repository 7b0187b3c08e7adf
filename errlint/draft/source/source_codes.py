"""What source files say -> the codes in them, each with its status where one stands beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from errlint.draft.source import source_words as words
from errlint.draft.source.source_calls import Seen, of_call, of_record, statuses_by_code
from errlint.draft.source.source_facts import Call, Class, Enum, Member, Name, Record, Source, Value
from errlint.draft.source.source_symbols import Symbols, member_code
from errlint.draft.statuses import by_name
from errlint.model.draft import Entry, Evidence
from errlint.model.record import field, mutable


@mutable
class _Found:
    """A code on its way: what is known of it, in the order of the places."""

    code: str | int
    statuses: dict[int, None] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    evidence: dict[Evidence, None] = field(default_factory=dict)
    doubts: dict[str, None] = field(default_factory=dict)


def entries(sources: Sequence[Source]) -> tuple[Entry, ...]:
    """One entry for each code, in the order of the files; a code without a status is there where others beside it have one."""
    symbols = Symbols(sources)
    found: dict[str, _Found] = {}
    for source in sources:
        known = symbols.of(source)
        for seen in _beside([one for item in source.loose for one in _loose(item, known, symbols)]):
            _add(found, seen, source.uri)
    for source in sources:
        for class_ in source.classes:
            for seen in _class(class_, symbols):
                _add(found, seen, source.uri)
    for source in sources:
        for enum in source.enums:
            for seen in _enum(enum, symbols, found):
                _add(found, seen, source.uri)
    return tuple(_entry(one) for one in found.values())


def _beside(seen: Sequence[Seen]) -> Iterator[Seen]:
    """What was seen in one file; a code without a status where the same function makes others with one."""
    ways = {one.what for one in seen if one.status is not None}
    return (one for one in seen if one.status is not None or one.doubt or one.what in ways)


def _loose(item: Any, known: Mapping[str, str | int], symbols: Symbols) -> Iterator[Seen]:
    if isinstance(item, Call):
        status = _own_status(item, symbols) if item.name.startswith("super") else None
        yield from of_call(item, known, symbols.errors, status)
    elif isinstance(item, Record):
        yield from of_record(item, known)
        yield from statuses_by_code(item, known)


def _own_status(call: Call, symbols: Symbols) -> int | None:
    """The status that the class around a call holds, as ``status_code = 404`` beside its ``super().__init__("gone")``."""
    for name, item in symbols.attributes(call.owner):
        if words.field(name) == "status":
            return _status(item, "status")
    return None


def _add(found: dict[str, _Found], seen: Seen, uri: str) -> None:
    one = found.setdefault(json.dumps(seen.code), _Found(seen.code))
    if seen.status is not None:
        one.statuses[seen.status] = None
    for name, text in seen.texts.items():
        if text and text != str(seen.code):
            one.texts.setdefault(name, " ".join(text.split()))
    one.evidence[Evidence(seen.what, f"{uri}:{seen.line}" if seen.line else uri)] = None
    if seen.doubt:
        one.doubts[seen.doubt] = None


def _entry(one: _Found) -> Entry:
    fields: dict[str, Any] = {"code": one.code}
    statuses = sorted(one.statuses)
    if statuses:
        fields["status"] = statuses[0] if len(statuses) == 1 else statuses
    fields |= {name: one.texts[name] for name in ("name", "message", "description", "resolution") if name in one.texts}
    doubts = () if statuses and len(one.statuses) == 1 else tuple(one.doubts)
    return Entry(fields, tuple(one.evidence), doubts)


def _enum(enum: Enum, symbols: Symbols, known: Mapping[str, _Found]) -> Iterator[Seen]:
    """The members of an enum of errors; of any other enum none."""
    if words.NO_CODES.search(enum.name):
        return
    seen = [one for member in enum.members if (one := _member(enum, member, symbols)) is not None]
    held = [one for one in seen if one.status is not None]
    elsewhere = any(known[key].statuses for one in seen if (key := json.dumps(one.code)) in known)
    named = any(member.named or _named_status(member) for member in enum.members)
    holds = (
        words.HOLDER.search(enum.name) is not None or named or any(words.field(name) == "status" for name in enum.parameters)
    )
    errors = [one for one in held if one.status is not None and one.status >= 400]
    telling = words.TELLING.search(enum.name) or (
        len(seen) > 1 and all(member.name.startswith(("Err", "ERR")) for member in enum.members)
    )
    if (holds and errors) or elsewhere or (telling and len(seen) > 1 and not held):
        yield from (one for one in seen if one.status is None or one.status >= 400)


def _named_status(member: Member) -> bool:
    return any(isinstance(held, Name) and by_name(held.text) is not None for held in member.values)


def _member(enum: Enum, member: Member, symbols: Symbols) -> Seen | None:
    code = member_code(enum, member)
    if code is None:
        return None
    status: int | None = None
    texts = {} if member.name == code else {"name": member.name}
    held: dict[str, Value] = {}
    unnamed: list[Value] = []
    for index, item in enumerate(member.values):
        name = words.field(enum.parameters[index]) if index < len(enum.parameters) else None
        if name is None:
            unnamed.append(item)
        else:
            held.setdefault(name, item)
    for name, item in [
        *held.items(),
        *(("", item) for item in unnamed),
        *((words.field(k) or "", v) for k, v in member.named.items()),
    ]:
        found = _status(item, name)
        if status is None and found is not None and name in ("", "status"):
            status = found
        elif isinstance(item, str) and item != code:
            texts.setdefault(name if name in ("message", "description", "resolution") else "message", item)
    return Seen(code, status, texts, f"enum {enum.name}", member.line)


def _status(item: Value, name: str) -> int | None:
    if isinstance(item, Name):
        return by_name(item.text, bare=name == "status")
    return item if isinstance(item, int) and 100 <= item <= 599 else None


def _class(class_: Class, symbols: Symbols) -> Iterator[Seen]:
    """The code of an error's class with what it inherits; one without a status counts where a class beside it has one."""
    if not symbols.is_error(class_):
        return
    held: dict[str, Value] = {}
    weak: dict[str, Value] = {}
    for one in symbols.line_of(class_):
        for name, item in one.attributes.items():
            meant = words.field(name)
            (weak if name in words.WEAK else held).setdefault(name if name in words.WEAK else meant or name, item)
    own = {words.field(name) or name for name in class_.attributes}
    code = symbols.resolved(held.get("code"))
    if not words.is_word(code):
        code = next((item for name in ("error", "type", "id") if words.is_word(item := symbols.resolved(weak.get(name)))), None)
        if any(name in class_.attributes for name in ("error", "type", "id")):
            own.add("code")
    if not isinstance(code, str | int) or isinstance(code, bool) or "code" not in own:
        return
    status = _status(held.get("status"), "status")
    if status is None and "status" not in held and not symbols.has_statuses(class_):
        return
    if status is not None and status < 400:
        return
    texts = {name: str(item) for name in ("message", "description") if isinstance(item := held.get(name), str)}
    yield Seen(code, status, {"name": class_.name, **texts}, f"class {class_.name}", class_.line)
