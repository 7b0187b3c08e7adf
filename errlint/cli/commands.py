"""The commands as click knows them: a command's module is imported when it is called."""

from __future__ import annotations

from collections.abc import Sequence

import click

from errlint import __version__
from errlint.cli import stopping
from errlint.cli.groups import Group
from errlint.cli.sections import WIDEST
from errlint.cli.streams import fail
from errlint.cli.table import command as made

COMMANDS = {
    "lint": "Judge what OpenAPI documents declare about their errors.",
    "probe": "Judge what a running service answers.",
    "init": "Write a catalog and a config from what you have.",
    "catalog": "Check, show, import, compare and export catalogs.",
    "detect": "Say which envelope an error body is.",
    "explain": "Explain a rule (COD002) or an error code (ML_1001).",
    "rules": "List the rules, or what changed of them since a version.",
    "docs": "Write a page for each rule and catalog.",
    "serve": "Answer any documented error on demand: a mock for client teams.",
    "completions": "Print a script that completes commands in bash, zsh or fish.",
    "demo": "See errlint at work on an embedded service.",
}


class Commands(Group):
    """The commands by name; ``lint`` is also called without click (see ``main``), so its options are data."""

    def imported(self, name: str) -> click.Command:
        if name != "lint":
            return super().imported(name)
        from errlint.cli import lint

        return made("lint", lint.run, lint.OPTIONS, "documents", lint.DOCUMENTS)


SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": WIDEST}


@click.command(cls=Commands, lines=COMMANDS, module="errlint.cli.{}", context_settings=SETTINGS)
@click.version_option(__version__, prog_name="errlint")
def errlint() -> None:
    """Hold an API's error responses to their catalog.

    \b
    errlint init openapi.yaml
    errlint lint openapi.yaml --catalog errors.yaml
    errlint probe openapi.yaml --url http://localhost:8000 --catalog errors.yaml

    Exit: 0 clean, 1 findings, 2 could not run, 3 a fault of errlint.
    """


def called(arguments: Sequence[str]) -> int:
    """Runs a command and returns the exit code; a mistake of the user's is one line on stderr."""
    try:
        result = errlint.main(list(arguments), prog_name="errlint", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        from errlint.cli.usage import line

        return fail(line(error))
    except click.Abort:
        return fail("interrupted", stopping.code())
