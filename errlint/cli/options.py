"""Options that commands share, and how a report leaves the program."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, Literal, TextIO, TypeVar

import click

from errlint import __version__
from errlint.config import Settings, level
from errlint.errors import ConfigError, ErrlintError
from errlint.model.finding import Report, Severity
from errlint.model.record import record

F = TypeVar("F", bound=Callable[..., Any])

FORMATS = ("text", "json")
FAIL_ON = {"error": Severity.ERROR, "warning": Severity.WARNING, "note": Severity.NOTE, "never": Severity.OFF}
SHOW = {"errors": Severity.ERROR, "warnings": Severity.WARNING, "notes": Severity.NOTE, "all": Severity.NOTE}

catalog_option = click.option(
    "--catalog", "catalogs", multiple=True, metavar="FILE|builtin:NAME", help="Catalog of error codes; repeat for several."
)


root_option = click.option("--root", metavar="DIR", help="Folder that $ref may not leave.  [default: the document's]")


def judging(command: F) -> F:
    """The options of every command that judges."""
    for option in reversed(
        (
            click.option("--select", multiple=True, metavar="RULES", help="Only these rules: ids, prefixes (COD) or names."),
            click.option("--extend-select", multiple=True, metavar="RULES", help="These rules too."),
            click.option("--ignore", multiple=True, metavar="RULES", help="Not these rules."),
            click.option("--severity", multiple=True, metavar="RULE=LEVEL", help="Change a rule: error, warning, note or off."),
            click.option(
                "--fail-on", type=click.Choice(list(FAIL_ON)), default="error", show_default=True, help="What makes exit 1."
            ),
            click.option(
                "--show",
                type=click.Choice(list(SHOW)),
                default="warnings",
                show_default=True,
                help="What the text report shows.",
            ),
            click.option(
                "-f",
                "--format",
                "formats",
                multiple=True,
                metavar="text|json[:FILE]",
                help="Report format; repeat for several.",
            ),
            click.option("-v", "--verbose", is_flag=True, help="Every place of a finding."),
            click.option("-q", "--quiet", is_flag=True, help="Only errors in the text report."),
            click.option(
                "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colour of the text report."
            ),
        )
    ):
        command = option(command)
    return command


@record
class Output:
    """How a command reports: formats with their files, and what the text report shows."""

    formats: tuple[tuple[str, str | None], ...]
    show: Severity
    verbose: bool
    color: str

    def check(self) -> None:
        """Looks whether every file can be written, before the work begins. Raises: ConfigError."""
        for _, target in self.formats:
            if target is not None:
                self._open(target, "a").close()

    def emit(self, report: Report, code: int) -> None:
        """Writes the report in every format that was asked for, to standard output first. Raises: ConfigError."""
        for name, target in sorted(self.formats, key=lambda one: one[1] is not None):
            if target is None:
                self._write(name, report, code, sys.stdout)
                sys.stdout.flush()
            else:
                with self._open(target, "w") as out:
                    self._write(name, report, code, out)

    @staticmethod
    def _open(target: str, mode: Literal["a", "w"]) -> TextIO:
        try:
            return open(target, mode, encoding="utf-8", errors="backslashreplace", newline="\n")
        except OSError as error:
            raise ConfigError(f"cannot write {target}: {error.strerror}") from None

    def _write(self, name: str, report: Report, code: int, out: TextIO) -> None:
        writer = import_module("errlint.report.json_" if name == "json" else f"errlint.report.{name}")
        if name == "text":
            writer.write(report, out, show=self.show, verbose=self.verbose, colour=self._colour(out), code=code)
        else:
            writer.write(report, out, version=__version__)

    def _colour(self, out: TextIO) -> bool:
        import os

        if self.color != "auto":
            return self.color == "always"
        return out.isatty() and not os.environ.get("NO_COLOR")


def output(formats: Sequence[str], show: str, verbose: bool, quiet: bool, color: str) -> Output:
    """The wanted output. Raises: ConfigError for an unknown format."""
    parsed = []
    for text in formats or ("text",):
        name, _, target = text.partition(":")
        if name not in FORMATS:
            raise ConfigError(f"{name!r} is no format", hint=f"use {' or '.join(FORMATS)}")
        parsed.append((name, target or None))
    return Output(tuple(parsed), Severity.ERROR if quiet else SHOW[show], verbose, color)


def settings(select: Sequence[str], extend_select: Sequence[str], ignore: Sequence[str], severity: Sequence[str]) -> Settings:
    """The rules that were asked for. Raises: ConfigError for an unknown level."""
    levels: dict[str, Severity] = {}
    for item in severity:
        rule, equals, word = item.partition("=")
        if not equals:
            raise ConfigError(f"--severity {item!r} has no level", hint="write RULE=error, warning, note or off")
        levels[rule] = level(word)
    return Settings(_words(select), _words(extend_select), _words(ignore), levels)


def _words(values: Sequence[str]) -> tuple[str, ...]:
    """Options may repeat, and hold several words with commas between them."""
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


def finish(command: str, out: Output, make: Callable[[], Report]) -> int:
    """Makes a report, writes it, and returns the exit code; an input that stops the run is reported as such."""
    out.check()
    try:
        report = make()
    except ErrlintError as error:
        if any(name != "text" for name, _ in out.formats):
            machine = tuple((name, target) for name, target in out.formats if name != "text")
            failed = Report(command=command, outcome=error.outcome, reason=error.line())
            Output(machine, out.show, out.verbose, out.color).emit(failed, 2)
        raise
    code = exit_code(report)
    out.emit(report, code)
    return code


def exit_code(report: Report) -> int:
    """The exit code that an outcome means; 3 where a rule of errlint's own crashed."""
    if any(finding.rule == "CFG006" for finding in report.findings):
        return 3
    return {"clean": 0, "findings": 1, "interrupted": 130}.get(report.outcome, 2)
