"""Bodies inside a text: JSON, a part of a JSON object without its braces, or what Python prints of one."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

LONGEST = 20_000
MEMBER = re.compile(
    r"""\s*(?P<quote>["'“”]?)(?P<name>[A-Za-z_][\w.-]*)(?P=quote)\s*:\s*(?P<value>"(?:[^"\\]|\\.)*"|[^,"\s][^,"]*)"""
)
NUMBER = re.compile(r"-?\d{1,15}")
WORDS = {"true": True, "false": False, "null": None, "True": True, "False": False, "None": None}


def body(text: str) -> Mapping[str, Any] | None:
    """The object that a cell holds, whole or as its members alone; None where the text is something else.

    Members need no quotes: ``"error_msg":"Backend timeout",error_code:APIG.0203`` is a body of two members.
    """
    text = text.strip()
    if len(text) > LONGEST or ":" not in text or text[:1] not in "{\"'“":
        return None
    whole = text if text.startswith("{") else "{" + text.rstrip(",") + "}"
    found = _json(whole)
    if found is None:
        found = _python(whole)
    if found is None and not text.startswith("{"):
        found = _members(text)
    return found if isinstance(found, dict) and found else None


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _python(text: str) -> Any:
    """What Python's ``repr`` wrote, where all of it are literals."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes in the page's texts
            return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def _members(text: str) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    at = 0
    while at < len(text):
        match = MEMBER.match(text, at)
        if match is None:
            return None
        found[match["name"]] = _value(match["value"].strip())
        at = match.end()
        rest = re.compile(r"\s*(?:,|$)").match(text, at)
        if rest is None:
            return None
        at = rest.end()
    return found


def _value(text: str) -> Any:
    if text.startswith('"'):
        parsed = _json(text)
        return text[1:-1] if parsed is None else parsed
    if text in WORDS:
        return WORDS[text]
    return int(text) if NUMBER.fullmatch(text) else text


OPEN = re.compile(r"[{}]|\"(?:[^\"\\\n]|\\.)*\"")


def bodies(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The JSON objects that stand in a text, each with its offset, outermost only; none longer than 20,000 characters."""
    depth = start = 0
    for match in OPEN.finditer(text):
        mark = match[0]
        if mark == "{":
            if depth == 0:
                start = match.start()
            depth += 1
        elif mark == "}" and depth:
            depth -= 1
            if depth == 0 and match.end() - start <= LONGEST:
                found = _json(text[start : match.end()])
                if isinstance(found, dict) and found:
                    yield start, found


def loose_repr(message: str) -> list[Mapping[str, Any]] | None:
    """The objects of a message that is the ``repr`` of a list of them, as pydantic's errors are printed; None for others."""
    if not message.startswith("[{") or len(message) > LONGEST:
        return None
    found = _python(message)
    return found if isinstance(found, list) and all(isinstance(item, dict) for item in found) else None
