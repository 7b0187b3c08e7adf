"""YAML comments that ignore: ``# errlint: ignore[COD007, ENV] reason until=2027-01-31``.

At the end of a line it holds for the key or item that begins there and all below it; on a line of its own for the next one.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from errlint.errors import LoadError
from errlint.load.ignore_items import ignore, of_comment
from errlint.load.source import Document, load
from errlint.model.finding import Location
from errlint.model.ignore import Below, Ignore, Misread
from errlint.model.pointer import Pointer

_COMMENT = re.compile(r"(?:(?<=[ \t\n])|\A)#[ \t]*errlint:[ \t]*([^\r\n]*?)(?=[ \t]#[ \t]*errlint:|[\r\n]|\Z)")
_ALONE = re.compile(r"[ \t]*(?:#.*)?\Z")
_BREAK = re.compile(r"\r\n|\r|\n")
_NOTHING = re.compile(r"[ \t]*(?:#.*|---[ \t]*(?:#.*)?|%.*)?\Z")
# Private characters mark the candidates: no text needs all of them.
_MARKS = range(0xE800, 0xE900)


class _Comment(NamedTuple):
    """A comment: its words after ``errlint:``, its line and column, and the line that it speaks of (0: none)."""

    words: str
    line: int
    column: int
    about: int
    first: bool


def comments(document: Document) -> Iterator[Ignore | Misread]:
    """The ignores that the comments of a YAML text make."""
    found = _found(document)
    places = nodes_at(document, {comment.about for comment in found})
    for comment in found:
        where = Location(document.uri, (), comment.line, comment.column)
        below = tuple(Location(document.uri, _holder(pointer)) for pointer in places.get(comment.about, ()))
        scope = Below(below, (Location(document.uri, ()),) if comment.first else ())
        for item in of_comment(comment.words):
            if item is None:
                yield Misread("the comment is not understood: write # errlint: ignore[RULE] reason", where)
            elif not below:
                yield Misread("the comment stands at no key or item", where)
            else:
                yield ignore(item, where, scope)


def _holder(pointer: Pointer) -> Pointer:
    """What a comment at a key is about: at a ``$ref``, the object that it stands for."""
    return pointer[:-1] if pointer and pointer[-1] == "$ref" else pointer


def _found(document: Document) -> list[_Comment]:
    """The real comments that begin with ``errlint:``: not what looks like one inside a scalar."""
    text = document.text.decode()
    matches = list(_COMMENT.finditer(_unified(text)))
    if not matches:
        return []
    inside = _inside(document, text, [match.start() for match in matches])
    lines = _BREAK.split(text)
    following = _following(lines)
    starts = _line_starts(text)
    found, line = [], 0
    for number, match in enumerate(matches):
        while line < len(starts) and starts[line] <= match.start():
            line += 1
        if number in inside:
            continue
        column = match.start() - starts[line - 1] + 1
        about = line if not _ALONE.match(lines[line - 1][: column - 1]) else following[line]
        found.append(_Comment(match[1], line, column, about, about == following[0]))
    return found


def _unified(text: str) -> str:
    """The text with a line feed at every line break, every offset as it was."""
    return text.replace("\r\n", " \n").replace("\r", "\n") if "\r" in text else text


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in _BREAK.finditer(text))]


def _following(lines: list[str]) -> list[int]:
    """For each line, from 0 for the start of the text, the next one that holds more than a comment, 0 where there is none."""
    found = [0] * (len(lines) + 1)
    for number in range(len(lines), 0, -1):
        found[number - 1] = found[number] if _NOTHING.match(lines[number - 1]) else number
    return found


def _inside(document: Document, text: str, offsets: list[int]) -> set[int]:
    """The numbers of those offsets that lie inside a scalar.

    The parser itself decides: each candidate is marked, and the marks that come back as data were no comments.
    """
    mark = next((chr(code) for code in _MARKS if chr(code) not in text), "")
    if not mark:
        return set(range(len(offsets)))
    parts, last = [], 0
    for number, offset in enumerate(offsets):
        parts += [text[last : offset + 1], f"{mark}{number}{mark}"]
        last = offset + 1
    try:
        marked = load("".join((*parts, text[last:])).encode(), document.uri).data
    except LoadError:
        return set(range(len(offsets)))
    pattern = re.compile(f"{mark}([0-9]+){mark}")
    return {int(number) for scalar in _scalars(marked) for number in pattern.findall(scalar)}


def _scalars(data: Any) -> Iterator[str]:
    # An alias stands for what was seen before.
    seen: set[int] = set()
    rest: list[Any] = [data]
    while rest:
        value = rest.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, (dict, list)) and id(value) not in seen:
            seen.add(id(value))
            if isinstance(value, dict):
                yield from value
                rest.extend(value.values())
            else:
                rest.extend(value)


def nodes_at(document: Document, lines: Iterable[int]) -> dict[int, tuple[Pointer, ...]]:
    """The outermost keys and items that begin on each of these lines."""
    found: dict[int, list[Pointer]] = {line: [] for line in lines if line}
    level: list[tuple[Pointer, Any, list[int]]] = [((), document.data, sorted(found))]
    while level:
        inside = [(_children(pointer, value), wanted) for pointer, value, wanted in level]
        # One look-up a level: each reads the whole text.
        places = document.locate([child for children, _ in inside for child in children])
        level = []
        for children, wanted in inside:
            placed = sorted((places[child], child) for child in children)
            starts = [place[0] for place, _ in placed]
            deeper: dict[Pointer, list[int]] = {}
            for line in wanted:
                before, after = bisect_left(starts, line), bisect_right(starts, line)
                found[line].extend(child for _, child in placed[before:after])
                if before:
                    deeper.setdefault(placed[before - 1][1], []).append(line)
            level.extend((child, children[child], lines_inside) for child, lines_inside in deeper.items())
    return {line: tuple(sorted(pointers)) for line, pointers in found.items()}


def _children(pointer: Pointer, value: Any) -> dict[Pointer, Any]:
    if isinstance(value, dict):
        return {(*pointer, key): item for key, item in value.items()}
    if isinstance(value, list):
        return {(*pointer, str(index)): item for index, item in enumerate(value)}
    return {}
