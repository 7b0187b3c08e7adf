"""Placeholders in the texts of a recipe: ``${name}`` is a saved value, ``${$uuid}`` a fresh one, ``$${`` a plain ``${``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

PLACEHOLDER = re.compile(r"\$\$\{|\$\{([^{}]*)\}|\$\{")
"""No group: a plain ``${``, or one that is never closed."""

ESCAPED = "$${"

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")

FRESH = re.compile(r"\$(uuid|int|word)(?:\.[A-Za-z0-9_-]+)?")
"""A fresh value: the same one in the whole recipe; a suffix (``${$word.second}``) makes another."""


def names(value: Any) -> Iterator[str]:
    """The names between ``${`` and ``}`` in a value, at any depth; ``${`` where one is never closed."""
    if isinstance(value, str):
        for found in PLACEHOLDER.finditer(value):
            if found.group() != ESCAPED:
                yield "${" if found.group(1) is None else found.group(1)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from names(key)
            yield from names(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from names(item)
