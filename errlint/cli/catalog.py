"""``errlint catalog check`` and ``errlint catalog show``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from errlint.cli.options import FAIL_ON, finish, judging, output, settings


@click.group("catalog")
def command() -> None:
    """Check and show catalogs of error codes."""


@command.command("check")
@click.argument("catalogs", nargs=-1, required=True, metavar="CATALOG...")
@click.option("--against", multiple=True, metavar="SPEC", help="Documents whose operations the resolutions may name (CAT020).")
@judging
def check(
    catalogs: Sequence[str],
    against: Sequence[str],
    select: Sequence[str],
    extend_select: Sequence[str],
    ignore: Sequence[str],
    severity: Sequence[str],
    fail_on: str,
    **shown: Any,
) -> int:
    """Judge catalogs themselves: files, or builtin:eventml, builtin:maas."""
    from errlint import api

    out = output(**shown)
    rules = settings(select, extend_select, ignore, severity)
    return finish("catalog check", out, lambda: api.check_catalog(catalogs, rules, against=against, fail_on=FAIL_ON[fail_on]))


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
