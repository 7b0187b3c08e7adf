"""Options as data: a plain call is read from them at once, click is asked for everything else.

Importing click is a third of the start-up of a run over a small document. What is read here is what nobody can get wrong:
known options in full, values in their list. Help, abbreviations and mistakes are click's, which has the words for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from errlint.model.record import record

if TYPE_CHECKING:
    import click


F = TypeVar("F", bound=Callable[..., Any])


@record
class Option:
    """One option of a command: its names on the command line (the long one last), the parameter it fills, and its help.

    A ``flag`` takes no value, a ``multiple`` option may repeat and gives a tuple. ``choices`` are all the values it takes,
    ``complete`` is the kind of words that a shell offers (``completing.KINDS``).
    """

    names: tuple[str, ...]
    target: str
    help: str
    metavar: str | None = None
    flag: bool = False
    multiple: bool = False
    choices: tuple[str, ...] = ()
    default: str | None = None
    complete: str = ""

    @property
    def initial(self) -> Any:
        """The parameter's value where the option is not given."""
        return False if self.flag else () if self.multiple else self.default


def option(*names: str, help: str, target: str = "", **more: Any) -> Option:  # noqa: A002 -- click's word
    """An option whose parameter is called as its long name, if ``target`` does not say otherwise."""
    return Option(names, target or names[-1].lstrip("-").replace("-", "_"), help, **more)


def read(options: Sequence[Option], argument: str, line: Sequence[str]) -> dict[str, Any] | None:
    """The parameters that a command line gives, those without a name under ``argument``; None where click has to look."""
    table = {name: one for one in options for name in one.names}
    values: dict[str, Any] = {one.target: one.initial for one in options}
    names: list[str] = []
    words = iter(line)
    for word in words:
        if not word.startswith("-") or word == "-":
            names.append(word)
            continue
        name, equals, value = word.partition("=") if word.startswith("--") else (word, "", "")
        one = table.get(name)
        if one is None or (one.flag and equals):
            return None
        if not one.flag and not equals:
            value = next(words, "")
        if not one.flag and (not value or (value.startswith("-") and not equals) or value not in (one.choices or (value,))):
            return None
        values[one.target] = True if one.flag else (*values[one.target], value) if one.multiple else value
    return {**values, argument: tuple(names)}


def command(name: str, run: Callable[..., int], table: Sequence[Option], argument: str, metavar: str) -> click.Command:
    """The same command as click knows it."""
    import click

    places = click.argument(argument, nargs=-1, metavar=metavar)
    from errlint.cli.sections import Sectioned

    return click.command(name, cls=Sectioned)(places(options(*table)(run)))


def options(*table: Option) -> Callable[[F], F]:
    """The decorator that gives a click command these options."""

    def decorated(run: F) -> F:
        for one in reversed(table):
            run = _decorator(one)(run)
        return run

    return decorated


def completed(kind: str) -> Callable[..., Any]:
    """What click asks for the words of a kind."""

    def complete(context: Any, parameter: Any, typed: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        from errlint.cli.completing import words

        return [CompletionItem(word, help=told) for word, told in words(kind, typed)]

    return complete


def _decorator(one: Option) -> Callable[[F], F]:
    import click

    more: dict[str, Any] = {"is_flag": True} if one.flag else {"multiple": one.multiple}
    if one.choices:
        more["type"] = click.Choice(one.choices)
    if one.complete:
        more["shell_complete"] = completed(one.complete)
    if one.default is not None:
        more["default"] = one.default
    return click.option(*one.names, one.target, help=one.help, metavar=one.metavar, **more)
