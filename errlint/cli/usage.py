"""What is wrong with a command line, on one line: the fact, what was probably meant, where the help is."""

from __future__ import annotations

import click

from errlint.load.meant import did_you_mean


def line(error: click.ClickException) -> str:
    """``No such option '--catlog'; did you mean --catalog? (errlint lint --help)``."""
    context = getattr(error, "ctx", None)
    told = error.message if isinstance(error, click.NoSuchOption) else error.format_message()
    told = " ".join(told.split()).rstrip(".") + _meant(error)
    return f"{told} ({context.command_path} --help)" if context is not None else told


def _meant(error: click.ClickException) -> str:
    """``; did you mean X?`` for a mistyped option or value."""
    if isinstance(error, click.NoSuchOption):
        names = [name for one in error.ctx.command.params for name in (*one.opts, *one.secondary_opts)] if error.ctx else []
        return did_you_mean(error.option_name, [*names, "--help"])
    parameter = getattr(error, "param", None)
    if isinstance(error, click.BadParameter) and parameter is not None and isinstance(parameter.type, click.Choice):
        value = error.message.partition("' is not ")[0].removeprefix("'")
        return did_you_mean(value.lower(), [str(one) for one in parameter.type.choices])
    return ""
