"""The files of one run: each is read and parsed once, however many documents share it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from errlint.errors import LoadError
from errlint.load.source import Document, load, read
from errlint.model.record import field, mutable

if TYPE_CHECKING:
    from errlint.load.remote import Remote


@mutable
class Library:
    """What was read so far, by the real path of a file; ``remote`` is what may be fetched besides, None for nothing.

    ``asked`` are the paths of all files that somebody asked for, with True for those that could be read: real paths, and the
    names that led to nothing that could be.

    ``open_file`` gives the bytes of another version of a file, by its path, or raises LoadError; None is what is on the disk.
    """

    remote: Remote | None = None
    open_file: Callable[[str], bytes] | None = None
    asked: dict[str, bool] = field(default_factory=dict)
    _read: dict[str, Document | LoadError] = field(default_factory=dict)

    def read(self, path: str, uri: str | None = None) -> Document:
        """The document in a file under the name that this reader has for it. Raises: LoadError."""
        name = path if uri is None else uri
        key = _real(path)
        found = self._read.get(key)
        if found is None:
            try:
                found = read(path, name) if self.open_file is None else load(self.open_file(path), name)
            except LoadError as error:
                found = error
            self._read[key] = found
            self.asked[key] = not isinstance(found, LoadError) or os.path.isfile(key)
        if isinstance(found, LoadError):
            raise LoadError(found.message, found.location, found.hint)
        if found.uri == name:
            return found
        return Document(name, found.text, found.format, found.data, found.notices, False)  # another way to the same file

    def forget(self) -> None:
        """Lets go of what was read; who asks again reads again."""
        self._read.clear()

    def has(self, path: str) -> bool:
        """Whether a file may be there; of another version only reading it tells."""
        found = self.open_file is not None or os.path.isfile(path)
        if not found:
            self.asked[_real(path)] = False
        return found

    def refused(self, name: str) -> None:
        """Notes a name that leads to no file, or to one that may not be read: a link may lead elsewhere one day."""
        self.asked.setdefault(os.path.abspath(name), os.path.isfile(name))

    def keep(self, document: Document) -> None:
        """Remembers a document that was read from the file of its uri."""
        self._read.setdefault(_real(document.uri), document)


def _real(path: str) -> str:
    try:
        return os.path.realpath(path)
    except ValueError:  # a NUL
        return path
