"""Regular expressions from users and strings from services, under a budget: neither may hang a run."""

from __future__ import annotations

import re
from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import regex

SECONDS = 0.2
LONGEST = 20_000

MOST_REPEATS = 100_000
"""What must repeat is written out by the compiler: ((a{1000}){1000}){1000} takes all the memory there is."""

_LEAST = re.compile(r"\{([0-9]{1,9})")


def takes_all_memory(pattern: str) -> bool:
    """Whether a pattern's counted repeats may multiply to more than a compiler should write out."""
    return prod(int(least) or 1 for least in _LEAST.findall(pattern)) > MOST_REPEATS


@lru_cache(maxsize=512)
def compiled(pattern: str) -> regex.Pattern[str] | None:
    """The compiled pattern, None where it is no regular expression."""
    import regex  # start-up: only contracts with patterns need it

    if takes_all_memory(pattern):
        return None
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
