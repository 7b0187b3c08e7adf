"""Starts frameworks and servers, provokes their own error answers, and records these.

    python -m tests.bench.observe FOLDER [--only NAME]... [--into tests/observed]

FOLDER holds what is installed (once): a venv, node_modules and an unpacked Debian. One record a framework: its version, and of
each request the status, media type, a few headers and the body. See README.md.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from tests.bench.observe_install import debian_root, npm_version, package_version, packages, version_in
from tests.bench.observe_servers import SERVERS

APPS = Path(__file__).with_name("observed_apps")
PATIENCE = 40
"""Seconds that a service has to answer its first request."""
LONGEST = 700
"""Characters of a body that are kept: pages for developers are long, and known by their start."""
KEPT = ("allow", "www-authenticate", "server", "x-amzn-errortype", "x-error-code")
JSON = {"Content-Type": "application/json", "Accept": "application/json"}
HTML = {"Accept": "text/html"}


class Asked(NamedTuple):
    """One request: what it tries, and the request itself."""

    stimulus: str
    method: str
    path: str
    body: str = ""
    headers: dict[str, str] = JSON


REST = (
    Asked("unknown-path", "GET", "/none"),
    Asked("unknown-path, text/html", "GET", "/none", "", HTML),
    Asked("wrong-method", "DELETE", "/things"),
    Asked("malformed-json", "POST", "/things", '{"name"'),
    Asked("wrong-content-type", "POST", "/things", "name", {"Content-Type": "text/plain", "Accept": "application/json"}),
    Asked("wrong-type", "POST", "/things", '{"n": "x"}'),
    Asked("exception", "GET", "/boom"),
)
SERVER = (
    Asked("unknown-path", "GET", "/none"),
    Asked("wrong-method", "POST", "/"),
    Asked("dead upstream", "GET", "/dead/"),
    Asked("bad request", "GET", "/%"),
    Asked("denied", "GET", "/denied"),
)
DRF = (*REST, Asked("not found", "GET", "/gone"), Asked("no-auth", "GET", "/secret"))
GRAPHQL = (
    Asked("unknown field", "POST", "/graphql", '{"query": "{ none }"}'),
    Asked("malformed query", "POST", "/graphql", '{"query": "{"}'),
    Asked("exception", "POST", "/graphql", '{"query": "{ boom }"}'),
    Asked("malformed-json", "POST", "/graphql", '{"query"'),
)
RPC = (
    Asked("unknown method", "POST", "/", '{"jsonrpc": "2.0", "id": 1, "method": "none"}'),
    Asked("malformed-json", "POST", "/", '{"jsonrpc"'),
    Asked("invalid request", "POST", "/", '{"id": 1}'),
    Asked("wrong parameters", "POST", "/", '{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": [1]}'),
)
OCI = (
    Asked("unknown manifest", "GET", "/v2/none/manifests/latest"),
    Asked("unknown blob", "GET", f"/v2/none/blobs/sha256:{'0' * 64}"),
    Asked("malformed name", "GET", "/v2/NONE/manifests/latest"),
    Asked("unknown-path", "GET", "/none"),
    Asked("wrong-method", "POST", "/v2/"),
)
ETCD = (
    Asked("unknown-path", "POST", "/v3/none", "{}"),
    Asked("malformed-json", "POST", "/v3/kv/range", "{"),
    Asked("missing-required", "POST", "/v3/kv/range", "{}"),
    Asked("wrong-method", "GET", "/v3/kv/range"),
)


class Service(NamedTuple):
    """A framework as it is observed: its name, its package, how its application is run, and what is asked of it."""

    name: str
    package: str
    kind: str
    app: str
    asked: tuple[Asked, ...] = REST


SERVICES = (
    Service("FastAPI", "fastapi", "asgi", "py_fastapi"),
    Service("Starlette", "starlette", "asgi", "py_starlette"),
    Service("Flask", "flask", "wsgi", "py_flask"),
    Service("Flask-RESTX", "flask-restx", "wsgi", "py_flask_restx"),
    Service("flask-smorest", "flask-smorest", "wsgi", "py_flask_smorest"),
    Service("APIFlask", "apiflask", "wsgi", "py_apiflask"),
    Service("Django", "django", "asgi", "py_django"),
    Service("Django REST framework", "djangorestframework", "asgi", "py_drf", DRF),
    Service("Django Ninja", "django-ninja", "asgi", "py_ninja"),
    Service("Litestar", "litestar", "asgi", "py_litestar"),
    Service("Connexion", "connexion", "asgi", "py_connexion"),
    Service("aiohttp", "aiohttp", "python", "py_aiohttp"),
    Service("Falcon", "falcon", "asgi", "py_falcon"),
    Service("Sanic", "sanic", "python", "py_sanic"),
    Service("Tornado", "tornado", "python", "py_tornado"),
    Service("Bottle", "bottle", "python", "py_bottle"),
    Service("Quart", "quart", "asgi", "py_quart"),
    Service("Pyramid", "pyramid", "python", "py_pyramid"),
    Service("CherryPy", "cherrypy", "python", "py_cherrypy"),
    Service("BlackSheep", "blacksheep", "asgi", "py_blacksheep"),
    Service("Strawberry", "strawberry-graphql", "asgi", "py_strawberry", GRAPHQL),
    Service("Ariadne", "ariadne", "asgi", "py_ariadne", GRAPHQL),
    Service("jsonrpcserver", "jsonrpcserver", "asgi", "py_jsonrpcserver", RPC),
    Service("Express 5", "express", "node", "js_express.mjs"),
    Service("Express 4", "express4", "node", "js_express4.mjs"),
    Service("Koa", "koa", "node", "js_koa.mjs"),
    Service("Fastify", "fastify", "node", "js_fastify.mjs"),
    Service("hapi", "@hapi/hapi", "node", "js_hapi.mjs"),
    Service("NestJS", "@nestjs/core", "node", "js_nestjs.cjs"),
    Service("Hono", "hono", "node", "js_hono.mjs"),
    Service("Apollo Server", "@apollo/server", "node", "js_apollo.mjs", GRAPHQL),
    Service("GraphQL Yoga", "graphql-yoga", "node", "js_yoga.mjs", GRAPHQL),
    Service("jayson", "jayson", "node", "js_jayson.cjs", RPC),
    Service("nginx", "nginx-light", "debian", "nginx", SERVER),
    Service("Apache httpd", "apache2-bin", "debian", "apache", SERVER),
    Service("HAProxy", "haproxy", "debian", "haproxy", SERVER),
    Service("lighttpd", "lighttpd", "debian", "lighttpd", SERVER),
    Service("Caddy", "caddy", "debian", "caddy", SERVER),
    Service("Docker Registry", "docker-registry", "debian", "registry", OCI),
    Service("gRPC-Gateway (etcd)", "etcd-server", "debian", "etcd", ETCD),
    Service("Tomcat", "tomcat10", "debian", "tomcat", REST),
    Service("Rails", "ruby-rails", "debian", "rails"),
    Service("Sinatra", "ruby-sinatra", "debian", "sinatra"),
    Service("Laravel", "php-laravel-framework", "debian", "laravel"),
)


def main() -> None:
    """Observes the frameworks that were asked for, all without ``--only``."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", action="append", metavar="NAME", help="This framework; repeat for several.")
    parser.add_argument("--into", type=Path, default=Path("tests/observed"))
    chosen = parser.parse_args()
    failed = []
    for service in SERVICES:
        if chosen.only and service.name not in chosen.only:
            continue
        try:
            record = observed(service, chosen.folder.resolve())
        except Exception as error:  # one that does not start must not keep the others from being seen
            failed.append(f"{service.name}: {error}")
            continue
        path = chosen.into / f"{re.sub('[^a-z0-9]+', '-', service.name.lower()).strip('-')}.json"
        path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"{service.name} {record['version']}: {[one['status'] for one in record['answers']]}")
    for line in failed:
        print(f"failed: {line}", file=sys.stderr)
    sys.exit(1 if failed else 0)


def observed(service: Service, folder: Path) -> dict[str, Any]:
    """The record of one framework."""
    home = debian_root(folder) if service.kind == "debian" else packages(folder, service.kind)
    port = free_port()
    log = folder / "logs" / f"{service.app}.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("wb") as out:
        process = subprocess.Popen(
            command(service, home, port),
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env=environment(),
        )
        try:
            wait(port, process)
            answers = [answer(one, port) for one in service.asked]
        finally:
            ended(process)
    return {"framework": service.name, "package": service.package, "version": version(service, home), "answers": answers}


def command(service: Service, home: Path, port: int) -> list[str]:
    """How an application is started on a port of 127.0.0.1."""
    python = str(home / "bin/python")
    makers: dict[str, Callable[[], list[str]]] = {
        "asgi": lambda: [python, "-m", "uvicorn", "--app-dir", str(APPS), "--port", str(port), f"{service.app}:app"],
        "wsgi": lambda: [python, "-c", SERVE, str(APPS), service.app, str(port)],
        "python": lambda: [python, str(APPS / f"{service.app}.py"), str(port)],
        "node": lambda: ["node", str(linked(home, service.app)), str(port)],
        "debian": lambda: SERVERS[service.app](home, port),
    }
    return makers[service.kind]()


SERVE = (
    "import sys, waitress; sys.path.insert(0, sys.argv[1]); module = __import__(sys.argv[2]);"
    "waitress.serve(module.app, host='127.0.0.1', port=int(sys.argv[3]))"
)


def linked(home: Path, name: str) -> Path:
    """A copy of an application beside node_modules, where Node looks for what it imports."""
    copy = home / name
    copy.write_bytes((APPS / name).read_bytes())
    return copy


def version(service: Service, home: Path) -> str:
    if service.kind == "node":
        return npm_version(home, service.package)
    return version_in(home, service.package) if service.kind == "debian" else package_version(home, service.package)


def environment() -> dict[str, str]:
    """A clean one: production, since that is what clients meet."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "NODE_ENV": "production", "PYTHONDONTWRITEBYTECODE": "1", "RAILS_ENV": "production"}


def free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait(port: int, process: subprocess.Popen[bytes]) -> None:
    import socket

    for _ in range(PATIENCE * 10):
        if process.poll() is not None:
            raise SystemError(f"it ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            time.sleep(0.3)
            return
    raise SystemError("it does not listen")


def ended(process: subprocess.Popen[bytes]) -> None:
    """Ends a service with all that it started."""
    for kind in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, kind)
            process.wait(5)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def answer(asked: Asked, port: int) -> dict[str, Any]:
    """What came back, without what differs from run to run."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(asked.method, asked.path, asked.body.encode() or None, asked.headers)
    got = connection.getresponse()
    text = (
        got.read()
        .decode("utf-8", "replace")
        .replace(f"127.0.0.1:{port}", "127.0.0.1:8000")
        .replace(f"Port {port}", "Port 8000")
    )
    headers = {name.lower(): value for name, value in got.getheaders()}
    connection.close()
    return {
        "stimulus": asked.stimulus,
        "request": f"{asked.method} {asked.path}",
        "status": got.status,
        "media_type": headers.get("content-type", ""),
        "headers": {name: headers[name] for name in KEPT if name in headers},
        "body": text if len(text) <= LONGEST else text[:LONGEST],
    }


if __name__ == "__main__":
    main()
