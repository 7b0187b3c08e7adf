"""What recognition found: for one body, or for all errors of a document or a record."""

from __future__ import annotations

from typing import Literal

from errlint.model.record import record


@record
class Match:
    """An envelope that something may be. ``fits`` is true where it satisfies all that the envelope says.

    ``score`` is the sum of what speaks for it (``match.recognition``); ``why`` and ``against`` are clauses. ``count`` is the
    number of errors that it is the answer for. ``shipped`` is false for one that a catalog writes.
    """

    envelope: str
    title: str
    score: int
    fits: bool
    why: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    count: int = 1
    shipped: bool = True


@record
class Group:
    """Errors that look alike: the envelopes that they are, several where nothing tells these apart; none where they are none.

    ``shape`` are their members as a text, ``example`` is the first of them.
    """

    envelopes: tuple[str, ...]
    shape: str
    count: int
    example: str


@record
class Detected:
    """What something is: ``matches`` best first, and whose default body it is (empty: nobody's).

    ``ties`` is how many of the first matches nothing tells apart, 0 where none fits. ``roles`` are the values at the first
    one's roles, ``own`` the places of code and message in a body that is no known envelope. For a document or a record
    ``groups`` are its errors by shape, ``left`` those that have no body to look at.
    """

    name: str
    kind: Literal["body", "document", "record"]
    matches: tuple[Match, ...]
    ties: int
    framework: str = ""
    looks: str = ""
    roles: tuple[tuple[str, str], ...] = ()
    groups: tuple[Group, ...] = ()
    errors: int = 1
    left: int = 0
    own: tuple[tuple[str, str], ...] = ()
