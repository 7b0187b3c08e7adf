"""Groups of commands whose modules are imported when they are called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class Group(click.Group):
    """Commands by name, with one line each; ``NAME`` lives in a module of its own, as ``command``."""

    def __init__(self, *arguments: Any, lines: Mapping[str, str], module: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.lines = lines
        self.module = module
        """The module's name with ``{}`` for the command's: ``errlint.cli.{}``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """A group alone shows its help; that is a usage error, whichever release of click says so."""
        if not args and not ctx.resilient_parsing:
            click.echo(ctx.get_help(), err=True)
            ctx.exit(2)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.lines)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.lines:
            return None
        return self.imported(cmd_name)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """The commands that begin so, without importing any of them; options where one was begun."""
        from click.shell_completion import CompletionItem

        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        return [CompletionItem(name, help=told) for name, told in self.lines.items() if name.startswith(incomplete)]

    def imported(self, name: str) -> click.Command:
        """The command of that name, from its module."""
        command: click.Command = import_module(self.module.format(name)).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.lines.items()))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from errlint.load.meant import did_you_mean

            told = did_you_mean(args[0], list(self.lines))
            raise click.UsageError(f"{error.message.rstrip('.')}{told}", ctx) from None
