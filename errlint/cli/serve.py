"""``errlint serve``: a mock that answers any documented error on demand."""

from __future__ import annotations

from collections.abc import Sequence

import click

from errlint.cli.options import ROOT
from errlint.cli.streams import standard_output
from errlint.cli.table import completed, options

PORT = 8404


@click.command("serve")
@click.argument("sources", nargs=-1, required=True, metavar="CATALOG...|SPEC", shell_complete=completed("catalogs"))
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    metavar="N",
    help=f"Where it listens; 0 is any free port.  [default: {PORT}]",
)
@click.option("--host", default="127.0.0.1", metavar="ADDRESS", show_default=True, help="The address that it listens on.")
@options(ROOT)
def command(sources: Sequence[str], port: int, host: str, root: str | None) -> int:
    """Answer any documented error on demand, so that clients can test how they handle it.

    \b
    errlint serve errors.yaml
    curl -i localhost:8404/any/path -H 'Prefer: code=ML_1102'

    Any path and method is answered with the right status, header fields, media type and body. Ask with Prefer: code=CODE (with
    status=403 where an entry has several), X-Errlint-Code: CODE, or ?__code=CODE; GET / lists what there is. Of an OpenAPI
    document: Prefer: code=404 or example=NAME, for its operations. Pages of any origin may read the answers (CORS).
    """
    import signal
    from shlex import quote

    from errlint import __version__, api
    from errlint.report.visible import visible
    from errlint.serve.http import bound, url_of

    mock = api.mock(sources, root=root)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the first process of a container gets nothing else
    server = bound(mock.app, f"errlint/{__version__}", host, port)
    try:
        url = url_of(server, host)
        with standard_output() as out:
            out.write(f"Serving {visible(mock.told)} at {url}, until Ctrl-C\n")
            out.write(f"curl -i {quote(visible(url + mock.path))} -H {quote(f'Prefer: {mock.wish}')}\n")
        for note in mock.notes:
            click.echo(f"errlint: {visible(note)}", err=True)
        server.serve_forever()
    except KeyboardInterrupt:
        pass  # how a server is ended
    finally:
        server.server_close()
    return 0
