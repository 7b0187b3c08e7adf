"""The path of a request as the application's own routes write it: ``/models/{id}``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from errlint.match.route import path_of

_ID = re.compile(r"\d+|[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}|(?=[a-zA-Z_-]*\d)[0-9a-zA-Z_-]{12,}")
"""A segment that names one thing among many, by its look: a number, a UUID, a long word with digits."""

_CONVERTED = re.compile(r"<(?:[^<>:]*:)?([^<>]*)>")


def of_params(url: str, params: Mapping[str, Any]) -> str:
    """The path with the values that a router took from it as placeholders; a value with slashes is one placeholder."""
    path = unquote(path_of(url))
    ended = path.endswith("/") and len(path) > 1
    segments = path.strip("/").split("/")
    for name, value in params.items():
        wanted = str(value).strip("/").split("/")
        for start in range(len(segments) - len(wanted), -1, -1):
            if segments[start : start + len(wanted)] == wanted and any(wanted):
                segments[start : start + len(wanted)] = [f"{{{name}}}"]
                break
    return f"/{'/'.join(segments)}" + ("/" if ended else "")


def of_rules(rules: Any, method: str, url: str) -> str | None:
    """The rule of a Werkzeug map that a request meets, empty where it meets none; None where the map cannot say."""
    from werkzeug.exceptions import HTTPException
    from werkzeug.routing import RequestRedirect

    try:
        rule, _ = rules.bind("testserver").match(path_of(url), method=method, return_rule=True)
    except RequestRedirect:
        return None
    except HTTPException:
        return ""
    except (TypeError, ValueError, LookupError):  # rules that need a host, or are no map
        return None
    return _CONVERTED.sub(r"{\1}", str(rule.rule))


def of_resources(resources: Iterable[Any], url: str) -> str:
    """The path of an aiohttp resource that a request meets, empty where it meets none."""
    path = path_of(url)
    for one in resources:
        told = one.get_info()
        if told.get("path") == path:
            return path
        if "pattern" in told and told["pattern"].fullmatch(path):
            return str(told["formatter"])
    return ""


def of_routes(application: Any, url: str) -> str:
    """The path of an application's route that a request meets, empty where it meets none; plain paths come first."""
    from errlint.apps.routes import routes

    path = path_of(url)
    for template in sorted({route.path for route in routes(application)}, key=lambda one: (one.count("{"), one)):
        if re.fullmatch(re.sub(r"\\{[^{}]*\\}", "[^/]+", re.escape(template)), path):
            return template
    return ""


def guessed(url: str) -> str:
    """The path with what looks like ids as placeholders, where nobody knows the routes."""
    segments = path_of(url).split("/")
    return "/".join("{id}" if _ID.fullmatch(unquote(one)) else one for one in segments)
