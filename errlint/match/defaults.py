"""The error bodies that frameworks and servers send by default, so that a finding can say what it is looking at."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from errlint.match.framing import Framed

PAGES: tuple[tuple[str, str], ...] = (
    # Each pattern was held against answers of the named version: 404, 405 and, where there is one, 500.
    ("Werkzeug", r"<!doctype html>\n<html lang=en>\n<title>\d{3} "),  # 3.1.9
    # Starlette 1.10.0; PowerDNS 4.7.3 says the same words: they are no proof of either.
    ("Starlette and others", r"(?:Not Found|Method Not Allowed|Internal Server Error)$(?!\n)"),
    ("nginx", r"<html>\s*<head><title>\d{3} [^<]{1,80}</title></head>\s*<body>\s*<center>"),  # 1.22.1
    (
        "Apache httpd",  # 2.4.71; the doctype of IETF's HTML 2.0 is that of earlier ones (DOCTYPE_HTML_2_0 in httpd.h)
        (
            r"<!DOCTYPE HTML PUBLIC \"-//(?:IETF//DTD HTML 2\.0|W3C//DTD HTML 4\.01)//EN\"[^>]{0,80}>\s*"
            r"<html><head>\s*<title>\d{3} "
        ),
    ),
    (
        "Express",  # 4.22.3 and 5.3.0 (finalhandler)
        (
            r"<!DOCTYPE html>\s*<html lang=\"en\">\s*<head>\s*<meta charset=\"utf-8\">\s*<title>Error</title>\s*</head>"
            r"\s*<body>\s*<pre>"
        ),
    ),
    (
        "Python http.server",  # 3.11 and 3.13
        (
            r"<!DOCTYPE HTML[^>]{0,120}>\s*<html[^>]{0,20}>\s*<head>\s*(?:<style[^<]{0,200}</style>\s*)?"
            r"<meta [^>]{0,80}>\s*<title>Error response</title>"
        ),
    ),
    (
        "Django",  # 6.1.3: the plain pages; then those of DEBUG and of a failed CSRF check
        (
            r"\s*<!doctype html>\s*<html lang=\"en\">\s*<head>\s*"
            r"<title>(?:Not Found|Server Error \(500\)|403 Forbidden|Bad Request \(400\))</title>"
            r"|<!DOCTYPE html>\s*<html lang=\"en\">\s*<head>\s*<meta http-equiv=\"content-type\"[^>]{0,80}>"
            r"[\s\S]{0,200}<meta name=\"robots\" content=\"NONE,NOARCHIVE\">"
        ),
    ),
    ("Tornado", r"<html><title>(\d{3}: [^<]{1,80})</title><body>\1</body></html>"),  # 6.6.1
    ("aiohttp", r"\d{3}: [A-Z][A-Za-z -]{1,60}$|500 Internal Server Error\n\nServer got itself"),  # 3.14.5
    ("Go net/http", r"404 page not found\n|Method Not Allowed\n$"),  # 1.19; the 405 is read in 1.25's server.go
    ("uvicorn", r"Invalid HTTP request received\.$"),  # 0.54.0
)

DETAILS = {"Not Found", "Method Not Allowed", "Not authenticated", "There was an error parsing the body"}
"""The texts of ``{"detail": ...}`` that FastAPI 0.165 and Starlette send by themselves."""

REST_DETAILS = r"Method \"[A-Z]{3,10}\" not allowed\.$|JSON parse error - |Unsupported media type \""
"""The texts of ``{"detail": ...}`` that Django REST framework 3.18 sends by itself."""


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    """An expression, compiled where it is first asked for: most runs need none."""
    return re.compile(pattern)


def framework(framed: Framed) -> str | None:
    """The framework whose default error body this is, None where it is nobody's."""
    if framed.kind == "json":
        return _json(framed.values[0]) if framed.values else None
    return next((name for name, pattern in PAGES if _compiled(pattern).match(framed.text)), None)


def _json(body: Any) -> str | None:
    if not isinstance(body, dict):
        return None
    if set(body) == {"detail"}:
        return _detail(body["detail"])
    if {"timestamp", "status", "error", "path"} <= set(body):
        return "Spring Boot"  # read in DefaultErrorAttributes of 2.x, not run
    if {"statusCode", "error", "message"} <= set(body) <= {"statusCode", "error", "message", "code"}:
        return "Fastify or NestJS"  # 5.12.8, 12.5.1
    return None


def _detail(detail: Any) -> str | None:
    if isinstance(detail, str):
        if detail in DETAILS:
            return "FastAPI"
        return "Django REST framework" if _compiled(REST_DETAILS).match(detail) else None
    validation = (
        isinstance(detail, list)
        and bool(detail)
        and all(isinstance(one, dict) and {"loc", "msg", "type"} <= set(one) for one in detail)
    )
    return "FastAPI" if validation else None


def named(framed: Framed) -> str:
    """`` (the default body of FastAPI)`` where the body is a framework's, to end a message with; else nothing."""
    name = framework(framed)
    return f" (the default body of {name})" if name else ""
