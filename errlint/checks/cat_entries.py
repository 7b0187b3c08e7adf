"""Entries beside each other, and what they refer to (CAT002, CAT012, CAT019)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import combinations
from typing import Any

from errlint.checks import words
from errlint.checks.cat_rule import about, rule
from errlint.checks.catalog_file import CatalogFile
from errlint.checks.registry import Hit
from errlint.load.catalog_format import whole
from errlint.load.catalog_merge import dangling
from errlint.load.meant import did_you_mean
from errlint.match.template import matcher
from errlint.model.catalog import Catalog, Code, Message
from errlint.model.finding import Location, Related, Severity


@rule("CAT002", "duplicate-entry", Severity.ERROR)
def duplicate_entry(file: CatalogFile) -> Iterator[Hit]:
    """An entry that another one says already, an id that stands twice in a layer, a key that stands twice in an object."""
    ids: dict[tuple[str, str], Code] = {}
    for code in file.catalog.codes:
        other = ids.setdefault((code.layer, code.id), code)
        if other is not code:
            yield _again(code, other) if code.location.uri in file.named or not file.named else _again(other, code)
    for one, two in twins(file.catalog):
        if one.id != two.id and alike(one, two):
            yield about(two, f"{two.id} is {one.id} again: same code, status, match and message", other=one)
    yield from repeated_keys(file)


def _again(code: Code, other: Code) -> Hit:
    """An entry whose identity another one has, in the same file or in one that is used together with it."""
    hint = "" if alike(code, other) else "; give each an id, or one entry both statuses"
    where = f"twice in layer {code.layer}"
    if code.location.uri != other.location.uri:
        where = f"in {other.location.uri} too (layer {code.layer})"
        hint = hint and "; the catalogs are one contract, so say it once"
    member = "id" if code.id != str(code.code) else "code"
    return about(code, f"{code.id} stands {where}{hint}", member, other=other)


def repeated_keys(file: CatalogFile) -> Iterator[Hit]:
    """The keys that an object of a source holds twice."""
    for uri, document in file.sources.items():
        for duplicate in document.duplicates:
            pointer = tuple(whole(token) for token in duplicate.pointer)
            first = Related(Location(uri, pointer, *duplicate.first), "the first one")
            message = f"the key {pointer[-1]} stands twice, and only the last one counts"
            place = Location(uri, pointer, *duplicate.second)
            yield Hit(message, place, detail=pointer[-1], owner="/".join(pointer), related=(first,))


def twins(catalog: Catalog) -> Iterator[tuple[Code, Code]]:
    """The pairs of one layer that have the same code (of the same JSON type), in the catalog's order."""
    groups: dict[tuple[str, type, Any], list[Code]] = defaultdict(list)
    for code in catalog.codes:
        groups[(code.layer, type(code.code), code.code)].append(code)
    for group in groups.values():
        yield from combinations(group, 2)


def alike(one: Code, two: Code) -> bool:
    """Whether two entries of one code say the same of status, further members and message."""
    return (
        one.code == two.code
        and one.statuses.values == two.statuses.values
        and dict(one.match) == dict(two.match)
        and _template(one.message) == _template(two.message)
    )


def _template(message: Message | None) -> tuple[str, str] | None:
    return (message.kind, message.text) if message is not None else None


@rule("CAT012", "ambiguous-entries", Severity.WARNING)
def ambiguous_entries(file: CatalogFile) -> Iterator[Hit]:
    """Two entries of one code that no answer can tell apart."""
    for one, two in twins(file.catalog):
        shared = one.statuses.values & two.statuses.values
        if one.id == two.id or alike(one, two) or not shared or dict(one.match) != dict(two.match):
            continue
        for status in sorted(shared)[:1]:
            why = _undecided(one, two, status)
            if why:
                yield about(two, why, other=one, detail=one.id)


def _undecided(one: Code, two: Code, status: int) -> str:
    """Why the message does not tell two entries apart under a status, empty where it does."""
    mine, yours = one.messages(status), two.messages(status)
    if not mine or not yours or {_template(message) for message in mine} & {_template(message) for message in yours}:
        return f"nothing in an answer tells {two.id} from {one.id}: same code, status and match, and no message that differs"
    for left, right, theirs in ((one, two, yours), (two, one, mine)):
        for text in _examples(left.messages(status)):
            if any(matcher(message).fits(text) for message in theirs):
                return f"the message of {left.id} also fits {right.id}: {words.shown(text)}"
    return ""


def _examples(messages: Iterable[Message]) -> Iterator[str]:
    """Texts that the templates stand for: their examples, and literal texts."""
    for message in messages:
        if message.example is not None:
            yield message.example
        elif message.kind == "literal":
            yield message.text


@rule("CAT019", "unknown-reference", Severity.ERROR)
def unknown_reference(file: CatalogFile) -> Iterator[Hit]:
    """An entry, a layer or an acceptance that names something which is not there."""
    catalog = file.catalog
    layers, categories = _known(file, "layers", catalog.layers), _known(file, "categories", catalog.categories)
    successors = {str(name) for code in catalog.codes for name in (code.code, code.id) if name is not None}
    for code in catalog.codes:
        label = words.label(code)
        for kind, named, known in (
            ("category", code.category, categories),
            ("replaced_by", code.replaced_by, successors),
        ):
            if named and named not in known:
                noun = "successor" if kind == "replaced_by" else kind
                message = (
                    f"{label} names the {noun} {named}, which is not there{did_you_mean(named, sorted({*known} - {label}))}"
                )
                yield about(code, message, kind, detail=kind)
    for message, place, owner, name in dangling(catalog, _known(file, "envelopes", ()), layers):
        if isinstance(owner, Code):
            yield about(owner, message, *(("layer",) if name else ()), detail="layer" if name else "")
        else:
            yield Hit(message, place, layer=owner.id, detail=name, owner=f"layer {owner.id}")
    yield from _accepted(file)


def _accepted(file: CatalogFile) -> Iterator[Hit]:
    """The acceptances for a code that no entry has, so that they silence nothing."""
    known = {str(name) for code in file.catalog.codes for name in (code.code, code.id) if name is not None}
    written: list[tuple[Location, Any]] = []
    for uri, document in file.sources.items():
        for section in ("errors", "accepted"):
            listed = document.data.get(section)
            for index, entry in enumerate(listed if isinstance(listed, list) else ()):
                if not isinstance(entry, dict):
                    continue
                if section == "errors":
                    known |= {str(entry[key]) for key in ("code", "id") if entry.get(key) is not None}
                elif isinstance(entry.get("code"), str):
                    written.append((Location(uri, ("accepted", str(index), "code")), whole(entry["code"])))
    for place, code in written:
        if code not in known:
            meant = did_you_mean(code, sorted(known))
            message = f"accepted names code {code}, which the catalog does not have{meant}"
            yield Hit(message, place, code, detail=code, owner="accepted")


def _known(file: CatalogFile, section: str, loaded: Collection[str]) -> dict[str, None]:
    """The ids of a section: those that were loaded, and those that CAT001 says are broken."""
    written = [document.data.get(section) for document in file.sources.values()]
    return dict.fromkeys([*loaded, *(id_ for part in written if isinstance(part, dict) for id_ in part)])
