"""The line of curl: bash runs it, it asks the same, and it holds no secret."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess

import pytest

from errlint.model.exchange import Request
from errlint.probe.reproduce import curl, variables
from errlint.probe.secret import Secret
from tests.services.lax import Seen, lax

JSON = ("Content-Type", "application/json")
CAN_RUN = shutil.which("bash") is not None and shutil.which("curl") is not None


def run(request: Request, secret: tuple[str, ...] = ()) -> Seen:
    """The request that bash and curl make of the line for a request to ``/...``."""
    with lax() as (url, seen):
        full = Request(request.method, url + request.url, request.headers, request.body)
        environment = {**os.environ, "ERRLINT_TOKEN": "t0ken value", "ERRLINT_HEADER_X_API_KEY": "k'ey"}
        line = curl(full, secret)
        done = subprocess.run(["bash", "-c", line], capture_output=True, env=environment, timeout=20, check=False)
        assert done.returncode == 0, (line, done.stderr)
    (got,) = seen
    return got


@pytest.mark.parametrize(
    ("request_", "line"),
    [
        (Request("GET", "http://h/x"), "curl http://h/x"),
        (Request("GET", "http://h/x?a=1&b=2"), "curl 'http://h/x?a=1&b=2'"),
        (Request("HEAD", "http://h/x"), "curl -I http://h/x"),
        (Request("TRACE", "http://h/x"), "curl -X TRACE http://h/x"),
        (Request("DELETE", "http://h/x", (("Accept", "a/b"),)), "curl -X DELETE http://h/x -H 'Accept: a/b'"),
        (
            Request("POST", "http://h/x", (JSON,), b"{}"),
            "curl http://h/x -H 'Content-Type: application/json' --data-binary '{}'",
        ),
        (
            Request("PUT", "http://h/x", (JSON,), b"a'b"),
            """curl -X PUT http://h/x -H 'Content-Type: application/json' --data-binary 'a'"'"'b'""",
        ),
        (Request("GET", "http://u:p@h/x"), "curl 'http://***@h/x'"),
        (Request("GET", "http://h/a/%2E%2E/b"), "curl --path-as-is http://h/a/%2E%2E/b"),
        (Request("GET", "http://h/[a]"), "curl -g 'http://h/[a]'"),
        (
            Request("GET", "http://h/x", (("Authorization", Secret("Bearer abc")), ("X-Api-Key", Secret("k")))),
            'curl http://h/x -H "Authorization: Bearer $ERRLINT_TOKEN" -H "X-Api-Key: $ERRLINT_HEADER_X_API_KEY"',
        ),
        (Request("GET", "http://h/x", (("User-Agent", "errlint/1"), ("X-Errlint-Run", "1"))), "curl http://h/x"),
        (
            Request("POST", "http://h/x", (JSON,), b"x" * 5120),
            "curl -X POST http://h/x -H 'Content-Type: application/json'  # body of 5120 bytes left out",
        ),
    ],
)
def test_the_line_is_short(request_: Request, line: str) -> None:
    assert curl(request_) == line
    assert shlex.split(line, comments=True)[0] == "curl"


def test_headers_that_a_caller_names_are_secret_too() -> None:
    request = Request("GET", "http://h/x", (("Authorization", "Basic abc"), ("Cookie", "sid=1")))
    line = curl(request, ("authorization", "COOKIE"))
    assert line == 'curl http://h/x -H "Authorization: Basic $ERRLINT_TOKEN" -H "Cookie: $ERRLINT_HEADER_COOKIE"'
    assert variables(request, ("authorization", "cookie")) == ("ERRLINT_TOKEN", "ERRLINT_HEADER_COOKIE")


@pytest.mark.skipif(not CAN_RUN, reason="needs bash and curl")
@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "/x/%2E%2E%2F?q=%20"),
        Request("GET", "/a/../[b]?c={d}"),
        Request("ERRLINT", "/x"),
        Request("DELETE", "/x"),
        Request("POST", "/x", (JSON,), b'{"a": "it\'s $HOME `id` \\\\ \\"q\\" !"}'),
        Request("POST", "/x", (JSON,), b""),
        Request("POST", "/x", (), b"no type"),
        Request("PUT", "/x", (JSON,), bytes(range(1, 256))),
        Request("PUT", "/x", (JSON,), bytes(range(256))),
        Request("PATCH", "/x", (JSON,), b"@/etc/hostname"),
        Request("PATCH", "/x", (JSON,), b"line\r\nline\n\n"),
        Request("GET", "/x", (("Accept", "a'b; $(id)"), ("X-Empty", ""), ("X-Tab", "a\tb"))),
        Request("GET", "/x", (JSON,), b"a body"),
    ],
    ids=lambda request: f"{request.method} {request.url} {(request.body or b'')[:12]!r}",
)
def test_bash_and_curl_ask_the_same(request_: Request) -> None:
    got = run(request_)
    wanted = {name.lower(): value for name, value in request_.headers}
    assert (got.method, got.target, got.body) == (request_.method, request_.url, request_.body or b"")
    assert wanted.items() <= got.headers.items()
    assert wanted.get("content-type") == got.headers.get("content-type")


@pytest.mark.skipif(not CAN_RUN, reason="needs bash and curl")
def test_the_shell_puts_the_secrets_in() -> None:
    got = run(Request("GET", "/x", (("Authorization", Secret("Bearer abc")), ("X-Api-Key", "abc"))), ("x-api-key",))
    assert (got.headers["authorization"], got.headers["x-api-key"]) == ("Bearer t0ken value", "k'ey")
