"""A catalog that somebody wrote, as a draft: it takes part in the making of another one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from errlint.errors import LoadError
from errlint.load.source import Document
from errlint.model.draft import Draft, Entry, Evidence


def of_catalog(document: Document) -> Draft:
    """The parts of a catalog, each entry with where it stands. Raises: LoadError for what is no catalog."""
    data = document.data
    if not isinstance(data, Mapping) or not isinstance(data.get("errors"), list):
        raise LoadError("this is no catalog: an object with errlint, service and errors is expected", document.location(()))
    entries = [entry for entry in data["errors"] if isinstance(entry, Mapping)]
    seen = Evidence("seen", document.uri)
    return Draft(
        entries=tuple(Entry(entry, (seen,)) for entry in entries),
        service={},
        envelopes=_part(data, "envelopes"),
        layers=_part(data, "layers"),
        categories=_part(data, "categories"),
        read=(f"{document.uri}: {len(entries)} errors",),
    )


def _part(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data.get(name)
    return found if isinstance(found, Mapping) else {}
