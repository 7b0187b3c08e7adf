"""Sequences of requests, as our own: each step is asked of a process that does nothing but generate, sent by us, and its
answer goes back there, for the next step takes its ids from it.

A write goes only to what this run made. The process has no credentials, and it is ended when the sequences end.
"""

from __future__ import annotations

import json
import queue
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from errlint.model.exchange import Request
from errlint.model.spec import Operation
from errlint.probe.bundle import bundled
from errlint.probe.created import Created
from errlint.probe.generated import PATIENCE, Process, begin, end
from errlint.probe.options import redact
from errlint.probe.router import Router
from errlint.probe.scene import ACCEPT, Scene, fill, identity_headers, known_last, merged
from errlint.probe.trial import Trial, writes
from errlint.probe.wire.sender import Answer

STEPS = 6
"""Requests of one sequence at the most: create, list, read, change, delete, and one more look."""

POLL = 0.2
"""Seconds after which the waiting thread looks whether it was interrupted (a bare wait hides Ctrl-C on Windows)."""

STATEFUL = "stateful: "
"""What the name of such a request begins with."""

Send = Callable[[tuple[int, int], Trial], Answer | None]
"""Sends one step, (sequence, step) from 1 and 0 on; None where the write gate or a limit holds it back."""


class Sequences:
    """The sequences of one run. ``note`` says what went wrong with them, empty where nothing did."""

    def __init__(self, scene: Scene, send: Send, secrets: Callable[[], Sequence[str]]) -> None:
        """``secrets`` are the texts that the process must not see, longest first; they grow while the run goes on."""
        self.note = ""
        self._scene = scene
        self._send = send
        self._secrets = secrets
        self._operations = {(one.method.upper(), one.path): one for one in wanted(scene)}
        self._router = Router(scene.spec.operations)
        self._created = Created()
        self._sequence = 0
        self._before: list[str] = []
        self._read: dict[tuple[Any, ...], dict[str, Any]] = {}  # what was read since the last write, and need not be again

    def play(self) -> None:
        """Sends all of them, one request after the other. Raises: what ``send`` raises."""
        if not self._operations:
            self.note = "there are no sequences: no operation may be sent in one"
            return
        process = begin("machine")
        try:
            talk = _Talk(process)
            talk.tell(self._order())
            for case in talk.lines():
                talk.tell(self._step(case))
            self.note = talk.ended
        finally:
            end(process)

    def _order(self) -> dict[str, Any]:
        options = self._scene.options
        return {
            "document": bundled(self._scene.spec),
            "base_url": options.base_url,
            "seed": options.seed,
            "sequences": options.stateful,
            "steps": STEPS,
            "operations": list(self._operations),
        }

    def _step(self, case: Mapping[str, Any]) -> dict[str, Any]:
        """What came of one request, as the process takes it; empty where none was sent or no answer came."""
        if case["sequence"] != self._sequence:
            self._sequence, self._before = case["sequence"], []
        trial = self._trial(case)
        if trial is None:
            return {}
        request = trial.request
        same = (request.method, request.url, request.headers, request.body)
        if same in self._read:
            return self._read[same]
        answer = self._send((self._sequence, len(self._before)), trial)
        if answer is None:
            return {}
        self._before.append(trial.label or "")
        told = self._told(answer) if answer.status is not None else {}
        self._created.saw(request, answer)
        if request.writes:
            self._read.clear()
        else:
            self._read[same] = told
        return told

    def _trial(self, case: Mapping[str, Any]) -> Trial | None:
        """One case as a request: its own headers, the user's on top. None where its url meets another operation."""
        operation = self._operations[tuple(case["operation"])]
        method, url, fresh = operation.method.upper(), str(case["url"]), False
        body = None if case["body"] is None else b64decode(case["body"])
        if writes(method, operation) and not self._created.holds(operation, self._scene.options.base_path, url):
            url, fresh = self._elsewhere(operation, url, body)
        if self._met(method, url) is not operation:
            return None
        headers = [(str(name), str(value)) for name, value in case["headers"]]
        sent = merged([("Accept", ACCEPT), *headers, *identity_headers(self._scene, operation, "user")])
        after = f"after {', '.join(self._before)}" if self._before else "the first of a sequence"
        request = Request(method, url, sent, body, STATEFUL + after, writes=writes(method, operation))
        return Trial(request, operation, fresh, chained=True)

    def _elsewhere(self, operation: Operation, url: str, body: bytes | None) -> tuple[str, bool]:
        """(the url of a write with made-up ids, whether the last of them can name nothing that exists)."""
        method = operation.method.upper()
        rng = self._scene.dice("stateful", operation.label, str(self._sequence), str(len(self._before)))
        real = known_last(operation, method, STATEFUL, "user", body)
        path, fresh = fill(self._scene, operation, rng, real=real)
        query = urlsplit(url).query
        return self._scene.options.base_url + path + (f"?{query}" if query else ""), fresh

    def _met(self, method: str, url: str) -> Operation | None:
        """The operation that a url of the service meets: an id from an answer must not lead elsewhere."""
        options = self._scene.options
        if url != options.base_url and not url.startswith((options.base_url + "/", options.base_url + "?")):
            return None
        path = urlsplit(url).path
        if not {".", ".."}.isdisjoint(unquote(path).split("/")):  # they are resolved on the way (RFC 3986 section 5.2.4)
            return None
        return self._router.find(method, path[len(options.base_path) :])

    def _told(self, answer: Answer) -> dict[str, Any]:
        secrets = self._secrets()
        headers = {name: redact(value, secrets) for name, value in answer.headers.items() if name != "set-cookie"}
        body = redact(answer.body.decode("utf-8", "surrogateescape"), secrets).encode("utf-8", "surrogateescape")
        return {
            "status": answer.status,
            "url": redact(answer.request.url, secrets),
            "headers": headers,
            "body": b64encode(body).decode(),
            "elapsed": answer.elapsed,
        }


def wanted(scene: Scene) -> Iterator[Operation]:
    """The operations that may be a step: all if writes are allowed, else those that only read."""
    for operation in scene.operations:
        if scene.options.writes == "allowed" or not writes(operation.method.upper(), operation):
            yield operation


class _Talk:
    """The way to the process: an order and answers in, requests out. ``ended`` says how it ended, empty where as it should."""

    def __init__(self, process: Process) -> None:
        self.ended = ""
        self._process = process
        self._lines: queue.Queue[bytes] = queue.Queue()
        threading.Thread(target=_listen, args=(process, self._lines), daemon=True).start()

    def tell(self, line: Mapping[str, Any]) -> None:
        """One line in; who does not listen any more says nothing any more either."""
        try:
            if self._process.stdin is not None:
                self._process.stdin.write(json.dumps(line, default=str).encode() + b"\n")
                self._process.stdin.flush()
        except OSError:
            pass  # it ended: the next line says so

    def lines(self) -> Iterator[dict[str, Any]]:
        """The requests, each when it is made."""
        while True:
            line = self._next()
            if not line:
                self.ended = "the sequences ended early: " + (
                    "the generator ended" if line == b"" else f"a request could not be generated within {PATIENCE:g} s"
                )
                return
            told = json.loads(line)
            if "ended" in told:
                self.ended = told["ended"]
                return
            yield told

    def _next(self) -> bytes | None:
        """The next line, an empty one at the end, None where it takes too long."""
        for _ in range(int(PATIENCE / POLL)):
            try:
                return self._lines.get(timeout=POLL)
            except queue.Empty:
                continue
        return None


def _listen(process: Process, lines: queue.Queue[bytes]) -> None:
    try:
        if process.stdout is not None:
            for line in process.stdout:
                lines.put(line)
    except (OSError, ValueError):
        pass  # it was ended
    lines.put(b"")
