"""What a document says about credentials: which an operation takes, where they stand, and how a wrong one looks."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from errlint.model.record import record
from errlint.model.spec import Node, Operation, Spec, Unresolved

EXPIRED = 946_684_800
"""The first second of the year 2000, since the epoch."""


@record
class Scheme:
    """One security scheme (OpenAPI Security Scheme Object): ``where`` is header, query or cookie, ``name`` its name there.

    ``prefix`` is the HTTP authentication scheme in front of the credentials, empty for an API key.
    """

    id: str
    where: str
    name: str
    prefix: str = ""


def schemes(spec: Spec) -> dict[str, Scheme]:
    """The document's security schemes by their names in it; those that no request can carry (mutual TLS) are left out."""
    made = {name: _scheme(name, node, spec) for name, node in _nodes(spec)}
    return {name: scheme for name, scheme in made.items() if scheme is not None}


def _nodes(spec: Spec) -> Iterator[tuple[str, Node]]:
    """The document's security schemes as they stand."""
    root = spec.root
    holder = root.get("securityDefinitions") if spec.dialect == "2.0" else root.get("components")
    if spec.dialect != "2.0" and holder is not None:
        holder = holder.get("securitySchemes")
    if holder is not None and isinstance(holder.value, Mapping):
        for name in holder.value:
            yield str(name), holder.child(name)


def _scheme(name: str, node: Node, spec: Spec) -> Scheme | None:
    try:
        value = spec.resolve(node).value
    except Unresolved:
        return None
    if not isinstance(value, Mapping):
        return None
    kind = value.get("type")
    if kind == "apiKey" and isinstance(value.get("name"), str) and value.get("in") in ("header", "query", "cookie"):
        return Scheme(name, str(value["in"]), value["name"])
    if kind == "basic" or (kind == "http" and str(value.get("scheme", "")).lower() == "basic"):
        return Scheme(name, "header", "Authorization", "Basic")
    if kind == "http":
        return Scheme(name, "header", "Authorization", str(value.get("scheme") or "bearer").capitalize())
    return Scheme(name, "header", "Authorization", "Bearer") if kind in ("oauth2", "openIdConnect") else None


def token_urls(spec: Spec) -> dict[str, str]:
    """The token urls of the document's client credentials flows, by the names of their schemes; they may be relative."""
    found: dict[str, str] = {}
    for name, node in _nodes(spec):
        try:
            value = spec.resolve(node).value
        except Unresolved:
            continue
        flow: Any = value if isinstance(value, Mapping) and value.get("type") == "oauth2" else {}
        if spec.dialect != "2.0":
            flows = flow.get("flows")
            flow = flows.get("clientCredentials") if isinstance(flows, Mapping) else None
        elif flow.get("flow") != "application":
            continue
        if isinstance(flow, Mapping) and isinstance(flow.get("tokenUrl"), str) and flow["tokenUrl"]:
            found[name] = flow["tokenUrl"]
    return found


def demanded(operation: Operation, spec: Spec) -> tuple[str, ...]:
    """The names of the schemes that an operation takes, in document order; its own list beats the document's."""
    own: Any = operation.node.value.get("security") if isinstance(operation.node.value, Mapping) else None
    if own is None:
        own = spec.root.value.get("security") if isinstance(spec.root.value, Mapping) else None
    names: dict[str, None] = {}
    for alternative in own if isinstance(own, list) else []:
        names.update((str(name), None) for name in (alternative if isinstance(alternative, Mapping) else {}))
    return tuple(names)


def garbage(scheme: Scheme, dice: Random) -> str:
    """A well-formed credential that no service can know; a Basic one names a user that does not exist, to lock nobody out."""
    token = f"errlint-{dice.getrandbits(64):016x}"
    return _basic(token) if scheme.prefix == "Basic" else f"{scheme.prefix} {token}".strip()


def expired(scheme: Scheme, dice: Random) -> str | None:
    """A well-formed JSON Web Token (RFC 7519) that expired long ago and that nobody signed; for Bearer only."""
    if scheme.prefix != "Bearer":
        return None
    head = {"alg": "HS256", "typ": "JWT"}
    claims = {"sub": "errlint", "iat": EXPIRED - 3600, "exp": EXPIRED}
    parts = [json.dumps(head).encode(), json.dumps(claims).encode(), dice.randbytes(32)]
    return "Bearer " + ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def wrong_scheme(scheme: Scheme, dice: Random) -> str | None:
    """Basic where Bearer is demanded, and the reverse; None for other schemes."""
    token = f"errlint-{dice.getrandbits(64):016x}"
    return {"Bearer": _basic(token), "Basic": f"Bearer {token}"}.get(scheme.prefix)


def malformed(scheme: Scheme, dice: Random) -> str | None:
    """An HTTP authentication scheme without credentials behind it; None for an API key."""
    return scheme.prefix or None


def _basic(token: str) -> str:
    return "Basic " + b64encode(f"{token}:{token}".encode()).decode()
