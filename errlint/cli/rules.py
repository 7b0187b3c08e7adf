"""``errlint rules``."""

from __future__ import annotations

from collections.abc import Sequence

import click

from errlint.cli.colour import coloured
from errlint.cli.options import COLOR
from errlint.cli.streams import standard_output
from errlint.cli.table import completed, option, options

CHANGED = option("--changed-since", metavar="VERSION", help="Only what is new, changed, renamed or removed since a version.")
FORM = option("-f", "--format", target="form", choices=("text", "json"), default="text", help="Format.  [default: text]")


@click.command("rules")
@click.argument("words", nargs=-1, metavar="[RULE|PREFIX|WORD]...", shell_complete=completed("rules"))
@options(CHANGED, FORM, COLOR)
def command(words: Sequence[str], changed_since: str | None, form: str, color: str) -> int:
    """List the rules: severity with a catalog, without one, in profile strict; what --fix mends; the first version.

    \b
    errlint rules COD
    errlint rules --changed-since 0.1.0
    errlint explain COD002
    """
    from errlint.api.rule_list import gone, rule_changes, rule_rows
    from errlint.report import rules_table

    rows = rule_rows(words)
    if changed_since is not None:
        changes = rule_changes(changed_since, rows)
        lines = rules_table.changed(changes.new, changes.changed, changes.gone, changed_since)
        told = [*changes.new, *dict.fromkeys(row for row, _, _ in changes.changed)]
        data = rules_table.as_json(told, changes.gone) if form == "json" else ""
    with standard_output() as out:
        if changed_since is not None:
            out.write(data or "".join(f"{line}\n" for line in lines))
        elif form == "json":
            out.write(rules_table.as_json(rows, () if words else gone()))
        else:
            out.writelines(f"{line}\n" for line in rules_table.table(rows, coloured(out, color)))
    return 0
