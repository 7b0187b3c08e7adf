"""The report for people: worst first, one root cause a paragraph, the totals last."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TextIO

from errlint.checks.words import plural
from errlint.model import pointer as pointers
from errlint.model.finding import LIVE, Finding, Location, Report, Severity, Site
from errlint.report import View
from errlint.report.quoted import quoted
from errlint.report.terminal import CYAN, DIM, GREEN, RED, RESET, YELLOW
from errlint.report.visible import harmless, visible

FEW = 3
"""Sites shown of one finding; the others are counted, ``-v`` shows them all."""

LONGEST_COMMAND = 700
"""Letters of a command that is shown whole without ``-v``: a page of brackets hides all other findings."""

SHOWN_COMMAND = 300
"""Letters shown of a longer one."""

COLOURS = {Severity.ERROR: RED, Severity.WARNING: YELLOW, Severity.NOTE: CYAN}


def write(report: Report, out: TextIO, view: View) -> None:
    """Writes the report: findings at or above ``view.show``, what was not checked, coverage, totals, the exit code."""
    made: Callable[..., Iterator[str]] = quiet_lines if view.quiet else lines
    looks = (view.show, view.verbose, view.colour, view.code, view.columns)
    for line in made(report, *looks):
        out.write(harmless(line) + "\n")


def quiet_lines(report: Report, show: Severity, verbose: bool, colour: bool, code: int, width: int = 0) -> Iterator[str]:
    """The findings alone; the totals only where these do not say why the exit code is not 0."""
    shown = report.counting(show)
    for finding in shown:
        yield from paragraph(finding, verbose, colour, width)
    if code and not (code == 1 and shown):
        yield from map(visible, report.notes)
        yield _totals(report, code, colour)


def lines(
    report: Report,
    show: Severity = Severity.WARNING,
    verbose: bool = False,
    colour: bool = False,
    code: int = 0,
    width: int = 0,
) -> Iterator[str]:
    """The report's lines."""
    advised: set[str] = set()
    for finding in report.counting(show):
        yield from paragraph(finding, verbose, colour, width)
        if finding.help and finding.rule not in advised and finding.breaking is not False:
            advised.add(finding.rule)
            yield f"   {f'{CYAN}help:{RESET}' if colour else 'help:'} {visible(finding.help)}"
    yield from _coverage(report, verbose)
    yield from map(visible, report.notes)
    yield from _services(report, verbose)
    if report.reason and not report.read:  # nothing came of it
        yield visible(report.reason)
    trailer = "  ".join(part for part in (_unknown(report), _hidden(report, show), _suppressed(report)) if part)
    if trailer:
        yield trailer
    yield _totals(report, code, colour)


def paragraph(finding: Finding, verbose: bool, colour: bool, width: int = 0) -> Iterator[str]:
    """One finding: what is wrong, where, and how to see it again; ``width`` are the columns of the terminal, 0 for none."""
    head = f"{finding.severity} {finding.rule} {finding.name}"
    if colour:
        head = f"{COLOURS[finding.severity]}{finding.severity}{RESET} {finding.rule} {DIM}{finding.name}{RESET}"
    yield f"{head}: {visible(finding.message)}"
    yield "   " + _where(finding, verbose)
    if finding.excerpt is not None and finding.location.pointer and finding.witness not in LIVE:
        yield from quoted(finding.excerpt, finding.location.line, colour, width)
    for related in finding.related if verbose else finding.related[:FEW]:
        yield f"   see {visible(_place(related.location))}: {visible(related.text)}"
    if finding.reproduce:
        told = visible(finding.reproduce)
        long = len(told) > LONGEST_COMMAND and not verbose
        yield f"   {told[:SHOWN_COMMAND]}… (-v shows the whole command)" if long else f"   {told}"
    if finding.again and verbose:
        yield f"   again: --only {visible(finding.again)}"


def _place(location: Location) -> str:
    """``spec.yaml:37:5``, ``orders/api.py:37`` in an application's source, or a pointer into what it made."""
    if location.line:
        return f"{location.uri}:{location.line}" + (f":{location.column}" if location.column else "")
    return location.uri + ("#" + pointers.text(location.pointer) if location.pointer else "")


def _where(finding: Finding, verbose: bool) -> str:
    parts = [_sites(finding, verbose)]
    if finding.witness in LIVE:
        if finding.status and not re.search(rf"(?<!\d){re.escape(finding.status)}(?!\d)", finding.message):
            parts.append(visible(finding.status))
        if finding.count > max(len(finding.sites), 1):
            parts.append(f"{finding.count} answers")
        if finding.reproduced:
            parts.append(f"reproduced {finding.reproduced}")
        if finding.request_id:
            parts.append(f"request id {visible(finding.request_id)}")
        return "   ".join(part for part in (parts[0], " · ".join(parts[1:])) if part)
    return parts[0]


def _sites(finding: Finding, verbose: bool) -> str:
    """``spec.yaml:37:5 GET /orders · :39:5 POST /orders · 5 more (-v)``; a live finding names operations only."""
    sites = finding.sites or (Site(finding.operation, finding.location, finding.fingerprint),)
    if finding.witness in LIVE:
        names = list(dict.fromkeys(_live(site) for site in sites))
        return visible(_few(names, verbose))
    if all(site.location != finding.location for site in sites):
        uses = _few(list(dict.fromkeys(site.operation or _place(site.location) for site in sites)), verbose)
        return visible(f"{_place(finding.location)}  in {uses}")
    places: dict[str, Location] = {}
    for site in sites:
        what = site.operation or (site.code if len(sites) > 1 else None)
        where = _place(site.location)
        places.setdefault(f"{where} {what}" if what else where, site.location)
    names, uri = [], ""
    for name, location in places.items():
        names.append(name.removeprefix(uri) if location.uri == uri and location.line else name)
        uri = location.uri
    return visible(_few(names, verbose))


def _live(site: Site) -> str:
    """The operation that answered, and where its handler stands, if that is known."""
    name = site.operation or "outside the document's operations"
    return f"{_place(site.location)} {name}" if site.operation and site.location.line and not site.location.column else name


def _few(names: list[str], verbose: bool) -> str:
    if verbose or len(names) <= FEW:
        return " · ".join(names)
    return " · ".join(names[: FEW - 1]) + f" · {len(names) - FEW + 1} more (-v)"


def _unknown(report: Report) -> str:
    """``Not checked: error codes of 3 responses (any string is allowed).``"""
    if not report.unknown:
        return ""
    counts = Counter(one.why for one in report.unknown)
    told = "; ".join(f"{visible(why)} ({number}×)" for why, number in counts.most_common(4))
    return f"Not checked: {told}."


def _hidden(report: Report, show: Severity) -> str:
    hidden = [one for one in report.counting() if one.severity < show]
    if not hidden:
        return ""
    noun = "note" if all(finding.severity is Severity.NOTE for finding in hidden) else "finding"
    return f"{plural(len(hidden), noun)} hidden (--show {'notes' if noun == 'note' else 'all'})"


def _suppressed(report: Report) -> str:
    """``2 findings suppressed (-f json shows them)``: what does not count is never out of sight."""
    number = sum(1 for finding in report.findings if finding.suppressed is not None)
    return f"{plural(number, 'finding')} suppressed (-f json shows them)" if number else ""


def _coverage(report: Report, verbose: bool) -> Iterator[str]:
    """What a probe covered."""
    if report.command == "probe" and report.coverage is not None:
        from errlint.report import coverage_text  # start-up: probes only

        yield from coverage_text.lines(report.coverage, verbose)


def _services(report: Report, verbose: bool) -> Iterator[str]:
    """The services or documents of a run over several, worst first."""
    if len(report.services) > 1:
        from errlint.report import services_text  # start-up: one document needs no table

        yield from services_text.lines(report, verbose)


OUTCOMES = {
    "clean": "clean",
    "findings": "findings",
    "invalid-input": "the input cannot be read",
    "unreachable": "unreachable",
    "inconclusive": "inconclusive",
    "interrupted": "interrupted",
    "unwritable": "a file could not be written",
}


def outcome(report: Report) -> str:
    """What the run came to, in words."""
    if report.outcome == "invalid-input" and report.documents:
        return "not all of the input can be read"
    return OUTCOMES[report.outcome]


def totals(report: Report) -> str:
    """``2 errors, 1 warning``, of a comparison what changed."""
    if report.outcome not in ("clean", "findings") and not report.read:
        return "Nothing was judged"
    if report.changes is not None:
        from errlint.report.changes import totals as of_changes  # comparisons only

        return of_changes(report.changes)
    counts = []
    for severity in (Severity.ERROR, Severity.WARNING):
        number = report.count(severity)
        if number:
            counts.append(plural(number, str(severity)))
    return ", ".join(counts) or "No error or warning"


def _totals(report: Report, code: int, colour: bool = False) -> str:
    read = visible(f"Read {'; '.join(report.read)}. ") if report.read else ""
    told, end = visible(totals(report)), f" · exit {code} ({outcome(report)})"
    if not colour:
        return f"{read}{told}{end}"
    worst = next((COLOURS[level] for level in (Severity.ERROR, Severity.WARNING) if report.count(level)), "" if code else GREEN)
    return f"{read}{worst}{told}{RESET if worst else ''}{end}"
