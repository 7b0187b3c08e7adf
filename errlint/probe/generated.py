"""Generated requests, as our own: asked of a process that does nothing but generate, and held against the contract here.

The process begins while the directed requests are sent. It has no credentials, and it is ended when the run ends.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from errlint.model.exchange import Request
from errlint.model.spec import Operation
from errlint.probe.bundle import bundled
from errlint.probe.faults import GENERATED, Faults
from errlint.probe.scene import ACCEPT, FRAMING, Scene, fill, identity_headers, known_last, merged
from errlint.probe.trial import Trial, writes
from errlint.probe.values import segment

PATIENCE = 60.0
"""Seconds that one operation's requests may take to be made; then its schema is left alone, and the others go on."""

AHEAD = 8
"""Operations whose requests wait to be sent; more would only take memory."""

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); "
    "from errlint.probe.engine import orphaned; orphaned(); "
    "from errlint.probe.{module} import main; main(sys.stdin.buffer, sys.stdout.buffer)"
)

Wanted = list[tuple[Operation, int]]


class Process(subprocess.Popen[bytes]):
    """A process that generates. ``folder`` is where its files are: it may be killed, so it cannot be who removes them."""

    folder: TemporaryDirectory[str] | None = None


def begin(module: str = "engine") -> Process:
    """A process that gets ready to generate, which takes a second, and waits for its order.

    It imports nothing from the working directory, which may be a checkout with a ``json.py``.
    """
    folder = TemporaryDirectory(prefix="errlint-", ignore_cleanup_errors=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SCHEMATHESIS_")}
    environment.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder.name))
    process = Process(
        [sys.executable, "-I" if sys.flags.isolated else "-P", "-c", _START.format(module=module), json.dumps(sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    process.folder = folder
    return process


def end(process: Process) -> None:
    """Ends such a process."""
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(OSError):
                stream.close()
    if process.folder is not None:
        process.folder.cleanup()


class Generator:
    """The generated requests of one run. ``rooms`` says how many each operation (by label) may get; none is asked for more.

    ``broken`` says for which operations (by label) something could not be generated, and why. Safe for several threads.
    """

    def __init__(
        self,
        scene: Scene,
        rooms: Mapping[str, int],
        process: Process | None = None,
        left: Callable[[], float] = lambda: PATIENCE,
    ) -> None:
        """``process`` is one that was begun already, so that it is warm; ``left`` gives the seconds that the run may last."""
        self.broken: dict[str, str] = {}
        self._scene = scene
        self._faults = Faults(scene)
        self._wanted: Wanted = [(one, rooms[one.label]) for one in scene.operations if rooms.get(one.label, 0) > 0]
        self._ready: dict[str, list[dict[str, Any]]] = {}
        self._lock = threading.Lock()
        self._lines: queue.Queue[bytes] = queue.Queue(maxsize=AHEAD)
        self._process = process
        self._asked = False
        self._closed = False
        self._left = left

    def __enter__(self) -> Generator:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def rooms(self) -> list[tuple[Operation, int]]:
        """The operations that get generated requests, with how many at the most."""
        return list(self._wanted)

    def start(self) -> None:
        """Begins to generate, for the operations that are still wanted."""
        if not self._wanted or self._asked:
            return
        self._asked = True
        self._process = self._process or begin()
        threading.Thread(target=_talk, args=(self._process, self._order(), self._lines), daemon=True).start()

    def _order(self) -> bytes:
        order = {
            "document": bundled(self._scene.spec),
            "base_url": self._scene.options.base_url,
            "seed": self._scene.options.seed,
            "fuzz": self._scene.options.fuzz,
            "operations": [(one.method.upper(), one.path, room, self._sends_valid(one)) for one, room in self._wanted],
        }
        return json.dumps(order, default=str).encode() + b"\n"

    def _sends_valid(self, operation: Operation) -> bool:
        """Whether the write gate may let a valid request out; of one with a body nothing proves that it is refused."""
        return self._scene.options.writes == "allowed" or not (writes(operation.method.upper(), operation) and operation.bodies)

    def close(self) -> None:
        """Ends the process."""
        self._closed = True
        if self._process is not None:
            end(self._process)
            self._process = None

    def trials(self, operation: Operation) -> Iterator[Trial]:
        """The generated requests of an operation, every scenario before any scenario's second case."""
        for number, case in enumerate(self._cases(operation.label)):
            yield self._trial(operation, case, number)

    def _cases(self, label: str) -> list[dict[str, Any]]:
        with self._lock:
            while label not in self._ready and any(one.label == label for one, _ in self._wanted):
                self._next()
            return self._ready.pop(label, [])

    def _next(self) -> None:
        """Takes what was made for the first operation that is still wanted; without it, goes on with the others."""
        operation, _ = self._wanted[0]
        if self._closed:
            self._wanted.clear()
            return
        self.start()
        try:
            line = self._lines.get(timeout=min(PATIENCE, max(self._left(), 0.1)))
        except queue.Empty:
            self._give_up(operation, f"its requests could not be generated within {PATIENCE:g} s")
            return
        if not line:
            self._give_up(operation, "the generator ended")
            return
        self._wanted.pop(0)
        answer = json.loads(line)
        self._ready[operation.label] = answer["cases"]
        if answer["broken"]:
            self.broken[operation.label] = answer["broken"]

    def _give_up(self, operation: Operation, why: str) -> None:
        """Leaves out an operation that the process could not cope with; another one takes those behind it."""
        self.broken[operation.label] = why
        self._wanted.pop(0)
        closed = self._closed
        self.close()
        self._closed, self._asked, self._lines = closed, False, queue.Queue(maxsize=AHEAD)

    def _trial(self, operation: Operation, case: Mapping[str, Any], number: int) -> Trial:
        """One case as a request: its own headers, the user's on top.

        The ids of a write are ours, never the document's examples, whatever the case says.
        """
        method, url, fresh = operation.method.upper(), str(case["url"]), False
        if writes(method, operation):
            rng = self._scene.dice("generated", operation.label, str(number))
            real = known_last(operation, method, GENERATED, "user", None if case["body"] is None else b"")
            path, fresh = fill(self._scene, operation, rng, real=real)
            query = urlsplit(url).query
            url = self._scene.options.base_url + path + (f"?{query}" if query else "")
        else:
            url = self._with_ids(operation, url, about=str(case["scenario"]).split(" ")[-1])
        headers = [(str(name), str(value)) for name, value in case["headers"] if str(name).lower() not in FRAMING]
        sent = merged([("Accept", ACCEPT), *headers, *identity_headers(self._scene, operation, "user")])
        body = None if case["body"] is None else b64decode(case["body"])
        request = Request(method, url, sent, body, GENERATED + str(case["words"]), writes=writes(method, operation))
        return self._faults.told(Trial(request, operation, fresh))

    def _with_ids(self, operation: Operation, url: str, about: str) -> str:
        """The url of a read with the ids that the user gave, but for the one that the case is about."""
        ids = {name: value for name, value in self._scene.options.path_params if name != about}
        base, path = self._scene.options.base_path, urlsplit(url).path
        wanted, given = operation.path.split("/"), path[len(base) :].split("/")
        if not ids or not path.startswith(base) or len(wanted) != len(given):
            return url
        known = {f"{{{name}}}": segment(value) for name, value in ids.items()}
        query = urlsplit(url).query
        whole = "/".join(known.get(placeholder, text) for placeholder, text in zip(wanted, given, strict=True))
        return self._scene.options.base_url + whole + (f"?{query}" if query else "")


def _talk(process: Process, order: bytes, lines: queue.Queue[bytes]) -> None:
    """Gives the process its order and takes its lines, an empty one at the end."""
    try:
        if process.stdin is not None and process.stdout is not None:
            process.stdin.write(order)
            process.stdin.close()
            for line in process.stdout:
                lines.put(line)
    except (OSError, ValueError):
        pass  # it ended, or was ended
    lines.put(b"")
