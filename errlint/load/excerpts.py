"""The line of a text that something stands in, as reports show it."""

from __future__ import annotations

import re
from typing import Any

from errlint.model.finding import Excerpt

BEFORE = 60
"""Letters shown at most in front of what is meant: a minified document is one line."""

LONGEST = 160
"""Letters shown of a line in all."""

_MEANT = re.compile(
    r"""[-?:][ ]+(?=\S) | "(?:[^"\\]|\\.)*" | '(?:[^']|'')*' | /(?:(?!\s*:(?:\s|$)|\s+\#|\s*$)(?:[^,\[\]{}]|\{[^\s,{}]*\}))*
    | [^\s,\[\]{}](?:(?!\s*:(?:\s|$)|\s+\#|\s*$)[^,\[\]{}])*""",
    re.VERBOSE,
)
"""A quoted text, a path with its parameters, or a plain text up to what ends it in YAML or JSON."""

_VALUE = r"""(?x)
    [ \t]*:[ \t]* (?: "(?:[^"\\]|\\.)*" | '(?:[^']|'')*' | [^\s,\[\]{}"'|>&*!%@`\#](?:(?!\s+\#|:\s|\s*$)[^,\[\]{}])* )"""
"""The one value of a key on its own line; a plain text in a block mapping may hold commas and goes on to the line's end."""

_BLOCK = r"[ \t]*:[ \t]+[^\s,\[\]{}\"'|>&*!%@`\#](?:(?!\s+\#|:\s|\s*$).)*"


def excerpt(text: str | bytes, offset: int) -> Excerpt:
    """The line around an offset; offsets in UTF-8 bytes count bytes."""
    source: Any = text
    lf, cr = ("\n", "\r") if isinstance(text, str) else (b"\n", b"\r")
    begin = max(source.rfind(lf, 0, offset), source.rfind(cr, 0, offset)) + 1
    ends = [end for end in (source.find(lf, offset), source.find(cr, offset, offset + 10_000)) if end >= 0]
    before, after = source[begin:offset], source[offset : min(ends, default=len(source))][: 4 * LONGEST]
    if isinstance(before, bytes):
        before, after = before.decode("utf-8", "replace"), after.decode("utf-8", "ignore")
    skipped = max(len(before) - BEFORE, 0) if len(before) + len(after) > LONGEST else 0
    shown = before[skipped:] + after
    start = len(before) - skipped
    line = shown[:LONGEST]
    found = _MEANT.match(line, start)
    stop = found.end() if found else min(start + 1, len(line))
    if found and not found.group().endswith(" "):  # a key: what is wrong is what it says
        stop += _length_of_value(line[stop:], _in_flow(before))
    start = min(start, len(line))
    lost = len(before[:skipped].encode("utf-8", "replace"))
    return Excerpt(line, start, max(stop, start), skipped, len(shown) > LONGEST, lost)


def _in_flow(before: str) -> bool:
    """Whether a key stands in braces or brackets, as far as its line tells."""
    return any(sign in before for sign in "{[,")


def _length_of_value(rest: str, in_flow: bool) -> int:
    """Letters from the end of a key to that of its value on the same line, 0 where it has none there."""
    told = rest.strip()
    if told[:1] != ":" or not told[1:]:
        return 0
    found = None if in_flow else re.match(_BLOCK, rest)
    found = found or re.match(_VALUE, rest)
    return found.end() if found else 0
