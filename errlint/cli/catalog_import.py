"""``errlint catalog import``: a catalog from what a team has."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from errlint.cli.streams import standard_output
from errlint.draft.readers import FORMATS

SHOWN = 20
"""Questions that are printed; the rest stands in the catalog."""


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--format", "format_", type=click.Choice(("auto", *FORMATS)), default="auto", show_default=True, help="What FILE holds."
)
@click.option(
    "--map",
    "paths",
    multiple=True,
    metavar="FIELD=POINTER",
    help="Where JSON or YAML holds a field: code=/errors/*/id status=/errors/*/http. * walks a list or an object; "
    "@key at the end is the name that * chose. Without it the mapping is guessed, and told.",
)
@click.option("--name", metavar="SERVICE", help="The name of the service.")
@click.option("--layer", metavar="ID", help="The layer of entries that show none.  [default: service]")
@click.option("-o", "--output", metavar="FILE", help="Where the catalog is written.  [default: standard output]")
@click.option("--force", is_flag=True, help="Replace the output file where it is there already.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where a question is left.")
def command(
    files: Sequence[str],
    format_: str,
    paths: Sequence[str],
    name: str | None,
    layer: str | None,
    output: str | None,
    force: bool,
    check: bool,
) -> int:
    """Write a catalog from a page, a table, JSON, YAML or source code; a folder is searched for source code, - is stdin.

    \b
    errlint catalog import error-codes.html -o errors.yaml
    errlint catalog import codes.json --map code=/errors/*/id --map status=/errors/*/http
    errlint catalog import src/main/java/shop/ErrorCode.java

    What was read and what is left to decide goes to standard error; each question stands in the catalog as # ?.
    """
    import re
    from pathlib import Path

    from errlint import api
    from errlint.api.writing import refuse_inputs, save
    from errlint.errors import ConfigError

    if layer is not None and not re.fullmatch(r"[a-z][a-z0-9._-]*", layer):
        raise ConfigError(f"--layer {layer} is no id", hint="small letters, digits, . _ -")
    output = None if output == "-" else output
    if output is not None and not check:
        refuse_inputs(output, files)
    if output is not None and not force and not check and Path(output).is_file():
        raise ConfigError(f"{output} is already there", hint="--force replaces it")
    made = api.import_catalog(
        files, format_=format_, paths=paths, name=name, layer=layer, standard_input=sys.stdin.buffer if "-" in files else None
    )
    if output is not None and not check:
        save(output, made.text.encode())
    elif not check:
        with standard_output() as out:
            out.write(made.text)
    _tell(made.read, made.questions)
    return 1 if check and made.questions else 0


def _tell(read: Sequence[str], questions: Sequence[str]) -> None:
    from errlint.report.visible import visible

    for line in read:
        click.echo(f"errlint: {visible(line)}", err=True)
    for question in questions[:SHOWN]:
        click.echo(f"errlint: ? {visible(question)}", err=True)
    if len(questions) > SHOWN:
        click.echo(f"errlint: ? {len(questions) - SHOWN} more questions, marked # ? in the catalog", err=True)
