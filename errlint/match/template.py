"""Message templates: what a catalog writes (``Task %s does not exist``) against what a service says.

printf, braces and prefix templates become expressions of our own that need linear time: each gap is filled lazily up to the
next fixed text and never tried again, which is exact for a chain of gaps; no number is longer than 40 digits. A user's own
regular expression runs under a budget.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from errlint.load.dialect import kind_of as kind_of
from errlint.match import budget
from errlint.model.catalog import Message, MessageKind
from errlint.model.record import record

VERB = re.compile(r"%(?:\((?P<name>\w+)\))?[-+#0]*\d*(?:\.\d+)?(?P<verb>[sdvfiuxXeEgGqtrc])|%%")
NAME = re.compile(r"\$?\{\{?\s*(?P<name>[A-Za-z_]?[\w.-]*)\s*\}?\}")
OPEN_NAME = re.compile(r"\{[A-Za-z_][\w.-]*(?![\w.\-}])")
NUMBERS = {"d": r"[+-]?\d{1,40}", "i": r"[+-]?\d{1,40}", "u": r"\d{1,40}", "f": r"[+-]?\d{1,40}(?:\.\d{1,40})?"}


@record
class Gap:
    """One placeholder: its name, empty where the dialect has none, and the expression of a number, empty for any text."""

    name: str
    number: str = ""


Part = str | Gap


@record
class Template:
    """A message template, ready to be held against texts. ``expression`` None means a user's regular expression."""

    message: Message
    expression: re.Pattern[str] | None
    names: tuple[str, ...] = ()

    def fits(self, text: str) -> bool | None:
        """Whether a text is what the template writes; None where that cannot be said (too long, or out of budget)."""
        if self.message.kind == "literal":
            return text == self.message.text
        if self.message.kind == "prefix":
            return text.startswith(self.message.text)
        if len(text) > budget.LONGEST:
            return None
        if self.expression is None:
            return _searched(self.message.text, text)
        return self.expression.fullmatch(text) is not None

    def captures(self, text: str) -> tuple[tuple[str, str], ...] | None:
        """The (name, value) that each gap holds in a text, in order; None where the text does not fit or has no gaps."""
        if self.expression is None or len(text) > budget.LONGEST:
            return None
        match = self.expression.fullmatch(text)
        return tuple(zip(self.names, match.groups(), strict=True)) if match else None


@lru_cache(maxsize=4096)
def matcher(message: Message) -> Template:
    """The template of a message, compiled once. A broken one (see ``problems``) fits what its fixed text allows."""
    if message.kind not in ("printf", "braces"):
        return Template(message, None)
    parts = tuple(_parts(message.text, message.kind))
    names = tuple(part.name for part in parts if isinstance(part, Gap))
    return Template(message, re.compile(_expression(parts), re.DOTALL), names)


def _searched(pattern: str, text: str) -> bool | None:
    expression = budget.compiled(pattern)
    if expression is None:
        return None
    try:
        return expression.search(text, timeout=budget.SECONDS) is not None
    except TimeoutError:
        return None


def _parts(text: str, kind: MessageKind) -> Iterator[Part]:
    """The fixed texts and gaps of a printf or braces template, in order."""
    end = 0
    for found in (VERB if kind == "printf" else NAME).finditer(text):
        yield text[end : found.start()]
        end = found.end()
        if found[0] == "%%":
            yield "%"
        else:
            yield Gap(found["name"] or "", NUMBERS.get(found["verb"], "") if kind == "printf" else "")
    yield text[end:]


def _expression(parts: tuple[Part, ...]) -> str:
    """One atomic group for each gap that takes any text, together with the fixed texts and numbers after it."""
    chunks: list[str] = [""]
    for part in parts:
        if isinstance(part, str):
            chunks[-1] += re.escape(part)
        elif part.number:
            chunks[-1] += f"({part.number})"
        else:
            chunks.append("")
    head, *rest = chunks
    if not rest:
        return head
    *middle, tail = rest
    return head + "".join(f"(?>(.+?){chunk})" for chunk in middle) + f"(.+){tail}"


def skeleton(message: Message) -> tuple[str, str]:
    """What tells templates apart for a reader of messages: kind and fixed text; how a gap is called shows nowhere."""
    if message.kind not in ("printf", "braces"):
        return message.kind, message.text
    parts = tuple(_parts(message.text, message.kind))
    return "template", "".join(part if isinstance(part, str) else f"\0{part.number}\0" for part in parts)


def problems(message: Message) -> tuple[str, ...]:
    """What is wrong with a template by itself, in words that follow the template; nothing where it is sound."""
    if message.kind == "regex":
        broken = budget.compiled(message.text) is None
        found = ["is no regular expression"] if broken else []
    else:
        found = list(_unbalanced(message))
    if not found and message.example is not None and matcher(message).fits(message.example) is False:
        found.append(f"does not fit its own example {message.example!r}")
    return tuple(found)


def _unbalanced(message: Message) -> Iterator[str]:
    left = NAME.sub("", message.text)
    open_name = OPEN_NAME.search(left)
    if open_name:
        yield f"opens {open_name[0]} and does not close it"
    elif message.kind == "braces" and ("{" in left) != ("}" in left):
        yield "has a brace without its partner"
    if message.kind == "printf" and re.search(r"%\((?:\w*$|\w+[^\w)]|\w+\)(?![-+#0\d.]*[A-Za-z]))", message.text):
        yield "has a %( without its ) and letter"
