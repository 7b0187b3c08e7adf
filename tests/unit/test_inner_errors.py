"""Errors inside answers that are none: the parts of a batch answer and the lines of a stream, and what only looks like one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from errlint import api
from errlint.checks.fold import findings
from errlint.checks.judge import judge
from errlint.checks.units import of_observation
from errlint.config import Settings
from errlint.match.envelope import Signature
from errlint.match.framing import Framed
from errlint.match.inner import inner
from errlint.model.catalog import Envelope, Place
from errlint.model.exchange import Observation, Request
from errlint.model.spec import Node, Operation


def told(body: Any, status: int = 207, catalog: str = "builtin:eventml", media_type: str = "application/json") -> list[str]:
    """What every rule says of one answer, as ``RULE message``."""
    plan = api.compiled(api.contract([catalog]))
    operation = Operation("GET /a", "GET", "/a", Node("openapi.json", ("paths", "/a", "get"), {}), statuses=("200", "207"))
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = Request("GET", "http://127.0.0.1/a", stimulus="unknown-id", rejected=True)
    seen = Observation(
        "live", operation.location, status, {"content-type": media_type}, text, operation=operation, request=request
    )
    unit, _ = of_observation(seen, plan, lambda request: "curl")
    judgement = judge([unit], plan, Settings().severities(with_catalog=True))
    return [f"{finding.rule} {finding.message}" for finding in findings(judgement, "openapi.json")]


def error(code: str = "ML_1001", message: str = "Specified model does not exist", http: int = 404) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "http": http}}


ACCEPTED = "HTP010 unknown-id was accepted with 207"
UNKNOWN = "COD001 code ML_9999 is not in the catalog (layer service)"


@pytest.mark.parametrize(
    "body",
    [
        {"results": [{"id": "m-1"}, error("ML_9999")]},
        [{"id": "m-1"}, error("ML_9999")],
        {"data": {"items": [{"id": "m-1"}]}, "errors": [error("ML_9999")]},
        {"data": None, "errors": [error("ML_9999")["error"]]},
        {"results": [{"index": 1, "status": 404, **error("ML_9999")}]},
        {"responses": [{"id": "1", "status": 404, "headers": {}, "body": error("ML_9999")}]},
        {"results": {"failed": [error("ML_9999")]}},
    ],
    ids=["results", "root", "beside data", "unwrapped", "own status", "wrapped", "deeper"],
)
def test_an_error_inside_a_batch_is_judged_and_is_no_error_under_success(body: Any) -> None:
    assert told(body) == [UNKNOWN]


def test_a_documented_error_inside_a_batch_is_fine() -> None:
    assert told({"results": [{"id": "m-1"}, error(), error("ML_1101", "Training job does not exist")]}) == []


def test_each_error_of_a_batch_is_held_against_the_status_that_it_tells() -> None:
    assert told([error(http=400)]) == ["COD002 ML_1001 is documented for 404, came with 400"]
    beside = told([{"status": 404, **error(http=400)}])
    assert beside == ["COD003 the body says status 400, the answer came with 404"]


def test_each_layer_of_a_catalog_is_known_inside_a_batch() -> None:
    engine = {"object": "error", "message": "m", "type": "TeapotError", "param": None, "code": 400}
    found = told({"tasks": [engine]}, catalog="builtin:maas")
    assert found == ["COD001 code 400 with type TeapotError is not in the catalog (layer engine)"]
    platform = {"error_code": "ModelArts.81997", "error_msg": "m"}
    assert [line[:6] for line in told({"tasks": [platform]}, catalog="builtin:maas")] == ["COD001"]


def test_placeholders_and_leaks_are_seen_in_the_errors_of_a_batch_only() -> None:
    message = "Specified model %s does not exist"
    assert told([error(message=message)]) == [f'MSG002 the message holds the placeholder %s unfilled: "{message}"']
    leak = "SQLSTATE 23502: null value in column"
    assert told([error(message=leak)])[0] == "SEC002 the answer holds an SQLSTATE"
    assert told([{"id": "m-1", "note": leak}, error()]) == []


@pytest.mark.parametrize(
    "body",
    [
        {"results": [{"id": "t-1", "state": "failed", **error("ML_9999")}]},
        {"results": [{"error": None}, {"error": "ML_9999"}]},
        {"results": [{"error": {"code": "ML_9999"}}]},
        {"items": [{"id": "m-1", "status": 200, **error("ML_9999")}]},
        {"job": {"last": error("ML_9999")}},
        {"items": [{"detail": "ML_9999"}]},
        [[error("ML_9999")["error"]]],
        {"items": ["ML_9999", 5, None, [], {}]},
    ],
    ids=["a resource", "no object", "members lack", "own success", "in no array", "codeless", "flat", "scalars"],
)
def test_a_resource_that_carries_an_error_is_none(body: Any) -> None:
    assert told(body) == [ACCEPTED]


def test_a_part_that_says_that_all_is_well_is_no_error() -> None:
    envelope = Envelope(
        "flat",
        {"type": "object", "required": ["code", "message"], "properties": {"code": {}, "message": {}}},
        {"code": Place((("code",),)), "message": Place((("message",),))},
    )
    parts = [{"code": code, "message": "m"} for code in ("0", 0, "OK", "success", "", "E1")]
    found = inner(Framed("json", "json", (parts,)), (Signature(envelope),), "application/json")
    assert [one.value["code"] for one in found] == ["E1"]


def test_every_error_line_of_a_stream_is_judged() -> None:
    lines = [{"id": 1}, error(), error("ML_9999"), error("ML_9998")]
    text = b"\n".join(json.dumps(line).encode() for line in lines)
    found = told(text, 200, media_type="application/x-ndjson")
    assert [line for line in found if line.startswith("COD001")] == [UNKNOWN, UNKNOWN.replace("9999", "9998")]
    events = b"".join(b"data: " + json.dumps(line).encode() + b"\n\n" for line in lines)
    assert [line[:6] for line in told(events, 200, media_type="text/event-stream")] == ["COD001", "COD001"]


def test_a_whole_body_under_success_stays_what_it_is() -> None:
    assert told(error(), 200) == ["ENV007 an error (ML_1001) came with 200"]


def test_hostile_bodies_are_read_within_bounds() -> None:
    deep: Any = error("ML_9999")
    for _ in range(300):
        deep = [deep]
    assert told(deep) == [ACCEPTED]
    assert told({"items": [{"n": [{}] * 300}] * 300}) == [ACCEPTED]
