"""``errlint catalog export``: a catalog in the words of other tools."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from errlint.cli.options import ROOT
from errlint.cli.reporting import standard_output
from errlint.cli.table import options


@click.command("export")
@click.argument("catalogs", nargs=-1, required=True, metavar="CATALOG...")
@click.option("--to", "target", type=click.Choice(["openapi"]), required=True, help="What to write.")
@click.option("--into", required=True, metavar="SPEC", help="The OpenAPI document that gets strict error responses.")
@click.option("-o", "--output", metavar="FILE", help="Where it is written.  [default: standard output]")
@click.option("--declare-all", is_flag=True, help="Declare every status that the catalog has for an operation.")
@click.option(
    "--messages",
    type=click.Choice(["all", "strict", "none"]),
    default="all",
    show_default=True,
    help="Which message templates become patterns: all, those that are checked strictly, none.",
)
@options(ROOT)
def command(
    catalogs: Sequence[str], target: str, into: str, output: str | None, declare_all: bool, messages: Any, root: str | None
) -> int:
    """Write an OpenAPI document whose error responses say what the catalog promises: for Schemathesis, Prism and others.

    Each response becomes a oneOf of its codes, each with its status, its message and its envelope. SPEC stays as it is.
    """
    from errlint import api
    from errlint.api.writing import save
    from errlint.report.visible import visible

    made = api.export_openapi(catalogs, into, every=declare_all, messages=messages, root=root)
    if output is not None:
        save(output, made.text)
    else:
        with standard_output() as out:
            out.write(made.text.decode())
    for note in made.notes:
        click.echo(f"errlint: {visible(note)}", err=True)
    return 0
