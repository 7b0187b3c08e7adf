"""The catalog that a document holds whole: what ``errlint catalog export --to components`` writes beside its schemas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from errlint.load.catalog_format import problems
from errlint.load.json_ import plain
from errlint.load.openapi import Loaded
from errlint.model.draft import Draft, Entry, Evidence

FRAME, ENTRIES = "x-error-catalog", "x-error-codes"
PARTS = ("envelopes", "layers", "categories")


def of_components(loaded: Loaded) -> Draft | None:
    """The catalog of ``components.x-error-catalog`` and the ``x-error-codes`` of ``components.responses``.

    None where the document has no such catalog, or where it is none that the format allows: then its schemas, examples and
    texts say what can be known.
    """
    root = plain(loaded.spec.root.value)
    components = root.get("components") if isinstance(root, Mapping) else None
    frame = components.get(FRAME) if isinstance(components, Mapping) else None
    if not isinstance(frame, Mapping) or not isinstance(components, Mapping):
        return None
    entries = list(_entries(components.get("responses")))
    data = {"errlint": 1, **frame, "errors": [entry.fields for entry in entries]}
    if problems(data):
        return None
    return Draft(
        entries=tuple(entries),
        service=frame["service"],
        envelopes=frame.get("envelopes", {}),
        layers=frame.get("layers", {}),
        categories=frame.get("categories", {}),
        read=(f"{loaded.spec.uri}: the catalog in its components",),
        others={name: frame[name] for name in frame if name not in ("errlint", "service", *PARTS)},
    )


def _entries(responses: Any) -> Iterator[Entry]:
    """The entries of all responses, each once."""
    seen: set[tuple[str, str]] = set()
    for name, response in responses.items() if isinstance(responses, Mapping) else ():
        listed = response.get(ENTRIES) if isinstance(response, Mapping) else None
        for fields in listed if isinstance(listed, list) else ():
            if isinstance(fields, Mapping):
                identity = str(fields.get("layer")), str(fields.get("id", fields.get("code")))
                if identity not in seen:
                    seen.add(identity)
                    yield Entry(fields, (Evidence(ENTRIES, f"components.responses.{name}"),))
