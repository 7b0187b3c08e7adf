"""``errlint catalog export``: a contract in the words of other tools."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from errlint.api.inputs import compiled, contract
from errlint.errors import ConfigError
from errlint.model.record import record

if TYPE_CHECKING:
    from errlint.checks.catalog_file import CatalogFile
    from errlint.export.openapi import Strict
    from errlint.export.patterns import Messages
    from errlint.load.source import Document
    from errlint.match.plan import Plan

ALONE = {
    "markdown": "a reference in Markdown",
    "html": "a reference as one page, with search",
    "json": "the catalog as one resolved document",
    "csv": "a row a code",
    "components": "OpenAPI components: schemas, responses, examples",
    "python": "typed constants",
    "typescript": "constants, union types and a type guard",
    "fastapi": "exceptions, responses= and models of a FastAPI service",
}
"""Targets that need the catalog alone."""

INTO = {
    "openapi": "SPEC with error responses that say what the catalog promises",
    "overlay": "an OpenAPI Overlay that gives SPEC such error responses",
}
"""Targets that are made of a catalog and a document."""


@record
class Exported:
    """The text that an export made, as UTF-8, and what a user should know of it."""

    text: bytes
    notes: tuple[str, ...] = ()


def export_catalog(catalogs: Sequence[str], target: str, *, dialect: str = "3.1", name: str | None = None) -> Exported:
    """A catalog as one of ALONE. ``name`` is the file that it is for: where its end says JSON, ``components`` are JSON.

    Raises: LoadError, ConfigError.
    """
    from importlib import import_module

    file = _contract(catalogs)
    if target == "components":
        from errlint.export.components import components
        from errlint.export.yaml_ import text_of

        plan, notes = bodied(file)
        return Exported(text_of(components(file.catalog, plan, dialect), name).encode(), notes)
    if target == "fastapi":
        from errlint.export.fastapi import fastapi_text

        plan, notes = bodied(file)
        text, left_out = fastapi_text(plan.catalog or file.catalog, plan)
        return Exported(text.encode(), (*notes, *left_out))
    if target not in ALONE:
        raise ConfigError(f"{target!r} is no target", hint=f"use one of {', '.join((*ALONE, *INTO))}")
    module = import_module(f"errlint.export.{target}{'_' if target in ('json', 'csv') else ''}")
    made: str = getattr(module, f"{target}_text")(file.catalog)
    return Exported(made.encode())


def export_openapi(
    catalogs: Sequence[str], into: str, *, every: bool = False, messages: Messages = "all", root: str | None = None
) -> Exported:
    """A document with strict error responses. Raises: LoadError, ConfigError."""
    from errlint.export.written import written

    document, made = _strict(_contract(catalogs), into, every, messages, root)
    text, why = written(document, made.edits)
    anew = (f"written anew, without comments: {why}",) if why else ()
    return Exported(text, (*anew, *made.notes))


def export_overlay(
    catalogs: Sequence[str], into: str, *, messages: Messages = "all", root: str | None = None, name: str | None = None
) -> Exported:
    """An OpenAPI Overlay that gives each operation of a document all the errors that the catalog has for it.

    ``name`` is the file that it is for: where its end says JSON, it is JSON. Raises: LoadError, ConfigError.
    """
    from errlint.export.overlay import overlay
    from errlint.export.yaml_ import text_of
    from errlint.load.json_ import plain

    file = _contract(catalogs)
    document, made = _strict(file, into, True, messages, root)
    if not made.edits:
        raise ConfigError(f"the catalog has no error for an operation of {into}: an overlay would have no action")
    data: Any = plain(overlay(file.catalog, into, document.data, made.edits))
    return Exported(text_of(data, name).encode(), made.notes)


def bodied(file: CatalogFile) -> tuple[Plan, tuple[str, ...]]:
    """(the catalog compiled, with plain bodies where it does not say what they look like, what a user should know of that)."""
    from errlint.export.assumed import assumed
    from errlint.model.record import replace

    catalog, notes = assumed(file.catalog)
    return compiled(replace(file, catalog=catalog)), notes


def _contract(catalogs: Sequence[str]) -> CatalogFile:
    file = contract(catalogs)
    if file is None:
        raise ConfigError("there is no catalog to export")
    return file


def _strict(file: CatalogFile, into: str, every: bool, messages: Messages, root: str | None) -> tuple[Document, Strict]:
    """The document, and the changes that make its error responses strict."""
    from errlint.export.openapi import strict
    from errlint.load.openapi import read_spec
    from errlint.load.source import read

    document = read(into)
    return document, strict(read_spec(document, root=root).spec, document, compiled(file), every=every, messages=messages)
