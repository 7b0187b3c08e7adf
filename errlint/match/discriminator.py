"""The Discriminator Object of OpenAPI: which values of its property lead to which branch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from errlint.match.cube import Choice, Cube, Finite, stamped
from errlint.match.keywords import children, elements
from errlint.match.lattice import member, met
from errlint.model.finding import Location
from errlint.model.record import record
from errlint.model.spec import Node, Resolve, Unresolved

MOST_INHERITED = 8
"""Steps of ``allOf`` from an heir to the schema that has the discriminator."""
_COMPONENTS = frozenset(("schemas", "definitions", "$defs"))


@record
class Discriminator:
    """The property that tells the branches of a oneOf or anyOf, or the heirs of a schema, and the values that lead to each.

    A mapping narrows the branch that it leads to. A branch that it leaves out, or all of them where there is none, have the
    name of their component, inexactly: documents do not always mean it.
    """

    name: str
    by_place: dict[Location, list[tuple[Any, Location]]]
    by_name: dict[str, list[tuple[Any, Location]]]
    targets: dict[Location, Node]
    resolve: Resolve

    @classmethod
    def of(cls, node: Node, resolve: Resolve) -> Discriminator | None:
        """The discriminator of a schema, None where it has none."""
        written = node.get("discriminator")
        if written is None or not isinstance(written.value, dict) or not isinstance(written.value.get("propertyName"), str):
            return None
        found = cls(written.value["propertyName"], {}, {}, {}, resolve)
        for key, entry in children(written, "mapping"):
            if not isinstance(entry.value, str):
                continue
            value = (key, entry.location)
            target = found._target(Node(entry.uri, entry.pointer, {"$ref": entry.value})) if is_reference(entry.value) else None
            if target is not None:
                found.by_place.setdefault(target.location, []).append(value)
                found.targets.setdefault(target.location, target)
            else:
                found.by_name.setdefault(entry.value, []).append(value)
        return found

    def _target(self, node: Node) -> Node | None:
        try:
            # Alone, so that its siblings do not keep a resolver from following it.
            return self.resolve(Node(node.uri, node.pointer, {"$ref": node.value["$ref"]}))
        except Unresolved:
            return None

    def narrow(self, branch: Node, cubes: Choice) -> Choice:
        """The cubes of a branch with the values that lead to it. A cube that would be emptied is left as it is, inexact."""
        reference = branch.value.get("$ref") if isinstance(branch.value, dict) else None
        if not isinstance(reference, str):
            return cubes
        target = self._target(branch)
        name = _component(reference)
        found = [
            *(self.by_place.get(target.location, ()) if target else ()),
            *self.by_name.get(reference, ()),
            *(self.by_name.get(name, ()) if name else ()),
        ]
        if found:
            return self._told(cubes, tuple(found), True)
        return self._told(cubes, ((name, branch.location),), False) if name else cubes

    def heirs(self, base: Node) -> Iterator[Node]:
        """The schemas that the mapping names and that are built upon this one by ``allOf``, each once."""
        for target in self.targets.values():
            if self._is_upon(target, base.location, 0):
                yield target

    def narrow_heir(self, heir: Node, cubes: Choice) -> Choice:
        """The cubes of an heir with the values that lead to it, and its place as their branch."""
        cubes = tuple(cube if cube.branch else stamped(cube, heir.location) for cube in cubes)
        return self._told(cubes, tuple(self.by_place[heir.location]), True)

    def _is_upon(self, node: Node, base: Location, depth: int) -> bool:
        if node.location == base or depth > MOST_INHERITED:
            return node.location == base and depth > 0
        for part in elements(node, "allOf"):
            target = self._target(part) if isinstance(part.value, dict) and "$ref" in part.value else None
            if target is not None and self._is_upon(target, base, depth + 1):
                return True
        return False

    def _told(self, cubes: Choice, values: Finite, exact: bool) -> Choice:
        told = Cube(types=frozenset(("string",)), finite=values, exact=exact)
        return tuple(self._narrowed(cube, told) for cube in cubes)

    def _narrowed(self, cube: Cube, told: Cube) -> Cube:
        found = met(cube, Cube(members={self.name: (told,)}))
        if found is None or member(found, self.name) == ():
            return stamped(cube)
        return found


def _component(reference: str) -> str | None:
    """The name of the component that a reference leads to, None where it leads elsewhere: that has no name."""
    place, _, name = reference.rpartition("/")
    return name if place.rpartition("/")[2] in _COMPONENTS else None


def is_reference(text: str) -> bool:
    """Whether a mapping's value is a URI reference; else it is the name of a schema (OpenAPI 3.1, section 4.8.25)."""
    return any(char in text for char in "#/.")
