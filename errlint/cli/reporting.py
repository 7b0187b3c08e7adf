"""How a command ends: with its report, also where something stopped the run, and the exit code that this means."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import nullcontext
from typing import TypeVar

from errlint.cli import stopping
from errlint.cli.colour import coloured
from errlint.cli.output import Output
from errlint.cli.streams import fail, standard_output
from errlint.errors import ConfigError, ErrlintError
from errlint.model.finding import Report
from errlint.model.record import replace

T = TypeVar("T")


def finish(command: str, out: Output, make: Callable[[], Report]) -> int:
    """Makes a report, writes it, and returns the exit code; an input that stops the run is reported as such."""
    checked(command, out)
    report = reported(command, out, make)
    code = exit_code(report)
    out.emit(report, code)
    if report.outcome == "invalid-input" and report.reason:
        fail(report.reason)
    if out.statistics:
        from errlint.fixes.table import SAFE
        from errlint.report.statistics import lines

        on_screen = any(name == "text" and target is None for name, target in out.formats)
        with standard_output() if on_screen else nullcontext(sys.stderr) as screen:
            screen.writelines(lines(report, SAFE, coloured(screen, out.color)))
    return code


def checked(command: str, out: Output) -> None:
    """Looks whether every file can be written, before the work begins; the others hold why it did not. Raises: ConfigError."""
    failed = out.unwritable()
    if failed:
        error = next(iter(failed.values()))
        _told(command, replace(out, formats=tuple(one for one in out.formats if one[1] not in failed)), error)
        raise error


def reported(command: str, out: Output, make: Callable[[], T]) -> T:
    """What somebody makes; what stops the run is a report too, in files and in the formats that machines read."""
    try:
        return make()
    except (ErrlintError, KeyboardInterrupt) as error:
        failed = out.unwritable()
        _told(command, replace(out, formats=tuple(one for one in out.formats if one[1] not in failed)), error)
        raise


def _told(command: str, out: Output, error: ErrlintError | KeyboardInterrupt) -> None:
    """Reports what stopped a run; the line on stderr is for people, who read no text twice."""
    if isinstance(error, ErrlintError):
        from errlint.cli.masked import masked

        place = error.location and replace(error.location, uri=masked(error.location.uri))
        failed = Report(command=command, outcome=error.outcome, reason=masked(error.line()), place=place)
    else:
        failed = Report(command=command, outcome="interrupted", reason="interrupted")
    formats = tuple((name, target) for name, target in out.formats if name != "text" or target is not None)
    try:
        replace(out, formats=formats).emit(failed, exit_code(failed))
    except ConfigError as second:
        fail(second.line())


def exit_code(report: Report) -> int:
    """The exit code that an outcome means; 3 where a rule of errlint's own crashed."""
    if any(finding.rule == "CFG006" for finding in report.findings):
        return 3
    return {"clean": 0, "findings": 1, "interrupted": stopping.code()}.get(report.outcome, 2)
