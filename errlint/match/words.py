"""What may be an error code."""

from __future__ import annotations

import re
from typing import Any

WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/#-]{0,63}")
"""A code that is a text: one word."""


def is_code(value: Any) -> bool:
    """Whether a value may be a code: one word, or a whole number."""
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, str) and WORD.fullmatch(value) is not None)
