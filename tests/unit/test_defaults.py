"""The default error bodies of frameworks: those that are installed answer here, the others were recorded from running ones."""

from __future__ import annotations

import asyncio
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from werkzeug.exceptions import HTTPException, default_exceptions
from werkzeug.test import Client

from errlint.match.defaults import framework, named
from errlint.match.framing import Framed, frame
from errlint.model.exchange import Observation
from errlint.model.finding import NOWHERE


def framed(body: bytes | str, media_type: str) -> Framed:
    body = body.encode() if isinstance(body, str) else body
    return frame(Observation("live", NOWHERE, 400, {"content-type": media_type}, body))


def asked(app: Any, method: str, path: str, body: bytes = b"") -> tuple[int, str | None]:
    """The status that an ASGI application answers, and whose default body it is."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1),
    }
    with suppress(ZeroDivisionError):  # Starlette answers, and then raises what its application raised
        asyncio.run(app(scope, receive, send))
    headers = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    whole = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], framework(framed(whole, headers.get("content-type", "")))


@pytest.mark.parametrize("status", sorted(default_exceptions))
def test_werkzeug_is_known_by_every_error_page(status):
    def app(environ: Any, start_response: Any) -> Any:
        error: HTTPException = default_exceptions[status]()
        return error(environ, start_response)

    answer = Client(app).get("/")
    assert framework(framed(answer.data, answer.headers["content-type"])) == "Werkzeug"


def boom(request: Any) -> Any:
    raise ZeroDivisionError


def test_starlette_is_known_by_its_texts():
    app = Starlette(routes=[Route("/a", lambda request: PlainTextResponse("ok")), Route("/boom", boom)])
    assert [asked(app, "GET", "/none"), asked(app, "POST", "/a"), asked(app, "GET", "/boom")] == [
        (404, "Starlette and others"),
        (405, "Starlette and others"),
        (500, "Starlette and others"),
    ]


def test_fastapi_is_known_by_its_details():
    app = FastAPI()

    @app.post("/things")
    def things(body: dict[str, int]) -> None: ...

    @app.get("/secret", dependencies=[Depends(HTTPBearer())])
    def secret() -> None: ...

    answers = [
        asked(app, "GET", "/none"),
        asked(app, "GET", "/things"),
        asked(app, "GET", "/secret"),
        asked(app, "POST", "/things", b'{"a": "x"}'),
        asked(app, "POST", "/things", b"{"),
        asked(app, "POST", "/things", b'{"a": "\xff"}'),
    ]
    assert [name for _, name in answers] == ["FastAPI"] * 6


@contextmanager
def serving() -> Iterator[str]:
    """A bare http.server on a free port."""

    class Quiet(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, *_: Any) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_http_server_is_known_by_its_page(method):
    with serving() as url, pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=10)
    body = raised.value.read()
    assert framework(framed(body, raised.value.headers["content-type"])) == "Python http.server"


HTML, PLAIN, JSON = "text/html; charset=utf-8", "text/plain; charset=utf-8", "application/json"
NGINX = (  # nginx 1.22.1: no such file, a dead upstream, a method that a file does not take
    "<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n<center><h1>{0}</h1></center>\r\n"
    "<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n"
)
APACHE = (  # Apache httpd 2.4.71
    '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">\n<html><head>\n'
    "<title>404 Not Found</title>\n</head><body>\n<h1>Not Found</h1>\n"
    "<p>The requested URL was not found on this server.</p>\n</body></html>\n"
)
EXPRESS = (  # Express 4.22.3 and 5.3.0
    '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n<body>\n'
    "<pre>Cannot GET /none</pre>\n</body>\n</html>\n"
)
DJANGO = (  # Django 6.1.3, DEBUG off
    '\n<!doctype html>\n<html lang="en">\n<head>\n  <title>{0}</title>\n</head>\n<body>\n'
    "  <h1>{0}</h1><p></p>\n</body>\n</html>\n"
)
DJANGO_DEBUG = (  # Django 6.1.3: DEBUG on; a failed CSRF check looks the same up to its title
    '<!DOCTYPE html>\n<html lang="en">\n<head>\n  <meta http-equiv="content-type" content="text/html; charset=utf-8">\n'
    '  <title>Page not found at /none</title>\n  <meta name="color-scheme" content="light" />\n'
    '  <meta name="robots" content="NONE,NOARCHIVE">\n  <style>\n'
)
TORNADO = "<html><title>404: Not Found</title><body>404: Not Found</body></html>"  # Tornado 6.6.1
RECORDED = [
    *(("nginx", NGINX.format(title), "text/html") for title in ("403 Forbidden", "405 Not Allowed", "502 Bad Gateway")),
    ("Apache httpd", APACHE, "text/html; charset=iso-8859-1"),
    ("Express", EXPRESS, HTML),
    *(
        ("Django", DJANGO.format(title), HTML)
        for title in ("Not Found", "Server Error (500)", "403 Forbidden", "Bad Request (400)")
    ),
    ("Django", DJANGO_DEBUG, HTML),
    ("Django REST framework", '{"detail":"Method \\"PUT\\" not allowed."}', JSON),  # 3.18.3
    (
        "Django REST framework",
        '{"detail":"JSON parse error - Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"}',
        JSON,
    ),
    ("Tornado", TORNADO, "text/html; charset=UTF-8"),
    *(("aiohttp", text, PLAIN) for text in ("404: Not Found", "405: Method Not Allowed")),  # aiohttp 3.14.5
    ("aiohttp", "500 Internal Server Error\n\nServer got itself in trouble", PLAIN),
    ("Go net/http", "404 page not found\n", PLAIN),  # Go 1.19
    ("uvicorn", "Invalid HTTP request received.", PLAIN),  # uvicorn 0.54.0
    # Fastify 5.12.8: no route, an exception, a malformed body; NestJS 12.5.1 answers the first in the same shape
    ("Fastify", '{"message":"Route GET:/none not found","error":"Not Found","statusCode":404}', JSON),
    ("Fastify, hapi or NestJS", '{"statusCode":500,"error":"Internal Server Error","message":"boom"}', JSON),
    (
        "Fastify",
        '{"statusCode":400,"code":"FST_ERR_CTP_INVALID_JSON_BODY","error":"Bad Request","message":"Body is not valid JSON"}',
        JSON,
    ),
]


@pytest.mark.parametrize(("name", "body", "media_type"), RECORDED)
def test_a_recorded_body_is_known(name, body, media_type):
    got = framed(body, media_type)
    assert (framework(got), named(got)) == (name, f" (the default body of {name})")


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ("<!DOCTYPE html><html><head><title>Not Found</title></head></html>", HTML),
        ("<html><head><title>404</title></head><body>gone</body></html>", HTML),
        ("Not Found: thing 7", PLAIN),
        ("Not Found\n", PLAIN),
        ("404", PLAIN),
        ("", PLAIN),
        ('{"detail": "No thing has this id"}', JSON),
        ('{"detail": "Not Found", "code": "gone"}', JSON),
        ('{"detail": []}', JSON),
        ('{"detail": {"code": "gone"}}', JSON),
        ('{"statusCode": 404, "message": "gone", "error": "Not Found", "id": 7}', JSON),
        ('{"status": 404, "error": "Not Found"}', JSON),
        ("[]", JSON),
        ('"Not Found"', JSON),
    ],
)
def test_a_body_of_the_services_own_is_nobodys(body, media_type):
    got = framed(body, media_type)
    assert (framework(got), named(got)) == (None, "")
