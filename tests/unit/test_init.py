"""``errlint init``: what it writes, what it leaves alone, and that ``lint`` agrees with it."""

from __future__ import annotations

import json
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from errlint import api
from errlint.api import starting
from errlint.cli.commands import errlint as command
from errlint.load.catalog import read_catalog
from errlint.load.library import Library
from errlint.load.source import load
from errlint.model.finding import NOWHERE, Severity
from errlint.model.record import replace
from tests.services.lax import Reply, Seen, lax

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "errlint/demo/openapi.yaml"

SHOP = """\
openapi: 3.0.3
info: {title: Shop, version: 1.4.0}
paths:
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      responses:
        '200': {description: OK}
        '404': {$ref: '#/components/responses/NotFound'}
        default: {$ref: '#/components/responses/Error'}
    delete:
      responses:
        '204': {description: OK}
        '404': {$ref: '#/components/responses/NotFound'}
        '409':
          description: The order cannot be cancelled
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Error'}
              example: {code: ORDER_SHIPPED, message: It is on its way}
components:
  responses:
    NotFound:
      description: There is no such order
      content:
        application/json:
          schema: {$ref: '#/components/schemas/Error'}
          example: {code: ORDER_NOT_FOUND, message: There is no order 7}
    Error: {description: An error, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
  schemas:
    Error:
      type: object
      required: [code, message]
      properties:
        code: {type: string, enum: [ORDER_NOT_FOUND, ORDER_SHIPPED, RATE_LIMITED]}
        message: {type: string}
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()  # no config above is found
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> tuple[int, str, str]:
    """(exit code, standard output, standard error)."""
    found = CliRunner().invoke(command, ["init", *arguments], standalone_mode=False)
    if found.exception is not None:
        line = getattr(found.exception, "line", None)
        return 2, "", line() if line is not None else repr(found.exception)
    return found.return_value or 0, found.stdout, found.stderr


def brought(document: str, catalog: str = "errors.yaml") -> list[tuple[str, str]]:
    """What ``lint`` says with a catalog and does not say without one."""
    alone = {(one.rule, one.message) for one in api.lint([document]).findings}
    found = [one for one in api.lint([document], [catalog]).findings if one.severity > Severity.NOTE]
    return [(one.rule, one.message) for one in found if (one.rule, one.message) not in alone]


def test_a_catalog_and_a_config_are_written_and_lint_needs_no_argument() -> None:
    Path("openapi.yaml").write_text(SHOP)
    assert run() == (
        0,
        textwrap.dedent(
            """\
            Read openapi.yaml (OpenAPI 3.0.3): 2 operations, 4 error responses.
            Wrote errors.yaml: 3 codes; envelope: error.
            Wrote errlint.toml.

            1 question to you, marked with "# ?" in the catalog:
              1. openapi.yaml:35 lists RATE_LIMITED for any error status: what is its status?

            Next: errlint lint
                  errlint probe openapi.yaml --url http://localhost:8000
            """
        ),
        "",
    )
    assert Path("errors.yaml").read_text() == textwrap.dedent(
        """\
        # Written by errlint init. Above each entry stands where it was seen; "# ?" marks a question to you.
        # errlint lint holds documents to this catalog, errlint probe a running service.
        # ? openapi.yaml:35 lists RATE_LIMITED for any error status: what is its status?
        errlint: 1
        service: {name: shop, title: Shop, version: "1.4.0"}
        envelopes:
          error: {code: {pointer: /code, type: string}, message: {pointer: /message, type: string}}
        layers:
          service: {envelope: error}
        errors:
          # enum: openapi.yaml:35; example: openapi.yaml:28
          - code: ORDER_NOT_FOUND
            status: 404
            message: There is no order {n}
          # enum: openapi.yaml:35; example: openapi.yaml:20
          - code: ORDER_SHIPPED
            status: 409
            message: It is on its way
          # enum: openapi.yaml:35
          - code: RATE_LIMITED
            status: any
        """
    )
    assert Path("errlint.toml").read_text() == textwrap.dedent(
        """\
        # Written by errlint init: errlint lint needs no arguments here.

        [[document]]
        path = "openapi.yaml"
        catalog = "errors.yaml"
        """
    )
    assert brought("openapi.yaml") == []


def test_a_layer_whose_codes_may_not_be_all_is_pointed_at() -> None:
    Path("openapi.yaml").write_text(SHOP.replace(", enum: [ORDER_NOT_FOUND, ORDER_SHIPPED, RATE_LIMITED]", ""))
    told = run("-o", "shop.yaml")[1]
    assert told.splitlines()[-1] == (
        "Once shop.yaml has all codes of layer service, take `codes: open` out of it: any other code is an error then."
    )


def test_a_code_in_two_spellings_is_asked_about() -> None:
    Path("openapi.yaml").write_text(SHOP.replace("ORDER_SHIPPED, RATE_LIMITED]", "ORDER_SHIPPED, order-shipped]"))
    assert "order-shipped: ORDER_SHIPPED in another spelling: which of the two is meant?" in run()[1]


DOCUMENTS = {
    "the demo's": DEMO.read_text(),
    "a shop": SHOP,
    "no required member": SHOP.replace("      required: [code, message]\n", ""),
    "any code": SHOP.replace(", enum: [ORDER_NOT_FOUND, ORDER_SHIPPED, RATE_LIMITED]", ""),
    "no code": SHOP.replace("code: {type: string, enum: [ORDER_NOT_FOUND, ORDER_SHIPPED, RATE_LIMITED]}", "code: {}"),
    "an extensible list": SHOP.replace("enum: [", "x-extensible-enum: ["),
    "problems": SHOP.replace("application/json", "application/problem+json")
    .replace("code", "type")
    .replace("message", "detail"),
    "codes in an array": SHOP.replace("type: object\n", "type: object\n      x-note: none\n")
    .replace(
        "$ref: '#/components/schemas/Error'",
        "type: object, properties: {errors: {type: array, items: {$ref: '#/components/schemas/Error'}}}",
    )
    .replace("example: {code", "x-example: {code"),
    "an array of errors": SHOP.replace(
        "schema: {$ref: '#/components/schemas/Error'}", "schema: {type: array, items: {$ref: '#/components/schemas/Error'}}"
    ).replace("example:", "x-e:"),
    "two envelopes": SHOP.replace(
        "schema: {$ref: '#/components/schemas/Error'}}}}",
        "schema: {type: object, properties: {fault: {type: object, properties: {errorCode: {enum: [F1]}}}}}}}}",
    ),
    "plain texts": SHOP.replace("schema: {$ref: '#/components/schemas/Error'}", "schema: {type: string}").replace(
        "example:", "x-e:"
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_lint_right_after_says_nothing_new_of_a_consistent_document(name: str) -> None:
    Path("openapi.yaml").write_text(DOCUMENTS[name])
    assert run()[0] == 0
    assert brought("openapi.yaml") == []
    assert [one.message for one in api.check_catalog(["errors.yaml"]).findings if one.severity is Severity.ERROR] == []


CONTRADICTIONS = {
    "an example in another case": (
        SHOP.replace("example: {code: ORDER_SHIPPED", "example: {code: order_shipped"),
        [("COV001", "no operation declares order_shipped (409)")],
    ),
    "a code that no list has": (
        SHOP.replace("  schemas:", "  x-errors: {ORDER_LOST: Nobody knows}\n  schemas:"),
        [("COV001", "no operation declares ORDER_LOST (any)")],
    ),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_lint_right_after_says_where_a_document_contradicts_itself(name: str) -> None:
    text, expected = CONTRADICTIONS[name]
    Path("openapi.yaml").write_text(text)
    assert run()[0] == 0
    assert brought("openapi.yaml") == expected


def test_a_catalog_that_is_there_is_replaced_with_force_only() -> None:
    Path("openapi.yaml").write_text(SHOP)
    Path("errors.yaml").write_text("mine")
    assert run() == (2, "", "errors.yaml is there already; --force replaces it, -o FILE writes another one")
    assert Path("errors.yaml").read_text() == "mine"
    assert run("--force")[1].splitlines()[2] == "Wrote errlint.toml."
    assert Path("errors.yaml").read_text() != "mine"
    assert run("--force")[1].splitlines()[2] == "errlint.toml names it already."


@pytest.mark.parametrize("name", ["errlint.toml", "pyproject.toml"])
def test_a_config_that_is_there_is_left_alone_and_told_what_it_lacks(name: str) -> None:
    Path("openapi.yaml").write_text(SHOP)
    text = 'fail-on = "warning"\n' if name == "errlint.toml" else '[tool.errlint]\nfail-on = "warning"\n'
    Path(name).write_text(text)
    code, out, _ = run()
    assert (code, Path(name).read_text()) == (0, text)
    assert f'{name} is left as it is; it should hold:\n   [[document]]\n   path = "openapi.yaml"\n' in out
    assert "Next: errlint lint openapi.yaml --catalog errors.yaml\n" in out


def test_a_dry_run_prints_the_catalog_and_writes_nothing() -> None:
    Path("openapi.yaml").write_text(SHOP)
    code, out, err = run("--dry-run")
    assert (code, [entry["code"] for entry in yaml.safe_load(out)["errors"]]) == (
        0,
        ["ORDER_NOT_FOUND", "ORDER_SHIPPED", "RATE_LIMITED"],
    )
    assert err.splitlines()[1] == "The catalog: 3 codes; envelope: error."
    assert sorted(path.name for path in Path().iterdir()) == [".git", "openapi.yaml"]


UNUSABLE = {
    "nothing": ((), "nothing to read; name one: errlint init openapi.yaml, or --app module:app"),
    "no such file": (("gone.yaml",), "gone.yaml: cannot be read: No such file or directory"),
    "no folder": (("--from", "gone"), "there is no folder gone"),
    "no such record": (("--from-har", "x.har"), "x.har: "),
    "no address": (("openapi.yaml", "--probe", "http://["), "the base url cannot be read"),
    "no header": (("openapi.yaml", "--probe", "http://x", "-H", "X"), "a header has no colon; write -H 'Name: value'"),
    "an empty name": (("",), "a document has no name; is a variable empty?"),
    "a folder for a file": (("-o", "."), ". is a directory; write -o ./errors.yaml"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_unusable_input_is_one_line(name: str) -> None:
    arguments, line = UNUSABLE[name]
    if "openapi.yaml" in arguments:
        Path("openapi.yaml").write_text(SHOP)
    code, out, err = run(*arguments)
    assert (code, out, err[: len(line)]) == (2, "", line)


@pytest.mark.parametrize("name", ["eventml", "maas"])
def test_a_catalog_that_was_exported_to_components_comes_back_whole(name: str) -> None:
    from errlint.export.components import components

    file = read_catalog(f"builtin:{name}")
    text = json.dumps(components(file.catalog, api.compiled(file)))
    made = starting.started([load(text.encode(), "api.json")], Library())
    Path("back.yaml").write_text(made.text)
    back = read_catalog("back.yaml").catalog

    def bare(found: Any) -> Any:
        return replace(found, location=NOWHERE)

    assert [bare(code) for code in back.codes] == [bare(code) for code in file.catalog.codes]
    for part in ("layers", "categories"):
        assert {id_: bare(one) for id_, one in getattr(back, part).items()} == {
            id_: bare(one) for id_, one in getattr(file.catalog, part).items()
        }
    assert [(one.id, one.roles) for one in back.envelopes.values()] == [
        (one.id, one.roles) for one in file.catalog.envelopes.values()
    ]
    assert (back.service, back.title, back.accepted, back.expect_count) == (
        file.catalog.service,
        file.catalog.title,
        file.catalog.accepted,
        file.catalog.expect_count,
    )


def exchange(method: str, path: str, status: int, body: Any) -> dict[str, Any]:
    return {
        "request": {"method": method, "url": f"http://shop.test{path}", "headers": []},
        "response": {
            "status": status,
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "content": {"mimeType": "application/json", "text": json.dumps(body)},
        },
    }


def test_records_and_source_code_join_what_the_document_says() -> None:
    Path("openapi.yaml").write_text(SHOP)
    entries = [
        exchange("GET", "/orders/7", 404, {"code": "ORDER_NOT_FOUND", "message": "There is no order 7"}),
        exchange("GET", "/orders/8", 429, {"code": "RATE_LIMITED", "message": "Too many"}),
        exchange("GET", "/orders/9", 500, {"detail": "Internal Server Error"}),
    ]
    Path("x.har").write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))
    Path("src").mkdir()
    Path("src/errors.py").write_text('class OrderLocked(ShopError):\n    status = 423\n    code = "ORDER_LOCKED"\n')
    assert run("--from-har", "x.har", "--from", "src")[0] == 0
    written = yaml.safe_load(Path("errors.yaml").read_text())
    assert {entry.get("code"): (entry["status"], entry.get("layer")) for entry in written["errors"]} == {
        "ORDER_NOT_FOUND": (404, "service"),
        "ORDER_SHIPPED": (409, "service"),
        "RATE_LIMITED": (429, "service"),
        None: (500, "framework"),
        "ORDER_LOCKED": (423, "service"),
    }
    assert brought("openapi.yaml") == [("COV001", "no operation declares ORDER_LOCKED (423)")]


@pytest.mark.parametrize("documents", [(), ("openapi.yaml",)])
def test_no_credential_of_a_record_is_in_the_catalog(documents: tuple[str, ...]) -> None:
    Path("openapi.yaml").write_text(SHOP) if documents else None
    said = "hunter2 and k-4242-k of AKIAABCDEFGHIJKLMNOP, tok-9999"
    entries = [
        exchange("POST", "/orders", 409, {"code": "OUT_OF_STOCK", "message": said}),
        exchange("GET", "/orders/7?access_token=tok-9999", 404, {"code": "ORDER_GONE", "message": said}),
    ]
    entries[0]["request"]["postData"] = {"mimeType": "application/json", "text": '{"password": "hunter2"}'}
    entries[1]["request"]["headers"] = [{"name": "X-Api-Key", "value": "k-4242-k"}]
    Path("x.har").write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))
    assert run(*documents, "--from-har", "x.har")[0] == 0
    written = yaml.safe_load(Path("errors.yaml").read_text())["errors"]
    shown = "*** and *** of AKIAXXXXXXXXXXXXXXXX, ***"
    assert [one["message"] for one in written if one["code"] in ("OUT_OF_STOCK", "ORDER_GONE")] == [shown, shown]


def test_a_record_is_enough_where_there_is_no_document() -> None:
    entries = [
        exchange("GET", "/orders/7", 404, {"code": "ORDER_NOT_FOUND", "message": "There is no order 7"}),
        exchange("POST", "/orders", 409, {"code": "OUT_OF_STOCK", "message": "There is not enough of it"}),
    ]
    Path("x.har").write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))
    assert run("--from-har", "x.har")[0] == 0
    assert [(one["code"], one["status"]) for one in yaml.safe_load(Path("errors.yaml").read_text())["errors"]] == [
        ("ORDER_NOT_FOUND", 404),
        ("OUT_OF_STOCK", 409),
    ]
    assert Path("errlint.toml").read_text().splitlines()[1:] == ['catalog = "errors.yaml"']


def test_a_service_is_only_read_and_the_base_path_of_the_document_is_tried_first() -> None:
    Path("openapi.yaml").write_text(SHOP.replace("paths:\n", "servers: [{url: /v1}]\npaths:\n"))

    def answer(seen: Seen) -> Reply:
        if seen.path.startswith("/v1/orders/"):
            body = {"code": "ORDER_FROZEN", "message": f"Order {seen.path.rpartition('/')[2]} is frozen"}
            return 423, {"Content-Type": "application/json"}, json.dumps(body).encode()
        return 404, {"Content-Type": "application/json"}, b'{"detail": "Not Found"}'

    with lax(answer) as (url, seen):
        code, out, err = run("--probe", url.replace("//", "//me:geheim123@"), "-H", "X-Team: a")
    assert (code, "geheim123" in out + err) == (0, False)
    assert f"Read {url}: " in out
    assert f"errlint probe openapi.yaml --url {url}/v1\n" in out
    assert {one.method for one in seen}.isdisjoint({"POST", "PUT", "PATCH", "DELETE"})
    assert {one.headers.get("x-team") for one in seen if one.method == "GET"} == {"a"}
    written = yaml.safe_load(Path("errors.yaml").read_text())
    assert [entry["status"] for entry in written["errors"] if entry["code"] == "ORDER_FROZEN"] == [423]
    assert written["layers"]["framework"]["applies_to"] == "all-operations"
    assert brought("openapi.yaml") == [("COV001", "no operation declares ORDER_FROZEN (423)")]


SUITE = """
import json, os, shlex, sys
options = dict(one.split("=", 1) for one in shlex.split(os.environ["PYTEST_ADDOPTS"]))
assert os.path.samefile(options["--errlint-spec"], "openapi.yaml")
kind = ["GET /orders/{id}", 404, "application/json", "ORDER_NOT_FOUND", "{code, message}", False]
body = json.dumps({"code": "ORDER_NOT_FOUND", "message": "There is no order 7"})
seen = {"errlint-suite": 1, "answers": 3, "kinds": [[kind, 2, {"tests/test_orders.py::test_gone": 2}]],
        "shown": [[kind, [["/orders/7", [["content-type", "application/json"]], body]]]],
        "entries": [], "breaches": [], "unknown": [], "counts": [{}, {}, {}]}
open(options["--errlint-record"], "w").write(json.dumps(seen))
print("1 failed")
sys.exit(1)
"""


def test_a_catalog_that_a_config_names_and_nobody_has_is_written() -> None:
    Path("openapi.yaml").write_text(SHOP)
    assert run()[0] == 0
    Path("errors.yaml").unlink()
    code, out, err = run()
    assert (code, err, "errlint.toml names it already." in out) == (0, "", True)


def test_an_application_that_a_config_names_is_named_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])
    Path("asked_init.py").write_text(
        "def app(environ, start_response):\n"
        "    start_response('200 OK', [('Content-Type', 'application/json')])\n"
        '    return [b\'{"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {}}\']\n'
    )
    Path("errlint.toml").write_text('[[document]]\napp = "asked_init:app"\n')
    code, out, _ = run()
    sys.modules.pop("asked_init")
    assert (code, out.splitlines()[-2:]) == (
        0,
        [
            "Next: errlint lint --app asked_init:app --catalog errors.yaml",
            "      errlint probe --app asked_init:app --catalog errors.yaml",
        ],
    )


def test_the_document_is_not_overwritten() -> None:
    Path("openapi.yaml").write_text(SHOP)
    code, _, err = run("openapi.yaml", "-o", "openapi.yaml", "--force")
    assert (code, err) == (2, "openapi.yaml is what is read here: it would be lost; write to another file")
    assert Path("openapi.yaml").read_text() == SHOP


def test_what_tests_see_counts_even_where_they_fail(capfd: pytest.CaptureFixture[str]) -> None:
    Path("openapi.yaml").write_text(SHOP)
    Path("suite.py").write_text(SUITE)
    code, out, err = run("--tests", f"{sys.executable} suite.py", "--dry-run")
    assert code == 0
    assert yaml.safe_load(out)["errors"][0] == {"code": "ORDER_NOT_FOUND", "status": 404, "message": "There is no order {n}"}
    assert "seen 2 times: GET /orders/{id} (tests/test_orders.py::test_gone)" in out
    assert err.splitlines()[0] == "errlint: the tests ended with exit 1; what they saw counts all the same"


TESTS = {
    "nothing recorded": (f"{sys.executable} -c 'print(1)'", "the tests recorded nothing (exit 0); do they run pytest, and is"),
    "a broken suite": (
        f"{sys.executable} -c 'import sys; sys.exit(4)' pytest",
        "(exit 4); pytest stopped before the tests",
    ),
    "no such program": ("no-such-program -q", "cannot run no-such-program: No such file or directory"),
    "written for a shell": ("cd api && pytest", "no shell reads it: --tests \"sh -c '...'\" has one"),
    "no command": ("''", "cannot run : "),
    "an open quote": ("pytest 'x", "--tests cannot be read as a command: No closing quotation"),
    "empty": ("", 'write --tests "pytest -q"'),
}


@pytest.mark.parametrize("name", TESTS)
def test_tests_that_cannot_be_run_are_one_line(name: str) -> None:
    text, line = TESTS[name]
    Path("openapi.yaml").write_text(SHOP)
    code, _, err = run("--tests", text)
    assert (code, line in err) == (2, True)
    assert not Path("errors.yaml").exists()


def test_the_source_of_an_application_that_a_config_names_is_read(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    Path("errlint.toml").write_text('[[document]]\napp = "tiny_app.main:app"\n')
    Path("tiny_app").mkdir()
    Path("tiny_app/errors.py").write_text('class Gone(Exception):\n    status = 410\n    code = "TINY_GONE"\n')
    Path("tiny_app/main.py").write_text(
        "import json\n\ndef app(environ, start):\n    start('200 OK', [('Content-Type', 'application/json')])\n"
        "    return [json.dumps({'openapi': '3.0.3', 'info': {'title': 'tiny', 'version': '1'}, 'paths': {}}).encode()]\n"
    )
    code, out, _ = run("--dry-run")
    assert (code, [one["code"] for one in yaml.safe_load(out)["errors"]]) == (0, ["TINY_GONE"])
