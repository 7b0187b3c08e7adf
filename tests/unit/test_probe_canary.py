"""A secret, given in every possible way to a service that echoes all that it gets, is in no output."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from errlint.cli.main import run
from errlint.report import FORMATS
from tests.services.lax import Reply, Seen, document, lax

CANARY = "s3cr3t-canary-0123456789"
TOKEN = "s3cr3t-canary-t0k3n-9876543210"


def encoded(text: str) -> str:
    return b64encode(text.encode()).decode().rstrip("=")


NEEDLES = tuple(form for text in (CANARY, TOKEN) for form in (text, text.upper(), encoded(text), encoded(f"probe:{text}")))
JSON = {"Content-Type": "application/json"}


def echo(seen: Seen) -> Reply:
    """Gives tokens; answers 200 to honest reads, else 500, both with everything that came."""
    if seen.path in ("/token", "/v1/login"):
        return 200, JSON, json.dumps({"access_token": TOKEN, "expires_in": 3600}).encode()
    told = json.dumps({"error": {"code": "E1", "message": f"{seen.target} {seen.headers}"}, "raw": dict(seen.headers)})
    headers = {**JSON, "X-Echo": " ".join(seen.headers.values()).replace("\n", " "), "X-Request-Id": seen.target}
    anonymous = not any(text in f"{seen.target} {seen.headers}" for text in NEEDLES)
    if anonymous:
        return 401, headers, told.encode()
    return 200 if seen.method == "GET" and seen.path == "/v1/things" else 500, headers, told.encode()


def spec() -> dict[str, Any]:
    flows = {"clientCredentials": {"tokenUrl": "/token", "scopes": {}}}
    schemes = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "basic": {"type": "http", "scheme": "basic"},
        "oauth": {"type": "oauth2", "flows": flows},
        **{f"in-{place}": {"type": "apiKey", "in": place, "name": f"x-{place}"} for place in ("header", "query", "cookie")},
    }
    answers = {"200": {"description": ""}, "404": {"description": ""}}
    identifier = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    body = {"required": True, "content": {"application/json": {"schema": {"type": "object", "required": ["a"]}}}}
    return document(
        {
            "/things": {"get": {"responses": answers}, "post": {"responses": answers, "requestBody": body}},
            "/things/{id}": {"get": {"parameters": [identifier], "responses": answers}},
        },
        security=[{name: []} for name in schemes],
        components={"securitySchemes": schemes},
    )


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CANARY", CANARY)
    (tmp_path / ".git").mkdir()
    Path("openapi.json").write_text(json.dumps(spec()), encoding="utf-8")
    Path("canary").write_text(CANARY + "\n", encoding="utf-8")
    return tmp_path


LOGIN = 'auth = {type = "login", path = "/login", json = {user = "probe", password = "env:CANARY"}, pointer = "/access_token"}'
WAYS: dict[str, tuple[list[str], str]] = {
    "header": (["-H", f"Authorization: Bearer {CANARY}"], ""),
    "own header": (["-H", f"X-Strange: {CANARY}"], ""),
    "literal": (["--auth", f"bearer:{CANARY}"], ""),
    "variable": (["--auth", "bearer:env:CANARY"], ""),
    "file": (["--auth", "bearer:file:canary"], ""),
    "basic": (["--auth", "basic:probe:env:CANARY"], ""),
    "key in header": (["--auth", "api-key:in-header:env:CANARY"], ""),
    "key in query": (["--auth", "api-key:in-query:env:CANARY"], ""),
    "key in cookie": (["--auth", "api-key:in-cookie:env:CANARY"], ""),
    "client credentials": (["--auth", "oauth2:probe:env:CANARY"], ""),
    "client credentials in the body": (
        [],
        'auth = {type = "oauth2", client-id = "probe", client-secret = "env:CANARY", client-auth = "body"}',
    ),
    "login": ([], LOGIN),
    "login for a key in the header": ([], LOGIN.replace("type", 'scheme = "in-header", type')),
    "login for a key in the query": ([], LOGIN.replace("type", 'scheme = "in-query", type')),
    "login for a key in a cookie": ([], LOGIN.replace("type", 'scheme = "in-cookie", type')),
    "literal login": ([], LOGIN.replace("env:CANARY", CANARY)),
    "config header": ([], 'headers = {X-Strange = "env:CANARY"}'),
    "second user": (["--auth", "bearer:env:CANARY", "--low-auth", f"api-key:in-query:{TOKEN}"], ""),
    "key of a second user": (["--auth", f"api-key:in-query:{TOKEN}", "--low-auth", "basic:probe:env:CANARY"], ""),
}


def told(url: str, arguments: list[str], config: str, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str]:
    Path("errlint.toml").write_text(f'[env.test]\nurl = "{url}/v1"\n{config}\n', encoding="utf-8")
    code = run(["probe", "openapi.json", "--env", "test", *arguments, *more])
    out, err = capsys.readouterr()
    return code, out + err


@pytest.mark.parametrize("way", WAYS)
def test_no_output_holds_the_secret(way: str, capsys: pytest.CaptureFixture[str]) -> None:
    with lax(echo) as (url, seen):
        reports = [part for name in FORMATS if name != "text" for part in ("-f", f"{name}:report.{name}")]
        formats = ("-f", "text", *reports, "--show", "all", "-v", "--directed-only", "--record", "run.har")
        code, text = told(url, *WAYS[way], capsys, *formats)
    assert code == 1
    assert any(needle in f"{one.target} {one.headers}" for one in seen for needle in NEEDLES)
    written = [*Path().glob("report.*"), Path("run.har")]
    assert len(written) == len(FORMATS)
    text += "".join(path.read_text(encoding="utf-8") for path in written)
    assert [needle for needle in NEEDLES if needle in text] == []
    assert "curl " in text


def test_a_key_in_the_query_is_a_variable_of_the_curl_line(capsys: pytest.CaptureFixture[str]) -> None:
    with lax(echo) as (url, _):
        _, text = told(url, *WAYS["key in query"], capsys, "-f", "json", "--directed-only", "-q")
    lines = {one["reproduce"] for one in json.loads(text)["findings"] if one["reproduce"]}
    mine = [line for line in lines if "ERRLINT_QUERY_X_QUERY" in line]
    assert mine
    assert all('x-query=\'"$ERRLINT_QUERY_X_QUERY"' in line or 'x-query="$ERRLINT_QUERY_X_QUERY"' in line for line in mine)


BROKEN: dict[str, tuple[list[str], str]] = {
    "no way": (["--auth", CANARY], ""),
    "user and password": (["--auth", f"probe:{CANARY}"], ""),
    "cut short": (["--auth", f"basic:{CANARY}"], ""),
    "line end": (["--auth", f"bearer:{CANARY}\n{CANARY}"], ""),
    "token url": (["--auth", f"oauth2:probe:x:http://probe:{CANARY}@127.0.0.1/token"], ""),
    "no scheme": (["--auth", "api-key:gone:env:CANARY"], ""),
    "two": (["--auth", "bearer:env:CANARY", "-H", f"Authorization: Bearer {CANARY}"], ""),
    "config": ([], f'auth = {{type = "bearer", token = "{CANARY}", user = "{CANARY}"}}'),
    "config header": ([], f'headers = {{"a b" = "{CANARY}"}}'),
    "config url": ([], f'proxy = "http://probe:a/{CANARY}@h"'),
    "endpoint": (["--auth", f"oauth2:probe:{CANARY}:http://127.0.0.1:1/token?k={CANARY}"], ""),
}


@pytest.mark.parametrize("way", BROKEN)
def test_no_refusal_holds_the_secret(way: str, capsys: pytest.CaptureFixture[str]) -> None:
    with lax(echo) as (url, _):
        code, text = told(url, *BROKEN[way], capsys, "-f", "json")
    assert (code, CANARY in text) == (2, False)


def refuses(seen: Seen) -> Reply:
    body = json.dumps({"error": f"{seen.body.decode()} {seen.headers}"})
    return (401, {**JSON, "WWW-Authenticate": CANARY}, body.encode()) if seen.path == "/token" else echo(seen)


def test_what_a_token_endpoint_says_is_not_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    with lax(refuses) as (url, _):
        code, text = told(url, *WAYS["client credentials in the body"], capsys, "-f", "json", "-f", "text:t")
    report = json.loads(text.partition("\nerrlint:")[0].partition("errlint:")[0])
    assert (code, report["summary"]["outcome"], CANARY in text) == (2, "inconclusive", False)


def shut(seen: Seen) -> Reply:
    """As ``echo``, but every operation is closed: a run that is inconclusive still leaves a record."""
    status, headers, body = echo(seen)
    return (status if seen.path in ("/token", "/v1/login") else 403), headers, body


@pytest.mark.parametrize("way", ["login", "login for a key in the query", "login for a key in the header"])
def test_the_record_of_an_inconclusive_run_holds_no_token(way: str, capsys: pytest.CaptureFixture[str]) -> None:
    with lax(shut) as (url, _):
        code, text = told(url, *WAYS[way], capsys, "--directed-only", "--record", "run.har")
    record = Path("run.har").read_text(encoding="utf-8")
    assert (code, [needle for needle in NEEDLES if needle in text + record]) == (2, [])
    assert len(json.loads(record)["log"]["entries"]) > 5


@pytest.mark.parametrize("way", ["key in query", "basic", "login"])
def test_requests_without_credentials_carry_nothing_of_the_users(way: str, capsys: pytest.CaptureFixture[str]) -> None:
    with lax(echo) as (url, seen):
        told(url, *WAYS[way], capsys, "--directed-only")
    bare = [one for one in seen if one.path.startswith("/v1/things") and not _given(one)]
    assert {one.method for one in bare} >= {"GET", "POST"}
    assert len(bare) < len(seen)


def _given(seen: Seen) -> bool:
    return "authorization" in seen.headers or any(text in f"{seen.target} {seen.headers}" for text in NEEDLES)
