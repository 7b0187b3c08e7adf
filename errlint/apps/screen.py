"""What an application prints while errlint imports or asks it: never in a report, and no wall of tracebacks on the screen."""

from __future__ import annotations

import io
import os
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any, TextIO

from errlint.model.record import mutable

inside: ContextVar[bool] = ContextVar("inside", default=False)
"""Set in the threads in which an application runs, and in what it starts from there."""


_put_up: list[Screen] = []
"""All screens of this process: CPython crashes where a thread prints to a stream that is freed meanwhile."""


@mutable
class Count:
    """How many lines an application wrote, whether they are ``shown``, and whether anybody listens (``on``)."""

    shown: bool
    lines: int = 0
    on: bool = True


class Screen:
    """A stream in the place of one of the process: what an application writes is counted, and goes to stderr if ``shown``.

    Loggers that took it at import keep it: when its own block has ended it hands on to the stream that stands there then.
    """

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, own: TextIO, out: TextIO, count: Count, *, always: bool) -> None:
        """``own`` is the stream, ``out`` where the application's text goes, ``always`` whether all text is taken for its."""
        self._own = own
        self._out = out
        self._count = count
        self._always = always

    @property
    def buffer(self) -> Any:
        return _Bytes(self)

    def write(self, text: str) -> int:
        if not self._count.on:
            later = sys.stderr
            return (later if isinstance(later, Screen) and later is not self else self._own).write(text)
        if not (self._always or inside.get()):
            return self._own.write(text)
        self._count.lines += text.count("\n")
        if self._count.shown:
            with suppress(OSError, ValueError):
                self._out.write(text)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._own.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own, name)


class _Bytes(io.RawIOBase):
    """The binary side of a screen."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._screen.write(bytes(data).decode(errors="backslashreplace"))
        return len(data)


class Threaded(Screen):
    """Standard output of a process in which an application runs threads on: what they print goes to stderr."""

    def __init__(self, own: TextIO, out: TextIO) -> None:
        super().__init__(own, out, Count(shown=True), always=False)
        self._thread = threading.get_ident()

    def write(self, text: str) -> int:
        if threading.get_ident() == self._thread:
            return self._own.write(text)
        with suppress(OSError, ValueError):
            self._out.write(text)
        return len(text)


@contextmanager
def screened(*, shown: bool, importing: bool = False) -> Iterator[Count]:
    """A block in which standard output belongs to nobody but the application, and goes to stderr if ``shown``.

    While ``importing``, standard error is the application's too.
    """
    count = Count(shown)
    held = sys.stdout, sys.stderr
    threads = threading.active_count()
    if held[0] is None or held[1] is None:
        yield count
        return
    own = held[1] if importing else held[0]  # a logger that took standard output writes to no report, even later
    sys.stdout = Screen(own, held[1], count, always=True)
    sys.stderr = Screen(held[1], held[1], count, always=importing)
    _put_up.extend((sys.stdout, sys.stderr))
    try:
        with _descriptor(shown=shown):
            yield count
    finally:
        count.on = False
        sys.stdout, sys.stderr = held
        if importing and threading.active_count() > threads:
            sys.stdout = Threaded(*held)


@contextmanager
def _descriptor(*, shown: bool) -> Iterator[None]:
    """A block in which what is written to the descriptor of standard output, by whatever language, goes elsewhere."""
    try:
        kept = os.dup(1)
    except OSError:  # it is closed
        yield
        return
    try:
        sink = os.dup(2) if shown else os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 1)
        os.close(sink)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
