"""What was seen of a code in one place, and all of it together: entries with their statuses, their evidence, their doubts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

from errlint.model.claim import key
from errlint.model.draft import Entry, Evidence
from errlint.model.finding import Location
from errlint.model.record import field, mutable, record

Kind = Literal["list", "exact", "told", "shown"]
"""How sure a place is about a status: a ``list`` of codes that several statuses share, a schema of this ``exact`` code or
status, what an author has ``told`` by an extension, what an example or a description has ``shown``.
"""

Status = int | str

CLASSES = ("1XX", "2XX", "3XX", "4XX", "5XX")
MOST_PLACES = 4
"""Places that the evidence of an entry names, of each kind."""


@record
class Sighting:
    """One place where a code stands: the statuses that its response is declared for, and the words that stand with it.

    ``list`` is the place of the list that the code is in. ``words`` are fields of an entry besides.
    """

    code: str | int
    layer: str
    kind: Kind
    what: str
    at: Location
    statuses: tuple[Status, ...] = ()
    words: Mapping[str, Any] = field(default_factory=dict)
    list: Location | None = None


Identity = tuple[str, tuple[str, Any]]


@mutable
class _Seen:
    code: str | int
    layer: str
    sightings: list[Sighting] = field(default_factory=list)


def identity(one: Sighting) -> Identity:
    """What makes two sightings those of one entry: the layer, and the code in its JSON type."""
    return one.layer, key(one.code)


def entries(sightings: Iterable[Sighting], where: Callable[[Iterable[Location]], Mapping[Location, str]]) -> tuple[Entry, ...]:
    """One entry for each code of a layer, in the order in which they were seen; ``where`` tells places as users do."""
    table: dict[Identity, _Seen] = {}
    for one in sightings:
        table.setdefault(identity(one), _Seen(one.code, one.layer)).sightings.append(one)
    named = {at: _places(seen.sightings) for at, seen in table.items()}
    told = where(at for places in named.values() for _, at in places)
    narrow = narrowed(one for seen in table.values() for one in seen.sightings)
    return tuple(_entry(seen, named[at], told, narrow.get(at, frozenset())) for at, seen in table.items())


def narrowed(sightings: Iterable[Sighting]) -> dict[Identity, frozenset[Status]]:
    """The statuses of each code that an extension tells or an example shows, where that narrows a list that several share.

    Examples narrow a list only as far as each of its statuses is left to some code.
    """
    told: dict[Identity, set[Status]] = {}
    shown: dict[Identity, set[Status]] = {}
    lists: dict[Location, tuple[set[Identity], set[Status]]] = {}
    for one in sightings:
        if one.kind == "told":
            told.setdefault(identity(one), set()).update(one.statuses)
        elif (
            one.kind == "shown"
            and one.what in ("example", "response")
            and all(isinstance(status, int) for status in one.statuses)
        ):
            shown.setdefault(identity(one), set()).update(one.statuses)
        elif one.kind == "list" and one.list is not None:
            codes, statuses = lists.setdefault(one.list, (set(), set()))
            codes.add(identity(one))
            statuses.update(one.statuses)
    known = {at: frozenset(told.get(at, set()) | shown.get(at, set())) for at in {**told, **shown}}
    for codes, statuses in lists.values():
        left = [status for at in codes for status in known.get(at) or statuses]
        if not all(any(_meets(status, other) for other in left) for status in statuses):
            known.update((at, frozenset(told.get(at, ()))) for at in codes if at in known)
    return {at: statuses for at, statuses in known.items() if statuses}


def _places(sightings: Sequence[Sighting]) -> list[tuple[str, Location]]:
    """The places that an entry names, each once: the first few of each kind."""
    kinds: dict[str, dict[Location, None]] = {}
    for one in sightings:
        kinds.setdefault(one.what, {}).setdefault(one.at)
    return [(what, at) for what, places in kinds.items() for at in list(places)[:MOST_PLACES]]


def _entry(seen: _Seen, places: list[tuple[str, Location]], told: Mapping[Location, str], narrow: frozenset[Status]) -> Entry:
    fields: dict[str, Any] = {"code": seen.code}
    statuses = _statuses(seen.sightings, narrow)
    if statuses:
        fields["status"] = statuses[0] if len(statuses) == 1 else list(statuses)
    fields["layer"] = seen.layer
    for one in sorted(seen.sightings, key=lambda one: one.kind == "shown"):
        for name, value in one.words.items():
            fields.setdefault(name, _whole(value) if isinstance(value, str) else value)
    messages = {str(one.words["message"]) for one in seen.sightings if "message" in one.words}
    if len(messages) > 1:
        del fields["message"]  # it is no constant text
    return Entry(fields, tuple(Evidence(what, told.get(at, "")) for what, at in places))


def _whole(text: str) -> str:
    """The text without halves of surrogate pairs, which no file can hold."""
    return text.encode("utf-8", "replace").decode()


def _statuses(sightings: Sequence[Sighting], narrow: frozenset[Status]) -> tuple[Status, ...]:
    """The statuses of a code; those of ``narrow`` stand for the lists that have one of them."""
    found = [status for one in sightings if one.kind != "list" for status in one.statuses]
    spread: dict[Location | None, list[Status]] = {}
    for one in sightings:
        if one.kind == "list":
            spread.setdefault(one.list, []).extend(one.statuses)
    for statuses in spread.values():
        if not any(_meets(status, other) for status in narrow for other in statuses):
            found += statuses
    return tidy(found)


def _meets(one: Status, other: Status) -> bool:
    return one == other or "any" in (one, other) or (str(one)[0] == str(other)[0] and "XX" in (str(one)[1:], str(other)[1:]))


def tidy(statuses: Iterable[Status]) -> tuple[Status, ...]:
    """Each status once, sorted, without those that a class beside them holds; every error is ``any``."""
    found = set(statuses)
    if "any" in found or {"4XX", "5XX"} <= found:
        return ("any",)
    classes = {status for status in found if isinstance(status, str)}
    single = {status for status in found if isinstance(status, int) and f"{status // 100}XX" not in classes}
    return (*sorted(single), *sorted(classes))


def of_key(status_key: str) -> tuple[Status, ...]:
    """The statuses that a key of a Responses Object means, as a catalog writes them; ``default`` is every error."""
    if status_key == "default":
        return ("4XX", "5XX")
    return (int(status_key),) if status_key.isdigit() else (status_key,)
