"""One ignore as a user wrote it: ``{rule, reason, until}``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from errlint.load.nodes import named
from errlint.model.finding import Location
from errlint.model.ignore import Below, Ignore, Misread

MEMBERS = ("rule", "reason", "until")

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS = re.compile(r"ignore\[([^\[\]]*)\][ \t]*:?(.*)")
_NEXT = re.compile(r"(?<=[\s\]])(?=ignore\[)")
_UNTIL = re.compile(r"(?:(?<=\s)|\A)until=(\S*)")


def of_comment(words: str) -> Iterator[dict[str, Any] | None]:
    """The items that a comment's words after ``errlint:`` make, None for what is none.

    ``ignore[COD007, ENV] reason until=2027-01-31``: the rest is the reason, and perhaps the last day.
    """
    for part in _NEXT.split(words.strip()):
        found = _WORDS.fullmatch(part.strip())
        if found is None:
            yield None
            continue
        until = _UNTIL.search(found[2])
        item: dict[str, Any] = {"rule": found[1].split(","), "reason": " ".join(_UNTIL.sub(" ", found[2]).split())}
        yield {**item, "until": until[1]} if until else item


def ignore(item: Any, where: Location, scope: Below) -> Ignore | Misread:
    """The ignore that ``{rule, reason, until}`` describes, or why it describes none."""
    if not isinstance(item, dict):
        return Misread(f"an ignore must be an object with a rule and a reason, not {named(item)}", where)
    unknown = next((key for key in item if key not in MEMBERS and not key.startswith("x-")), None)
    if unknown is not None:
        return Misread(f"an ignore has no member {unknown[:40]!r}, only {', '.join(MEMBERS)}", where)
    rules = item.get("rule")
    words = [rules] if isinstance(rules, str) else rules
    if not isinstance(words, list) or not words or not all(isinstance(word, str) and word.strip() for word in words):
        return Misread("it names no rule: rule is an id, a prefix or a name, or an array of them", where)
    reason, until = item.get("reason", ""), item.get("until", "")
    if not isinstance(reason, str):
        return Misread(f"its reason must be text, not {named(reason)}", where)
    if "until" in item and not is_date(until):
        return Misread("its until must be a date like 2027-01-31", where)
    return Ignore(tuple(word.strip() for word in words), reason.strip(), until, where, scope)


def is_date(text: Any) -> bool:
    """Whether a value is the text of a day that exists, ``2027-01-31``."""
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        return False
    from datetime import date  # few ignores have a date

    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
