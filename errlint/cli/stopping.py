"""A run that is asked to end: SIGTERM, which CI services send when a job is cancelled, ends it as Ctrl-C does."""

from __future__ import annotations

from types import FrameType
from typing import NoReturn

INTERRUPTED, TERMINATED = 130, 143
"""Exit codes of a program that SIGINT or SIGTERM ended: 128 and the signal's number."""

_asked = [INTERRUPTED]


def code() -> int:
    """The exit code of a run that was interrupted."""
    return _asked[0]


def heed_termination() -> None:
    """Lets SIGTERM interrupt the run, so that what was seen is told; whoever ignores or handles it already keeps it so."""
    import signal

    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _terminated)


def _terminated(number: int, frame: FrameType | None) -> NoReturn:
    _asked[0] = TERMINATED
    raise KeyboardInterrupt
