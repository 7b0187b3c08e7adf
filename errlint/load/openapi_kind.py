"""What a document is: which OpenAPI version, or what else it looks like."""

from __future__ import annotations

import re
from typing import Any, Literal

from errlint.errors import LoadError
from errlint.load.nodes import named, scalar, text
from errlint.load.source import Document
from errlint.model.pointer import Pointer
from errlint.model.record import record

Dialect = Literal["2.0", "3.0", "3.1"]
READS = "errlint reads OpenAPI 2.0 (Swagger), 3.0, 3.1 and 3.2"

_DIALECTS: dict[tuple[int, int], Dialect] = {(2, 0): "2.0", (3, 0): "3.0", (3, 1): "3.1", (3, 2): "3.1"}
_VERSION = re.compile(r"(\d{1,3})\.(\d{1,3})(?:\.\d+)?(?:[-+].*)?", re.DOTALL)

# By top-level key, the first that is there.
_KEYS = (
    ("asyncapi", "an AsyncAPI document"),
    ("arazzo", "an Arazzo document"),
    ("overlay", "an OpenAPI Overlay"),
    ("errlint", "an errlint catalog"),
    ("openrpc", "an OpenRPC document"),
    ("smithy", "a Smithy model"),
    ("__schema", "a GraphQL introspection result"),
    ("_postman_id", "a Postman collection"),
    ("apiVersion", "a Kubernetes manifest"),
)
_TEXTS = (
    (re.compile(r"^#%RAML\b"), "a RAML document"),
    (re.compile(r"^[ \t]*syntax[ \t]*=[ \t]*[\"']proto\d", re.MULTILINE), "a gRPC proto file"),
    (re.compile(r"^(?:message|service)[ \t]+\w+[ \t]*\{", re.MULTILINE), "a gRPC proto file"),
    (re.compile(r"^(?:extend[ \t]+)?(?:type|interface|input|enum)[ \t]+\w+\b[^\n:{]*\{", re.MULTILINE), "a GraphQL schema"),
    (re.compile(r"^(?:schema[ \t]*\{|(?:scalar|directive|union)[ \t]+@?\w+)", re.MULTILINE), "a GraphQL schema"),
    (re.compile(r"^\s*<"), "XML or HTML"),
)
_BEGINNING = 20_000


@record
class Kind:
    """The version of an OpenAPI document: as written, as numbers, and the dialect that it is read in."""

    written: str
    number: tuple[int, int]
    dialect: Dialect


def looks_like_openapi(data: Any) -> bool:
    """Whether data says of itself that it is an OpenAPI document, of whatever version."""
    return isinstance(data, dict) and any(isinstance(data.get(key), (str, int, float)) for key in ("openapi", "swagger"))


def looks_like(data: Any, source: bytes) -> str:
    """What a document that is no OpenAPI document seems to be ("an AsyncAPI document"), empty where nothing is known.

    Text in no data format (GraphQL, gRPC) is known by its source; data may then be anything.
    """
    if isinstance(data, dict):
        return next((words for key, words in _KEYS if key in data), "") or _by_shape(data) or _by_text(source)
    return _by_text(source)


def _by_text(source: bytes) -> str:
    beginning = source[:_BEGINNING].decode(errors="replace")
    return next((words for pattern, words in _TEXTS if pattern.search(beginning)), "")


def _by_shape(data: dict[str, Any]) -> str:
    info, log = data.get("info"), data.get("log")
    if isinstance(info, dict) and ("_postman_id" in info or "getpostman.com" in text(info, "schema")):
        return "a Postman collection"
    if isinstance(log, dict) and "entries" in log:
        return "an HTTP archive (HAR)"
    if any(isinstance(data.get(key), dict) for key in ("paths", "components")):
        return "a part of an OpenAPI document"
    if any(key in data for key in ("$schema", "$defs", "properties", "allOf", "oneOf", "anyOf")) or "type" in data:
        return "a JSON Schema"
    return ""


def kind_of(document: Document) -> Kind:
    """The version of an OpenAPI document. Raises: LoadError where it is none, or one that errlint does not read."""
    data = document.data
    if data is None:
        raise LoadError("the document is empty", document.location(()), READS)
    if not isinstance(data, dict):
        words = looks_like(data, document.text)
        raise _no_openapi(document, words or f"it is {named(data)}, not an object")
    if "swaggerVersion" in data:
        raise _unsupported(document, ("swaggerVersion",), f"Swagger {scalar(data['swaggerVersion'])[:40]}".strip())
    key = next((key for key in ("openapi", "swagger") if key in data), None)
    if key is None:
        raise _no_openapi(document, looks_like(data, document.text) or "it has no key openapi or swagger")
    return _kind(document, key, data[key])


def _kind(document: Document, key: str, value: Any) -> Kind:
    written = scalar(value)
    match = _VERSION.fullmatch(written)
    if not written:
        raise LoadError(f"{key} must be a version, not {named(value)}", document.location((key,)), READS)
    number = (int(match[1]), int(match[2])) if match else (0, 0)
    dialect = _DIALECTS.get(number)
    if dialect is None or (dialect == "2.0") != (key == "swagger"):
        raise _unsupported(document, (key,), f"{key} {written[:40]}")
    return Kind(written, number, dialect)


def _no_openapi(document: Document, words: str) -> LoadError:
    because = f"it looks like {words}" if words.startswith(("a ", "an ", "XML")) else words
    hint = "give it with --catalog" if words == "an errlint catalog" else READS
    return LoadError(f"this is no OpenAPI document: {because}", document.location(()), hint)


def _unsupported(document: Document, pointer: Pointer, version: str) -> LoadError:
    return LoadError(f"this version is not supported: {version}", document.location(pointer), READS)
