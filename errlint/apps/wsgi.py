"""A WSGI application, called in process: each call in a thread that may be left behind when it hangs (PEP 3333)."""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any
from urllib.parse import unquote_to_bytes

from errlint.apps.calls import FAILED, FAILED_HEAD, HOST, PORT, Call, Raised
from errlint.apps.inbox import ROOM, Head, Inbox
from errlint.apps.screen import inside

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

DROPPED = (BrokenPipeError, ConnectionResetError, ConnectionAbortedError)
"""What servers take for a client that is gone: they close the connection without an answer."""


class Wsgi:
    """A WSGI application that can be called by several threads. Threads that are free are used again."""

    def __init__(self, app: Application, name: str, raised: Raised = lambda asked, error: None) -> None:
        self.name = name
        self._app = app
        self._raised = raised
        self._free: list[SimpleQueue[tuple[Call, Inbox] | None]] = []
        self._lock = threading.Lock()
        self._mine = threading.local()

    def start(self) -> None:
        """There is nothing to start, but Flask answers exceptions itself: it is asked to tell of them."""
        signal = getattr(sys.modules.get("flask"), "got_request_exception", None)
        if signal is not None:
            signal.connect(self._told)

    def stop(self) -> None:
        """Ends the threads that are free."""
        signal = getattr(sys.modules.get("flask"), "got_request_exception", None)
        if signal is not None:
            signal.disconnect(self._told)
        with self._lock:
            free, self._free = self._free, []
        for jobs in free:
            jobs.put(None)

    def _told(self, sender: Any, exception: BaseException, **more: Any) -> None:
        """An exception that Flask has answered."""
        if asked := getattr(self._mine, "asked", ""):
            self._raised(asked, exception)
            self._mine.answered = exception

    def call(self, call: Call) -> Inbox:
        """The answer, still to come."""
        inbox = Inbox()
        with self._lock:
            jobs = self._free.pop() if self._free else None
        if jobs is None:
            jobs = SimpleQueue()
            threading.Thread(target=self._work, args=(jobs,), name="errlint-wsgi", daemon=True).start()
        jobs.put((call, inbox))
        return inbox

    def _work(self, jobs: SimpleQueue[tuple[Call, Inbox] | None]) -> None:
        inside.set(True)
        while (job := jobs.get()) is not None:
            call, inbox = job
            answer = Answer(inbox)
            self._mine.asked, self._mine.answered = call.name, None
            try:
                answer.take(self._app(_environ(call), answer.start_response))
            except BaseException as error:  # servers answer 500 to whatever leaves an application
                if not isinstance(error, DROPPED) and error is not self._mine.answered:
                    self._raised(call.name, error)
                answer.fail(dropped=isinstance(error, DROPPED))
            with self._lock:
                self._free.append(jobs)


class Answer:
    """What a WSGI application answers to one call."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._head: Head | None = None
        self._sent = False

    def start_response(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
        if exc_info:
            if self._sent:
                raise exc_info[1].with_traceback(exc_info[2])
        elif self._head is not None:
            raise AssertionError("start_response was called twice")
        self._head = _head(status, headers)
        return self._write

    def take(self, body: Iterable[bytes]) -> None:
        """Sends all of a body, as far as somebody reads it. Raises: what the application raises."""
        try:
            for part in body:
                if part and not self._write(part):
                    return
            self._begin()
            self._inbox.end()
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()

    def fail(self, *, dropped: bool) -> None:
        """Ends an answer that was not made."""
        if not self._sent and not dropped:
            self._inbox.begin(FAILED_HEAD)
            self._inbox.put(FAILED)
        self._inbox.end(broken=self._sent)

    def _begin(self) -> None:
        if self._head is None:
            raise AssertionError("start_response was not called")
        if not self._sent:
            self._sent = True
            self._inbox.begin(self._head)

    def _write(self, part: bytes) -> bool:
        """Whether anybody reads more."""
        if not isinstance(part, bytes):
            raise TypeError(f"the application sent a body of type {type(part).__name__}")
        self._begin()
        return self._inbox.put(part) < ROOM or self._inbox.wait_for_room()


def _head(status: str, headers: list[tuple[str, str]]) -> Head:
    """Raises: TypeError, ValueError for a head that no server would put on the wire."""
    number = status[:3]
    if not (number.isascii() and number.isdigit() and int(number) >= 200 and status[3:4] in ("", " ")):
        raise ValueError(f"the application sent the status {status[:40]!r}")
    for name, value in headers:
        (name + value).encode("latin-1")
        if not name or any(sign in name + value for sign in "\r\n\0"):
            raise ValueError("the application sent a header that no server can send")
    return Head(int(number), tuple(headers))


def _environ(call: Call) -> dict[str, Any]:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": call.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(call.path).decode("latin-1"),
        "QUERY_STRING": call.query,
        "REQUEST_URI": call.target,
        "RAW_URI": call.target,
        "SERVER_NAME": HOST,
        "SERVER_PORT": str(PORT),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "REMOTE_PORT": "50000",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(call.body),
        "wsgi.input_terminated": True,
        "wsgi.errors": Errors(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in call.headers:
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_" + key
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    return environ


class Errors(io.TextIOBase):
    """``wsgi.errors``: goes where the application's output goes."""

    def write(self, text: str) -> int:
        with suppress(OSError, ValueError):
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        pass
