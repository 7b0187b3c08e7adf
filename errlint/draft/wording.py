"""What several messages of one error have in common: a template, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from errlint.load.dialect import kind_of

TOKEN = re.compile(r"\s+|[\"'`:;,()\[\]]|[^\s\"'`:;,()\[\]]+")
WORD = re.compile(r"\w")
LONGEST = 2_000
PREFIX = 12
"""Characters that messages must have in common at their start where nothing else is."""

GAP = "{value}"


def wording(texts: Iterable[str], given: Iterable[str] = ()) -> Any:
    """The ``message`` of format 1 that all of these texts fit; None where they have too little in common.

    ``given`` are values that the requests held (ids in their paths): where a text repeats one, a gap stands in its place.
    """
    distinct = list(dict.fromkeys(text for text in texts if text.strip()))
    if not distinct or any(len(text) > LONGEST for text in distinct):
        return None
    values = sorted({value for value in given if len(value) > 1 or value.isdigit()}, key=len, reverse=True)
    made = list(dict.fromkeys(_without(text, values) for text in distinct))
    while len(made) > 1 and (both := _common(made[0], made[1])) is not None:
        made[:2] = [both]
    if len(made) == 1:
        return _written(made[0], distinct[0])
    return _start(distinct)


def _without(text: str, values: Sequence[str]) -> str:
    """The text with a gap where a given value stands as a word of its own."""
    if "{" in text or "%" in text:
        return text
    for value in values:
        text = re.sub(rf"(?<![\w-]){re.escape(value)}(?![\w-])", lambda _: GAP, text)
    return text


def _common(one: str, other: str) -> str | None:
    """Two texts as one template, a gap for each word that differs; None where most of it does."""
    if any("%" in text or "{" in text.replace(GAP, "") for text in (one, other)):
        return None
    first, second = TOKEN.findall(one), TOKEN.findall(other)
    if len(first) != len(second):
        return None
    both = [token if token == twin else GAP for token, twin in zip(first, second, strict=True)]
    words = [token for token in both if token == GAP or WORD.search(token)]
    return "".join(both) if sum(token != GAP for token in words) * 2 > len(words) else None


def _written(template: str, example: str) -> Any:
    if GAP in template:
        return {"braces": template, "example": example}
    return template if kind_of(template) == "literal" else {"literal": template}


def _start(texts: Sequence[str]) -> Any:
    first, last = min(texts), max(texts)  # in order, so that what these two share is shared by all
    same = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    start = re.sub(r"\S*$", "", first[:same])
    return {"prefix": start.rstrip(), "example": texts[0]} if len(start.rstrip()) >= PREFIX else None
