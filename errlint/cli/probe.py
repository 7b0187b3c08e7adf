"""``errlint probe``."""

from __future__ import annotations

import gc
import math
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from errlint.cli.headers import header
from errlint.cli.options import APPLICATION, CATALOG, CONFIGURED, JUDGING, ROOT, asked
from errlint.cli.output import Output, output, wished
from errlint.cli.progress import Progress, say
from errlint.cli.reporting import finish, reported
from errlint.cli.sections import Sectioned
from errlint.cli.table import completed, options
from errlint.errors import ConfigError
from errlint.model.record import replace

if TYPE_CHECKING:
    from errlint.load.source import Document
    from errlint.model.finding import Report
    from errlint.probe.options import Options
    from errlint.probe.plan import Plan


WAYS = "bearer:TOKEN, basic:USER:PASSWORD, api-key:SCHEME:KEY or oauth2:ID:SECRET[:TOKEN-URL]"


class Rate(click.FloatRange):
    """Requests per second, or none to heed."""

    name = "rate"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return super().convert(math.inf if value == "unlimited" else value, param, ctx)


@click.command("probe", cls=Sectioned)
@click.argument("document", metavar="[SPEC|URL]", required=False)
@click.option(
    "--url",
    metavar="BASE",
    help="Base url of the service (with --app its path: /api); replaces the document's servers.",
)
@click.option("--origin", metavar="URL", help="Scheme and host of the service; the base path stays the document's.")
@click.option("--record", metavar="FILE.har", help="Also write all exchanges there, credentials masked.")
@click.option("--replay", metavar="FILE.har", help="Judge recorded exchanges instead; nothing is sent.")
@click.option(
    "--env",
    metavar="NAME",
    help="The service that the config calls so: [env.NAME] with url, auth and more.",
    shell_complete=completed("environments"),
)
@options(*APPLICATION)
@options(CATALOG)
@options(ROOT)
@click.option("-H", "--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="Header of every request; repeats.")
@click.option("--auth", multiple=True, metavar="WAY", help=f"{WAYS}, with env:NAME or file:PATH for each value; repeats.")
@click.option("--low-auth", multiple=True, metavar="WAY", help="The same for a second user, who may do less.")
@click.option(
    "--auth-tests",
    type=click.Choice(["few", "all"]),
    default="few",
    show_default=True,
    help="Wrong credentials: on one operation of each tag, 16 or so a scheme, or on all operations.",
)
@click.option(
    "--writes",
    type=click.Choice(["never", "rejected", "allowed"]),
    default="rejected",
    show_default=True,
    help="Which POST, PUT, PATCH and DELETE are sent: none, those that are proven to be refused, all.",
)
@click.option("--recipes", is_flag=True, help="Also play the catalog's recipes that write.")
@click.option(
    "--path-param",
    "path_params",
    multiple=True,
    metavar="NAME=VALUE",
    help="An id that exists, for reads and for parents; repeats.",
)
@click.option("--include", multiple=True, metavar="SELECTOR", help="Only these operations: 'GET /x*', tag:x, operationId:x.")
@click.option("--exclude", multiple=True, metavar="SELECTOR", help="Not these operations.")
@click.option("--generated/--directed-only", default=True, help="Also send the cases that Schemathesis generates.")
@click.option(
    "--stress",
    multiple=True,
    metavar="NAME[=N]",
    shell_complete=completed("stress"),
    help="Also try a limit, last: oversize-body (MiB), long-url, huge-header (KiB), burst (requests), repeat-create.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same requests.")
@click.option("--max-requests", type=click.IntRange(1), default=5000, show_default=True, help="Requests in all.")
@click.option("--max-requests-per-operation", type=click.IntRange(1), default=60, show_default=True)
@click.option(
    "--rate",
    type=Rate(0, min_open=True),
    metavar="N|unlimited",
    help="Requests per second.  [default: 20; unlimited on loopback]",
)
@click.option("--timeout", type=click.FloatRange(0, min_open=True), default=10.0, show_default=True, help="Seconds an answer.")
@click.option("--max-time", type=click.FloatRange(0, min_open=True), default=600.0, show_default=True, help="Seconds in all.")
@click.option("--concurrency", type=click.IntRange(1, 64), default=4, show_default=True, help="Requests under way at once.")
@click.option(
    "--fuzz", type=click.IntRange(0), default=0, metavar="N", help="Also N random requests an operation (Schemathesis)."
)
@click.option(
    "--stateful",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Also N sequences: list, read; with --writes allowed create, read, delete too (Schemathesis).",
)
@click.option(
    "--only", multiple=True, metavar="NAME", help="Send one finding's request again; its name is 'again' in the report."
)
@click.option("--dry-run", is_flag=True, help="Print what would be sent, and send nothing.")
@click.option("--ca", metavar="FILE", help="Certificates to trust instead of the system's.")
@click.option("--insecure", is_flag=True, help="Do not verify the service's certificate.")
@click.option("--cert", metavar="FILE", help="Client certificate, its key in the same file or in --key.")
@click.option("--key", metavar="FILE", help="Key of the client certificate.")
@click.option("--proxy", metavar="URL", help="Proxy to send everything through; none is taken from the environment.")
@click.option(
    "--inconclusive", type=click.Choice(["fail", "ok"]), default="fail", help="Whether an inconclusive run is exit 2."
)
@click.option(
    "--min-coverage",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Share to observe of the codes that a probe can reach.",
)
@options(*CONFIGURED)
@options(*JUDGING)
def command(
    document: str | None,
    url: str | None,
    origin: str | None,
    record: str | None,
    replay: str | None,
    env: str | None,
    apps: Sequence[str],
    app_dir: str | None,
    catalogs: Sequence[str],
    root: str | None,
    config: str | None,
    isolated: bool,
    headers: Sequence[str],
    path_params: Sequence[str],
    inconclusive: str,
    dry_run: bool,
    ca: str | None,
    insecure: bool,
    cert: str | None,
    key: str | None,
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
    statistics: bool,
    **limits: Any,
) -> int:
    """Judge what a running service answers, driven by its OpenAPI document: a file, an address, or what the service serves at
    /openapi.json, /v3/api-docs, /swagger.json. With --app an application answers in this process, without a server; its
    own document is taken where none is named.

    A write is sent only if errlint proves that the service must refuse it. With --replay nothing is sent at all: exchanges
    that any tool recorded as HAR are judged.
    """
    from errlint import api
    from errlint.api import applications, located
    from errlint.api.environments import probe_options
    from errlint.config.environment import chosen
    from errlint.load.library import Library

    gc.enable()  # a run lasts, and what was sent and judged is garbage
    context = click.get_current_context()
    _check(url, origin, document, record, replay)
    _check_sends(context, record, replay, dry_run)
    _check_tls(ca, insecure, cert, key)
    _check_app(context, apps, url)
    out = output(formats, show, verbose, quiet, color, (document, *catalogs, replay), statistics)
    _check_record(record, out)
    line = asked(select, extend_select, ignore, severity, profile, preview, fail_on, catalogs=tuple(catalogs), root=root)
    library = Library()
    planner = api.Planner(line, library, config, isolated)
    held = reported("probe", out, lambda: planner.held(document or ".", *apps))
    out = wished(out, held.formats, held.show)

    def run() -> Report:
        app = applications.application(apps[0], app_dir or ".") if apps else None
        spec: str | Document
        if app is not None:
            spec = made = applications.document_for(app, document, library)
            base: str | None = applications.base_of_app(made, url)
        else:
            spec = located.document_of(document, url or origin, library)
            base = url or (located.base_of(spec, document, origin) if env is None or origin is not None else None)
        if replay is not None:
            return api.replay(
                spec,
                replay,
                held.catalogs,
                held.settings,
                base_url=url,
                fail_on=held.fail_on,
                min_coverage=min_coverage,
                root=held.root,
            )
        options = probe_options(
            {
                "base_url": base,
                "headers": tuple(header(text) for text in headers),
                "path_params": tuple(_pair(text) for text in path_params),
                "verify": ca,
                "cert": (cert, key) if cert and key else cert,
                **{name: limits.pop(name) for name in tuple(limits) if _given(context, name)},
            },
            {"accept_inconclusive": inconclusive == "ok", **limits},
            os.environ,
            chosen(held.environments, env) if env is not None else None,
        )
        if insecure:
            options = replace(options, verify=False)
        if app is not None and dry_run:
            options = replace(options, service=app.service())
        if dry_run:
            return _planned(api.plan_of(spec, options, held.catalogs, held.settings, root=held.root), verbose)
        progress = Progress() if not quiet else None

        def judged(options: Options) -> Report:
            return api.probe(
                spec,
                options,
                held.catalogs,
                held.settings,
                fail_on=held.fail_on,
                min_coverage=min_coverage,
                root=held.root,
                planned=_tell_plan if not quiet else None,
                progress=progress,
                record=record,
            )

        try:
            return (
                applications.probed(app, options, judged, named=document, below=url, shown=verbose)
                if app is not None
                else judged(options)
            )
        finally:
            if progress is not None:
                progress.done()

    return finish("probe", out, run)


SENDING = (
    "headers auth low_auth auth_tests writes recipes path_params include exclude generated stress seed max_requests "
    "max_requests_per_operation rate timeout max_time concurrency fuzz stateful only dry_run ca insecure cert key proxy env"
)
"""Options that say what is sent and how; a replay sends nothing."""


def _check_sends(context: click.Context, record: str | None, replay: str | None, dry_run: bool) -> None:
    """Raises: click.UsageError for options about sending where nothing is sent."""
    names = {one.name: one.opts[-1] for one in context.command.params}
    idle = [names[name] for name in SENDING.split() if name in names and _given(context, name)] if replay is not None else []
    if idle:
        raise click.UsageError(f"{idle[0]} and --replay: nothing is sent")
    if dry_run and record is not None:
        raise click.UsageError("--record and --dry-run: nothing is sent that could be recorded")


NETWORK = "url origin replay ca insecure cert key proxy"
"""Options about a connection; an application in this process has none."""


def _check_app(context: click.Context, apps: Sequence[str], url: str | None) -> None:
    """Raises: click.UsageError for several applications, and for options about a server where there is none."""
    names = {one.name: one.opts[-1] for one in context.command.params}
    idle = [names[name] for name in NETWORK.split() if _given(context, name)] if apps else []
    if idle[:1] == ["--url"] and url is not None and url.startswith("/"):
        idle = idle[1:]  # a path, below which the application has its operations
    if idle:
        raise click.UsageError(f"{idle[0]} and --app: the application answers in this process, there is no server")
    if len(apps) > 1:
        raise click.UsageError(f"{len(apps)} applications: probe them one by one")


def _check(url: str | None, origin: str | None, document: str | None, record: str | None, replay: str | None) -> None:
    """Raises: click.UsageError for options that make no sense together."""
    if replay is not None and record is not None:
        raise click.UsageError("--record and --replay: what is replayed is recorded already")
    if url is not None and origin is not None:
        raise click.UsageError("--url and --origin: one says the base path, the other leaves it to the document")
    if record is not None and document is not None and os.path.realpath(record) == os.path.realpath(document):
        raise click.UsageError(f"--record would write over the document {document}")


def _check_record(record: str | None, out: Output) -> None:
    """Raises: ConfigError for a record in the place of a report, or of what errlint reads."""
    if record is None:
        return
    from errlint.api.writing import refuse_lost

    refuse_lost(record)
    if any(target is not None and os.path.realpath(target) == os.path.realpath(record) for _, target in out.formats):
        raise ConfigError(f"a report and the record go to {record}", hint="give one a file of its own")


def _given(context: click.Context, name: str) -> bool:
    """Whether the command line gives an option, so that it beats the config."""
    return context.get_parameter_source(name) is ParameterSource.COMMANDLINE


def _pair(text: str) -> tuple[str, str]:
    """A path parameter and its value, which may be empty here."""
    name, _, value = text.partition("=")
    return name.strip(), value


def _check_tls(ca: str | None, insecure: bool, cert: str | None, key: str | None) -> None:
    """Raises: click.UsageError for options that make no sense together."""
    if insecure and ca is not None:
        raise click.UsageError("--insecure and --ca: a certificate that is not verified needs no authority")
    if key is not None and cert is None:
        raise click.UsageError("--key needs the certificate that it belongs to: --cert")


def _tell_plan(plan: Plan) -> None:
    from errlint.cli.planned import doubts, line

    say("".join(f"errlint: {told}\n" for told in (*doubts(plan), line(plan))))


def _planned(plan: Plan, verbose: bool) -> Report:
    """A dry run: the plan on standard output, and a report of nothing."""
    from errlint.cli.planned import lines
    from errlint.model.finding import Report

    told = tuple(lines(plan, verbose))
    return Report("probe", "clean", notes=told, read=("no answer: nothing was sent",))
