"""How a run that takes its time says how far it is: one line that changes on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import shutil
import sys
import time
import unicodedata
from collections.abc import Callable
from typing import TextIO

from errlint.checks.words import plural
from errlint.report.visible import visible

LIVE = 0.1
"""Seconds between two states of the line on a terminal."""

PLAIN = 10.0
"""Seconds between two lines in a log."""

WIDEST = 100
"""Columns of the line at the most; one that is wider than the terminal would go on below, and stay there."""


def say(text: str, out: TextIO | None = None) -> None:
    """Writes to stderr. Where nobody reads it, a run goes on all the same: its report stands elsewhere."""
    stream = out or sys.stderr
    try:
        if stream is not None:
            stream.write(text)
            stream.flush()
    except (OSError, ValueError):  # closed, full, or a reader that is gone
        pass


class Progress:
    """Told before each request of a probe, by several threads. Writes to stderr, where no report stands."""

    def __init__(self, out: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out or sys.stderr
        self._clock = clock
        self._live = self._out is not None and not self._out.closed and self._out.isatty()
        self._shown = clock() if not self._live else 0.0

    def __call__(self, name: str, sent: int, most: int, faults: int) -> None:
        """Shows what is asked, how many of at most how many requests were sent, and the faults so far."""
        now = self._clock()
        if now - self._shown < (LIVE if self._live else PLAIN):
            return
        self._shown = now
        told = f"{sent} of at most {most} requests, {plural(faults, 'fault')} so far"
        if self._live:
            width = min(shutil.get_terminal_size().columns, WIDEST) - 1
            say(f"\r\x1b[K{_cut(f'{_bar(sent, most)} {told}: {visible(name)}', width)}", self._out)
        else:
            say(f"errlint: {told}: {visible(name)}\n", self._out)

    def done(self) -> None:
        """Removes the line."""
        if self._live and self._shown:
            say("\r\x1b[K", self._out)


def _cut(text: str, width: int) -> str:
    """The start of a text that takes so many columns at the most; letters of China, Japan and Korea take two."""
    for index, letter in enumerate(text):
        width -= 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if width < 0:
            return text[:index]
    return text


def _bar(sent: int, most: int) -> str:
    full = min(10 * sent // max(most, 1), 10)
    return "[" + "#" * full + "." * (10 - full) + "]"
