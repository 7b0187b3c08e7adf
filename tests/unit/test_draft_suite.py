"""What a suite saw is the same, however it is cut into processes."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errlint.draft.suite import MOST_BODIES, Breach, Kind, Shown, Sighting, Sightings
from errlint.errors import LoadError

KINDS = st.builds(
    Kind,
    st.sampled_from(["GET /models/{id}", "POST /jobs"]),
    st.sampled_from([404, 409]),
    st.just("application/json"),
    st.sampled_from(["A", "B", ""]),
    st.just("{code}"),
    st.booleans(),
)
SHOWN = st.none() | st.builds(
    Shown, st.just("/models/7"), st.just((("content-type", "application/json"),)), st.text(max_size=3)
)
EVENTS = st.lists(st.tuples(KINDS, SHOWN, st.sampled_from("stuvwxyz")), max_size=12)


def add(seen: Sightings, event: tuple[Kind, Shown | None, str]) -> None:
    kind, shown, test = event
    seen.answers += 1
    seen.error(kind, test, shown)
    seen.entries.setdefault(("service", kind.code), Sighting()).add(test)
    seen.breaches.setdefault(Breach("error", "COD001", "x", kind.code, kind.operation), Sighting()).add(test)
    seen.unknown.setdefault(kind, Sighting()).add(test)
    seen.unread[test] += 1


def plain(seen: Sightings) -> object:
    """All of it, without an order."""
    tables = (seen.kinds, seen.entries, seen.breaches, seen.unknown)
    counted = [{key: (one.count, one.tests) for key, one in table.items()} for table in tables]
    return seen.answers, counted, seen.shown, seen.unread, list(seen.observations())


@settings(max_examples=25)
@given(EVENTS, st.data())
def test_any_number_of_processes_comes_to_the_same_as_one(events, data):
    whole, parts = Sightings(), [Sightings(), Sightings(), Sightings()]
    where: dict[str, int] = {}  # a test runs in one process
    for event in events:
        add(whole, event)
        part = where.setdefault(event[2], data.draw(st.integers(0, 2)))
        add(parts[part], event)
    summed = Sightings()
    for part in data.draw(st.permutations(parts)):
        summed.include(part.text())
    assert plain(summed) == plain(whole)


def test_errors_are_answers_again_as_often_as_they_were_seen():
    seen = Sightings()
    kind = Kind("GET /models/{id}", 404, "application/json", "A", "{code}", False)
    for number in range(20):
        seen.error(kind, f"t.py::{number % 2}", Shown("/models/7", (("content-type", "application/json"),), f"{number:02}"))
    found = list(seen.observations())
    assert Counter(one.name for one in found) == {"t.py::0": 10, "t.py::1": 10}
    assert {one.label for one in found} == {"GET /models/{id}"}
    assert sorted({one.body for one in found}) == [f"{number:02}".encode() for number in range(MOST_BODIES)]
    assert {(one.request.method, one.request.url) for one in found} == {("GET", "http://testserver/models/7")}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"errlint-suite": 1}',
        '{"errlint-suite": 2}',
        "[" * 100_000,
        json.dumps({"errlint-suite": 1, "answers": "x"}),
    ],
    ids=lambda text: text[:20],
)
def test_what_no_suite_wrote_is_refused(text):
    with pytest.raises(LoadError):
        Sightings().include(text)
