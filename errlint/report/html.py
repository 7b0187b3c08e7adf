"""The report as one page that needs nothing else: no network, no other file; what it knows is JSON that the page reads.

Data is written as text only, by a policy that a browser enforces: its styles and scripts are known by their hashes, no other
runs, and no text may become markup (trusted types). Without JavaScript the page still tells outcome, totals and rules.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any, TextIO

from errlint.checks.words import plural
from errlint.model.finding import Judged, Report, Severity
from errlint.report import View
from errlint.report.changes import totals
from errlint.report.html_data import by_rule, data
from errlint.report.text import outcome
from errlint.report.visible import visible

STYLES = ("theme", "page", "controls", "filter", "findings", "tables", "matrix", "print")
SCRIPTS = ("dom", "state", "select", "finding", "findings", "matrix", "grid", "coverage", "judged", "main")
"""The parts of the page's one style and one script, in order."""

ISLAND = "report"
"""The id of the element that holds the data."""

UNSAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


TRUSTED = "require-trusted-types-for 'script'; trusted-types 'none'"
"""No text may become markup or a script, whoever writes the page's script one day."""


def write(report: Report, out: TextIO, view: View) -> None:
    """Writes the page. Equal input gives equal bytes."""
    out.write("\n".join(_lines(report, view)) + "\n")


@cache
def _style() -> str:
    return "\n".join(_text(f"{name}.css") for name in STYLES)


@cache
def _script() -> str:
    return '"use strict";\n(() => {\n' + "\n".join(_text(f"{name}.js") for name in SCRIPTS) + "})();\n"


def _text(name: str) -> str:
    return (files("errlint.report") / "page" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def policy() -> str:
    """The page's Content Security Policy: its own style and script, and nothing else."""
    own = f"style-src '{_hash(_style())}'; script-src '{_hash(_script())}'"
    return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'; {TRUSTED}"


def island(page: dict[str, Any]) -> str:
    """Data as JSON that no HTML parser takes for markup: ``<``, ``>``, ``&`` and all that is not ASCII are escaped."""
    return json.dumps(page, ensure_ascii=True, separators=(",", ":")).translate(UNSAFE)


def _shown(text: str) -> str:
    return escape(visible(text))


def _lines(report: Report, view: View) -> Iterator[str]:
    name = _title(report)
    yield "<!doctype html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(policy())}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f'<meta name="generator" content="errlint {_shown(view.version)}">'
    yield f"<title>{_shown(name)}: errlint {_shown(report.command)}</title>"
    yield f"<style>{_style()}</style>"
    yield "</head>"
    yield "<body>"
    yield from _head(report, view, name)
    yield '<main id="main">'
    yield from _without_script(report)
    yield "</main>"
    yield f"<footer><p>errlint {_shown(view.version)}, {_shown(report.command)}, exit {view.code}</p></footer>"
    yield f'<script type="application/json" id="{ISLAND}">{island(data(report, view))}</script>'
    yield f"<script>{_script()}</script>"
    yield "</body>"
    yield "</html>"


def _title(report: Report) -> str:
    if len(report.documents) == 1:
        return report.documents[0].title or report.documents[0].uri
    if report.changes is not None:
        return f"{report.changes.old} → {report.changes.new}"
    return f"{len(report.documents)} {_noun(report)}" if report.documents else f"errlint {report.command}"


def _noun(report: Report) -> str:
    return "catalogs" if report.command.startswith("catalog") else "documents"


def _head(report: Report, view: View, name: str) -> Iterator[str]:
    """What was judged, and what came of it: the part of the page that stands before any script runs."""
    yield '<a class="skip" href="#main">Skip to the findings</a>'
    yield '<header class="top">'
    yield f'<p class="brand"><strong>errlint</strong> {_shown(report.command)}</p>'
    yield f"<h1>{_shown(name)}</h1>"
    for line in _about(report):
        yield f'<p class="about">{_shown(line)}</p>'
    yield (
        f'<p class="outcome" data-outcome="{report.outcome}"><strong>{_shown(_outcome(report))}</strong>'
        f"<span>exit {view.code}</span></p>"
    )
    if report.reason:
        yield f'<p class="reason">{_shown(report.reason)}</p>'
    if report.outcome != "clean" and not report.judged and not report.findings:
        yield "</header>"  # the run came to nothing: zeros would look like a result
        return
    yield '<dl class="totals">'
    for kind, label, number in _totals(report):
        zero = "" if number else ' class="zero"'
        yield f'<div data-kind="{kind}"><dt>{label}</dt><dd{zero}>{number:,}</dd></div>'
    yield "</dl>"
    yield "</header>"


def _about(report: Report) -> Iterator[str]:
    if len(report.documents) == 1:
        (one,) = report.documents
        if one.version:
            yield _document(one)
        elif report.read:
            yield "; ".join(report.read)
        else:
            yield one.uri
        if one.catalogs:
            yield f"held against {', '.join(one.catalogs)}"
    elif report.changes is not None:
        yield totals(report.changes)
    elif report.read:
        yield "; ".join(report.read).removeprefix(f"{_title(report)}: ")


def _document(one: Judged) -> str:
    parts = [one.uri if one.title else "", f"OpenAPI {one.version}", plural(len(one.operations), "operation")]
    parts += [plural(one.errors, "error response"), f"owner {one.owner}" if one.owner else ""]
    return " · ".join(filter(None, parts))


def _outcome(report: Report) -> str:
    if report.outcome == "clean":
        counts = [report.count(level) for level in (Severity.ERROR, Severity.WARNING, Severity.NOTE)]
        return "Clean" if not any(counts) else "Nothing that fails the run"
    if report.outcome == "findings":
        errors = report.count(Severity.ERROR)
        return f"{errors:,} {'error' if errors == 1 else 'errors'}" if errors else "Findings that fail the run"
    return outcome(report).capitalize()


def _totals(report: Report) -> Iterator[tuple[str, str, int]]:
    yield "error", "Errors", report.count(Severity.ERROR)
    yield "warning", "Warnings", report.count(Severity.WARNING)
    yield "note", "Notes", report.count(Severity.NOTE)
    yield "suppressed", "Suppressed", sum(1 for one in report.findings if one.suppressed is not None)
    yield "unknown", "Not checked", len(report.unknown)
    yield "judged", "Answers judged" if report.command == "probe" else "Judged", report.judged


def _without_script(report: Report) -> Iterator[str]:
    """What a reader without JavaScript sees: the rules that spoke, and how often."""
    yield "<noscript>"
    yield "<p>The findings themselves are shown by a script in this page; <code>errlint -f text</code> prints them.</p>"
    rows = by_rule(report.findings)
    if rows:
        yield '<table class="sheet"><thead><tr><th>Rule</th><th>Name</th><th>Findings</th></tr></thead><tbody>'
        yield from (f"<tr><td>{_shown(r)}</td><td>{_shown(name)}</td><td>{number}</td></tr>" for r, name, number in rows)
        yield "</tbody></table>"
    yield "</noscript>"
