"""``errlint serve``: any documented error on demand, over real sockets; errlint's own judge finds each answer right."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

import pytest

from errlint import api
from errlint.api.answering import Answers
from errlint.demo.document import conforming_text
from errlint.errors import ConfigError
from errlint.export.samples import shown_statuses
from errlint.model.exchange import Observation, Request
from errlint.model.finding import Location, Severity
from errlint.model.spec import Node, Operation
from errlint.serve.http import bound, running
from errlint.serve.smallest import TooMuch, smallest
from errlint.serve.wishes import Unclear, Wish, wish_of
from tests.services.interrupts import heeding_interrupts
from tests.unit.export_cases import shipped


class Got(NamedTuple):
    """One answer; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)


@contextmanager
def serving(*sources: str) -> Iterator[HTTPConnection]:
    with running(api.mock(sources).app, "errlint/test") as url:
        connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
        yield connection
        connection.close()


@pytest.fixture(scope="module")
def maas() -> Iterator[HTTPConnection]:
    with serving("builtin:maas") as connection:
        yield connection


@pytest.fixture(scope="module")
def demo() -> Iterator[HTTPConnection]:
    with serving("pkg:errlint/demo/catalog.yaml") as connection:
        yield connection


def get(connection: HTTPConnection, path: str = "/x", method: str = "GET", body: Any = None, **headers: str) -> Got:
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    return Got(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())


@pytest.mark.parametrize("name", ["builtin:eventml", "builtin:maas", "pkg:errlint/demo/catalog.yaml"])
def test_every_entry_is_answered_under_each_of_its_statuses_and_the_judge_finds_it_right(name: str) -> None:
    catalog = shipped(name)
    judge = Answers([name])
    found, wanted = {}, {}
    with serving(name) as connection:
        for code in catalog.codes:
            for status in shown_statuses(code.statuses):
                got = get(connection, "/a/path", "POST", b"{}", Prefer=f"code={code.id}, status={status}")
                routed = catalog.layers[code.layer].applies_to != "unrouted"
                told = judge.judge(observed(got, routed), Severity.WARNING)
                found[code.id, status] = got.status, carried(got.data), [one.finding.message for one in told]
                wanted[code.id, status] = status, code.code, []
    assert found == wanted


def observed(got: Got, routed: bool) -> Observation:
    operation = Operation("POST /a/path", "POST", "/a/path", Node("x", (), {}), statuses=("default",)) if routed else None
    request = Request("POST", "http://127.0.0.1/a/path")
    at = Location("x", ())
    return Observation("live", at, got.status, got.headers, got.body, operation=operation, request=request)


def carried(body: Any) -> Any:
    """The code in one of the shipped catalogs' bodies."""
    inner = body["error"] if isinstance(body.get("error"), dict) else body
    return inner.get("code", inner.get("error_code"))


@pytest.mark.parametrize(
    ("path", "headers", "status", "code"),
    [
        ("/x", {"Prefer": "code=ML_1102"}, 409, "ML_1102"),
        ("/x", {"Prefer": 'respond-async, Code = "ML_1102"; x=y, code=ML_1000'}, 409, "ML_1102"),
        ("/x", {"X_Errlint_Code": "ML_1102"}, 409, "ML_1102"),
        ("/x?__code=ML_1102&a=b", {}, 409, "ML_1102"),
        ("/", {"Prefer": "code=ML_1102"}, 409, "ML_1102"),
        ("/x", {"Prefer": "code=TRAINING_ALREADY_RUNNING"}, 409, "ML_1102"),
        ("/x", {"Prefer": "code=service/ML_1102"}, 409, "ML_1102"),
        ("/x", {"Prefer": "status=409"}, 409, "ML_1002"),
        ("/x", {"Prefer": "code=409"}, 409, "ML_1002"),
        ("/x?__status=504", {}, 504, "ML_1104"),
        ("/x?__code=ML_1000", {"Prefer": "code=ML_1102"}, 400, "ML_1000"),
    ],
)
def test_a_wish_is_granted(demo: HTTPConnection, path: str, headers: dict[str, str], status: int, code: str) -> None:
    got = get(demo, path, **headers)
    assert (got.status, got.data["error"]["code"], got.data["error"]["http"]) == (status, code, status)


@pytest.mark.parametrize(
    ("path", "prefer", "status", "detail"),
    [
        ("/x", "code=ML_1103x", 404, "the catalog has no entry ML_1103x; did you mean ML_1103? GET / lists them all."),
        ("/x", "code=ml_1102", 404, "the catalog has no entry ml_1102; did you mean ML_1102? GET / lists them all."),
        ("/x", "code=zzzzzzzz", 404, "the catalog has no entry zzzzzzzz. GET / lists them all."),
        ("/x", "code=ML_1102, status=404", 404, "ML_1102 is not documented for 404, but for 409"),
        ("/x", "status=418", 404, "the catalog has no entry for 418; it has 400, 401, 403, 404, 405, 409, 500, 502, 503, 504"),
        ("/x", "status=zz", 400, "the status 'zz' is no HTTP status from 100 to 599"),
        ("/x", "example=a", 400, None),
        (
            "/x?__code=a%0d%0aSet-Cookie:%20x%e2%80%ae",
            "",
            404,
            "the catalog has no entry a\\r\\nSet-Cookie: x\\u202e. GET / lists them all.",
        ),
        ("/x?__code=" + "a" * 2000, "", 400, "the code is longer than 1000 characters"),
    ],
)
def test_a_wish_that_cannot_be_granted_is_told(
    demo: HTTPConnection, path: str, prefer: str, status: int, detail: str | None
) -> None:
    got = get(demo, path, Prefer=prefer)
    assert (got.status, got.headers["content-type"], got.data["type"]) == (
        status,
        "application/problem+json",
        "urn:errlint:serve",
    )
    assert detail in (None, got.data["detail"])
    assert "set-cookie" not in got.headers


def test_an_entry_has_the_fields_that_it_names_and_that_its_status_demands(maas: HTTPConnection) -> None:
    fields = ("allow", "www-authenticate", "retry-after")
    asked = ("fastapi.405", "ModelArts.81003", "ModelArts.81101")
    found = {
        code: {name: value for name, value in get(maas, Prefer=f"code={code}").headers.items() if name in fields}
        for code in asked
    }
    assert found == {
        "fastapi.405": {"allow": "POST"},
        "ModelArts.81003": {"www-authenticate": "Bearer"},
        "ModelArts.81101": {"retry-after": "1"},
    }


def test_entries_of_one_code_are_told_apart_by_their_ids(maas: HTTPConnection) -> None:
    asked = ("vllm.body.missing", "vllm.body.empty", "400")
    bodies = [get(maas, Prefer=f"code={code}").data for code in asked]
    assert [(body["code"], body["message"][:42]) for body in bodies] == [
        (400, "[{'type': 'missing', 'loc': ('body', 'mode"),
        (400, "[{'type': 'missing', 'loc': ('body',), 'ms"),
        (400, "[{'type': 'missing', 'loc': ('body', 'mode"),
    ]


def test_without_a_wish_the_root_lists_the_codes_and_a_browser_gets_the_page(demo: HTTPConnection) -> None:
    got = get(demo, "/")
    assert (got.status, got.data["service"], len(got.data["codes"])) == (200, "EventML Service", 36)
    assert got.data["codes"][0] == {
        "id": "ML_1000",
        "code": "ML_1000",
        "status": [400],
        "layer": "service",
        "name": "INVALID_MODEL_CONFIG",
        "message": "Model configuration is invalid or missing required fields",
        "prefer": "code=ML_1000",
        "query": "?__code=ML_1000",
    }
    page = get(demo, "/", Accept="text/html,*/*")
    assert (page.headers["content-type"], page.body.count(b"<article ")) == ("text/html; charset=utf-8", 36)


def test_without_a_wish_another_path_is_answered_as_the_service_does(demo: HTTPConnection, maas: HTTPConnection) -> None:
    got = get(demo, "/nowhere", "PATCH")
    assert (got.status, got.data, "x-errlint-hint" in got.headers) == (404, {"detail": "Not Found"}, True)
    assert (get(maas, "/nowhere").data["error_code"]) == "APIG.0101"
    with serving("builtin:eventml") as connection:
        told = get(connection, "/nowhere").data
    assert (told["title"], told["status"]) == ("Say which error", 404)


def test_equal_requests_get_equal_answers_and_others_another_request_id(maas: HTTPConnection) -> None:
    asked = [get(maas, path, Prefer="code=APIG.0308") for path in ("/a", "/a", "/b")]
    ids = [got.data["request_id"] for got in asked]
    assert (ids[0] == ids[1] == asked[0].headers["x-request-id"], ids[0] == ids[2]) == (True, False)


def test_head_has_no_body_and_other_methods_are_answered_too(demo: HTTPConnection) -> None:
    found = [get(demo, "/x", method, Prefer="code=ML_1102") for method in ("HEAD", "DELETE", "QUERY", "OPTIONS")]
    assert [(got.status, len(got.body) > 0) for got in found] == [(409, False), (409, True), (409, True), (409, True)]


def test_a_page_of_another_origin_may_ask_and_read(demo: HTTPConnection) -> None:
    asked = {
        "Origin": "https://app.test",
        "Access_Control_Request_Method": "PUT",
        "Access_Control_Request_Headers": "prefer, x-a",
    }
    names = ("allow-origin", "allow-methods", "allow-headers", "allow-credentials", "expose-headers")
    answers = [get(demo, "/x", "OPTIONS", **asked), get(demo, Origin="https://app.test", Prefer="code=ML_1202"), get(demo)]
    assert [(got.status, [got.headers.get(f"access-control-{name}") for name in names]) for got in answers] == [
        (204, ["https://app.test", "PUT", "prefer, x-a", "true", None]),
        (503, ["https://app.test", None, None, "true", "Retry-After"]),
        (404, ["*", None, None, None, None]),
    ]
    assert get(demo, Origin="a b, c").headers["access-control-allow-origin"] == "*"


HOSTILE = {
    "a target that is no url": b"GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n",
    "a field of odd bytes": b"GET /x HTTP/1.1\r\nHost: x\r\nPrefer: code=\xff\xfe\r\n\r\n",
    "a code with a carriage return": b"GET /x HTTP/1.1\r\nHost: x\r\nX-Errlint-Code: a\rSet-Cookie: b\r\n\r\n",
    "an endless quoted code": b'GET /x HTTP/1.1\r\nHost: x\r\nPrefer: code="' + b'\\"' * 5000 + b"\r\n\r\n",
    "many preferences": b"GET /x HTTP/1.1\r\nHost: x\r\nPrefer: " + b"a=b;c=d," * 3000 + b"\r\n\r\n",
    "a field too long": b"GET /x HTTP/1.1\r\nHost: x\r\nPrefer: " + b"a" * 70_000 + b"\r\n\r\n",
    "too many fields": b"GET /x HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 200 + b"\r\n",
    "a path too long": b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "percent and nothing": b"GET /%?__code=%&__status=%00 HTTP/1.1\r\nHost: x\r\n\r\n",
    "undecodable": b"GET /x?__code=%ff%00 HTTP/1.1\r\nHost: x\r\n\r\n",
    "no http": b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
    "an odd origin": b"OPTIONS /x HTTP/1.1\r\nHost: x\r\nOrigin: a b\r\nAccess-Control-Request-Method: x y\r\n\r\n",
    "chunks that are none": b"POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
    "a body that ends early": b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhello",
    "a broken length": b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\nPrefer: code=ML_1102\r\n\r\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_request_is_answered_and_ends_nothing(
    demo: HTTPConnection, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_connection((demo.host, demo.port), timeout=10) as sender:
        sender.sendall(HOSTILE[name])
        sender.shutdown(socket.SHUT_WR)
        answer = sender.makefile("rb").read()
    head = answer.partition(b"\r\n\r\n")[0].lower()
    assert (answer[:9], b"\nset-cookie" in head, answer[9:10] in b"24") == (b"HTTP/1.1 ", False, True)
    assert capfd.readouterr().err == ""
    assert get(demo, Prefer="code=ML_1102").status == 409


@pytest.mark.parametrize(
    ("environ", "wish"),
    [
        ({}, Wish()),
        ({"HTTP_PREFER": "return=minimal; code=x"}, Wish()),
        ({"HTTP_PREFER": 'code="a\\"b, c", status=404;q=1, example=e'}, Wish('a"b, c', 404, "e")),
        ({"HTTP_PREFER": 'status=404; code="x"; q=1'}, Wish("x", 404)),
        ({"HTTP_PREFER": "code=ModelArts.81001,code=b"}, Wish("ModelArts.81001")),
        ({"HTTP_PREFER": "code=https://x.test/a#b"}, Wish("https://x.test/a#b")),
        ({"HTTP_X_ERRLINT_CODE": "Код".encode().decode("latin-1")}, Wish("Код")),
        ({"QUERY_STRING": f"__code={quote('Код/1')}&__example=e&code=no"}, Wish("Код/1", None, "e")),
        ({"HTTP_PREFER": "code"}, Wish()),
    ],
)
def test_wishes_are_read(environ: dict[str, str], wish: Wish) -> None:
    assert wish_of(environ) == wish
    with pytest.raises(Unclear):
        wish_of({"QUERY_STRING": "__status=099"})


# A document


@cache
def document() -> str:
    path = Path(__file__).parents[2] / "errlint" / "demo" / "openapi.yaml"
    assert path.read_text() == conforming_text()
    return str(path)


@pytest.fixture(scope="module")
def declared() -> Iterator[HTTPConnection]:
    with serving(document()) as connection:
        yield connection


def test_every_error_of_a_document_is_answered_as_it_declares() -> None:
    from errlint.bind.bodies import Bodies
    from errlint.load.openapi import read_spec
    from errlint.load.source import read
    from errlint.match.answer import read_answer

    spec = read_spec(read(document())).spec
    bodies, plan = Bodies(spec), api.compiled(None)
    found = {}
    with serving(document()) as connection:
        for one in spec.declarations:
            if one.error:
                path = "/v1" + one.operation.path.replace("{", "").replace("}", "")
                got = get(connection, path, one.operation.method, Prefer=f"code={one.status_key}")
                seen = Observation("live", Location("x", ()), got.status, got.headers, got.body, operation=one.operation)
                held = bodies.held(read_answer(seen, plan))
                found[one.operation.label, one.status_key] = got.status == int(one.status_key), held and held.faults
    assert len(found) == 94
    assert {name: told for name, told in found.items() if told != (True, ())} == {}


SPEC = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": "1"},
    "servers": [{"url": "https://shop.test/v1"}],
    "paths": {
        "/orders/{id}": {
            "get": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "responses": {
                    "200": {"description": "ok"},
                    "404": {
                        "description": "gone",
                        "headers": {"X-Left": {"schema": {"type": "integer", "minimum": 3}}, "X-Id": {"example": "a\r\nb"}},
                        "content": {
                            "application/json": {
                                "schema": {"type": "object"},
                                "examples": {"lost": {"value": {"code": "E1"}}, "sold": {"value": {"code": "E2"}}},
                            },
                            "text/plain": {"example": "gone", "schema": {"type": "string"}},
                        },
                    },
                    "4XX": {
                        "description": "other",
                        "content": {
                            "application/problem+json": {
                                "schema": {
                                    "type": "object",
                                    "required": ["n"],
                                    "properties": {"n": {"type": "integer", "minimum": 5}},
                                }
                            }
                        },
                    },
                    "401": {"description": "no body"},
                    "409": {"description": "odd", "content": {"application/json": {"schema": {"not": {}}}}},
                    "default": {"description": "any", "content": {"application/json": {}}},
                },
            }
        }
    },
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HTTPConnection]:
    path = tmp_path_factory.mktemp("shop") / "openapi.json"
    path.write_text(json.dumps(SPEC))
    with serving(str(path)) as connection:
        yield connection


@pytest.mark.parametrize(
    ("path", "headers", "status", "media_type", "body"),
    [
        ("/orders/1", {"Prefer": "code=404"}, 404, "application/json", b'{"code": "E1"}'),
        ("/v1/orders/1", {"Prefer": "status=404"}, 404, "application/json", b'{"code": "E1"}'),
        ("/orders/1", {"Prefer": "example=sold"}, 404, "application/json", b'{"code": "E2"}'),
        ("/orders/1", {"X_Errlint_Code": "E2"}, 404, "application/json", b'{"code": "E2"}'),
        ("/orders/1?__code=404&__example=sold", {}, 404, "application/json", b'{"code": "E2"}'),
        ("/orders/1", {"Prefer": "code=404", "Accept": "text/plain"}, 404, "text/plain", b"gone"),
        ("/orders/1", {"Prefer": "code=422"}, 422, "application/problem+json", b'{"n": 5}'),
        ("/orders/1", {"Prefer": "code=401"}, 401, None, b""),
        ("/orders/1", {"Prefer": "code=409"}, 501, "application/problem+json", b"is too involved: give it an example"),
        ("/orders/1", {"Prefer": "code=503"}, 501, "application/problem+json", b"GET /orders/{id} default has no schema"),
        (
            "/orders/1",
            {"Prefer": "example=none"},
            404,
            "application/problem+json",
            b"have no example named none; they have lost, sold",
        ),
        ("/orders/1", {"Prefer": "code=E9"}, 404, "application/problem+json", b"have no example that shows E9; they have lost"),
        (
            "/orders/1",
            {},
            404,
            "application/problem+json",
            b"GET /orders/{id} declares 404, 4XX, 401, 409, default. Ask for one",
        ),
        (
            "/other",
            {"Prefer": "code=404"},
            404,
            "application/problem+json",
            b"the document declares no GET /other. GET / lists",
        ),
        ("/", {}, 200, "application/json", b'"operation": "GET /orders/{id}"'),
    ],
)
def test_a_declared_error_is_answered(
    shop: HTTPConnection, path: str, headers: dict[str, str], status: int, media_type: str | None, body: bytes
) -> None:
    got = get(shop, path, **headers)
    assert (got.status, got.headers.get("content-type")) == (status, media_type)
    assert got.body == body if status in (401, 422) or body[:1] in (b"{", b"g") else body in got.body


def test_declared_fields_have_values_that_fit(shop: HTTPConnection) -> None:
    got = get(shop, "/orders/1", Prefer="code=404")
    assert {name: got.headers[name] for name in ("x-left", "x-id")} == {"x-left": "3", "x-id": "1"}
    assert get(shop, "/orders/1", "HEAD", Prefer="code=401").headers["www-authenticate"] == "Bearer"


def test_a_schema_that_leads_back_to_itself_has_a_smallest_value() -> None:
    both = [
        {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer", "minimum": 700}}},
        {"required": ["m"]},
    ]
    top = {
        "required": ["a", "b", "c"],
        "properties": {"z": {"$ref": "#/$defs/0"}, "a": {"allOf": both}, "b": {"anyOf": [{"enum": ["x"]}, {}]}},
    }
    top["properties"]["c"] = {"type": "array", "minItems": 2, "items": {"$ref": "#/$defs/1"}}
    whole = {"$ref": "#/$defs/0", "$defs": {"0": top, "1": {"const": None}}}
    assert smallest(whole) == {"a": {"n": 700, "m": "x"}, "b": "x", "c": [None, None]}
    for endless in ({"$ref": "#"}, {"required": ["a"], "properties": {"a": {"$ref": "#"}}}, {"$ref": "#/none"}):
        with pytest.raises(TooMuch):
            smallest(endless)


def test_a_length_that_is_none_ends_the_connection_and_what_follows_is_no_request(demo: HTTPConnection) -> None:
    with socket.create_connection((demo.host, demo.port), timeout=10) as sender:
        sender.sendall(b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = sender.makefile("rb").read()
    assert (answer[:12], answer.count(b"HTTP/1.1 ")) == (b"HTTP/1.1 400", 1)


def test_a_client_that_waits_for_the_go_ahead_gets_it_once(demo: HTTPConnection) -> None:
    asked = b"POST /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\nConnection: close\r\n\r\na"
    with socket.create_connection((demo.host, demo.port), timeout=10) as sender:
        sender.sendall(asked)
        answer = sender.makefile("rb").read()
    assert (answer[:25], answer.count(b" 100 Continue")) == (b"HTTP/1.1 100 Continue\r\n\r\n", 1)


def test_a_reset_of_content_names_its_length_so_that_a_kept_connection_goes_on(tmp_path: Path) -> None:
    catalog = tmp_path / "errors.yaml"
    catalog.write_text("errlint: 1\nservice: {name: x}\nerrors: [{code: A, status: 205}, {code: B, status: 204}]\n")
    with serving(str(catalog)) as connection:
        answers = [get(connection, Prefer=f"code={code}") for code in "AB"]
    assert [(got.status, got.headers.get("content-length"), got.body) for got in answers] == [(205, "0", b""), (204, None, b"")]


# The command


def test_a_port_that_is_taken_is_one_line_and_exit_2() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError) as caught:
            bound(api.mock(["builtin:eventml"]).app, "errlint", port=port)
    assert caught.value.line() == f"cannot listen on 127.0.0.1:{port}: Address already in use; --port 0 takes a free one"


@pytest.mark.parametrize(
    ("sources", "line"),
    [
        (["builtin:eventml", "SPEC"], "{SPEC} is no catalog; serve one document alone, or catalogs"),
        (["NONE"], "{NONE} declares no error to serve"),
        (["EMPTY"], "the catalog has no entry to serve"),
    ],
)
def test_what_cannot_be_served_is_refused(tmp_path: Path, sources: list[str], line: str) -> None:
    files = {"SPEC": json.dumps(SPEC), "EMPTY": '{"errlint": 1, "service": {"name": "x"}, "errors": []}'}
    files["NONE"] = json.dumps({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}})
    names = {name: str(tmp_path / name) for name in files}
    for name, text in files.items():
        Path(names[name]).write_text(text)
    with pytest.raises(ConfigError) as caught:
        api.mock([names.get(source, source) for source in sources])
    assert caught.value.line() == line.format(**names)


def test_the_command_prints_its_port_and_ends_with_an_interrupt() -> None:
    run = [sys.executable, "-m", "errlint", "serve", "builtin:eventml", "--port", "0"]
    with subprocess.Popen(
        run, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heeding_interrupts
    ) as process:
        assert process.stdout is not None
        said = [process.stdout.readline(), process.stdout.readline()]
        url = said[0].split(" at ")[1].split(",")[0]
        connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
        status = get(connection, Prefer="code=ML_1102").status
        connection.close()
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=30)
    assert (status, process.returncode, rest) == (409, 0, ("", ""))
    assert said == [
        f"Serving 34 entries of EventML Service at {url}, until Ctrl-C\n",
        f"curl -i {url}/ -H 'Prefer: code=ML_1000'\n",
    ]


def test_an_envelope_that_an_import_left_open_is_answered_with_plain_bodies_and_told(tmp_path: Path) -> None:
    (tmp_path / "errors.yaml").write_text(
        "errlint: 1\nservice: {name: x}\n"
        "envelopes: {unknown: {schema: {type: object}, generic: true}, p: {use: problem-json}}\n"
        "layers: {edge: {envelope: unknown}, core: {envelope: p}}\n"
        "errors: [{code: A, status: 404, layer: edge, message: gone}, {code: B, status: 404, layer: core}]\n"
    )
    mock = api.mock([str(tmp_path / "errors.yaml")])
    assert mock.notes == (
        'nothing says what bodies of edge look like: bodies are {"code", "message"}; say what yours look like under envelopes',
    )
    with serving(str(tmp_path / "errors.yaml")) as connection:
        assert get(connection, Prefer="code=A").data == {"code": "A", "message": "gone"}
