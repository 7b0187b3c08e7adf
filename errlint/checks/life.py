"""What became of rules: those that were removed, and names that rules had before (``rules/removed.json``).

An id is never given to another rule; an old name goes on meaning its rule.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

from errlint import resources
from errlint.model.record import record

FILE = "removed.json"


@record
class Removed:
    """A rule that is no more: its last name, its first version, the version without it, why, and which rules judge it now."""

    id: str
    name: str
    since: str
    removed: str
    why: str
    instead: tuple[str, ...] = ()

    def told(self) -> str:
        """``COD099 old-name was removed in 0.4.0: it said what COD001 says; COD001 judges it now``."""
        now = f"; {' and '.join(self.instead)} judge{'s' if len(self.instead) == 1 else ''} it now" if self.instead else ""
        return f"{self.id} {self.name} was removed in {self.removed}: {self.why.rstrip('.')}{now}"


@record
class Renamed:
    """A name that a rule had until a version."""

    name: str
    rule: str
    renamed: str


@record
class Past:
    """All that is known of rules that are no more: by id and by last name, and old names of rules that are there."""

    rules: tuple[Removed, ...]
    names: Mapping[str, Renamed]

    def of(self, word: str) -> Removed | None:
        """The removed rule that an id or name meant."""
        return next((one for one in self.rules if word in (one.id, one.name)), None)


@cache
def past() -> Past:
    """What the data says, read once."""
    data = json.loads(resources.rule_text(FILE))
    rules = tuple(Removed(id_, **{**one, "instead": tuple(one.get("instead", ()))}) for id_, one in data["rules"].items())
    return Past(rules, {name: Renamed(name, one["rule"], one["renamed"]) for name, one in data["names"].items()})
