"""Where the keys and items of a TOML text stand: tomllib gives none. Asked for when a config has something to point at."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from errlint.model.pointer import Pointer

_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|\n|[\[\]{}=,.]|[^\s\[\]{}=,.#"\']+',
    re.DOTALL,
)


class TomlPlaces:
    """The (line, column), both from 1, of the tables, keys and items of a valid TOML text, by RFC 6901 pointer."""

    def __init__(self, source: str) -> None:
        self._tokens = list(_tokens(source))
        self._next = 0
        self._found: dict[Pointer, int] = {}
        self._counts: dict[Pointer, int] = {}
        self._read()
        self._lines = [0, *(found.end() for found in re.finditer("\n", source))]

    def of(self, pointer: Pointer) -> tuple[int, int]:
        """The place of what a pointer names, of its nearest ancestor where it has none."""
        while pointer and pointer not in self._found:
            pointer = pointer[:-1]
        offset = self._found.get(pointer, 0)
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def _read(self) -> None:
        table: Pointer = ()
        while self._next < len(self._tokens):
            token, offset = self._tokens[self._next]
            if token == "\n":
                self._next += 1
            elif token == "[":
                table = self._header(offset)
            else:
                self._entry(table)

    def _header(self, offset: int) -> Pointer:
        self._next += 1
        several = self._is("[")
        self._next += several
        table: Pointer = ()
        for name in self._key():
            table = self._latest((*table, name))
            self._found.setdefault(table, offset)
        if several:
            number = self._counts[table] = self._counts.get(table, -1) + 1
            self._found.setdefault(table, offset)
            table = (*table, str(number))
        self._found.setdefault(table, offset)
        self._skip("\n")
        return table

    def _latest(self, table: Pointer) -> Pointer:
        """A table as later headers mean it: of several, the last one."""
        parent = table[:-1]
        return (*parent, str(self._counts[parent]), table[-1]) if parent in self._counts else table

    def _entry(self, table: Pointer) -> None:
        """One ``key = value``; the key may have dots."""
        offset = self._tokens[self._next][1]
        start = self._next
        for name in self._key():
            table = (*table, name)
            self._found.setdefault(table, offset)
        self._next += self._is("=") or self._next == start
        self._value(table)

    def _value(self, at: Pointer) -> None:
        """One value; what is nested deeper than a config ever is gets the place of its ancestor."""
        closing = {"[": "]", "{": "}"}.get(self._token(), "")
        if not closing or len(at) > 20:
            self._skip("\n", ",", "]", "}")
            return
        self._next += 1
        number = 0
        while self._next < len(self._tokens) and not self._is(closing):
            if self._token() in ("\n", ","):
                self._next += 1
            elif closing == "}":
                self._entry(at)
            else:
                start = self._next
                self._found.setdefault((*at, str(number)), self._tokens[start][1])
                self._value((*at, str(number)))
                self._next += self._next == start
                number += 1
        self._next += 1

    def _key(self) -> Iterator[str]:
        while self._next < len(self._tokens) and self._token() not in ("=", "]", "\n"):
            if self._token() != ".":
                yield _name(self._token())
            self._next += 1

    def _skip(self, *ends: str) -> None:
        """Goes on to the next of these that no bracket encloses."""
        depth = 0
        while self._next < len(self._tokens) and (depth or self._token() not in ends):
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(self._token(), 0)
            depth = max(depth, 0)
            self._next += 1

    def _token(self) -> str:
        return self._tokens[self._next][0] if self._next < len(self._tokens) else ""

    def _is(self, token: str) -> bool:
        return self._token() == token


def _tokens(source: str) -> Iterator[tuple[str, int]]:
    for found in _TOKEN.finditer(source):
        if not found[0].startswith("#"):
            yield found[0], found.start()


def _name(token: str) -> str:
    """The name that a key means: it may be quoted."""
    if token[:1] == "'":
        return token[1:-1]
    if token[:1] != '"':
        return token
    if "\\" not in token:
        return token[1:-1]
    from tomllib import TOMLDecodeError, loads

    try:
        return str(next(iter(loads(f"{token} = 0"))))
    except TOMLDecodeError:
        return token
