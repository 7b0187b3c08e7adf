"""Groups of tokens -> values: literals, names, calls, records, as Java, Go and TypeScript write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from errlint.draft.source.source_facts import Call, Items, Name, Record, Value
from errlint.draft.source.tokens import Group, Token

Node = Token | Group
PREFIXES = frozenset(("new", "await", "return", "throw", "&", "*", "raise", "yield", "final", "default", "export"))
NO_CALLS = frozenset(
    ("if", "for", "while", "switch", "catch", "function", "func", "return", "typeof", "case", "import", "synchronized")
)
GETTERS = frozenset(("value", "code", "getCode", "getValue", "name", "toString", "intValue", "getStatusCode"))
NUMBER = re.compile(r"\d[\d_]*[lL]?")
TYPES = frozenset(("map", "string", "int", "bool", "struct", "interface", "any"))


def is_mark(node: Node | None, text: str) -> bool:
    """Whether a node is this mark."""
    return isinstance(node, Token) and node.kind == "mark" and node.text == text


def is_group(node: Node | None, opening: str) -> bool:
    """Whether a node is a group of this bracket."""
    return isinstance(node, Group) and node.opening == opening


def is_name(node: Node | None, text: str = "") -> bool:
    """Whether a node is a name, of this text where one is given."""
    return isinstance(node, Token) and node.kind == "name" and (not text or node.text == text)


def split(items: Sequence[Node], marks: Sequence[str] = (",",), *, lines: bool = False) -> Iterator[list[Node]]:
    """The parts of a group between commas (or other marks), and, where ``lines`` end statements, at the ends of lines."""
    part: list[Node] = []
    for node in items:
        ends = isinstance(node, Token) and node.kind == "mark" and node.text in marks
        if part and (ends or (lines and _line(node) > _last_line(part[-1]) and not _goes_on(part[-1], node))):
            yield part
            part = []
        if not ends:
            part.append(node)
    if part:
        yield part


def _line(node: Node) -> int:
    return node.line


def _last_line(node: Node) -> int:
    while isinstance(node, Group) and node.items:
        node = node.items[-1]
    return node.line


OPERATORS = frozenset(("=", "+", "|", "&", "?", ":", ".", ",", "=>", "->", "||", "&&"))


def _goes_on(before: Node, after: Node) -> bool:
    """Whether a statement goes on in the next line: an operator ends the one or starts the other, or a bracket closed."""
    ends = isinstance(before, Token) and before.kind == "mark" and before.text in OPERATORS
    starts = isinstance(after, Token) and after.kind == "mark" and after.text in OPERATORS
    return ends or starts


def values(group: Group, owner: str = "") -> tuple[Value, ...]:
    """The values of a call's arguments or a list's elements."""
    return tuple(value(part, owner) for part in split(group.items))


def value(nodes: Sequence[Node], owner: str = "") -> Value:
    """The value of an expression, None where the text alone does not tell it."""
    at = 0
    while at < len(nodes) and isinstance(nodes[at], Token) and _text(nodes[at]) in PREFIXES:
        at += 1
    nodes = _without_cast(nodes[at:])
    if not nodes:
        return None
    first = nodes[0]
    if isinstance(first, Token) and first.kind == "string":
        return _joined(nodes)
    if isinstance(first, Token) and first.kind == "number":
        return (
            int(first.text.rstrip("lL").replace("_", ""))
            if len(nodes) == 1 and NUMBER.fullmatch(first.text) and len(first.text) < 16
            else None
        )
    if isinstance(first, Token) and first.kind == "name":
        found, end = chain(nodes, 0, owner)
        return found if end == len(nodes) else (_joined(nodes) if any(is_mark(node, "+") for node in nodes) else None)
    if isinstance(first, Group) and first.opening == "[" and len(nodes) > 1:
        last = nodes[-1]
        return record_of(last, owner) if isinstance(last, Group) and last.opening == "{" and len(nodes) <= 6 else None
    if isinstance(first, Group) and len(nodes) == 1:
        if first.opening == "{":
            return record_of(first, owner)
        inner = values(first, owner)
        return Items(inner, first.line) if first.opening == "[" else (inner[0] if len(inner) == 1 else None)
    return None


def _text(node: Node) -> str:
    return node.text if isinstance(node, Token) else ""


def _without_cast(nodes: Sequence[Node]) -> Sequence[Node]:
    """The expression without ``as const``, ``as Type``, ``satisfies Type`` and a final ``!``."""
    for index, node in enumerate(nodes):
        if index and (is_name(node, "as") or is_name(node, "satisfies")):
            return nodes[:index]
    return nodes[:-1] if nodes and is_mark(nodes[-1], "!") else nodes


def _joined(nodes: Sequence[Node]) -> Value:
    """Texts that ``+`` joins; what is no text in between becomes ``{name}``."""
    parts = []
    for part in split(nodes, ("+",)):
        if len(part) == 1 and isinstance(part[0], Token) and part[0].kind == "string":
            parts.append(part[0].text)
            continue
        word = next((_text(node) for node in reversed(part) if is_name(node)), "")
        parts.append("{" + (word or "value") + "}")
    if len(parts) == 1 and len(nodes) > 1:
        return None
    return "".join(parts)


def chain(nodes: Sequence[Node], at: int, owner: str) -> tuple[Value, int]:
    """The name or call that starts at a name, and where it ends: ``res.status(404).json({..})`` is one call."""
    first = nodes[at]
    words, held, called = [_text(first)], list[Value](), False
    line = first.line
    at += 1
    while at < len(nodes):
        node = nodes[at]
        if (is_mark(node, ".") or is_mark(node, "::")) and at + 1 < len(nodes) and is_name(nodes[at + 1]):
            words.append(_text(nodes[at + 1]))
            at += 2
        elif isinstance(node, Group) and node.opening == "(" and words[-1] not in NO_CALLS:
            held += values(node, owner)
            called = True
            at += 1
        elif isinstance(node, Group) and node.opening == "[" and words[-1] == "map" and not called:
            at += 1
            while at < len(nodes) and (is_name(nodes[at]) or is_mark(nodes[at], ".") or is_mark(nodes[at], "*")):
                at += 1
        elif isinstance(node, Group) and node.opening == "{" and not called and len(nodes) - at == 1:
            return record_of(node, owner), at + 1
        elif is_mark(node, "<") and (end := _generic(nodes, at)):
            at = end
        else:
            break
    if called and not held and len(words) > 1 and words[-1] in GETTERS:
        words.pop()  # HttpStatus.CONFLICT.value() is what the name stands for
        called = False
    name = ".".join(words)
    return (Call(name, tuple(held), {}, line, owner) if called else Name(name)), at


def _generic(nodes: Sequence[Node], at: int) -> int:
    """Where type arguments end (``<String, Integer>``) that a call follows, 0 where it is a comparison."""
    depth = 0
    for index in range(at, min(at + 30, len(nodes))):
        node = nodes[index]
        if is_mark(node, "<"):
            depth += 1
        elif is_mark(node, ">"):
            depth -= 1
            if depth == 0:
                return index + 1 if index + 1 < len(nodes) and is_group(nodes[index + 1], "(") else 0
        elif not (is_name(node) or is_mark(node, ",") or is_mark(node, ".") or is_mark(node, "?")):
            return 0
    return 0


def record_of(group: Group, owner: str = "") -> Record | Items | None:
    """The pairs of a group in braces, its values where it has no keys, None where it is a block of statements."""
    if group.made is None:
        group.made = (_record(group, owner),)
    found: Record | Items | None = group.made[0]
    return found


def _record(group: Group, owner: str) -> Record | Items | None:
    pairs: list[tuple[Value, Value]] = []
    plain: list[Value] = []
    for part in split(group.items):
        if len(part) > 2 and is_mark(part[1], ":"):
            pairs.append((_key(part[0]), value(part[2:], owner)))
            continue
        colon = next((index for index, node in enumerate(part[:8]) if is_mark(node, ":")), 0)
        if colon and all(is_name(node) or is_mark(node, ".") for node in part[:colon]):
            pairs.append((Name("".join(_text(node) for node in part[:colon])), value(part[colon + 1 :], owner)))
        elif not pairs:
            if any(is_mark(node, ";") or is_mark(node, "=") for node in part):
                return None
            plain.append(value(part, owner))
    if pairs:
        return Record(tuple(pairs), group.line, owner)
    return Items(tuple(plain), group.line) if plain else None


def _key(node: Node) -> Value:
    if isinstance(node, Group):
        return value(node.items) if node.opening in ("[", "{") and node.items else None
    if node.kind == "name":
        return Name(node.text)
    return int(node.text) if node.kind == "number" and NUMBER.fullmatch(node.text) and len(node.text) < 16 else node.text


def body_after(nodes: Sequence[Node], at: int) -> Group | None:
    """The next group in braces, where it is near: the body of what was just named."""
    near = (node for node in nodes[at : at + 60] if isinstance(node, Group) and node.opening == "{")
    return next(near, None)


def loose(group: Group, owner: str = "") -> Iterator[Call | Record | Items]:
    """Every call and every record below a group; those in a class know its name."""
    nodes, at = group.items, 0
    while at < len(nodes):
        node = nodes[at]
        if is_name(node, "class") and at + 1 < len(nodes) and is_name(nodes[at + 1]):
            owner_below = _text(nodes[at + 1])
            body = body_after(nodes, at + 2)
            if body is not None:
                yield from loose(body, owner_below)
                at = nodes.index(body, at) + 1
                continue
        if isinstance(node, Group):
            yield from _inner(node, owner)
        elif node.kind == "name" and node.text not in NO_CALLS and node.text not in PREFIXES:
            found, end = chain(nodes, at, owner)
            if isinstance(found, Call):
                yield found
            for inner in nodes[at:end]:
                if isinstance(inner, Group):
                    yield from _inner(inner, owner)
            at = end
            continue
        at += 1


def _inner(group: Group, owner: str) -> Iterator[Call | Record | Items]:
    if group.opening == "{":
        made = record_of(group, owner)
        if made is not None:
            yield made
    yield from loose(group, owner)
