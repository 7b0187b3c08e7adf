"""Documents that a tool writes: what is changed in them is lost with the next run, so they get no fix."""

from __future__ import annotations

import re
from typing import Any

from errlint.load.source import Document

SOURCE = "generated document: fix the source"

_HEADER = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:[ \t]*(?:#[^\n]*|%[^\n]*|---[ \t]*)?\r?\n)+")
_SAYS = re.compile(
    rb"(?:auto-?\s?|automatically )?generated (?:by|from|with|using|file|code)|do not (?:edit|modify|change)|@generated",
    re.IGNORECASE,
)
_MARKS = re.compile(r"x-(?:generator|generated(?:-(?:by|from|at|with))?)", re.IGNORECASE)
_FASTAPI_ID = re.compile(r"\w+_(?:get|put|post|delete|patch|head|options|trace)")
_METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")


def is_generated(document: Document) -> bool:
    """Whether a document says that a tool wrote it, or looks exactly like what FastAPI or springdoc write."""
    header = _HEADER.match(document.text) if document.format == "yaml" else None
    if header is not None and _SAYS.search(header[0]):
        return True
    data = document.data
    if not isinstance(data, dict):
        return False
    return any(_marked(part) for part in (data, data.get("info"))) or _fastapi(data) or _springdoc(data)


def _marked(part: Any) -> bool:
    if not isinstance(part, dict):
        return False
    comment = part.get("$comment")
    if isinstance(comment, str) and _SAYS.search(comment.encode("utf-8", "replace")):
        return True
    return any(_MARKS.fullmatch(key) and value not in (False, None) for key, value in part.items())


def _fastapi(data: dict[str, Any]) -> bool:
    """FastAPI's own error schema beside operation ids that end in the method, as ``read_item_items__item_id__get``."""
    components = data.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    if not isinstance(schemas, dict) or not {"HTTPValidationError", "ValidationError"} <= schemas.keys():
        return False
    ids = _operation_ids(data)
    return bool(ids) and all(_FASTAPI_ID.fullmatch(id_) for id_ in ids)


def _operation_ids(data: dict[str, Any]) -> list[str]:
    paths = data.get("paths")
    found: list[str] = []
    for item in paths.values() if isinstance(paths, dict) else ():
        for method, operation in item.items() if isinstance(item, dict) else ():
            if method in _METHODS and isinstance(operation, dict) and isinstance(operation.get("operationId"), str):
                found.append(operation["operationId"])
    return found


def _springdoc(data: dict[str, Any]) -> bool:
    """springdoc's words for a server that nobody described."""
    servers = data.get("servers")
    return isinstance(servers, list) and any(
        isinstance(server, dict) and server.get("description") == "Generated server url" for server in servers
    )
