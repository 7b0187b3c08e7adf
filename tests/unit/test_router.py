"""Which operation a request meets."""

from __future__ import annotations

import pytest

from errlint.model.finding import Location
from errlint.model.spec import Node, Operation
from errlint.probe.router import Router


def operation(label: str) -> Operation:
    method, path = label.split(" ")
    return Operation(label, method.lower(), path, Node(Location("spec.json", ()).uri, (), {}))


ROUTER = Router(
    map(
        operation,
        (
            "GET /items",
            "GET /items/{id}",
            "GET /items/new",
            "POST /items/{id}",
            "GET /items/{id}/parts/{part}",
            "GET /items/new/parts/all",
            "GET /a.{format}",
            "GET /files/{path+}",
            "GET /",
        ),
    )
)


@pytest.mark.parametrize(
    ("request_", "label"),
    [
        ("GET /items", "GET /items"),
        ("get /items", "GET /items"),
        ("GET /items/", None),
        ("GET /items/7", "GET /items/{id}"),
        ("GET /items/%2F", "GET /items/{id}"),
        ("GET /items/new", "GET /items/new"),
        ("POST /items/new", "POST /items/{id}"),
        ("GET /items/new/parts/1", "GET /items/{id}/parts/{part}"),
        ("GET /items/new/parts/all", "GET /items/new/parts/all"),
        ("GET /a.json", "GET /a.{format}"),
        ("GET /axjson", None),
        ("GET /files/a/b/c", "GET /files/{path+}"),
        ("GET /", "GET /"),
        ("GET ", None),
        ("DELETE /items", None),
        ("GET " + "/x" * 5000, None),
    ],
)
def test_a_request_meets_the_most_concrete_path(request_, label):
    method, _, path = request_.partition(" ")
    found = ROUTER.find(method, path)
    assert (found.label if found is not None else None) == label
