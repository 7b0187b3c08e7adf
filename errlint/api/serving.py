"""``errlint serve``: a mock that answers the errors of a catalog or a document on demand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from errlint.errors import ConfigError
from errlint.model.record import record

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from errlint.model.catalog import Catalog
    from errlint.model.spec import Spec

PACKAGED = ("builtin:", "pkg:")


@record
class Mock:
    """The application, what it serves, in words, and an example of a wish that it grants: a field, and a path.

    ``notes`` are what a user should know of its answers.
    """

    app: WSGIApplication
    told: str
    wish: str
    path: str = "/"
    notes: tuple[str, ...] = ()


def mock(sources: Sequence[str], *, root: str | None = None) -> Mock:
    """The mock of some catalogs, or of one document. Raises: LoadError, ConfigError."""
    from errlint.load.source import read

    documents = [read(source) for source in sources if not source.startswith(PACKAGED)]
    others = [document for document in documents if not (isinstance(document.data, dict) and "errlint" in document.data)]
    if not others:
        return _of_catalog(sources)
    if len(sources) > 1:
        raise ConfigError(f"{others[0].uri} is no catalog", hint="serve one document alone, or catalogs")
    from errlint.load.openapi import read_spec

    return _of_document(read_spec(others[0], root=root).spec)


def _of_catalog(sources: Sequence[str]) -> Mock:
    from errlint.api.exporting import bodied
    from errlint.api.inputs import contract
    from errlint.serve.app import application
    from errlint.serve.catalog import CatalogMock

    file = contract(sources)
    if file is None or not file.catalog.codes:
        raise ConfigError("the catalog has no entry to serve")
    catalog = file.catalog
    plan, notes = bodied(file)
    return Mock(application(CatalogMock(catalog, plan)), _entries(catalog), f"code={_shown(catalog)}", notes=notes)


def _entries(catalog: Catalog) -> str:
    count = len(catalog.codes)
    return f"{count} {'entry' if count == 1 else 'entries'} of {catalog.title or catalog.service}"


def _shown(catalog: Catalog) -> str:
    """An entry's id that stands in a field as it is."""
    from errlint.export.samples import TOKEN

    return next((code.id for code in catalog.codes if TOKEN.fullmatch(code.id)), "CODE")


def _of_document(spec: Spec) -> Mock:
    from errlint.serve.app import application
    from errlint.serve.document import DocumentMock

    errors = [one for one in spec.declarations if one.error and one.statuses is not None]
    if not errors:
        raise ConfigError(f"{spec.uri} declares no error to serve")
    labels = {(one.operation.label, one.status_key) for one in errors}
    first = next((one for one in errors if one.status_key.isdigit() and one.operation.method == "GET"), errors[0])
    key = first.status_key if first.status_key.isdigit() else "500"
    told = f"{len(labels)} declared error{'s' if len(labels) > 1 else ''} of {spec.uri}"
    return Mock(application(DocumentMock(spec)), told, f"code={key}", _path(first.operation.path))


def _path(template: str) -> str:
    """A path that an operation answers: its placeholders are filled."""
    import re

    return re.sub(r"\{[^}]*\}", "1", template)
