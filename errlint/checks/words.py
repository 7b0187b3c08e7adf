"""How messages put things: codes, statuses and lists in the user's words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from errlint.checks import leaks
from errlint.model.catalog import Code
from errlint.model.claim import Claim

LONGEST = 80

TRIED = {
    "head": "HEAD of an unknown id",
    "unknown-path": "an unknown path",
    "unknown-path-method": "an unregistered method on an unknown path",
    "deep-nesting": "deeply nested JSON",
    "wrong-charset": "a body that is not in its charset",
    "wrong-encoding": "a body that is not in its Content-Encoding",
}
"""What was sent, in more words than its name."""


def shown(value: Any) -> str:
    """A value as a reader knows it from the wire: text bare where it is a plain word, else as JSON, cut at 80 characters."""
    if isinstance(value, str) and value and all(c.isalnum() or c in "._-#:/" for c in value):
        text = value
    else:
        text = json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace").decode()
    text = leaks.masked(text[: 2 * leaks.LONGEST])
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def cut(text: str, most: int = 40) -> str:
    """A name of at most so many characters: what is too long loses its middle, the ends tell names apart."""
    return text if len(text) <= most else f"{text[: (most - 1) // 2]}…{text[-(most // 2) :]}"


def layers(names: Iterable[str]) -> str:
    """``layer service`` or ``layers gateway, platform``."""
    found = list(names)
    return f"layer{'s' if len(found) != 1 else ''} {', '.join(found)}"


def promise(names: Iterable[str]) -> str:
    """``layer service promises`` or ``layers gateway, platform promise``."""
    found = list(names)
    return f"{layers(found)} promise{'s' if len(found) == 1 else ''}"


def statuses(codes: Iterable[Code]) -> str:
    """The statuses that entries are documented for, each once, in order."""
    return " or ".join(dict.fromkeys(str(code.statuses) for code in codes))


def label(code: Code) -> str:
    """How a catalog entry is called: its code, or its id where it has none or shares it."""
    return str(code.code) if code.code is not None and str(code.code) == code.id else code.id


def seen(claim: Claim, live: str, example: str, declared: str) -> str:
    """The words for how a claim was seen: in an answer, in a document's example, or as a declaration."""
    if not claim.observed:
        return declared
    return example if claim.witness == "example" else live


def plural(number: int, noun: str) -> str:
    """``1 code``, ``2 codes``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
