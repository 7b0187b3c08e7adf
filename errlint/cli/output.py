"""Where the reports of a command go, in which formats, and what each of them shows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import TextIO

from errlint import __version__
from errlint.cli.colour import coloured, width
from errlint.cli.formats import Target, automatic, parsed
from errlint.cli.streams import fail, standard_output
from errlint.config import SHOW
from errlint.errors import ConfigError
from errlint.model.finding import Report, Severity
from errlint.model.record import record, replace
from errlint.report import FORMATS, View


@record
class Output:
    """How a command reports: formats with their files, and what the text report shows.

    ``named`` and ``shown`` say that the command line named the formats, and what is shown: then a config is not asked.
    ``copies`` are what was written.
    """

    formats: tuple[Target, ...]
    show: Severity
    verbose: bool
    color: str
    quiet: bool = False
    statistics: bool = False
    named: bool = True
    shown: bool = True
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

    def _emit(self, name: str, target: str | None, report: Report, code: int) -> None:
        if target is not None:
            from errlint.api.writing import refuse_inputs

            refuse_inputs(target, report.sources)
        self._put(target, self._text(name, report, code, None if target is not None else sys.stdout))

    @staticmethod
    def _put(target: str | None, text: str) -> None:
        if target is None:
            with standard_output() as out:
                out.write(text)
            return
        from errlint.api.writing import save

        save(target, text.encode("utf-8", "backslashreplace"))

    def _text(self, name: str, report: Report, code: int, screen: TextIO | None) -> str:
        """The report in one format, as it is for a stream or (None) for a file."""
        from io import StringIO

        text = StringIO()
        colour = self.color == "always" if screen is None else coloured(screen, self.color)
        left_out = import_module(FORMATS[name]).write(report, text, replace(self.view(code, colour), columns=width(screen)))
        if left_out:
            fail(f"{name}: {left_out}")
        elif self.copies is not None:
            self.copies.append(text.getvalue())
        return text.getvalue()

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
    usual: str = "warnings",
) -> Output:
    """The wanted output; ``usual`` is what is shown where nobody says it.

    Raises: ConfigError for an unknown format, and for a report in the place of one of the ``inputs``.
    """
    import os

    wanted = parsed(formats) or automatic(os.environ)
    if formats:
        _refuse_inputs(wanted, tuple(inputs))
    level = SHOW[show or ("errors" if quiet else usual)]
    return Output(wanted, level, verbose, color, quiet, statistics, named=bool(formats), shown=show is not None or quiet)


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
        wanted = out.formats if out.named or not formats else parsed(formats)
        return replace(out, formats=wanted, show=out.show if out.shown or show is None else show)
    except ConfigError as error:
        raise ConfigError(f"format in the config: {error.message}", hint=error.hint) from None
