"""What a probe is about: the document, a file or an address, and where the service runs."""

from __future__ import annotations

from urllib.parse import urlsplit

from errlint.errors import ConfigError, LoadError
from errlint.load.library import Library
from errlint.load.source import Document

USUAL = ("/openapi.json", "/v3/api-docs", "/swagger.json", "/openapi.yaml")
"""Where services serve their documents: FastAPI, springdoc, Swagger tools, and by hand."""


def is_url(name: str) -> bool:
    """Whether a name is an address."""
    return name[:8].lower().startswith(("http://", "https://"))


def document_of(name: str | None, url: str | None, library: Library) -> str | Document:
    """The document that is named, or the one that a service serves at a usual place.

    ``name`` is a file or an address, which may be a service's; without one, ``url`` is the service's. What the user typed is
    consent to ask that host. Raises: ConfigError, LoadError.
    """
    if name is not None and not is_url(name):
        return name
    if name is None and url is None:
        raise ConfigError("no document to probe with", hint="name one: errlint probe openapi.yaml --url BASE")
    typed = name or url or ""
    if name is not None and urlsplit(name).path.strip("/"):
        return _fetched(name, library)
    return _served(typed, library)


def _served(url: str, library: Library) -> Document:
    """The document that a service serves. Raises: LoadError where it serves none at a usual place."""
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    bases = dict.fromkeys((origin + parts.path.rstrip("/"), origin))
    for base in bases:
        for path in USUAL:
            try:
                document = _fetched(base + path, library)
            except LoadError:
                continue
            if _is_openapi(document):
                return document
    from errlint.load.remote import shown

    told = ", ".join(USUAL)
    raise LoadError(f"{shown(origin)} serves no OpenAPI document at {told}", None, "name it: errlint probe SPEC --url BASE")


def _fetched(url: str, library: Library) -> Document:
    from errlint.load.remote import typed

    document, final = typed(url)
    if library.remote is not None:
        library.remote.came_from(document.uri, final)
    return document


def _is_openapi(document: Document) -> bool:
    from errlint.load.openapi_kind import kind_of

    try:
        return bool(kind_of(document))
    except LoadError:
        return False


def base_of(document: str | Document, named: str | None, origin: str | None) -> str | None:
    """The base url of the service: ``origin`` with the document's own base path.

    Without ``origin`` that of the address that the document came from; None for a file.
    """
    host = origin or (named if named is not None and is_url(named) else None)
    if host is None:
        return None
    from errlint.load.openapi import read_spec
    from errlint.load.source import read

    spec = read_spec(read(document) if isinstance(document, str) else document).spec
    parts = urlsplit(host)
    path = next(iter(spec.base_paths), "")
    return f"{parts.scheme}://{parts.netloc}{path.rstrip('/')}"
