"""Java source -> what it says: enums with their constructor's parameters, constants, classes, calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from errlint.draft.source.braces import Node, body_after, is_group, is_mark, is_name, loose, split, value, values
from errlint.draft.source.source_facts import Class, Enum, Member, Source, Value
from errlint.draft.source.source_switch import switches
from errlint.draft.source.tokens import Group, Token, tree


def source(text: str, uri: str) -> Source:
    """What a file says. Raises: TooDeep."""
    root = tree(text)
    enums, classes = [], []
    constants: dict[str, Value] = {}
    for kind, name, rest, body in types(root):
        if kind == "enum":
            enums.append(_enum(name, body))
        else:
            attributes = _attributes(body)
            classes.append(Class(name, _bases(rest), attributes, body.line))
            constants |= {f"{name}.{key}": held for key, held in attributes.items()}
    return Source(uri, tuple(enums), tuple(classes), constants, (*loose(root), *switches(root)))


def types(group: Group) -> Iterator[tuple[str, str, Sequence[Node], Group]]:
    """Every enum, class, record and interface: its kind, name, what stands after the name, and its body."""
    nodes = group.items
    for at, node in enumerate(nodes):
        if isinstance(node, Group):
            yield from types(node)
        elif node.kind == "name" and node.text in ("enum", "class", "record", "interface"):
            named = nodes[at + 1] if at + 1 < len(nodes) else None
            body = body_after(nodes, at + 2)
            if isinstance(named, Token) and named.kind == "name" and body is not None:
                yield node.text, named.text, nodes[at + 2 : nodes.index(body, at)], body


def _bases(rest: Sequence[Node]) -> tuple[str, ...]:
    return tuple(
        node.text
        for node in rest
        if isinstance(node, Token) and node.kind == "name" and node.text not in ("extends", "implements")
    )


def _enum(name: str, body: Group) -> Enum:
    end = next((index for index, node in enumerate(body.items) if is_mark(node, ";")), len(body.items))
    members = []
    for part in map(_without_annotations, split(body.items[:end])):
        if not part or not isinstance(part[0], Token) or part[0].kind != "name":
            continue
        held = values(part[1]) if len(part) > 1 and isinstance(part[1], Group) and part[1].opening == "(" else ()
        members.append(Member(part[0].text, held, {}, part[0].line))
    return Enum(name, tuple(members), _parameters(name, body.items[end:]), body.line)


def _without_annotations(part: Sequence[Node]) -> Sequence[Node]:
    at = 0
    while at < len(part) and is_name(part[at]) and getattr(part[at], "text", "").startswith("@"):
        at += 1
        at += 1 if at < len(part) and is_group(part[at], "(") else 0
    return part[at:]


def _parameters(name: str, rest: Sequence[Node]) -> tuple[str, ...]:
    """The parameter names of the longest constructor."""
    found: tuple[str, ...] = ()
    for at, node in enumerate(rest[:-1]):
        below = rest[at + 1]
        if is_name(node, name) and isinstance(below, Group) and below.opening == "(":
            words = [
                [item.text for item in part if isinstance(item, Token) and item.kind == "name"] for part in split(below.items)
            ]
            names = tuple(word[-1] if word else "" for word in words)
            found = max(found, names, key=len)
    return found


def _attributes(body: Group) -> dict[str, Value]:
    """The fields that a class sets to a literal: ``static final String X = "..."``."""
    found: dict[str, Value] = {}
    for part in split(body.items, (";",)):
        equals = next((index for index, node in enumerate(part) if is_mark(node, "=")), 0)
        named = part[equals - 1] if equals else None
        if isinstance(named, Token) and named.kind == "name":
            found.setdefault(named.text, value(part[equals + 1 :]))
    return found
