"""``errlint detect``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from errlint.cli.headers import header
from errlint.cli.options import CATALOG
from errlint.cli.streams import standard_output
from errlint.cli.table import options


@click.command("detect")
@click.argument("file", metavar="BODY|SPEC|HAR", required=False)
@click.option("--status", type=click.IntRange(100, 599), metavar="N", help="The HTTP status that the body came with.")
@click.option("--media-type", metavar="TYPE", help="The body's media type.  [default: by its content]")
@click.option("-H", "--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="Header of the answer; repeats.")
@options(CATALOG)
@click.option("--list", "listing", is_flag=True, help="List the envelopes that come with errlint.")
@click.option("-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Format.")
def command(
    file: str | None,
    status: int | None,
    media_type: str | None,
    headers: Sequence[str],
    catalogs: Sequence[str],
    listing: bool,
    form: str,
) -> int:
    """Say which envelope an error body is, why, and what else it may be.

    It takes one body, an answer as curl -i prints it, an OpenAPI document, or a HAR; - is standard input:
    curl -si localhost:8000/none | errlint detect -

    Exit: 0 recognised, 1 nothing fits, 2 could not read.
    """
    if listing:
        return _list()
    if file is None:
        raise click.UsageError("Missing argument 'BODY|SPEC|HAR'.")
    from errlint.api.detecting import detect
    from errlint.report.detected_text import as_json, as_text

    told = {name.lower(): value for name, value in map(header, headers)}
    if media_type is not None:
        told["content-type"] = media_type
    found = detect(_read(file), "stdin" if file == "-" else file, status=status, headers=told, catalog=catalogs)
    with standard_output() as out:
        out.write(as_json(found) if form == "json" else as_text(found))
    return 0 if found.ties or found.framework else 1


def _list() -> int:
    """Prints the shipped envelopes: what a catalog calls each, and whose it is."""
    from errlint.load.envelopes import shipped_envelopes

    with standard_output() as out:
        for id_, one in shipped_envelopes().items():
            out.write(f"{id_:<26}{one.schema.get('title', '')}\n")
    return 0


def _read(file: str) -> bytes:
    """The bytes of a file or of standard input, one more than may be judged. Raises: LoadError."""
    from errlint.errors import LoadError
    from errlint.load.source import MAX_BYTES
    from errlint.model.finding import Location

    if file == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1) if sys.stdin is not None else b""
    try:
        with open(file, "rb") as source:
            return source.read(MAX_BYTES + 1)
    except IsADirectoryError:
        raise LoadError("is a directory, not a file", Location(file, ())) from None
    except (OSError, ValueError) as error:
        from errlint.load.nearby import hint_for

        told = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        raise LoadError(told, Location(file, ()), hint_for(error, file)) from None
