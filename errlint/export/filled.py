"""Message templates as texts: filled in with values that are the same at each call, or cut at their gaps."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.export.regexes import text_of
from errlint.match.template import NAME, VERB, matcher
from errlint.model.catalog import Code, Message
from errlint.model.record import record

NUMERIC = "diufxXeEgGo"


@record
class Hole:
    """One placeholder of a template: its name, empty where it has none, and whether a number stands there."""

    name: str
    number: bool = False


def parts(message: Message) -> Iterator[str | Hole]:
    """The fixed texts and the placeholders of a template, in order; any other kind of message is one fixed text."""
    if message.kind not in ("printf", "braces"):
        yield filled(message) or ""
        return
    end = 0
    for found in (VERB if message.kind == "printf" else NAME).finditer(message.text):
        if found.start() > end:
            yield message.text[end : found.start()]
        end = found.end()
        if found[0] == "%%":
            yield "%"
        else:
            verb = found["verb"] if message.kind == "printf" else ""
            yield Hole(found["name"] or "", bool(verb) and verb in NUMERIC)
    if end < len(message.text):
        yield message.text[end:]


def filled(message: Message) -> str | None:
    """The message as a service may write it: the source's own words, else the template with its placeholders filled.

    None where an expression is all that is known, and no text for it was found.
    """
    if message.example is not None and matcher(message).fits(message.example) is not False:
        return message.example
    if message.kind == "regex":
        return text_of(message.text)
    if message.kind in ("literal", "prefix"):
        return message.text
    return "".join(part if isinstance(part, str) else "1" if part.number else part.name or "example" for part in parts(message))


def message_of(code: Code, status: int | None) -> str | None:
    """The message of an entry under a status; its description or its name where the catalog has no template."""
    for message in code.messages(status):
        text = filled(message)
        if text is not None:
            return text
    return None if code.messages(status) else code.description or code.name or code.id
