"""Hostile text made harmless: what a terminal or a CI log would obey is shown instead."""

from __future__ import annotations

import re

# C0 and C1 controls, DEL, line separators, zero-width and bidirectional controls (Unicode TR 36, section 3.1)
_HIDDEN = "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ud800-\udfff]"
"""Compiled for the first text that needs it: none of these is printable, and most texts are."""


_LOGGED = r"##(?=\w*\[)"
"""``##[command]``, ``##vso[command]``: GitHub's runner and Azure's agent obey it wherever it stands in a line."""

_LEADING = r"(\s*):(?=:)"
"""``::command::``, which GitHub's runner obeys at the beginning of a line, behind any blanks."""


def visible(text: str) -> str:
    """One line of text without a character that steers a terminal: ``\\n``, ``\\x1b``, ``\\u202e`` are spelled out.

    So is what a CI would take for a command.
    """
    return harmless(text if text.isprintable() else re.sub(_HIDDEN, _spelled, text))


def harmless(line: str) -> str:
    """A line that no CI takes for a command; for lines that were broken after their words were made visible."""
    if "##" in line:
        line = re.sub(_LOGGED, r"#\\x23", line)
    return re.sub(_LEADING, r"\1\\x3a", line, count=1) if line.lstrip()[:2] == "::" and re.match(_LEADING, line) else line


def unheeded(text: str) -> str:
    """JSON whose strings hold nothing that a CI obeys when it is printed; it means the same as before."""
    return re.sub(_LOGGED, r"#\\u0023", text) if "##" in text else text


def _spelled(match: re.Match[str]) -> str:
    character = match.group()
    known = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character)
    if known:
        return known
    return f"\\x{ord(character):02x}" if ord(character) < 256 else f"\\u{ord(character):04x}"
