"""A rule's card for people: what, why, what to do, and one example that it reports."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from typing import Any

from errlint.checks.registry import Rule

WIDTH = 100
LEAST = 40
INDENT = 14
"""Columns before a text."""


def described(rule: Rule, card: dict[str, Any], width: int = 0) -> str:
    """The card as text of at most 100 columns, or of as many as a narrower terminal has (0: there is none)."""
    room = max(min(width or WIDTH, WIDTH), LEAST) - INDENT
    return "\n".join(_lines(rule, card, room)) + "\n"


def _lines(rule: Rule, card: dict[str, Any], room: int) -> Iterator[str]:
    yield f"{rule.id} {rule.name}"
    yield f"  {card.get('summary', '')}"
    level = str(rule.severity) if rule.alone == rule.severity else f"{rule.severity} with a catalog, {rule.alone} without"
    yield f"  severity    {level}"
    since = "".join(f"; {one['version']}: {one['what']}" for one in card.get("changed", ()))
    yield from _wrapped("since", f"{card.get('since', '')}{since}{' (preview)' if rule.preview else ''}", room)
    for label, key in (("why", "why"), ("fix", "fix")):
        yield from _wrapped(label, str(card.get(key, "")), room)
    for example in card.get("bad", [])[:1]:
        yield from _wrapped("reports", str(example.get("says", "")), room)
        yield from _wrapped("after", str(example["old"]), room) if "old" in example else ()
        yield from _wrapped("over", _witness(example), room)
    for label, key in (("see", "references"), ("supersedes", "supersedes")):
        for text in card.get(key, []):
            yield from _wrapped(label, str(text), room)


def _witness(example: dict[str, Any]) -> str:
    if "yaml" in example:
        return str(example["yaml"])
    shown = {key: value for key, value in example.items() if key not in ("says", "at", "severity", "select", "note", "catalog")}
    return json.dumps(shown, ensure_ascii=False)


def _wrapped(label: str, text: str, room: int) -> Iterator[str]:
    lines = [piece for line in text.splitlines() for piece in textwrap.wrap(line, room, drop_whitespace=False) or [""]]
    for index, line in enumerate(lines):
        yield (f"  {label:<12}" if index == 0 else " " * INDENT) + line
