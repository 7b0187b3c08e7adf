"""Processes that a test interrupts."""

from __future__ import annotations

import signal


def heeding_interrupts() -> None:
    """Makes a child heed SIGINT (``preexec_fn``): what a shell runs in the background inherits that it is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
