"""The lattice of what may stand at a place of an instance: cubes, their meet (both hold) and their join (one of them holds).

A cube is a conjunction: types, values, bounds, and for each member and element what may stand there. A choice of cubes is a
disjunction. So a schema becomes an and-or tree, and nothing is multiplied out before it is read.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import reduce
from typing import Any

from errlint.match.bounds import LOWER, admits, clashing, whole_numbers
from errlint.match.cube import EACH, OBJECT, Choice, Cube, Finite, distinct, identity
from errlint.match.patterns import found_in, language
from errlint.model.finding import Location

MOST_CUBES = 256
MOST_MULTIPLIED = 64
MOST_PAIRS = 10_000
TEXT = frozenset(("string", "null"))
WHOLE = frozenset(("integer", "null"))


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
    found = settled(
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
            free=one.free | other.free,
            relied=one.relied | other.relied,
            loose=one.loose or other.loose or _mixed(one, other) or _mixed(other, one),
            exact=one.exact and other.exact and not (_takes(one, other.free) or _takes(other, one.free)),
            where=one.where or other.where,
            branch=one.branch or other.branch,
        )
    )
    if found is not None and found.finite is not None and EACH in found.free:
        found.exact = False
    return found


def _takes(cube: Cube, free: frozenset[str]) -> bool:
    """Whether a cube says something of members that must stay free."""
    if not free:
        return False
    if EACH in free and (cube.finite is not None or cube.bounds or cube.members or cube.items):
        return True
    return cube.rest is not None or bool(cube.named) or any(name in cube.demands or name in cube.members for name in free)


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
    if cube.excluded:
        cube.types -= {kind for kind, values in _FEW_VALUES.items() if values <= cube.excluded}
    if len(cube.bounds) > 1:
        cube.types -= clashing(cube.bounds)
    if cube.bounds and cube.finite is None:
        if cube.types <= TEXT:
            _list_language(cube)
        elif cube.types <= WHOLE:
            _list_range(cube)
    if cube.finite is not None:
        _sift(cube)
    return cube if cube.types else None


_FEW_VALUES = {"null": {identity(None)}, "boolean": {identity(True), identity(False)}}
"""The types that have no value left where these are excluded."""


def _list_language(cube: Cube) -> None:
    """Give the cube the strings of its pattern, where they are few; and null, where it may be null."""
    for keyword, bound, at in cube.bounds:
        if keyword == "pattern" and (strings := language(bound)) is not None:
            null: Finite = ((None, at),) if "null" in cube.types else ()
            cube.finite = (*((string, at) for string in strings), *null)
            return


def _list_range(cube: Cube) -> None:
    """Give the cube the integers between its bounds, where they are few; and null, where it may be null."""
    numbers = whole_numbers((keyword, bound) for keyword, bound, _ in cube.bounds)
    if numbers is not None:
        at = next(at for keyword, _, at in cube.bounds if keyword in LOWER)
        null: Finite = ((None, at),) if "null" in cube.types else ()
        cube.finite = (*((number, at) for number in numbers), *null)


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


def join(cubes: Sequence[Cube]) -> Cube:
    """One cube that admits all that any of these admits; wider than the truth. Raises: IndexError for no cube."""
    first = cubes[0]
    if len(cubes) == 1:
        return first
    names = dict.fromkeys(name for cube in cubes for name in cube.members)
    tokens = [token for token in first.items if all(token in cube.items for cube in cubes)]
    members = {name: _either([member(cube, name) for cube in cubes]) for name in names}
    items = {token: _either([cube.items[token] for cube in cubes]) for token in tokens}
    return Cube(
        types=frozenset[str]().union(*(cube.types for cube in cubes)),
        finite=distinct(item for cube in cubes for item in cube.finite or ()) if _all_listed(cubes) else None,
        bounds=first.bounds if all(cube.bounds == first.bounds for cube in cubes) else (),
        excluded=first.excluded.intersection(*(cube.excluded for cube in cubes)),
        demands=first.demands.intersection(*(cube.demands for cube in cubes)),
        listed=frozenset[str]().union(*(cube.listed for cube in cubes)),
        members={name: found for name, found in members.items() if found is not None},
        rest=() if all(cube.closed for cube in cubes) else None,
        items={token: found for token, found in items.items() if found is not None},
        fewest=min(cube.fewest for cube in cubes),
        shaped=first.shaped.intersection(*(cube.shaped for cube in cubes)),
        loose=any(cube.loose for cube in cubes),
        exact=False,
        where=first.where if all(cube.where == first.where for cube in cubes) else None,
        branch=first.branch if all(cube.branch == first.branch for cube in cubes) else None,
    )


def _all_listed(cubes: Iterable[Cube]) -> bool:
    return all(cube.finite is not None for cube in cubes)


def _either(choices: Sequence[Choice | None]) -> Choice | None:
    """What one of the choices leaves, as one cube; None where one of them leaves anything."""
    cubes: list[Cube] = []
    for choice in choices:
        if choice is None:
            return None
        cubes.extend(choice)
    return (join(cubes),) if len(cubes) > 1 else tuple(cubes)


def narrowed(choice: Choice, most: int) -> Choice:
    """The choice, joined into one cube where it has more than ``most``."""
    return choice if len(choice) <= most else (join(choice),)
