"""COV: errors that an operation must be expected to answer, by what it asks for, and does not declare."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

from errlint.checks.dec import ordinary
from errlint.checks.registry import Hit, Verdict, check
from errlint.checks.subjects import Endpoint
from errlint.checks.words import cut
from errlint.load.openapi_keys import meant
from errlint.match.plan import Plan
from errlint.model.finding import Location, Severity
from errlint.model.spec import Node, Operation, Unresolved

OFF, NOTE, WARNING, ERROR = Severity

Accept = Literal["explicit", "range", "default"]
ACCEPT = {"accept": {"enum": ["explicit", "range", "default"]}}
"""What counts as declared: the status itself, also its range, or also ``default``."""


def declares(operation: Operation, accept: Accept, *statuses: int) -> bool:
    """Whether an operation declares one of the statuses. A key that is none (DEC005) counts as what it is meant to be."""
    wanted = {str(status) for status in statuses}
    if accept != "explicit":
        wanted |= {f"{status // 100}XX" for status in statuses}
    if accept == "default" and not operation.default_succeeds:
        wanted.add("default")
    return any(key in wanted or _is_meant(key, wanted) for key in operation.statuses)


def _is_missed(endpoint: Endpoint, accept: Accept, *statuses: int) -> bool:
    """Whether some operation of the document declares none of the statuses: else nobody has to know what is asked."""
    asked = (accept, *statuses)
    if asked not in endpoint.missed:
        operations = endpoint.spec.operations
        endpoint.missed[asked] = any(not declares(one, accept, *statuses) for one in operations if ordinary(one))
    return endpoint.missed[asked]


def _is_meant(key: str, wanted: set[str]) -> bool:
    plain = len(key) == 3 and key.isdigit()
    return not plain and key != "default" and not wanted.isdisjoint(meant(key, True).split(" and "))


def _responses(operation: Operation) -> Location:
    return (operation.node.get("responses") or operation.node).location


def _ways(endpoint: Endpoint) -> list[dict[str, Any]]:
    """The security requirements that hold for an operation: its own, else the document's; one of them is enough."""
    for owner in (endpoint.operation.node, endpoint.spec.root):
        found = owner.value.get("security") if isinstance(owner.value, dict) else None
        if isinstance(found, list):
            return [way for way in found if isinstance(way, dict)]
    return []


def _secured(endpoint: Endpoint, accept: Accept = "default") -> bool:
    return endpoint.operation.secured and ordinary(endpoint.operation) and not _by_certificate(endpoint)


def _by_certificate(endpoint: Endpoint) -> bool:
    """Whether only client certificates are asked for: TLS refuses those, before there is an HTTP answer."""
    components = endpoint.spec.root.get("components")
    schemes = components.get("securitySchemes") if components is not None else None
    named = schemes.value if schemes is not None and isinstance(schemes.value, dict) else {}
    if "mutualTLS" not in [scheme.get("type") for scheme in named.values() if isinstance(scheme, dict)]:
        return False
    asked = {name for way in _ways(endpoint) for name in way}
    return all(isinstance(named.get(name), dict) and named[name].get("type") == "mutualTLS" for name in asked)


@check("COV003", "secured-without-401", WARNING, Endpoint, folds=True, applies=_secured, options=ACCEPT)
def secured_without_401(endpoint: Endpoint, plan: Plan, accept: Accept = "default") -> Iterator[Verdict]:
    """An operation that nobody may call without credentials, and no answer for who does."""
    operation = endpoint.operation
    if not declares(operation, accept, 401):
        yield Hit(
            f"{operation.label} is secured and declares no 401",
            at=_responses(operation),
            merged="{who} secured operations {declare_no} 401",
        )


def _scopes(endpoint: Endpoint) -> list[str]:
    return [str(scope) for way in _ways(endpoint) for scopes in way.values() if isinstance(scopes, list) for scope in scopes]


def _scoped(endpoint: Endpoint, accept: Accept = "default") -> bool:
    return endpoint.operation.secured and ordinary(endpoint.operation) and bool(_scopes(endpoint))


@check("COV004", "scoped-without-403", NOTE, Endpoint, folds=True, applies=_scoped, options=ACCEPT)
def scoped_without_403(endpoint: Endpoint, plan: Plan, accept: Accept = "default") -> Iterator[Verdict]:
    """An operation that demands scopes or roles, and no answer for who lacks them."""
    operation = endpoint.operation
    if not declares(operation, accept, 403):
        scopes = list(dict.fromkeys(_scopes(endpoint)))
        yield Hit(
            f"{operation.label} demands scope{'s' if len(scopes) > 1 else ''} {_few(scopes)} and declares no 403",
            at=_responses(operation),
            merged="{who} operations that demand scopes {declare_no} 403",
        )


def _few(scopes: list[str]) -> str:
    """The first scopes, up to three and not too much text: some are URLs."""
    names = [cut(scope, 60) for scope in scopes[:3]]
    while len(names) > 1 and sum(map(len, names)) > 100:
        names.pop()
    more = len(scopes) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _resolved(endpoint: Endpoint, node: Node) -> Node | None:
    try:
        return endpoint.spec.resolve(node)
    except Unresolved:
        return None


def _last_parameter(endpoint: Endpoint) -> str:
    """The parameter that is the last segment of the path and names one of many things; empty where none is."""
    last = endpoint.operation.path.rstrip("/").rpartition("/")[2]
    name = last[1:-1]
    if not (last.startswith("{") and last.endswith("}")) or "{" in name:
        return ""
    for parameter in endpoint.operation.parameters:
        if parameter.where == "path" and parameter.name == name and parameter.schema is not None:
            schema = _resolved(endpoint, parameter.schema)
            value = schema.value if schema is not None and isinstance(schema.value, dict) else {}
            if "enum" in value or "const" in value or value.get("type") == "boolean":
                return ""
    return name


def _names_a_thing(endpoint: Endpoint, accept: Accept = "default") -> bool:
    operation = endpoint.operation
    if operation.method in ("PUT", "DELETE") or not operation.path.rstrip("/").endswith("}"):
        return False
    return ordinary(operation) and _is_missed(endpoint, accept, 404) and bool(_last_parameter(endpoint))


@check("COV005", "path-parameter-without-404", NOTE, Endpoint, folds=True, applies=_names_a_thing, options=ACCEPT)
def path_parameter_without_404(endpoint: Endpoint, plan: Plan, accept: Accept = "default") -> Iterator[Verdict]:
    """An operation on one of many things, and no answer for one that is not there."""
    operation = endpoint.operation
    if not declares(operation, accept, 404):
        yield Hit(
            f"{operation.label} declares no 404 for an unknown {_last_parameter(endpoint)}",
            at=_responses(operation),
            merged="{who} operations on a path that ends in a parameter {declare_no} 404",
        )


def _takes_input(endpoint: Endpoint, accept: Accept = "default") -> bool:
    operation = endpoint.operation
    if not ordinary(operation) or not _is_missed(endpoint, accept, 400, 422):
        return False
    return bool(operation.bodies) or any(one.required and one.where == "query" for one in operation.parameters)


@check("COV006", "input-without-400", NOTE, Endpoint, folds=True, applies=_takes_input, options=ACCEPT)
def input_without_400(endpoint: Endpoint, plan: Plan, accept: Accept = "default") -> Iterator[Verdict]:
    """An operation that takes input, and no answer for input that is wrong."""
    operation = endpoint.operation
    if not declares(operation, accept, 400, 422):
        what = "a body" if operation.bodies else "a required query parameter"
        yield Hit(
            f"{operation.label} takes {what} and declares neither 400 nor 422",
            at=_responses(operation),
            merged="{who} operations with a body or a required query parameter {declare_no} 400 or 422",
        )


LIMITS = ("ratelimit", "x-ratelimit", "x-rate-limit")
"""How headers and extensions begin that speak of rate limits."""


def _is_limit(name: Any) -> bool:
    return isinstance(name, str) and name.lower().startswith(LIMITS)


def _limited(endpoint: Endpoint, limited: str = "declared", accept: Accept = "default") -> bool:
    """Whether an operation is rate limited: all are by option; else its extensions or the headers of its answers say so."""
    operation, root = endpoint.operation, endpoint.spec.root
    if not ordinary(operation):
        return False
    if limited == "all" or any(isinstance(o.value, dict) and any(map(_is_limit, o.value)) for o in (operation.node, root)):
        return True
    responses = operation.node.get("responses")
    named = _resolved(endpoint, responses) if responses is not None else None
    return any(_is_limit(header) for key in operation.statuses for header in _headers(endpoint, named, key))


def _headers(endpoint: Endpoint, responses: Node | None, key: str) -> list[str]:
    use = responses.get(key) if responses is not None else None
    response = _resolved(endpoint, use) if use is not None else None
    headers = response.get("headers") if response is not None else None
    return list(headers.value) if headers is not None and isinstance(headers.value, dict) else []


@check("COV007", "limited-without-429", OFF, Endpoint, applies=_limited,
       options={"limited": {"enum": ["declared", "all"]}, **ACCEPT})  # fmt: skip
def limited_without_429(
    endpoint: Endpoint, plan: Plan, limited: str = "declared", accept: Accept = "default"
) -> Iterator[Verdict]:
    """An operation that is rate limited, and no answer for who asks too often."""
    operation = endpoint.operation
    if not declares(operation, accept, 429):
        yield Hit(
            f"{operation.label} is rate limited and declares no 429",
            at=_responses(operation),
            merged="{who} rate-limited operations {declare_no} 429",
        )


def _fails(endpoint: Endpoint, accept: Accept = "default") -> bool:
    return ordinary(endpoint.operation)


@check("COV008", "no-5xx", OFF, Endpoint, applies=_fails, options=ACCEPT)
def no_5xx(endpoint: Endpoint, plan: Plan, accept: Accept = "default") -> Iterator[Verdict]:
    """An operation that never fails by itself, if one believes the document."""
    operation = endpoint.operation
    if not declares(operation, accept, *range(500, 600)):
        yield Hit(
            f"{operation.label} declares no 5xx",
            at=_responses(operation),
            merged="{who} operations {declare_no} 5xx",
        )


def _bodiless(operation: Operation) -> bool:
    return not operation.bodies


def _safe(operation: Operation) -> bool:
    return operation.method in ("GET", "HEAD", "OPTIONS", "TRACE")


def _asks_nothing(operation: Operation) -> bool:
    return not operation.bodies and not operation.parameters and "{" not in operation.path


def _has_no_range(operation: Operation) -> bool:
    """Whether a range cannot be asked for, and none is sent (a partial PUT, RFC 9110 section 14.5)."""
    names = {parameter.name.lower() for parameter in operation.parameters if parameter.where == "header"}
    return operation.method != "GET" and names.isdisjoint(("range", "content-range"))


def _is_one_resource(operation: Operation) -> bool:
    """Whether the path has no parameter: of many things, some may support a method and some not."""
    return "{" not in operation.path


IMPLAUSIBLE: dict[str, tuple[Callable[[Operation], bool], str]] = {
    "405": (_is_one_resource, "the method is declared, so the resource supports it (RFC 9110 section 15.5.6)"),
    "409": (_safe, "a safe method changes no state that it could conflict with (RFC 9110 sections 9.2.1 and 15.5.10)"),
    "411": (_bodiless, "it takes no body whose length could be missing (RFC 9110 section 15.5.12)"),
    "413": (_bodiless, "it takes no body that could be too large (RFC 9110 section 15.5.14)"),
    "415": (_bodiless, "it takes no body whose media type could be wrong (RFC 9110 section 15.5.16)"),
    "416": (_has_no_range, "ranges are asked for with GET only (RFC 9110 section 14.2)"),
    "422": (_asks_nothing, "it takes neither a body nor a parameter that could be wrong (RFC 9110 section 15.5.21)"),
    "428": (_safe, "a safe method overwrites nothing that a condition could protect (RFC 6585 section 3)"),
}
"""Statuses that some methods cannot answer: which operations, and why."""


@check("COV009", "implausible-status", OFF, Operation)
def implausible_status(operation: Operation, plan: Plan) -> Iterator[Verdict]:
    """An error that HTTP gives no reason for on such an operation."""
    for key in operation.statuses:
        applies, why = IMPLAUSIBLE.get(key, (None, ""))
        if applies is not None and applies(operation):
            at = operation.node.get("responses") or operation.node
            yield Hit(
                f"{operation.label} declares {key}: {why}",
                at=(at.get(key) or at).location,
                status=key,
                detail=key,
                merged="{n} operations declare " + key + " without a reason: " + why,
            )
