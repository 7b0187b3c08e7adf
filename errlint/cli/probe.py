"""``errlint probe``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from errlint.cli.options import CATALOG, CONFIGURED, JUDGING, ROOT
from errlint.cli.reporting import asked, finish, output, reported, wished
from errlint.cli.table import options

if TYPE_CHECKING:
    from errlint.model.finding import Report


@click.command("probe")
@click.argument("document", metavar="SPEC")
@click.option("--url", required=True, metavar="BASE", help="Base url of the running service; replaces the document's servers.")
@options(CATALOG)
@options(ROOT)
@click.option("-H", "--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="Header of every request; repeats.")
@click.option(
    "--writes",
    type=click.Choice(["never", "rejected", "allowed"]),
    default="rejected",
    show_default=True,
    help="Which POST, PUT, PATCH and DELETE are sent: none, those that are proven to be refused, all.",
)
@click.option("--include", multiple=True, metavar="SELECTOR", help="Only these operations: 'GET /x*', tag:x, operationId:x.")
@click.option("--exclude", multiple=True, metavar="SELECTOR", help="Not these operations.")
@click.option("--generated/--directed-only", default=True, help="Also send the cases that Schemathesis generates.")
@click.option(
    "--stress",
    multiple=True,
    metavar="NAME[=N]",
    help="Also try a limit, last: oversize-body (MiB), long-url, huge-header (KiB), burst (requests), repeat-create.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same requests.")
@click.option("--max-requests", type=click.IntRange(1), default=5000, show_default=True, help="Requests in all.")
@click.option("--max-requests-per-operation", type=click.IntRange(1), default=60, show_default=True)
@click.option("--rate", type=click.FloatRange(0, min_open=True), help="Requests per second.  [default: 20; none on loopback]")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), default=10.0, show_default=True, help="Seconds an answer.")
@click.option("--max-time", type=click.FloatRange(0, min_open=True), default=600.0, show_default=True, help="Seconds in all.")
@click.option("--ca", metavar="FILE", help="Certificates to trust instead of the system's.")
@click.option(
    "--inconclusive", type=click.Choice(["fail", "ok"]), default="fail", help="Whether an inconclusive run is exit 2."
)
@click.option("--min-coverage", type=click.FloatRange(0, 100), metavar="PERCENT", help="Share of documented codes to observe.")
@options(*CONFIGURED)
@options(*JUDGING)
def command(
    document: str,
    url: str,
    catalogs: Sequence[str],
    root: str | None,
    config: str | None,
    isolated: bool,
    headers: Sequence[str],
    inconclusive: str,
    ca: str | None,
    min_coverage: float | None,
    select: Sequence[str],
    extend_select: Sequence[str],
    ignore: Sequence[str],
    severity: Sequence[str],
    profile: str | None,
    preview: bool,
    fail_on: str | None,
    formats: Sequence[str],
    show: str | None,
    verbose: bool,
    quiet: bool,
    color: str,
    **limits: Any,
) -> int:
    """Judge what a running service answers, driven by its OpenAPI document.

    A write is sent only if errlint proves that the service must refuse it.
    """
    from errlint import api
    from errlint.load.library import Library
    from errlint.probe.options import Options

    out = output(formats, show, verbose, quiet, color)
    line = asked(select, extend_select, ignore, severity, profile, preview, fail_on, catalogs=tuple(catalogs), root=root)
    planner = api.Planner(line, Library(), config, isolated)
    held = reported("probe", out, lambda: planner.held(document))
    out = wished(out, () if formats else held.formats, held.show if show is None and not quiet else None)
    live = sys.stderr.isatty() and not quiet

    def run() -> Report:
        options = Options(
            base_url=url,
            headers=tuple(_header(text) for text in headers),
            verify=ca or True,
            accept_inconclusive=inconclusive == "ok",
            **limits,
        )
        try:
            return api.probe(
                document,
                options,
                held.catalogs,
                held.settings,
                fail_on=held.fail_on,
                min_coverage=min_coverage,
                root=held.root,
                progress=_progress if live else None,
            )
        finally:
            if live:
                click.echo("\r\x1b[K", nl=False, err=True)

    return finish("probe", out, run)


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon:
        from errlint.errors import ConfigError

        raise ConfigError("a header has no colon", hint="write -H 'Name: value'")
    return name.strip(), value.strip()


def _progress(operation: str, sent: int, most: int) -> None:
    from errlint.report.visible import visible

    click.echo(f"\r\x1b[K{sent} of at most {most} requests: {visible(operation)[:60]}", nl=False, err=True)
