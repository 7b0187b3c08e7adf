"""The services of the field benchmark: how each is started, where its OpenAPI document comes from, what it holds."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import Request, urlopen

TESTS = Path(__file__).parents[1]
KEY = "field-benchmark-key"  # of services that live for one run on 127.0.0.1


@dataclass(frozen=True)
class Command:
    """The words of a service's process, and what its environment has beside PATH and HOME."""

    words: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Service:
    """A service that nobody of this project wrote.

    ``start`` gets its installation, an empty folder for its data and a free port. ``document`` gets the same and gives
    the path of its OpenAPI document, written to the data folder where it is not a file yet; the service runs then.
    ``base`` is the path that the document's paths follow, ``ready`` one that answers below 500 when it has started,
    ``held`` those whose answers show what it holds: they must be equal before and after a probe. ``catalog`` is its
    catalog where this project has written one.
    """

    name: str
    start: Callable[[Path, Path, int], Command]
    document: Callable[[Path, Path, int], Path]
    base: str
    ready: str
    held: tuple[str, ...]
    headers: Mapping[str, str] = field(default_factory=dict)
    catalog: Path | None = None


def get(port: int, path: str, headers: Mapping[str, str] | None = None) -> bytes:
    """The body of a GET on 127.0.0.1. Raises: OSError (HTTPError among them)."""
    with urlopen(Request(f"http://127.0.0.1:{port}{path}", headers=dict(headers or {})), timeout=20) as answer:
        return bytes(answer.read())


def served(path: str, name: str, headers: Mapping[str, str] | None = None) -> Callable[[Path, Path, int], Path]:
    """A document that the service itself serves."""

    def document(home: Path, data: Path, port: int) -> Path:
        file = data / name
        file.write_bytes(get(port, path, headers))
        return file

    return document


def shipped(path: Path) -> Callable[[Path, Path, int], Path]:
    """A document of this project's own."""
    return lambda home, data, port: path


def debian(home: Path) -> dict[str, str]:
    return {"LD_LIBRARY_PATH": str(home / "usr/lib/x86_64-linux-gnu")}


JUPYTER_HEADERS = {"Authorization": f"token {KEY}"}


def start_jupyter(home: Path, data: Path, port: int) -> Command:
    (data / "notebooks").mkdir()
    (data / "notebooks/kept.txt").write_text("kept", encoding="utf-8")
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "ServerApp.root_dir": data / "notebooks",
        "IdentityProvider.token": KEY,
    }
    words = [str(home / "bin/jupyter-server"), *(f"--{name}={value}" for name, value in options.items())]
    return Command(tuple(words), {"JUPYTER_CONFIG_DIR": str(data), "JUPYTER_DATA_DIR": str(data), "IPYTHONDIR": str(data)})


MODEL = """\
from mlserver import MLModel
from mlserver.types import InferenceRequest, InferenceResponse, ResponseOutput


class Sum(MLModel):
    async def load(self) -> bool:
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        total = float(sum(value for one in payload.inputs for value in one.data.root))
        output = ResponseOutput(name="total", shape=[1], datatype="FP64", data=[total])
        return InferenceResponse(model_name=self.name, outputs=[output])
"""


def start_mlserver(home: Path, data: Path, port: int) -> Command:
    settings = {"host": "127.0.0.1", "http_port": port, "grpc_port": port + 1, "metrics_port": port + 2}
    (data / "settings.json").write_text(json.dumps(settings | {"parallel_workers": 0, "debug": False}), encoding="utf-8")
    (data / "model-settings.json").write_text('{"name": "sum", "implementation": "sums.Sum"}', encoding="utf-8")
    (data / "sums.py").write_text(MODEL, encoding="utf-8")
    return Command((str(home / "bin/mlserver"), "start", str(data)), {"PYTHONPATH": str(data)})


def start_chroma(home: Path, data: Path, port: int) -> Command:
    words = (str(home / "bin/chroma"), "run", "--path", str(data / "db"), "--host", "127.0.0.1", "--port", str(port))
    return Command(words, {"ANONYMIZED_TELEMETRY": "False"})


POWERDNS_HEADERS = {"X-API-Key": KEY}


def start_powerdns(home: Path, data: Path, port: int) -> Command:
    schema = home / "usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql"
    with sqlite3.connect(data / "zones.sqlite3") as database:
        database.executescript(schema.read_text(encoding="utf-8"))
        database.execute("INSERT INTO domains (name, type) VALUES ('example.org', 'NATIVE')")
    settings = {
        "launch": "gsqlite3",
        "gsqlite3-database": data / "zones.sqlite3",
        "module-dir": home / "usr/lib/x86_64-linux-gnu/pdns",
        "socket-dir": data,
        "local-address": "127.0.0.1",
        "local-port": port + 1,
        "api": "yes",
        "api-key": KEY,
        "webserver": "yes",
        "webserver-address": "127.0.0.1",
        "webserver-port": port,
        "daemon": "no",
        "guardian": "no",
        "security-poll-suffix": "",
    }
    (data / "pdns.conf").write_text("".join(f"{name}={value}\n" for name, value in settings.items()), encoding="utf-8")
    return Command((str(home / "usr/sbin/pdns_server"), f"--config-dir={data}"), debian(home))


def start_registry(home: Path, data: Path, port: int) -> Command:
    config = {
        "version": "0.1",
        "log": {"level": "error", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": str(data / "store")}, "delete": {"enabled": True}},
        "http": {"addr": f"127.0.0.1:{port}"},
    }
    (data / "config.yml").write_text(json.dumps(config), encoding="utf-8")
    return Command((str(home / "usr/bin/docker-registry"), "serve", str(data / "config.yml")))


def start_alertmanager(home: Path, data: Path, port: int) -> Command:
    """Its templates have an absolute path that is compiled in: a mount namespace of its own shows them there."""
    (data / "config.yml").write_text('{"route": {"receiver": "none"}, "receivers": [{"name": "none"}]}', encoding="utf-8")
    script = 'mount --bind "$0" /usr/share && exec "$@"'
    words = (
        str(home / "usr/bin/prometheus-alertmanager"),
        f"--config.file={data / 'config.yml'}",
        f"--storage.path={data / 'store'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    )
    return Command(("unshare", "--map-root-user", "--mount", "sh", "-c", script, str(home / "usr/share"), *words))


def alertmanager_document(home: Path, data: Path, port: int) -> Path:
    """The document that is compiled into the program, which does not serve it. The second one in it has no $ref."""
    program = (home / "usr/bin/prometheus-alertmanager").read_bytes()
    start = re.search(rb'\{\s*"consumes"', program)
    if start is None:
        raise SystemExit("the alertmanager's program holds no document any more")
    text = program[start.start() : start.start() + 1_000_000].decode("latin-1")
    document, _ = json.JSONDecoder().raw_decode(text)
    file = data / "alertmanager.json"
    file.write_text(json.dumps(document, indent=2), encoding="utf-8")
    return file


DEMO = Path(__file__).parents[2] / "errlint/demo"


def start_prism(home: Path, data: Path, port: int) -> Command:
    return Command(
        (str(home / "node_modules/.bin/prism"), "mock", str(DEMO / "openapi.yaml"), "-h", "127.0.0.1", "-p", str(port))
    )


SERVICES = {
    service.name: service
    for service in (
        Service(
            "jupyter",
            start_jupyter,
            served("/api/spec.yaml", "jupyter.yaml", JUPYTER_HEADERS),
            "/",
            "/api",
            ("/api/kernels", "/api/sessions", "/api/terminals", "/api/contents", "/api/config/notebook"),
            JUPYTER_HEADERS,
        ),
        Service(
            "mlserver",
            start_mlserver,
            served("/v2/docs/dataplane.json", "mlserver.json"),
            "/",
            "/v2/health/ready",
            ("/v2/models/sum", "/v2/models/sum/ready"),
        ),
        Service(
            "chroma",
            start_chroma,
            served("/openapi.json", "chroma.json"),
            "/",
            "/api/v2/heartbeat",
            (
                "/api/v2/tenants/default_tenant/databases",
                "/api/v2/tenants/default_tenant/databases/default_database/collections",
            ),
        ),
        Service(
            "powerdns",
            start_powerdns,
            served("/api/docs", "powerdns.yaml", POWERDNS_HEADERS),
            "/api/v1",
            "/api/docs",
            tuple(f"/api/v1/servers/localhost/{what}" for what in ("zones", "tsigkeys", "autoprimaries", "zones/example.org.")),
            POWERDNS_HEADERS,
            TESTS / "examples/powerdns/catalog.yaml",
        ),
        Service(
            "registry",
            start_registry,
            shipped(TESTS / "examples/oci-registry/openapi.yaml"),
            "/",
            "/v2/",
            ("/v2/_catalog",),
            catalog=TESTS / "examples/oci-registry/catalog.yaml",
        ),
        Service(
            "alertmanager",
            start_alertmanager,
            alertmanager_document,
            "/api/v2",
            "/api/v2/status",
            ("/api/v2/alerts", "/api/v2/silences", "/api/v2/receivers"),
        ),
        Service(
            "prism",
            start_prism,
            shipped(DEMO / "openapi.yaml"),
            "/",
            "/models",
            (),
            {"Authorization": f"Bearer {KEY}"},
            DEMO / "catalog.yaml",
        ),
    )
}
