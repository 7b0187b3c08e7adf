"""Cubes of values that a schema lists: ``const`` and ``enum``, also of objects and arrays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from errlint.match.cube import EACH, HERE, Choice, Cube, Finite, Tails, split
from errlint.match.lattice import few
from errlint.model.claim import json_type
from errlint.model.finding import Location
from errlint.model.spec import Node


def listed(nodes: Iterable[Node], tails: Tails, whole: bool) -> tuple[Finite, list[Cube]]:
    """The listed scalars with their places; and, where members are looked at, one cube for each object and array."""
    plain: list[tuple[Any, Location]] = []
    cubes: list[Cube] = []
    for node in nodes:
        if whole and isinstance(node.value, (dict, list)):
            cubes.append(_fixed(node.value, node.location, tails))
        else:
            plain.append((node.value, node.location))
    return tuple(plain), cubes


def _fixed(value: Any, at: Location, tails: Tails) -> Cube:
    """The cube of one value; what stands at its asked places has its own place in the text."""
    cube = Cube(types=frozenset((json_type(value),)), finite=((value, at),), where=at)
    asked = split(tails)
    if isinstance(value, dict):
        members: dict[str, Choice] = dict.fromkeys(asked, ())
        for name, item in value.items():
            members[name] = (_fixed(item, _below(at, name), asked.get(name, HERE)),)
        cube.demands = cube.listed = frozenset(value)
        cube.rest = ()
        if EACH in asked:
            members |= _every(value.items(), at, asked[EACH])
        cube.members = members
    elif isinstance(value, list):
        cube.fewest = len(value)
        elements: dict[str, Choice] = dict.fromkeys(asked, ())
        numbered = [(str(index), item) for index, item in enumerate(value)]
        for token, item in numbered:
            if token in asked:
                elements[token] = (_fixed(item, _below(at, token), asked[token]),)
        if EACH in asked:
            elements |= _every(numbered, at, asked[EACH])
        cube.items = elements
    return cube


def _every(items: Iterable[tuple[str, Any]], at: Location, tails: Tails) -> dict[str, Choice]:
    """What may stand at ``*``: any of the items."""
    return {EACH: few([_fixed(item, _below(at, token), tails) for token, item in items])}


def _below(at: Location, token: str) -> Location:
    return Location(at.uri, (*at.pointer, token))
