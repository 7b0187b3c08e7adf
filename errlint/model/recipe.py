"""How a catalog provokes a code: requests that lead to it, the request itself, and those that clean up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from errlint.model.exchange import ABSENT
from errlint.model.finding import NOWHERE, Location
from errlint.model.pointer import Pointer
from errlint.model.record import field, record
from errlint.model.status import Statuses

Who = Literal["user", "low", "none"]
"""Whose credentials a request carries: the user's, those of a second user with fewer rights, nobody's."""

SAFE = frozenset(("GET", "HEAD"))
"""The methods of a recipe that changes nothing."""


@record
class Saved:
    """Where a value to keep stands in an answer: at a pointer of its body or in a header; ``extract`` takes a group of it."""

    pointer: Pointer | None = None
    header: str = ""
    extract: str = ""


@record
class Step:
    """One request of a recipe as it is written: texts hold placeholders.

    ``path`` is below the service's base path. ``statuses`` are what must be answered, None where nothing is written.
    """

    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, Any] = field(default_factory=dict)
    body: Any = ABSENT
    statuses: Statuses | None = None
    save: Mapping[str, Saved] = field(default_factory=dict)
    who: Who = "user"
    location: Location = NOWHERE

    @property
    def writes(self) -> bool:
        return self.method not in SAFE


@record
class Recipe:
    """The requests that provoke one code, which is ``owner`` (layer, id).

    ``faults`` say what is wrong with it, each with its place: a recipe with faults is not played.
    """

    owner: tuple[str, str]
    setup: tuple[Step, ...]
    request: Step
    teardown: tuple[Step, ...] = ()
    faults: tuple[tuple[str, Location], ...] = ()
    location: Location = NOWHERE

    @property
    def steps(self) -> tuple[Step, ...]:
        return (*self.setup, self.request, *self.teardown)

    @property
    def writes(self) -> int:
        """The number of its requests that may change something."""
        return sum(step.writes for step in self.steps)
