"""Switches that tell a status for each code, as records: ``case ErrGone: return http.StatusGone``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from errlint.draft.source.braces import Node, is_mark, is_name, split, value
from errlint.draft.source.source_facts import Record, Value
from errlint.draft.source.tokens import Group

NEAR = 60
"""Tokens in which a case must end, and its value stand."""


def switches(group: Group) -> Iterator[Record]:
    """Each switch below a group whose cases return something, as pairs of case and value."""
    pairs = tuple(_pairs(group.items))
    if pairs:
        yield Record(pairs, group.line)
    for node in group.items:
        if isinstance(node, Group):
            yield from switches(node)


def _pairs(nodes: Sequence[Node]) -> Iterator[tuple[Value, Value]]:
    waiting: list[Value] = []
    for at, node in enumerate(nodes):
        if not is_name(node, "case"):
            continue
        near = range(at + 1, min(at + NEAR, len(nodes)))
        end = next((index for index in near if is_mark(nodes[index], ":") or is_mark(nodes[index], "->")), None)
        if end is None:
            continue
        waiting += [value(part) for part in split(nodes[at + 1 : end])]
        after = nodes[end + 1 : end + NEAR]
        if after and is_name(after[0], "case"):
            continue  # falls through to the next one
        held = value(next(split(after, (";",), lines=True), []))
        yield from ((key, held) for key in waiting)
        waiting = []
