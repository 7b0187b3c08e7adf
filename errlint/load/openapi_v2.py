"""What Swagger 2.0 writes otherwise: bodies among the parameters, media types beside the schemas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from errlint.load.nodes import text, texts
from errlint.model.spec import Node, Parameter

JSON = "application/json"
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


def base_path(root: Node) -> str:
    """The path under which the service stands, without a slash at the end."""
    path = text(root.value, "basePath").strip("/")
    return f"/{path}" if path else ""


def media_types(operation: Node, root: Node, key: str) -> tuple[str, ...]:
    """The media types of ``consumes`` or ``produces``: the operation's own, an empty list included, else the root's."""
    own = isinstance(operation.value, dict) and isinstance(operation.value.get(key), list)
    return texts((operation if own else root).value, key)


def bodies(
    operation: Node, parameters: Iterable[tuple[Parameter, Node]], consumes: tuple[str, ...]
) -> tuple[Mapping[str, Node | None], bool]:
    """The request bodies by media type, and whether one must be sent."""
    fields = []
    for parameter, node in parameters:
        if parameter.where == "body":
            return dict.fromkeys(consumes or (JSON,), parameter.schema), parameter.required
        if parameter.where == "formData":
            fields.append((parameter, node))
    if not fields:
        return {}, False
    form = _form(operation, fields)
    return dict.fromkeys(_form_types(fields, consumes), form), any(parameter.required for parameter, _ in fields)


def _form_types(fields: list[tuple[Parameter, Node]], consumes: tuple[str, ...]) -> tuple[str, ...]:
    # Only multipart can carry a file.
    file = any(node.value.get("type") == "file" for _, node in fields)
    allowed = (MULTIPART,) if file else (URLENCODED, MULTIPART)
    declared = tuple(media_type for media_type in consumes if media_type.partition(";")[0].strip().lower() in allowed)
    return declared or allowed[:1]


def _form(operation: Node, fields: list[tuple[Parameter, Node]]) -> Node:
    """The schema that form fields amount to. It stands nowhere in the document; its place is the operation's parameters."""
    properties = {
        parameter.name: {key: value for key, value in node.value.items() if key not in ("name", "in", "required")}
        for parameter, node in fields
    }
    required = [parameter.name for parameter, _ in fields if parameter.required]
    value = {"type": "object", "properties": properties, "required": required}
    return Node(operation.uri, (*operation.pointer, "parameters"), value)
