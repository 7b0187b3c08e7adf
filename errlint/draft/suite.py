"""What a suite saw: equal errors once, with how often and in which tests. It is summed over processes, in any order."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from errlint.errors import LoadError
from errlint.model.exchange import Observation, Request
from errlint.model.finding import Location
from errlint.model.record import field, mutable, record
from errlint.model.spec import Node, Operation

MOST_BODIES = 8
"""Bodies kept of one kind of error: as many as show which words of a message vary."""

LONGEST_BODY = 32 * 1024
"""Bytes of a body that is kept; no error says more."""

MOST_TESTS = 5
"""Tests kept of one kind of error, the first by name."""

OUTSIDE = "outside of the tests"

VERSION = 1
"""The version of what is written for other processes."""


@record
class Kind:
    """What makes errors equal: operation (``GET /models/{id}``), status, media type, code or codes in words, and shape.

    ``stray`` is true where the request met no operation.
    """

    operation: str
    status: int
    media_type: str
    code: str
    shape: str
    stray: bool


@record
class Shown:
    """One answer that shows a kind of error, without credentials: its request's path, its telling headers, its body."""

    path: str
    headers: tuple[tuple[str, str], ...]
    body: str


@record
class Breach:
    """A finding about answers: rule, name, severity as a word, message, operation and status, as equal wherever it is."""

    severity: str
    rule: str
    name: str
    message: str
    operation: str


@mutable
class Sighting:
    """How often something was seen, and in which tests: the first few, with the number of times."""

    count: int = 0
    tests: dict[str, int] = field(default_factory=dict)

    def add(self, test: str, count: int = 1) -> None:
        self.count += count
        self._of(test, count)

    def _of(self, test: str, count: int) -> None:
        self.tests[test] = self.tests.get(test, 0) + count
        if len(self.tests) > MOST_TESTS:
            del self.tests[max(self.tests)]

    def include(self, count: int, tests: Mapping[str, int]) -> None:
        """Adds what another process counted."""
        self.count += count
        for test, number in tests.items():
            self._of(test, number)


@mutable
class Sightings:
    """All that was seen. ``entries`` are the catalog's, as (layer, id); ``elsewhere`` counts answers of other hosts.

    ``unread`` are answers whose body could not be read, ``faults`` what went wrong while looking, each with a number.
    """

    answers: int = 0
    kinds: dict[Kind, Sighting] = field(default_factory=dict)
    shown: dict[Kind, set[Shown]] = field(default_factory=dict)
    entries: dict[tuple[str, str], Sighting] = field(default_factory=dict)
    breaches: dict[Breach, Sighting] = field(default_factory=dict)
    unknown: dict[Kind, Sighting] = field(default_factory=dict)
    elsewhere: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)

    def error(self, kind: Kind, test: str, shown: Shown | None) -> None:
        """Counts one error answer; None shows nothing."""
        self.kinds.setdefault(kind, Sighting()).add(test)
        if shown is not None:
            self._show(kind, shown)

    def _show(self, kind: Kind, shown: Shown) -> None:
        """Keeps the shortest ones: which they are depends on nobody's order."""
        kept = self.shown.setdefault(kind, set())
        kept.add(shown)
        if len(kept) > MOST_BODIES:
            kept.remove(max(kept, key=_order))

    @property
    def errors(self) -> int:
        return sum(one.count for one in self.kinds.values())

    def text(self) -> str:
        """All of it as JSON, for another process."""
        return json.dumps(
            {
                "errlint-suite": VERSION,
                "answers": self.answers,
                "kinds": [[_values(kind), one.count, one.tests] for kind, one in self.kinds.items()],
                "shown": [[_values(kind), [_values(one) for one in shown]] for kind, shown in self.shown.items()],
                "entries": [[list(entry), one.count, one.tests] for entry, one in self.entries.items()],
                "breaches": [[_values(breach), one.count, one.tests] for breach, one in self.breaches.items()],
                "unknown": [[_values(kind), one.count, one.tests] for kind, one in self.unknown.items()],
                "counts": [dict(self.elsewhere), dict(self.unread), dict(self.faults)],
            }
        )

    def include(self, text: str) -> None:
        """Adds what another process saw. Raises: LoadError for what none wrote."""
        try:
            self._include(json.loads(text))
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            raise LoadError(f"this is no record of a test suite ({type(error).__name__})") from None

    def _include(self, told: Any) -> None:
        if told["errlint-suite"] != VERSION:
            raise LoadError(f"this record is of version {told['errlint-suite']}", hint="record and read it with one errlint")
        self.answers += told["answers"]
        _include(self.kinds, ((Kind(*key), *rest) for key, *rest in told["kinds"]))
        _include(self.unknown, ((Kind(*key), *rest) for key, *rest in told["unknown"]))
        _include(self.entries, ((tuple(key), *rest) for key, *rest in told["entries"]))
        _include(self.breaches, ((Breach(*key), *rest) for key, *rest in told["breaches"]))
        for key, shown in told["shown"]:
            for path, headers, body in shown:
                self._show(Kind(*key), Shown(path, tuple((name, value) for name, value in headers), body))
        for own, other in zip((self.elsewhere, self.unread, self.faults), told["counts"], strict=True):
            own.update(other)

    def observations(self) -> Iterator[Observation]:
        """The errors as answers again, each kind as often as it was seen; ``name`` is the test."""
        for kind, sighting in sorted(self.kinds.items(), key=lambda item: _values(item[0])):
            shown = sorted(self.shown.get(kind, ()), key=_order)
            tests = [test for test in sorted(sighting.tests) for _ in range(sighting.tests[test])]
            first = tests[0] if tests else ""
            for number in range(sighting.count if shown else 0):
                test = tests[number] if number < len(tests) else first
                yield _observation(kind, shown[min(number, len(shown) - 1)], test)


def _include(own: dict[Any, Sighting], other: Iterable[tuple[Any, ...]]) -> None:
    for key, count, tests in other:
        own.setdefault(key, Sighting()).include(count, tests)


def _values(value: Any) -> list[Any]:
    return [getattr(value, name) for name in value.__match_args__]


def _order(shown: Shown) -> tuple[Any, ...]:
    return len(shown.body), shown.body, shown.path, shown.headers


def _observation(kind: Kind, shown: Shown, test: str) -> Observation:
    method, _, path = kind.operation.partition(" ")
    known = None if kind.stray else Operation(kind.operation, method, path, Node("", ("paths", path, method.lower()), {}))
    return Observation(
        witness="test",
        location=Location(test.partition("::")[0], ()),
        status=kind.status,
        headers=dict(shown.headers),
        body=shown.body.encode("utf-8", "surrogateescape"),
        operation=known,
        request=Request(method, f"http://testserver{shown.path}"),
        name=test,
    )
