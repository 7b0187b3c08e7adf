"""The commands as click knows them: a command's module is imported when it is called."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from errlint import __version__
from errlint.cli.reporting import fail
from errlint.cli.table import command as made

COMMANDS = {
    "lint": "Judge what OpenAPI documents declare about their errors.",
    "probe": "Judge what a running service answers.",
    "catalog": "Check, show and export catalogs of error codes.",
    "explain": "Explain a rule (COD002) or an error code (ML_1001).",
    "rules": "List all rules.",
    "demo": "See errlint at work on an embedded service.",
}


class Commands(click.Group):
    """The commands by name; each lives in a module of its name in this package."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"errlint.cli.{cmd_name}")
        if cmd_name == "lint":
            return made("lint", module.run, module.OPTIONS, "documents", module.DOCUMENTS)
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        from difflib import get_close_matches

        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            meant = get_close_matches(args[0], list(COMMANDS), 1)
            told = f"; did you mean {meant[0]}?" if meant else ""
            raise click.UsageError(f"{error.message.rstrip('.')}{told}", ctx) from None


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="errlint")
def errlint() -> None:
    """Hold an API's error responses to their catalog.

    \b
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
        error.show()
        return 2
    except click.Abort:
        return fail("interrupted", 130)
