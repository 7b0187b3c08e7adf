"""``errlint catalog export``: a catalog in the words of other tools."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from errlint.api.exporting import ALONE, INTO
from errlint.cli.options import ROOT
from errlint.cli.streams import standard_output
from errlint.cli.table import completed, options
from errlint.errors import ConfigError

EXAMPLES = """\b
errlint catalog export errors.yaml --to html -o errors.html
errlint catalog export errors.yaml --to typescript -o src/errors.ts
errlint catalog export errors.yaml --to openapi --into api.yaml -o new.yaml"""
ABOUT = "\b\nTARGET is\n" + "\n".join(f"  {name:<12}{words}" for name, words in (ALONE | INTO).items())


@click.command("export", help=f"Write a catalog in the words of other tools.\n\n{EXAMPLES}\n\n{ABOUT}")
@click.argument("catalogs", nargs=-1, required=True, metavar="CATALOG...", shell_complete=completed("catalogs"))
@click.option(
    "--to", "target", type=click.Choice([*ALONE, *INTO]), required=True, metavar="TARGET", help="What to write, see above."
)
@click.option(
    "-o", "--output", metavar="FILE", help="Where it is written; a file that is there is replaced.  [default: standard output]"
)
@click.option("--into", metavar="SPEC", help="The OpenAPI document that gets the error responses: openapi, overlay.")
@click.option("--declare-all", is_flag=True, help="openapi: declare every status that the catalog has for an operation.")
@click.option(
    "--messages",
    type=click.Choice(["all", "strict", "none"]),
    help="openapi, overlay: which message templates become patterns: all, those that are checked strictly, none.  "
    "[default: all]",
)
@click.option("--openapi", "dialect", type=click.Choice(["3.0", "3.1"]), help="components: the version.  [default: 3.1]")
@options(ROOT)
def command(
    catalogs: Sequence[str],
    target: str,
    output: str | None,
    into: str | None,
    declare_all: bool,
    messages: Any,
    dialect: str | None,
    root: str | None,
) -> int:
    from errlint import api
    from errlint.api.writing import refuse_inputs, save
    from errlint.report.visible import visible

    given = {"--into": into, "--declare-all": declare_all, "--messages": messages, "--openapi": dialect, "--root": root}
    _refuse(target, {name for name, value in given.items() if value})
    output = None if output == "-" else output
    if output is not None:
        refuse_inputs(output, catalogs if target == "openapi" else (*catalogs, *((into,) if into else ())))
    if target == "openapi":
        made = api.export_openapi(catalogs, into or "", every=declare_all, messages=messages or "all", root=root)
    elif target == "overlay":
        made = api.export_overlay(catalogs, into or "", messages=messages or "all", root=root, name=output)
    else:
        made = api.export_catalog(catalogs, target, dialect=dialect or "3.1", name=output)
    if output is not None:
        save(output, made.text)
    else:
        with standard_output() as out:
            out.write(made.text.decode())
    for note in made.notes:
        click.echo(f"errlint: {visible(note)}", err=True)
    return 0


TAKEN = {
    "openapi": {"--into", "--declare-all", "--messages", "--root"},
    "overlay": {"--into", "--messages", "--root"},
    "components": {"--openapi"},
}


def _refuse(target: str, given: set[str]) -> None:
    """Refuses options that would do nothing for a target, and a target without its document. Raises: ConfigError."""
    if target in INTO and "--into" not in given:
        raise ConfigError(f"--to {target} needs a document", hint="name it: --into SPEC")
    for name in sorted(given - TAKEN.get(target, set())):
        where = " and ".join(f"--to {one}" for one, taken in TAKEN.items() if name in taken)
        raise ConfigError(f"{name} does nothing for --to {target}", hint=f"it belongs to {where}")
