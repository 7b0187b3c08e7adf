"""The service's own OpenAPI document and catalog: as text, and as the operations that the service routes by."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from errlint.model.record import record

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

METHODS = ("get", "post", "put", "patch", "delete")


@record
class Operation:
    """One declared operation. ``path`` is a template below the base path; ``query`` maps a parameter to its schema.

    ``restricted``: only the role ml-engineer may call it; the document says so by declaring 403.
    """

    id: str
    method: str
    path: str
    secured: bool
    restricted: bool
    query: Mapping[str, Mapping[str, Any]]
    body: Draft202012Validator | None


@cache
def conforming_text() -> str:
    """The document's text, UTF-8 decoded."""
    return (files("errlint.demo") / "openapi.yaml").read_text(encoding="utf-8")


@cache
def catalog_text() -> str:
    """The text of the catalog that the service keeps: EventML's codes, and the framework's answers."""
    return (files("errlint.demo") / "catalog.yaml").read_text(encoding="utf-8")


@cache
def operations() -> Mapping[str, Operation]:
    """The declared operations by operationId."""
    import yaml  # only a started demo needs it

    document = yaml.load(conforming_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 safe loaders
    found = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                operation = _operation(document, path, method, item[method], item.get("parameters", []))
                found[operation.id] = operation
    return found


def _operation(document: dict[str, Any], path: str, method: str, node: dict[str, Any], shared: list[Any]) -> Operation:
    from jsonschema import Draft202012Validator  # heavy: only a started demo needs it

    parameters = [_target(document, entry) for entry in [*shared, *node.get("parameters", [])]]
    body = None
    if "requestBody" in node:
        schema = node["requestBody"]["content"]["application/json"]["schema"]
        # References count from the document's root, so the components stand beside the schema.
        body = Draft202012Validator({**schema, "components": document["components"]})
    return Operation(
        id=node["operationId"],
        method=method.upper(),
        path=path,
        secured=bool(node.get("security", document["security"])),
        restricted="403" in node["responses"],
        query={entry["name"]: entry["schema"] for entry in parameters if entry["in"] == "query"},
        body=body,
    )


def _target(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """What a ``$ref`` into the document names; any other object is its own target."""
    target: Any = node
    if "$ref" in node:
        target = document
        for token in node["$ref"].removeprefix("#/").split("/"):
            target = target[token]
    result: dict[str, Any] = target
    return result
