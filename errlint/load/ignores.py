"""The ignores that a document holds: ``x-errlint: {ignore: [...]}`` at any object, and YAML comments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from errlint.load.ignore_items import ignore
from errlint.load.nodes import named
from errlint.load.source import Document
from errlint.model.finding import Location
from errlint.model.ignore import Below, Ignore, Misread
from errlint.model.pointer import Pointer

KEY = "x-errlint"
MOST = 10_000
"""Ignores that are read of one document: a file full of them accepts anything."""

# An annotation is an ignore where both words stand in the text; else the document is not walked.
_HINTS = (b"x-errlint", b"ignore")
# Members of these objects have names of the author's choice: one called x-errlint is no annotation.
_NAMES = frozenset(("properties", "patternProperties", "dependentSchemas", "$defs", "definitions"))


def read_ignores(document: Document) -> tuple[tuple[Ignore, ...], tuple[Misread, ...]]:
    """The ignores of a document, and what was meant as one and cannot be followed.

    A text without the words is not walked, however large it is.
    """
    found: list[Ignore | Misread] = []
    if all(hint in document.text for hint in _HINTS):
        found.extend(_annotations(document))
    if document.format == "yaml" and b"errlint:" in document.text:
        from errlint.load.ignore_comments import comments  # few documents have any

        found.extend(comments(document))
    ignores = [one for one in found if isinstance(one, Ignore)]
    misread = [one for one in found if isinstance(one, Misread)][:MOST]
    if len(ignores) > MOST:
        misread.append(Misread(f"the document has more than {MOST:,} ignores, the others are not read", ignores[MOST].where))
    return tuple(ignores[:MOST]), tuple(misread)


def _annotations(document: Document) -> Iterator[Ignore | Misread]:
    # A value that YAML aliases put in many places is walked in each: the parser bounds how much that can be.
    rest: list[tuple[Pointer, Any]] = [((), document.data)]
    while rest:
        pointer, value = rest.pop()
        if not isinstance(value, (dict, list)):
            continue
        if isinstance(value, list):
            rest.extend(((*pointer, str(index)), item) for index, item in reversed(list(enumerate(value))))
            continue
        if KEY in value and not (pointer and pointer[-1] in _NAMES and isinstance(value[KEY], dict) and "type" in value[KEY]):
            yield from _annotation(Location(document.uri, pointer), value[KEY])
        rest.extend(((*pointer, key), item) for key, item in reversed(list(value.items())) if key != KEY)


def _annotation(holder: Location, value: Any) -> Iterator[Ignore | Misread]:
    at = Location(holder.uri, (*holder.pointer, KEY))
    if not isinstance(value, dict):
        yield Misread(f"x-errlint must be an object, not {named(value)}", at)
        return
    if "ignore" not in value:
        return
    at = Location(at.uri, (*at.pointer, "ignore"))
    items = value["ignore"]
    if not isinstance(items, list):
        yield Misread(f"ignore must be an array of objects, not {named(items)}", at)
        return
    for index, item in enumerate(items):
        yield ignore(item, Location(at.uri, (*at.pointer, str(index))), Below((holder,)))
