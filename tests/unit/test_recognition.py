"""Recognition among all shipped envelopes: the best answer, or the set of those that nothing tells apart."""

from __future__ import annotations

from typing import Any

import pytest

from errlint.load.envelopes import shipped_envelopes
from errlint.match.envelope import Signature, _satisfies
from errlint.match.recognition import Recogniser, Seen

ALL = Recogniser(shipped_envelopes().values())


def best(body: Any, media_type: str = "application/json", **more: Any) -> str:
    return " or ".join(one.envelope.id for one in ALL.best(Seen(body, media_type, **more)))


BODIES: list[tuple[str, Any]] = [
    ("eventml", {"error": {"code": "ML_1000", "message": "m", "http": 400}}),
    ("fastapi-detail", {"detail": [{"type": "missing", "loc": ["body", "model"], "msg": "Field required", "input": {}}]}),
    ("drf-validation", {"name": ["This field is required."], "n": ["A valid integer is required."]}),
    ("vllm-nested", {"error": {"message": "x", "type": "BadRequestError", "param": None, "code": 400}}),
    (
        "openai",
        {
            "error": {
                "message": "Too many requests, the rate limit is 1 times per second.",
                "type": "TooManyRequests",
                "param": "",
                "code": "ModelArts.81101",
            }
        },
    ),
    ("huawei-apig", {"error_msg": "x", "error_code": "APIG.0303", "request_id": "a"}),
    ("anthropic", {"type": "error", "error": {"type": "not_found_error", "message": "x"}, "request_id": "r"}),
    ("nestjs", {"message": ["a", "b"], "error": "Bad Request", "statusCode": 400}),
    (
        "google-rpc",
        {
            "error": {
                "code": 429,
                "message": "m",
                "status": "RESOURCE_EXHAUSTED",
                "details": [
                    {
                        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                        "reason": "RESOURCE_AVAILABILITY",
                        "domain": "compute.googleapis.com",
                    }
                ],
            }
        },
    ),
    ("aws-apigateway or docker-engine or flask-restx or laravel", {"message": "Something went wrong."}),
    ("confluent", {"error_code": 40401, "message": "Subject not found."}),
    (
        "cloudflare",
        {"success": False, "errors": [{"code": 10000, "message": "Authentication error"}], "messages": [], "result": None},
    ),
    ("slack", {"ok": False, "error": "invalid_auth"}),
    ("laravel", {"message": "The given data was invalid.", "errors": {"email": ["bad"]}}),
    ("github", {"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"}),
    ("jira", {"errorMessages": [], "errors": {"k": "v"}}),
    ("paypal", {"name": "UNPROCESSABLE_ENTITY", "message": "m", "debug_id": "d", "details": [{"issue": "I"}]}),
    ("rails", {"status": 404, "error": "Not Found"}),
    ("oauth2", {"error": "invalid_grant", "error_description": "d"}),
    ("jsonrpc", {"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}, "id": 1}),
    ("problem-json", {"type": "https://example.com/p", "title": "t", "status": 403, "detail": "d"}),
    ("aws-json", {"__type": "com.a#ResourceNotFoundException", "message": "m"}),
    ("digitalocean", {"id": "not_found", "message": "m"}),
]


@pytest.mark.parametrize(("envelope", "body"), BODIES)
def test_a_body_is_recognised_among_all_envelopes(envelope, body):
    assert best(body) == envelope


TIED = {  # these really send the same: only their own words tell them apart
    "aws-apigateway": "aws-apigateway or docker-engine or flask-restx or laravel",
    "flask-restx": "aws-apigateway or docker-engine or flask-restx or laravel",
    "docker-engine": "aws-apigateway or docker-engine or flask-restx or laravel",
    "fastapi-detail": "drf-detail or fastapi-detail",
    "drf-detail": "drf-detail or fastapi-detail",
    "fastify": "fastify or hapi or nestjs",
    "hapi": "fastify or hapi or nestjs",
}
SAMPLES = [(id_, sample) for id_, envelope in shipped_envelopes().items() for sample in envelope.samples if sample != {}]


@pytest.mark.parametrize(("id_", "sample"), SAMPLES)
def test_a_sample_is_its_own_envelope(id_, sample):
    for media_type in ("", "application/json", *shipped_envelopes()[id_].media_types):
        assert best(sample, media_type) in (id_, TIED.get(id_))


def test_what_is_sorted_out_beforehand_no_validator_would_take():
    odd = [[], "x", None, {"error": "x"}, {"error": []}, {"errors": {}}, {"detail": {"loc": 1}}, {"type": True, "error": {}}]
    bodies = [*odd, *(body for _, sample in SAMPLES for body in (sample, [sample], {"error": sample}, {**sample, "more": {}}))]
    bodies += [{name: sample[name] for name in sample if name != left} for _, sample in SAMPLES for left in sample]
    for envelope in shipped_envelopes().values():
        signature = Signature(envelope)
        for body in bodies:
            taken = [missing for missing, validator in signature._shapes if _satisfies(validator, body)]
            assert signature.shaped(body) == ((taken[0],) if taken else None)
