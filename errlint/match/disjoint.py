"""Which branches of a oneOf keep what they claim, although a body that another branch admits too is invalid.

A claim is the values that a cube lists at the asked places. It stands where some body has them, meets the cube, and meets no
other branch: that is looked for here, by a value that differs at a place that the claim fills, and by what the cube leaves
free (a member left out or given another type, a member that a closed branch does not have).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import reduce

from errlint.match.cube import EACH, HERE, Choice, Cube, Tails, identity, split, stamped
from errlint.match.lattice import meet, member, met
from errlint.model.claim import JSON_TYPES
from errlint.model.pointer import Pointer
from errlint.model.record import replace

MOST_COMPARED = 1_000
"""Pairs of cubes that are held against each other; where there are more, nothing is exact."""
DEEPEST = 5


def apart(branches: Sequence[Choice], tails: Tails) -> list[Choice]:
    """The branches of a oneOf; a cube is inexact where other branches may shut out what it claims."""
    if sum(map(bool, branches)) < 2:
        return list(branches)
    rivals, path = _rivals(branches, tails)
    everyone = range(len(branches))
    sizes = [len(choice) for choice in branches]
    total = sum(sizes)
    compared = sum(
        sizes[one] * (total - sizes[one] if others is None else sum(sizes[other] for other in others))
        for one, others in enumerate(rivals)
    )
    found: list[Choice] = []
    for one, (choice, others) in enumerate(zip(branches, rivals, strict=True)):
        if path and others is not None:
            choice = tuple(replace(cube, relied=cube.relied | {path}) for cube in choice)
        if others is not None and not others:
            found.append(choice)
        elif compared > MOST_COMPARED:
            found.append(tuple(_doubtful(cube, tails) for cube in choice))
        else:
            against = [cube for index in (everyone if others is None else others) if index != one for cube in branches[index]]
            found.append(tuple(_kept(cube, against, tails) for cube in choice))
    return found


def _kept(cube: Cube, others: Sequence[Cube], tails: Tails) -> Cube:
    """The cube, exact as long as the members stay free that lead past the others; else in doubt."""
    if not cube.exact:
        return cube
    past = _Past(cube, tails)
    if (tails == HERE and cube.finite is None) or not past.all(others):
        return _doubtful(cube, tails)
    free, relied = past.free(), past.relied()
    return replace(cube, free=cube.free | free, relied=cube.relied | relied) if free or relied else cube


def _doubtful(cube: Cube, tails: Tails) -> Cube:
    """The cube, inexact where it claims something; else as soon as something else makes it claim something."""
    return stamped(cube) if _claims(cube, tails) else replace(cube, free=cube.free | {EACH})


def _rivals(branches: Sequence[Choice], tails: Tails) -> tuple[list[set[int] | None], Pointer]:
    """For each branch those that may admit the same, None for all; and the place that tells them apart, empty for none.

    At the best place where all list their values, those may that share one.
    """
    best: list[set[int] | None] = [None] * len(branches)
    place: Pointer = ()
    fewest = len(branches) ** 2
    cubes = [cube for choice in branches for cube in choice]
    # A member that was not asked for tells branches apart only where it must stand.
    must = reduce(frozenset.intersection, (cube.demands for cube in cubes))
    for path in (*tails, *((name,) for name in sorted(must) if (name,) not in tails)):
        shared = _sharing(branches, path)
        if shared is None:
            continue
        count = sum(len(branches) if others is None else len(others) for others in shared)
        if count < fewest:
            best, place, fewest = shared, path, count
        if not count:
            break
    return best, place


def _sharing(branches: Sequence[Choice], path: Pointer) -> list[set[int] | None] | None:
    """For each branch those that have a value in common with it at a place; None where it is not listed in all of them."""
    owners: dict[Hashable, list[int]] = {}
    values: list[list[set[Hashable]]] = []
    for index, choice in enumerate(branches):
        values.append([])
        for cube in choice:
            found = _values(cube, path)
            if found is None:
                return None
            values[-1].append(found)
            for value in found:
                owners.setdefault(value, []).append(index)
    if max(map(len, owners.values()), default=0) ** 2 > MOST_COMPARED:
        return None
    return [
        # Where nothing stands, nothing differs.
        {other for found in sets for value in found for other in owners[value]} - {index} if all(sets) else None
        for index, sets in enumerate(values)
    ]


def _values(cube: Cube, path: Pointer) -> set[Hashable] | None:
    """All that may stand at a place of a cube, None where that is not listed."""
    if not path:
        return None if cube.finite is None else {identity(value) for value, _ in cube.finite}
    below = _below(cube, path[0])
    if below is None:
        return None
    found: set[Hashable] = set()
    for values in (_values(deeper, path[1:]) for deeper in below):
        if values is None:
            return None
        found |= values
    return found


def _below(cube: Cube, token: str) -> Choice | None:
    """What may stand below a token, in an object or in an array."""
    if "array" not in cube.types or token not in cube.items:
        return member(cube, token)
    return cube.items[token] if "object" not in cube.types else None


def _claims(cube: Cube, tails: Tails) -> bool:
    """Whether a cube lists values at an asked place."""
    if () in tails and cube.finite is not None:
        return True
    return any(_claims(below, rest) for token, rest in split(tails).items() for below in _below(cube, token) or ())


class _Past:
    """The way past other cubes for a body of one cube that has what the cube claims."""

    def __init__(self, cube: Cube, tails: Tails, depth: int = 0) -> None:
        self.cube = cube
        self.tails = tails
        self.asked = split(tails)
        self.depth = depth
        self.claimed = {token for token, rest in self.asked.items() if any(_claims(c, rest) for c in _below(cube, token) or ())}
        self.left_out: set[str] = set()
        self.stands: set[str] = set()
        self.deeper: set[Pointer] = set()
        self.types: dict[str, frozenset[str]] = {}
        self.below: dict[str, list[Cube]] = {}
        self.fresh = False

    def all(self, others: Sequence[Cube]) -> bool:
        """Whether there is a body that meets none of the others."""
        ways = (self.is_no_container, self.differs, self.omits, self.turns, self.adds)
        return all(met(self.cube, other) is None or any(way(other) for way in ways) for other in others)

    def free(self) -> frozenset[str]:
        """The members that must stay free for that body; the empty name stands for those that nobody names."""
        return frozenset({*self.left_out, *self.types, *({""} if self.fresh else ())})

    def relied(self) -> frozenset[Pointer]:
        """The members that must be able to stand for that body, and of those that are asked what is claimed below."""
        return frozenset({*((name,) for name in self.stands), *self.deeper})

    def is_no_container(self, other: Cube) -> bool:
        """Whether the other admits neither objects nor arrays, and all that is claimed is below."""
        return () not in self.tails and other.types.isdisjoint(("object", "array"))

    def differs(self, other: Cube) -> bool:
        """Whether what stands at a member or an element is none that the other admits there."""
        for token in dict.fromkeys((*self.claimed, *self.cube.members)):
            own, its = _below(self.cube, token), _below(other, token)
            if not own or its is None or token in self.left_out or token in self.types:
                continue
            if token == EACH and token not in self.claimed:
                continue
            if meet(own, its) == () or self._differs_below(token, own, its):
                self.stands.add(token)
                return True
        return False

    def _differs_below(self, token: str, own: Choice, its: Choice) -> bool:
        if len(own) > 1 or self.depth >= DEEPEST or token not in self.claimed or () in self.asked[token]:
            return False
        cubes = [*self.below.get(token, ()), *its]
        # What must stay free deeper down is not followed further up: only a difference of values is safe there.
        past = _Past(own[0], self.asked[token], self.depth + 1)
        if not past.all(cubes) or past.free():
            return False
        self.deeper |= {(token, *pointer) for pointer in past.relied()}
        self.below[token] = cubes
        return True

    def omits(self, other: Cube) -> bool:
        """Whether a member can be left out that the other must have."""
        for name in sorted(other.demands - self.cube.demands):
            if name not in self.stands and name not in self.types and name not in self.claimed:
                self.left_out.add(name)
                return True
        return False

    def turns(self, other: Cube) -> bool:
        """Whether a member that is free can have a type that the other does not admit."""
        for name, its in other.members.items():
            if name in self.stands or name in self.left_out or name in self.claimed or name == EACH:
                continue
            types = self.types.get(name, _free_types(member(self.cube, name)))
            types -= frozenset[str]().union(*(cube.types for cube in its))
            if types:
                self.types[name] = types
                return True
        return False

    def adds(self, other: Cube) -> bool:
        """Whether a member can be added that nobody names, and that the other does not have."""
        cube = self.cube
        if other.closed and cube.rest is None and not cube.named and not cube.loose and "object" in cube.types:
            self.fresh = True
            return True
        return False


def _free_types(choice: Choice | None) -> frozenset[str]:
    """The types of which there is surely a value among what may stand at a member."""
    if choice is None:
        return JSON_TYPES
    return reduce(frozenset.union, (_types_of(cube) for cube in choice), frozenset())


def _types_of(cube: Cube) -> frozenset[str]:
    if cube.finite is not None or cube.excluded or cube.demands or cube.fewest or cube.bounds or not cube.exact:
        return frozenset()
    return cube.types
