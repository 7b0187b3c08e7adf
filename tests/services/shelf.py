"""A service with a life cycle, whose fault shows only in it: what was deleted cannot be read; on 127.0.0.1 only."""

from __future__ import annotations

import json
from typing import Any

from errlint.model.record import field, mutable
from tests.services.lax import Reply, Seen, document, problem

THING = {"type": "object", "required": ["name"], "properties": {"id": {"type": "string"}, "name": {"type": "string"}}}
NEW = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {"name": {"type": "string", "minLength": 1, "pattern": "^[a-z]+$"}},
}
ID = {"name": "thingId", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[a-z0-9]+$"}}


def _answer(schema: dict[str, Any], **links: str) -> dict[str, Any]:
    found = {name: {"operationId": name, "parameters": {"thingId": source}} for name, source in links.items()}
    return {"description": "fine", "content": {"application/json": {"schema": schema}}, **({"links": found} if links else {})}


def shelf(*, links: bool = True) -> dict[str, Any]:
    """The document of the service; without ``links`` they have to be inferred."""
    none = {"description": "none"}
    own = {"read": "$response.body#/id", "remove": "$response.body#/id"} if links else {}
    listed = {"read": "$response.body#/0/id"} if links else {}
    body = {"required": True, "content": {"application/json": {"schema": NEW}}}
    return document(
        {
            "/things": {
                "get": {"operationId": "all", "responses": {"200": _answer({"type": "array", "items": THING}, **listed)}},
                "post": {
                    "operationId": "create",
                    "requestBody": body,
                    "responses": {"201": _answer(THING, **own), "400": none},
                },
            },
            "/things/{thingId}": {
                "parameters": [ID],
                "get": {"operationId": "read", "responses": {"200": _answer(THING, **own), "404": none}},
                "delete": {"operationId": "remove", "responses": {"204": none, "404": none}},
            },
        },
        security=[],
    )


@mutable
class Shelf:
    """What is on the shelf, by id, and what was deleted. ``keeps`` were there before anybody asked."""

    things: dict[str, str] = field(default_factory=lambda: {"kept1": "old", "kept2": "older"})
    gone: set[str] = field(default_factory=set)
    made: int = 0

    def __call__(self, seen: Seen) -> Reply:
        collection, _, thing = seen.path.removeprefix("/v1/").partition("/")
        if collection != "things":
            return problem(404)
        if not thing:
            return self._collection(seen)
        if seen.method == "GET" and thing in self.gone:
            return problem(500, "E_GONE")
        if thing not in self.things:
            return problem(404)
        if seen.method == "DELETE":
            del self.things[thing]
            self.gone.add(thing)
            return 204, {}, b""
        return _json(200, {"id": thing, "name": self.things[thing]})

    def _collection(self, seen: Seen) -> Reply:
        if seen.method == "GET":
            return _json(200, [{"id": one, "name": name} for one, name in self.things.items()])
        try:
            name = json.loads(seen.body)["name"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return problem(400)
        if not isinstance(name, str) or not name:
            return problem(400)
        self.made += 1
        self.things[f"t{self.made}"] = name
        return _json(201, {"id": f"t{self.made}", "name": name})


def _json(status: int, value: Any) -> Reply:
    return status, {"Content-Type": "application/json"}, json.dumps(value).encode()
