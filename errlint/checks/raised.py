"""What is judged together, and what the rules raise over it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from errlint.checks.registry import Hit, Rule
from errlint.model.exchange import Request
from errlint.model.finding import Location, Severity, Unknown, Witness
from errlint.model.record import field, mutable, record


@record
class Unit:
    """What is judged together: the subjects of one answer, declaration, operation, catalog or run.

    ``owner`` names it in fingerprints (an operation, a component's pointer, a catalog entry), never by a line. ``uses``
    are the operations that share it, each with its place. ``requests`` are the first few that were answered like this,
    and ``reproduce`` writes the line that sends one again. ``repeats`` is the number of equal answers that it stands for.
    """

    subjects: tuple[Any, ...]
    witness: Witness
    location: Location
    owner: str
    operation: str | None = None
    uses: tuple[tuple[str, Location], ...] = ()
    status: str | None = None
    media_type: str = ""
    reproduce: Callable[[Request], str] | None = None
    requests: tuple[Request, ...] = ()
    repeats: int = 1
    request_id: str | None = None

    @property
    def weight(self) -> int:
        return max(len(self.uses), 1)


@record
class Raised:
    """A hit of a rule over a unit, before folding. ``reproduced`` says how often it was seen: ``2 of 2``."""

    rule: Rule
    hit: Hit
    unit: Unit
    severity: Severity
    subject: str = ""
    suppressed: str | None = None
    reproduced: str = ""


@mutable
class Verdicts:
    """What the judge found: hits, what could not be decided, and how many subjects each rule applied to."""

    raised: list[Raised] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    population: Counter[tuple[str, str]] = field(default_factory=Counter)
    judged: int = 0
    undecided: int = 0
