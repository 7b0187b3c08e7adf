"""Several layers may answer one fault: each documented answer is legal."""

from __future__ import annotations

from typing import Any

import pytest

from errlint import api
from errlint.checks.fold import findings
from errlint.checks.judge import judge
from errlint.checks.units import of_observation
from errlint.config import Settings
from errlint.match.answer import read_answer
from errlint.model.exchange import Observation, Request
from errlint.model.finding import NOWHERE
from errlint.model.spec import Node, Operation

MAAS = api.compiled(api.contract(["builtin:maas"]))
OPERATION = Operation("POST /a", "POST", "/a", Node("openapi.json", ("paths", "/a", "post"), {}))


def answer(stimulus: str, status: int, body: Any) -> Any:
    seen = Observation(
        "live", NOWHERE, status, {"content-type": "application/json"}, value=body, operation=OPERATION,
        request=Request("POST", "http://127.0.0.1/a", stimulus=stimulus, rejected=True),
    )  # fmt: skip
    return read_answer(seen, MAAS)


ONES = {
    "platform, flat": {"error_code": "ModelArts.81001", "error_msg": "Invalid request body."},
    "platform, nested": {
        "error": {"message": "Invalid request body.", "type": "BadRequest", "param": "", "code": "ModelArts.81001"}
    },
    "engine": {
        "object": "error",
        "message": "[{'type': 'json_invalid', 'loc': ('body', 10), 'msg': 'JSON decode error', 'input': {}}]",
        "type": "BadRequestError",
        "param": None,
        "code": 400,
    },
}


@pytest.mark.parametrize("name", ONES)
def test_each_of_several_layers_may_answer_one_fault(name: str) -> None:
    """Malformed JSON is ModelArts.81001 or vLLM's json_invalid: either is documented, so neither is a finding."""
    read = answer("malformed-json", 400, ONES[name])
    unit, _ = of_observation(read.observation, MAAS, lambda request: "")
    judgement = judge([unit], MAAS, Settings().severities(with_catalog=True))
    told = [f.message for f in findings(judgement, "openapi.json") if f.rule not in ("COV011", "ENV013")]
    assert told == []


SETS: list[tuple[str, str | None, int, dict[str, Any]]] = [
    ("unknown-value", "POST /a", 404, {"error_code": "ModelArts.81009", "error_msg": "Invalid model."}),
    (
        "unknown-value",
        "POST /a",
        404,
        {"object": "error", "message": "The model `x` does not exist.", "type": "NotFoundError", "param": None, "code": 404},
    ),
    ("wrong-method", None, 405, {"detail": "Method Not Allowed"}),
    (
        "wrong-method",
        None,
        404,
        {"error_code": "APIG.0101", "error_msg": "The API does not exist or has not been published in the environment"},
    ),
    (
        "burst",
        "POST /a",
        429,
        {"error_code": "ModelArts.81103", "error_msg": "Too many requests. exceeded rate limit is 5 tokens per minute."},
    ),
    (
        "burst",
        "POST /a",
        429,
        {
            "error_code": "APIG.0308",
            "error_msg": "The throttling threshold has been reached: policy ip over ratelimit,limit:5,time:1 minute",
        },
    ),
]


@pytest.mark.parametrize(("stimulus", "label", "status", "body"), SETS)
def test_every_documented_answer_to_a_fault_is_legal(stimulus: str, label: str | None, status: int, body: Any) -> None:
    seen = Observation(
        "live", NOWHERE, status, {"content-type": "application/json", "retry-after": "1", "allow": "GET"}, value=body,
        operation=OPERATION if label else None,
        request=Request("POST", "http://127.0.0.1/a", stimulus=stimulus, rejected=True),
    )  # fmt: skip
    unit, read = of_observation(seen, MAAS, lambda request: "")
    assert [claim.failed for claim in read.claims] == [None]
    judgement = judge([unit], MAAS, Settings().severities(with_catalog=True))
    assert [f.message for f in findings(judgement, "openapi.json") if f.rule != "COV011"] == []
