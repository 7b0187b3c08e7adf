"""What leaves the program: standard output, and lines on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from errlint.cli.colour import coloured, said_by
from errlint.errors import ConfigError


@contextmanager
def standard_output() -> Iterator[TextIO]:
    """Standard output; whoever closed it early wants no more of it, and what was found stays found. Raises: ConfigError."""
    if sys.stdout is None:
        raise ConfigError("there is no standard output", hint="write to a file: -f json:FILE")
    try:
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError:
        mute()
    except OSError as error:
        mute()
        raise ConfigError(f"cannot write to standard output: {error.strerror}") from None


def mute() -> None:
    """Lets what is still to be written to standard output go nowhere, so that nothing complains at the end."""
    import os

    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # no real file: nothing is left to complain
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 -- it stays open


def fail(line: str, code: int = 2) -> int:
    """Says one line on stderr and returns the exit code."""
    from errlint.cli.masked import masked
    from errlint.report.visible import visible

    tell(f"{said_by('errlint', coloured(sys.stderr)) if sys.stderr is not None else ''}{visible(masked(line))}\n")
    return code


def tell(text: str) -> None:
    """Writes to stderr. Where nobody reads it, the exit code says the same."""
    try:
        if sys.stderr is not None:
            sys.stderr.write(text)
            sys.stderr.flush()
    except (OSError, ValueError):  # closed, full, or a reader that is gone
        pass
