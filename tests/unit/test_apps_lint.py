"""``errlint lint --app``: what is found in an application's document stands at its handlers and models."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from errlint.cli.main import run

APP = """
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI
from fastapi.security import HTTPBearer
from pydantic import BaseModel

from shop_lint.models import Error, Order

app = FastAPI()
router = APIRouter(prefix="/orders")
user = Depends(HTTPBearer())


@router.get("", dependencies=[user])
def list_orders() -> list[Order]:
    return []


@router.get(
    "/{order_id}",
    dependencies=[user],
    responses={
        401: {"model": Error},
        404: {"description": "gone"},
    },
)
def get_order(order_id: int) -> Order: ...


# errlint: ignore[DEC001] it cannot fail
@app.get("/rates")
def rates() -> str:
    return "ok"


app.include_router(router, prefix="/v1")
"""
MODELS = """
from pydantic import BaseModel


class Order(BaseModel):
    id: int


class Inner(BaseModel):
    message: str
    code: str


class Error(BaseModel):
    error: Inner
"""
CATALOG = """
errlint: 1
service: {name: Shop}
envelopes:
  shop: {code: {pointer: /error/code}, message: {pointer: /error/message}}
errors:
  - {code: SHOP_1, status: 404, message: gone}
  - {code: SHOP_2, status: 401, message: who}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A small shop in the current folder; nothing of it stays imported."""
    for name, text in {"__init__.py": "", "main.py": APP, "models.py": MODELS, "errors.yaml": CATALOG}.items():
        (tmp_path / "shop_lint").mkdir(exist_ok=True)
        (tmp_path / "shop_lint" / name).write_text(text.lstrip("\n"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield
    for name in [name for name in sys.modules if name.startswith("shop_lint")]:
        del sys.modules[name]


def linted(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """The JSON report of a run."""
    run(["lint", *arguments, "-f", "json"])
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


def places(report: dict[str, Any]) -> list[tuple[str, str, int | None, str]]:
    """(rule, file, line, pointer) of every finding that counts, notes left out."""
    found = [one for one in report["findings"] if one["suppressed"] is None and one["severity"] != "note"]
    return sorted((one["rule"], *(one["location"][name] for name in ("uri", "line", "pointer"))) for one in found)


MAIN, OWN = "shop_lint/main.py", "shop_lint.main:app"


def test_findings_stand_at_the_handlers_and_models(capsys: pytest.CaptureFixture[str]) -> None:
    report = linted(capsys, "--app", OWN, "--catalog", "shop_lint/errors.yaml")
    assert places(report) == [
        ("COD007", "shop_lint/models.py", 10, "/components/schemas/Inner/properties/code"),
        ("DEC001", MAIN, 14, "/paths/~1v1~1orders/get/responses"),
        ("DEC004", MAIN, 24, "/paths/~1v1~1orders~1{order_id}/get/responses/404"),
        ("ENV001", OWN, None, "/components/schemas/HTTPValidationError"),
    ]
    assert {one["fixable"] for one in report["findings"]} == {False}
    own = "Answer RequestValidationError with the envelope in an @app.exception_handler, and add responses="
    assert [one["help"] for one in report["findings"] if one["rule"] == "ENV001"] == [
        own + '{422: {"model": Error}} to FastAPI().'
    ]


def test_the_text_report_says_what_to_write_in_the_source(capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["lint", "--app", OWN, "--select", "COV003,DEC004,COD007"])
    assert (code, capsys.readouterr().out.splitlines()) == (
        0,
        [
            "warning COV003 secured-without-401: GET /v1/orders is secured and declares no 401",
            "   shop_lint/main.py:14 GET /v1/orders",
            '    14 | @router.get("", dependencies=[user])',
            "       | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
            '   help: Add responses={401: {"model": Error}} to the decorator. For many operations, add it to the APIRouter or '
            "to FastAPI().",
            "warning DEC004 error-without-schema: GET /v1/orders/{order_id} declares 404 with no content",
            "   shop_lint/main.py:24 GET /v1/orders/{order_id}",
            '    24 |         404: {"description": "gone"},',
            "       |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
            '   help: Add responses={404: {"model": Error}} to the decorator.',
            "Not checked: error codes, since no catalog was given.",
            f"   next: errlint init --app {OWN} (writes a catalog of them)",
            f"   next: errlint probe --app {OWN} (what the running service really answers)",
            f"Read {OWN} (OpenAPI 3.1.0): 3 operations, 3 error responses. 2 warnings · exit 0 (clean)",
        ],
    )


def test_a_comment_at_a_handler_ignores_and_is_told_when_it_is_of_no_use(capsys: pytest.CaptureFixture[str]) -> None:
    report = linted(capsys, "--app", OWN, "--select", "DEC001,CFG001")
    assert [(one["rule"], one["operation"]) for one in report["findings"] if one["suppressed"]] == [("DEC001", "GET /rates")]
    file = Path(MAIN)
    file.write_text(file.read_text().replace('"/rates"', '"/rates", responses={404: {"model": Error}}'))
    for name in ("shop_lint.main", "shop_lint"):
        del sys.modules[name]
    from errlint.apps import sources

    sources.source.cache_clear()
    sources._text.cache_clear()
    stale = [one for one in linted(capsys, "--app", OWN, "--select", "DEC001,CFG001")["findings"] if one["rule"] == "CFG001"]
    assert [(one["location"]["uri"], one["location"]["line"]) for one in stale] == [(MAIN, 31)]


@pytest.mark.parametrize("before", ["", "ignore[SEC] another one "])
def test_a_comment_at_a_model_ignores_what_is_found_in_its_schema(before: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = Path("shop_lint/models.py")
    comment = f"class Inner(BaseModel):  # errlint: {before}ignore[COD007] codes come with the next version"
    file.write_text(file.read_text().replace("class Inner(BaseModel):", comment))
    report = linted(capsys, "--app", OWN, "--catalog", "shop_lint/errors.yaml", "--select", "COD007")
    assert [(one["rule"], one["suppressed"]) for one in report["findings"]] == [("COD007", "codes come with the next version")]


def test_an_ignore_in_the_document_itself_holds(capsys: pytest.CaptureFixture[str]) -> None:
    file = Path(MAIN)
    own = 'openapi_extra={"x-errlint": {"ignore": [{"rule": "COV003", "reason": "old"}]}}, '
    file.write_text(file.read_text().replace('@router.get("", ', f'@router.get("", {own}'))
    assert places(linted(capsys, "--app", OWN, "--select", "COV003")) == []


def test_a_config_names_an_application_with_its_catalog(capsys: pytest.CaptureFixture[str]) -> None:
    Path("errlint.toml").write_text(f'[[document]]\napp = "{OWN}"\ncatalog = "shop_lint/errors.yaml"\nselect = "COD007"\n')
    wanted = [("COD007", "shop_lint/models.py", 10, "/components/schemas/Inner/properties/code")]
    assert [places(linted(capsys)), places(linted(capsys, "--app", OWN))] == [wanted, wanted]
    Path("errlint.toml").write_text('[[document]]\napp = "shop_lint.mane:app"\n')
    assert run(["lint"]) == 2
    told = "errlint: errlint.toml:2:1: there is no module shop_lint.mane; did you mean shop_lint.main?\n"
    assert capsys.readouterr().err == told


def test_applications_of_a_config_are_not_edited_and_have_no_older_version(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("errlint.toml").write_text(f'[[document]]\napp = "{OWN}"\nselect = "DEC004"\n')
    assert run(["lint", "--fix", "-q"]) == 0
    run(["lint", "--fix"])
    told = f"0 faults fixed in 0 files. The source of {OWN} is not edited: each finding says what to write there.\n"
    assert capsys.readouterr().err == told
    run(["lint", "--since", "HEAD"])
    line = f"All of {OWN} is new: it is made by an application as that is now."
    assert line in capsys.readouterr().out.splitlines()


def test_a_baseline_and_an_older_document_hide_what_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    run(["lint", "--app", OWN, "--baseline", "known.json", "--baseline-update", "-q"])
    capsys.readouterr()
    assert places(linted(capsys, "--app", OWN, "--baseline", "known.json")) == []
    from errlint.apps.application import load_app

    Path("old.json").write_bytes(load_app(OWN).document().text.replace(b'"401"', b'"403"'))
    assert places(linted(capsys, "--app", OWN, "--since", "old.json", "--select", "COV003,DEC001")) == []


def test_a_document_beside_the_application_has_its_handlers(capsys: pytest.CaptureFixture[str]) -> None:
    from errlint.apps.application import load_app

    Path("openapi.json").write_bytes(load_app(OWN).document().text)
    report = linted(capsys, "openapi.json", "--app", OWN, "--select", "DEC004,COV003")
    assert [place[:3] for place in places(report)] == [("COV003", MAIN, 14), ("DEC004", MAIN, 24)]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--fix"], "--fix and --app: no source is edited; each finding says what to write there"),
        (["--diff"], "--diff and --app: no source is edited; each finding says what to write there"),
        (
            ["--since", "main"],
            "--since main and --app: an application is imported as it is now; --since FILE compares with its older document",
        ),
        (
            ["a.yaml", "b.yaml"],
            "--app and 2 documents: a document beside --app is that of one application; name one of each",
        ),
    ],
)
def test_what_makes_no_sense_with_an_application_is_refused(
    arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["lint", "--app", OWN, *arguments]) == 2
    assert capsys.readouterr().err == f"errlint: {line}\n"


RAW = """
import json
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.schemas import SchemaGenerator

schemas = SchemaGenerator({"openapi": "3.0.3", "info": {"title": "Shop", "version": "1"}})
DOCUMENT = {"openapi": "3.0.3", "info": {"title": "Raw", "version": "1"}, "paths": {"/a": {"get": {"responses": {}}}}}

async def get_order(request):
    '''
    responses: {200: {description: one}}
    '''

def schema(request):
    return schemas.OpenAPIResponse(request=request)

orders = Mount("/v1", routes=[Route("/orders/{order_id:int}", get_order)])
made = Starlette(routes=[orders, Route("/docs/schema.yaml", schema, include_in_schema=False)])

def raw(environ, start_response):
    known = environ["PATH_INFO"] == "/swagger.json"
    print("asked for", environ["PATH_INFO"])
    start_response("200 OK" if known else "404 Not Found", [("Content-Type", "application/json")])
    return [json.dumps(DOCUMENT).encode() if known else b"{}"]

def none(environ, start_response):
    start_response("401 Unauthorized", [])
    return []

async def cannot(scope, receive, send):
    raise KeyError("x")
"""


def test_an_application_is_asked_for_its_document(capsys: pytest.CaptureFixture[str]) -> None:
    Path("shop_lint/raw.py").write_text(RAW.lstrip("\n"))
    made = places(linted(capsys, "--app", "shop_lint.raw:made", "--select", "DEC001"))
    assert made == [("DEC001", "shop_lint/raw.py", 10, "/paths/~1v1~1orders~1{order_id}/get/responses")]
    asked = places(linted(capsys, "--app", "shop_lint.raw:raw", "--select", "DEC001"))
    assert asked == [("DEC001", "shop_lint.raw:raw", None, "/paths/~1a/get/responses")]
    run(["lint", "--app", "shop_lint.raw:raw", "--select", "DEC001"])
    assert "   shop_lint.raw:raw#/paths/~1a/get/responses GET /a" in capsys.readouterr().out.splitlines()
    run(["lint", "--app", "shop_lint.raw:none"])
    first = "errlint: shop_lint.raw:none has no OpenAPI document: asked for /openapi.json (401), /swagger.json (401), "
    told = capsys.readouterr().err
    assert (told.startswith(first), told.endswith("; name one: openapi.yaml --app shop_lint.raw:none\n")) == (True, True)


def test_a_document_that_cannot_be_made_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        "from fastapi import FastAPI\n\napp = FastAPI()\ndef made():\n    raise ValueError('two\\nmore')\napp.openapi = made\n"
    )
    Path("shop_lint/bad.py").write_text(text)
    assert run(["lint", "--app", "shop_lint.bad:app"]) == 2
    told = "shop_lint.bad:app cannot make its OpenAPI document: ValueError: two (shop_lint/bad.py:5)"
    assert capsys.readouterr().err == f"errlint: {told}\n"
