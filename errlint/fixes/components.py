"""Shared parts of a document: found where they stand already, else added under a free name."""

from __future__ import annotations

from typing import Any

from errlint.fixes.equal import same
from errlint.fixes.registry import Case
from errlint.model import pointer as pointers
from errlint.model.finding import Location
from errlint.model.fix import AddMember, Edit
from errlint.model.record import record

OLD = {"schemas": ("definitions",), "responses": ("responses",)}
"""Where OpenAPI 2.0 has its shared parts."""


@record
class Place:
    """A shared part: its name, the reference that leads to it, and the edits that make it (none where it stands)."""

    name: str
    ref: str
    edits: tuple[Edit, ...]


def shared(case: Case, section: str, wanted: str, content: Any) -> Place:
    """The shared part of a section (schemas, responses) that has this content, by the wanted name or one like it."""
    uri = case.spec.uri
    home = OLD[section] if case.spec.dialect == "2.0" else ("components", section)
    standing = _members(case, home)
    given = case.names.given
    number = 1
    while True:
        name = wanted if number == 1 else f"{wanted}_{number}"
        if name in standing:
            if same(standing[name], content):
                return Place(name, _ref(home, name), ())
        elif same(given.setdefault((uri, section, name), content), content):
            return Place(name, _ref(home, name), (*_homes(case, home), AddMember(Location(uri, home), name, content)))
        number += 1


def _ref(home: tuple[str, ...], name: str) -> str:
    return "#" + pointers.text((*home, name))


def _members(case: Case, home: tuple[str, ...]) -> dict[str, Any]:
    value = case.documents[case.spec.uri].data
    for token in home:
        value = value.get(token, {}) if isinstance(value, dict) else {}
    return value if isinstance(value, dict) else {}


def _homes(case: Case, home: tuple[str, ...]) -> list[Edit]:
    """The edits that make the objects on the way, where they are not there."""
    value = case.documents[case.spec.uri].data
    edits: list[Edit] = []
    for depth, token in enumerate(home):
        if isinstance(value, dict) and token in value:
            value = value[token]
            continue
        value = None
        edits.append(AddMember(Location(case.spec.uri, home[:depth]), token, {}))
    return edits
