"""``errlint catalog check``, ``show`` and ``export``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from errlint.cli.options import CONFIGURED, JUDGING, ROOT
from errlint.cli.reporting import asked, finish, output, reported, standard_output, wished
from errlint.cli.table import options


@click.group("catalog")
def command() -> None:
    """Check, show and export catalogs of error codes."""


@command.command("check")
@click.argument("catalogs", nargs=-1, required=True, metavar="CATALOG...")
@click.option("--against", multiple=True, metavar="SPEC", help="Documents whose operations the resolutions may name (CAT020).")
@options(*CONFIGURED)
@options(*JUDGING)
def check(
    catalogs: Sequence[str],
    against: Sequence[str],
    config: str | None,
    isolated: bool,
    formats: Sequence[str],
    show: str | None,
    verbose: bool,
    quiet: bool,
    color: str,
    **rules: Any,
) -> int:
    """Judge catalogs themselves: files, or builtin:eventml, builtin:maas."""
    from errlint import api
    from errlint.load.library import Library

    out = output(formats, show, verbose, quiet, color)
    planner = api.Planner(asked(**rules), Library(), config, isolated)
    held = reported("catalog check", out, lambda: planner.held(catalogs[0]))
    out = wished(out, () if formats else held.formats, held.show if show is None and not quiet else None)
    return finish(
        "catalog check", out, lambda: api.check_catalog(catalogs, held.settings, against=against, fail_on=held.fail_on)
    )


@command.command("show")
@click.argument("catalogs", nargs=-1, required=True, metavar="CATALOG...")
def show(catalogs: Sequence[str]) -> int:
    """Print a catalog's codes as a table, by layer and category."""
    from errlint import api
    from errlint.report.catalog_text import table

    file = api.contract(catalogs)
    if file is not None:
        click.echo(table(file.catalog), nl=False)
    return 0


@command.command("export")
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
def export(
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
