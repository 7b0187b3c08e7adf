"""MaaS does what it claims, in each of its four layers: over real sockets, answer by answer."""

from __future__ import annotations

import hashlib
import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import yaml
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import validate

from tests.services.maas import DOCUMENT, FAULTS, app, gateway, running
from tests.services.maas.accounts import ENGINE_KEY, KEY, KEY_CODES, LIMIT_CODES, OTHER_KEY, SENSITIVE, STREAM_KEY
from tests.services.maas.faults import PAGE

ROOT = Path(__file__).parents[2]
SPEC = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
CHAT, VIDEOS = "/v1/chat/completions", "/v1/videos/generations"
HELLO = {"model": "DeepSeek-R1", "messages": [{"role": "user", "content": "Hello"}]}
VIDEO = {"model": "Wan2.1-T2V", "prompt": "A cat on a roof"}
JSON = {"Content-Type": "application/json"}


class Sent(NamedTuple):
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None = None


class Reply(NamedTuple):
    """One answer without its Date; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


def send(base: str, sent: Sent) -> Reply:
    connection = HTTPConnection(urlsplit(base).netloc, timeout=10)
    try:
        connection.request(sent.method, sent.path, sent.body, sent.headers)
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders() if name.lower() != "date"}
        return Reply(response.status, headers, response.read())
    finally:
        connection.close()


def get(path: str, key: str = KEY) -> Sent:
    return Sent("GET", path, {"Authorization": f"Bearer {key}"})


def post(path: str, value: Any, key: str = KEY, **headers: str) -> Sent:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Sent("POST", path, {"Authorization": f"Bearer {key}"} | JSON | headers, body)


def identity(sent: Sent, digits: int = 32) -> str:
    """The request id that the service gives to this request."""
    text = b"\0".join((sent.method.encode(), sent.path.encode(), sent.body or b""))
    return hashlib.sha256(text).hexdigest()[:digits]


class Servers(NamedTuple):
    """One service for all tests: with its gateway, without it, and the set of its faults."""

    url: str
    backend: str
    faults: set[str]


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    faults: set[str] = set()
    with app.serving(faults) as backend, gateway.serving(backend, faults) as url:
        yield Servers(url, backend, faults)


def apig(code: str, message: str) -> dict[str, Any]:
    return {"error_code": code, "error_msg": message}


def openai(code: str, message: str, kind: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": "", "code": code}}


def dual(code: str, message: str, kind: str) -> dict[str, Any]:
    return {**openai(code, message, kind), **apig(code, message)}


def vllm(message: str, kind: str = "BadRequestError", status: int = 400) -> dict[str, Any]:
    return {"object": "error", "message": message, "type": kind, "param": None, "code": status}


BODY, RPM = "Invalid request body.", "Too many requests, exceeded rate limit is 5 times per minute."
TPM = "Too many requests. exceeded rate limit is 1000 tokens per minute."
TOO_LONG = (
    "This model's maximum context length is 4096 tokens. However, you requested 8223 tokens (1 in the messages, 8222 in the"
    " completion). Please reduce the length of the messages or completion."
)
BROKEN = (
    "[{'type': 'json_invalid', 'loc': ('body', 10), 'msg': 'JSON decode error', 'input': {},"
    " 'ctx': {'error': 'Expecting value'}}]"
)
MISSING = (
    "[{'type': 'missing', 'loc': ('body', 'model'), 'msg': 'Field required',"
    " 'input': {'messages': [{'role': 'user', 'content': 'Hello'}]}}]"
)

#: what a probe sends -> the request, its status, and its body without the request's id
ANSWERS: dict[str, tuple[Sent, int, dict[str, Any]]] = {
    # The platform: keys.
    "no key": (Sent("GET", "/v1/models", {}), 400, apig("ModelArts.81002", "Failed to get the authorization header.")),
    "an empty key": (
        Sent("GET", "/v1/models", {"Authorization": ""}),
        400,
        apig("ModelArts.81002", "Failed to get the authorization header."),
    ),
    "a key without Bearer": (
        Sent("GET", "/v1/models", {"Authorization": KEY}),
        400,
        apig("ModelArts.81002", "Failed to get the authorization header."),
    ),
    "a garbled key": (get("/v1/models", "no"), 401, apig("ModelArts.81003", "Invalid authorization header.")),
    "a key without access": (
        get("/v1/models", "sk-maas-no-access"),
        401,
        apig("ModelArts.81004", "Invalid request because you do not have access to it."),
    ),
    "a spent key": (get("/v1/models", "sk-maas-quota"), 401, apig("ModelArts.81005", "The free quota has been used up.")),
    "a frozen key": (get("/v1/models", "sk-maas-frozen"), 401, apig("ModelArts.81006", "The resource is frozen.")),
    "chat: no key before a broken body": (
        Sent("POST", CHAT, JSON, b"{"),
        400,
        apig("ModelArts.81002", "Failed to get the authorization header."),
    ),
    # The platform: limits, in three shapes.
    "chat: rate": (post(CHAT, HELLO, "sk-maas-rpm"), 429, openai("ModelArts.81101", RPM, "TooManyRequests")),
    "chat: tokens": (post(CHAT, HELLO, "sk-maas-tpm"), 429, dual("ModelArts.81103", TPM, "TooManyRequests")),
    "videos: rate": (post(VIDEOS, VIDEO, "sk-maas-rpm"), 429, apig("ModelArts.81101", RPM)),
    "videos: tokens": (post(VIDEOS, VIDEO, "sk-maas-tpm"), 429, apig("ModelArts.81103", TPM)),
    # The platform: content.
    "chat: sensitive": (
        post(CHAT, HELLO | {"messages": [{"role": "user", "content": SENSITIVE}]}),
        403,
        dual("ModelArts.81011", "May contain senstive.....", "Forbidden"),
    ),
    "videos: sensitive": (
        post(VIDEOS, VIDEO | {"prompt": f"a {SENSITIVE} cat"}),
        403,
        apig("ModelArts.81011", "May contain senstive....."),
    ),
    "chat: empty model": (post(CHAT, HELLO | {"model": ""}), 400, dual("ModelArts.81001", BODY, "BadRequest")),
    "chat: wrong value": (post(CHAT, HELLO | {"max_tokens": "5"}), 400, dual("ModelArts.81001", BODY, "BadRequest")),
    "chat: a list": (post(CHAT, []), 400, dual("ModelArts.81001", BODY, "BadRequest")),
    "chat: media type": (
        post(CHAT, HELLO, **{"Content-Type": "text/plain"}),
        400,
        dual("ModelArts.81001", BODY, "BadRequest"),
    ),
    "chat: not UTF-8": (post(CHAT, b'{"model": "\xff"}'), 400, dual("ModelArts.81001", BODY, "BadRequest")),
    "chat: too deep": (post(CHAT, b"[" * 100_000), 400, dual("ModelArts.81001", BODY, "BadRequest")),
    "chat: unknown model": (post(CHAT, HELLO | {"model": "zz"}), 404, apig("ModelArts.81009", "Invalid model.")),
    "model: unknown": (get("/v1/models/zz"), 404, apig("ModelArts.81009", "Invalid model.")),
    "model: odd": (get("/v1/models/%ff%00"), 404, apig("ModelArts.81009", "Invalid model.")),
    "videos: malformed JSON": (post(VIDEOS, b'{"model": '), 400, apig("ModelArts.81001", BODY)),
    "videos: no body": (post(VIDEOS, b""), 400, apig("ModelArts.81001", BODY)),
    "videos: missing member": (post(VIDEOS, {}), 400, apig("ModelArts.81001", BODY)),
    "videos: extra member": (post(VIDEOS, VIDEO | {"zz": 1}), 400, apig("ModelArts.81001", BODY)),
    "videos: unknown model": (post(VIDEOS, VIDEO | {"model": "zz"}), 404, apig("ModelArts.81009", "Invalid model.")),
    "task: unknown": (get("/v1/videos/tasks/zz"), 404, apig("ModelArts.81108", "Task zz does not exist")),
    "task: another tenant's video": (
        get("/v1/videos/tasks/vt-9001"),
        401,
        apig("ModelArts.81109", "No permission query task vt-9001"),
    ),
    "task: another tenant's": (get("/v1/videos/tasks/t-9001"), 403, apig("ModelArts.81109", "No permission query task t-9001")),
    # The engine.
    "chat: malformed JSON": (post(CHAT, b'{"model": '), 400, vllm(BROKEN)),
    "chat: no body": (
        post(CHAT, b""),
        400,
        vllm("[{'type': 'missing', 'loc': ('body',), 'msg': 'Field required', 'input': None}]"),
    ),
    "chat: missing member": (post(CHAT, {"messages": HELLO["messages"]}), 400, vllm(MISSING)),
    "chat: extra member": (
        post(CHAT, HELLO | {"test": 15}),
        400,
        vllm("[{'type': 'extra_forbidden', 'loc': ('body', 'test'), 'msg': 'Extra inputs are not permitted', 'input': 15}]"),
    ),
    "chat: too long": (post(CHAT, HELLO | {"max_tokens": 8222}), 400, vllm(TOO_LONG)),
    "chat: a model that the engine does not know": (
        post(CHAT, HELLO | {"model": "zz"}, ENGINE_KEY),
        404,
        vllm("The model `zz` does not exist.", "NotFoundError", 404),
    ),
    # The framework.
    "framework: TRACE": (Sent("TRACE", "/v1/models", {}), 405, {"detail": "Method Not Allowed"}),
    "framework: an unregistered method": (Sent("BREW", CHAT, {}), 405, {"detail": "Method Not Allowed"}),
    "framework: a path": (get("/v1/nothing"), 404, {"detail": "Not Found"}),
    # The gateway.
    "gateway: a path": (
        get("/nothing"),
        404,
        apig("APIG.0101", "The API does not exist or has not been published in the environment"),
    ),
    "gateway: a path that looks alike": (
        get("/v1x"),
        404,
        apig("APIG.0101", "The API does not exist or has not been published in the environment"),
    ),
    "tasks: no ids": (get("/v1/videos/tasks"), 400, apig("ModelArts.81001", BODY)),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_each_documented_error_is_answered(name: str, servers: Servers) -> None:
    sent, status, body = ANSWERS[name]
    reply = send(servers.url, sent)
    value = json.loads(reply.body)
    for member in ("request_id", "span_id"):
        if member in value:
            assert value.pop(member) == reply.headers["x-request-id"]
    assert (reply.status, value) == (status, body)
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers.get("www-authenticate") == ("Bearer" if status == 401 else None)
    assert reply.headers.get("retry-after") == ("60" if status == 429 else None)
    assert ("allow" in reply.headers) == (status == 405)


def test_a_request_id_depends_on_the_request_alone(servers: Servers) -> None:
    sent = get("/v1/models/zz")
    replies = [send(servers.url, sent) for _ in range(2)]
    assert replies[0] == replies[1]
    assert replies[0].headers["x-request-id"] == identity(sent)
    stray = get("/nothing")
    assert json.loads(send(servers.url, stray).body)["request_id"] == identity(stray)


def test_the_key_codes_are_all_in_the_table() -> None:
    codes = {body.get("error_code") or body.get("error", {}).get("code") for _, _, body in ANSWERS.values()}
    assert codes >= {*KEY_CODES.values(), *LIMIT_CODES.values()}


@pytest.mark.skipif(not (ROOT / "rules/catalogs/maas.yaml").exists(), reason="the catalog is not there")
def test_every_code_of_the_shipped_catalog_is_answered() -> None:
    catalog = yaml.safe_load((ROOT / "rules/catalogs/maas.yaml").read_text(encoding="utf-8"))
    documented = {entry["code"] for entry in catalog["errors"]}
    answered = {body.get("error_code") or body.get("error", body).get("code") for _, _, body in ANSWERS.values()}
    # A timeout and the gateway's throttling have tests of their own.
    assert answered | {"APIG.0203", "APIG.0308"} == documented


def test_each_of_several_tasks_is_answered_or_refused(servers: Servers) -> None:
    reply = send(servers.url, get("/v1/videos/tasks?ids=vt-9001,zz"))
    tasks = [{"task_id": "vt-9001", "status": "queued"}, apig("ModelArts.81108", "Task zz does not exist")]
    assert (reply.status, json.loads(reply.body)) == (207, {"tasks": tasks})
    assert send(servers.url, get("/v1/videos/tasks?ids=vt-9001")).status == 200


def test_a_tenant_reads_its_own_task(servers: Servers) -> None:
    started = json.loads(send(servers.url, post(VIDEOS, VIDEO)).body)
    path = f"/v1/videos/tasks/{started['task_id']}"
    assert json.loads(send(servers.url, get(path)).body) == started | {"status": "queued"}
    assert send(servers.url, get(path, OTHER_KEY)).status == 401


def events(body: bytes) -> list[Any]:
    lines = [line.removeprefix(b"data:") for line in body.split(b"\n\n") if line]
    return [line if line == b"[DONE]" else json.loads(line) for line in lines]


@pytest.mark.parametrize(
    "sent",
    [post(CHAT, HELLO | {"stream": True}), post(CHAT, HELLO, Accept="text/event-stream")],
    ids=["by the body", "by Accept"],
)
def test_a_stream_ends(sent: Sent, servers: Servers) -> None:
    reply = send(servers.url, sent)
    assert (reply.status, reply.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert [event if event == b"[DONE]" else event["choices"][0]["delta"]["content"] for event in events(reply.body)] == [
        "Hel",
        "lo.",
        b"[DONE]",
    ]


def test_a_stream_may_end_in_an_error(servers: Servers) -> None:
    reply = send(servers.url, post(CHAT, HELLO | {"stream": True}, STREAM_KEY))
    assert reply.status == 200
    assert events(reply.body)[-1] == {"text": "[DONE]", "error_code": "InferHub.ModelArts.81101.429", "error_msg": RPM}


PASSED_ON = {
    "a stream": post(CHAT, HELLO | {"stream": True}),
    "HEAD": Sent("HEAD", "/v1/models", {}),
    "an unregistered method": Sent("BREW", "/v1/models?x=1", {}),
    "a body without a type": Sent("POST", CHAT, {"Authorization": f"Bearer {KEY}"}, b"{}"),
    "TRACE with a body": Sent("TRACE", CHAT, {}, b"{}"),
    "an odd path": get("/v1/models/%2e%2e%2f%ff'\"<>"),
    "a query": get("/v1/models/zz?a=%00&b=c#d"),
    "success": get("/v1/models"),
}


@pytest.mark.parametrize("name", PASSED_ON)
def test_the_gateway_passes_everything_on(name: str, servers: Servers) -> None:
    through, direct = send(servers.url, PASSED_ON[name]), send(servers.backend, PASSED_ON[name])
    assert through == direct


def test_the_gateway_passes_a_chunked_body_on(servers: Servers) -> None:
    connection = HTTPConnection(urlsplit(servers.url).netloc, timeout=10)
    parts = iter([b'{"model": "Wan2.1-T2V", ', b'"prompt": "A cat"}'])
    connection.request("POST", VIDEOS, parts, {"Authorization": f"Bearer {KEY}"} | JSON)
    assert connection.getresponse().status == 200
    connection.close()


def test_the_gateway_keeps_the_connection(servers: Servers) -> None:
    connection = HTTPConnection(urlsplit(servers.url).netloc, timeout=10)
    statuses = []
    connection.connect()
    kept = connection.sock
    for sent in (get("/nothing"), post(CHAT, HELLO | {"stream": True}), Sent("HEAD", "/v1/models", {}), get("/v1/models")):
        connection.request(sent.method, sent.path, sent.body, sent.headers)
        response = connection.getresponse()
        response.read()
        statuses.append(response.status)
        assert connection.sock is kept
    connection.close()
    assert statuses == [404, 200, 405, 200]


TIMEOUT = {"error_msg": "Backend timeout", "error_code": "APIG.0203"}


def test_a_backend_that_is_not_there_is_a_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with gateway.serving(f"http://127.0.0.1:{port}") as url:
        reply = send(url, get("/v1/models"))
    assert (reply.status, json.loads(reply.body)) == (504, TIMEOUT | {"request_id": identity(get("/v1/models"))})


def test_a_backend_that_does_not_answer_is_a_timeout() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        gateway.serving(f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=0.05) as url,
    ):
        reply = send(url, get("/v1/models"))
    assert (reply.status, json.loads(reply.body)) == (504, TIMEOUT | {"request_id": identity(get("/v1/models"))})


def test_the_gateway_throttles_after_its_limit() -> None:
    with running(limit=2) as url:
        replies = [send(url, get(path)) for path in ("/v1/models", "/nothing", "/v1/models", "/v1/models")]
    assert [reply.status for reply in replies] == [200, 404, 200, 429]
    message = "The throttling threshold has been reached: policy ip over ratelimit,limit:2,time:1 minute"
    assert json.loads(replies[-1].body) == {
        "error_msg": message,
        "error_code": "APIG.0308",
        "request_id": identity(get("/v1/models")),
    }
    assert replies[-1].headers["retry-after"] == "60"


def test_a_fault_leaves_out_when_to_come_back() -> None:
    with running({"throttled-without-retry-after"}, limit=0) as url:
        reply = send(url, get("/v1/models"))
    assert (reply.status, "retry-after" in reply.headers) == (429, False)


STREAMED = post(CHAT, HELLO | {"stream": True})


#: What is answered with success, or with a success that holds errors.
MORE = {"chat: stream": STREAMED, "tasks: unknown": get("/v1/videos/tasks?ids=zz"), "events: stream": get("/v1/videos/events")}


def replies(url: str) -> dict[str, Reply]:
    return {name: send(url, sent) for name, (sent, _, _) in ANSWERS.items()} | {
        name: send(url, sent) for name, sent in MORE.items()
    }


@pytest.fixture(scope="module")
def clean(servers: Servers) -> dict[str, Reply]:
    assert servers.faults == set()
    return replies(servers.url)


def changed(name: str, **members: Any) -> dict[str, Any]:
    return ANSWERS[name][2] | members


MEDIA_TYPE = ANSWERS["chat: media type"][2]
STRAY_PATHS = {"gateway: a path", "gateway: a path that looks alike"}
METHODS = {"framework: TRACE", "framework: an unregistered method"}
DETAIL = [{"type": "int_type", "loc": ["body", "max_tokens"], "msg": "Input should be a valid integer"}]

#: fault -> the answers that it changes, and status, media type and body (without the request's id) of each
FAULTY: dict[str, tuple[set[str], int, str, Any]] = {
    "platform-code-in-engine-envelope": (
        {"chat: malformed JSON"},
        400,
        "application/json",
        changed("chat: malformed JSON", code="ModelArts.81001"),
    ),
    "gateway-code-in-engine-envelope": (
        {"chat: extra member"},
        400,
        "application/json",
        changed("chat: extra member", code="APIG.0308"),
    ),
    "engine-code-differs": ({"chat: no body"}, 400, "application/json", changed("chat: no body", code=422)),
    "engine-type-unknown": (
        {"chat: missing member"},
        400,
        "application/json",
        changed("chat: missing member", type="TeapotError"),
    ),
    "validation-not-translated": ({"chat: wrong value", "chat: a list"}, 400, "application/json", {"detail": DETAIL}),
    "disagreeing-copies": (
        {"chat: media type"},
        400,
        "application/json",
        MEDIA_TYPE | {"error": MEDIA_TYPE["error"] | {"code": "ModelArts.81002"}},
    ),
    "stream-undocumented-code": (
        {"chat: stream"},
        200,
        "text/event-stream; charset=utf-8",
        {"text": "[DONE]", "error_code": "InferHub.ModelArts.81998.429", "error_msg": RPM},
    ),
    "undocumented-code": ({"videos: malformed JSON"}, 400, "application/json", apig("ModelArts.81999", BODY)),
    "code-under-wrong-status": (
        {"model: unknown", "model: odd"},
        400,
        "application/json",
        apig("ModelArts.81009", "Invalid model."),
    ),
    "unfilled-placeholder": ({"task: unknown"}, 404, "application/json", apig("ModelArts.81108", "Task %s does not exist")),
    "framework-405-text": (METHODS, 405, "application/json", {"detail": "nope"}),
    "batch-undocumented-code": (
        {"tasks: unknown"},
        207,
        "application/json",
        {"tasks": [apig("ModelArts.81997", "Task zz does not exist")]},
    ),
    "batch-unfilled-placeholder": (
        {"tasks: unknown"},
        207,
        "application/json",
        {"tasks": [apig("ModelArts.81108", "Task %s does not exist")]},
    ),
    "missing-query-accepted": ({"tasks: no ids"}, 200, "application/json", b'{"tasks": []}'),
    "events-undocumented-code": (
        {"events: stream"},
        200,
        "text/event-stream; charset=utf-8",
        {"text": "[DONE]", "error_code": "InferHub.ModelArts.81996.429", "error_msg": RPM},
    ),
    "throttled-without-retry-after": (set(), 429, "", None),  # only where there is a limit: see above
    "gateway-html": (STRAY_PATHS, 404, "text/html", PAGE),
    "gateway-json-as-text": (STRAY_PATHS, 404, "text/plain", ANSWERS["gateway: a path"][2]),
}


def test_every_fault_is_held() -> None:
    assert set(FAULTY) == set(FAULTS)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_changes_its_answer_and_no_other(fault: str, servers: Servers, clean: dict[str, Reply]) -> None:
    servers.faults.add(fault)
    try:
        faulty = replies(servers.url)
    finally:
        servers.faults.clear()
    sites, status, media_type, body = FAULTY[fault]
    assert {name for name in clean if faulty[name] != clean[name]} == sites
    for site in sites:
        reply = faulty[site]
        assert (reply.status, reply.headers["content-type"]) == (status, media_type)
        about_body = {"content-type", "content-length"}
        kept, was = (
            {name: value for name, value in each.headers.items() if name not in about_body} for each in (reply, clean[site])
        )
        assert kept == was
        if isinstance(body, bytes):
            assert reply.body == body
        elif status == 200:
            assert events(reply.body)[-1] == body
            assert events(reply.body)[:-1] == events(clean[site].body)[:-1]
        else:
            value = json.loads(reply.body)
            assert {name: value[name] for name in value if name not in ("request_id", "span_id")} == body


def test_the_document_is_valid_and_so_is_every_example_in_it() -> None:
    validate(SPEC)
    broken = []
    for name, response in SPEC["components"]["responses"].items():
        media = response["content"]["application/json"]
        validator = OAS30Validator(media["schema"])
        broken += [(name, key) for key, item in media["examples"].items() if not validator.is_valid(item["value"])]
        broken += [(name, value) for value in ({}, {"detail": "Not Found"}) if validator.is_valid(value)]
    for schema in SPEC["components"]["schemas"].values():
        if "example" in schema and not OAS30Validator(schema).is_valid(schema["example"]):
            broken.append((schema["example"], "example"))
    assert broken == []


def test_every_answer_of_platform_and_engine_keeps_the_document(clean: dict[str, Reply]) -> None:
    wrong = {}
    checked = 0
    for name, reply in clean.items():
        sent = ANSWERS[name][0] if name in ANSWERS else MORE[name]
        operation = declared_operation(sent)
        if operation is None:
            continue
        response = operation["responses"].get(str(reply.status))
        reference = (response or {}).get("$ref")
        if reference is None:
            assert (name, reply.status) in (("chat: stream", 200), ("events: stream", 200))
            continue
        schema = SPEC["components"]["responses"][reference.rpartition("/")[2]]["content"]["application/json"]["schema"]
        checked += 1
        if errors := [error.message for error in OAS30Validator(schema).iter_errors(json.loads(reply.body))]:
            wrong[name] = errors
    assert wrong == {}
    assert checked == len([name for name in ANSWERS if not name.startswith(("framework", "gateway"))])


def declared_operation(sent: Sent) -> Any:
    for path, item in SPEC["paths"].items():
        pattern = "/v1" + re.sub(r"\{\w+\}", "[^/]+", path)
        if re.fullmatch(pattern, sent.path):
            return item.get(sent.method.lower())
    return None


def test_service_and_gateway_run_as_processes() -> None:
    backend = start("app")
    try:
        front = start("gateway", "--backend", backend.url, "--fault", "gateway-html")
        try:
            assert send(front.url, get("/v1/models/zz")).status == 404
            assert send(front.url, get("/nothing")).body == PAGE
        finally:
            stop(front.process)
    finally:
        stop(backend.process)


class Started(NamedTuple):
    """A server's process, and its base URL."""

    process: subprocess.Popen[str]
    url: str


def start(module: str, *arguments: str) -> Started:
    command = [sys.executable, "-m", f"tests.services.maas.{module}", "--port", "0", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert re.fullmatch(r"listening on http://127\.0\.0\.1:\d+\n", line)
    return Started(process, line.split()[-1])


def stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.communicate(timeout=10)
