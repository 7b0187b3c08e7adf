"""Reports by hand, for the tests of those who write them."""

from __future__ import annotations

from io import StringIO
from typing import Any

from errlint.model.finding import Excerpt, Finding, Judged, Location, Related, Report, Severity, Site, Suggestion
from errlint.model.record import replace
from errlint.report import View

VIEW = View(version="1.2.3", code=1, here="/repo")

LINE = "        4xx: {description: naïve}"

KEY = Finding(
    rule="DEC005",
    name="bad-status-key",
    severity=Severity.ERROR,
    witness="schema",
    message="'4xx' is no status code, range or default; did you mean 4XX?",
    location=Location("api/openapi.yaml", ("paths", "/a", "get", "responses", "4xx"), 9, 9),
    fingerprint="00000000000000aa",
    help="Write three digits.",
    related=(Related(Location("api/errors.yaml", ("errors", "0"), 4, 3), "the catalog's entry"),),
    operation="GET /a",
    operations=("GET /a",),
    sites=(
        Site("GET /a", Location("api/openapi.yaml", ("paths", "/a", "get", "responses", "4xx"), 9, 9), "00000000000000aa"),
        Site("GET /b", Location("api/openapi.yaml", ("paths", "/b", "get", "responses", "4xx"), 19, 9), "00000000000000ab"),
    ),
    status="4xx",
    count=2,
    fixable=True,
    excerpt=Excerpt(LINE, 8, 11),
    suggestions=(
        Suggestion("api/openapi.yaml", (9, 9, 9), (9, 12, 12), "4XX", "write 4XX for 4xx"),
        Suggestion("api/openapi.yaml", (19, 9, 9), (19, 12, 12), "4XX", "write 4XX for 4xx"),
    ),
)

LIVE = Finding(
    rule="COD001",
    name="undocumented-code",
    severity=Severity.WARNING,
    witness="live",
    message="code <ML_9999> & co\x1b[31m is not in the catalog\ufffe",
    location=Location("https://svc.example/v1/openapi.json", ("paths", "/a", "get"), 3, 5),
    fingerprint="00000000000000bb",
    operation="GET /a",
    status="404",
    code="ML_9999",
    layer="service",
    reproduce='curl "$URL/a"',
    reproduced="2 of 2",
)

WORD = Finding(
    rule="CFG005",
    name="unknown-rule",
    severity=Severity.NOTE,
    witness="config",
    message="no rule is called XYZ999 (--select)",
    location=Location("command line", ()),
    fingerprint="00000000000000cc",
)

KNOWN = replace(KEY, fingerprint="00000000000000dd", suppressed="in the baseline", related=(), sites=(), suggestions=())

FULL = Report("lint", "findings", (KEY, LIVE, WORD, KNOWN), documents=(Judged("api/openapi.yaml"),))

EMPTY = Report("catalog check", "clean")

FAILED = Report(
    "probe", "unreachable", reason="api/openapi.yaml: nobody answers\nthere", place=Location("api/openapi.yaml", (), 4, 2)
)


def written(module: Any, report: Report, view: View = VIEW) -> str:
    """What a writer makes of a report."""
    out = StringIO()
    module.write(report, out, view)
    return out.getvalue()
