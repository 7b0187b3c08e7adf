"""What a user accepts: which rules, where, why, and until when."""

from __future__ import annotations

from typing import Any

from errlint.model.finding import NOWHERE, Location
from errlint.model.record import record


@record
class Below:
    """Places and all that stands below them; of those ``only``, what stands at the place itself."""

    places: tuple[Location, ...]
    only: tuple[Location, ...] = ()


@record
class Selected:
    """What meets all that is named (empty: anything): ``[METHOD ]path-glob``, label or operationId, code, glob of the uri."""

    path: str = ""
    operation: str = ""
    code: str = ""
    document: str = ""


@record
class Selection:
    """The documents that a config speaks of: paths and globs from its folder, all below the folder where there are none.

    Without a folder nobody knows them.
    """

    folder: str = ""
    paths: tuple[str, ...] = ()


@record
class Ignore:
    """An ignore as it was written: of these rules (ids, prefixes, names; empty is all), in this scope.

    ``until`` is an ISO date, the last day on which it holds, or empty. ``where`` is the place of the ignore itself.
    """

    rules: tuple[str, ...]
    reason: str
    until: str
    where: Location
    scope: Below | Selected


@record
class Misread:
    """An ignore that says nothing that can be followed: why, and where. It suppresses nothing."""

    why: str
    where: Location


@record
class KnownSite:
    """One entry of a baseline: a site's fingerprint, and what it was about, for people and to see whether it is stale.

    ``document`` is the uri of the document that was judged, tidied; ``operation`` is empty where the site has none.
    """

    fingerprint: str
    rule: str
    document: str
    operation: str
    message: str


class Known(dict[str, str]):
    """Why a site is known, by its fingerprint: of a baseline, or of an earlier version.

    ``entries`` are those that a baseline at ``where`` names: of these a run tells which no longer occur.
    """

    def __init__(self, reasons: Any = (), entries: tuple[KnownSite, ...] = (), where: Location = NOWHERE) -> None:
        super().__init__(reasons)
        self.entries = entries
        self.where = where

    def __or__(self, other: Any) -> Known:  # type: ignore[override]
        """Both; what both know has this one's reason."""
        entries = (*self.entries, *getattr(other, "entries", ()))
        where = self.where if self.entries else getattr(other, "where", self.where)
        return Known({**other, **self}, entries, where)
