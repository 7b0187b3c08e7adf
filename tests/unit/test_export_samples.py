"""Answers made of catalog entries: in every shipped envelope, with the values at their places."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from errlint.api.inputs import _shipped
from errlint.export.samples import headers_of, sample, shown_statuses
from errlint.load.envelopes import shipped_envelopes
from errlint.match.envelope import read
from errlint.match.plan import Plan
from errlint.model import pointer as pointers
from errlint.model.catalog import Catalog, Code, Envelope, Layer, Message, Place
from errlint.model.exchange import ABSENT
from errlint.model.record import replace
from errlint.model.status import Statuses, one, union

ENVELOPES = {id_: envelope for id_, envelope in shipped_envelopes().items() if envelope.framing in ("json", "sse", "ndjson")}
SHOWING = sorted(id_ for id_, envelope in ENVELOPES.items() if envelope.roles.keys() & {"code", "message"})
"""The envelopes that have a place for what an entry says."""


def plan_of(envelope: Envelope, *codes: Code) -> Plan:
    layer = Layer("service", (envelope.id,))
    return Plan(Catalog("x", {envelope.id: replace(envelope, generic=False)}, {"service": layer}, {}, codes), _shipped)


def code_in(envelope: Envelope) -> Any:
    """The code that an envelope's own sample carries; a made one of its type where it shows none."""
    place = envelope.roles.get("code")
    if place is None or envelope.code_is != "place":
        return None
    shown = [read(place, one, {}, ()).value for one in envelope.samples]
    known = [value for value in shown if isinstance(value, str | int) and not isinstance(value, bool)]
    return known[0] if known else 17 if "integer" in place.types else "SOME_CODE"


@pytest.mark.parametrize("id_", SHOWING)
def test_an_entry_is_shown_in_each_shipped_envelope(id_: str) -> None:
    envelope = ENVELOPES[id_]
    status = 404 if envelope.statuses is None or 404 in envelope.statuses else min(envelope.statuses.values)
    code = Code("e", code_in(envelope), one(status), "service", message=Message("literal", "It is gone.", "advise"))
    made = sample(plan_of(envelope, code), code, request_id="r1")
    assert made is not None
    headers = {name.lower(): value for name, value in made.headers}
    found = {
        role: value
        for role, place in envelope.roles.items()
        if role in ("code", "message") and (value := read(place, made.value, headers, ()).value) is not ABSENT
    }
    wanted = {"code": code.code, "message": "It is gone."}
    assert {role: value for role, value in found.items() if value != wanted[role]} == {}
    assert made.status in (envelope.statuses or one(made.status))


def own(**roles: Place) -> Envelope:
    return Envelope("own", {"type": "object"}, roles)


def test_copies_stand_at_all_their_places_and_arrays_hold_one_element() -> None:
    code = Place((("a", "code"), ("errors", "*", "code")), header="X-Code")
    message = Place((("errors", "*", "text"),))
    envelope = replace(own(code=code, message=message), samples=({"errors": [{"code": "x"}, {"code": "y"}], "more": 1},))
    entry = Code("E1", "E1", one(409), "service", message=Message("printf", "%d of %s", "advise"), match={("kind",): "k"})
    made = sample(plan_of(envelope, entry), entry)
    assert made is not None
    assert (made.value, dict(made.headers)) == (
        {"errors": [{"code": "E1", "text": "1 of example"}], "more": 1, "a": {"code": "E1"}, "kind": "k"},
        {"X-Code": "E1"},
    )


def test_a_packed_code_is_written_into_what_a_sample_shows() -> None:
    place = Place((("c",),), extract=r"^Hub\.(\w+)\.\d+$")
    status = Place((("c",),), extract=r"\.(\d{3})$")
    envelope = replace(own(code=place, status=status, message=Place((("m",),))), samples=({"c": "Hub.A.400", "m": ""},))
    entry = Code("B", "B", one(429), "service", message=Message("literal", "Wait", "advise"))
    streamed = replace(envelope, framing="sse", statuses=one(200))
    made = sample(plan_of(streamed, entry), entry)
    assert made is not None
    assert (made.status, made.media_type, made.body()) == (
        200,
        "text/event-stream",
        b'data: {"c": "Hub.B.429", "m": "Wait"}\n\n',
    )
    assert sample(plan_of(replace(envelope, samples=()), entry), entry) is None


def test_an_entry_whose_message_only_an_expression_knows_is_not_guessed() -> None:
    entry = Code("B", "B", one(429), "service", message=Message("regex", r"\p{L}+", "strict"))
    assert sample(plan_of(own(message=Place((("m",),))), entry), entry) is None


@pytest.mark.parametrize(
    ("statuses", "shown"),
    [(one(404), (404,)), (union([401, 403]), (401, 403)), (one("5XX"), (500,)), (union(["4XX", 503, "any"]), (400, 503, 500))],
)
def test_a_class_is_shown_by_its_first_status(statuses: Statuses, shown: tuple[int, ...]) -> None:
    assert shown_statuses(statuses) == shown


@pytest.mark.parametrize(
    ("status", "named", "method", "fields"),
    [
        (401, (), "GET", {"WWW-Authenticate": "Bearer"}),
        (405, ("allow",), "POST", {"allow": "GET"}),
        (405, (), "GET", {"Allow": "POST"}),
        (429, ("RateLimit-Reset",), "GET", {"RateLimit-Reset": "1"}),
        (503, ("Content-Length", "a b", "X-\n"), "GET", {"Retry-After": "1"}),
        (404, ("X-Left",), "GET", {"X-Left": "1"}),
    ],
)
def test_the_fields_are_those_that_an_entry_names_and_its_status_demands(
    status: int, named: tuple[str, ...], method: str, fields: dict[str, str]
) -> None:
    assert dict(headers_of(Code("x", "x", one(status), "service", headers=named), status, method)) == fields


def test_bodies_are_ascii_and_one_line() -> None:
    entry = Code("B", "ключ\r\n", one(404), "service", message=Message("literal", "\u2028", "advise"))
    made = sample(plan_of(own(code=Place((("c",),), header="X-C"), message=Place((("m",),))), entry), entry)
    assert made is not None
    assert (made.headers, re.findall(rb"[^ -~]", made.body()), json.loads(made.body())) == (
        (),
        [],
        {"c": "ключ\r\n", "m": "\u2028"},
    )
    assert pointers.get(made.value, ("c",)) == "ключ\r\n"
