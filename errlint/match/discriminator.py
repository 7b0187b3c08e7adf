"""The Discriminator Object of OpenAPI: which values of its property lead to which branch."""

from __future__ import annotations

from typing import Any

from errlint.match.keywords import children
from errlint.match.lattice import Choice, Cube, Finite, member, met, stamped
from errlint.model.finding import Location
from errlint.model.record import record
from errlint.model.spec import Node, Resolve, Unresolved


@record
class Discriminator:
    """The property that tells the branches of a oneOf or anyOf, and the values that lead to each schema.

    A mapping narrows the branch that it leads to. A branch that it leaves out has its schema's name, inexactly. Where there
    is no mapping nothing is narrowed: documents rarely mean the names of their schemas.
    """

    name: str
    by_place: dict[Location, list[tuple[Any, Location]]]
    by_name: dict[str, list[tuple[Any, Location]]]
    resolve: Resolve

    @classmethod
    def of(cls, node: Node, resolve: Resolve) -> Discriminator | None:
        """The discriminator of a schema, None where it has none with a mapping."""
        written = node.get("discriminator")
        if written is None or not isinstance(written.value, dict) or not isinstance(written.value.get("propertyName"), str):
            return None
        found = cls(written.value["propertyName"], {}, {}, resolve)
        for key, entry in children(written, "mapping"):
            if not isinstance(entry.value, str):
                continue
            value = (key, entry.location)
            target = (
                found._target(Node(entry.uri, entry.pointer, {"$ref": entry.value})) if _is_reference(entry.value) else None
            )
            if target is not None:
                found.by_place.setdefault(target, []).append(value)
            else:
                found.by_name.setdefault(entry.value, []).append(value)
        return found if found.by_place or found.by_name else None

    def _target(self, node: Node) -> Location | None:
        try:
            return self.resolve(node).location
        except Unresolved:
            return None

    def narrow(self, branch: Node, cubes: Choice) -> Choice:
        """The cubes of a branch with the values that lead to it. A cube that would be emptied is left as it is, inexact."""
        reference = branch.value.get("$ref") if isinstance(branch.value, dict) else None
        if not isinstance(reference, str):
            return cubes
        place = self._target(branch)
        name = reference.rsplit("/", 1)[-1]
        found = [
            *(self.by_place.get(place, ()) if place else ()),
            *self.by_name.get(reference, ()),
            *self.by_name.get(name, ()),
        ]
        values: Finite = tuple(found) or ((name, branch.location),)
        told = Cube(types=frozenset(("string",)), finite=values, exact=bool(found))
        return tuple(self._narrowed(cube, told) for cube in cubes)

    def _narrowed(self, cube: Cube, told: Cube) -> Cube:
        found = met(cube, Cube(members={self.name: (told,)}))
        if found is None or member(found, self.name) == ():
            return stamped(cube)
        return found


def _is_reference(text: str) -> bool:
    """Whether a mapping's value is a URI reference; else it is the name of a schema (OpenAPI 3.1, section 4.8.25)."""
    return any(char in text for char in "#/.")
