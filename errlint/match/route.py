"""Which layer's business a request is: selectors over operations and paths."""

from __future__ import annotations

import re

from errlint.model.spec import Operation

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
"""A parameter in a path template (OpenAPI 3.1.1 section 4.8.8.2)."""


def path_of(url: str) -> str:
    """The path of a url: ``/`` where it has none or is no url, nothing for nothing."""
    if not url:
        return ""
    from urllib.parse import urlsplit  # start-up: documents have no urls

    try:
        return urlsplit(url).path or "/"
    except ValueError:
        return "/"


def covers(applies_to: str | tuple[str, ...], operation: Operation | None, method: str, path: str) -> bool:
    """Whether a layer may answer a request of a declared operation, or a stray one (operation None)."""
    if applies_to == "all-operations":
        return True
    if applies_to == "declared-operations":
        return operation is not None
    if applies_to == "unrouted":
        return operation is None
    selectors = (applies_to,) if isinstance(applies_to, str) else applies_to
    return any(selects(selector, operation, method, path) for selector in selectors)


def selects(selector: str, operation: Operation | None, method: str, path: str) -> bool:
    """Whether a selector names a request: ``[METHOD ]path-glob``, ``tag:x``, ``operationId:x``.

    A glob is held against the operation's path template and against the path that was asked for.
    """
    kind, colon, name = selector.partition(":")
    if colon and kind == "tag":
        return operation is not None and name in operation.tags
    if colon and kind == "operationId":
        return operation is not None and name == operation.operation_id
    from fnmatch import fnmatchcase  # start-up: few catalogs have selectors

    wanted, space, glob = selector.partition(" ")
    if not space:
        wanted, glob = "", selector
    if wanted and wanted.upper() != method.upper():
        return False
    return any(fnmatchcase(known, glob) for known in (operation.path if operation else "", path) if known)


MOST_PLACEHOLDERS = 8
"""Placeholders of a path that are told apart."""


def expression(path: str) -> str:
    """A path template as a regular expression of paths; ``{proxy+}`` and ``{path:.*}`` are greedy: they match slashes.

    Of a path with many placeholders, which only a hostile document has, it says no more than how it begins: with each the
    time to find out that something does not match would multiply.
    """
    if path.count("{") > MOST_PLACEHOLDERS:
        return re.escape(path.partition("{")[0]) + ".*"
    parts: list[str] = []
    for index, text in enumerate(PLACEHOLDER.split(path)):
        parts.append(re.escape(text) if index % 2 == 0 else ".*" if is_greedy(text) else "[^/]+")
    return "".join(parts)


def is_greedy(placeholder: str) -> bool:
    """Whether a placeholder's name says that it matches slashes."""
    return "+" in placeholder or "*" in placeholder
