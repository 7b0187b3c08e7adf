"""Whether a stream gets colours, and how wide it is."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from typing import TextIO

from errlint.report.terminal import BOLD, DIM, RED, RESET


def coloured(out: TextIO, asked: str = "auto", environment: Mapping[str, str] | None = None) -> bool:
    """Whether a stream gets colours: ``asked`` is the word of ``--color``, which is heard before all variables.

    NO_COLOR (no-color.org) is stronger than FORCE_COLOR (force-color.org) and CLICOLOR_FORCE; empty ones say nothing. Without
    them it takes a terminal that can show colours: none for TERM=dumb, CLICOLOR=0, and a Windows console of old.
    """
    said = os.environ if environment is None else environment
    if asked != "auto":
        return asked == "always"
    if said.get("NO_COLOR"):
        return False
    if said.get("FORCE_COLOR") or said.get("CLICOLOR_FORCE", "0") not in ("", "0"):
        return True
    if said.get("TERM") == "dumb" or said.get("CLICOLOR") == "0":
        return False
    return is_terminal(out) and _shows_sequences(out)


def is_terminal(out: TextIO | None) -> bool:
    """Whether somebody looks at a stream; one that is gone or closed has nobody."""
    try:
        return out is not None and out.isatty()
    except ValueError:  # closed
        return False


def width(out: TextIO | None) -> int:
    """The columns of the terminal that a stream goes to, as COLUMNS says or as it is; 0 where it is none."""
    if out is None or not is_terminal(out):
        return 0
    said = os.environ.get("COLUMNS", "")
    if said.isascii() and said.isdigit() and 0 < int(said) < 10_000:
        return int(said)
    try:
        return os.get_terminal_size(out.fileno()).columns
    except (OSError, ValueError):
        return 0


def _shows_sequences(out: TextIO) -> bool:
    """Whether a console follows escape sequences; Windows' does from 10 on, once it is asked to."""
    if sys.platform != "win32":
        return True
    import ctypes
    import msvcrt

    kernel = ctypes.windll.kernel32
    handle, mode = msvcrt.get_osfhandle(out.fileno()), ctypes.c_uint32()
    if not kernel.GetConsoleMode(handle, ctypes.byref(mode)):
        return False
    return bool(kernel.SetConsoleMode(handle, mode.value | 4))  # ENABLE_VIRTUAL_TERMINAL_PROCESSING


def said_by(name: str, colour: bool) -> str:
    """The program's name before a line on stderr: ``errlint: ``."""
    return f"{RED}{name}:{RESET} " if colour else f"{name}: "


def painted(text: str) -> str:
    """A text of headings and labels, with these told apart: what begins a line is bold, a label below it is dim."""
    text = re.sub(r"^(\S.*)$", rf"{BOLD}\1{RESET}", text, flags=re.MULTILINE)
    return re.sub(r"^(  [a-z]+(?: [a-z]+)?)(?=  )", rf"{DIM}\1{RESET}", text, flags=re.MULTILINE)
