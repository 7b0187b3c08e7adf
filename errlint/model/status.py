"""Sets of HTTP status codes (RFC 9110 section 15), as catalogs and the OpenAPI Responses Object write them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from errlint.model.record import record

CLASSES = frozenset("12345")
ERRORS = frozenset(range(400, 600))


@record
class Statuses:
    """A set of statuses and the words it was written with: ``404``, ``401, 403``, ``5XX``, ``any``."""

    values: frozenset[int]
    text: str

    def __contains__(self, status: object) -> bool:
        return status in self.values

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.values)

    def minus(self, values: Iterable[int]) -> Statuses:
        """The same words without the given statuses: ``4XX`` means 400-499 minus the explicit ones."""
        return Statuses(self.values.difference(values), self.text)


@lru_cache(maxsize=1024)
def one(written: int | str) -> Statuses:
    """The set that one written status means: 404, "404", "5XX", "any".

    Raises: ValueError for anything else ("4xx", "40", 1000).
    """
    text = str(written)
    if text == "any":
        return Statuses(frozenset(range(100, 1000)), "any")
    if len(text) == 3 and text[0] in CLASSES and text[1:] == "XX":
        start = int(text[0]) * 100
        return Statuses(frozenset(range(start, start + 100)), text)
    if len(text) == 3 and text.isascii() and text.isdigit() and text[0] in CLASSES:
        return Statuses(frozenset((int(text),)), text)
    raise ValueError(f"{written!r} is no HTTP status code")


def union(written: Iterable[int | str]) -> Statuses:
    """The union of several written statuses, its text their list."""
    parts = [one(item) for item in written]
    values = frozenset().union(*(part.values for part in parts))
    return Statuses(values, ", ".join(part.text for part in parts))


ANY = one("any")
NONE = Statuses(frozenset(), "none")
