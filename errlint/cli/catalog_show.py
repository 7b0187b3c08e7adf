"""``errlint catalog show``: a catalog as a table."""

from __future__ import annotations

from collections.abc import Sequence

import click

from errlint.cli.table import completed


@click.command("show")
@click.argument("catalogs", nargs=-1, required=True, metavar="CATALOG...", shell_complete=completed("catalogs"))
def command(catalogs: Sequence[str]) -> int:
    """Print a catalog's codes as a table, by layer and category."""
    from errlint import api
    from errlint.report.catalog_text import table

    file = api.contract(catalogs)
    if file is not None:
        click.echo(table(file.catalog), nl=False)
    return 0
