"""``errlint detect``: bodies, printed answers, documents, records."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from errlint.api.detecting import detect
from errlint.cli.main import run
from errlint.errors import LoadError
from errlint.load.envelopes import shipped_envelopes
from errlint.match.likely import bodies
from errlint.model.detected import Group
from errlint.model.spec import Node

TESTS = Path(__file__).parents[1]


def answer(body: Any, **more: Any) -> tuple[str, str]:
    """The envelopes that fit best, and whose default body it is."""
    found = detect(body if isinstance(body, bytes) else json.dumps(body).encode(), "x", **more)
    return " or ".join(one.envelope for one in found.matches[: found.ties]), found.framework


def test_the_words_of_a_framework_tell_apart_what_its_shape_does_not():
    assert answer({"detail": "Not Found"}) == ("fastapi-detail", "FastAPI")
    assert answer({"detail": "Not found."}) == ("drf-detail", "Django REST framework")
    assert answer({"detail": "gone"}) == ("drf-detail or fastapi-detail", "")


def test_media_type_header_and_status_count():
    problem = {"type": "about:blank", "status": 404}
    assert answer(problem) == ("", "")
    assert answer(problem, headers={"content-type": "application/problem+json; charset=utf-8"}) == ("problem-json", "")
    assert answer({"message": "no"}, headers={"x-amzn-errortype": "AccessDenied"}) == ("aws-apigateway", "")
    assert answer({"ok": False, "error": "x"}, status=200) == ("slack", "")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center>", ("an HTML page", "nginx")),
        (b"Not Found", ("a text", "Starlette and others")),
        (b"no healthy upstream", ("a text", "Envoy")),
        (b"<h1>ours</h1>", ("an HTML page", "")),
        (b"", ("no body", "")),
        (b"\xff\xfe\x00", ("a text", "")),
        (b"[" * 100_000, ("JSON that cannot be read: it is nested too deeply", "")),
        (b"{" + b'"a": 1,' * 50_000 + b'"b": 2}', ("{a, b}", "")),
    ],
)
def test_what_no_envelope_is_can_still_be_named(body, expected):
    found = detect(body, "x")
    assert (found.looks, found.framework, found.ties) == (*expected, 0)


def test_a_text_is_no_code():
    found = detect(b'{"error": "Something went wrong"}', "x")
    assert (found.ties, found.matches[0].envelope, found.matches[0].against) == (
        0,
        "oauth2",
        ("error is a text of several words, no code",),
    )


def test_no_secret_is_told():
    token = "Bearer abcdefghijklmnopqrstuvwxyz0123456789"
    told = repr(detect(json.dumps({"detail": f"cannot use {token}"}).encode(), "x"))
    told += repr(detect(json.dumps({"error": f"cannot use {token}"}).encode(), "x"))
    told += repr(detect(json.dumps({"error": {"code": token, "message": token, "http": 400}}).encode(), "x"))
    assert ("cannot use" in told, "abcdefghijkl" in told) == (True, False)


def test_a_page_that_shows_a_document_is_a_page():
    found = detect(b'<html><script>ui({"openapi": "3.1.0"})</script></html>', "x")
    assert (found.kind, found.looks) == ("body", "an HTML page")


def test_a_printed_answer_brings_its_status_and_headers():
    printed = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/2 404 \r\nContent-Type: application/problem+json\r\n\r\n{}"
    assert answer(printed) == ("problem-json", "")
    assert answer(b"HTTP/1.1 404 Not Found\nServer: x\n\n404: Not Found") == ("", "aiohttp")


def test_the_envelopes_of_a_catalog_compete(tmp_path):
    catalog = tmp_path / "shop.json"
    own = {"mine": {"code": {"pointer": "/fault/id"}, "message": {"pointer": "/fault/text"}}}
    catalog.write_text(json.dumps({"errlint": 1, "service": {"name": "shop"}, "envelopes": own, "errors": []}))
    body = {"fault": {"id": "GONE", "text": "it is gone"}}
    assert (answer(body), answer(body, catalog=[str(catalog)])) == (("", ""), ("mine", ""))


def test_the_errors_of_a_document_are_counted_by_what_they_are():
    found = detect((TESTS.parent / "errlint/demo/openapi.yaml").read_bytes(), "openapi.yaml")
    assert (found.kind, found.ties, found.matches[0].envelope, found.matches[0].score) == ("document", 1, "eventml", 100)
    assert found.groups == (
        Group(("eventml",), "{error: {code, http, message}}", found.errors - found.left, "GET /models 400"),
    )


def document(*schemas: dict[str, Any]) -> bytes:
    responses = {
        str(400 + number): {"description": "d", "content": {"application/json": {"schema": schema}}}
        for number, schema in enumerate(schemas)
    }
    paths = {"/a": {"get": {"responses": {**responses, "500": {"description": "no content"}}}}}
    return json.dumps({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths}).encode()


def listing(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {name: {"type": kind} for name, kind in properties.items()}}


@pytest.mark.parametrize("schema", [True, False, {"$ref": {}}, {"$ref": ["a"]}, {"$ref": 7}])
def test_a_schema_that_says_nothing_is_no_envelope(schema):
    found = detect(document(schema), "x.json")
    assert (found.errors, found.matches, {group.envelopes for group in found.groups} <= {()}) == (2, (), True)


def test_a_schema_is_what_its_members_say():
    kinds = [
        listing(kind="string", status="string", code="integer"),  # a constant may stand where any text may
        {"allOf": [listing(id="string"), {"$ref": "#/paths/~1a/get/responses/403/content/application~1json/schema"}]},
        listing(code="integer", message="string", more="string"),
        listing(message="string"),
        {"type": "array", "items": {"type": "string"}},
        {},
    ]
    found = detect(document(*kinds), "x.json")
    assert (found.errors, found.left) == (7, 1)
    assert {group.example: " or ".join(group.envelopes) for group in found.groups} == {
        "GET /a 400": "k8s-status",
        "GET /a 401": "digitalocean",
        "GET /a 402": "",
        "GET /a 403": "docker-engine or flask-restx or laravel",
        "GET /a 404": "",
        "GET /a 405": "",
    }


def test_a_schema_that_nests_without_end_has_an_end():
    loop = {"type": "object", "properties": {"error": {"$ref": "#/x"}, "code": {"type": "string"}}}
    spec: Any = type("Spec", (), {"step": staticmethod(lambda node: Node("x", (), loop)), "dialect": "3.1"})
    (body,) = bodies(Node("x", (), loop), spec)
    assert json.dumps(body).count("error") == 4


def test_a_record_is_counted_by_its_error_answers():
    found = detect((TESTS / "recorded/schemathesis.har").read_bytes(), "x.har")
    assert (found.kind, [(one.envelopes, one.count) for one in found.groups]) == (
        "record",
        [(("fastapi-detail",), 7), (("eventml",), 2)],
    )


def test_a_success_of_a_record_counts_where_an_envelope_says_that_it_is_an_error():
    def entry(status: int, body: Any) -> dict[str, Any]:
        content = {"mimeType": "application/json", "text": json.dumps(body)}
        request = {"method": "GET", "url": "http://a.test/x", "headers": []}
        return {"request": request, "response": {"status": status, "headers": [], "content": content}}

    entries = [entry(200, {"ok": False, "error": "no_auth"}), entry(200, {"id": "x", "message": "hello"}), entry(200, [])]
    found = detect(json.dumps({"log": {"entries": entries}}).encode(), "x.har")
    assert [(one.envelopes, one.count, one.example) for one in found.groups] == [(("slack",), 1, "GET /x 200")]


@pytest.mark.parametrize("text", [b"openapi: 3.0.0\n bad: [", b'{"log": {"entries": 1}}', b"swagger: '9.9'\npaths: {}\n"])
def test_a_broken_document_or_record_is_told(text):
    with pytest.raises(LoadError):
        detect(text, "x.yaml")


# The command


def called(arguments: list[str], capsys: Any) -> tuple[int, str, str]:
    code = run(["detect", *arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_answer_is_told_with_its_reasons(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("body.json").write_text('{"statusCode": 404, "error": "Not Found", "message": "no user 7\\u001b[31m"}')
    assert called(["body.json"], capsys) == (
        0,
        "body.json: fastify or hapi or nestjs (score 29, nothing tells them apart), "
        "the default body of Fastify, hapi or NestJS\n"
        "  why      it is the default body of Fastify, hapi or NestJS; it names statusCode, error, message; "
        "it names every member\n"
        "  message  no user 7\\x1b[31m\n"
        "  status   404\n"
        "  next     aws-apigateway (score 7): it does not know statusCode, error\n"
        "  in a catalog:\n"
        "    envelopes: {fastify: {use: fastify}}\n",
        "",
    )


def test_programs_get_the_matches_best_first(capsys, monkeypatch):
    body = b'{"error": {"code": "nope", "message": "m", "http": 400}}'
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(body.replace(b"nope", b"ML_1001"))))
    code, out, _ = called(["-", "-f", "json", "--status", "400", "-H", "Content-Type: application/json"], capsys)
    told = json.loads(out)
    assert (code, told["version"], told["kind"], told["default_body_of"]) == (0, 1, "body", None)
    assert told["matches"][0] == {
        "envelope": "eventml",
        "title": "EventML error",
        "score": 28,
        "best": True,
        "fits": True,
        "why": "it names error.code, error.message, error.http; it names every member",
        "against": "",
    }
    assert [one["fits"] for one in told["matches"][1:]] == [False] * len(told["matches"][1:])
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(body)))
    said = 'the nearest is eventml: error.code: "nope" does not match ^ML_[0-9]{4}$\n'
    assert called(["-"], capsys) == (1, f"stdin: no envelope fits {{error: {{code, http, message}}}}; {said}", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.json"], "errlint: none.json: cannot be read: No such file or directory\n"),
        (["."], "errlint: .: is a directory, not a file\n"),
        (["x.json", "-H", "no colon"], "errlint: a header has no colon; write -H 'Name: value'\n"),
    ],
)
def test_what_cannot_be_read_is_one_line(arguments, said, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("x.json").write_text("{}")
    assert called(arguments, capsys) == (2, "", said)


def test_what_nothing_fits_is_exit_1(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("x.json").write_text('{"error_code": 7}')
    said = "x.json: no envelope fits {error_code}; the nearest is confluent: it has no message\n"
    assert called(["x.json"], capsys) == (1, said, "")


def test_a_body_of_nobody_s_comes_with_what_a_catalog_says_of_it(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("x.json").write_text('{"detail": {"code": "GONE", "message": "It is gone"}}')
    code, out, _ = called(["x.json"], capsys)
    assert (code, out.splitlines()[1:]) == (
        1,
        [
            "  in a catalog it is one of your own:",
            "    envelopes: {service: {code: {pointer: /detail/code}, message: {pointer: /detail/message}}}",
        ],
    )


def test_the_shipped_envelopes_are_listed(capsys):
    code, out, _ = called(["--list"], capsys)
    assert (code, out.splitlines()[0]) == (0, "adyen                     Adyen service error")
    assert [line.split()[0] for line in out.splitlines()] == [*shipped_envelopes()]


def test_something_must_be_named(capsys):
    code, out, err = called([], capsys)
    assert (code, out, err.splitlines()[-1]) == (2, "", "errlint: Missing argument 'BODY|SPEC|HAR' (errlint detect --help)")


PROBLEM = b'{"type": "about:blank", "title": "x", "status": 404, "detail": "y"}'


@pytest.mark.parametrize("body", [PROBLEM.decode().encode("utf-16"), b"\xef\xbb\xbf" + PROBLEM, PROBLEM + b"\n" + PROBLEM])
def test_marks_of_an_encoding_and_json_by_the_line_are_read(body: bytes):
    assert answer(body) == ("problem-json", "")


@pytest.mark.parametrize(
    ("body", "looks"),
    [
        (b'{"detail": "x"', "JSON that cannot be read: Expecting ',' delimiter (line 1 column 15)"),
        (b'{"detail": NaN}', "JSON that cannot be read: NaN is no JSON"),
        (b'["' + b"x" * (1 << 20) + b'"]', "larger than 1 MiB, which no error body is"),
        (b"Not here", "a text"),
    ],
)
def test_what_is_no_json_says_why(body: bytes, looks: str):
    assert detect(body, "x").looks == looks


def test_many_header_blocks_are_read_in_linear_time():
    assert answer(b"HTTP/1.1 100 Continue\r\n\r\n" * 30_000 + b"HTTP/2 404\r\n\r\n" + PROBLEM) == ("problem-json", "")


def test_envelopes_of_equally_many_answers_are_not_said_to_look_alike(tmp_path: Path, capsys):
    bodies = [PROBLEM.decode(), '{"error": {"message": "m", "type": "t", "param": null, "code": "x"}}']
    entries = [
        {
            "request": {"method": "GET", "url": "https://a.test/x"},
            "response": {"status": 404, "headers": [], "content": {"mimeType": "application/json", "text": body}},
        }
        for body in bodies
    ]
    archive = tmp_path / "a.har"
    archive.write_text(json.dumps({"log": {"entries": entries}}))
    assert run(["detect", str(archive)]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "  openai and problem-json are as frequent; in a catalog each is the envelope of a layer"
