"""Reads cubes at the asked places: each variant is one combination of what may stand there, jointly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import product
from math import prod
from typing import Literal

from errlint.match.bounds import LOWER, UPPER
from errlint.match.cube import EACH, Choice, Cube, Finite, Tails, distinct, index_of, split
from errlint.match.keywords import KNOWN
from errlint.match.lattice import MOST_CUBES, member
from errlint.model.claim import ABSENT_VALUES, JSON_TYPES, Values, Variant
from errlint.model.finding import Location
from errlint.model.pointer import Pointer
from errlint.model.record import record, replace

Presence = Literal["required", "optional"]
_LENGTHS = frozenset(("minLength", "maxLength"))


@record
class _Reading:
    """What may stand at each of some places, and the branch that it came from."""

    values: dict[Pointer, Values]
    branch: Location | None = None


def read(choice: Choice, pointers: Sequence[Pointer]) -> tuple[Variant, ...]:
    """The variants of a choice of cubes: at most 256, those beyond joined into the last.

    A cube that its keywords describe as an object, without a type, and that cannot be one, is left out.
    """
    tails = tuple(dict.fromkeys(pointers))
    found: list[Variant] = []
    for cube in choice:
        if _assumed(cube, "object") and "object" not in cube.types:
            continue
        sure = _is_sure(cube, tails)
        for reading in _readings(cube, tails, "required", True, True):
            found.append(_variant(cube, sure, reading, {pointer: reading.values[pointer] for pointer in tails}))
    if len(found) <= MOST_CUBES:
        return tuple(found)
    return (*found[: MOST_CUBES - 1], reduce(_either_variant, found[MOST_CUBES - 1 :]))


def _variant(cube: Cube, sure: bool, reading: _Reading, values: dict[Pointer, Values]) -> Variant:
    exact = sure and not cube.loose and all(found.exact for found in values.values())
    if "object" not in cube.types:
        return Variant(values, types=cube.types, exact=exact, branch=cube.branch or reading.branch)
    return Variant(values, cube.demands, cube.listed, cube.closed, cube.types, exact, cube.branch or reading.branch)


def _is_sure(cube: Cube, tails: Tails) -> bool:
    """Whether a cube is no wider than the truth, and what must stand beside the asked places surely can."""
    if not cube.exact:
        return False
    asked = split(tails)
    beside = (member(cube, name) for name in cube.demands if name not in asked)
    return all(choice is None or any(_is_possible(below) for below in choice) for choice in beside)


def _is_possible(cube: Cube) -> bool:
    """Whether something surely meets a cube: not where patterns or lengths may leave no string."""
    keywords = [keyword for keyword, _, _ in cube.bounds]
    lone = "pattern" not in keywords or (keywords.count("pattern") == 1 and not _LENGTHS.intersection(keywords))
    return cube.exact and (cube.finite is not None or "string" not in cube.types or lone or len(cube.types) > 1)


def _assumed(cube: Cube, kind: str) -> bool:
    """Whether nothing limits the types, and the keywords speak of this one only: documents leave it out so."""
    return cube.shaped == {kind} and cube.types | {kind} == JSON_TYPES


def _certain(cube: Cube, kind: str) -> bool:
    """Whether an instance has this type: by ``type``, or because nothing else is meant."""
    return cube.types == {kind} or (_assumed(cube, kind) and kind in cube.types)


def _readings(cube: Cube, tails: Tails, presence: Presence, each: bool, exact: bool) -> list[_Reading]:
    """What one cube, standing with this presence, may put at the tails."""
    exact = exact and _is_sure(cube, tails)
    own: dict[Pointer, Values] = {(): _own(cube, presence, each, exact)} if () in tails else {}
    parts = [_at(cube, token, rest, presence, each, exact) for token, rest in split(tails).items()]
    while prod(map(len, parts)) > MOST_CUBES:
        longest = max(range(len(parts)), key=lambda index: len(parts[index]))
        parts[longest] = [_either_reading(parts[longest])]
    found: list[_Reading] = []
    for combination in product(*parts):
        values = dict(own)
        for reading in combination:
            values.update(reading.values)
        if not all(_stands(cube, place, values) for place in cube.relied):
            values = {pointer: replace(there, exact=False) for pointer, there in values.items()}
        found.append(_Reading(values, cube.branch or next((part.branch for part in combination if part.branch), None)))
    return found


def _stands(cube: Cube, place: Pointer, values: Mapping[Pointer, Values]) -> bool:
    """Whether something can stand at a place: at a member that was not asked for, or at one of the asked places below."""
    below = [there for pointer, there in values.items() if pointer[: len(place)] == place]
    if not below:
        return len(place) != 1 or member(cube, place[0]) != ()
    return any(there.presence != "absent" for there in below)


def _at(cube: Cube, token: str, tails: Tails, presence: Presence, each: bool, exact: bool) -> list[_Reading]:
    """What may stand below one token, each value with its pointer from the cube."""
    kinds: list[tuple[Choice | None, Presence, bool, bool]] = []
    if "object" in cube.types:
        demanded = bool(cube.demands) if token == EACH else token in cube.demands
        surely = presence == "required" and demanded and _certain(cube, "object")
        told = not cube.loose or token in cube.listed
        every = each and (demanded or token == EACH) and _certain(cube, "object")
        kinds.append((member(cube, token), "required" if surely else "optional", every, exact and told))
    index = index_of(token)
    if "array" in cube.types and index is not None:
        surely = presence == "required" and cube.fewest > index and _certain(cube, "array")
        every = each and (cube.fewest > index or token == EACH) and _certain(cube, "array")
        kinds.append((cube.items.get(token), "required" if surely else "optional", every, exact))
    if len(kinds) == 2 and kinds[0][0] is kinds[1][0] is None:
        kinds.pop()
    found = [
        _Reading({(token, *pointer): values for pointer, values in reading.values.items()}, reading.branch)
        for choice, standing, every, known in kinds
        for below in ((Cube(where=cube.where),) if choice is None else choice)
        for reading in _readings(below, tails, standing, every, known)
    ]
    return found or [_Reading({(token, *tail): ABSENT_VALUES for tail in tails})]


def _own(cube: Cube, presence: Presence, each: bool, exact: bool) -> Values:
    """What may stand at the cube's own place."""
    pattern, where = None, cube.where
    if "string" in cube.types:
        pattern, where = next(((bound, at) for keyword, bound, at in cube.bounds if keyword == "pattern"), (None, where))
    return Values(
        presence,
        cube.types,
        cube.finite,
        pattern,
        exact and _told(cube),
        where,
        listed=not _is_language(cube),
        known=_known(cube) if cube.finite is None else (),
        members=_members(cube),
        each=each,
    )


def _is_language(cube: Cube) -> bool:
    """Whether the values are the strings of a pattern or the integers of a range: they stand where it does."""
    places = {at for keyword, _, at in cube.bounds if keyword == "pattern" or keyword in LOWER}
    return bool(places) and any(at in places for _, at in cube.finite or ())


def _known(cube: Cube) -> Finite:
    return distinct(tuple((value, at) for keyword, value, at in cube.bounds if keyword == KNOWN))


def _members(cube: Cube) -> frozenset[str]:
    """The members of an object that lists some, and no others by pattern or by a schema for the rest."""
    if "object" not in cube.types or not cube.listed or cube.named or cube.rest not in (None, ()):
        return frozenset()
    return cube.listed | cube.demands


def _told(cube: Cube) -> bool:
    """Whether types, values and pattern say all that the cube says of its own place.

    An open set that is bounded in length only is told as open: that it is open is the truth.
    """
    if cube.finite is not None:
        return not cube.shaped or bool(cube.members or cube.items) or not _structured(cube.finite)
    if cube.excluded:
        return False
    keywords = [keyword for keyword, _, _ in cube.bounds]
    if "string" in cube.types and "pattern" in keywords:
        return keywords.count("pattern") == 1 and not _LENGTHS.intersection(keywords)
    return cube.types != {"integer"} or not (LOWER.intersection(keywords) and UPPER.intersection(keywords))


def _structured(finite: Finite) -> bool:
    return any(isinstance(value, (dict, list)) for value, _ in finite)


def _either_reading(readings: Iterable[_Reading]) -> _Reading:
    """One reading that holds where any of these does."""
    return reduce(lambda one, other: _Reading(_either(one.values, other.values), None), readings)


def _either(one: Mapping[Pointer, Values], other: Mapping[Pointer, Values]) -> dict[Pointer, Values]:
    return {pointer: joined(values, other[pointer]) for pointer, values in one.items()}


def joined(one: Values, other: Values) -> Values:
    """What may stand at a place where one or the other holds; wider than the truth."""
    if one.presence == other.presence == "absent":
        return one
    if "absent" in (one.presence, other.presence):
        there = other if one.presence == "absent" else one
        return replace(there, presence="optional", exact=False, each=False)
    return Values(
        presence="required" if one.presence == other.presence == "required" else "optional",
        types=one.types | other.types,
        finite=None if one.finite is None or other.finite is None else distinct(one.finite + other.finite),
        pattern=one.pattern if one.pattern == other.pattern else None,
        exact=False,
        location=one.location,
        listed=one.listed and other.listed,
        known=distinct(one.known + other.known),
        members=one.members | other.members if one.members and other.members else frozenset(),
        each=one.each and other.each,
    )


def _either_variant(one: Variant, other: Variant) -> Variant:
    return Variant(
        values=_either(one.values, other.values),
        demands=one.demands & other.demands,
        members=one.members | other.members,
        closed=one.closed and other.closed,
        types=one.types | other.types,
        exact=False,
    )
