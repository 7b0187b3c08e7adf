"""One answer on its way: from the application's thread, which makes it, to the thread that waits for it."""

from __future__ import annotations

import io
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from errlint.model.record import record

ROOM = 1024 * 1024
"""Bytes that wait to be read; an application that sends more waits too."""

LONGEST_IDLE = 2.0
"""Seconds of silence after which an event stream counts as read."""

Headers = Sequence[tuple[str, str]]


@record
class Head:
    """The status and the headers of an answer, its names and values as Latin-1 text."""

    status: int
    headers: Headers


class Inbox(io.RawIOBase):
    """The answer to one call. ``gone`` is called once, by the reader, when it wants no more of it."""

    def __init__(self, gone: Callable[[], object] = lambda: None) -> None:
        super().__init__()
        self._changed = threading.Condition()
        self._head: Head | None = None
        self._parts: deque[memoryview] = deque()
        self._waiting = 0
        self._ended = False
        self._broken = False
        self._left = False
        self._gone = gone
        self._due = 0.0
        self._idle = 0.0

    # The application's side.

    def begin(self, head: Head) -> None:
        """The head of the answer."""
        with self._changed:
            self._head = head
            self._changed.notify_all()

    def put(self, part: bytes) -> int:
        """Some of the body; the bytes that wait to be read."""
        with self._changed:
            if part and not self._left:
                self._parts.append(memoryview(part))
                self._waiting += len(part)
                self._changed.notify_all()
            return self._waiting

    def wait_for_room(self) -> bool:
        """Waits until there is room for more; whether anybody still reads."""
        with self._changed:
            self._changed.wait_for(lambda: self._left or self._waiting < ROOM)
            return not self._left

    def end(self, *, broken: bool = False) -> None:
        """Nothing more comes; ``broken`` where more should have."""
        with self._changed:
            self._ended, self._broken = True, broken
            self._changed.notify_all()

    # The reader's side.

    def head(self, seconds: float) -> Head:
        """The head, which comes within so many seconds; the body may take as long again. Raises: TimeoutError, OSError."""
        with self._changed:
            came = self._changed.wait_for(lambda: self._head is not None or self._ended, seconds)
            head = self._head
        if head is None:
            self.close()
            if came:
                raise ConnectionResetError("the application ended without an answer")
            raise TimeoutError("timed out")
        self._due, self._idle = time.monotonic() + seconds, seconds
        if any(
            name.lower() == "content-type" and value.lower().startswith("text/event-stream") for name, value in head.headers
        ):
            self._idle = min(LONGEST_IDLE, seconds)
        return head

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Raises: TimeoutError where nothing comes in time, ConnectionResetError where the body is broken off."""
        with self._changed:
            left = min(self._due - time.monotonic(), self._idle)
            if not self._changed.wait_for(lambda: self._parts or self._ended, max(left, 0)):
                raise TimeoutError("timed out")
            if not self._parts:
                if self._broken:
                    raise ConnectionResetError("the application broke its answer off")
                return 0
            part = self._parts.popleft()
            size = min(len(part), len(buffer))
            buffer[:size] = part[:size]
            if size < len(part):
                self._parts.appendleft(part[size:])
            was, self._waiting = self._waiting, self._waiting - size
            if was >= ROOM > self._waiting:
                self._changed.notify_all()
        return size

    def close(self) -> None:
        """Wants no more of it."""
        with self._changed:
            first, self._left = not self._left, True
            self._parts.clear()
            self._waiting = 0
            self._changed.notify_all()
        if first:
            self._gone()
        super().close()
