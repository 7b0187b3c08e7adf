"""One faulty document for each fixable rule, as data, and what it is to hold once it is mended."""

from __future__ import annotations

from typing import Any, NamedTuple

ENVELOPE = {
    "schema": {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["code", "message", "status"],
                "properties": {"code": {"type": "string"}, "message": {"type": "string"}, "status": {"type": "integer"}},
            }
        },
    },
    "code": {"pointer": "/error/code"},
    "message": {"pointer": "/error/message"},
    "status": {"pointer": "/error/status", "type": "integer"},
}
CODES = [
    {"code": "SHOP-1000", "status": 400, "name": "BAD_INPUT", "message": "The input is not valid"},
    {"code": "SHOP-1001", "status": 401, "name": "NO_LOGIN", "message": "Log in first"},
    {"code": "SHOP-1003", "status": 403, "name": "NOT_YOURS", "message": "It is not yours"},
    {"code": "SHOP-2004", "status": 404, "name": "NO_SUCH_THING", "message": "There is no such thing"},
    {"code": "SHOP-9429", "status": 429, "name": "TOO_MANY", "message": "Come back later"},
    {"code": "SHOP-9500", "status": 500, "name": "BROKEN", "message": "It broke"},
]
CATALOG = {
    "errlint": 1,
    "service": {"name": "shop"},
    "envelopes": {"shop": ENVELOPE},
    "layers": {"service": {"envelope": "shop", "in_spec": "required", "codes": "closed"}},
    "errors": CODES,
}
OPTIONAL = {**CATALOG, "layers": {"service": {"envelope": "shop", "in_spec": "optional", "codes": "closed"}}}
"""The same where nothing need be declared, so that COV001 and COV002 are silent."""


def catalog_of(*errors: dict[str, Any], **layer: Any) -> dict[str, Any]:
    return {**OPTIONAL, "layers": {"service": {**OPTIONAL["layers"]["service"], **layer}}, "errors": list(errors)}


def schema(code: Any = None, status: Any = None, **more: Any) -> dict[str, Any]:
    """The schema of an error, whose code or status is another one."""
    return {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["code", "message", "status"],
                "properties": {
                    "code": code or {"type": "string", "enum": ["SHOP-2004"]},
                    "message": {"type": "string"},
                    "status": status or {"type": "integer"},
                },
                **more,
            }
        },
    }


def body(code: Any = "SHOP-2004", message: str = "There is no such thing", status: Any = 404) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "status": status}}


def answer(schema_: Any = None, media_type: str = "application/json", **media: Any) -> dict[str, Any]:
    return {"description": "It went wrong", "content": {media_type: {"schema": schema_ or schema(), **media}}}


OK = {"description": "ok"}


def document(responses: dict[str, Any], *, path: str = "/things", openapi: str = "3.1.0", **more: Any) -> dict[str, Any]:
    operation = {key: more.pop(key) for key in ("parameters", "requestBody", "security") if key in more}
    version = {"swagger": "2.0"} if openapi == "2.0" else {"openapi": openapi}
    head = {**version, "info": {"title": "Shop", "version": "1.0"}}
    return {**head, **more, "paths": {path: {"get": {**operation, "responses": responses}}}}


class Fault(NamedTuple):
    """A document with one fault: the rule that finds it, the catalog, what is to stand where, rules to switch on."""

    rule: str
    document: dict[str, Any]
    catalog: Any
    wanted: dict[str, Any]
    select: tuple[str, ...] = ()
    options: dict[str, dict[str, Any]] = {}

    def __str__(self) -> str:
        return f"{self.rule} {next(iter(self.wanted))}"


GET = "/paths/~1things/get"
R404 = f"{GET}/responses/404"
S404 = f"{R404}/content/application~1json/schema"
CODE = f"{S404}/properties/error/properties/code"
EXAMPLE = f"{R404}/content/application~1json/example"
PROBLEM = {
    "type": "object",
    "required": ["type", "title"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}
SECURE = {"components": {"securitySchemes": {"k": {"type": "oauth2", "flows": {}}}}, "security": [{"k": ["read"]}]}
ID = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
QUERY = [{"name": "q", "in": "query", "required": True, "schema": {"type": "string"}}]


def shared(key: str) -> dict[str, Any]:
    return {"$ref": f"#/components/responses/Service{key}"}


def near(**media: Any) -> dict[str, Any]:
    return document({"200": OK, "404": answer(**media)})
