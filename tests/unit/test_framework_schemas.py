"""The error schemas that frameworks generate are known by their names or their members; their faults are not the user's."""

from __future__ import annotations

from typing import Any

import pytest

from errlint.match.declared import framework_of
from errlint.model.spec import Node

SPEC: Any = None  # nothing is followed


@pytest.mark.parametrize(
    ("name", "members", "framework"),
    [
        ("HTTPValidationError", ("detail",), "FastAPI"),
        ("ValidationError", ("loc", "msg", "type"), "FastAPI"),
        ("ProblemDetails", ("type", "title"), "ASP.NET"),
        ("ValidationError", ("detail", "message"), "APIFlask"),  # APIFlask 3.1.2
        ("HTTPError", ("detail", "message"), "APIFlask"),
        ("schema", ("status_code", "detail", "extra"), "Litestar"),  # Litestar 2.25.0 writes it in place
        ("Error", ("code", "status", "message", "errors"), "flask-smorest"),  # flask-smorest 0.47.0
        ("Error", ("code", "message"), ""),
        ("Problem", ("code", "status", "message", "errors"), ""),
        ("schema", ("detail", "message"), ""),
        ("schema", ("detail",), ""),
    ],
)
def test_a_generated_schema_is_known(name, members, framework):
    schema = {"type": "object", "properties": {member: {"type": "string"} for member in members}}
    assert framework_of(Node("x", ("components", "schemas", name), schema), SPEC) == framework


@pytest.mark.parametrize("value", [True, None, [], {"properties": []}, {"properties": None}])
def test_what_is_no_schema_is_nobodys(value):
    assert framework_of(Node("x", (), value), SPEC) == ""
