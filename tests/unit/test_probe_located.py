"""Where the document and the service are found, when only one of them is named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from errlint.cli.main import run
from tests.services.lax import Reply, Seen, document, lax, problem

RESPONSES = {"200": {"description": ""}, "404": {"description": ""}}
DOCUMENT = document({"/things": {"get": {"responses": RESPONSES}}}, security=[], components={})


def serving(at: str) -> Any:
    def reply(seen: Seen) -> Reply:
        if seen.path == at:
            return 200, {"Content-Type": "application/json"}, json.dumps(DOCUMENT).encode()
        if seen.path == "/v1/things" and seen.method in ("GET", "HEAD"):
            return 200, {"Content-Type": "application/json"}, b"[]"
        if seen.method not in ("GET", "HEAD"):
            return problem(405, Allow="GET, HEAD")
        return problem(404)

    return reply


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("/openapi.json", ["URL"]),
        ("/v3/api-docs", ["URL"]),
        ("/openapi.json", ["URL/openapi.json"]),
        ("/elsewhere.json", ["URL/elsewhere.json", "--url", "URL/v1"]),
        ("/elsewhere.json", ["URL/elsewhere.json", "--origin", "URL"]),
        ("/v1/openapi.json", ["--url", "URL/v1"]),
        ("/swagger.json", ["--origin", "URL"]),
    ],
)
def test_a_document_and_a_base_url_are_found(at: str, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with lax(serving(at)) as (url, seen):
        code = run(["probe", *(word.replace("URL", url) for word in words), "--directed-only", "-q"])
    assert (code, capsys.readouterr().err) == (0, "")
    assert "/v1/things" in {one.path for one in seen}


def test_a_service_without_a_document_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with lax(lambda seen: problem(404)) as (url, _):
        code = run(["probe", url])
    told = capsys.readouterr().err
    assert code == 2
    assert told.startswith(f"errlint: {url} serves no OpenAPI document at /openapi.json, /v3/api-docs, /swagger.json")
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "no document to probe with"),
        (["a.json", "--url", "http://127.0.0.1", "--origin", "http://127.0.0.1"], "--url and --origin"),
        (["a.json"], "no url to probe"),
    ],
)
def test_what_is_missing_is_said(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["probe", *words]) == 2
    assert told in capsys.readouterr().err
