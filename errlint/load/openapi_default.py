"""Whether ``default`` is how an operation succeeds: where no success has a key of its own, it stands for that too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from errlint.load.nodes import elements, text
from errlint.load.openapi_answers import Answer
from errlint.model.spec import Node

# Generators write "Default response" for both; what is an error says so.
_ERROR = re.compile(r"error|problem|failure|unexpected|(?<!de)fault", re.IGNORECASE)

_SUCCESS = ("1", "2", "3")


def has_success(keys: Iterable[str]) -> bool:
    """Whether a key of a Responses Object is a 1xx, 2xx or 3xx, well written or not."""
    return any(key.strip("'\" ")[:1] in _SUCCESS for key in keys)


def looks_like_error(use: Node, response: Node, answer: Answer) -> bool:
    """Whether a response says that it is an error: in its description, by a component's name or by its media type.

    ``use`` is where the operation names it, ``response`` what stands there.
    """
    said = [text(use.value, "description"), text(response.value, "description"), _name(use)]
    for content in answer.contents:
        said += [content.media_type or "", *_names(content.schema)]
    return any(map(_ERROR.search, said))


def _names(schema: Node | None) -> Iterator[str]:
    """The names of the components that a schema refers to, as a whole, as its parts or as its items."""
    if schema is None:
        return
    items = schema.get("items")
    parts = [part for keyword in ("allOf", "oneOf", "anyOf") for part in elements(schema.get(keyword))]
    for node in (schema, *parts, *([] if items is None else [items])):
        yield _name(node)


def _name(node: Node) -> str:
    return text(node.value, "$ref").rpartition("/")[2]
