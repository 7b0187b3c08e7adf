"""What a run made itself: only that may be changed and deleted again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from errlint.model.exchange import Request
from errlint.model.spec import Operation
from errlint.probe.created import Created
from errlint.probe.wire.sender import Answer
from tests.services.lax import document, spec_of

HOST = "http://127.0.0.1:9"


def operation(path: str) -> Operation:
    return spec_of(document({path: {"delete": {"responses": {"204": {"description": ""}}}}})).operations[0]


def holds(
    url: str, value: Any = None, *, sent: Any = None, status: int = 201, location: str = "", method: str = "POST"
) -> bool:
    created = Created()
    request = Request(method, HOST + "/v1/things", body=json.dumps(sent).encode())
    headers = {"location": location} if location else {}
    created.saw(request, Answer(request, status, headers, json.dumps(value).encode()))
    return created.holds(operation("/things/{id}"), "/v1", HOST + url)


@pytest.mark.parametrize(
    ("value", "members"),
    [
        ({"id": 7, "name": "x"}, {"sent": {"name": "x"}}),
        ({"data": {"id": "7"}}, {}),
        (None, {"location": "/v1/things/7"}),
        (None, {"location": HOST + "/v1/things/7"}),
        ({"id": "7"}, {"location": "/v1/things/7", "sent": {"id": "7"}}),
    ],
    ids=["a member", "below the only member", "a location", "an absolute location", "an id that was sent"],
)
def test_what_a_201_names_was_made(value: Any, members: dict[str, Any]) -> None:
    assert holds("/v1/things/7", value, **members)
    assert not holds("/v1/things/8", value, **members)


@pytest.mark.parametrize(
    ("value", "members"),
    [
        ({"id": 7}, {"status": 200}),
        ({"id": 7}, {"method": "PUT"}),
        ({"id": 1, "copyOf": "7"}, {"sent": {"source": ["7"]}}),
        ({"id": 1, "owner": {"id": 7}}, {}),
        ([{"id": 7}], {}),
        (None, {"location": "/v1/owners/7"}),
        (None, {}),
    ],
    ids=["no 201", "no POST", "a value that was sent", "another object", "a list", "another collection", "nothing"],
)
def test_what_may_have_been_there_before_was_not(value: Any, members: dict[str, Any]) -> None:
    assert not holds("/v1/things/7", value, **members)


def test_an_id_stands_for_its_own_collection_only() -> None:
    created = Created()
    request = Request("POST", HOST + "/v1/things/7/parts")
    created.saw(request, Answer(request, 201, {}, b'{"id": "a b"}'))
    parts = operation("/things/{id}/parts/{part}")
    assert created.holds(parts, "/v1", HOST + "/v1/things/7/parts/a%20b")
    assert not created.holds(parts, "/v1", HOST + "/v1/things/8/parts/a%20b")
    assert not created.holds(operation("/things/{id}"), "/v1", HOST + "/v1/things/a%20b")
    assert not created.holds(parts, "/v1", HOST + "/v1/things/7")


def test_an_operation_without_ids_names_nothing() -> None:
    assert Created().holds(operation("/things"), "", HOST + "/things")
