"""Message templates as patterns that every JSON Schema validator reads (ECMA-262)."""

from __future__ import annotations

import re
from typing import Literal

from errlint.match.template import NAME, NUMBERS, VERB
from errlint.model.catalog import Code, Message

Messages = Literal["all", "strict", "none"]


def pattern_of(codes: tuple[Code, ...], status: int | None, messages: Messages) -> str | None:
    """What a message of one of these entries looks like; None where one of them may say anything."""
    found: dict[str, None] = {}
    for code in codes:
        templates = code.messages(status)
        if not templates or messages == "none":
            return None
        for message in templates:
            if message.check == "ignore" or (messages == "strict" and message.check != "strict"):
                return None
            found[_pattern(message)] = None
    if not found:
        return None
    return next(iter(found)) if len(found) == 1 else "|".join(f"(?:{one})" for one in found)


def _pattern(message: Message) -> str:
    text = message.text
    if message.kind == "regex":
        return text
    if message.kind == "prefix":
        return f"^{_literal(text)}"
    if message.kind == "literal":
        return f"^{_literal(text)}$"
    parts: list[str] = []
    end = 0
    for found in (VERB if message.kind == "printf" else NAME).finditer(text):
        parts.append(_literal(text[end : found.start()]))
        end = found.end()
        number = NUMBERS.get(found["verb"] or "", "") if message.kind == "printf" else ""
        parts.append("%" if found[0] == "%%" else number or r"[\s\S]+")
    return "^" + "".join([*parts, _literal(text[end:])]) + "$"


def _literal(text: str) -> str:
    """The text with only those characters escaped that every dialect takes an escape of."""
    return re.sub(r"([\\^$.|?*+()\[\]{}])", r"\\\1", text)
