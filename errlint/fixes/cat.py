"""Fixes of a catalog's own text."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.fixes.registry import CatalogCase, Offer, Skip, fix
from errlint.model.finding import Location
from errlint.model.fix import Fix, Remove, SetValue


def _entry(at: Location) -> Location | None:
    """The entry that a place of a catalog belongs to."""
    if len(at.pointer) < 2 or at.pointer[0] != "errors":
        return None
    return Location(at.uri, at.pointer[:2])


@fix("CAT002")
def take_the_second_away(case: CatalogCase) -> Iterator[Offer]:
    """An entry that stands twice, word for word."""
    for at in case.anchors:
        mine = _entry(at)
        others = [_entry(related.location) for related in case.finding.related]
        other = others[0] if others else None
        if mine is None or other is None or mine == other:
            yield Skip("a key that stands twice: which value is meant, nobody can know")
        elif mine.uri != other.uri:
            yield Skip("the entries stand in two files")
        elif case.value(mine) != case.value(other):
            yield Skip("the entries differ: which one is meant, nobody can know")
        else:
            yield Fix("take the second entry away", (Remove(mine),))


@fix("CAT006", kind="unsafe")
def write_the_count(case: CatalogCase) -> Iterator[Offer]:
    """The number of entries or categories that the catalog holds."""
    for at in case.anchors:
        section = {"expect_count": "errors", "expect_categories": "categories"}[at.pointer[-1]]
        held = len(case.documents[at.uri].data.get(section) or ())
        yield Fix(f"write {held} for {case.value(at)}", (SetValue(at, held),))


@fix("CAT013")
def quote(case: CatalogCase) -> Iterator[Offer]:
    """A scalar in quotes, as it is written."""
    from errlint.checks.cat_source import mangled_scalars

    for at in case.anchors:
        words = {place: word for place, word, _ in mangled_scalars(case.documents[at.uri])}
        word = words[at.pointer]
        if "status" in at.pointer:
            yield Skip("a status is a number: which one is meant, nobody can know")
        else:
            yield Fix(f'write "{word}"', (SetValue(at, word),))
