"""``errlint catalog show``: a catalog as a table."""

from __future__ import annotations

from collections.abc import Sequence

import click

from errlint.cli.colour import coloured, width
from errlint.cli.options import COLOR
from errlint.cli.streams import standard_output
from errlint.cli.table import completed, options


@click.command("show")
@click.argument("catalogs", nargs=-1, required=True, metavar="CATALOG...", shell_complete=completed("catalogs"))
@options(COLOR)
def command(catalogs: Sequence[str], color: str) -> int:
    """Print a catalog's codes as a table, by layer and category."""
    from errlint import api
    from errlint.report.catalog_text import table

    file = api.contract(catalogs)
    if file is not None:
        with standard_output() as out:
            out.write(table(file.catalog, width(out), coloured(out, color)))
    return 0
