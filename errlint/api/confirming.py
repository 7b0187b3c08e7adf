"""Faults, looked at once more: the requests that showed one are sent again before it counts.

Each place (an operation and what is wrong there) stands for itself. Of the first few requests that showed the fault there one
after the other goes out again, until it comes back. A fault that never does is a note of its own, whatever other operations
do: it may have been a moment's. Two things are no moment's. A fault that came back once; and one that three or more different
requests had shown already, unless the status itself speaks of a moment (502, 503, 504): one instance of several may be wrong,
or the first answer of each cache, and no luck of the second look may decide about that. What cannot be sent again stays.

What came back stands first, so that the line a user can copy, the name of the finding and its message are of one request.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from errlint.checks.fold import SHOWN, group_of
from errlint.checks.prints import fingerprint_of, status_of
from errlint.checks.raised import Raised
from errlint.model.finding import Severity
from errlint.model.record import mutable, replace

if TYPE_CHECKING:
    from errlint.model.exchange import Request

MOST = 200
"""Requests that are sent again in one run."""

ENOUGH = 12
"""Places of one kind of fault that are looked at again where the fault came back at one of them."""

MOMENTARY = frozenset(("502", "503", "504"))
"""Statuses of a service that is not there at the moment (RFC 9110 sections 15.6.3 to 15.6.5)."""

Again = Callable[["Request"], Collection[str] | None]
"""Sends a request of the run again: the fingerprints of the faults in its answer; None where it cannot be sent."""


@mutable
class Place:
    """One fault at one place: its hits, the first different requests that showed it, and what came of them.

    ``back`` is the request that showed it again, with the hit that it belongs to. ``sent`` counts what went out again.
    """

    hits: list[Raised]
    requests: list[tuple[Request, Raised]]
    sent: int = 0
    back: tuple[Request, Raised] | None = None

    @property
    def moment(self) -> bool:
        """Whether the fault may have been a moment's."""
        seldom = len(self.requests) < SHOWN or status_of(self.hits[0]) in MOMENTARY
        return self.sent > 0 and self.back is None and seldom

    def told(self) -> Iterator[Raised]:
        """The hits with what came of them, what came back first."""
        if not self.sent:
            yield from self.hits
            return
        seen = f"{self.sent + (self.back is not None)} of {2 * self.sent}"
        hits = self.hits
        if self.back is not None:
            request, hit = self.back
            others = tuple(one for one in hit.unit.requests if one is not request)
            first = replace(hit, unit=replace(hit.unit, requests=(request, *others)))
            hits = [first, *(one for one in hits if one is not hit)]
        for one in hits:
            if self.back is None:
                one = _not_seen(one, "flaky" if self.moment else f"it was seen for {SHOWN} or more requests")
            yield replace(one, reproduced=seen, severity=Severity.NOTE if self.moment else one.severity)


def _not_seen(raised: Raised, why: str) -> Raised:
    hit, told = raised.hit, f"; sent again, it was not seen ({why})"
    return replace(raised, hit=replace(hit, message=hit.message + told, merged=hit.merged and hit.merged + told))


def confirmed(raised: Sequence[Raised], again: Again) -> list[Raised]:
    """The hits, each with how often it was seen; those of a moment are notes.

    A limit of the service (429) is none to be tried again at once. An interrupt leaves the rest as it is.
    """
    kinds: dict[tuple[str, ...], dict[str, list[Raised]]] = {}
    for one in raised:
        kinds.setdefault(group_of(one), {}).setdefault(fingerprint_of(one), []).append(one)
    left = MOST
    told: list[Raised] = []
    for kind in kinds.values():
        places = {print_: Place(hits, list(_requests(hits))) for print_, hits in kind.items()}
        try:
            left -= _look(places, again, left)
        except KeyboardInterrupt:
            left = 0
            for place in places.values():
                place.sent = 0 if place.back is None else place.sent
        order = sorted(places.values(), key=lambda place: (place.back is None, place.sent > 0))
        told.extend(one for place in order for one in place.told())
    return told


def _requests(hits: Iterable[Raised]) -> Iterator[tuple[Request, Raised]]:
    """The first few requests that showed a fault, of those that count, each with its hit."""
    known: list[Request] = []
    for hit in hits:
        if hit.severity <= Severity.NOTE or hit.suppressed is not None or status_of(hit) == "429":
            continue
        for request in hit.unit.requests:
            if len(known) < SHOWN and not any(request is one for one in known):
                known.append(request)
                yield request, hit


def _look(places: dict[str, Place], again: Again, most: int) -> int:
    """Sends the requests of each place again, the first of all places first; how many were sent."""
    sent = 0
    for turn in range(SHOWN):
        for place in places.values():
            if turn >= len(place.requests) or place.back is not None:
                continue
            came = any(one.back is not None for one in places.values())
            looked = sum(one.sent > 0 for one in places.values())
            if sent >= most or (came and looked >= ENOUGH and not place.sent):
                continue
            request, hit = place.requests[turn]
            faults = again(request)
            if faults is None:
                continue
            sent, place.sent = sent + 1, place.sent + 1
            if places.keys() & set(faults):
                place.back = (request, hit)
    return sent
