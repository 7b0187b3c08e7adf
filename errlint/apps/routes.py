"""The handlers of an application: which function answers a method and a path, in the words of each framework.

All is asked of the objects themselves: no framework is imported, and what an object does not know is left out.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from inspect import Parameter, isclass, signature
from typing import Any, NamedTuple

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")

DEEPEST = 8
"""Applications that are mounted in one another."""


class Route(NamedTuple):
    """A method in capital letters, a path with ``{name}`` for what varies, and the function that answers.

    ``owner`` is the class that a view is made of, whose own file the function need not stand in.
    """

    method: str
    path: str
    handler: Any
    owner: Any = None


def routes(app: Any) -> tuple[Route, ...]:
    """The routes of an application, none where it does not tell."""
    found: list[Route] = []
    for way in (_starlette, _litestar, _flask, _django):
        with suppress(Exception):  # another version of a framework, or an object that only looks like one
            found += way(app)
    return tuple(found)


def shape(path: str) -> str:
    """A path whose parameters have no names: ``/orders/{}``, without a slash at its end."""
    return re.sub(r"\{[^{}]*\}", "{}", path).rstrip("/") or "/"


def code_of(handler: Any, method: str = "") -> Any:
    """The code object of the function that a user wrote: behind decorators, partials, bound methods and class-based views."""
    for _ in range(DEEPEST):
        following = _behind(handler, method.lower())
        if following is None:
            break
        handler = following
    return getattr(handler, "__code__", None)


def _behind(handler: Any, method: str) -> Any:
    """What stands behind a handler, None where it is the function itself."""
    view = handler if isclass(handler) else getattr(handler, "view_class", None)
    if view is not None:
        return getattr(view, method, None) or getattr(view, "dispatch_request", None)
    for name in ("__wrapped__", "__func__", "func", "fn"):  # functools.wraps, bound methods, partials, Litestar
        held = getattr(handler, name, None)
        if callable(held):
            return held
    if not hasattr(handler, "__code__"):
        call = getattr(type(handler), "__call__", None)  # noqa: B004 -- its code is wanted
        return call if hasattr(call, "__code__") else None
    return _wrapped(handler)


def _wrapped(function: Any) -> Any:
    """The one function that a wrapper without functools.wraps holds: it takes anything, and calls that."""
    cells = getattr(function, "__closure__", None) or ()
    takes = {one.kind for one in signature(function).parameters.values()}
    held = [content for content in map(_content, cells) if callable(content)]
    return held[0] if takes == {Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD} and len(held) == 1 else None


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None


def _starlette(app: Any, prefix: str = "", depth: int = 0) -> Iterator[Route]:
    """FastAPI and Starlette: a route has a path, methods and an endpoint; what is mounted has routes of its own."""
    if depth > DEEPEST:
        return
    for one in _list(getattr(app, "routes", None)):
        path = getattr(one, "path_format", None) or getattr(one, "path", None)
        router = getattr(one, "original_router", None)
        if router is not None:  # FastAPI keeps an included router, and what it is included with
            yield from _starlette(router, prefix + getattr(one.include_context, "prefix", ""), depth + 1)
            continue
        if not isinstance(path, str):
            yield from _starlette(one, prefix, depth + 1) if hasattr(one, "routes") else ()
            continue
        whole = prefix + re.sub(r"\{([^{}:]+):[^{}]*\}", r"{\1}", path)
        endpoint = getattr(one, "endpoint", None)
        if endpoint is not None:
            yield from (Route(method.upper(), whole, endpoint) for method in _methods(one, endpoint))
        elif hasattr(one, "routes") and not hasattr(one, "route_handlers"):
            yield from _starlette(one, whole.removesuffix("/{path}").rstrip("/"), depth + 1)


def _methods(route: Any, endpoint: Any) -> Iterable[str]:
    methods = getattr(route, "methods", None)
    return sorted(methods) if methods else [name for name in METHODS if hasattr(endpoint, name)] if isclass(endpoint) else ()


def _litestar(app: Any) -> Iterator[Route]:
    """Litestar: a route has handlers, each with its methods and function."""
    for one in _list(getattr(app, "routes", None)):
        path = str(getattr(one, "path_format", None) or getattr(one, "path", ""))
        for handler in _list(getattr(one, "route_handlers", None)):
            for method in sorted(getattr(handler, "http_methods", ())):
                plain = re.sub(r"\{([^{}:]+):[^{}]*\}", r"{\1}", path)
                yield Route(str(getattr(method, "value", method)).upper(), plain, getattr(handler, "fn", handler))


def _flask(app: Any) -> Iterator[Route]:
    """Flask and what is built on it: rules in a map, functions by the names of their endpoints."""
    app = getattr(app, "app", app) if not hasattr(app, "url_map") else app
    rules = getattr(getattr(app, "url_map", None), "iter_rules", None)
    functions: Mapping[str, Any] = getattr(app, "view_functions", {})
    for rule in rules() if rules is not None else ():
        path = re.sub(r"<(?:[^<>:]*:)?([^<>]+)>", r"{\1}", rule.rule)
        if rule.endpoint in functions:
            yield from (Route(method.upper(), path, functions[rule.endpoint]) for method in sorted(rule.methods or ()))


_NAMED = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)|<(?:\w+:)?(\w+)>")


def _django(app: Any) -> Iterator[Route]:
    """Django and its REST framework: patterns of paths, views with a class, and view sets that say who answers a method."""
    urls = sys.modules.get("django.urls")
    if urls is not None and type(app).__module__.startswith("django."):
        yield from _patterns(urls.get_resolver(), "", 0)


def _patterns(resolver: Any, prefix: str, depth: int) -> Iterator[Route]:
    for one in resolver.url_patterns if depth < DEEPEST else ():
        route = prefix + str(one.pattern).removeprefix("^").removesuffix("$")
        if hasattr(one, "url_patterns"):
            yield from _patterns(one, route, depth + 1)
            continue
        path = "/" + _NAMED.sub(lambda found: f"{{{found[1] or found[2]}}}", route).replace("\\", "").removesuffix("?")
        view = getattr(one.callback, "cls", None) or getattr(one.callback, "view_class", None)
        actions = getattr(one.callback, "actions", None) or {
            name: name for name in METHODS if hasattr(view, name) or view is None
        }
        for method, name in actions.items():
            yield Route(method.upper(), path, getattr(view, name, None) or one.callback, view)


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []


def of_operation(operation: Mapping[str, Any]) -> Any:
    """The function that an operationId names by its module (Connexion), None where none does."""
    controller = operation.get("x-openapi-router-controller") or operation.get("x-swagger-router-controller")
    name = operation.get("operationId")
    if not isinstance(name, str):
        return None
    whole = f"{controller}.{name}" if isinstance(controller, str) else name
    module, _, attribute = whole.rpartition(".")
    for _ in range(2):  # a function, or a method of a class
        if module in sys.modules:
            held: Any = sys.modules[module]
            for part in attribute.split("."):
                held = getattr(held, part, None)
            return held
        module, _, more = module.rpartition(".")
        attribute = f"{more}.{attribute}"
    return None
