"""How a command takes its settings and how its report leaves the program; nothing here needs click."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from importlib import import_module
from typing import Any, TextIO, TypeVar

from errlint import __version__
from errlint.cli import stopping
from errlint.cli.colour import coloured, said_by, width
from errlint.cli.formats import Target, automatic, parsed
from errlint.config import FAIL_ON, SHOW, Asked, Settings, level
from errlint.errors import ConfigError, ErrlintError
from errlint.model.finding import Report, Severity
from errlint.model.record import record, replace
from errlint.report import FORMATS, View

T = TypeVar("T")


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


@record
class Output:
    """How a command reports: formats with their files, and what the text report shows. ``copies`` are what was written."""

    formats: tuple[Target, ...]
    show: Severity
    verbose: bool
    color: str
    quiet: bool = False
    statistics: bool = False
    copies: list[str] | None = None

    def unwritable(self) -> dict[str, ConfigError]:
        """Why files cannot be written, by their names; looked at before the work begins, and none is made."""
        found: dict[str, ConfigError] = {}
        for _, target in self.formats:
            if target is not None:
                from errlint.api.writing import refuse_unwritable

                try:
                    refuse_unwritable(target)
                except ConfigError as error:
                    found[target] = error
        return found

    def emit(self, report: Report, code: int) -> None:
        """Writes the report in every format that was asked for, files first, each wholly or not at all.

        One that cannot be written keeps no other from it. Raises: ConfigError.
        """
        failed = self._each(lambda name, target: self._emit(name, target, report, code))
        self._summarise(report, code)
        if failed is not None:
            raise failed

    def emit_texts(self, texts: Sequence[str]) -> None:
        """Writes reports that were written before. Raises: ConfigError."""
        left = iter(texts)
        failed = self._each(lambda name, target: self._put(target, next(left)))
        if failed is not None:
            raise failed

    def _each(self, emit: Callable[[str, str | None], None]) -> ConfigError | None:
        """Writes files first, then what goes to standard output; gives what could not be written."""
        failed: dict[str, ConfigError] = {}
        for name, target in sorted(self.formats, key=lambda one: one[1] is None):
            try:
                emit(name, target)
            except ConfigError as error:
                failed.setdefault(error.message, error)
        hints = dict.fromkeys(error.hint for error in failed.values() if error.hint)
        return ConfigError("; ".join(failed), hint="; ".join(hints)) if failed else None

    @staticmethod
    def _put(target: str | None, text: str) -> None:
        if target is None:
            with standard_output() as out:
                out.write(text)
            return
        from errlint.api.writing import save

        save(target, text.encode("utf-8", "backslashreplace"))

    def _emit(self, name: str, target: str | None, report: Report, code: int) -> None:
        if target is None:
            with standard_output() as out:
                self._write(name, report, code, out, coloured(out, self.color), width(out))
            return
        from io import StringIO

        from errlint.api.writing import refuse_inputs, save

        refuse_inputs(target, report.sources)
        text = StringIO()
        self._write(name, report, code, text, self.color == "always")
        save(target, text.getvalue().encode("utf-8", "backslashreplace"))

    def _summarise(self, report: Report, code: int) -> None:
        """Adds to GitHub's summary of the step. Nobody asked for it by name, so that a run does not fail for it."""
        import os

        from errlint.cli.ci import SUMMARY, summarise

        path = os.environ.get(SUMMARY)
        if path:
            reason = summarise(report, self.view(code), path)
            if reason:
                fail(f"no summary: {reason}")

    def view(self, code: int, colour: bool = False) -> View:
        import os

        from errlint.cli.ci import folder, roots

        here = _here()
        told = roots(os.environ) if here else ()
        return View(__version__, code, self.show, self.verbose, colour, folder(os.environ), self.quiet, here, roots=told)

    def _write(self, name: str, report: Report, code: int, out: TextIO, colour: bool, columns: int = 0) -> None:
        from io import StringIO

        text = out if self.copies is None else StringIO()
        view = replace(self.view(code, colour), columns=columns)
        left_out = import_module(FORMATS[name]).write(report, text, view)
        if left_out:
            fail(f"{name}: {left_out}")
        if self.copies is not None and isinstance(text, StringIO):
            out.write(text.getvalue())
            self.copies.extend([] if left_out else [text.getvalue()])


def _here() -> str:
    """The working directory; empty where it is gone."""
    import os

    try:
        return os.path.realpath(os.getcwd())
    except OSError:
        return ""


def output(
    formats: Sequence[str],
    show: str | None,
    verbose: bool,
    quiet: bool,
    color: str,
    inputs: Iterable[str | None] = (),
    statistics: bool = False,
) -> Output:
    """The wanted output. Raises: ConfigError for an unknown format, and for a report in the place of one of the ``inputs``."""
    import os

    wanted = parsed(formats) or automatic(os.environ)
    if formats:
        _refuse_inputs(wanted, tuple(inputs))
    level = SHOW[show or ("errors" if quiet else "warnings")]
    return Output(wanted, level, verbose, color, quiet, statistics)


def _refuse_inputs(formats: Sequence[Target], inputs: Sequence[str | None]) -> None:
    """Raises: ConfigError for a report in the place of one of the ``inputs``."""
    targets = [target for _, target in formats if target is not None]
    if targets:
        from errlint.api.writing import refuse_inputs

        for target in targets:
            refuse_inputs(target, filter(None, inputs))


def wished(out: Output, formats: Sequence[str], show: Severity | None) -> Output:
    """The output as a config wishes it, where the command line does not say otherwise. Raises: ConfigError."""
    try:
        return replace(out, formats=parsed(formats) if formats else out.formats, show=out.show if show is None else show)
    except ConfigError as error:
        raise ConfigError(f"format in the config: {error.message}", hint=error.hint) from None


def asked(
    select: Sequence[str],
    extend_select: Sequence[str],
    ignore: Sequence[str],
    severity: Sequence[str],
    profile: str | None,
    preview: bool,
    fail_on: str | None,
    **others: Any,
) -> Asked:
    """What the command line asks for; ``others`` are catalogs, root and baseline. Raises: ConfigError for an unknown level."""
    levels: dict[str, Severity] = {}
    for item in severity:
        rule, equals, word = item.partition("=")
        if not equals:
            raise ConfigError(f"--severity {item!r} has no level", hint="write RULE=error, warning, note or off")
        levels[rule] = level(word)
    return Asked(
        settings=Settings(_words(select), _words(extend_select), _words(ignore), levels),
        profile="strict" if profile == "strict" else "default" if profile else None,
        preview=preview,
        fail_on=FAIL_ON[fail_on] if fail_on else None,
        **others,
    )


def _words(values: Sequence[str]) -> tuple[str, ...]:
    """Options may repeat, and hold several words with commas between them."""
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


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
