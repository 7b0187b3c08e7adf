"""Calls and records of source code -> codes beside a status."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from errlint.draft.source import source_words as words
from errlint.draft.source.source_facts import Call, Items, Name, Record, Value
from errlint.draft.source.source_symbols import resolved
from errlint.draft.statuses import by_name
from errlint.model.record import field, mutable, record

Codes = Mapping[str, str | int]
DEEPEST = 4


@record
class Seen:
    """A code at one place: its status where one stands beside it, its texts by field, and how it was seen."""

    code: str | int
    status: int | None
    texts: Mapping[str, str]
    what: str
    line: int
    doubt: str = ""


@mutable
class _Parts:
    """The values of a call or record by what they are."""

    statuses: list[int] = field(default_factory=list)
    codes: list[str | int] = field(default_factory=list)
    weak: list[str | int] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    odd_status: str = ""


def of_call(call: Call, symbols: Codes, errors: frozenset[str] = frozenset(), own: int | None = None) -> Iterator[Seen]:
    """The code of a call that makes or sends an error: ``HTTPException(status_code=404, detail={"code": ..})``.

    ``errors`` are classes that are known to be errors, ``own`` is the status of the class around the call. A call without a
    status needs a code and a message; whoever asks decides whether it counts.
    """
    raising = words.raises(call.name, call.owner) or (call.name.startswith("super") and call.owner in errors)
    if not raising and not words.answers(call.name):
        return
    parts = _Parts()
    _gather(call, symbols, parts, raising, 0)
    statuses = list(dict.fromkeys(parts.statuses)) or ([own] if own is not None else [])
    codes = list(dict.fromkeys(parts.codes or parts.weak))
    if len(codes) != 1 or len(statuses) > 1 or (statuses and statuses[0] < 400):
        return
    if not statuses and not (raising and parts.codes and "message" in parts.texts):
        return
    name = {"name": call.owner} if call.name.startswith("super") and call.owner else {}
    short = call.name.rpartition(".")[2]
    status = statuses[0] if statuses else None
    yield Seen(codes[0], status, {**name, **parts.texts}, f"call of {call.owner if name else short}", call.line)


def _gather(call: Call, symbols: Codes, parts: _Parts, raising: bool, depth: int) -> None:
    for name, item in call.named.items():
        _named(name, item, symbols, parts, raising, depth)
    for item in call.values:
        _plain(item, symbols, parts, raising, depth)


def _plain(item: Value, symbols: Codes, parts: _Parts, raising: bool, depth: int) -> None:
    """A value that has no name: a status by its number or name, a code by its look, a text by its spaces."""
    if isinstance(item, Record) and depth < DEEPEST:
        for key, held in item.pairs:
            name = key.text if isinstance(key, Name) else key
            if isinstance(name, str):
                _named(name, held, symbols, parts, raising, depth + 1)
    elif isinstance(item, Call) and depth < DEEPEST:
        _gather(item, symbols, parts, raising or words.raises(item.name, item.owner), depth + 1)
    elif isinstance(item, int):
        if 100 <= item <= 599:
            parts.statuses.append(item)
    elif isinstance(item, Name):
        status = by_name(item.text)
        known = resolved(item, symbols)
        if status is not None:
            parts.statuses.append(status)
        elif isinstance(known, str | int) and raising:
            parts.codes.append(known)
    elif isinstance(item, str) and raising:
        if words.is_constant(item):
            parts.codes.append(item)
        elif words.is_small(item):
            parts.weak.append(item)
        elif " " in item.strip():
            parts.texts.setdefault("message", item)


def _named(name: str, item: Value, symbols: Codes, parts: _Parts, raising: bool, depth: int) -> None:
    meant = words.field(name.rpartition(".")[2])
    held = resolved(item, symbols)
    if isinstance(item, Record | Call) and meant not in ("code", "status") and depth < DEEPEST:
        _plain(item, symbols, parts, raising, depth)
    elif meant == "status":
        status = item if isinstance(item, int) else by_name(item.text, bare=True) if isinstance(item, Name) else None
        if status is not None and 100 <= status <= 599:
            parts.statuses.append(status)
        elif isinstance(item, int):
            parts.odd_status = str(item)
    elif meant == "code" and isinstance(held, str | int):
        if words.is_word(held):
            parts.codes.append(held)
    elif name in words.WEAK and isinstance(held, str) and raising and _is_weak(name, held):
        parts.weak.append(held)
    elif (
        isinstance(held, str)
        and meant in ("message", "description", "resolution")
        and (held.strip() != "" and meant not in parts.texts)
    ):
        parts.texts[meant] = held


def _is_weak(name: str, held: str) -> bool:
    """Whether a member that is not called a code may be one; under ``error`` small letters are usual (RFC 6749)."""
    return (words.is_constant(held) and held == held.upper()) or (name == "error" and words.is_small(held))


def of_record(item: Record, symbols: Codes) -> Iterator[Seen]:
    """The code of a record that holds one beside a status, and of records whose keys are the codes."""
    parts = _Parts()
    for key, held in item.pairs:
        name = key.text if isinstance(key, Name) else key
        if isinstance(name, str) and not isinstance(held, Record | Call):
            _named(name, held, symbols, parts, True, DEEPEST)
    codes = list(dict.fromkeys(parts.codes or parts.weak))
    statuses = list(dict.fromkeys(parts.statuses))
    owner = {"name": item.owner} if item.owner else {}
    if len(codes) == 1 and len(statuses) == 1 and statuses[0] >= 400:
        yield Seen(codes[0], statuses[0], {**owner, **parts.texts}, _what(item), item.line)
    elif len(codes) == 1 and not statuses and parts.odd_status and parts.texts:
        doubt = f"its status is {parts.odd_status}, which is no HTTP status: which one?"
        yield Seen(codes[0], None, {**owner, **parts.texts}, _what(item), item.line, doubt)
    if not codes:
        yield from _keyed(item, symbols)


def _what(item: Record) -> str:
    return f"literal in {item.owner}" if item.owner else "literal"


def _keyed(item: Record, symbols: Codes) -> Iterator[Seen]:
    """The codes that are the keys of a record whose values hold a status each, but no code."""
    found = []
    for key, held in item.pairs:
        parts = _Parts()
        if isinstance(held, Record):
            _plain(held, symbols, parts, False, DEEPEST - 1)
        elif isinstance(held, Items | Call) and not isinstance(held, Call):
            for value in held.values:
                _plain(value, symbols, parts, False, DEEPEST)
                if isinstance(value, str) and " " in value:
                    parts.texts.setdefault("message", value)
        code = _key(key, symbols)
        if code is None or parts.codes or len(parts.statuses) != 1 or parts.statuses[0] < 400:
            continue
        line = held.line if isinstance(held, Record | Items) else item.line
        found.append(Seen(code, parts.statuses[0], parts.texts, "literal", line))
    plain = [one for one in found if words.is_constant(str(one.code)) or (one.texts and words.is_small(str(one.code)))]
    if len(found) == len(item.pairs) and len(found) > 1 and all(one.texts for one in found):
        yield from found
    else:
        yield from plain


def _key(key: Value, symbols: Codes) -> str | int | None:
    held = resolved(key, symbols)
    if isinstance(held, Name):
        return held.text if "." not in held.text and words.is_word(held.text) else None
    return held if isinstance(held, str | int) and words.is_word(held) else None


def _proto_name(key: Value) -> Value:
    """The name that protobuf's ``ErrorCode.Name(GONE)`` gives, else the key itself."""
    first = key.values[0] if isinstance(key, Call) and key.name.endswith("Code.Name") and len(key.values) == 1 else None
    return first.text.rpartition(".")[2] if isinstance(first, Name) else key


def statuses_by_code(item: Record, symbols: Codes) -> Iterator[Seen]:
    """The codes of a map from codes to statuses: ``{ErrorCode.GONE: 410, ..}``; all of its values must be statuses."""
    found = []
    for key, held in item.pairs:
        status = held if isinstance(held, int) else by_name(held.text) if isinstance(held, Name) else None
        code = resolved(_proto_name(key), symbols)
        literal = isinstance(code, str) and words.is_constant(code)
        known = isinstance(key, Name) and isinstance(code, str | int)
        if status is None or not 100 <= status <= 599 or not (literal or known) or not isinstance(code, str | int):
            return
        found.append(Seen(code, status, {}, "map of statuses", item.line))
    if len(found) > 1:
        yield from (one for one in found if one.status is not None and one.status >= 400)
