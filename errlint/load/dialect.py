"""The dialect of a message template, judged by what its text holds: a catalog may write a message as a bare text."""

from __future__ import annotations

import re

from errlint.model.catalog import MessageKind

VERB = re.compile(r"(?<!\d)%(?:\(\w+\))?[-+#0]*\d*(?:\.\d+)?[sdvfiuxXeEgGqtrc]")
NAME = re.compile(r"\{\{?\s*(?:[A-Za-z_][\w.-]*|\d*)\s*\}?\}")
TAIL = re.compile(r"\s*(?:\.{3,}|…)\s*$")


def kind_of(text: str) -> MessageKind:
    """The dialect of a text: printf before braces, a tail of dots is a prefix, anything else is literal.

    A percent sign right after a digit (``sum to 100%``) is no verb.
    """
    if VERB.search(text):
        return "printf"
    if NAME.search(text):
        return "braces"
    return "prefix" if TAIL.search(text) and TAIL.sub("", text) else "literal"


def typed(text: str) -> tuple[MessageKind, str, str | None]:
    """The dialect, the template and the example of a bare text; a prefix loses its dots and keeps them in the example."""
    kind = kind_of(text)
    return (kind, TAIL.sub("", text), text) if kind == "prefix" else (kind, text, None)
