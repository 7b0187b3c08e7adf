"""The OpenAPI document that an application has: by the framework's own API, or by asking the application for it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from errlint.apps.calls import Call, Service
from errlint.apps.raised import told
from errlint.apps.routes import Route
from errlint.errors import ConfigError, LoadError
from errlint.load.openapi_kind import looks_like_openapi
from errlint.load.source import Document, load

USUAL = (
    "/openapi.json",
    "/swagger.json",
    "/api/openapi.json",
    "/v1/openapi.json",
    "/api/v1/openapi.json",
    "/openapi/openapi.json",
    "/schema/openapi.json",
    "/apispec.json",
    "/apispec_1.json",
    "/v3/api-docs",
    "/openapi.yaml",
    "/schema",
    "/api/schema/",
)
"""Where applications answer their documents, if they do not tell by their routes."""

SECONDS = 20.0
LARGEST = 64 * 1024 * 1024

_SERVES = re.compile(r"(?:openapi|swagger|api-?spec|api-docs|schema)[^/{}]*/?\Z", re.IGNORECASE)

ACCEPT = "application/json, application/vnd.oai.openapi+json, application/yaml;q=0.8, */*;q=0.1"


def by_framework(app: Any, name: str) -> Mapping[str, Any] | None:
    """The document as the framework makes it, None where it has no way of its own. Raises: ConfigError where it fails."""
    makes = next((made for made in (way(app) for way in (_fastapi, _litestar, _smorest, _connexion)) if made is not None), None)
    if makes is None:
        return None
    try:
        data = json.loads(json.dumps(makes(), default=str))
    except (Exception, SystemExit) as error:  # the user's models and hooks
        raise ConfigError(f"{name} cannot make its OpenAPI document: {told(error)}") from None
    return data if isinstance(data, dict) else None


def _fastapi(app: Any) -> Any:
    """FastAPI.openapi(), https://fastapi.tiangolo.com/how-to/extending-openapi/."""
    made = getattr(app, "openapi", None)
    return made if callable(made) and hasattr(app, "openapi_url") else None


def _litestar(app: Any) -> Any:
    """Litestar.openapi_schema, https://docs.litestar.dev/latest/usage/openapi/schema_generation.html."""
    if not hasattr(type(app), "openapi_schema") or getattr(app, "openapi_config", None) is None:
        return None
    return lambda: app.openapi_schema.to_schema()


def _smorest(app: Any) -> Any:
    """flask-smorest keeps its Api as an extension, and serves nothing unless told to."""
    held: Any = getattr(app, "extensions", None)
    for key in ("flask-smorest", "apis"):
        held = held.get(key) if isinstance(held, dict) else None
    first = next(iter(held.values()), None) if isinstance(held, dict) else None
    spec = getattr(first.get("ext_obj") if isinstance(first, dict) else None, "spec", None)
    return getattr(spec, "to_dict", None)


def _connexion(app: Any) -> Any:
    """Connexion is made from a document, the first of its middleware's; its operationIds name the handlers."""
    apis = getattr(getattr(app, "middleware", None), "apis", None)
    raw = getattr(getattr(apis[0], "specification", None), "raw", None) if isinstance(apis, list) and apis else None
    return (lambda: raw) if isinstance(raw, dict) else None


def by_asking(service: Service, routes: tuple[Route, ...]) -> Document:
    """The document that an application answers with at one of its routes, or at a usual place.

    Raises: LoadError, which says what was tried.
    """
    tried = []
    for path in _places(routes):
        status, body = _asked(service, path)
        if status == 200 and body:
            document = _document(body, service.name)
            if document is not None:
                return document
        tried.append(f"{path} ({status or 'no answer'})")
    raise LoadError(
        f"{service.name} has no OpenAPI document: asked for {', '.join(tried[:12])}",
        None,
        f"name one: openapi.yaml --app {service.name}",
    )


def _places(routes: tuple[Route, ...]) -> Iterator[str]:
    own = sorted({one.path for one in routes if one.method == "GET" and "{" not in one.path and _SERVES.search(one.path)})
    own.sort(key=lambda path: ("json" not in path, "ui" in path, len(path)))
    yield from dict.fromkeys((*own[:20], *USUAL))


def _asked(service: Service, path: str) -> tuple[int | None, bytes]:
    """(the status, the body) of a GET; None where no answer came in time."""
    inbox = service.call(Call("GET", path, (("Host", "localhost"), ("Accept", ACCEPT))))
    parts: list[bytes] = []
    try:
        status = inbox.head(SECONDS).status
        while status == 200 and sum(map(len, parts)) < LARGEST and (part := inbox.read(65536)):
            parts.append(part)
    except OSError:  # TimeoutError, and a broken answer
        return None, b""
    finally:
        inbox.close()
    return status, b"".join(parts)


def _document(body: bytes, name: str) -> Document | None:
    try:
        document = load(body, name)
    except LoadError:
        return None
    return document if looks_like_openapi(document.data) else None
