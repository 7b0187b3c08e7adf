"""A JSON or YAML text as plain data at once, and the line and column of anything in it on demand."""

from __future__ import annotations

import gc
import json
import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, NoReturn

from errlint.errors import LoadError
from errlint.load.lines import place, places
from errlint.load.positions_json import JsonPositions
from errlint.load.positions_json import repeats as json_repeats
from errlint.model.finding import Location
from errlint.model.pointer import Pointer

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 200

_JSON_START = re.compile(rb"[ \t\r\n]*[{\[]")
_JSON_LOOK = re.compile(rb'[ \t\r\n]*(?:\{[ \t\r\n]*["}]|\[[ \t\r\n]*["{\[\]0-9tfn\-])')
_CONSTANT = re.compile(r'"(?:[^"\\]|\\.)*"|(-?Infinity|NaN)', re.DOTALL)
_LONG_NUMBER = re.compile(r'"(?:[^"\\]|\\.)*"|(-?[0-9]{640,})', re.DOTALL)
_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_STRING = re.compile(rb'"[^"]*"?')
_NO_BRACKETS = bytes(set(range(256)) - set(b'"[]{}'))
_AS_BRACES = bytes.maketrans(b"[]", b"{}")

# The longest first: UTF-32's mark starts with UTF-16's.
_MARKS = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


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
        with no_gc():
            source = self.text.decode()
            if self._positions is None:
                self._positions = self._index(source)
            offsets = self._positions.offsets(pointers)
            found = places(source, offsets.values())
        return {pointer: found[offset] for pointer, offset in offsets.items()}

    def location(self, pointer: Pointer) -> Location:
        """The location of one key or array item; ask ``locate`` for many at once."""
        return Location(self.uri, pointer, *self.locate((pointer,))[pointer])

    @property
    def duplicates(self) -> tuple[Duplicate, ...]:
        """The keys that a mapping holds again, in the order of the text. Reads the text once more, when first asked."""
        if self._duplicates is None:
            with no_gc():
                self._duplicates = self._find_duplicates()
        return self._duplicates

    def _index(self, source: str) -> Any:
        if self.format == "json":
            return JsonPositions(source)
        from errlint.load.positions_yaml import YamlPositions  # JSON input never loads a YAML module

        return YamlPositions(source, self.data)

    def _find_duplicates(self) -> tuple[Duplicate, ...]:
        source = self.text.decode()
        if self.format == "json":
            repeated = json_repeats(source) if _has_repeats(source) else []
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
        raise LoadError(f"cannot be read: {error.strerror or error}", where) from None
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
        text, source = _decode(text, uri)
        notices: tuple[str, ...] = ()
        refusal: LoadError | None = None
        if _JSON_START.match(text) and not _is_deep(text):
            try:
                return Document(uri, text, "json", _load_json(source, uri), (), False)
            except json.JSONDecodeError as error:
                refusal = LoadError(f"not valid JSON: {error.msg}", Location(uri, (), *place(source, error.pos)))
            except RecursionError:
                refusal = LoadError("nested too deeply", Location(uri, ()))
            if uri.lower().endswith(".json"):
                notices = (
                    f"not JSON (line {refusal.location.line if refusal.location else 0}: {refusal.message}), read as YAML",
                )
        return _load_yaml(text, source, uri, yaml_loader, notices, refusal if _JSON_LOOK.match(text) else None)


def _load_yaml(
    text: bytes, source: str, uri: str, loader: str | None, notices: tuple[str, ...], refusal: LoadError | None
) -> Document:
    from errlint.load import yaml_, yaml_nodes  # JSON input never loads a YAML module

    try:
        data, more, rocks = yaml_.parse(text, source, uri, loader)
    except yaml_nodes.RefusedError:
        raise
    except LoadError as error:
        raise refusal or error from None
    return Document(uri, text, "yaml", data, notices + more, rocks)


def _decode(text: bytes, uri: str) -> tuple[bytes, str]:
    """The text as UTF-8 without a byte order mark, and decoded. Raises: LoadError for what is no text."""
    for mark, encoding in _MARKS:
        if text.startswith(mark):
            try:
                source = text.decode(encoding)
            except UnicodeDecodeError as error:
                raise LoadError(f"starts as {encoding.upper()} but is not: {error.reason}", Location(uri, ())) from None
            return _refuse_nul(source.encode(errors="replace"), source, uri)
    text = text.removeprefix(b"\xef\xbb\xbf")
    try:
        source = text.decode()
    except UnicodeDecodeError as error:
        if b"\0" in text:
            raise _not_text(text[: text.index(b"\0")].decode(errors="replace"), uri) from None
        before = text[: error.start].decode()
        where = Location(uri, (), *place(before, len(before)))
        raise LoadError(f"is not UTF-8: byte 0x{text[error.start]:02X}", where, "save the file as UTF-8") from None
    return _refuse_nul(text, source, uri)


def _refuse_nul(text: bytes, source: str, uri: str) -> tuple[bytes, str]:
    if "\0" in source:
        raise _not_text(source[: source.index("\0")], uri)
    return text, source


def _not_text(before: str, uri: str) -> LoadError:
    return LoadError("is not text: it holds a NUL byte", Location(uri, (), *place(before, len(before))))


def _is_deep(text: bytes) -> bool:
    """Whether brackets nest deeper than 200 levels, counted outside double quotes; exact for JSON.

    Removing ``{}`` again and again takes one level off at a time. What is deep goes to the YAML parser, whose limit is
    exact for its own quotes and comments as well, and which names the place.
    """
    if len(text) <= MAX_DEPTH:
        return False
    if b"\\" in text:
        text = _ESCAPE.sub(b"", text)
    brackets = _STRING.sub(b"", text.translate(_AS_BRACES, _NO_BRACKETS).replace(b'""', b""))
    if brackets.count(b"{") <= MAX_DEPTH:
        return False
    for _ in range(MAX_DEPTH):
        shorter = brackets.replace(b"{}", b"")
        if len(shorter) == len(brackets):
            # Only brackets that nothing closes are left, after those that nothing opened.
            return brackets.count(b"{") > MAX_DEPTH
        brackets = shorter
    return bool(brackets)


def _load_json(source: str, uri: str) -> Any:
    """The data of a JSON text (RFC 8259).

    Raises: JSONDecodeError, RecursionError; LoadError for NaN and Infinity, which RFC 8259 forbids, and for huge integers.
    """

    def refuse(constant: str) -> NoReturn:
        raise LoadError(f"{constant} is no JSON number", _find(source, _CONSTANT, uri))

    try:
        return json.loads(source, parse_constant=refuse)
    except json.JSONDecodeError:
        raise
    except ValueError:  # sys.get_int_max_str_digits
        raise LoadError("a number has too many digits", _find(source, _LONG_NUMBER, uri)) from None


def _find(source: str, pattern: re.Pattern[str], uri: str) -> Location:
    """The place of the pattern's first group; its other alternative skips strings."""
    at = next((match.start(1) for match in pattern.finditer(source) if match[1]), 0)
    return Location(uri, (), *place(source, at))


def _has_repeats(source: str) -> bool:
    """Whether an object of a JSON text holds a key twice."""
    repeated = False

    def note(pairs: list[tuple[str, Any]]) -> None:
        nonlocal repeated
        repeated = repeated or len(dict(pairs)) != len(pairs)

    json.loads(source, object_pairs_hook=note)
    return repeated
