"""Applications as documents to lint and services to probe, and what is found about them in the words of their source."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from shlex import join
from types import ModuleType
from typing import TYPE_CHECKING

from errlint import cards
from errlint.checks.words import plural
from errlint.errors import ConfigError
from errlint.load.source import Document
from errlint.model.finding import Finding
from errlint.model.record import replace

if TYPE_CHECKING:
    from errlint.apps.application import Application
    from errlint.apps.generated import Generated
    from errlint.apps.raised import Exceptions
    from errlint.apps.screen import Count
    from errlint.load.library import Library
    from errlint.model.finding import Location, Report
    from errlint.probe.options import Options


def application(text: str, folder: str = ".", at: Location | None = None) -> Application:
    """The application that ``module:app`` names, imported from a folder. Raises: ConfigError, at the place that names it."""
    from errlint.apps.application import load_app

    try:
        return load_app(text, folder)
    except ConfigError as error:
        raise ConfigError(error.message, at, error.hint) from None


def generated(text: str, folder: str = ".", at: Location | None = None) -> Generated:
    """The document of an application. Raises: ConfigError, LoadError."""
    return application(text, folder, at).document()


def sources_of(text: str) -> tuple[str, ...]:
    """The source code that an application comes from: its outermost package, or the folder of its module, and what it
    imports from beside that package, as Django's apps are. None where it is installed and not the user's own.
    The application must have been imported.

    Raises: ConfigError for what names no application.
    """
    from errlint.apps.importing import reference

    name = reference(text).module.partition(".")[0]
    held = {one: _source(module) for one, module in list(sys.modules.items()) if "." not in one}
    own = held.get(name) or ""
    if not own or {"site-packages", "dist-packages"}.intersection(own.split(os.sep)):
        return ()
    if os.path.isfile(own):
        found = [os.path.dirname(own)]
    else:
        found = [own, *sorted(one for one in held.values() if os.path.dirname(one) == os.path.dirname(own) and one != own)]
    return tuple(os.path.relpath(one) if _is_below(one) else one for one in found)


def _source(module: ModuleType | None) -> str:
    """The folder of a package, or the file of a module; empty where it has neither."""
    paths: list[str | None] = [*getattr(module, "__path__", ()), getattr(module, "__file__", None)]
    return next((os.path.abspath(path) for path in paths if path), "")


def _is_below(folder: str) -> bool:
    return not os.path.relpath(folder).startswith(os.pardir)


def documents_of(apps: Sequence[str], folder: str, named: Sequence[str | Document], library: Library) -> list[Generated]:
    """The documents of applications, or the one document that was named for the one application, with its handlers' places.

    Raises: ConfigError, LoadError.
    """
    if not named:
        return [generated(app, folder) for app in dict.fromkeys(apps)]
    if len(named) != 1 or len(apps) != 1:
        told = f"--app and {plural(len(named), 'document')}: a document beside --app is that of one application"
        raise ConfigError(told, hint="name one of each")
    document = library.read(named[0]) if isinstance(named[0], str) else named[0]
    return [application(apps[0], folder).beside(document)]


def in_its_words(findings: Sequence[Finding], sources: Mapping[str, Document]) -> Sequence[Finding]:
    """Findings about what an application made of itself: nothing edits that, and its source has words of its own."""
    from errlint.apps.generated import Generated
    from errlint.apps.idioms import advice

    found = []
    for finding in findings:
        document = sources.get(finding.location.uri)
        if isinstance(document, Generated) and not document.file:
            place = finding.location.pointer
            told = advice(document.framework, finding.rule, finding.status, place, document.model, cards.help_of)
            finding = replace(finding, help=told or finding.help, fixable=False)
        found.append(finding)
    return found


BASE = "http://localhost"
"""Where an application stands that is asked without a server."""


def document_for(app: Application, named: str | None, library: Library) -> Generated:
    """The document to probe an application with: the one that is named, else its own. Raises: LoadError, ConfigError."""
    from errlint.api.located import document_of

    if named is None:
        return app.document()
    document = document_of(named, None, library)
    return app.beside(library.read(document) if isinstance(document, str) else document)


def base_of_app(document: Generated, below: str | None = None) -> str:
    """The base url of an application's operations: with the document's base path where its own routes have it too.

    ``below`` is the path that the user says they are below. Where the routes tell nothing the document is believed. A path
    before the application is a gateway's, which is not here.
    """
    from errlint.load.openapi import read_spec

    if below is not None:
        return BASE + below.rstrip("/")
    spec = read_spec(document).spec
    path = next(iter(spec.base_paths), "").rstrip("/")
    bare = any(document.handlers.serves(one.path, one.method) for one in spec.operations)
    return BASE if bare else BASE + path


def probed(
    app: Application,
    options: Options,
    probe: Callable[[Options], Report],
    *,
    named: str | None = None,
    below: str | None = None,
    shown: bool = False,
) -> Report:
    """The report of a probe that an application answers in this process, with what left it and how to look again.

    ``named`` is the document that the user named beside it, ``below`` the path of its operations. ``shown`` lets through
    what it prints, to stderr.
    Raises: ProbeError where it does not start, and what ``probe`` raises.
    """
    from errlint.apps.application import running
    from errlint.apps.raised import Exceptions
    from errlint.apps.screen import screened
    from errlint.probe.options import redact

    raised = Exceptions()
    with screened(shown=shown) as count, running(app.service(raised)) as service:
        report = probe(replace(options, service=service))
    notes = tuple(redact(line, options.secrets) for line in _notes(app.name, raised, count))
    words = ["errlint", "probe", *([named] if named is not None else []), "--app", app.name]
    words += ["--url", below] if below is not None else []
    findings = tuple(_reproduced(finding, join(words)) for finding in report.findings)
    return replace(report, findings=findings, notes=(*notes, *report.notes))


def _notes(name: str, raised: Exceptions, count: Count) -> Iterator[str]:
    """What a user should know of an application that was probed in process."""
    yield from (f"{line}." for line in raised.lines())
    if count.lines and not count.shown:
        yield f"{name} printed {plural(count.lines, 'line')} meanwhile (-v shows them)."


def _reproduced(finding: Finding, command: str) -> Finding:
    """A finding whose request is sent again by errlint: for curl there is no server."""
    if finding.reproduce is None or finding.again is None:
        return finding
    return replace(finding, reproduce=f"{command} --only {finding.again}  # {finding.reproduce}")
