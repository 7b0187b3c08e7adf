"""A document with changes as text: in place of its bytes where that can be proved, else written anew."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import Any

import yaml

from errlint.errors import LoadError
from errlint.export.yaml_ import yaml_text
from errlint.fixes.edits import Workspace
from errlint.load.source import Document
from errlint.model.finding import Location
from errlint.model.fix import AddMember, Edit, Fix, Remove, SetValue


def written(document: Document, edits: Sequence[Edit]) -> tuple[bytes, str]:
    """(the new text as UTF-8, why it was written anew, empty where all that nobody asked to change stays as it was).

    Raises: LoadError for a document that cannot be changed so.
    """
    if not edits:
        return document.text, ""
    why = ""
    for attempt in (tuple(edits), tuple(_replaced(edits))):
        workspace = Workspace({document.uri: document})
        told = workspace.make([Fix("export", attempt)])[0]
        if told is None:
            return workspace.texts().get(document.uri, document.text), ""
        why = why or told
    try:
        return _anew(document, edits), why
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError, yaml.YAMLError):
        raise LoadError(f"cannot be changed: {why}", Location(document.uri, ())) from None


def _anew(document: Document, edits: Sequence[Edit]) -> bytes:
    data = applied(document.data, edits)
    if document.format == "json":
        return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
    return yaml_text(data).encode()


def _replaced(edits: Iterable[Edit]) -> Iterable[Edit]:
    """The edits with each new value as a removal and an addition, which comments inside of the old one do not forbid."""
    for edit in edits:
        if isinstance(edit, SetValue):
            yield Remove(edit.at)
            yield AddMember(Location(edit.at.uri, edit.at.pointer[:-1]), edit.at.pointer[-1], edit.value)
        else:
            yield edit


def applied(data: Any, edits: Iterable[Edit]) -> Any:
    """The data with the edits made. Raises: KeyError, IndexError, TypeError for a place that is not there."""
    new = deepcopy(data)
    for edit in edits:
        above = new
        inner = edit.at.pointer if isinstance(edit, AddMember) else edit.at.pointer[:-1]
        for token in inner:
            above = above[int(token)] if isinstance(above, list) else above[token]
        if isinstance(edit, AddMember):
            above[edit.key] = deepcopy(edit.value)
        elif isinstance(edit, SetValue):
            above[edit.at.pointer[-1]] = deepcopy(edit.value)
        elif isinstance(edit, Remove):
            del above[edit.at.pointer[-1]]
    return new
