"""Which operation a request meets: a concrete path before a templated one (OpenAPI 3.1.1 section 4.8.8.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from errlint.match.route import PLACEHOLDER, expression, is_greedy
from errlint.model.record import field, mutable
from errlint.model.spec import Operation


@mutable
class _Node:
    """What may follow in a path: segments as they are, segments with placeholders by their pattern; the operation that ends
    here."""

    concrete: dict[str, _Node] = field(default_factory=dict)
    templated: dict[str, tuple[re.Pattern[str], _Node]] = field(default_factory=dict)
    operation: Operation | None = None


class Router:
    """The operations of a document as a tree of path segments: a look-up does not grow with the document."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._methods: dict[str, _Node] = {}
        self._greedy: list[tuple[str, re.Pattern[str], Operation]] = []
        for operation in operations:
            self._add(operation.method.upper(), operation)

    def _add(self, method: str, operation: Operation) -> None:
        if any(map(is_greedy, PLACEHOLDER.findall(operation.path))):
            self._greedy.append((method, re.compile(expression(operation.path)), operation))
            return
        node = self._methods.setdefault(method, _Node())
        for segment in operation.path.split("/"):
            if PLACEHOLDER.search(segment):
                pattern = expression(segment)
                node = node.templated.setdefault(pattern, (re.compile(pattern), _Node()))[1]
            else:
                node = node.concrete.setdefault(segment, _Node())
        node.operation = node.operation or operation

    def find(self, method: str, path: str) -> Operation | None:
        """The operation that a path below the base path meets, None where there is none."""
        method = method.upper()
        found = _find(self._methods.get(method), path.split("/"), 0)
        if found is not None:
            return found
        greedy = (operation for wanted, pattern, operation in self._greedy if wanted == method and pattern.fullmatch(path))
        return next(greedy, None)


def _find(node: _Node | None, segments: Sequence[str], depth: int) -> Operation | None:
    """The operation below a node; no deeper than the document's longest path."""
    if node is None or depth == len(segments):
        return node.operation if node is not None else None
    found = _find(node.concrete.get(segments[depth]), segments, depth + 1)
    if found is not None:
        return found
    for pattern, below in node.templated.values():
        if pattern.fullmatch(segments[depth]):
            found = _find(below, segments, depth + 1)
            if found is not None:
                return found
    return None
