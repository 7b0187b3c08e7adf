"""TypeScript and JavaScript source -> what it says: enums, constant objects, unions of texts, classes, calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from errlint.draft.source import source_words as words
from errlint.draft.source.braces import Node, is_mark, is_name, loose, record_of, split, value
from errlint.draft.source.source_facts import Class, Enum, Member, Name, Record, Source, Value
from errlint.draft.source.source_java import types
from errlint.draft.source.source_switch import switches
from errlint.draft.source.tokens import Group, Token, tree

MODIFIERS = frozenset(("public", "private", "protected", "static", "readonly", "override", "declare", "abstract"))


def source(text: str, uri: str) -> Source:
    """What a file says. Raises: TooDeep."""
    root = tree(text, regexes=True)
    enums, classes = [], []
    constants: dict[str, Value] = {}
    for kind, name, rest, body in types(root):
        if kind == "enum":
            enums.append(Enum(name, tuple(_members(body)), (), body.line))
        elif kind == "class":
            bases = tuple(node.text for node in rest if isinstance(node, Token) and node.kind == "name")
            classes.append(Class(name, bases, dict(_attributes(body)), body.line))
    for name, held, line in _constants(root):
        constants[name] = held
        enums += _as_enum(name, held, line)
    enums += _unions(root)
    return Source(uri, tuple(enums), tuple(classes), constants, (*loose(root), *switches(root)))


def _members(body: Group) -> Iterator[Member]:
    for part in split(body.items):
        first = part[0]
        if isinstance(first, Token) and first.kind in ("name", "string"):
            held = value(part[2:]) if len(part) > 2 and is_mark(part[1], "=") else None
            yield Member(first.text, (held,) if held is not None else (), {}, first.line)


def _attributes(body: Group) -> Iterator[tuple[str, Value]]:
    """The fields that a class sets: ``readonly code = "GONE"``, ``static status: number = 404``."""
    for part in split(body.items, (";",), lines=True):
        at = 0
        while at < len(part) and isinstance(part[at], Token) and getattr(part[at], "text", "") in MODIFIERS:
            at += 1
        named = part[at] if at < len(part) else None
        equals = next((index for index, node in enumerate(part[:12]) if is_mark(node, "=")), 0)
        if isinstance(named, Token) and named.kind == "name" and equals > at:
            yield named.text, value(part[equals + 1 :])


def _constants(root: Group) -> Iterator[tuple[str, Value, int]]:
    """The constants at the top of a file: ``const NAME[: type] = value``."""
    for at, node in enumerate(root.items):
        named = root.items[at + 1] if at + 1 < len(root.items) else None
        if not (is_name(node, "const") or is_name(node, "let") or is_name(node, "var")) or not isinstance(named, Token):
            continue
        part = next(split(root.items[at + 1 : at + 60], (";",), lines=True), [])
        equals = next((index for index, item in enumerate(part) if is_mark(item, "=")), 0)
        if equals and named.kind == "name":
            yield named.text, _frozen(part[equals + 1 :]), named.line


def _frozen(part: Sequence[Node]) -> Value:
    """The value of an expression; ``Object.freeze({..})`` is its record."""
    frozen = len(part) == 4 and is_name(part[0], "Object") and is_name(part[2], "freeze")
    inner = part[3] if frozen else None
    if isinstance(inner, Group) and inner.items and isinstance(inner.items[0], Group):
        return record_of(inner.items[0])
    return value(part)


def _text(key: Value) -> str:
    return key.text if isinstance(key, Name) else str(key)


def _as_enum(name: str, held: Value, line: int) -> list[Enum]:
    """An object whose members are all texts or numbers, which is how JavaScript writes an enum."""
    if not isinstance(held, Record) or not held.pairs or any(not isinstance(item, str | int) for _, item in held.pairs):
        return []
    if any(words.field(_text(key)) in ("code", "status") for key, _ in held.pairs):
        return []  # one error with its members, not one constant a member
    members = [Member(_text(key), (item,), {}, held.line) for key, item in held.pairs if isinstance(key, Name | str)]
    return [Enum(name, tuple(members), (), line)]


def _unions(root: Group) -> list[Enum]:
    """``type Name = "a" | "b"``: each text is a constant."""
    found = []
    for at, node in enumerate(root.items[:-3]):
        named = root.items[at + 1]
        if not is_name(node, "type") or not isinstance(named, Token) or not is_mark(root.items[at + 2], "="):
            continue
        members = []
        for item in root.items[at + 3 :]:
            if isinstance(item, Token) and item.kind == "string":
                members.append(Member(item.text, (item.text,), {}, item.line))
            elif not is_mark(item, "|"):
                break
        if len(members) > 1:
            found.append(Enum(named.text, tuple(members), (), named.line))
    return found
