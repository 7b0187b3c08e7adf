"""Suggestions and fixes of reports, applied to texts as their readers do it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import pairwise
from typing import Any


def of_rdjson(text: str) -> dict[str, list[tuple[tuple[int, int], tuple[int, int], str]]]:
    """The suggestions by path: from and to as (line, byte column), and the new text."""
    found: dict[str, list[Any]] = {}
    for one in json.loads(text)["diagnostics"]:
        for suggestion in one.get("suggestions", ()):
            ends = [(spot["line"], spot["column"]) for spot in (suggestion["range"]["start"], suggestion["range"]["end"])]
            found.setdefault(one["location"]["path"], []).append((*ends, suggestion["text"]))
    return found


def of_sarif(text: str) -> dict[str, list[tuple[tuple[int, int], tuple[int, int], str]]]:
    """The replacements by uri: from and to as (line, column in letters), and the new text."""
    found: dict[str, list[Any]] = {}
    for result in json.loads(text)["runs"][0]["results"]:
        for change in (change for fix in result.get("fixes", ()) for change in fix["artifactChanges"]):
            for one in change["replacements"]:
                region = one["deletedRegion"]
                ends = (region["startLine"], region["startColumn"]), (region["endLine"], region["endColumn"])
                found.setdefault(change["artifactLocation"]["uri"], []).append((*ends, one["insertedContent"]["text"]))
    return found


def applied(text: Any, changes: Iterable[tuple[tuple[int, int], tuple[int, int], str]]) -> Any:
    """A text (or its bytes) with changes whose columns count its letters (or its bytes)."""
    lines = text.splitlines(keepends=True) if isinstance(text, bytes) else text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + (0 if isinstance(text, bytes) else 1))
    spans = sorted((starts[a[0] - 1] + a[1] - 1, starts[b[0] - 1] + b[1] - 1, new) for a, b, new in changes)
    for (_, end, _), (start, _, _) in pairwise(spans):
        assert end <= start, "two changes overlap"
    for start, end, new in reversed(spans):
        text = text[:start] + (new.encode() if isinstance(text, bytes) else new) + text[end:]
    return text
