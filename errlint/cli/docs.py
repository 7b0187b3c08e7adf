"""``errlint docs``: pages about rules and catalogs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from errlint.api.documenting import FORMATS
from errlint.cli.options import CATALOG, CONFIGURED
from errlint.cli.table import options


@click.command("docs")
@click.argument("folder", metavar="DIR")
@click.option("--to", type=click.Choice(FORMATS), default="html", show_default=True, help="What the pages are written in.")
@options(CATALOG)
@options(*CONFIGURED)
def command(folder: str, to: Any, catalogs: Sequence[str], config: str | None, isolated: bool) -> int:
    """Write a page for each rule and each catalog, and an index with search.

    \b
    errlint docs site
    errlint docs site --catalog errors.yaml
    errlint docs docs/errlint --to markdown

    Your own catalogs come first: those given, else those of the config. Each HTML page is whole in itself and asks no
    network. Pages that are there already are replaced, other files stay.
    """
    from errlint import api
    from errlint.config import Asked
    from errlint.load.library import Library
    from errlint.report.visible import visible

    held = catalogs or api.Planner(Asked(), Library(), config, isolated).catalogs()
    written = api.write_pages(folder, held, to)
    click.echo(f"Wrote {len(written)} pages: {visible(written[0])}")
    return 0
