"""The tools that are held against each other: each probes one service and says what it found, as ``Found`` values."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from errlint.demo.service import BASE_PATH, TOKEN
from tests.bench.field import end, free_port

DEMO = Path(__file__).parents[2] / "errlint/demo"
AUTHORIZATION = f"Authorization: Bearer {TOKEN}"
START = 60
"""Seconds that Prism may take to start."""

PATIENCE = 900
"""Seconds that one run of a tool may take."""


@dataclass(frozen=True)
class Found:
    """One thing that a tool said: of which operation (``GET /models``), of which kind, and in which words."""

    operation: str
    kind: str
    words: str


@dataclass(frozen=True)
class Outcome:
    """One run: what was found, wall seconds, requests that the service got, and why it does not count ("" when it does)."""

    found: tuple[Found, ...]
    seconds: float = 0.0
    requests: int = 0
    failure: str = ""


def errlint(program: Path, url: str, folder: Path) -> Outcome:
    """``errlint probe`` with its default options and the demo's catalog."""
    report = folder / "errlint.json"
    words = [program, "probe", DEMO / "openapi.yaml", "--url", url + BASE_PATH, "-H", AUTHORIZATION, "--isolated"]
    words += ["--catalog", DEMO / "catalog.yaml", "-f", f"json:{report}"]
    done, seconds = _timed(words)
    if done.returncode not in (0, 1):
        return Outcome((), seconds, failure=done.stderr.strip()[-200:])
    findings = json.loads(report.read_text(encoding="utf-8"))["findings"]
    found = [
        Found(operation, finding["rule"], finding["message"])
        for finding in findings
        if finding["severity"] != "note"
        for operation in finding.get("operations") or [""]
    ]
    return Outcome(tuple(found), seconds)


def schemathesis(program: Path, url: str, folder: Path, examples: int) -> Outcome:
    """``st run`` with all checks, all phases and every failure shown."""
    report = folder / "st.ndjson"
    words: list[Any] = [program, "run", DEMO / "openapi.yaml", "--url", url + BASE_PATH, "-H", AUTHORIZATION, "--checks", "all"]
    words += ["--continue-on-failure", "--seed", "1", "--max-examples", str(examples), "--generation-database", "none"]
    words += ["--report", "ndjson", "--report-ndjson-path", report]
    done, seconds = _timed(words, folder)
    if done.returncode not in (0, 1):
        return Outcome((), seconds, failure=(done.stdout + done.stderr).strip()[-200:])
    found: dict[Found, None] = {}
    for line in report.read_text(encoding="utf-8").splitlines():
        found |= dict.fromkeys(_failures(json.loads(line)))
    return Outcome(tuple(found), seconds)


def _failures(value: Any) -> Iterator[Found]:
    """The failed checks and network errors anywhere in an event of the report."""
    if isinstance(value, dict):
        failure = value.get("failure")
        if isinstance(failure, dict) and "operation" in failure:
            yield Found(str(failure["operation"]), str(failure["title"]), f"{failure['title']}: {failure['message']}")
        error = value.get("NonFatalError")
        if isinstance(error, dict):
            yield Found(str(error.get("label")), "error", json.dumps(error)[:2000])
        for one in value.values():
            yield from _failures(one)
    elif isinstance(value, list):
        for one in value:
            yield from _failures(one)


def prism(program: Path, url: str, folder: Path, requests: Sequence[dict[str, Any]]) -> Outcome:
    """Prism's proxy, with errlint's requests sent through it; it says in a header what an answer violates.

    Not with ``--errors``: it then answers requests that violate the document itself, and nearly all of these do.
    """
    proxy = _Proxy(program, url + BASE_PATH, folder / "prism.log")
    found: dict[Found, None] = {}
    start = time.monotonic()
    try:
        for request in requests:
            found |= dict.fromkeys(_through(proxy, request))
    finally:
        proxy.end()
    seconds = time.monotonic() - start
    return Outcome(tuple(found), seconds, len(requests))


class _Proxy:
    """Prism's process, started when it is asked for: a request such as ``/models/%FF`` ends it."""

    def __init__(self, program: Path, upstream: str, log: Path) -> None:
        self.words = [str(program), "proxy", str(DEMO / "openapi.yaml"), upstream, "-h", "127.0.0.1"]
        self.log, self.port = log, 0
        self.process: subprocess.Popen[bytes] | None = None

    def address(self) -> int:
        """The port of a living proxy. Raises: SystemExit where it does not start."""
        if self.process is None or self.process.poll() is not None:
            self.port = free_port()
            with self.log.open("ab") as out:
                self.process = subprocess.Popen(
                    [*self.words, "-p", str(self.port)],
                    stdout=out,
                    stderr=out,
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )
            deadline = time.monotonic() + START
            while not _listens(self.port):
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise SystemExit(f"prism does not start, see {self.log}")
                time.sleep(0.2)
        return self.port

    def end(self) -> None:
        if self.process is not None:
            end(self.process)


def _listens(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    with suppress(OSError):
        connection.connect()
        connection.close()
        return True
    return False


def _through(proxy: _Proxy, request: dict[str, Any]) -> Iterator[Found]:
    """What the proxy says of the answer to one request, the request's own violations left out."""
    target = str(request["target"])
    if not target.startswith(f"{BASE_PATH}/") or "\ufffd" in unquote(target):
        return  # what is no UTF-8 ends Prism's process
    method, path = request["method"], target.removeprefix(BASE_PATH)
    operation = f"{method} {path.partition('?')[0]}"
    connection = http.client.HTTPConnection("127.0.0.1", proxy.address(), timeout=20)
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in _sent(request, proxy.port):
            connection.putheader(name, value)
        connection.endheaders(request["body"].encode("latin-1"))
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException) as error:
        yield Found(operation, "dropped", f"the proxy closed the connection: {error}")
        return
    finally:
        connection.close()
    for violation in json.loads(answer.getheader("sl-violations") or "[]"):
        if violation.get("location", [""])[0] == "response":
            yield Found(operation, str(violation.get("code")), str(violation.get("message")))
    if answer.status >= 500 and b'"FetchError"' in body:
        yield Found(operation, "proxy-error", body.decode("utf-8", "replace")[:300])  # no answer came to it


def _sent(request: dict[str, Any], port: int) -> Iterator[tuple[str, str]]:
    dropped = ("host", "connection", "content-length", "transfer-encoding", "accept-encoding")
    yield "Host", f"127.0.0.1:{port}"
    for name, value in request["headers"]:
        if name.lower() not in dropped:
            yield name, value
    if request["body"] or request["method"] in ("POST", "PUT", "PATCH"):
        yield "Content-Length", str(len(request["body"].encode("latin-1")))


def _timed(words: Sequence[Any], folder: Path | None = None) -> tuple[subprocess.CompletedProcess[str], float]:
    start = time.monotonic()
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False, timeout=PATIENCE, cwd=folder
    )
    return done, time.monotonic() - start


@contextmanager
def service(python: Path, record: Path, faults: Sequence[str]) -> Iterator[str]:
    """The address of the demo's service in a process of its own, with an empty record of its requests."""
    record.write_text("", encoding="ascii")
    words = [python, "-m", "tests.bench.versus_service", record, *faults]
    with subprocess.Popen([str(word) for word in words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()
            process.wait(20)


def recorded(record: Path, outcome: Outcome) -> tuple[Outcome, list[dict[str, Any]]]:
    """The outcome with the number of requests that the service got, and these requests."""
    requests = [json.loads(line) for line in record.read_text(encoding="ascii").splitlines()]
    return replace(outcome, requests=len(requests)), requests


def meets(operation: str, wanted: str) -> bool:
    """Whether a tool's operation, a template or an address, is the wanted one."""
    pattern = re.sub(r"\\\{[^}]*\\\}", r"[^/ ]+", re.escape(wanted))
    return re.fullmatch(pattern, operation) is not None
