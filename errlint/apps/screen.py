"""What an application prints while errlint imports or asks it: never in a report, and no wall of tracebacks on the screen."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any, TextIO

inside: ContextVar[bool] = ContextVar("inside", default=False)
"""Set in the threads in which an application runs, and in what it starts from there."""


class Screen:
    """A stream in the place of one of the process: what an application writes is counted, or let through to stderr.

    It stays in loggers that took it at import; after the run it is the stream again that it stands for.
    """

    def __init__(self, own: TextIO, out: TextIO, count: Count, *, always: bool) -> None:
        """``own`` is the stream, ``out`` where the application's text goes, ``always`` whether all text is taken for its."""
        self._own = own
        self._out = out
        self._count = count
        self._always = always

    def write(self, text: str) -> int:
        if not self._count.on:
            return self._own.write(text)
        if not (self._always or inside.get()):
            return self._own.write(text)
        self._count.lines += text.count("\n")
        if self._count.shown:
            with suppress(OSError, ValueError):
                self._out.write(text)
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own, name)


class Count:
    """How many lines an application wrote, whether they are ``shown``, and whether it is ``on``."""

    def __init__(self, *, shown: bool) -> None:
        self.lines = 0
        self.shown = shown
        self.on = True


@contextmanager
def screened(*, shown: bool) -> Iterator[Count]:
    """A block in which standard output belongs to nobody but the application, and goes to stderr if ``shown``."""
    count = Count(shown=shown)
    held = sys.stdout, sys.stderr
    if held[0] is not None and held[1] is not None:
        sys.stdout = Screen(held[0], held[1], count, always=True)
        sys.stderr = Screen(held[1], held[1], count, always=False)
    try:
        yield count
    finally:
        count.on = False
        sys.stdout, sys.stderr = held
