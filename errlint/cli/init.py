"""``errlint init``."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from shlex import quote
from typing import TYPE_CHECKING

import click

from errlint.checks.words import plural
from errlint.cli.headers import header
from errlint.cli.options import ROOT
from errlint.cli.streams import standard_output
from errlint.cli.table import options

if TYPE_CHECKING:
    from errlint.api.starting import Answers, Started
    from errlint.load.library import Library
    from errlint.load.source import Document
    from errlint.model.draft import Draft

DEFAULT = "errors.yaml"

MOST_ASKED = 15
"""Questions that are printed; the catalog has them all."""


@click.command("init")
@click.argument("document", metavar="[SPEC|URL]", required=False)
@click.option("--app", metavar="MODULE:APP", help="The application itself: its document and its source code are read.")
@click.option("--from", "trees", multiple=True, metavar="DIR", help="Source code that names codes beside statuses; repeats.")
@click.option("--from-har", "archives", multiple=True, metavar="FILE.har", help="Recorded exchanges; repeats.")
@click.option("--probe", "url", metavar="URL", help="A running service, which is asked without changing anything.")
@click.option("-H", "--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="Header of every request; repeats.")
@click.option("--tests", metavar="COMMAND", help='Tests whose answers are recorded: "pytest -q".')
@click.option("-o", "--output", default=DEFAULT, show_default=True, metavar="FILE", help="The catalog to write.")
@click.option("--force", is_flag=True, help="Replace a catalog that is there.")
@click.option("--dry-run", "--stdout", "dry", is_flag=True, help="Print the catalog, and write nothing.")
@options(ROOT)
def command(
    document: str | None,
    app: str | None,
    trees: Sequence[str],
    archives: Sequence[str],
    url: str | None,
    headers: Sequence[str],
    tests: str | None,
    output: str,
    force: bool,
    dry: bool,
    root: str | None,
) -> int:
    """Write a catalog of error codes and an errlint.toml from what you have: your OpenAPI document, application, tests, source
    code, recorded traffic, or the running service.

    Each entry stands below where it was seen, and each doubt is a question. Without SPEC the document is found as lint finds
    it. What is there already is never replaced without --force.
    """
    from errlint.api import starting
    from errlint.api.writing import refuse_inputs
    from errlint.load.library import Library

    if not dry:
        _free(output, force)
    if headers and url is None:
        raise click.UsageError("--header and no --probe: nothing is sent")
    library = Library()
    documents = _documents(document, app, url, library)
    refuse_inputs(output, () if dry else (*(one.uri for one in documents), *archives))
    answers = [_tested(tests, documents)] if tests is not None else []
    answers += _answers(documents, archives, url, headers, root)
    for name in dict.fromkeys(one.app for one in documents if one.app):
        trees = starting.trees_of_app(name, trees)
    made = starting.started(documents, library, answers=answers, trees=trees, root=root)
    if dry:
        with standard_output() as out:
            out.write(made.text)
        _say(_told(made, "", ()), err=True)
        return 0
    written, configured = _write(output, made.text, starting.config_text(output, documents, app))
    _say(_told(made, output, written))
    _say(_next(made, "" if configured else output, documents, app, url))
    _say(_open(made.draft, output))
    return 0


def _free(output: str, force: bool) -> None:
    """Raises: ConfigError where a file must not be replaced."""
    from errlint.errors import ConfigError

    if os.path.isdir(output):
        raise ConfigError(f"{output} is a directory", hint=f"write -o {output.rstrip('/')}/errors.yaml")
    if os.path.lexists(output) and not force:
        raise ConfigError(f"{output} is there already", hint="--force replaces it, -o FILE writes another one")


def _documents(name: str | None, app: str | None, url: str | None, library: Library) -> tuple[Document, ...]:
    from errlint.api import starting

    if app is not None:
        return starting.documents_of_app(app, name, library)
    found = starting.documents_of(name, library)
    if not found and url is not None:
        from errlint.api.located import document_of

        served = document_of(None, url, library)
        found = (library.read(served) if isinstance(served, str) else served,)
    return found


def _tested(command: str, documents: Sequence[Document]) -> Answers:
    """What tests saw; they may fail."""
    from errlint.api.recorded import of_tests
    from errlint.api.starting import Answers

    files = [one.uri for one in documents if os.path.isfile(one.uri)]
    observations, code = of_tests(command, files[0] if len(files) == 1 else None)
    if code:
        click.echo(f"errlint: the tests ended with exit {code}; what they saw counts all the same", err=True)
    return Answers("the tests", observations)


def _answers(
    documents: Sequence[Document], archives: Sequence[str], url: str | None, headers: Sequence[str], root: str | None
) -> Iterator[Answers]:
    """What records and a service show."""
    from errlint.api import starting

    for path in archives:
        yield starting.of_archive(documents[0] if documents else None, path, root=root)
    if url is not None:
        yield starting.of_service(documents[0], url, tuple(map(header, headers)), root=root)


def _write(output: str, text: str, config: str) -> tuple[tuple[str, ...], bool]:
    """Writes the catalog, and the config where there is none: (what to say of the config, whether it was written)."""
    from errlint.api import starting
    from errlint.api.writing import save

    held, known = starting.nearest_config(output, config)
    save(output, text.encode())
    if held is None:
        path = os.path.join(os.path.dirname(output), "errlint.toml")
        save(path, config.encode())
        return (f"Wrote {path}.",), os.path.dirname(os.path.abspath(path)) == os.getcwd()
    if known:
        return (f"{held} names it already.",), True
    lines = [line for line in config.splitlines() if line and not line.startswith("#")]
    return (f"{held} is left as it is; it should hold:", *(f"   {line}" for line in lines)), False


def _told(made: Started, output: str, written: Sequence[str]) -> Iterator[str]:
    draft = made.draft
    for line in draft.read:
        yield f"Read {line}."
    yield f"{f'Wrote {output}' if output else 'The catalog'}: {_counted(draft)}."
    yield from written
    asked = made.questions
    if asked:
        yield ""
        yield f'{plural(len(asked), "question")} to you, marked with "# ?" in the catalog:'
        yield from (f"  {number}. {text}" for number, text in enumerate(asked[:MOST_ASKED], 1))
        if len(asked) > MOST_ASKED:
            yield f"  {len(asked) - MOST_ASKED} more stand in the catalog."


def _counted(draft: Draft) -> str:
    """How many codes of how many layers, and the envelopes."""
    codes = sum(1 for entry in draft.entries if entry.code is not None)
    bare = len(draft.entries) - codes
    layers = {entry.fields.get("layer", "service") for entry in draft.entries}
    told = plural(codes, "code")
    told += f" and {plural(bare, 'error')} without one" if bare else ""
    told += f" in {plural(len(layers), 'layer')}" if len(layers) > 1 else ""
    envelopes = ", ".join(draft.envelopes) or "none known"
    return f"{told}; envelope{'s' if len(draft.envelopes) > 1 else ''}: {envelopes}"


def _next(made: Started, catalog: str, documents: Sequence[Document], app: str | None, url: str | None) -> Iterator[str]:
    """What to do now; ``catalog`` has to be named where no config was written that names it."""
    first = _named(documents[0]) if documents else ""
    name = f"--app {quote(app)}" if app is not None else first if len(documents) == 1 else ""
    own = f" --catalog {quote(catalog)}" if catalog else ""
    yield ""
    if not made.draft.entries:
        yield "No error code is named there. Where they may be known:"
        for option in ('--tests "pytest -q"', "--from src/", *([] if url else ["--probe http://localhost:8000"])):
            yield "   " + " ".join(word for word in ("errlint init", name, option, "--force") if word)
    if not documents:
        yield f"Next: errlint catalog check {catalog or DEFAULT}"
        return
    yield " ".join(word for word in ("Next: errlint lint", name if own else "", own.strip()) if word)
    in_process = (name or first).startswith("--app ")
    base = "" if in_process else f" --url {_base(documents[0], url or 'http://localhost:8000')}"
    yield f"      errlint probe {name or first}{base}{own}"


def _open(draft: Draft, catalog: str) -> Iterator[str]:
    """What to do about layers of which the codes that were found are taken for a part only."""
    coded = {entry.fields.get("layer", "service") for entry in draft.entries if entry.code is not None}
    layers = [id_ for id_, layer in draft.layers.items() if layer.get("codes") == "open" and id_ in coded]
    if layers:
        told = f"layer{'s' if len(layers) > 1 else ''} {' and '.join(layers)}"
        yield ""
        yield f"Once {catalog} has all codes of {told}, take `codes: open` out of it: any other code is an error then."


def _named(document: Document) -> str:
    """How a command names a document: a config may name an application, whose document is no file."""
    from errlint.apps.generated import Generated

    made = isinstance(document, Generated) and not document.file
    return f"--app {quote(document.uri)}" if made else quote(document.uri)


def _base(document: Document, url: str) -> str:
    """The address of the operations below a service's address."""
    from urllib.parse import urlsplit

    from errlint.api.located import base_of
    from errlint.load.remote import shown

    return shown(url if urlsplit(url).path.strip("/") else base_of(document, None, url) or url)


def _say(lines: Iterator[str] | Sequence[str], err: bool = False) -> None:
    from errlint.report.visible import visible

    for line in lines:
        click.echo(visible(line), err=err)
