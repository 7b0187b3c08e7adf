"""DEC: what an operation declares about its errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from errlint.checks.registry import Hit, Verdict, check
from errlint.checks.words import cut
from errlint.match.plan import Plan
from errlint.model.finding import Location, Severity
from errlint.model.spec import BadKey, BrokenRef, Declaration, Operation

OFF, NOTE, WARNING, ERROR = Severity

HEALTH = frozenset(("health", "healthz", "healthcheck", "ready", "readyz", "live", "livez", "ping", "metrics", "version"))
"""Last path segments of operations that have nothing to answer but success."""

BODILESS = frozenset(("405", "406", "412", "416"))
"""Statuses whose answer is said by the status and its headers alone (RFC 9110 sections 15.5 and 10.2)."""


def ordinary(operation: Operation) -> bool:
    """Whether an operation should declare errors: not health checks, OPTIONS, HEAD."""
    return operation.method not in ("OPTIONS", "HEAD") and not is_health(operation)


def is_health(operation: Operation) -> bool:
    """Whether an operation tells how a service is."""
    return operation.path.rstrip("/").rpartition("/")[2].lower() in HEALTH


def covers_errors(key: str) -> bool:
    """Whether a status key is an error: a 4xx or 5xx code, ``4XX``, ``5XX``, ``default``."""
    return key == "default" or key in ("4XX", "5XX") or (len(key) == 3 and key.isdigit() and key[0] in "45")


def _misspelled(key: str) -> bool:
    """Whether a key that is none was meant to be an error: ``4xx``, ``400-499``, ``40``."""
    bare = key.strip().strip("'\"").lower()
    return bare[:1] in ("4", "5") or (bare != "default" and bare.strip("_*") in ("default", ""))


def errors_of(operation: Operation) -> list[str]:
    """The status keys that declare errors, as written; a ``default`` that stands for success is none."""
    keys = [key for key in operation.statuses if covers_errors(key)]
    return [key for key in keys if key != "default"] if operation.default_succeeds else keys


@check("DEC001", "no-error-response", WARNING, Operation, folds=True, applies=ordinary)
def no_error_response(operation: Operation, plan: Plan) -> Iterator[Verdict]:
    """An operation without a single 4xx, 5xx, range or default; ``4xx`` is DEC005's business.

    A ``default`` that is the only answer for success, and says nothing of errors, is none.
    """
    if not errors_of(operation) and not any(map(_misspelled, operation.statuses)):
        told = ", its default says nothing of errors" if operation.default_succeeds else ""
        yield Hit(
            f"{operation.label} declares no error response{told}",
            at=_responses(operation),
            merged="{share} operations declare no error response",
        )


def first_of_response(declaration: Declaration) -> bool:
    """Whether this is the first media type of its response: a question about the response is asked once."""
    return declaration.media_type in (None, *media_types(declaration)[:1])


def media_types(declaration: Declaration) -> list[str]:
    """The media types of the response that a declaration is one of, in order."""
    response = declaration.response.value
    content = response.get("content") if isinstance(response, dict) else None
    if isinstance(content, dict):
        return [name.strip() for name in content if name != "x-errlint"]
    if declaration.schema is not None and declaration.operation.produces:  # OpenAPI 2.0 has one schema for all of them
        return list(declaration.operation.produces)
    return [] if declaration.media_type is None else [declaration.media_type]


def _responses(operation: Operation) -> Location:
    return (operation.node.get("responses") or operation.node).location


@check("DEC002", "only-default", OFF, Operation, applies=ordinary)
def only_default(operation: Operation, plan: Plan) -> Iterator[Verdict]:
    """An operation that says of its errors only what they have in common."""
    if errors_of(operation) == ["default"]:
        yield Hit(
            f"{operation.label} declares no error response but default",
            at=_responses(operation),
            merged="{share} operations declare no error response but default",
        )


Policy = Literal["require", "forbid", "only"]


@check("DEC003", "default-policy", OFF, Operation, applies=lambda operation, policy="require": ordinary(operation),
       options={"policy": {"enum": ["require", "forbid", "only"]}})  # fmt: skip
def default_policy(operation: Operation, plan: Plan, policy: Policy = "require") -> Iterator[Verdict]:
    """An operation that breaks the house's rule on ``default``: it must be there, must not, or must be the only error."""
    errors = [key for key in operation.statuses if covers_errors(key)]
    if policy == "require" and "default" not in errors:
        told, merged = "declares no default response", "{share} operations declare no default response"
    elif policy == "forbid" and "default" in errors:
        told, merged = "declares a default response", "{share} operations declare a default response"
    elif policy == "only" and errors not in ([], ["default"]):
        others = ", ".join(key for key in errors if key != "default")
        told, merged = f"declares {others}, not only default", "{share} operations declare errors beside default"
    else:
        return
    yield Hit(f"{operation.label} {told}", at=_responses(operation), detail=policy, merged=merged)


def _content(declaration: Declaration) -> dict[str, Any]:
    """The media types that a response declares, as written; OpenAPI 2.0 has one schema for all of them."""
    response = declaration.response.value
    content = response.get("content") if isinstance(response, dict) else None
    return content if isinstance(content, dict) else {}


def _is_no_response(declaration: Declaration) -> bool:
    """Whether a reference leads to a schema where a response should stand, which is DEC008's business."""
    pointer = declaration.response.pointer
    return (pointer[:2] == ("components", "schemas") and len(pointer) == 3) or pointer[:1] == ("definitions",)


def _answers(declaration: Declaration) -> bool:
    """Whether an error response should have a schema; each response is asked once, whatever its media types."""
    if not declaration.error or not first_of_response(declaration) or _is_no_response(declaration):
        return False
    return declaration.operation.method != "HEAD" and declaration.status_key not in BODILESS


@check("DEC004", "error-without-schema", WARNING, Declaration, folds=True, applies=_answers)
def error_without_schema(declaration: Declaration, plan: Plan) -> Iterator[Verdict]:
    """An error response that does not say what its body is."""
    if declaration.schema is not None or any(isinstance(m, dict) and "schema" in m for m in _content(declaration).values()):
        return
    if declaration.dialect == "2.0":
        lack = "no schema"
    else:
        lack = "no content" if declaration.media_type is None else f"no schema for {declaration.media_type}"
    yield Hit(
        f"{declaration.operation.label} declares {declaration.status_key} with {lack}",
        at=declaration.use.location,
        merged="{share} error responses declare no schema",
    )


@check("DEC005", "bad-status-key", ERROR, BadKey)
def bad_status_key(bad: BadKey, plan: Plan) -> Iterator[Verdict]:
    """A key of the responses that is no status, no range and not default."""
    told = f"; did you mean {bad.meant}?" if bad.meant else ""
    message = f"{bad.key!r} is no status code, range or default{told}"
    yield Hit(f"OpenAPI 2.0 has no ranges: {bad.key!r}" if bad.ranged else message, at=bad.location, detail=bad.key)


def _has_content(declaration: Declaration) -> bool:
    return declaration.media_type is not None and first_of_response(declaration)


@check("DEC006", "body-not-allowed", ERROR, Declaration, applies=_has_content)
def body_not_allowed(declaration: Declaration, plan: Plan) -> Iterator[Verdict]:
    """Content under a status or method that cannot have any (RFC 9110 sections 15.3.5, 15.3.6, 15.4.5, 9.3.2).

    Of an operation that is a HEAD it is said once: all its answers describe those to GET.
    """
    key, operation, names = declaration.status_key, declaration.operation, media_types(declaration)
    declared = f"{', '.join(map(cut, names[:6]))} {'is' if len(names) == 1 else 'are'} declared"
    if key in ("204", "205", "304"):
        message = f"{key} cannot have content (RFC 9110), {declared}"
        yield Hit(message, at=declaration.use.location, status=key, shared=True)
    elif operation.method == "HEAD":
        yield Hit(
            f"an answer to HEAD has no content, {declared} for {key} (it describes GET's)",
            at=_responses(operation),
            severity=NOTE,
            shared=True,
            merged="{n} HEAD operations declare content, which their answers cannot have (it describes GET's)",
        )


@check("DEC014", "unresolved-ref", ERROR, BrokenRef, applies=lambda broken: not broken.cycle)
def unresolved_ref(broken: BrokenRef, plan: Plan) -> Iterator[Verdict]:
    """A reference on the way to an error schema that cannot be followed."""
    # What stands in a component has no status of its own.
    own = any(at == broken.location for _, at in broken.uses)
    status = broken.status_key or None if own else None
    yield Hit(broken.reason, at=broken.location, status=status, detail=broken.reason, shared=True)
