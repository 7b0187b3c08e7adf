"""Hostile text made harmless: what a terminal or a CI log would obey is shown instead."""

from __future__ import annotations

import re

# C0 and C1 controls, DEL, line separators, zero-width and bidirectional controls (Unicode TR 36, section 3.1)
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ud800-\udfff]")


def visible(text: str) -> str:
    """One line of text without a character that steers a terminal: ``\\n``, ``\\x1b``, ``\\u202e`` are spelled out."""
    return _HIDDEN.sub(_spelled, text)


def _spelled(match: re.Match[str]) -> str:
    character = match.group()
    known = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character)
    if known:
        return known
    return f"\\x{ord(character):02x}" if ord(character) < 256 else f"\\u{ord(character):04x}"
