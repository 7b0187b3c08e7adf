"""A method and a url -> the operation that they meet: openapi-core's path finder over the skeleton of a document.

The skeleton holds nothing but paths and methods. So a broken document routes as far as it was read, and OpenAPI 2.0, which
openapi-core takes without a look, routes as the others do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from errlint.bind.document import UNCHECKED
from errlint.load.openapi_requests import path_of
from errlint.match.route import PLACEHOLDER, expression, is_greedy
from errlint.model.spec import Operation, Spec

if TYPE_CHECKING:
    from openapi_core.templating.paths.finders import APICallPathFinder

_LETTERS = re.compile(r"%2f|%25", re.IGNORECASE)


class Router:
    """The operations of one document, for exchanges of any host that serves it.

    ``base`` is the path under which the service stands (``/v1``, empty for the root); without it the document's servers
    say, those of single paths and operations too.
    """

    def __init__(self, spec: Spec, base: str | None = None) -> None:
        self.bases: dict[str, _Table] = {}
        for operation in spec.operations:
            for path in _bases(operation, spec) if base is None else (base.rstrip("/"),):
                self.bases.setdefault(path, _Table()).add(operation)

    def operation(self, method: str, url: str) -> Operation | None:
        """The operation that a request meets, None for a stray one: an unknown path, or a method not declared there."""
        return next((found for table, rest in self._rests(url) if (found := table.find(method, rest))), None)

    def knows(self, url: str) -> bool:
        """Whether the path of a url meets a declared one, by whatever method."""
        return any(table.knows(rest) for table, rest in self._rests(url))

    def stands_above(self, url: str) -> bool:
        """Whether a url lies below a base path."""
        return any(True for _ in self._rests(url))

    def _rests(self, url: str) -> Iterator[tuple[_Table, str]]:
        """The path below each base that it may stand under, the longest base first."""
        path = _path(url)
        for base in sorted(self.bases, key=len, reverse=True):
            if path.startswith(base + "/") or path == base:
                yield self.bases[base], path[len(base) :] or "/"


def _path(url: str) -> str:
    """The path of a url; percent-encoding that hides no delimiter is undone."""
    try:
        path = urlsplit(url).path or "/"
    except ValueError:
        return ""
    return path if _LETTERS.search(path) else unquote(path)


class _Table:
    """The operations under one base path, by the number of segments of their paths."""

    def __init__(self) -> None:
        self._plain: dict[int, list[Operation]] = {}
        self._odd: list[tuple[re.Pattern[str], Operation]] = []
        self._finders: dict[int, APICallPathFinder] = {}
        self._by_place: dict[tuple[str, str], Operation] = {}
        self._found: dict[tuple[str, str], Operation | None] = {}

    def add(self, operation: Operation) -> None:
        """Puts an operation in; a template that openapi-core does not read goes by its regular expression."""
        names = PLACEHOLDER.findall(operation.path)
        bare = PLACEHOLDER.sub("", operation.path)
        if "{" in bare or "}" in bare or any(map(is_greedy, names)) or len(set(names)) < len(names):
            self._odd.append((re.compile(expression(operation.path)), operation))
            return
        self._plain.setdefault(operation.path.count("/"), []).append(operation)
        self._by_place[operation.method.lower(), operation.path] = operation

    def find(self, method: str, path: str) -> Operation | None:
        """The operation of a method and a path below the base; concrete paths come before templated ones."""
        key = (method.lower(), path)
        if key not in self._found:
            self._found[key] = self._asked(*key)
        return self._found[key]

    def knows(self, path: str) -> bool:
        """Whether any method of the path is declared."""
        methods = {operation.method for operation in self._plain.get(path.count("/"), ())}
        return any(self.find(method, path) for method in sorted(methods)) or any(one.fullmatch(path) for one, _ in self._odd)

    def _asked(self, method: str, path: str) -> Operation | None:
        from openapi_core.exceptions import OpenAPIError

        finder = self._finder(path.count("/"))
        try:
            found = finder.find(method, path) if finder is not None else None
        except OpenAPIError:
            found = None
        if found is not None and all(found.path_result.variables.values()):  # it takes /models/ for an empty id
            return self._by_place[method, found.path_result.pattern]
        odd = ((one, operation) for one, operation in self._odd if operation.method.lower() == method)
        return next((operation for one, operation in odd if one.fullmatch(path)), None)

    def _finder(self, depth: int) -> APICallPathFinder | None:
        """openapi-core's finder over the paths with so many slashes: it looks at each of them for every question."""
        if depth not in self._finders and depth in self._plain:
            from openapi_core import Config, OpenAPI  # start-up: only replays need it
            from openapi_core.templating.paths.finders import APICallPathFinder

            paths: dict[str, dict[str, Any]] = {}
            for operation in self._plain[depth]:
                paths.setdefault(operation.path, {})[operation.method.lower()] = {"responses": {}}
            skeleton = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": paths}
            self._finders[depth] = APICallPathFinder(
                OpenAPI.from_dict(skeleton, config=Config(spec_validator_cls=UNCHECKED)).spec
            )
        return self._finders.get(depth)


def _bases(operation: Operation, spec: Spec) -> Iterable[str]:
    """The base paths of an operation: its own servers', else its path's, else the document's."""
    for node in (operation.node.value, _item(operation, spec)):
        servers = node.get("servers") if isinstance(node, dict) else None
        urls = [one.get("url") for one in servers if isinstance(one, dict)] if isinstance(servers, list) else []
        paths = [path_of(url) for url in urls if isinstance(url, str)]
        if paths and spec.dialect != "2.0":
            return dict.fromkeys(paths)
    return spec.base_paths


def _item(operation: Operation, spec: Spec) -> Any:
    """The Path Item Object of an operation."""
    root = spec.root.value
    paths = root.get("paths") if isinstance(root, dict) else None
    return paths.get(operation.path) if isinstance(paths, dict) else None
