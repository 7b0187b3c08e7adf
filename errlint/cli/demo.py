"""``errlint demo``."""

from __future__ import annotations

import click

from errlint.cli.output import Output
from errlint.model.finding import Report, Severity

DOCUMENT = "eventml.yaml"
CATALOG = "pkg:errlint/demo/catalog.yaml"


@click.command("demo")
@click.option("-v", "--verbose", is_flag=True, help="Every place of a finding.")
def command(verbose: bool) -> int:
    """See errlint at work: lint and probe an embedded EventML service that has drifted from its catalog.

    The service runs on loopback, for the time of this command.
    """
    from errlint import api
    from errlint.demo.drift import DEMO_FAULTS, drifted_document
    from errlint.demo.server import serve
    from errlint.demo.service import TOKEN, create_app
    from errlint.load.source import load
    from errlint.probe.options import Options

    out = Output((("text", None),), Severity.WARNING, verbose, "auto")
    document = load(drifted_document().encode(), DOCUMENT)
    click.echo("# What the document declares\n$ errlint lint eventml.yaml --catalog errors.yaml\n")
    _emit(out, api.lint([document], [CATALOG]))
    with serve(create_app(DEMO_FAULTS)) as url:
        base = f"{url}/v1"
        click.echo(
            f'\n# What the running service answers\n$ errlint probe eventml.yaml --url {base} -H "Authorization: Bearer '
            '$ERRLINT_TOKEN" --catalog errors.yaml\n'
        )
        options = Options(base_url=base, headers=(("Authorization", f"Bearer {TOKEN}"),))
        _emit(out, api.probe(document, options, [CATALOG]))
    click.echo(
        "\n# The same over your own\n"
        "errlint lint openapi.yaml --catalog errors.yaml\n"
        "errlint probe openapi.yaml --url http://localhost:8000 --catalog errors.yaml\n"
        "errlint catalog show builtin:eventml     # what a catalog holds"
    )
    return 0


def _emit(out: Output, report: Report) -> None:
    from errlint.cli.reporting import exit_code

    out.emit(report, exit_code(report))
