"""EventML as a WSGI application: the documented service, and what its framework answers to stray requests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING, Any, NoReturn

from errlint.demo.answers import Answer, Refusal
from errlint.demo.document import Operation, operations
from errlint.demo.faults import FAULTS, applied, refuse_unknown, waived
from errlint.demo.store import LOOKUPS, Call, Store
from errlint.model.record import record, replace
from errlint.serve.app import status_line

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from werkzeug.routing import Map

__all__ = ["BASE_PATH", "FAULTS", "READER_TOKEN", "TOKEN", "create_app"]

BASE_PATH = "/v1"
#: May do everything. Shaped like a JWT; worth nothing outside of the demo.
TOKEN = "eyJhbGciOiJub25lIn0.eyJyb2xlIjoibWwtZW5naW5lZXIifQ.ZGVtby1lbmdpbmVlcg"
#: May only read.
READER_TOKEN = "eyJhbGciOiJub25lIn0.eyJyb2xlIjoicmVhZGVyIn0.ZGVtby1yZWFkZXI"

#: operationId -> the code of a body whose members are not those of the document; else ML_1800.
MEMBER_CODES: Mapping[str, str] = {
    "createModel": "ML_1000",
    "updateModel": "ML_1000",
    "createTrainingJob": "ML_1100",
    "invokeEndpoint": "ML_1200",
    "createExperiment": "ML_1300",
    "updateExperiment": "ML_1300",
    "createDriftMonitor": "ML_1400",
    "createFeatureGroup": "ML_1500",
}

#: JSON type of a body that is no object -> why it is refused.
ROOTS: Mapping[type, str] = {list: "not-an-object", type(None): "null-body"}
HTTP_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY"))
#: Arrays in arrays that a body may begin with.
DEEPEST = 100


def create_app(faults: Collection[str] = ()) -> WSGIApplication:
    """A fresh EventML service with an empty store.

    ``faults`` are names of FAULTS and consulted at every request: a set may be changed while the service runs.
    Raises ValueError for an unknown name. A dropped connection leaves the application as ConnectionAbortedError.
    """
    refuse_unknown(faults)
    return _Service(faults)


@record
class _Request:
    method: str
    path: str
    query: str
    authorization: str
    content_type: str
    content_encoding: str
    body: bytes

    @property
    def id(self) -> str:
        """Sixteen hexadecimal digits that equal requests share."""
        text = b"\0".join((self.method.encode("latin-1"), self.path.encode("utf-8", "surrogatepass"), self.body))
        return hashlib.sha256(text).hexdigest()[:16]


class _Service:
    def __init__(self, faults: Collection[str]) -> None:
        self.faults = faults
        self.store = Store()
        self.lock = Lock()
        self.routes = _routes()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = _read(environ)
        answer = self.answer(request)
        if request.method == "HEAD" and answer.cause:
            answer = replace(answer, cause=f"head-{answer.cause}")
        answer = applied(self.faults, answer)
        body = answer.body()
        headers = [("x-request-id", request.id), *answer.headers]
        if answer.status != HTTPStatus.NO_CONTENT:
            headers.append(("Content-Length", str(len(body))))
            if body:
                headers.append(("Content-Type", answer.media_type))
        start_response(status_line(answer.status), headers)
        return [] if request.method == "HEAD" else [body]

    def answer(self, request: _Request) -> Answer:
        """The answer without faults in it."""
        from werkzeug.exceptions import MethodNotAllowed, NotFound  # only a started demo needs werkzeug

        try:
            name, path = self.routes.bind("").match(request.path, request.method)
        except MethodNotAllowed as error:
            allow = ", ".join(sorted(error.valid_methods or ()))
            return Answer(405, {"detail": "Method Not Allowed"}, cause="stray-method", headers=(("Allow", allow),))
        except NotFound:
            return Answer(404, {"detail": "Not Found"}, cause=self.stray(request))
        try:
            with self.lock:
                status, value = self.serve(operations()[name], path, request)
                return Answer(status, value, name)
        except Refusal as refusal:
            return refusal.answer(name)
        except Exception:  # a service answers its own mistakes with 500
            return Refusal("ML_2000", "crash").answer(name)

    def stray(self, request: _Request) -> str:
        """Why no operation is meant: a path that is not there, an odd method on one, or a declared one, respelled."""
        bare = request.path.rstrip("/")
        if request.method in ("GET", "HEAD") and bare != request.path and self.routes.bind("").test(bare, "GET"):
            return "stray-slash"
        if request.path.startswith(f"{BASE_PATH}//"):
            return "stray-double-slash"
        return "stray-path" if request.method in HTTP_METHODS else "stray-path-method"

    def serve(self, operation: Operation, path: Mapping[str, str], request: _Request) -> tuple[int, Any]:
        """Status and value. In this order: credentials, role, JSON, path ids, query, body, rules."""
        if operation.secured and not waived(self.faults, operation.id):
            _authenticate(operation, request.authorization)
        body = _parse(request) if operation.body else {}
        for name, value in path.items():
            if name in LOOKUPS:
                self.store.find(name, value)
        query = _validated_query(operation, request.query)
        _validate(operation, body)
        return self.store.handle(operation.id, Call(path, query, body))


def _routes() -> Map:
    from werkzeug.routing import Map, Rule  # only a started demo needs werkzeug

    return Map(
        [
            Rule(
                BASE_PATH + operation.path.replace("{", "<").replace("}", ">"),
                methods=[operation.method],
                endpoint=operation.id,
            )
            for operation in operations().values()
        ],
        merge_slashes=False,
        strict_slashes=True,
    )


def _read(environ: WSGIEnvironment) -> _Request:
    from werkzeug.wsgi import get_input_stream  # only a started demo needs werkzeug

    return _Request(
        method=environ["REQUEST_METHOD"],
        # WSGI hands over bytes as Latin-1 (PEP 3333); %ff in an id is an id that no row has, not an error.
        path=environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace"),
        query=environ.get("QUERY_STRING", ""),
        authorization=environ.get("HTTP_AUTHORIZATION", "").strip(),
        content_type=environ.get("CONTENT_TYPE", ""),
        content_encoding=environ.get("HTTP_CONTENT_ENCODING", ""),
        body=get_input_stream(environ).read(),
    )


def _authenticate(operation: Operation, authorization: str) -> None:
    if not authorization:
        raise Refusal("ML_1700", "no-credentials")
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or token.strip() not in (TOKEN, READER_TOKEN):
        raise Refusal("ML_1702", "bad-credentials")
    if operation.restricted and token.strip() == READER_TOKEN:
        raise Refusal("ML_1701", "role")


def _parse(request: _Request) -> dict[str, Any]:
    media_type, _, parameters = request.content_type.lower().partition(";")
    media_type = media_type.strip()
    if media_type != "application/json" and not (media_type.startswith("application/") and media_type.endswith("+json")):
        raise Refusal("ML_1800", "media-type")
    if request.content_encoding.strip().lower() not in ("", "identity"):
        raise Refusal("ML_1800", "content-coding")
    charset = parameters.partition("charset=")[2].strip(' "')
    if charset not in ("", "utf-8", "utf8"):
        raise Refusal("ML_1800", "charset")
    if not request.body.strip():
        raise Refusal("ML_1800", "empty-body")
    if request.body.startswith(b"[" * DEEPEST):
        raise Refusal("ML_1800", "too-deep")
    try:
        text = request.body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refusal("ML_1800", "not-utf-8") from error
    try:
        value = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_members)
    except (ValueError, RecursionError) as error:
        raise Refusal("ML_1800", "malformed-json") from error
    if not isinstance(value, dict):
        raise Refusal("ML_1800", ROOTS.get(type(value), "scalar-body"))
    return value


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise Refusal("ML_1800", "duplicate-member")
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number (RFC 8259 section 6)")


def _validated_query(operation: Operation, text: str) -> dict[str, int]:
    """The declared query parameters, all integers; others are ignored."""
    from urllib.parse import parse_qsl

    query: dict[str, int] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        if name not in operation.query:
            continue
        schema = operation.query[name]
        number = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0
        if name in query or not schema["minimum"] <= number <= schema.get("maximum", number):
            raise Refusal("ML_1801", "query")
        query[name] = number
    return query


def _validate(operation: Operation, body: dict[str, Any]) -> None:
    """Refuse a body that breaks the document's schema: wrong members before wrong values."""
    if operation.body is None:
        return
    try:
        errors = [(error.validator, tuple(error.absolute_path)) for error in operation.body.iter_errors(body)]
    except RecursionError as error:
        raise Refusal("ML_1800", "malformed-json") from error
    if not errors:
        return
    if operation.id == "invokeEndpoint":
        raise Refusal("ML_1200", "members")
    if any(keyword in ("required", "additionalProperties", "minProperties") for keyword, _ in errors):
        raise Refusal(MEMBER_CODES.get(operation.id, "ML_1800"), "members")
    if ("enum", ("framework",)) in errors:
        raise Refusal("ML_1003", "framework")
    raise Refusal("ML_1801", "value")
