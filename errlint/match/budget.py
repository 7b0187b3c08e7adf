"""Regular expressions from users and strings from services, under a budget: neither may hang a run."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import regex

SECONDS = 0.2
LONGEST = 20_000


@lru_cache(maxsize=512)
def compiled(pattern: str) -> regex.Pattern[str] | None:
    """The compiled pattern, None where it is no regular expression."""
    import regex  # start-up: only contracts with patterns need it

    try:
        return regex.compile(pattern)
    except regex.error:
        return None


def search(pattern: str, text: str) -> regex.Match[str] | None:
    """The first match; None where there is none, the pattern is broken, or the budget ran out."""
    expression = compiled(pattern)
    if expression is None or len(text) > LONGEST:
        return None
    try:
        return expression.search(text, timeout=SECONDS)
    except TimeoutError:
        return None
