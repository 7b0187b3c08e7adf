"""Catalog files -> one contract: reads, resolves ``extends``, fills in the defaults, merges."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from errlint.errors import LoadError
from errlint.load import catalog_format, catalog_parts
from errlint.load.catalog_file import CatalogFile
from errlint.load.catalog_format import Problem
from errlint.load.catalog_merge import dangling, extended, merged, united
from errlint.load.envelopes import shipped_envelopes as shipped_envelopes
from errlint.load.origin import BUILTIN, Origin, is_file, origin
from errlint.load.source import Document, load, read
from errlint.model.catalog import Catalog
from errlint.model.finding import Location
from errlint.model.pointer import Pointer
from errlint.model.record import field, mutable

LISTS = ("errors", "accepted")
SECTIONS = ("envelopes", "layers", "categories", "recipes")


def read_catalog(
    reference: str, *, base: Path | None = None, lenient: bool = False, open_file: Callable[[str], bytes] | None = None
) -> CatalogFile:
    """The catalog that a file path (relative to ``base``), ``builtin:NAME`` or ``pkg:PACKAGE/PATH`` names.

    ``lenient`` keeps what breaks the format in ``invalid`` and loads the rest; a file that cannot be read or parsed, or is
    no object, refuses all the same. ``open_file`` gives the bytes of another version of a file, by its path, or raises
    LoadError; None is what is on the disk.

    Raises: LoadError, with the place of the first fault and the number of the others.
    """
    reading = Reading(open_file=open_file)
    start = origin(reference, base)
    catalog = reading.read(start, (), None)
    unusable = [] if lenient else [*reading.invalid, *reading.refused] or [(one.message, one.at) for one in dangling(catalog)]
    if unusable:
        message, at = unusable[0]
        others = len(unusable) - 1
        more = f" (and {others} more: errlint catalog check {reference})" if others else ""
        raise LoadError(message + more, reading.sources[at.uri].location(at.pointer))
    return CatalogFile(catalog, reading.sources, tuple(reading.invalid), frozenset((start.uri,)), frozenset(reading.files))


def merge(files: Sequence[CatalogFile]) -> CatalogFile:
    """Several catalogs as one contract, in their order; entries of equal identity are all kept, for CAT002 to see."""
    if len(files) == 1:
        return files[0]
    return CatalogFile(
        merged([file.catalog for file in files]),
        {uri: document for file in files for uri, document in file.sources.items()},
        tuple(dict.fromkeys(problem for file in files for problem in file.invalid)),
        frozenset().union(*(file.named for file in files)),
        frozenset().union(*(file.files for file in files)),
    )


@mutable
class Reading:
    """One reading of a catalog and all that it extends: the sources by uri, and what breaks the format in them.

    ``refused`` is what a strict reading refuses and a lenient one leaves to the catalog's rules.
    """

    sources: dict[str, Document] = field(default_factory=dict)
    invalid: list[tuple[str, Location]] = field(default_factory=list)
    refused: list[tuple[str, Location]] = field(default_factory=list)
    done: dict[str, Catalog] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    open_file: Callable[[str], bytes] | None = None

    def read(self, start: Origin, above: tuple[str, ...], at: Location | None) -> Catalog:
        """The catalog at an origin; ``above`` are the identities that led there, ``at`` the place that names it."""
        if start.identity in above:
            raise LoadError(f"extends leads back to {start.uri}", at, "remove one of the two extends")
        if start.identity in self.done:
            return self.done[start.identity]
        self.files.add(start.file)
        document = self.sources[start.uri] = _document(start, at, self.open_file)
        if not isinstance(document.data, dict):
            raise LoadError("this is no catalog: an object with errlint, service and errors is expected", document.location(()))
        written, halves = catalog_format.whole_texts(document)
        problems = [] if start.uri.startswith(BUILTIN) else [*halves, *catalog_format.problems(written)]
        data = repaired(written, problems) if problems else written
        inherited = self._inherited(start, document, data, (*above, start.identity))
        build = catalog_parts.Build(start.uri, data, inherited, lambda name, place: self._fetch(start, document, name, place))
        own = catalog_parts.catalog(build)
        self.invalid.extend((problem.text, Location(start.uri, problem.at)) for problem in (*problems, *build.problems))
        self.refused.extend((problem.text, Location(start.uri, problem.at)) for problem in build.refusals)
        whole = extended(inherited, own) if inherited else own
        if data.get("recipes"):
            whole = self._with_recipes(whole, data["recipes"], start.uri)
        self.done[start.identity] = whole
        return self.done[start.identity]

    def _inherited(self, start: Origin, document: Document, data: Mapping[str, Any], above: tuple[str, ...]) -> Catalog | None:
        written = data.get("extends", [])
        bases: list[Catalog] = []
        for index, reference in enumerate([written] if isinstance(written, str) else written):
            place = ("extends",) if isinstance(written, str) else ("extends", str(index))
            at = document.location(place)
            bases.append(self.read(start.beside(reference, at), above, at))
        return united(bases) if bases else None

    def _with_recipes(self, catalog: Catalog, written: Mapping[str, Any], uri: str) -> Catalog:
        """The catalog with what its ``recipes`` add to its entries, inherited ones too; a name that fits none is a problem."""
        from errlint.load.recipes import added  # start-up: few catalogs have some

        catalog, unknown = added(catalog, written, uri)
        self.invalid.extend(unknown)
        return catalog

    def _fetch(self, start: Origin, document: Document, name: str, place: Pointer) -> Any:
        """The data of a schema file beside a catalog, None (and a problem noted) where it cannot be read or is no object."""
        at = document.location(place)
        try:
            beside = start.beside(name, at)
            self.files.add(beside.file)
            data, _ = catalog_format.whole_texts(_document(beside, at, self.open_file))
        except LoadError as error:
            self.invalid.append((f"schema_file {name}: {error.message}", Location(start.uri, place)))
            return None
        if not isinstance(data, dict):
            self.invalid.append((f"schema_file {name} is no JSON Schema: an object is expected", Location(start.uri, place)))
            return None
        return data


def _document(start: Origin, at: Location | None, open_file: Callable[[str], bytes] | None) -> Document:
    """The document at an origin; ``at`` is the place that names it. Raises: LoadError."""
    if start.root is None and open_file is not None:
        return load(open_file(start.path), start.uri)
    if start.root is None:
        if at is not None and not is_file(Path(start.path)):
            from errlint.load.nearby import nearby

            raise LoadError(f"there is no file {start.uri}", at, nearby(start.path))
        return read(start.path, start.uri)
    try:
        return load(start.read(), start.uri)
    except (OSError, ValueError):
        raise LoadError(f"there is no file {start.uri}", at) from None


def repaired(data: Mapping[str, Any], problems: Sequence[Problem]) -> dict[str, Any]:
    """The data without what breaks the format, so that the rest can be checked: an unknown key goes alone, else its entry."""
    copy: Any = dict(data)
    for problem in problems:
        keep = len(problem.at) if problem.surplus else 2 if problem.at[:1] and problem.at[0] in (*LISTS, *SECTIONS) else 1
        copy = _without(copy, problem.at[:keep])
    for key, blank in (("errlint", 1), ("service", {"name": ""}), ("errors", [])):
        copy.setdefault(key, blank)
    repaired: dict[str, Any] = copy
    return repaired


def _without(value: Any, place: Pointer) -> Any:
    """A copy without what stands at a place; an element of a list becomes None, so that the others keep their positions."""
    if not place:
        return value
    token, rest = place[0], place[1:]
    if isinstance(value, dict) and token in value:
        if rest:
            return {**value, token: _without(value[token], rest)}
        return {key: item for key, item in value.items() if key != token}
    if isinstance(value, list) and token.isdigit():
        index = int(token)
        return [*value[:index], _without(value[index], rest) if rest else None, *value[index + 1 :]]
    return value
