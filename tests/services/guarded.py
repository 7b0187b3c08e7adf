"""A service behind tokens that it issues itself: short-lived, counted, under a clock that the test moves; on 127.0.0.1 only."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

from errlint.model.record import field, mutable
from tests.services.lax import Reply, Seen, document, lax, problem

SECRET = "s3cr3t-canary-client"
LIFE = 60.0


@mutable
class Clock:
    """Seconds that only a test moves."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@mutable
class Guarded:
    """What the service knows: its clock, the tokens it gave out with their ends, and how it misbehaves.

    ``logins`` are the token requests. ``tick`` seconds pass with every request to an operation. ``lifetime`` is what
    ``expires_in`` says. ``revoke_after`` operations all tokens are void, once. ``broken`` is the status of the token
    endpoint from the second login on.
    """

    clock: Clock = field(default_factory=Clock)
    logins: list[Seen] = field(default_factory=list)
    ends: dict[str, float] = field(default_factory=dict)
    tick: float = 0.0
    lifetime: float | None = LIFE
    revoke_after: int = 10**9
    broken: int = 0
    operations: int = 0

    def __call__(self, seen: Seen) -> Reply:
        if seen.path in ("/token", "/v1/login"):
            return self.login(seen)
        self.clock.now += self.tick
        self.operations += 1
        if self.operations == self.revoke_after:
            self.ends.clear()
        token = seen.headers.get("authorization", "").removeprefix("Bearer ")
        if self.ends.get(token, 0.0) <= self.clock.now:
            return problem(401, "E_EXPIRED" if token in self.ends else "E_UNKNOWN")
        if token.endswith("low"):
            return problem(403, "E_ROLE")
        if "errlint" in seen.path or seen.path.count("/") > 2:
            return problem(404)
        return (200, {"Content-Type": "application/json"}, b"[]") if seen.method == "GET" else problem(400)

    def login(self, seen: Seen) -> Reply:
        self.logins.append(seen)
        if self.broken and len(self.logins) > 1:
            return problem(self.broken, "invalid_client")
        client, secret = credentials(seen)
        if secret != SECRET:
            body = json.dumps({"error": "invalid_client", "error_description": f"{secret} is wrong"})
            return 401, {"Content-Type": "application/json"}, body.encode()
        token = f"s3cr3t-canary-token-{len(self.logins)}-{client}"
        self.ends[token] = self.clock.now + LIFE
        answer: dict[str, Any] = {"access_token": token, "token_type": "Bearer", "data": {"jwt": token, "ttl": str(int(LIFE))}}
        if self.lifetime is not None:
            answer["expires_in"] = self.lifetime
        headers = {"Content-Type": "application/json", "X-Auth-Token": token}
        return 200, headers, json.dumps(answer).encode()


def credentials(seen: Seen) -> tuple[str, str]:
    """(client, secret) of a token request: in a Basic header, a form, or JSON."""
    given = seen.headers.get("authorization", "")
    if given.startswith("Basic "):
        client, _, secret = b64decode(given[6:]).decode().partition(":")
        return client, secret
    if seen.headers.get("content-type") == "application/json":
        found = json.loads(seen.body)
        return found["user"], found["password"]
    form = parse_qs(seen.body.decode())
    return form["client_id"][0], form["client_secret"][0]


@contextmanager
def guarded(service: Guarded) -> Iterator[tuple[str, list[Seen]]]:
    """(its origin, everything that it was asked)."""
    with lax(service) as running:
        yield running


def oauth_document(**members: Any) -> dict[str, Any]:
    """A document with reads and a write behind client credentials."""
    flow = {"clientCredentials": {"tokenUrl": "/token", "scopes": {"read": ""}}}
    answers = {name: {"description": ""} for name in ("200", "400", "401", "403", "404")}
    body = {"required": True, "content": {"application/json": {"schema": {"type": "object", "required": ["name"]}}}}
    return document(
        {
            "/things": {"get": {"responses": answers}, "post": {"responses": answers, "requestBody": body}},
            "/others": {"get": {"responses": answers}},
            "/more": {"get": {"responses": answers}},
        },
        security=[{"oauth": ["read"]}],
        components={"securitySchemes": {"oauth": {"type": "oauth2", "flows": flow}}},
        **members,
    )
