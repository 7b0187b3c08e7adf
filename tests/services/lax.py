"""A service that accepts and records everything, and raw sockets that misbehave; on 127.0.0.1 only."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any

from errlint.demo.server import serve
from errlint.load.openapi import read_spec
from errlint.load.source import load
from errlint.model.record import record
from errlint.model.spec import Spec

Reply = tuple[int, dict[str, str], bytes]


@record
class Seen:
    """One request as it came over the wire: ``target`` is not decoded, header names are lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


def fine(seen: Seen) -> Reply:
    """200 to everything."""
    return 200, {"Content-Type": "application/json"}, b'{"ok": true}'


def problem(status: int, code: str = "E1", **headers: str) -> Reply:
    """An error answer with a code."""
    return status, {"Content-Type": "application/json", **headers}, json.dumps({"error": {"code": code}}).encode()


@contextmanager
def lax(reply: Callable[[Seen], Reply] = fine) -> Iterator[tuple[str, list[Seen]]]:
    """(the base url of a service that answers as ``reply`` says, the list that it records into)."""
    recorded: list[Seen] = []

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        headers = {name[5:].lower().replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}
        for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            if environ.get(name):
                headers[name.lower().replace("_", "-")] = environ[name]
        seen = Seen(environ["REQUEST_METHOD"], environ["REQUEST_URI"], headers, environ["wsgi.input"].read())
        recorded.append(seen)
        status, answer, body = reply(seen)
        body = b"" if seen.method == "HEAD" else body
        start_response(f"{status} Status", [*answer.items(), ("Content-Length", str(len(body)))])
        return [body]

    with serve(app) as url:  # type: ignore[arg-type]
        yield url, recorded


@contextmanager
def wire(talk: Callable[[socket.socket, bytes, int], None], most: int = 10**6) -> Iterator[str]:
    """The base url of a raw socket: ``talk`` gets the connection, the bytes of the request and its number.

    Each connection serves one request. After ``most`` of them nothing listens any more.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    def run() -> None:
        for number in range(most):
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                asked = connection.recv(65536)
                try:
                    talk(connection, asked, number)
                except OSError:
                    continue
        listener.close()

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(timeout=5)


def answer(connection: socket.socket, status: int = 200, body: bytes = b"{}") -> None:
    """One HTTP answer that ends the connection."""
    head = f"HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    connection.sendall(head.encode() + b"Connection: close\r\n\r\n" + body)


def spec_of(document: dict[str, Any]) -> Spec:
    """A document, read as one from a file is."""
    return read_spec(load(json.dumps(document).encode(), "openapi.json")).spec


def document(paths: dict[str, Any], **members: Any) -> dict[str, Any]:
    """An OpenAPI document with a bearer scheme that every operation demands, unless told otherwise."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "/v1"}],
        "security": [{"bearer": []}],
        "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
        "paths": paths,
        **members,
    }


THING = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {"name": {"type": "string", "minLength": 1}, "size": {"type": "integer"}},
}


def things(**members: Any) -> dict[str, Any]:
    """A document with a collection, its items, and every write on them."""
    answers = {"200": {"description": "fine"}, "404": {"description": "none"}, "401": {"description": "who"}}
    body = {"required": True, "content": {"application/json": {"schema": THING, "example": {"name": "example-name"}}}}
    patch = {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
    identifier = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}, "example": "example-id"}
    return document(
        {
            "/things": {
                "get": {"tags": ["a"], "responses": answers},
                "post": {"tags": ["a"], "requestBody": body, "responses": answers},
            },
            "/things/{id}": {
                "parameters": [identifier],
                "get": {"tags": ["b"], "responses": answers},
                "put": {"tags": ["b"], "requestBody": body, "responses": answers},
                "patch": {"tags": ["b"], "requestBody": patch, "responses": answers},
                "delete": {"tags": ["b"], "responses": answers},
            },
        },
        **members,
    )
