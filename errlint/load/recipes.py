"""``provoke:`` of a catalog entry -> its recipes. The format holds their outline; what it cannot say is checked here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from errlint.load.meant import did_you_mean
from errlint.model import pointer as pointers
from errlint.model.catalog import Catalog, Code
from errlint.model.exchange import ABSENT
from errlint.model.finding import Location
from errlint.model.placeholder import FRESH, NAME, names
from errlint.model.recipe import Recipe, Saved, Step
from errlint.model.record import replace
from errlint.model.status import Statuses, union

MOST = 20
"""Requests of one recipe."""

POINTER = re.compile(r"(?:/(?:[^/~]|~[01])*)*")
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
FRAMING = frozenset(("host", "content-length", "transfer-encoding", "connection"))
"""Headers that belong to the connection: a recipe that sets them would be another request than it seems."""

Faults = list[tuple[str, Location]]


def recipes(provoke: Any, owner: tuple[str, str], entry: Location) -> tuple[Recipe, ...]:
    """The recipes among what ``provoke`` of an entry holds; ``entry`` is the entry's place."""
    place = Location(entry.uri, (*entry.pointer, "provoke"))
    if isinstance(provoke, Mapping):
        return (recipe(provoke, owner, place),)
    items = enumerate(provoke) if isinstance(provoke, (list, tuple)) else ()
    return tuple(recipe(item, owner, _below(place, str(number))) for number, item in items if isinstance(item, Mapping))


def added(catalog: Catalog, written: Mapping[str, Any], uri: str) -> tuple[Catalog, Faults]:
    """(the catalog with further recipes for the entries that ``written`` names by id or layer/id, the names that fit none).

    An entry that has a recipe is one that a probe can reach.
    """
    wanted: dict[tuple[str, str], str] = {}
    unknown: Faults = []
    for name in written:
        fitting = [(code.layer, code.id) for code in catalog.codes if name in (code.id, f"{code.layer}/{code.id}")]
        if len(fitting) != 1:
            several = f"{name} is an entry of {len(fitting)} layers: write LAYER/{name}"
            meant = did_you_mean(name, [code.id for code in catalog.codes])
            unknown.append((several if fitting else f"there is no entry {name}{meant}", Location(uri, ("recipes", name))))
        else:
            wanted[fitting[0]] = name
    codes = tuple(
        _richer(code, written[wanted[code.layer, code.id]], Location(uri, ("recipes", wanted[code.layer, code.id])))
        if (code.layer, code.id) in wanted
        else code
        for code in catalog.codes
    )
    return replace(catalog, codes=codes), unknown


def _richer(code: Code, written: Any, place: Location) -> Code:
    items = written if isinstance(written, list) else [written]
    places = [_below(place, str(number)) for number in range(len(items))] if isinstance(written, list) else [place]
    more = [recipe(item, (code.layer, code.id), at) for item, at in zip(items, places, strict=True)]
    return replace(code, provoke=(*code.provoke, *items), recipes=(*code.recipes, *more), reachable="probe")


def recipe(written: Mapping[str, Any], owner: tuple[str, str], place: Location) -> Recipe:
    """One recipe, with what is wrong with it."""
    faults: Faults = []
    setup = tuple(
        _step(item, _below(place, "setup", str(index)), faults) for index, item in enumerate(written.get("setup", ()))
    )
    request = _step(written["request"], _below(place, "request"), faults)
    teardown = tuple(
        _step(item, _below(place, "teardown", str(index)), faults) for index, item in enumerate(written.get("teardown", ()))
    )
    known: dict[str, None] = {}
    for step in (*setup, request, *teardown):
        faults += _unknown(step, known)
        known.update(dict.fromkeys(step.save))
    number = len(setup) + 1 + len(teardown)
    if number > MOST:
        faults.append((f"a recipe has at most {MOST} requests, this one has {number}", place))
    return Recipe(owner, setup, request, teardown, tuple(faults), place)


def _below(place: Location, *tokens: str) -> Location:
    return Location(place.uri, (*place.pointer, *tokens))


def _step(written: Mapping[str, Any], place: Location, faults: Faults) -> Step:
    method, path = written["method"].upper(), written["path"]
    if not TOKEN.fullmatch(method):
        faults.append((f"method {written['method']!r} is no HTTP method", _below(place, "method")))
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", path):
        faults.append((f"path {path} is an address: write the path below the base url, such as /models", _below(place, "path")))
    headers, query = written.get("headers", {}), written.get("query", {})
    for name, value in headers.items():
        if not TOKEN.fullmatch(name) or name.lower() in FRAMING:
            faults.append((f"the header {name} cannot be set", _below(place, "headers", name)))
        elif not _scalar(value):
            faults.append((f"the header {name} must be a text or a number", _below(place, "headers", name)))
    for name, value in query.items():
        if not all(map(_scalar, value if isinstance(value, list) else [value])):
            faults.append(
                (f"the query parameter {name} must be a text, a number or a list of them", _below(place, "query", name))
            )
    return Step(
        method,
        path,
        query,
        headers,
        written.get("body", ABSENT),
        _statuses(written["status"]) if "status" in written else None,
        {name: _saved(name, item, _below(place, "save", name), faults) for name, item in written.get("save", {}).items()},
        written.get("as", "user"),
        place,
    )


def _statuses(written: Any) -> Statuses:
    items = written if isinstance(written, list) else [written]
    return union(int(item) if isinstance(item, float) else item for item in items)


def _scalar(value: Any) -> bool:
    return isinstance(value, (str, int, float, bool))


def _saved(name: str, written: Any, place: Location, faults: Faults) -> Saved:
    if not NAME.fullmatch(name):
        faults.append((f"{name!r} cannot be the name of a saved value: write letters, digits, _ and -", place))
    if isinstance(written, str):
        written = {"pointer": written}
    if not isinstance(written, Mapping) or not written.keys() <= {"pointer", "header", "extract"}:
        faults.append(
            (f"{name} is saved from a pointer such as /id, or from an object with pointer or header, and extract", place)
        )
        return Saved()
    pointer, header, extract = written.get("pointer"), written.get("header", ""), written.get("extract", "")
    if (pointer is None) == (not header):
        faults.append((f"{name} is saved from one place: a pointer or a header", place))
    if pointer is not None and not (isinstance(pointer, str) and POINTER.fullmatch(pointer)):
        faults.append((f"{pointer} is no JSON pointer (RFC 6901): it starts with a slash, such as /id", place))
        pointer = None
    if not isinstance(header, str) or (header and not TOKEN.fullmatch(header)):
        faults.append((f"{header} is no name of a header", place))
        header = ""
    wrong = _pattern(extract)
    if wrong:
        faults.append((wrong, place))
        extract = ""
    return Saved(pointers.parse(pointer) if pointer is not None else None, header, extract)


def _pattern(extract: Any) -> str:
    """What is wrong with a pattern whose first group is the value, empty where nothing is."""
    try:
        groups = re.compile(extract).groups
    except (re.error, TypeError, OverflowError, RecursionError):
        return f"{extract} is no regular expression"
    return f"{extract} has no group to take: write the value in parentheses" if extract and not groups else ""


def _unknown(step: Step, known: Mapping[str, None]) -> Iterator[tuple[str, Location]]:
    """The placeholders of a request that no earlier request saves."""
    parts = {"path": step.path, "query": step.query, "headers": step.headers, "body": step.body}
    for member, value in parts.items():
        for name in dict.fromkeys(names(value)):
            if name == "${":
                yield "${ is never closed: write ${name}, or $${ for the characters themselves", _below(step.location, member)
            elif name.startswith("$"):
                if not FRESH.fullmatch(name):
                    yield f"there is no fresh value ${{{name}}}: known are $uuid, $int and $word", _below(step.location, member)
            elif name not in known:
                told = did_you_mean(name, known) or "; no earlier request saves it"
                yield f"${{{name}}} has no value{told}", _below(step.location, member)
