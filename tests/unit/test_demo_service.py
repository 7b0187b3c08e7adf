"""The embedded EventML does what it claims: over real sockets, answer by answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from errlint.demo.changes import PAGE
from errlint.demo.codes import CODES
from errlint.demo.document import conforming_text, operations
from errlint.demo.drift import DEMO_FAULTS, DRIFTS, drifted_document
from errlint.demo.fault_table import JWT, TRACEBACK
from errlint.demo.server import serve
from errlint.demo.service import FAULTS, READER_TOKEN, TOKEN, create_app

ROOT = Path(__file__).parents[2]
DOCUMENT = yaml.safe_load(conforming_text())
UNKNOWN = "6f1c0c57-3f0e-4c56-9d0b-3f1f4f1f7a10"
AUTH = {"Authorization": f"Bearer {TOKEN}"}
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


@contextmanager
def connected(faults: frozenset[str] | set[str] = frozenset()) -> Iterator[HTTPConnection]:
    with serve(create_app(faults)) as url:
        connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
        yield connection
        connection.close()


def send(connection: HTTPConnection, sent: Sent) -> Reply | None:
    """The answer; None where the connection was closed without one."""
    try:
        connection.request(sent.method, sent.path, sent.body, sent.headers)
        response = connection.getresponse()
    except RemoteDisconnected:
        connection.close()
        return None
    headers = {name.lower(): value for name, value in response.getheaders() if name.lower() != "date"}
    return Reply(response.status, headers, response.read())


def example(operation: str) -> Any:
    for item in DOCUMENT["paths"].values():
        for node in item.values():
            if isinstance(node, dict) and node.get("operationId") == operation:
                name = node["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
                return DOCUMENT["components"]["schemas"][name]["example"]
    raise AssertionError(operation)


#: Bodies that clients seldom send.
ODD = {
    "null-body": b"null",
    "scalar-body": b"5",
    "too-deep": b"[" * 2000,
    "not-utf-8": b'{"zz": "\xff',
    "duplicate-member": b'{"zz": 1, "zz": 2}',
}


def stimuli() -> dict[str, Sent]:
    """What a probe sends, per operation, and to paths and methods that no operation declares."""
    sent = {}
    for operation in operations().values():
        path = "/v1" + operation.path
        for parameter in ("modelId", "jobId", "endpointId", "experimentId", "monitorId", "groupId"):
            path = path.replace("{" + parameter + "}", UNKNOWN)
        valid = None if operation.body is None else json.dumps(example(operation.id)).encode()
        headers = AUTH if valid is None else AUTH | JSON
        without = {} if valid is None else JSON
        sent[f"{operation.id} no-credentials"] = Sent(operation.method, path, without, valid)
        sent[f"{operation.id} bad-credentials"] = Sent(operation.method, path, without | {"Authorization": "Bearer no"}, valid)
        if operation.restricted or "{" not in operation.path:
            sent[f"{operation.id} reader"] = Sent(
                operation.method, path, without | {"Authorization": f"Bearer {READER_TOKEN}"}, valid
            )
        if "{" in operation.path:
            sent[f"{operation.id} unknown-id"] = Sent(operation.method, path, headers, valid)
        else:
            sent[f"{operation.id} odd-accept"] = Sent(operation.method, path, headers | {"Accept": "application/x-no"}, valid)
        if valid is not None:
            bodies = {"malformed-json": b'{"name": ', "not-an-object": b"[]", "empty-body": b"", "members": b'{"zz": 1}'} | ODD
            for name, body in bodies.items():
                sent[f"{operation.id} {name}"] = Sent(operation.method, path, headers, body)
            sent[f"{operation.id} media-type"] = Sent(operation.method, path, AUTH | {"Content-Type": "text/plain"}, valid)
            charset = headers | {"Content-Type": "application/json; charset=utf-16"}
            sent[f"{operation.id} charset"] = Sent(operation.method, path, charset, valid)
            coded = headers | {"Content-Encoding": "no-coding"}
            sent[f"{operation.id} content-coding"] = Sent(operation.method, path, coded, valid)
        if "limit" in operation.query:
            sent[f"{operation.id} query"] = Sent(operation.method, f"{path}?limit=zz", headers)
        for name, identity in {"nul-id": "%00", "undecodable-id": "%FF", "long-id": "z" * 300}.items():
            if operation.method == "GET" and path.endswith(UNKNOWN):
                sent[f"{operation.id} {name}"] = Sent("GET", path.replace(UNKNOWN, identity), headers)
    framework = json.dumps(example("createModel") | {"framework": "NO_FRAMEWORK"}).encode()
    sent["createModel framework"] = Sent("POST", "/v1/models", AUTH | JSON, framework)
    sent["head getModel"] = Sent("HEAD", f"/v1/models/{UNKNOWN}", AUTH)
    sent["stray-path inside"] = Sent("GET", "/v1/nothing", AUTH)
    sent["stray-path outside"] = Sent("GET", "/nothing", {})
    sent["stray-slash"] = Sent("GET", "/v1/models/", AUTH)
    sent["stray-double-slash"] = Sent("GET", "/v1//models", AUTH)
    sent["stray-path-method"] = Sent("BREW", "/v1/nothing", AUTH)
    sent["stray-method TRACE"] = Sent("TRACE", "/v1/models", AUTH)
    sent["stray-method BREW"] = Sent("BREW", f"/v1/training/{UNKNOWN}", {})
    return sent


STIMULI = stimuli()


def replies(faults: frozenset[str] | set[str] = frozenset()) -> dict[str, Reply | None]:
    """The answers of a fresh service to all stimuli, in their order."""
    with connected(faults) as connection:
        return {name: send(connection, sent) for name, sent in STIMULI.items()}


@pytest.fixture(scope="module")
def clean() -> dict[str, Reply | None]:
    return replies()


def envelope(code: Any, message: Any, http: Any) -> bytes:
    return json.dumps({"error": {"code": code, "message": message, "http": http}}).encode()


def test_two_fresh_services_answer_the_same_bytes(clean: dict[str, Reply | None]) -> None:
    assert replies() == clean


def test_every_declared_answer_keeps_the_document(clean: dict[str, Reply | None]) -> None:
    nodes = {node["operationId"]: node for item in DOCUMENT["paths"].values() for node in item.values() if "responses" in node}
    wrong = {}
    for name, reply in clean.items():
        operation = name.partition(" ")[0]
        if operation in nodes:
            assert reply is not None
            declared = nodes[operation]["responses"].get(str(reply.status))
            problems = ["undeclared status"] if declared is None else list(response_problems(declared, reply))
            if problems:
                wrong[name] = (reply.status, problems)
    assert wrong == {}


def response_problems(declared: dict[str, Any], reply: Reply) -> Iterator[str]:
    response = resolved(declared)
    if "content" not in response:
        assert reply.body == b""
        return
    assert reply.headers["content-type"] == "application/json"
    assert int(reply.headers["content-length"]) == len(reply.body)
    schema = response["content"]["application/json"]["schema"]
    for error in Draft202012Validator({**schema, "components": DOCUMENT["components"]}).iter_errors(json.loads(reply.body)):
        yield error.message
    for name, header in response.get("headers", {}).items():
        for error in Draft202012Validator(resolved(header)["schema"]).iter_errors(reply.headers.get(name.lower())):
            yield error.message


def resolved(node: dict[str, Any]) -> Any:
    if "$ref" not in node:
        return node
    target: Any = DOCUMENT
    for token in node["$ref"].removeprefix("#/").split("/"):
        target = target[token]
    return target


def test_the_document_is_valid_and_so_is_every_example_in_it() -> None:
    validate(DOCUMENT)
    broken = []
    for name, response in DOCUMENT["components"]["responses"].items():
        media = response["content"]["application/json"]
        validator = Draft202012Validator({**media["schema"], "components": DOCUMENT["components"]})
        broken += [(name, key) for key, item in media.get("examples", {}).items() if not validator.is_valid(item["value"])]
    for name, schema in DOCUMENT["components"]["schemas"].items():
        if "example" in schema:
            validator = Draft202012Validator({**schema, "components": DOCUMENT["components"]})
            broken += [(name, "example")] if not validator.is_valid(schema["example"]) else []
    assert broken == []


def test_the_document_declares_every_code_with_its_status_and_message() -> None:
    declared: dict[str, tuple[int, str]] = {}
    enums = set()
    for response in DOCUMENT["components"]["responses"].values():
        media = response["content"]["application/json"]
        for item in media.get("examples", {}).values():
            error = item["value"]["error"]
            assert declared.setdefault(error["code"], (error["http"], error["message"])) == (error["http"], error["message"])
            enums |= set(media["schema"]["properties"]["error"]["properties"]["code"]["enum"])
    assert declared == CODES
    assert enums == set(CODES)


def test_every_error_response_is_used_by_an_operation() -> None:
    used = {node["$ref"].rpartition("/")[2] for node in references(DOCUMENT["paths"]) if "/responses/" in node["$ref"]}
    assert used == set(DOCUMENT["components"]["responses"])


def references(node: Any) -> Iterator[dict[str, str]]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


@pytest.mark.skipif(not (ROOT / "rules/catalogs/eventml.yaml").exists(), reason="the catalog is not there")
def test_the_codes_are_those_of_the_shipped_catalog() -> None:
    catalog = yaml.safe_load((ROOT / "rules/catalogs/eventml.yaml").read_text(encoding="utf-8"))
    assert {entry["code"]: (entry["status"], entry["message"]) for entry in catalog["errors"]} == CODES


@pytest.mark.skipif(not (ROOT / "schemas/catalog.schema.json").exists(), reason="the schema is not there")
def test_the_demo_catalog_keeps_the_format() -> None:
    schema = json.loads((ROOT / "schemas/catalog.schema.json").read_text(encoding="utf-8"))
    catalog = yaml.safe_load((ROOT / "errlint/demo/catalog.yaml").read_text(encoding="utf-8"))
    assert list(Draft202012Validator(schema).iter_errors(catalog)) == []


def test_each_drift_is_in_the_drifted_document_and_nothing_else_is() -> None:
    drifted = drifted_document()
    validate(yaml.safe_load(drifted))
    back = drifted
    for old, new in DRIFTS.values():
        assert back.count(new) == 1
        back = back.replace(new, old)
    assert back == conforming_text()
    assert len(DRIFTS) == 7


MODEL = {"name": "churn", "framework": "PYTORCH", "inputSize": 3}
GROUP = {"name": "users", "version": 1, "entityKey": "id", "features": {"id": "STRING"}}
EVEN = [{"name": "a", "traffic": 50}, {"name": "b", "traffic": 50}]
MONITOR = {"modelId": "m-0001", "method": "PSI", "threshold": 0.1, "features": ["age"]}
APPROVAL = {"modelId": "m-0001", "stage": "STAGING", "documentation": True, "tests": True}

#: In this order over one service: (method, path, body, status or code that it is answered with).
STORY: list[tuple[str, str, Any, int | str]] = [
    ("POST", "/models", MODEL, 201),
    ("POST", "/models", MODEL, "ML_1002"),
    ("POST", "/models", {"name": "x"}, "ML_1000"),
    ("POST", "/models", MODEL | {"framework": "CAFFE"}, "ML_1003"),
    ("POST", "/models", MODEL | {"inputSize": 0}, "ML_1801"),
    ("POST", "/models", [], "ML_1800"),
    ("GET", "/models/m-0002", None, "ML_1001"),
    ("PUT", "/models/m-0001", MODEL | {"description": "better"}, 200),
    ("GET", "/models/m-0001?version=3", None, "ML_1001"),
    ("GET", "/models/m-0001?version=zz", None, "ML_1801"),
    ("POST", "/training", {"modelId": "m-0001"}, "ML_1100"),
    ("POST", "/training", {"modelId": "m-0002", "epochs": 1, "maxRuntime": 60}, "ML_1001"),
    ("POST", "/training", {"modelId": "m-0001", "epochs": 2, "maxRuntime": 60}, "ML_1104"),
    ("POST", "/training", {"modelId": "m-0001", "epochs": 1, "maxRuntime": 60}, 202),
    ("POST", "/training", {"modelId": "m-0001", "epochs": 1, "maxRuntime": 60}, "ML_1102"),
    ("DELETE", "/models/m-0001", None, "ML_1102"),
    ("GET", "/training/t-0002", None, "ML_1101"),
    ("GET", "/training/t-0001", None, 200),
    ("GET", "/training/t-0001", None, 200),
    ("POST", "/training", {"modelId": "m-0001", "epochs": 1, "maxRuntime": 60}, 202),
    ("POST", "/endpoints", {"modelId": "m-0001", "stage": "PRODUCTION"}, "ML_1601"),
    ("POST", "/endpoints", {"modelId": "m-0001", "stage": "STAGING", "timeoutMs": 1}, 201),
    ("GET", "/endpoints/e-0002", None, "ML_1201"),
    ("POST", "/endpoints/e-0001/invoke", {"instances": [[1, 2, 3]]}, "ML_1202"),
    ("GET", "/endpoints/e-0001", None, 200),
    ("GET", "/endpoints/e-0001", None, 200),
    ("POST", "/endpoints/e-0001/invoke", {"instances": [[1, 2, 3]]}, 200),
    ("POST", "/endpoints/e-0001/invoke", {"instances": [[1, 2]]}, "ML_1200"),
    ("POST", "/endpoints/e-0001/invoke", {"instances": [[1, 2, 3], [1, 2, 3]]}, "ML_1203"),
    ("POST", "/experiments", {"name": "x", "variants": [*EVEN[:1], {"name": "b", "traffic": 49}]}, "ML_1300"),
    ("POST", "/experiments", {"name": "x", "variants": EVEN}, 201),
    ("GET", "/experiments/x-0002", None, "ML_1301"),
    ("PATCH", "/experiments/x-0001", {"status": "RUNNING"}, 200),
    ("PATCH", "/experiments/x-0001", {"variants": EVEN}, "ML_1302"),
    ("PATCH", "/experiments/x-0001", {"status": "STOPPED"}, 200),
    ("POST", "/drift-monitors", {"modelId": "m-0001"}, "ML_1400"),
    ("POST", "/drift-monitors", MONITOR, 201),
    ("GET", "/drift-monitors/d-0002", None, "ML_1401"),
    ("POST", "/endpoints", {"modelId": "m-0001", "stage": "STAGING"}, "ML_1402"),
    ("POST", "/feature-store/groups", GROUP | {"entityKey": "no"}, "ML_1500"),
    ("POST", "/feature-store/groups", GROUP, 201),
    ("POST", "/feature-store/groups", GROUP, 201),
    ("POST", "/feature-store/groups", GROUP | {"features": {"id": "INT"}}, "ML_1502"),
    ("GET", "/feature-store/groups/g-0002", None, "ML_1501"),
    ("POST", "/governance/approvals", APPROVAL | {"tests": False}, "ML_1600"),
    ("POST", "/governance/approvals", APPROVAL | {"stage": "PRODUCTION"}, "ML_1601"),
    ("POST", "/governance/approvals", APPROVAL, 201),
    ("POST", "/governance/approvals", APPROVAL | {"stage": "PRODUCTION"}, 201),
]

#: What only a broken infrastructure or a crash answers.
UNREACHED = {"ML_1103", "ML_1900", "ML_1901", "ML_2000", "ML_2001", "ML_2002"}


def test_business_codes_are_answered_where_their_rules_are_broken(clean: dict[str, Reply | None]) -> None:
    seen = set()
    with connected() as connection:
        for method, path, value, expected in STORY:
            body = None if value is None else json.dumps(value).encode()
            reply = send(connection, Sent(method, "/v1" + path, AUTH | JSON, body))
            assert reply is not None
            if isinstance(expected, int):
                assert (method, path, reply.status) == (method, path, expected)
            else:
                status, message = CODES[expected]
                got = (method, path, reply.status, reply.body)
                assert got == (method, path, status, envelope(expected, message, status))
                seen.add(expected)
    for reply in clean.values():
        assert reply is not None
        if reply.status >= 400 and b'"error"' in reply.body:
            seen.add(json.loads(reply.body)["error"]["code"])
    assert seen == set(CODES) - UNREACHED


def test_a_crash_is_answered_with_the_documented_500(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise KeyError("a mistake of the service")

    monkeypatch.setattr("errlint.demo.store.Store.handle", crash)
    with connected() as connection:
        reply = send(connection, Sent("GET", "/v1/health", {}))
    assert reply is not None
    assert (reply.status, reply.body) == (500, envelope("ML_2000", "Internal server error", 500))


def test_credentials_are_asked_for_and_roles_are_kept(clean: dict[str, Reply | None]) -> None:
    for operation in operations().values():
        missing, bad = (clean[f"{operation.id} {name}"] for name in ("no-credentials", "bad-credentials"))
        assert missing is not None
        assert bad is not None
        if not operation.secured:
            assert (missing.status, bad.status) == (200, 200)
            continue
        assert (missing.status, missing.body) == (401, envelope("ML_1700", "Authentication required", 401))
        assert (bad.status, bad.body) == (401, envelope("ML_1702", "Invalid or expired authentication token", 401))
        assert (missing.headers["www-authenticate"], bad.headers["www-authenticate"]) == ("Bearer", "Bearer")
        reader = clean.get(f"{operation.id} reader")
        if reader is not None:
            assert reader.status == (403 if operation.restricted else 200)


def test_the_framework_answers_stray_requests(clean: dict[str, Reply | None]) -> None:
    not_found = (404, b'{"detail": "Not Found"}', None)
    not_allowed = (405, b'{"detail": "Method Not Allowed"}')
    strays = {name: reply for name, reply in clean.items() if name.startswith("stray") and reply is not None}
    assert {name: (reply.status, reply.body, reply.headers.get("allow")) for name, reply in strays.items()} == {
        "stray-path inside": not_found,
        "stray-path outside": not_found,
        "stray-slash": not_found,
        "stray-double-slash": not_found,
        "stray-path-method": not_found,
        "stray-method TRACE": (*not_allowed, "GET, HEAD, POST"),
        "stray-method BREW": (*not_allowed, "GET, HEAD"),
    }


ODD_BODIES = {
    "no JSON number": b'{"name": NaN}',
    "not UTF-8": b'{"name": "\xff"}',
    "deep": b"[" * 100_000,
    "deep inside": b'{"name": ' + b"[" * 900 + b"]" * 900 + b"}",
    "a long number": b'{"name": ' + b"9" * 5000 + b"}",
    "two values": b"{}{}",
    "null": b"null",
    "a lone surrogate": b'{"name": "\\ud800", "framework": "PYTORCH", "inputSize": 3}',
}


@pytest.mark.parametrize("name", ODD_BODIES)
def test_an_odd_body_is_no_fault_of_the_service(name: str) -> None:
    with connected() as connection:
        reply = send(connection, Sent("POST", "/v1/models", AUTH | JSON, ODD_BODIES[name]))
    assert reply is not None
    assert reply.status == (201 if name == "a lone surrogate" else 400)


@pytest.mark.parametrize("identity", ["%ff", "%00", "%2e%2e", "a%20b", "%0a", "zz" * 2000, "%E2%82%AC"])
def test_an_odd_id_is_an_unknown_id(identity: str) -> None:
    with connected() as connection:
        reply = send(connection, Sent("GET", f"/v1/models/{identity}", AUTH))
    assert reply is not None
    assert (reply.status, reply.body) == (404, envelope("ML_1001", "Specified model does not exist", 404))


def test_head_answers_as_get_without_the_body() -> None:
    with connected() as connection:
        got = send(connection, Sent("GET", "/v1/health", {}))
        head = send(connection, Sent("HEAD", "/v1/health", {}))
    assert got is not None
    assert head is not None
    assert (head.status, head.body) == (200, b"")
    assert head.headers == got.headers | {"x-request-id": head.headers["x-request-id"]}


def test_a_chunked_body_is_read() -> None:
    with connected() as connection:
        connection.request(
            "POST", "/v1/models", iter([b'{"name": "a", ', b'"framework": "ONNX", "inputSize": 1}']), AUTH | JSON
        )
        response = connection.getresponse()
        assert (response.status, json.loads(response.read())["id"]) == (201, "m-0001")


def test_a_request_that_is_no_http_gets_the_frameworks_shape() -> None:
    with connected() as connection:
        connection.connect()
        connection.sock.sendall(b"GET /v1/health HTTP/9.9\r\n\r\n")
        answer = connection.sock.makefile("rb").read()
    assert answer.endswith(b'\r\n\r\n{"detail": "HTTP Version Not Supported"}')


def text(code: str, message: str, http: int = 400) -> bytes:
    return envelope(code, message, http)


VALIDATION = "Request body validation failed"
FAULTY_STRAYS = {"stray-path inside", "stray-path outside"}
CRASHED = (500, "application/json", text("ML_2000", "Internal server error", 500))
HTML = "text/html; charset=utf-8"
STRAY_METHODS = {"stray-method TRACE", "stray-method BREW"}

#: fault -> (the stimuli at which it shows; None: see below), (status, media type, body) of the faulty answer
FAULTY: dict[str, tuple[set[str], tuple[int, str | None, bytes] | None]] = {
    "undocumented-code": (
        {"getTrainingJob unknown-id"},
        (404, "application/json", text("ML_9999", "Training job does not exist", 404)),
    ),
    "code-under-wrong-status": (
        {"getModel unknown-id"},
        (400, "application/json", text("ML_1001", "Specified model does not exist")),
    ),
    "code-of-another-operation": (
        {"getTrainingJob unknown-id"},
        (404, "application/json", text("ML_1001", "Specified model does not exist", 404)),
    ),
    "body-status-mismatch": (
        {"getEndpoint unknown-id"},
        (404, "application/json", text("ML_1201", "Inference endpoint does not exist", 400)),
    ),
    "code-case": ({"requestApproval media-type"}, (400, "application/json", text("ml_1800", VALIDATION))),
    "code-type": ({"createFeatureGroup media-type"}, (400, "application/json", envelope(1800, VALIDATION, 400))),
    "missing-code": (
        {"createTrainingJob media-type"},
        (400, "application/json", json.dumps({"error": {"message": VALIDATION, "http": 400}}).encode()),
    ),
    "missing-message": (
        {"createModel media-type"},
        (400, "application/json", b'{"error": {"code": "ML_1800", "http": 400}}'),
    ),
    "wrong-role-type": ({"createEndpoint media-type"}, (400, "application/json", envelope("ML_1800", {"en": VALIDATION}, 400))),
    "status-as-text": (
        {"createFeatureGroup members"},
        (400, "application/json", envelope("ML_1500", "Feature group configuration is invalid", "400")),
    ),
    "undocumented-member": (
        {"createExperiment members"},
        (
            400,
            "application/json",
            text("ML_1300", "Experiment configuration is invalid").replace(b"}}", b', "traceId": "8d1f07c2"}}'),
        ),
    ),
    "flat-envelope": (
        {"createDriftMonitor members"},
        (400, "application/json", b'{"code": "ML_1400", "message": "Drift monitor configuration is invalid", "http": 400}'),
    ),
    "framework-validation": (
        {"createModel malformed-json"},
        (400, "application/json", b'{"detail": [{"type": "json_invalid", "loc": ["body"], "msg": "JSON decode error"}]}'),
    ),
    "error-under-success": (
        {"getExperiment unknown-id"},
        (200, "application/json", text("ML_1301", "Experiment does not exist", 404)),
    ),
    "empty-401": ({"listTrainingJobs no-credentials"}, (401, None, b"")),
    "html-error": ({"createDriftMonitor media-type"}, (400, "text/html; charset=utf-8", PAGE)),
    "json-as-text": (
        {"createDriftMonitor malformed-json"},
        (400, "text/plain; charset=utf-8", text("ML_1800", VALIDATION)),
    ),
    "html-as-json": ({"createEndpoint malformed-json"}, (400, "application/json", PAGE)),
    "truncated-json": (
        {"createFeatureGroup malformed-json"},
        (400, "application/json", b'{"error": {"code": "ML_1800", "message": "Re'),
    ),
    "wrong-media-type": (
        {"createExperiment media-type"},
        (400, "application/vnd.eventml+json", text("ML_1800", VALIDATION)),
    ),
    "unfilled-placeholder": (
        {"listModelVersions unknown-id"},
        (404, "application/json", text("ML_1001", "Model %s does not exist", 404)),
    ),
    "stack-trace": ({"createExperiment malformed-json"}, (400, "application/json", text("ML_1800", TRACEBACK))),
    "leaked-token": (
        {f"{operation.id} bad-credentials" for operation in operations().values() if operation.secured},
        (401, "application/json", text("ML_1702", f"Invalid or expired authentication token {JWT}", 401)),
    ),
    "database-text": (
        {"createModel members"},
        (
            400,
            "application/json",
            text(
                "ML_1000",
                'psycopg.errors.NotNullViolation: SQLSTATE 23502: null value in column "framework" of relation "models"',
            ),
        ),
    ),
    "internal-address": (
        {"createTrainingJob members"},
        (
            400,
            "application/json",
            text("ML_1100", "Training job configuration is invalid (checked by http://scheduler.ml.svc.cluster.local:8080)"),
        ),
    ),
    "language-text": (
        {"createModel not-an-object"},
        (400, "application/json", text("ML_1800", "'list' object has no attribute 'get'")),
    ),
    "undeclared-status": (
        {"getFeatureGroup unknown-id"},
        (400, "application/json", text("ML_1801", "Invalid input provided for a field")),
    ),
    "server-error": (
        {"createTrainingJob malformed-json"},
        (500, "application/json", text("ML_2000", "Internal server error", 500)),
    ),
    "dropped-connection": ({"getDriftMonitor unknown-id"}, None),
    "auth-not-enforced": (
        {"listExperiments no-credentials", "listExperiments bad-credentials"},
        (200, "application/json", b'{"items": [], "total": 0}'),
    ),
    "lenient-body": (
        {"requestApproval malformed-json"},
        (201, "application/json", b'{"id": "a-0000", "modelId": "m-0000", "stage": "STAGING", "status": "APPROVED"}'),
    ),
    "no-challenge": (
        {"getModel no-credentials"},
        (401, "application/json", text("ML_1700", "Authentication required", 401)),
    ),
    "odd-status": (FAULTY_STRAYS, (499, "application/json", b'{"detail": "Not Found"}')),
    "stray-html": (
        FAULTY_STRAYS,
        (
            404,
            "text/html; charset=utf-8",
            b"<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not"
            b" found on the server. If you entered the URL manually please check your spelling and try again.</p>\n",
        ),
    ),
    "stray-method-envelope": (STRAY_METHODS, (405, "application/json", b'{"error": "method"}')),
    "no-allow": (STRAY_METHODS, (405, "application/json", b'{"detail": "Method Not Allowed"}')),
    "null-body-crash": ({"createFeatureGroup null-body"}, CRASHED),
    "none-code": ({"createExperiment scalar-body"}, (400, "application/json", text("None", VALIDATION))),
    "deep-nesting-dropped": ({"createModel too-deep"}, None),
    "bad-bytes-crash": ({"createEndpoint not-utf-8"}, CRASHED),
    "content-coding-crash": ({"createDriftMonitor content-coding"}, CRASHED),
    "charset-page": ({"createTrainingJob charset"}, (400, HTML, PAGE)),
    "duplicate-member-accepted": (
        {"requestApproval duplicate-member"},
        (201, "application/json", b'{"id": "a-0000", "modelId": "m-0000", "stage": "STAGING", "status": "APPROVED"}'),
    ),
    "unknown-value-code": (
        {"createModel framework"},
        (400, "application/json", text("ML_1004", "Unsupported ML framework specified")),
    ),
    "query-crash": ({"listModels query"}, CRASHED),
    "query-accepted": ({"listTrainingJobs query"}, (200, "application/json", b'{"items": [], "total": 0}')),
    "nul-id-page": ({"getExperiment nul-id"}, (404, HTML, PAGE)),
    "long-id-crash": ({"getEndpoint long-id"}, (500, "application/json", text("ML_1900", "Database operation failed", 500))),
    "undecodable-id-dropped": ({"getTrainingJob undecodable-id"}, None),
    "head-accepted": ({"head getModel"}, (200, "application/json", b"")),
    "unknown-path-method-accepted": ({"stray-path-method"}, (200, "application/json", b'{"status": "UP"}')),
    "trailing-slash-shape": ({"stray-slash"}, (404, "application/json", b'{"status": "missing"}')),
    "double-slash-page": ({"stray-double-slash"}, (404, HTML, PAGE)),
}

#: Headers that a fault takes away; WWW-Authenticate goes where 401 does.
LOST = {"no-challenge": {"www-authenticate"}, "no-allow": {"allow"}, "auth-not-enforced": {"www-authenticate"}}


def test_every_fault_is_held() -> None:
    assert set(FAULTY) == set(FAULTS)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_changes_its_answer_and_no_other(fault: str, clean: dict[str, Reply | None]) -> None:
    faulty = replies({fault})
    sites, expected = FAULTY[fault]
    assert {name for name in STIMULI if faulty[name] != clean[name]} == sites
    for site in sites:
        got, was = faulty[site], clean[site]
        assert was is not None
        if expected is None:
            assert got is None
            continue
        assert got is not None
        assert (got.status, got.headers.get("content-type"), got.body) == expected
        about_body = {"content-type", "content-length"}
        kept = {name: value for name, value in was.headers.items() if name not in about_body | LOST.get(fault, set())}
        assert {name: value for name, value in got.headers.items() if name not in about_body} == kept


def test_the_service_lives_on_after_a_dropped_connection() -> None:
    with connected({"dropped-connection"}) as connection:
        assert send(connection, STIMULI["getDriftMonitor unknown-id"]) is None
        reply = send(connection, Sent("GET", "/v1/health", {}))
    assert reply is not None
    assert reply.status == 200


def test_faults_are_consulted_at_every_request(clean: dict[str, Reply | None]) -> None:
    faults: set[str] = set()
    name = "getTrainingJob unknown-id"
    with connected(faults) as connection:
        before = send(connection, STIMULI[name])
        faults.add("undocumented-code")
        with_fault = send(connection, STIMULI[name])
        faults.clear()
        after = send(connection, STIMULI[name])
    assert (before, after) == (clean[name], clean[name])
    assert with_fault is not None
    assert json.loads(with_fault.body)["error"]["code"] == "ML_9999"


def test_the_demos_faults_meet_in_no_answer() -> None:
    assert len(DEMO_FAULTS) == 5
    sites = [site for name in DEMO_FAULTS for site in FAULTY[name][0]]
    assert len(sites) == len(set(sites))


def test_an_unknown_fault_is_refused_with_the_closest_name() -> None:
    with pytest.raises(ValueError, match=r"^no fault is called 'odd-statuss'; did you mean odd-status\?$"):
        create_app({"odd-statuss"})
