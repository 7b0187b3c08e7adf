"""Go source -> what it says: constants by their type, and the calls and composite literals of its variables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from errlint.draft.source.braces import Node, is_mark, is_name, loose, split, value
from errlint.draft.source.source_facts import Enum, Member, Source, Value
from errlint.draft.source.source_switch import switches
from errlint.draft.source.tokens import Group, Token, tree


def source(text: str, uri: str) -> Source:
    """What a file says. Raises: TooDeep."""
    root = tree(text, raw=True)
    members: dict[str, list[Member]] = {}
    constants: dict[str, Value] = {}
    for name, type_, held, line in _declared(root):
        constants[name] = held
        if isinstance(held, str):
            members.setdefault(type_, []).append(Member(name, (held,), {}, line))
    enums = [Enum(type_ or "const", tuple(found), (), found[0].line) for type_, found in members.items()]
    return Source(uri, tuple(enums), (), constants, (*loose(root), *switches(root)))


def _declared(root: Group) -> Iterator[tuple[str, str, Value, int]]:
    """The constants of the file, each with its type's name (empty where it has none): ``ErrGone Code = "GONE"``."""
    for at, node in enumerate(root.items):
        if not (is_name(node, "const") or is_name(node, "var")) or at + 1 >= len(root.items):
            continue
        below = root.items[at + 1]
        if isinstance(below, Group) and below.opening == "(":
            for part in split(below.items, (";",), lines=True):
                yield from _one(part)
        else:
            yield from _one(next(split(root.items[at + 1 : at + 40], (";",), lines=True), []))


def _one(part: Sequence[Node]) -> Iterator[tuple[str, str, Value, int]]:
    equals = next((index for index, node in enumerate(part) if is_mark(node, "=")), 0)
    named = part[0] if part else None
    if not equals or not isinstance(named, Token) or named.kind != "name":
        return
    held = value(part[equals + 1 :])
    type_ = ".".join(node.text for node in part[1:equals] if isinstance(node, Token) and node.kind == "name")
    if isinstance(held, str | int) or held is not None:
        yield named.text, type_, _converted(held), named.line


INSIDE = re.compile(r"(?:^|\.)(?:New|Newf|Errorf|Wrap|Wrapf|Sentinel)$")
"""What makes an error value of Go's own, which no client sees: its text is no code, nor is its name."""


def _converted(held: Value) -> Value:
    """What a conversion holds: ``Code("GONE")`` is the text."""
    from errlint.draft.source.source_facts import Call

    if not isinstance(held, Call) or len(held.values) != 1 or INSIDE.search(held.name):
        return held
    return held.values[0] if isinstance(held.values[0], str) else held
