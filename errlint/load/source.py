"""A JSON or YAML text as plain data at once, and the line and column of anything in it on demand."""

from __future__ import annotations

import gc
import json
import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from errlint.errors import LoadError
from errlint.load import json_
from errlint.load.encoding import utf8
from errlint.load.lines import place, places
from errlint.load.positions_json import repeats as json_repeats
from errlint.model.finding import Excerpt, Location
from errlint.model.pointer import Pointer

MAX_BYTES = 64 * 1024 * 1024

_JSON_START = re.compile(rb"[ \t\r\n]*[{\[]")
_JSON_LOOK = re.compile(rb'[ \t\r\n]*(?:\{[ \t\r\n]*["}]|\[[ \t\r\n]*["{\[\]0-9tfn\-])')


class Duplicate(NamedTuple):
    """A key that one mapping holds again: its pointer, and the (line, column) of the first key and of the repeated one."""

    pointer: Pointer
    first: tuple[int, int]
    second: tuple[int, int]


class Document:
    """One text, read: its uri as the user wrote it, its UTF-8 bytes, its format and its plain data.

    Every mapping key is a str, spelled as in the text. ``notices`` are what a user should know about the text itself. A key
    that comes twice counts as it does for parsers: the last one wins.
    """

    __slots__ = ("_duplicates", "_positions", "_rocks", "data", "format", "notices", "text", "uri")

    app = ""
    """The application that made it, as the user calls it; empty for a text that somebody wrote."""

    def __init__(self, uri: str, text: bytes, format: str, data: Any, notices: tuple[str, ...], rocks: bool) -> None:  # noqa: A002
        self.uri = uri
        self.text = text
        self.format = format
        self.data = data
        self.notices = notices
        self._rocks = rocks
        self._positions: Any = None
        self._duplicates: tuple[Duplicate, ...] | None = None

    def __repr__(self) -> str:
        return f"Document({self.uri!r}, {self.format}, {len(self.text)} bytes)"

    def locate(self, pointers: Iterable[Pointer]) -> dict[Pointer, tuple[int, int]]:
        """The (line, column), both from 1, of the key or array item that each pointer names.

        A pointer that leads nowhere gets its nearest existing ancestor's place; the whole document is (1, 1).
        """
        pointers = tuple(pointers)
        if not any(pointers):  # no index of ten million elements, to say that the whole is the wrong thing
            return dict.fromkeys(pointers, (1, 1))
        with no_gc():
            if self._positions is None:
                self._positions = self._index()
            offsets = self._positions.offsets(pointers)
            found = places(self._positions.text, offsets.values())
        return {pointer: found[offset] for pointer, offset in offsets.items()}

    def shown(self, pointers: Iterable[Pointer]) -> dict[Pointer, Excerpt]:
        """The line that each pointer names, with what is meant in it."""
        from errlint.load.excerpts import excerpt

        with no_gc():
            if self._positions is None:
                self._positions = self._index()
            text = self._positions.text
            return {pointer: excerpt(text, offset) for pointer, offset in self._positions.offsets(pointers).items()}

    def location(self, pointer: Pointer) -> Location:
        """The location of one key or array item; ask ``locate`` for many at once."""
        return Location(self.uri, pointer, *self.locate((pointer,))[pointer])

    def source_of(self, pointer: Pointer) -> Location | None:
        """Where in an application's source the thing stands that a pointer names; None where nobody knows."""
        return None

    @property
    def duplicates(self) -> tuple[Duplicate, ...]:
        """The keys that a mapping holds again, in the order of the text. Reads the text once more, when first asked."""
        if self._duplicates is None:
            with no_gc():
                self._duplicates = self._find_duplicates()
        return self._duplicates

    def _index(self) -> Any:
        if self.format == "json":
            return json_.positions(self.text)
        from errlint.load.positions_yaml import YamlPositions  # JSON input never loads a YAML module

        return YamlPositions(self.text.decode(), self.data)

    def _find_duplicates(self) -> tuple[Duplicate, ...]:
        source = self.text.decode()
        if self.format == "json":
            repeated = json_repeats(source) if json_.has_repeats(source) else []
        else:
            repeated = self._yaml_repeats(source)
        found = places(source, [at for _, first, second in repeated for at in (first, second)])
        return tuple(Duplicate(pointer, found[first], found[second]) for pointer, first, second in repeated)

    def _yaml_repeats(self, source: str) -> list[tuple[Pointer, int, int]]:
        from errlint.load import positions_nodes, yaml_, yaml_nodes

        if self._rocks and yaml_.has_no_repeats(self.text):
            return []
        try:
            root, _ = yaml_nodes.compose(source, self.uri)
        except LoadError:  # yamlrocks reads a little that PyYAML refuses
            return []
        return [] if root is None else positions_nodes.repeats(root, source)


@contextmanager
def no_gc() -> Iterator[None]:
    """A block without cyclic garbage collection: it costs a parser up to 60 % of its time and never frees anything."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def read(path: str | os.PathLike[str], uri: str | None = None) -> Document:
    """The document that a file holds; ``uri`` names it in messages, the path as given if None.

    Raises: LoadError for what cannot be opened, is no file, is over 64 MiB, or is neither JSON nor YAML.
    """
    name = os.fspath(path) if uri is None else uri
    where = Location(name, ())
    try:
        with open(path, "rb") as file:
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode) and os.fstat(file.fileno()).st_size > MAX_BYTES:
                raise _too_large(where)
            text = file.read(MAX_BYTES + 1)  # a pipe has no size
    except IsADirectoryError:
        raise LoadError("is a directory, not a file", where) from None
    except OSError as error:
        from errlint.load.nearby import hint_for  # a name that is wrong, not every run

        raise LoadError(f"cannot be read: {error.strerror or error}", where, hint_for(error, path)) from None
    except ValueError as error:
        raise LoadError(f"cannot be read: {error}", where) from None
    if len(text) > MAX_BYTES:
        raise _too_large(where)
    return load(text, name)


def _too_large(where: Location) -> LoadError:
    return LoadError(f"is larger than {MAX_BYTES // 1024 // 1024} MiB", where)


def load(text: bytes, uri: str, *, yaml_loader: str | None = None) -> Document:
    """The document that a text holds, whatever its data: an empty text is None, a text of one word is a str.

    ``yaml_loader`` is "yamlrocks", "pyyaml", or None for the best one installed.
    Raises: LoadError, with the place where it is known.
    """
    with no_gc():
        text = utf8(text, uri)
        notices: tuple[str, ...] = ()
        refusal: LoadError | None = None
        bracketed = _JSON_START.match(text) is not None
        parts = json_.in_parts(text) if bracketed else None
        if parts is not None:
            return Document(uri, text, "json", parts, (), False)
        if bracketed and not json_.is_deep(text):
            source = text.decode()
            try:
                return Document(uri, text, "json", json_.whole(source, uri), (), False)
            except json.JSONDecodeError as error:
                refusal = LoadError(f"not valid JSON: {error.msg}", Location(uri, (), *place(source, error.pos)))
            except RecursionError:
                refusal = LoadError("nested too deeply", Location(uri, ()))
            if uri.lower().endswith(".json"):
                notices = (
                    f"not JSON (line {refusal.location.line if refusal.location else 0}: {refusal.message}), read as YAML",
                )
        return _load_yaml(text, uri, yaml_loader, notices, refusal if _JSON_LOOK.match(text) else None)


def _load_yaml(text: bytes, uri: str, loader: str | None, notices: tuple[str, ...], refusal: LoadError | None) -> Document:
    from errlint.load import yaml_, yaml_nodes  # JSON input never loads a YAML module

    try:
        data, more, rocks = yaml_.parse(text, uri, loader)
    except yaml_nodes.RefusedError:
        raise
    except LoadError as error:
        raise refusal or error from None
    return Document(uri, text, "yaml", data, notices + more, rocks)
