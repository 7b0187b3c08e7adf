"""Whether a run judged all documents that an ignore of a config is there for: else it may be of use elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from errlint.errors import LoadError
from errlint.load.discover import document_in, expanded, is_glob
from errlint.load.library import Library
from errlint.model.ignore import Selection

MOST = 5_000
"""Files and folders that are looked at; of a larger folder nobody knows whether all of it was judged."""
SUFFIXES = (".json", ".yaml", ".yml")


def is_whole(selection: Selection, judged: Iterable[str]) -> bool:
    """Whether these documents, by their uris, are all that a config speaks of."""
    if not selection.folder:
        return False
    real = {os.path.realpath(uri) for uri in judged if "\0" not in uri and os.path.isfile(uri)}
    library = Library()
    for path in _named(selection) if selection.paths else _below(selection.folder):
        if path is None:
            return False
        if os.path.realpath(path) not in real and _is_document(path, library):
            return False
    return True


def _is_document(path: str, library: Library) -> bool:
    """Whether a file is an OpenAPI document, be it one that cannot be read."""
    try:
        return document_in(path, library) is not None
    except LoadError:
        return True


def _named(selection: Selection) -> Iterator[str | None]:
    """The files that a config names."""
    for name in selection.paths:
        path = os.path.join(selection.folder, name)
        if os.path.isdir(path):
            yield from _below(path)
        elif os.path.lexists(path):
            yield path
        elif is_glob(name):
            yield from expanded(path)


def _below(folder: str) -> Iterator[str | None]:
    """The files below a folder that may be documents; None at the end where there are too many."""
    seen = 0
    for here, folders, names in os.walk(folder):
        seen += len(folders) + len(names)
        if seen > MOST:
            yield None
            return
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (os.path.join(here, name) for name in sorted(names) if name.lower().endswith(SUFFIXES))
