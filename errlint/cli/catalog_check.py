"""``errlint catalog check``: catalogs are judged themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from errlint.cli.formats import refuse_forgotten
from errlint.cli.options import CONFIGURED, JUDGING, asked
from errlint.cli.output import output, wished
from errlint.cli.reporting import finish, reported
from errlint.cli.sections import Sectioned
from errlint.cli.table import completed, options


@click.command("check", cls=Sectioned)
@click.argument("catalogs", nargs=-1, required=True, metavar="CATALOG...", shell_complete=completed("catalogs"))
@click.option("--against", multiple=True, metavar="SPEC", help="Documents whose operations the resolutions may name (CAT020).")
@options(*CONFIGURED)
@options(*JUDGING)
def command(
    catalogs: Sequence[str],
    against: Sequence[str],
    config: str | None,
    isolated: bool,
    formats: Sequence[str],
    show: str | None,
    verbose: bool,
    quiet: bool,
    color: str,
    statistics: bool,
    **rules: Any,
) -> int:
    """Judge catalogs themselves: files, or builtin:eventml, builtin:maas.

    Catalogs of several services are held against each other as well: one code with two meanings, a prefix of two owners.
    """
    from errlint import api
    from errlint.load.library import Library

    out = output(formats, show, verbose, quiet, color, (*catalogs, *against), statistics)
    reported("catalog check", out, lambda: refuse_forgotten(formats, catalogs))
    planner = api.Planner(asked(**rules), Library(), config, isolated)
    held = reported("catalog check", out, lambda: planner.held(catalogs[0]))
    out = wished(out, held.formats, held.show)
    return finish(
        "catalog check",
        out,
        lambda: api.check_catalog(catalogs, held.settings, against=against, fail_on=held.fail_on, united=held.catalogs),
    )
