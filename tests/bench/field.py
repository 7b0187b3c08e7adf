"""Probes services that nobody of this project wrote, and tells what each run found, cost and left behind.

    python -m tests.bench.field FOLDER                       # all services; installs into FOLDER what is not there yet
    python -m tests.bench.field FOLDER --only powerdns --only registry -- --directed-only
    python -m tests.bench.field FOLDER --only powerdns --keep  # leaves the service running for curl, until Enter

Reports (JSON and text) and logs are written to FOLDER/reports, documents that a service serves to FOLDER/documents.
Everything listens on 127.0.0.1 only, on free ports, and is ended by its own process group.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from tests.bench.field_install import installed
from tests.bench.field_services import SERVICES, Service, get

START = 120
"""Seconds that a service may take to start."""

VOLATILE = ("last_activity", "uptime", "started", "connections")
"""Members that change without anybody writing."""


@dataclass(frozen=True)
class Run:
    """One probe: the JSON report ({} where there is none), exit code, wall seconds, what was said, which paths changed."""

    report: dict[str, Any]
    exit: int
    seconds: float
    said: str
    changed: tuple[str, ...]


@contextmanager
def running(service: Service, home: Path, data: Path, log: Path) -> Iterator[int]:
    """The port of a started service, until the block ends. Raises: SystemExit where it does not start."""
    port = free_port()
    command = service.start(home, data, port)
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | dict(command.environment)
    with log.open("wb") as out:
        process = subprocess.Popen(
            command.words, cwd=data, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )
        try:
            wait(service, process, port, log)
            yield port
        finally:
            end(process)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on, and whose two neighbours are free too."""
    for _ in range(100):
        with socket.socket() as first:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
        try:
            for offset in range(3):
                with socket.socket() as one:
                    one.bind(("127.0.0.1", port + offset))
        except (OSError, OverflowError):
            continue
        return port
    raise SystemExit("no three free ports in a row")


def wait(service: Service, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            get(port, service.ready, service.headers)
        except HTTPError as error:
            if error.code < 500:
                return
        except OSError:
            pass
        else:
            return
        time.sleep(0.2)
    raise SystemExit(f"{service.name} did not start, see {log}")


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a service that this program started, and what it started itself: its process group is its own."""
    for number, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
        return


def holdings(service: Service, port: int) -> dict[str, Any]:
    """What a service answers about what it holds, by path, without what changes by itself."""
    return {path: steady(fetched(service, port, path)) for path in service.held}


def fetched(service: Service, port: int, path: str) -> Any:
    try:
        text = get(port, path, service.headers)
    except HTTPError as error:
        return f"status {error.code}"
    except OSError as error:
        return f"no answer: {error}"
    try:
        return json.loads(text)
    except ValueError:
        return text.decode("utf-8", "replace")


def steady(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: steady(one) for name, one in value.items() if name not in VOLATILE}
    return [steady(one) for one in value] if isinstance(value, list) else value


def probe(errlint: Sequence[str], service: Service, document: Path, port: int, reports: Path, extra: Sequence[str]) -> Run:
    """Runs ``errlint probe`` with its default options, and compares what the service holds before and after."""
    before = holdings(service, port)
    report, text = reports / f"{service.name}.json", reports / f"{service.name}.txt"
    report.unlink(missing_ok=True)
    words = [*errlint, "probe", str(document), "--url", f"http://127.0.0.1:{port}{service.base}", "--isolated"]
    words += ["-v", "-f", f"text:{text}", "-f", f"json:{report}"]
    for name, value in service.headers.items():
        words += ["-H", f"{name}: {value}"]
    if service.catalog is not None and service.catalog.exists():
        words += ["--catalog", str(service.catalog)]
    start = time.monotonic()
    done = subprocess.run([*words, *extra], capture_output=True, text=True, check=False)
    seconds = time.monotonic() - start
    after = holdings(service, port)
    loaded = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    changed = {path: (before[path], after[path]) for path in before if before[path] != after[path]}
    told = "".join(f"{path}\n  before {old}\n  after  {new}\n" for path, (old, new) in changed.items())
    return Run(loaded, done.returncode, seconds, done.stderr + done.stdout + told, tuple(changed))


def row(name: str, run: Run) -> str:
    """A line of the table."""
    report = run.report
    summary = report.get("summary", {})
    rules = Counter(one["rule"] for one in report.get("findings", ()) if one["severity"] != "note")
    coverage = report.get("coverage") or {"operations": ()}
    requests = sum(one["requests"] for one in coverage["operations"])
    reached = sum(one["state"] == "reached" for one in coverage["operations"])
    counts = " ".join(str(summary.get(level, "-")) for level in ("error", "warning", "note"))
    cells = [
        name,
        f"{run.exit} {summary.get('outcome', 'no report')}",
        counts,
        f"{summary.get('unknown', '-')} of {summary.get('judged', '-')}",
        f"{reached} of {len(coverage['operations'])}",
        str(requests),
        f"{run.seconds:.1f}",
        ", ".join(run.changed) or "nothing",
        " ".join(f"{rule}*{number}" if number > 1 else rule for rule, number in sorted(rules.items())),
    ]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description="Probes services that nobody of this project wrote.")
    parser.add_argument("folder", type=Path, help="where the services are installed, and where FOLDER/reports goes")
    parser.add_argument("--only", action="append", choices=sorted(SERVICES), help="this service; repeats")
    parser.add_argument("--errlint", default=str(Path(sys.executable).with_name("errlint")), help="the program to run")
    parser.add_argument("--keep", action="store_true", help="leave each service running until Enter")
    parser.add_argument("extra", nargs="*", help="options for errlint probe, after --")
    asked = parser.parse_args()
    reports = asked.folder.resolve() / "reports"
    documents = asked.folder.resolve() / "documents"
    for folder in (reports, documents):
        folder.mkdir(parents=True, exist_ok=True)
    print("| service | exit | error warning note | unknown of judged | operations reached | requests | s | changed | rules |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in asked.only or SERVICES:
        service = SERVICES[name]
        home = installed(asked.folder.resolve(), name)
        data = Path(tempfile.mkdtemp(prefix=f"field-{name}-"))
        try:
            with running(service, home, data, reports / f"{name}.log") as port:
                document = service.document(home, data, port)
                if document.parent == data:
                    document = Path(shutil.copy(document, documents))
                run = probe([asked.errlint], service, document, port, reports, asked.extra)
                (reports / f"{name}.out").write_text(run.said, encoding="utf-8")
                print(row(name, run), flush=True)
                if asked.keep:
                    input(f"{name} runs at http://127.0.0.1:{port}{service.base}, Enter ends it: ")
        finally:
            shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    main()
