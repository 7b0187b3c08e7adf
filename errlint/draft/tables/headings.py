"""Categories from the headings above tables: ``Models ML_1000-1099`` is a title and a range of codes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

RANGE = re.compile(r"(?P<head>.*?)(?P<first>\d{2,12})\s*(?:-|–|—|~|to|\.\.+|…)\s*(?P<again>[^\d\s]*)(?P<last>\d{2,12})\s*\)?")
NUMBER = re.compile(r"\d+$")


def category(heading: str, codes: Sequence[str]) -> tuple[str, dict[str, Any]] | None:
    """The id and the category that a heading with a range of codes describes, None for any other heading.

    The codes of the table tell what of the heading is their prefix: ``ServingML_1200-1299`` is Serving and ``ML_``.
    """
    found = RANGE.fullmatch(heading.strip()) if len(heading) <= 200 else None
    if found is None or not codes:
        return None
    prefix = NUMBER.sub("", _common(codes))
    head = found["head"].strip()
    first, last = int(found["first"]), int(found["last"])
    if first >= last or not head.endswith(prefix) or found["again"] not in ("", prefix):
        return None
    title = head[: len(head) - len(prefix)].strip(" \t(:-–—[")
    return (slug(title), {"title": title, **({"prefix": prefix} if prefix else {}), "range": [first, last]}) if title else None


def slug(title: str) -> str:
    """The id that a title gives: ``Inference & Serving`` is ``inference``, ``Feature Store`` is ``feature-store``."""
    first = re.split(r"\s(?:&|and|/|\+)\s", title, maxsplit=1)[0]
    word = re.sub(r"[^a-z0-9]+", "-", first.lower()).strip("-")
    return word if word[:1].isalpha() else f"category-{word}".strip("-")


def _common(texts: Sequence[str]) -> str:
    """What all texts start with."""
    first, last = min(texts), max(texts)  # in order, so that what these two share is shared by all
    return next((first[:at] for at, char in enumerate(first) if last[at : at + 1] != char), first)
