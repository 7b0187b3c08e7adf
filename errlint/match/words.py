"""What may be an error code, and how members and values are called in a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from errlint.match.fit import kind
from errlint.model.claim import json_type
from errlint.model.pointer import Pointer

LONGEST_VALUE = 40
MOST_MEMBERS = 4

WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/#-]{0,63}")
"""A code that is a text: one word."""


def is_code(value: Any) -> bool:
    """Whether a value may be a code: one word, or a whole number."""
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, str) and WORD.fullmatch(value) is not None)


def quoted(value: Any) -> str:
    """A value as a sentence shows it, cut; a text of several words in quotes."""
    told = kind(json_type(value)) if isinstance(value, (dict, list)) else written(value)
    cut = told if len(told) <= LONGEST_VALUE else told[: LONGEST_VALUE - 1] + "…"
    return f'"{cut}"' if isinstance(value, str) and " " in cut else cut


def written(value: Any) -> str:
    """A scalar as a line shows it: a text without quotes, others as JSON."""
    if isinstance(value, str):
        return value
    return {True: "true", False: "false", None: "null"}[value] if value is None or isinstance(value, bool) else str(value)


def named(pointer: Pointer) -> str:
    """A member as a sentence names it: ``error.code``."""
    return ".".join(pointer).replace(".*", "[]") if pointer else "the body"


def listed(found: Sequence[Pointer]) -> str:
    """Members as a sentence names them, those beyond the fourth by their number."""
    words = [named(pointer) for pointer in found]
    more = len(words) - MOST_MEMBERS
    return ", ".join(words[:MOST_MEMBERS]) + (f" and {more} more" if more > 0 else "")
