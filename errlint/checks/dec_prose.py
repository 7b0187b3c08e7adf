"""DEC013: what the description of an error response says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from errlint.checks.dec import first_of_response
from errlint.checks.registry import Hit, Verdict, check
from errlint.checks.words import shown
from errlint.match.plan import Plan
from errlint.model.finding import Severity
from errlint.model.spec import Declaration, Node

OFF, NOTE, WARNING, ERROR = Severity

EMPTY = frozenset(
    ("", "-", "error", "errors", "an error", "error response", "an error response", "response", "failure", "failed", "todo",
     "tbd", "n/a", "none", "null", "description", "string", "error occurred", "an error occurred", "default error",
     "default error response", "default response", "unknown")
)  # fmt: skip
"""Whole descriptions that say no more than that it is an error."""

SUCCESS = frozenset(("success", "successful", "successful operation", "successful response", "success response"))

RENAMED = {
    "payload too large": 413,
    "content too large": 413,
    "request entity too large": 413,
    "uri too long": 414,
    "request-uri too long": 414,
    "range not satisfiable": 416,
    "unprocessable content": 422,
    "unprocessable entity": 422,
    "unauthorised": 401,
    "server error": 500,
}
"""Status phrases of earlier and later RFCs than the library's, and their common spellings."""


@cache
def _phrases() -> dict[str, int]:
    from http import HTTPStatus  # start-up: this rule is off unless asked for

    # 203, 226 and the like are no ordinary words of an error; "found" and "gone" are, and so is a lone "conflict".
    return {status.phrase.lower(): status.value for status in HTTPStatus if status >= 200} | RENAMED


def _described(declaration: Declaration) -> bool:
    return declaration.error and first_of_response(declaration)


@check("DEC013", "useless-description", OFF, Declaration, applies=_described)
def useless_description(declaration: Declaration, plan: Plan) -> Iterator[Verdict]:
    """A description that is empty, says "Error" only, or is the phrase of another status."""
    place = _place(declaration)
    text = place.value if place is not None else ""
    if not isinstance(text, str):
        return
    key, plain = declaration.status_key, re.sub(r"\s+", " ", text).strip(" .!\t\n").lower()
    at = (place or declaration.response).location
    if plain in EMPTY and (key != "default" or plain in ("", "-", "todo", "tbd", "n/a", "none", "null", "string")):
        message = f"the description says nothing: {shown(text)}" if plain else "the response has no description"
        yield Hit(
            message, at=at, detail="empty", shared=True, merged="{n} error responses have a description that says nothing"
        )
        return
    said = _phrases().get(plain)
    if plain == "server error" and key[:1] == "5":  # which any 5xx is
        return
    if plain in SUCCESS:
        yield Hit(f"{key} is described as a success: {shown(text)}", at=at, detail=key, shared=True)
    elif said is not None and declaration.statuses is not None and said not in declaration.statuses:
        yield Hit(f"{key} is described as {said}: {shown(text)}", at=at, detail=key, shared=True)


def _place(declaration: Declaration) -> Node | None:
    """The description; where one stands beside the ``$ref``, which overrides it (OpenAPI 3.1 Reference Object), that one."""
    return declaration.use.get("description") or declaration.response.get("description")
