"""HTP: the header fields that an error answer has by its status.

A document that does not name a header does not say that it is missing: declarations are judged where the option
``declarations`` asks for it, answers always.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from errlint.checks.dec import first_of_response, is_health
from errlint.checks.registry import Hit, Verdict, check
from errlint.match.answer import Answer
from errlint.match.plan import Plan
from errlint.model.finding import Severity
from errlint.model.spec import Declaration

OFF, NOTE, WARNING, ERROR = Severity

DECLARATIONS = {"declarations": {"type": "boolean"}}

WAIT = ("retry-after", "ratelimit", "x-ratelimit", "x-rate-limit")
"""How header fields begin that say when to come back."""

REQUIRED = {"405": "Allow", "407": "Proxy-Authenticate", "416": "Content-Range", "426": "Upgrade"}
"""Status -> the field that tells what to do instead (RFC 9110 sections 15.5.6, 15.5.8, 15.5.17, 15.5.22)."""


def _was_answered(answer: Answer, **options: Any) -> bool:
    return answer.observation.witness != "example" and answer.observation.status is not None


def _is_asked(declaration: Declaration, declarations: bool = False, **options: Any) -> bool:
    return declarations and declaration.error and first_of_response(declaration)


def _declared(declaration: Declaration) -> set[str]:
    """The names of the declared header fields, in lower case."""
    headers = declaration.response.get("headers")
    return {name.lower() for name in headers.value} if headers is not None and isinstance(headers.value, dict) else set()


def _undeclared(declaration: Declaration, lack: str) -> Hit:
    return Hit(
        f"{declaration.status_key} is declared without {lack}",
        at=declaration.response.location,
        detail=lack.lower(),
        shared=True,
        merged="{n} error responses are declared without " + lack.replace("{", "{{").replace("}", "}}"),
    )


@check("HTP001", "no-www-authenticate", WARNING, Answer, applies=_was_answered, options=DECLARATIONS)
def no_www_authenticate(answer: Answer, plan: Plan, declarations: bool = False) -> Iterator[Verdict]:
    """A 401 that does not say how to authenticate."""
    if answer.observation.status == 401 and "www-authenticate" not in answer.observation.headers:
        yield Hit("401 came without WWW-Authenticate")


@check("HTP001", "no-www-authenticate", WARNING, Declaration, applies=_is_asked)
def no_www_authenticate_declared(declaration: Declaration, plan: Plan, declarations: bool = False) -> Iterator[Verdict]:
    """A declared 401 whose headers do not have WWW-Authenticate."""
    if declaration.status_key == "401" and "www-authenticate" not in _declared(declaration):
        yield _undeclared(declaration, "WWW-Authenticate")


@check("HTP002", "no-retry-after", WARNING, Answer, applies=_was_answered, options=DECLARATIONS)
def no_retry_after(answer: Answer, plan: Plan, declarations: bool = False) -> Iterator[Verdict]:
    """A 429 or 503 that does not say when to come back; the 503 of a health check is its report."""
    status, operation = answer.observation.status, answer.observation.operation
    if status == 503 and operation is not None and is_health(operation):
        return
    if status in (429, 503) and not any(name.startswith(WAIT) for name in answer.observation.headers):
        yield Hit(f"{status} came without Retry-After")


@check("HTP002", "no-retry-after", WARNING, Declaration, applies=_is_asked)
def no_retry_after_declared(declaration: Declaration, plan: Plan, declarations: bool = False) -> Iterator[Verdict]:
    """A declared 429 or 503 whose headers do not say when to come back."""
    if declaration.status_key in ("429", "503") and not any(name.startswith(WAIT) for name in _declared(declaration)):
        yield _undeclared(declaration, "Retry-After")


@check("HTP003", "missing-status-header", WARNING, Answer, applies=_was_answered, options=DECLARATIONS)
def missing_status_header(answer: Answer, plan: Plan, declarations: bool = False) -> Iterator[Verdict]:
    """A 405, 407, 416 or 426 without the field that says what would be accepted."""
    wanted = REQUIRED.get(str(answer.observation.status))
    if wanted is not None and wanted.lower() not in answer.observation.headers:
        yield Hit(f"{answer.observation.status} came without {wanted}", detail=wanted)


@check("HTP003", "missing-status-header", WARNING, Declaration, applies=_is_asked)
def missing_status_header_declared(declaration: Declaration, plan: Plan, declarations: bool = False) -> Iterator[Verdict]:
    """A declared 405, 407, 416 or 426 whose headers do not have that field."""
    wanted = REQUIRED.get(declaration.status_key)
    if wanted is not None and wanted.lower() not in _declared(declaration):
        yield _undeclared(declaration, wanted)


Headers = Mapping[str, list[str]]
NO_HEADERS: Headers = {}
HEADERS = {
    "headers": {
        "type": "object",
        "propertyNames": {"pattern": "^([45][0-9]{2}|[45]XX|default)$"},
        "additionalProperties": {"type": "array", "items": {"type": "string"}},
    }
}


@check("HTP004", "missing-error-header", OFF, Answer, applies=_was_answered, options=HEADERS)
def missing_error_header(answer: Answer, plan: Plan, headers: Headers = NO_HEADERS) -> Iterator[Verdict]:
    """An error without a header field that the house demands for its status."""
    status = str(answer.observation.status)
    for name in _demanded(headers, (status, f"{status[0]}XX", "default")) if answer.error else ():
        if name.lower() not in answer.observation.headers:
            yield Hit(f"{status} came without {name}", detail=name.lower())


@check("HTP004", "missing-error-header", OFF, Declaration, applies=lambda d, **_: d.error and first_of_response(d))
def missing_error_header_declared(declaration: Declaration, plan: Plan, headers: Headers = NO_HEADERS) -> Iterator[Verdict]:
    """A declared error whose headers do not have a field that the house demands for its status."""
    key = declaration.status_key
    for name in _demanded(headers, (key, f"{key[0]}XX", "default")):
        if name.lower() not in _declared(declaration):
            yield _undeclared(declaration, name)


def _demanded(headers: Headers, keys: tuple[str, ...]) -> list[str]:
    """The names of the fields that the option demands under any of these keys, each once."""
    return list(dict.fromkeys(name for key in dict.fromkeys(keys) for name in headers.get(key, ())))
