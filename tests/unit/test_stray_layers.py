"""Which layer a stray answer is of, and what layers whose errors carry no code say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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
