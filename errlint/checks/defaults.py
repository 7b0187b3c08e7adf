"""The error bodies that frameworks and servers send by default, so that a finding can say what it is looking at."""

from __future__ import annotations

import re
from typing import Any

from errlint.match.framing import Framed

PAGES: tuple[tuple[str, re.Pattern[str]], ...] = (
    # Each pattern was held against an answer of the named version.
    ("Werkzeug", re.compile(r"<!doctype html>\n<html lang=en>\n<title>\d{3} ")),
    ("Starlette", re.compile(r"(?:Not Found|Method Not Allowed|Internal Server Error)$")),
    ("nginx", re.compile(r"<html>\s*<head><title>\d{3} [^<]+</title></head>\s*<body>\s*<center>")),
    ("Apache httpd", re.compile(r'<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2\.0//EN">\s*<html><head>\s*<title>\d{3} ')),
    ("Express", re.compile(r"<!DOCTYPE html>\s*<html lang=\"en\">\s*<head>\s*<meta charset=\"utf-8\">\s*<title>Error</title>")),
    (
        "Python http.server",
        re.compile(r"<!DOCTYPE HTML>\s*<html lang=\"en\">\s*<head>\s*(?:<style[^<]*</style>\s*)?<meta charset"),
    ),
    ("Django", re.compile(r"\s*<!doctype html>\s*<html lang=\"en\">\s*<head>\s*<title>(?:Not Found|Server Error)")),
    ("Go net/http", re.compile(r"404 page not found\n?$|Method Not Allowed\n$")),
    ("uvicorn", re.compile(r"Invalid HTTP request received\.$")),
)

DETAILS = {"Not Found", "Method Not Allowed", "Not authenticated", "There was an error parsing the body"}
"""The texts of ``{"detail": ...}`` that FastAPI and Starlette send by themselves."""


def framework(framed: Framed) -> str | None:
    """The framework whose default error body this is, None where it is nobody's."""
    if framed.kind == "json":
        return _json(framed.values[0]) if framed.values else None
    return next((name for name, pattern in PAGES if pattern.match(framed.text)), None)


def _json(body: Any) -> str | None:
    if not isinstance(body, dict):
        return None
    if set(body) == {"detail"}:
        return "FastAPI" if _fastapi(body["detail"]) else None
    if {"timestamp", "status", "error", "path"} <= set(body):
        return "Spring Boot"
    return None


def _fastapi(detail: Any) -> bool:
    if isinstance(detail, str):
        return detail in DETAILS
    return (
        isinstance(detail, list)
        and bool(detail)
        and all(isinstance(e, dict) and {"loc", "msg", "type"} <= set(e) for e in detail)
    )


def named(framed: Framed) -> str:
    """`` (FastAPI's default body)`` where the body is a framework's, to end a message with; else nothing."""
    name = framework(framed)
    return f" ({name}'s default body)" if name else ""
