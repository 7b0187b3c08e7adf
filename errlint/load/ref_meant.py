"""The pointer that a broken reference probably meant."""

from __future__ import annotations

from typing import Any

from errlint.model.pointer import Pointer, get

MOST_NAMES = 2000
LONGEST_NAME = 200

_HOMES: tuple[Pointer, ...] = (
    ("components", "schemas"),
    ("components", "responses"),
    ("components", "examples"),
    ("components", "parameters"),
    ("components", "requestBodies"),
    ("definitions",),
    ("responses",),
    ("parameters",),
    ("$defs",),
)


def closest(data: Any, pointer: Pointer, depth: int) -> Pointer | None:
    """A pointer that exists and was probably meant: one token spelled otherwise, else the same name in another section."""
    from difflib import get_close_matches  # needed for a broken reference only

    above = pointer[:depth]
    parent = get(data, above) if _exists(data, above) else None
    names = list(parent)[:MOST_NAMES] if isinstance(parent, dict) else []
    close = get_close_matches(pointer[depth], names) if len(pointer[depth]) <= LONGEST_NAME else []
    near = [(*above, name, *pointer[depth + 1 :]) for name in close]
    elsewhere = [(*home, pointer[-1]) for home in _HOMES]
    return next((candidate for candidate in near + elsewhere if _exists(data, candidate)), None)


def _exists(data: Any, pointer: Pointer) -> bool:
    try:
        get(data, pointer)
    except (KeyError, ValueError):
        return False
    return True
