"""Cubes of values at a place of an instance: one conjunction of what a schema says there, and the choice of some."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from errlint.model.claim import JSON_TYPES, json_type
from errlint.model.finding import Location
from errlint.model.pointer import Pointer
from errlint.model.record import field, mutable, replace

DEEPEST_VALUE = 50
LONGEST_INDEX = 9
OBJECT = frozenset(("object",))
ARRAY = frozenset(("array",))

Tails = tuple[Pointer, ...]
"""Pointers from a place to the asked places below it; the empty pointer is the place itself."""
EACH = "*"
"""The token that stands for any one member or element."""
HERE: Tails = ((),)
Finite = tuple[tuple[Any, Location], ...]
Choice = tuple["Cube", ...]
"""What may stand at a place: one of these cubes. Empty: nothing may, so the place is absent."""


@mutable
class Cube:
    """One conjunction of constraints on a place. Treated as immutable, not frozen: thousands are built in a run.

    ``finite`` are the values left, None for any. ``bounds`` are (keyword, bound, place) for strings and numbers.
    ``members`` are what may stand at the names that somebody looks at, ``named`` at the names of a pattern, ``rest`` at any
    other, None for anything. ``items`` are what may stand at the index tokens and at ``*`` of an array. ``fewest`` is the
    least length of the array. ``loose`` is true where members that are not ``listed`` are narrower than told here.
    ``shaped`` are the types that the keywords speak of: an object's, an array's. ``free`` are members that must stay free for
    the cube to be exact, the empty name being any that nobody names; with ``*`` it is exact only until it lists values.
    ``relied`` are the places where something must be able to stand for it to be exact (``disjoint``).
    """

    types: frozenset[str] = JSON_TYPES
    finite: Finite | None = None
    bounds: tuple[tuple[str, Any, Location], ...] = ()
    excluded: frozenset[Hashable] = frozenset()
    demands: frozenset[str] = frozenset()
    listed: frozenset[str] = frozenset()
    members: Mapping[str, Choice] = field(default_factory=dict)
    named: tuple[tuple[str, Choice], ...] = ()
    rest: Choice | None = None
    items: Mapping[str, Choice] = field(default_factory=dict)
    fewest: int = 0
    shaped: frozenset[str] = frozenset()
    free: frozenset[str] = frozenset()
    relied: frozenset[Pointer] = frozenset()
    loose: bool = False
    exact: bool = True
    where: Location | None = None
    branch: Location | None = None

    @property
    def closed(self) -> bool:
        return self.rest == () and not self.named


UNKNOWN: Choice = (Cube(exact=False),)


@lru_cache(maxsize=4096)
def split(tails: Tails) -> dict[str, Tails]:
    """The pointers by their first token, without it; the empty pointer is left out."""
    found: dict[str, list[Pointer]] = {}
    for tail in tails:
        if tail:
            found.setdefault(tail[0], []).append(tail[1:])
    return {token: tuple(rest) for token, rest in found.items()}


def index_of(token: str) -> int | None:
    """The index of the first element that a token names, 0 for ``*``; None where it names no element."""
    if token == EACH:
        return 0
    return int(token) if token.isascii() and token.isdigit() and len(token) <= LONGEST_INDEX else None


def identity(value: Any, depth: int = 0) -> tuple[str, Hashable]:
    """The type and a key with JSON Schema's equality: 1 is 1.0 but neither True nor "1"; members have no order."""
    if isinstance(value, str):
        return "string", value
    if depth > DEEPEST_VALUE:
        return json_type(value), id(value)
    if isinstance(value, dict):
        return "object", frozenset((name, identity(item, depth + 1)) for name, item in value.items())
    if isinstance(value, list):
        return "array", tuple(identity(item, depth + 1) for item in value)
    return json_type(value), value


def stamped(cube: Cube, branch: Location | None = None) -> Cube:
    """The cube, from that branch; without a branch, wider than the truth."""
    return replace(cube, branch=branch) if branch else replace(cube, exact=False)


def distinct(finite: Iterable[tuple[Any, Location]]) -> Finite:
    """The values, each once, at its first place."""
    found: dict[Hashable, tuple[Any, Location]] = {}
    for value, at in finite:
        found.setdefault(identity(value), (value, at))
    return tuple(found.values())
