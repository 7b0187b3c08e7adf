"""An ASGI application, called in process: one event loop in a thread of its own, from start-up to shutdown.

ASGI 3.0, https://asgi.readthedocs.io/en/latest/specs/main.html and www.html; what servers do where an application breaks it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from errlint.apps.calls import FAILED, FAILED_HEAD, HOST, PORT, Call, Raised
from errlint.apps.inbox import ROOM, Head, Inbox
from errlint.apps.raised import told
from errlint.apps.screen import inside
from errlint.errors import ProbeError

Message = MutableMapping[str, Any]
Application = Callable[[Any, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]

STARTING = 60.0
"""Seconds that an application may take to start."""

ENDING = 5.0
"""Seconds that it may take to stop, and what it still does in the background."""

PAUSE = 0.002
"""Seconds between two looks whether the reader has come far enough for more."""

VERSION = {"version": "3.0", "spec_version": "2.3"}


class Asgi:
    """An ASGI application that can be called by several threads."""

    def __init__(
        self, app: Application, name: str, raised: Raised = lambda asked, error: None, *, lifespan: bool = True
    ) -> None:
        """``lifespan`` says whether it is told that it starts and stops."""
        self.name = name
        self._app = app
        self._raised = raised
        self._loop: asyncio.AbstractEventLoop
        self._thread = threading.Thread(target=self._run, name="errlint-asgi", daemon=True)
        self._lifespan = Lifespan(app) if lifespan else None
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False

    def start(self) -> None:
        """Raises: ProbeError where it says that it cannot start, or does not in time."""
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda loop, context: None)  # tracebacks of tasks that nobody waits for
        self._thread.start()
        if self._lifespan is None:
            return
        done = asyncio.run_coroutine_threadsafe(self._lifespan.start(), self._loop)
        try:
            why = done.result(STARTING)
        except TimeoutError:
            raise ProbeError(f"{self.name} did not start within {STARTING:g} seconds") from None
        if why:
            raise ProbeError(f"{self.name} did not start: {why}")

    def stop(self) -> None:
        """Ends what is under way, and tells the application; one that does not answer is left to the end of the process."""
        if not self._thread.is_alive():
            return
        done = asyncio.run_coroutine_threadsafe(self._end(), self._loop)
        with suppress(TimeoutError):
            done.result(2 * ENDING)
        self._stopping = True
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(1.0)
        if not self._thread.is_alive():
            self._loop.close()

    def call(self, call: Call) -> Inbox:
        """The answer, still to come."""
        exchange = Exchange(self._app, call, self._loop, self._raised)
        scope = _scope(call, self._lifespan.state if self._lifespan is not None else {})
        self._loop.call_soon_threadsafe(self._begin, exchange, scope)
        return exchange.inbox

    def _begin(self, exchange: Exchange, scope: Message) -> None:
        task = self._loop.create_task(exchange.run(scope))
        exchange.task = task
        self._tasks.add(task)  # the loop holds tasks weakly
        task.add_done_callback(self._tasks.discard)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        inside.set(True)
        while not self._stopping:
            with suppress(SystemExit, KeyboardInterrupt):  # of a task that the application made
                self._loop.run_forever()

    async def _end(self) -> None:
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=0.1)
            for task in late:
                task.cancel()
        if self._lifespan is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._lifespan.stop(), ENDING)
        for task in asyncio.all_tasks(self._loop) - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)


def _scope(call: Call, state: Mapping[str, Any]) -> Message:
    return {
        "type": "http",
        "asgi": dict(VERSION),
        "http_version": "1.1",
        "method": call.method.upper(),
        "scheme": "http",
        "path": unquote(call.path),
        "raw_path": call.path.encode("ascii"),
        "query_string": call.query.encode("ascii"),
        "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in call.headers],
        "client": ("127.0.0.1", 50000),
        "server": (HOST, PORT),
        "state": dict(state),
        "extensions": {},
    }


class Exchange:
    """One call and its answer. All but the inbox lives in the event loop's thread."""

    def __init__(self, app: Application, call: Call, loop: asyncio.AbstractEventLoop, raised: Raised) -> None:
        self.inbox = Inbox(self._left)
        self.task: asyncio.Task[None] | None = None
        self._app = app
        self._call = call
        self._loop = loop
        self._raised = raised
        self._asked = False
        self._started = False
        self._complete = False
        self._over = asyncio.Event()

    def _left(self) -> None:
        """The reader is gone, says the reader's thread."""
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._cut)

    def _cut(self) -> None:
        self._over.set()
        if not self._complete and self.task is not None:
            self.task.cancel()

    async def run(self, scope: Message) -> None:
        inside.set(True)  # a task has the context of who asked for it
        try:
            await self._app(scope, self._receive, self._send)
        except asyncio.CancelledError:
            pass
        except BaseException as error:  # servers answer 500 to whatever leaves an application, sys.exit too
            self._raised(self._call.name, error)
        if self._complete:
            return
        if not self._started:
            self.inbox.begin(FAILED_HEAD)
            self.inbox.put(FAILED)
        self.inbox.end(broken=self._started)

    async def _receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": self._call.body, "more_body": False}
        await self._over.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if self._over.is_set() and not self._complete:
            await asyncio.sleep(0)  # nobody reads: what sends without end can be cancelled here
            return
        kind = message["type"]
        if not self._started:
            if kind != "http.response.start":
                raise RuntimeError(f"the application sent {kind!r} before 'http.response.start'")
            self.inbox.begin(_head(message))
            self._started = True
            return
        if kind != "http.response.body" or self._complete:
            raise RuntimeError(f"the application sent {kind!r} {'after its answer' if self._complete else 'in its answer'}")
        body = message.get("body", b"")
        if not isinstance(body, (bytes, bytearray, memoryview)):
            raise TypeError(f"the application sent a body of type {type(body).__name__}")
        waiting = self.inbox.put(bytes(body))
        if not message.get("more_body", False):
            self._complete = True
            self.inbox.end()
            self._over.set()
            return
        await asyncio.sleep(0)  # others may have their turn, whatever the application does
        while waiting >= ROOM and not self._over.is_set():
            await asyncio.sleep(PAUSE)
            waiting = self.inbox.put(b"")


def _head(message: Message) -> Head:
    """Raises: TypeError, ValueError for a start that no server would put on the wire."""
    status = message["status"]
    if not isinstance(status, int) or not 200 <= status <= 999:
        raise ValueError(f"the application sent the status {status!r}")
    headers = []
    for name, value in message.get("headers", ()):
        if not isinstance(name, (bytes, bytearray)) or not isinstance(value, (bytes, bytearray)):
            raise TypeError("the application sent a header that is not bytes")
        if not name or any(byte in b"\r\n\0" for byte in (*name, *value)):
            raise ValueError("the application sent a header that no server can send")
        headers.append((bytes(name).decode("latin-1"), bytes(value).decode("latin-1")))
    return Head(int(status), tuple(headers))


class Lifespan:
    """The start and the end of an application, https://asgi.readthedocs.io/en/latest/specs/lifespan.html."""

    def __init__(self, app: Application) -> None:
        self.state: dict[str, Any] = {}
        self._app = app
        self._inbox: asyncio.Queue[Message] = asyncio.Queue()
        self._told: asyncio.Future[str] | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopped = asyncio.Event()
        self._failed = ""

    async def start(self) -> str:
        """Why the application cannot start, empty where it can, or does not care."""
        self._told = asyncio.get_running_loop().create_future()
        self._task = asyncio.get_running_loop().create_task(self._run())
        await self._inbox.put({"type": "lifespan.startup"})
        return await self._told

    async def stop(self) -> None:
        if self._task is not None and not self._task.done():
            await self._inbox.put({"type": "lifespan.shutdown"})
            await self._stopped.wait()

    async def _run(self) -> None:
        scope = {"type": "lifespan", "asgi": dict(VERSION), "state": self.state}
        why = ""
        inside.set(True)
        try:
            await self._app(scope, self._inbox.get, self._send)
        except asyncio.CancelledError:
            pass
        except SystemExit as error:
            why = told(error)
        except BaseException as error:  # it says itself that it failed, or does not know what a lifespan is
            why = told(error) if self._failed else ""
        finally:
            self._tell(why or self._failed)
            self._stopped.set()

    def _tell(self, why: str) -> None:
        if self._told is not None and not self._told.done():
            self._told.set_result(why)

    async def _send(self, message: Message) -> None:
        if message["type"] == "lifespan.startup.failed":
            said = str(message.get("message") or "").strip().splitlines()
            self._failed = said[-1] if said else "it did not say why"
            asyncio.get_running_loop().call_later(1.0, self._tell, self._failed)  # what it raises then says where
        elif message["type"] == "lifespan.startup.complete":
            self._tell("")
        else:
            self._stopped.set()
