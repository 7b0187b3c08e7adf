"""The lattice of what may stand at a place of an instance: cubes, their meet (both hold) and their join (one of them holds).

A cube is a conjunction: types, values, bounds, and for each member and element what may stand there. A choice of cubes is a
disjunction. So a schema becomes an and-or tree, and nothing is multiplied out before it is read.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from functools import lru_cache, reduce
from typing import Any

from errlint.match.bounds import admits
from errlint.match.patterns import found_in, language
from errlint.model.claim import JSON_TYPES, json_type
from errlint.model.finding import Location
from errlint.model.pointer import Pointer
from errlint.model.record import field, mutable, replace

MOST_CUBES = 256
MOST_MULTIPLIED = 64
MOST_PAIRS = 10_000
DEEPEST_VALUE = 50
LONGEST_INDEX = 9
OBJECT = frozenset(("object",))
ARRAY = frozenset(("array",))
TEXT = frozenset(("string", "null"))

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
    ``shaped`` are the types that the keywords speak of: an object's, an array's.
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


def member(cube: Cube, name: str) -> Choice | None:
    """What may stand at a member, None for anything."""
    if name in cube.members or name == EACH:
        return cube.members.get(name)
    hits: list[Choice] = []
    for pattern, choice in cube.named:
        verdict = found_in(pattern, name)
        if verdict is None:
            return (Cube(exact=False),)
        if verdict:
            hits.append(choice)
    return reduce(meet, hits) if hits else cube.rest


def meet(one: Choice, other: Choice) -> Choice:
    """The choice that holds where both hold, without the pairs that cannot be met."""
    if len(one) * len(other) > MOST_PAIRS:
        one, other = (one, (join(other),)) if len(other) > len(one) else ((join(one),), other)
    found = [cube for a in one for b in other if (cube := met(a, b)) is not None]
    # Joined to fewer than may stay: the next meet would multiply them again.
    return tuple(found) if len(found) <= MOST_CUBES else few(found, MOST_MULTIPLIED)


def meet_any(one: Choice | None, other: Choice | None) -> Choice | None:
    """``meet`` where None stands for anything."""
    if one is None or other is None or one is other:
        return other if one is None else one
    return meet(one, other)


def stamped(cube: Cube, branch: Location | None = None) -> Cube:
    """The cube, from that branch; without a branch, wider than the truth."""
    return replace(cube, branch=branch) if branch else replace(cube, exact=False)


def few(cubes: list[Cube], most: int = MOST_CUBES) -> Choice:
    """At most so many cubes: the others are joined into the last, which is then wider than the truth."""
    if len(cubes) <= most:
        return tuple(cubes)
    return (*cubes[: most - 1], join(cubes[most - 1 :]))


def met(one: Cube, other: Cube) -> Cube | None:
    """The cube that holds where both hold, None where nothing meets both."""
    types = one.types & other.types
    if not types:
        return None
    members = _members(one, other)
    listed = one.listed | other.listed
    return settled(
        Cube(
            types=types,
            finite=common(one.finite, other.finite),
            bounds=one.bounds if one.bounds == other.bounds else one.bounds + other.bounds,
            excluded=one.excluded | other.excluded,
            demands=one.demands | other.demands,
            listed=frozenset(name for name in listed if members.get(name) != ()) if members else listed,
            members=members,
            named=one.named if one.named == other.named else one.named + other.named,
            rest=meet_any(one.rest, other.rest),
            items=_items(one, other),
            fewest=max(one.fewest, other.fewest),
            shaped=one.shaped | other.shaped,
            loose=one.loose or other.loose or _mixed(one, other) or _mixed(other, one),
            exact=one.exact and other.exact,
            where=one.where or other.where,
            branch=one.branch or other.branch,
        )
    )


def _mixed(one: Cube, other: Cube) -> bool:
    """Whether names by pattern on one side meet a rest on the other: then a name by pattern escapes that rest."""
    return bool(one.named) and other.rest is not None and one.named != other.named


def _members(one: Cube, other: Cube) -> Mapping[str, Choice]:
    if not other.members and other.rest is None and not other.named:
        return one.members
    if not one.members and one.rest is None and not one.named:
        return other.members
    found: dict[str, Choice] = {}
    for name in (*one.members, *(name for name in other.members if name not in one.members)):
        choice = meet_any(member(one, name), member(other, name))
        if choice is not None:
            found[name] = choice
    return found


def _items(one: Cube, other: Cube) -> Mapping[str, Choice]:
    if not one.items or not other.items:
        return one.items or other.items
    both: dict[str, Choice] = {**one.items, **other.items}
    both.update((token, meet(one.items[token], other.items[token])) for token in one.items if token in other.items)
    return both


def common(one: Finite | None, other: Finite | None) -> Finite | None:
    """The values of both, each with its place in the smaller set: there it was narrowed."""
    if one is None or other is None:
        return other if one is None else one
    # Sets of one value each are the rule where branches meet.
    if len(one) == len(other) == 1:
        return one if identity(one[0][0]) == identity(other[0][0]) else ()
    small, large = (other, one) if len(other) < len(one) else (one, other)
    keys = {identity(value) for value, _ in large}
    return tuple(item for item in small if identity(item[0]) in keys)


def settled(cube: Cube) -> Cube | None:
    """The cube with its own constraints applied to each other, None where nothing meets them all.

    An object that cannot have a member it must have is no object.
    """
    if "object" in cube.types and any(member(cube, name) == () for name in cube.demands):
        cube.types -= OBJECT
    if cube.bounds and cube.finite is None and cube.types <= TEXT:
        _list_language(cube)
    if cube.finite is not None:
        _sift(cube)
    return cube if cube.types else None


def _list_language(cube: Cube) -> None:
    """Give the cube the strings of its pattern, where they are few; and null, where it may be null."""
    for keyword, bound, at in cube.bounds:
        if keyword == "pattern" and (strings := language(bound)) is not None:
            null: Finite = ((None, at),) if "null" in cube.types else ()
            cube.finite = (*((string, at) for string in strings), *null)
            return


def _sift(cube: Cube) -> None:
    """Leave the values that their cube admits, and the types of what is left."""
    kept: list[tuple[Any, Location]] = []
    seen: set[tuple[str, Hashable]] = set()
    for value, at in cube.finite or ():
        name = identity(value)
        if name in seen or name in cube.excluded or name[0] not in cube.types:
            continue
        verdicts = [admits(keyword, bound, value) for keyword, bound, _ in cube.bounds]
        if False not in verdicts:
            cube.exact = cube.exact and None not in verdicts
            kept.append((value, at))
            seen.add(name)
    cube.finite = tuple(kept)
    cube.types = frozenset(name[0] for name in seen)


def join(cubes: Iterable[Cube]) -> Cube:
    """One cube that admits all that any of these admits; wider than the truth. Raises: TypeError for no cube."""
    return reduce(_joined, cubes)


def _joined(one: Cube, other: Cube) -> Cube:
    names = {*one.members, *other.members}
    tokens = one.items.keys() & other.items.keys()
    return Cube(
        types=one.types | other.types,
        finite=None if one.finite is None or other.finite is None else distinct(one.finite + other.finite),
        bounds=one.bounds if one.bounds == other.bounds else (),
        excluded=one.excluded & other.excluded,
        demands=one.demands & other.demands,
        listed=one.listed | other.listed,
        members={name: found for name in names if (found := _either(member(one, name), member(other, name))) is not None},
        rest=() if one.closed and other.closed else None,
        items={token: either for token in tokens if (either := _either(one.items[token], other.items[token])) is not None},
        fewest=min(one.fewest, other.fewest),
        shaped=one.shaped & other.shaped,
        loose=one.loose or other.loose,
        exact=False,
        where=one.where if one.where == other.where else None,
        branch=one.branch if one.branch == other.branch else None,
    )


def distinct(finite: Finite) -> Finite:
    """The values, each once, at its first place."""
    found: dict[Hashable, tuple[Any, Location]] = {}
    for value, at in finite:
        found.setdefault(identity(value), (value, at))
    return tuple(found.values())


def _either(one: Choice | None, other: Choice | None) -> Choice | None:
    if one is None or other is None:
        return None
    both = one + other
    return (join(both),) if len(both) > 1 else both


def narrowed(choice: Choice, most: int) -> Choice:
    """The choice, joined into one cube where it has more than ``most``."""
    return choice if len(choice) <= most else (join(choice),)
