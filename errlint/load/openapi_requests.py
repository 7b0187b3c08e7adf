"""What an operation is asked with: parameters, bodies, security; and under which paths the service stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from errlint.load import openapi_v2
from errlint.load.nodes import elements, members, scalar, schema, text
from errlint.model.pointer import Pointer
from errlint.model.spec import Asked, Node, Parameter, Resolve, Unresolved

_ORIGIN = re.compile(r"(?:[^/?#]*:)?//[^/?#]*")
_VARIABLE = re.compile(r"\{([^{}]*)\}")


class Parameters:
    """The parameters of one document, each read once however many operations share it."""

    def __init__(self, resolve: Resolve, v2: bool) -> None:
        self._resolve = resolve
        self._v2 = v2
        self._read: dict[tuple[str, Pointer], Parameter] = {}

    def merged(self, lists: Iterable[Node | None]) -> list[tuple[Parameter, Node]]:
        """The parameters of several lists, ``$ref`` followed: a later one replaces an earlier one of equal name and place.

        In 2.0 a body is a parameter too. A reference that leads nowhere is left out.
        """
        found: dict[tuple[str, str], tuple[Parameter, Node]] = {}
        for each in lists:
            for element in elements(each):
                node = _resolved(element, self._resolve)
                if node is not None and isinstance(node.value, dict):
                    parameter = self._parameter(node)
                    if parameter.where:
                        found[parameter.name, parameter.where] = parameter, node
        return list(found.values())

    def _parameter(self, node: Node) -> Parameter:
        key = (node.uri, node.pointer)
        known = self._read.get(key)
        if known is None:
            where = text(node.value, "in")
            required = where == "path" or node.value.get("required") is True
            # In 2.0 type, enum and pattern stand in the parameter itself.
            shape = _schema(node) if not self._v2 else schema(node) if where == "body" else node
            known = self._read[key] = Parameter(text(node.value, "name"), where, required, shape)
        return known


def asked(node: Node, items: list[Node], known: Parameters, resolve: Resolve, top: Node | None) -> Asked:
    """What an operation asks of a request; the parameters of its path items count. ``top`` is the root, in 2.0 only."""
    parameters = known.merged(owner.get("parameters") for owner in (*reversed(items), node))
    if top is not None:
        content, required = openapi_v2.bodies(node, parameters, openapi_v2.media_types(node, top, "consumes"))
    else:
        content, required = bodies(node, resolve)
    return Asked(tuple(found for found, _ in parameters if found.where not in ("body", "formData")), content, required)


def _schema(node: Node) -> Node | None:
    """The schema of a 3.x parameter, which may stand in its content."""
    return schema(node) or next((schema(media) for _, media in members(node.get("content"))), None)


def bodies(operation: Node, resolve: Resolve) -> tuple[Mapping[str, Node | None], bool]:
    """The request bodies of a 3.x operation by media type, and whether one must be sent."""
    named = operation.get("requestBody")
    body = _resolved(named, resolve) if named is not None else None
    if body is None or not isinstance(body.value, dict):
        return {}, False
    content: dict[str, Node | None] = {}
    for media_type, node in members(body.get("content")):
        media = _resolved(node, resolve)
        content[media_type.strip()] = schema(media) or schema(media, "itemSchema")
    return content, body.value.get("required") is True


def _resolved(node: Node, resolve: Resolve) -> Node | None:
    """What a node stands for, None where its reference leads nowhere: that is told only on the way to an error."""
    try:
        return resolve(node)
    except Unresolved:
        return None


def secured(operation: Node, root: Node) -> bool:
    """Whether no anonymous way is declared; ``security: []`` and an alternative ``{}`` are public.

    The root's security is the default.
    """
    for owner in (operation, root):
        found = owner.value.get("security") if isinstance(owner.value, dict) else None
        if isinstance(found, list):
            ways = [way for way in found if isinstance(way, dict)]
            return bool(ways) and all(ways)
    return False


def base_paths(root: Node, v2: bool) -> tuple[str, ...]:
    """The distinct paths under which the service stands, without a slash at the end: at least one, ``""`` for the root.

    Servers of single paths and operations are not looked at.
    """
    if v2:
        return (openapi_v2.base_path(root),)
    return tuple(dict.fromkeys(_server_paths(root))) or ("",)


def _server_paths(root: Node) -> Iterator[str]:
    for server in elements(root.get("servers")):
        if isinstance(server.value, dict) and isinstance(server.value.get("url"), str):
            variables = server.value.get("variables")
            yield path_of(_substituted(server.value["url"], variables if isinstance(variables, dict) else {}))


def _substituted(url: str, variables: Mapping[str, Any]) -> str:
    def default(match: re.Match[str]) -> str:
        variable = variables.get(match[1])
        value = variable.get("default") if isinstance(variable, dict) else None
        return value if value == "" else scalar(value) or match[0]

    return _VARIABLE.sub(default, url)


def path_of(url: str) -> str:
    """The path of a server's url, absolute or relative, as a prefix of paths."""
    origin = _ORIGIN.match(url)
    path = re.split(r"[?#]", url[origin.end() :] if origin else url, maxsplit=1)[0].strip().strip("/")
    return "/" + path.removeprefix("./") if path not in ("", ".") else ""
