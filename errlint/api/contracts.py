"""One side of a comparison: a catalog or an OpenAPI document, from a file, a package or a git revision."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from errlint.api.inputs import compiled
from errlint.api.revision import Revision
from errlint.errors import ConfigError, LoadError
from errlint.load.catalog import read_catalog
from errlint.load.envelopes import shipped_envelopes
from errlint.load.library import Library
from errlint.load.openapi import looks_like, looks_like_openapi, read_spec
from errlint.load.origin import BUILTIN, PACKAGE
from errlint.load.source import Document, load, read
from errlint.model.catalog import Category, Code, Envelope, Layer
from errlint.model.change import Contract
from errlint.model.finding import Location
from errlint.model.record import record, replace

if TYPE_CHECKING:
    from errlint.checks.catalog_file import CatalogFile

T = TypeVar("T", Envelope, Layer, Category, Code)
OpenFile = Callable[[str], bytes]
Contracted = Callable[[], "CatalogFile | None"]


@record
class Held:
    """A contract and the texts that its places point into; ``file`` is the catalog, None for a document."""

    contract: Contract
    sources: Mapping[str, Document]
    file: CatalogFile | None = None


def held(reference: str, by: Contracted, revision: str = "") -> Held:
    """What a reference means: a file, ``builtin:NAME``, ``pkg:PACKAGE/PATH``, or ``REV:PATH`` as git writes it.

    ``revision`` is a git revision that has the file. ``by`` gives the contract that tells where a document's codes stand;
    without one the shipped envelopes do. Raises: LoadError, ConfigError.
    """
    if reference.startswith((BUILTIN, PACKAGE)):
        if revision:
            raise ConfigError(f"--since {revision} needs a file in a git repository, not {reference}")
        return _of_catalog(reference, read_catalog(reference))
    path, opened, asked = reference, None, revision
    if not revision and ":" in reference and not _is_file(reference):
        revision, _, path = reference.partition(":")
        path, opened = _at_revision(reference, revision, path)
    elif revision:
        path, opened = _at_revision(f"{revision}:{reference}", revision, reference, beside=True)
    name = reference if asked != revision else _named(revision, path)
    return _marked(name, revision, path, opened, by)


def _named(revision: str, path: str) -> str:
    return f"{revision}:{path}" if revision else path


def _is_file(name: str) -> bool:
    try:
        return os.path.isfile(name)
    except ValueError:  # a NUL
        return False


def _at_revision(reference: str, name: str, path: str, *, beside: bool = False) -> tuple[str, OpenFile]:
    """The path of a file in the working copy, and the reader of files as the revision has them.

    A path is one from the root of the repository, as git takes it, or else one from here. Raises: LoadError, ConfigError.
    """
    if not path:
        raise ConfigError(f"{reference} names no file", hint="write REVISION:PATH, such as HEAD~1:errors.yaml")
    revision = Revision(name, what=reference)

    def open_file(wanted: str) -> bytes:
        found = revision.bytes_of(wanted)
        if isinstance(found, str):
            raise LoadError(found, Location(wanted, ()))
        return found

    top = "" if beside or path.startswith(("./", "../")) else revision.root
    candidates = [os.path.relpath(os.path.join(top, path))] if top else []
    faults = []
    for candidate in dict.fromkeys((*candidates, path)):
        found = revision.bytes_of(candidate)
        if not isinstance(found, str):
            return candidate, open_file
        faults.append(found)
    raise LoadError(faults[0], Location(reference, ()), "" if revision.found else "name a file, or REVISION:PATH as git does")


def _marked(name: str, revision: str, path: str, opened: OpenFile | None, by: Contracted) -> Held:
    """The contract; what comes from a revision is called so, so that both versions of one file have names."""
    try:
        made = _read(name, path, opened, by)
    except LoadError as error:
        at = error.location
        if at is None or not revision:
            raise
        raise LoadError(error.message, replace(at, uri=f"{revision}:{at.uri}"), error.hint) from None
    return _renamed(made, f"{revision}:") if revision else made


def _read(name: str, path: str, opened: OpenFile | None, by: Contracted) -> Held:
    document = read(path) if opened is None else load(opened(path), path)
    if looks_like_openapi(document.data):
        return _of_document(name, document, opened, by)
    if isinstance(document.data, dict) and "errlint" in document.data:
        return _of_catalog(name, read_catalog(path, open_file=opened))
    words = looks_like(document.data, document.text)
    kind = f"it looks like {words}" if words else "it has no key errlint, openapi or swagger"
    raise LoadError(f"this is neither a catalog nor an OpenAPI document: {kind}", document.location(()))


def _of_catalog(name: str, file: CatalogFile) -> Held:
    catalog = file.catalog
    pointer = ("service", "version") if catalog.version else ("service",)
    at = Location(catalog.location.uri, pointer)
    operations = frozenset(operation for code in catalog.codes for operation in code.operations)
    return Held(Contract(catalog, name, catalog.version, at, operations=operations), file.sources, file)


def _of_document(name: str, document: Document, opened: OpenFile | None, by: Contracted) -> Held:
    from errlint.match.documented import documented, plan_of  # catalogs need no schemas read

    loaded = read_spec(document, library=Library(open_file=opened))
    file = by()
    plan = compiled(file) if file is not None else plan_of(shipped_envelopes())
    contract = documented(loaded.spec, plan, name, layered=file is not None)
    return Held(contract, {document.uri: document, **loaded.references.documents})


def _renamed(made: Held, mark: str) -> Held:
    """The contract with a mark before the name of every file."""

    def at(location: Location) -> Location:
        return replace(location, uri=mark + location.uri) if location.uri in made.sources else location

    def moved(part: T) -> T:
        return replace(part, location=at(part.location))

    catalog = made.contract.catalog
    renamed = replace(
        catalog,
        envelopes={id_: moved(one) for id_, one in catalog.envelopes.items()},
        layers={id_: moved(one) for id_, one in catalog.layers.items()},
        categories={id_: moved(one) for id_, one in catalog.categories.items()},
        codes=tuple(moved(code) for code in catalog.codes),
        location=at(catalog.location),
    )
    sources = {mark + uri: document for uri, document in made.sources.items()}
    contract = replace(made.contract, catalog=renamed, version_at=at(made.contract.version_at))
    return Held(contract, sources, made.file)
