"""A large JSON text as data whose parts are decoded when they are first read: a linter reads a third of them.

One pass checks the whole text and cuts it into pieces, three levels deep. A piece that nobody reads costs nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from msgspec import Raw

LARGEST_WHOLE = 64 * 1024
"""Bytes; an object in the second level up to this size is decoded at once when it is read, into a plain dict."""


class LazyObject(dict[str, Any]):
    """An object that decodes each member when it is first read. It reads like any dict, and never shows what is undecoded.

    Code in C that takes a dict's members without asking it (``jsonschema_rs``) must get ``json_.plain`` data.
    """

    __slots__ = ()

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        if value.__class__ in _UNREAD:
            value = _read(value)
            super().__setitem__(key, value)
        return value

    def __iter__(self) -> Iterator[str]:
        # Not dict's own: so dict(x), {**x} and update() copy through keys() and [], not behind their back.
        return super().__iter__()

    def get(self, key: str, default: Any = None) -> Any:
        try:
            return self[key]
        except KeyError:
            return default

    def items(self) -> Any:
        self._read_all()
        return super().items()

    def values(self) -> Any:
        self._read_all()
        return super().values()

    def copy(self) -> dict[str, Any]:
        return dict(self)

    def pop(self, key: str, *default: Any) -> Any:
        self.get(key)
        return super().pop(key, *default)

    def popitem(self) -> tuple[str, Any]:
        self._read_all()
        return super().popitem()

    def setdefault(self, key: str, default: Any = None) -> Any:
        return self[key] if key in self else super().setdefault(key, default)

    def __eq__(self, other: object) -> bool:
        return dict(self) == (dict(other) if isinstance(other, LazyObject) else other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __or__(self, other: Any) -> Any:
        return dict(self) | other

    def __ror__(self, other: Any) -> Any:
        return other | dict(self)

    def __repr__(self) -> str:
        return repr(dict(self))

    def __reduce_ex__(self, _protocol: Any) -> Any:
        return dict, (dict(self),)

    def _read_all(self) -> None:
        for key in self:
            self[key]


class _Unread(NamedTuple):
    """An object of the second level that nobody has read, as its undecoded members."""

    members: dict[str, Raw]


_UNREAD = frozenset((Raw, _Unread))


def load(text: bytes) -> dict[str, Any] | None:
    """The object that a JSON text (UTF-8) holds, equal to what ``json.loads`` gives; None where that must be asked itself.

    None is the answer to all that is no JSON object, and to what the two parsers read differently at the top: half a
    surrogate pair, a number beyond a double's range.
    """
    try:
        top: dict[str, Any] = _decoders().top.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return None
    return {key: _section(value) if value.__class__ is dict else value for key, value in top.items()}


def _section(members: dict[str, Any]) -> dict[str, Any]:
    """An object of the first level; it is decoded at once where it is small."""
    objects = [member for member in members.values() if member.__class__ is dict]
    if sum(len(raw) for each in objects for raw in each.values()) <= LARGEST_WHOLE:
        return {key: _object(member) if member.__class__ is dict else member for key, member in members.items()}
    return LazyObject({key: _Unread(member) if member.__class__ is dict else member for key, member in members.items()})


def _object(members: dict[str, Raw]) -> dict[str, Any]:
    if sum(map(len, members.values())) > LARGEST_WHOLE:
        return LazyObject(members)
    return {key: _value(raw) for key, raw in members.items()}


def _read(unread: Any) -> Any:
    return _value(unread) if unread.__class__ is Raw else _object(unread.members)


def _value(raw: Raw) -> Any:
    try:
        return _decoders().whole.decode(raw)
    except (msgspec.MsgspecError, RecursionError):  # a number beyond a double's range, which the first pass lets pass
        import json

        return json.loads(bytes(raw).decode())


class _Decoders(NamedTuple):
    top: msgspec.json.Decoder[Any]
    whole: msgspec.json.Decoder[Any]


@lru_cache(maxsize=1)
def _decoders() -> _Decoders:
    scalar = str | int | float | bool | None
    second = dict[str, Raw] | list[Any] | scalar
    first = dict[str, second] | list[Any] | scalar
    return _Decoders(msgspec.json.Decoder(dict[str, first]), msgspec.json.Decoder())
