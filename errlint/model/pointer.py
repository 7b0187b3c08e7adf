"""JSON Pointers (RFC 6901) as tuples of unescaped tokens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Pointer = tuple[str, ...]


def parse(text: str) -> Pointer:
    """The tokens of an RFC 6901 pointer, unescaped: ``/paths/~1models`` is ``("paths", "/models")``."""
    if text == "":
        return ()
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in text[1:].split("/"))


def text(pointer: Pointer) -> str:
    """The RFC 6901 text of a pointer; the empty string is the whole document."""
    return "".join("/" + token.replace("~", "~0").replace("/", "~1") for token in pointer)


def step(value: Any, token: str) -> Any:
    """The member or element that one token names. Raises: KeyError where there is none."""
    if isinstance(value, dict):
        return value[token]
    if isinstance(value, list) and token.isascii() and token.isdigit() and int(token) < len(value):
        return value[int(token)]
    raise KeyError(token)


def get(value: Any, pointer: Pointer) -> Any:
    """The value at a pointer. Raises: KeyError where there is none."""
    for token in pointer:
        value = step(value, token)
    return value


def walk(value: Any, pointer: Pointer, at: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    """Every (pointer, value) that a pattern reaches; a whole token ``*`` walks an array or the members of an object."""
    if not pointer:
        yield at, value
        return
    token, rest = pointer[0], pointer[1:]
    if token == "*":
        items: list[tuple[str, Any]] = []
        if isinstance(value, list):
            items = [(str(index), item) for index, item in enumerate(value)]
        elif isinstance(value, dict):
            items = list(value.items())
        for key, item in items:
            yield from walk(item, rest, (*at, str(key)))
        return
    try:
        item = step(value, token)
    except KeyError:
        return
    yield from walk(item, rest, (*at, token))
