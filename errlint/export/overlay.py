"""``--to overlay``: an OpenAPI Overlay 1.0.0 document that does to a SPEC what ``--to openapi`` does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any
from urllib.parse import quote, urlsplit

from errlint.errors import LoadError
from errlint.model.catalog import Catalog
from errlint.model.finding import Location
from errlint.model.fix import AddMember, Edit, Remove, SetValue
from errlint.model.pointer import Pointer


def overlay(catalog: Catalog, into: str, data: Any, edits: Iterable[Edit]) -> dict[str, Any]:
    """The overlay whose actions, one after the other, make the edits of a document (its ``data``).

    An ``update`` merges objects, so that a value that stands is removed before another takes its place. Raises: LoadError.
    """
    found: dict[str, Any] = {
        "overlay": "1.0.0",
        "info": {"title": f"Errors of {catalog.title or catalog.service}", "version": catalog.version or "0"},
    }
    reference = _reference(into)
    if reference:
        found["extends"] = reference
    try:
        return {**found, "actions": list(_joined(_actions(data, edits)))}
    except (ValueError, IndexError):
        raise LoadError("cannot be changed: a list stands where an object should", Location(into, ())) from None


def _reference(into: str) -> str:
    """How the overlay names its document: a URL, or a path below the folder that it is written from."""
    if urlsplit(into).scheme in ("http", "https"):
        return into
    path = PurePath(into)
    return "" if path.is_absolute() or into == "-" else quote(path.as_posix())


def _actions(data: Any, edits: Iterable[Edit]) -> Iterator[dict[str, Any]]:
    for edit in edits:
        if isinstance(edit, AddMember):
            yield {"target": jsonpath(data, edit.at.pointer), "update": {edit.key: edit.value}}
        elif isinstance(edit, (Remove, SetValue)):
            yield {"target": jsonpath(data, edit.at.pointer), "remove": True}
            if isinstance(edit, SetValue):
                yield {"target": jsonpath(data, edit.at.pointer[:-1]), "update": {edit.at.pointer[-1]: edit.value}}


def _joined(actions: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The actions, with neighbours that add members to one object as one."""
    held: dict[str, Any] | None = None
    for action in actions:
        if held is not None and "update" in action and held["target"] == action["target"] and "update" in held:
            held = {**held, "update": {**held["update"], **action["update"]}}
            continue
        if held is not None:
            yield held
        held = action
    if held is not None:
        yield held


def jsonpath(data: Any, pointer: Pointer) -> str:
    """The normalized path (RFC 9535 section 2.7) of a place in a document.

    Raises: ValueError, IndexError for an array without such an element.
    """
    path, here = "$", data
    for token in pointer:
        if isinstance(here, list):
            path += f"[{int(token)}]"
            here = here[int(token)]
        else:
            path += f"['{_name(token)}']"
            here = here.get(token) if isinstance(here, dict) else None
    return path


_ESCAPES = {"'": "\\'", "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _name(token: str) -> str:
    return "".join(_ESCAPES.get(sign) or (sign if sign >= " " else f"\\u{ord(sign):04x}") for sign in str(token))
