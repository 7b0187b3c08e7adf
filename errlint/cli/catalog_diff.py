"""``errlint catalog diff``: what changed between two versions of a contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from errlint.cli.options import CATALOG, CONFIGURED, JUDGING, asked
from errlint.cli.output import output, wished
from errlint.cli.reporting import finish, reported
from errlint.cli.sections import Sectioned
from errlint.cli.streams import standard_output
from errlint.cli.table import completed, option, options
from errlint.config import FAIL_ON, SHOW
from errlint.errors import ConfigError

if TYPE_CHECKING:
    from errlint.api.differing import Diff

BREAKING = "breaking"


OWN = (option("--show", choices=tuple(SHOW), help="What the text report shows.  [default: notes]"),)
OPTIONS = (*(one for one in JUDGING if not {"--fail-on", "--show"}.intersection(one.names)), *OWN)


@click.command("diff", cls=Sectioned)
@click.argument("sides", nargs=-1, required=True, metavar="OLD NEW", shell_complete=completed("catalogs"))
@click.option("--since", metavar="REV", help="OLD is NEW as this git revision has it: --since main errors.yaml.")
@options(CATALOG)
@click.option(
    "--changelog",
    is_flag=True,
    help="Print a Markdown changelog instead of a report: Added, Changed, Deprecated, Removed; exit 1 only with --fail-on.",
)
@click.option(
    "--fail-on",
    type=click.Choice([BREAKING, *FAIL_ON]),
    help="What makes exit 1; error is what breaks clients unannounced, breaking also what was announced (deprecated).  "
    "[default: error]",
)
@options(*CONFIGURED)
@options(*OPTIONS)
def command(
    sides: Sequence[str],
    since: str | None,
    catalogs: Sequence[str],
    changelog: bool,
    config: str | None,
    isolated: bool,
    formats: Sequence[str],
    show: str | None,
    verbose: bool,
    quiet: bool,
    color: str,
    statistics: bool,
    fail_on: str | None,
    **rules: Any,
) -> int:
    """Tell what changed between two versions of a catalog, and what breaks clients.

    \b
    errlint catalog diff errors-1.yaml errors-2.yaml
    errlint catalog diff HEAD~1:errors.yaml errors.yaml
    errlint catalog diff --since main errors.yaml --fail-on breaking
    errlint catalog diff old/openapi.yaml openapi.yaml --catalog errors.yaml

    OLD and NEW are two catalogs (a file, builtin:NAME, REV:PATH as git writes it), or two OpenAPI documents whose codes are
    compared; --catalog tells where these stand, without it the shipped envelopes do. Catalogs count with all that they extend.
    """
    from errlint import api
    from errlint.load.library import Library

    if changelog and formats:
        raise ConfigError("--changelog is printed instead of a report", hint="leave out -f, or run it once more")
    old, new = _sides(sides, since)
    out = output(formats, show, verbose, quiet, color, (old, new, *catalogs), statistics, usual="notes")
    level = None if fail_on == BREAKING else fail_on
    planner = api.Planner(asked(**rules, fail_on=level, catalogs=tuple(catalogs)), Library(), config, isolated)
    held = reported("catalog diff", out, lambda: planner.held(new))
    out = wished(out, held.formats, held.show)

    def made() -> Diff:
        return api.diff_contracts(
            old,
            new,
            held.settings,
            catalogs=held.catalogs,
            revision=since or "",
            fail_on=held.fail_on,
            breaking=fail_on == BREAKING,
        )

    if not changelog:
        return finish("catalog diff", out, lambda: made().report)
    from errlint.cli.reporting import exit_code
    from errlint.report.changes import changelog as written

    diff = made()
    with standard_output() as stream:
        stream.write(written(diff.compared, diff.report.findings))
    return exit_code(diff.report) if fail_on else 0


def _sides(sides: Sequence[str], since: str | None) -> tuple[str, str]:
    """The two names. Raises: ConfigError."""
    if since is not None:
        if not since.strip():
            raise ConfigError(
                "--since names no revision", hint="a variable that is empty? errlint catalog diff --since main FILE"
            )
        if len(sides) != 1:
            raise ConfigError(f"--since {since} takes one file, not {len(sides)}", hint="errlint catalog diff --since REV FILE")
        return sides[0], sides[0]
    if len(sides) != 2:
        raise ConfigError(
            f"two versions are compared, {len(sides)} named", hint="errlint catalog diff OLD NEW, or --since REV FILE"
        )
    return sides[0], sides[1]
