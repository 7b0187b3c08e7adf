"""Texts of a catalog inside other languages: nothing that a catalog says ends a literal, a comment or a cell."""

from __future__ import annotations

import json
import re
from typing import Any

from errlint.report.visible import visible

STEERING = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufffe\uffff\ud800-\udfff]")
"""What JSON leaves as it is and a screen obeys (bidirectional and zero-width controls), or what ends a line of JavaScript."""


def escaped(text: str) -> str:
    """JSON text with ``\\u`` escapes for what steers a screen: it stands in strings only, so that the data stays the same."""
    return STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def js(value: Any) -> str:
    """A value as JSON that is JavaScript and TypeScript as well, also inside of a ``<script>``."""
    return escaped(json.dumps(value, ensure_ascii=False)).replace("<", "\\u003c").replace("-->", "--\\u003e")


def py(value: Any) -> str:
    """A JSON value as a Python literal on one line; what does not print is escaped."""
    if isinstance(value, str):
        return _double(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{py(key)}: {py(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(py, value)) + "]"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(py, value)) + ("," if len(value) == 1 else "") + ")"
    if isinstance(value, float) and value - value != 0:
        return f'float("{value!r}")'
    return repr(value)


def _double(text: str) -> str:
    """A Python string in double quotes where that needs no escapes, as formatters write it."""
    shown = repr(text)
    if shown[0] == "'" and '"' not in text and "\\'" not in shown:
        return f'"{shown[1:-1]}"'
    return shown


def comment(text: str) -> str:
    """One line for a comment of any language: no line break, no control, no ``*/``."""
    return visible(" ".join(text.split())).replace("*/", "* /").replace("<", "‹").replace(">", "›")
