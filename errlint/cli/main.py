"""The command line's entry: what goes wrong is one line on stderr and an exit code."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from errlint.cli import stopping
from errlint.cli.streams import fail, mute
from errlint.errors import ErrlintError


def run(arguments: Sequence[str]) -> int:
    """Runs a command and returns the exit code; whatever goes wrong is one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a report is not lost to a narrow encoding
    try:
        return _called(arguments)
    except ErrlintError as error:
        return fail(error.line())
    except KeyboardInterrupt:
        return fail("interrupted", stopping.code())
    except BrokenPipeError:
        mute()
        return 141  # as a program that SIGPIPE ends
    except Exception as error:
        from errlint.report.visible import visible

        told = visible(f"{type(error).__name__}: {error}")[:300]
        if _wants_traceback():
            raise
        return fail(f"errlint itself failed ({told}); set ERRLINT_TRACEBACK=1 to see where, and please report it", 3)
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what a Rust extension makes of Ctrl-C while it is imported
            raise
        return fail("interrupted", stopping.code())


def _called(arguments: Sequence[str]) -> int:
    """Runs a command: a plain ``lint`` at once, everything else by click, which costs a third of a short run."""
    if arguments[:1] == ["lint"]:
        from errlint.cli import lint, table

        values = table.read(lint.OPTIONS, "documents", arguments[1:])
        if values is not None:
            return lint.run(**values)
    from errlint.cli.commands import called

    return called(arguments)


def _wants_traceback() -> bool:
    import os

    return bool(os.environ.get("ERRLINT_TRACEBACK"))
