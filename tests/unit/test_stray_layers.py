"""Which layer a stray answer is of, and what layers whose errors carry no code say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from errlint.api.judging import Case, Reader, prepared
from errlint.model.exchange import Observation, Request

DOCUMENT = """
openapi: 3.1.0
info: {title: Tasks, version: "1"}
paths:
  /tasks/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: A task}, "404": {description: No such task}, default: {description: An error}}
"""

TASKS = """
errlint: 1
service: {name: tasks}
envelopes:
  tasks: {code: {pointer: /error/code, type: string}, message: {pointer: /error/message, type: string}}
layers:
  service: {envelope: tasks}
  router: {envelope: tasks, applies_to: unrouted}
errors:
  - {code: TASK_UNKNOWN, status: 404, message: "no task {id}", layer: service}
  - {code: NOT_FOUND, status: 404, message: no such path, layer: router}
"""


def case(folder: Path, catalog: str) -> Case:
    (folder / "a.yaml").write_text(DOCUMENT)
    (folder / "catalog.yaml").write_text(catalog)
    return prepared(str(folder / "a.yaml"), [str(folder / "catalog.yaml")], None, None)


def rules(one: Case, status: int, body: Any, media_type: str = "application/json", **members: Any) -> list[str]:
    """The rules that speak of an answer."""
    seen = Observation(
        "live",
        one.loaded.spec.operations[0].location,
        status,
        {"content-type": media_type},
        json.dumps(body).encode(),
        **{"request": Request("GET", "http://127.0.0.1/tasks/1"), **members},
    )
    return sorted(raised.rule.id for raised in (Reader(one).faults(seen) or {}).values())


def error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}


def test_a_server_that_takes_a_stray_request_for_the_operation_that_it_is_near_to_may_answer_its_codes(tmp_path: Path) -> None:
    one = case(tmp_path, TASKS)
    get = one.loaded.spec.operations[0]
    near = Request("TRACE", "http://127.0.0.1/tasks/1", stimulus="wrong-method", near=get)
    nowhere = Request("GET", "http://127.0.0.1/nowhere", stimulus="unknown-path")
    assert rules(one, 404, error("TASK_UNKNOWN", "no task 1"), request=near) == []
    assert rules(one, 404, error("NOT_FOUND", "no such path"), request=near) == []
    assert rules(one, 404, error("TASK_UNKNOWN", "no task 1"), request=nowhere) == ["COD004"]
    assert rules(one, 410, error("TASK_UNKNOWN", "no task 1"), request=near) == ["COD004"]


GONE = "  - {id: gone, status: 410, layer: service}\n"


def test_an_error_without_a_code_explains_answers_of_its_status_alone(tmp_path: Path) -> None:
    one = case(tmp_path, TASKS + GONE)
    get = one.loaded.spec.operations[0]
    assert rules(one, 404, error("ZZZ", "x"), operation=get) == ["COD001"]
    assert rules(one, 410, error("ZZZ", "x"), operation=get) == []
    assert rules(one, 410, {"error": {"message": "x"}}, operation=get) == []


BOOKS = """
errlint: 1
service: {name: books}
layers: {service: {envelope: problem-json}}
errors:
  - {code: "https://ex.org/no-such-book", status: 404, message: No such book}
"""
UNAUTHORIZED = "  - {id: unauthorized, status: 401}\n"


def problem(type_: str, title: str, status: int) -> dict[str, Any]:
    return {"type": type_, "title": title, "status": status}


@pytest.mark.parametrize(
    ("catalog", "status", "type_", "expected"),
    [
        (BOOKS, 401, "about:blank", ["PRB003"]),
        (BOOKS + UNAUTHORIZED, 401, "about:blank", []),
        (BOOKS + UNAUTHORIZED, 403, "about:blank", ["PRB003"]),
        (BOOKS + UNAUTHORIZED, 404, "https://ex.org/other", ["PRB003"]),
    ],
)
def test_about_blank_is_no_code_so_an_error_without_one_explains_it(
    tmp_path: Path, catalog: str, status: int, type_: str, expected: list[str]
) -> None:
    one = case(tmp_path, catalog)
    phrase = {401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}[status]
    got = rules(
        one, status, problem(type_, phrase, status), "application/problem+json", operation=one.loaded.spec.operations[0]
    )
    assert [rule for rule in got if rule.startswith(("COD", "PRB"))] == expected


def test_about_blank_that_an_error_without_a_code_explains_counts_as_seen(tmp_path: Path) -> None:
    one = case(tmp_path, BOOKS + UNAUTHORIZED)
    seen = Observation(
        "live",
        one.loaded.spec.operations[0].location,
        401,
        {"content-type": "application/problem+json"},
        json.dumps(problem("about:blank", "Unauthorized", 401)).encode(),
        operation=one.loaded.spec.operations[0],
    )
    (claim,) = Reader(one).read(seen).claims
    assert [code.id for code in claim.candidates] == ["unauthorized"]
