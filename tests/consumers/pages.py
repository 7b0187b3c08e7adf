"""Reports for the page's tests: a small one that holds everything, one of hostile texts, one of many findings."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from errlint.model.finding import (
    CodeCoverage,
    CodeSeen,
    Coverage,
    Excerpt,
    Finding,
    Judged,
    Location,
    OperationCoverage,
    Related,
    Report,
    Service,
    Severity,
    Site,
    Unknown,
    Witness,
)
from errlint.report import View, html

OUTSIDE = "outside the document's operations"
HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)> ]]> --> \u2028 \u202e \x1b[31m "
    "javascript:alert(4) ${alert(5)} \"'` onfocus=alert(6) https://example.com/x &lt;b&gt; __proto__"
)


def finding(
    number: int,
    severity: Severity = Severity.ERROR,
    *,
    rule: str = "COD002",
    operation: str = "GET /a",
    code: str = "A_1",
    witness: Witness = "live",
    layer: str = "service",
    message: str = "",
    suppressed: str | None = None,
) -> Finding:
    place = Location("api.yaml", ("paths", "/a"), number + 1, 3)
    live = witness == "live"
    return Finding(
        rule, "code-under-wrong-status", severity, witness, message or f"{code} came with 400 ({number})", place,
        f"{number:016x}", "Do something.", operation=operation, operations=(operation,),
        sites=(Site(operation, place, f"{number:016x}"),), status="404", code=code, layer=layer,
        reproduce=f"curl 'http://127.0.0.1/{number}' -H \"Authorization: Bearer $ERRLINT_TOKEN\"" if live else None,
        suppressed=suppressed, excerpt=Excerpt(f"    code: {code}", 10, 10 + len(code)), related=(Related(place, "see"),),
    )  # fmt: skip


FINDINGS = (
    finding(0),
    finding(1, Severity.WARNING, rule="COV011", operation="POST /b", code="B_1", witness="schema"),
    finding(2, Severity.NOTE, rule="DEC001", operation="POST /b", code="A_1", witness="example", layer="gateway"),
    finding(3, suppressed="known since 2020"),
)


def code(name: str, declared: tuple[str, ...], observed: tuple[str, ...], layer: str = "service") -> CodeCoverage:
    return CodeCoverage(name, name, layer, "404", declared, observed, "" if observed else "needs a recipe", category="Things")


def small() -> Report:
    """Operations and codes in every state of the matrix, findings of every severity."""
    codes = (
        code("A_1", ("GET /a", "POST /b"), ("GET /a",)),
        code("B_1", (), ("GET /a", "POST /b")),
        code("G_1", (), (OUTSIDE,), "gateway"),
        code("Z_9", (), ()),
    )
    get = (CodeSeen("A_1", "service", True, 3), CodeSeen("B_1", "service", False, 2))
    post = (CodeSeen("A_1", "service", True, 0), CodeSeen("B_1", "service", False, 1, free=True))
    operations = (
        OperationCoverage("GET /a", "reached", 9, statuses=(("404", 5),), codes=get),
        OperationCoverage("POST /b", "reached", 4, codes=post),
        OperationCoverage("PUT /c", "not-probed", 0, "it writes"),
    )
    unknown = (Unknown("COD001", "any string is allowed", "GET /a", "404", Location("api.yaml", (), 3, 1)),)
    documents = (Judged("api.yaml", "An API", "3.1.0", ("GET /a", "POST /b", "PUT /c"), 3, catalogs=("errors.yaml",)),)
    coverage = Coverage(codes, operations)
    return Report("probe", "findings", FINDINGS, unknown, 12, coverage, notes=("A note.",), documents=documents)


def fleet() -> Report:
    """Two services with catalogs of their own; all findings are the first one's."""
    documents = tuple(
        Judged(uri, uri, "3.1.0", ("GET /a",), 1, catalogs=catalogs)
        for uri, catalogs in (("api.yaml", ("errors.yaml",)), ("more.yaml", ("errors.yaml",)), ("other.yaml", ()))
    )
    services = (
        Service("orders", ("api.yaml", "more.yaml"), False, 3, 2, 1, 0, 3, 0, 4, "team-a", ("errors.yaml",)),
        Service("billing", ("other.yaml",), False, 1, owner="team-b"),
    )
    coverage = Coverage((code("A_1", ("GET /a",), ()),))
    return Report("lint", "findings", FINDINGS, (), 12, coverage, documents=documents, services=services)


def hostile() -> Report:
    """A report in which every text tries to become something else."""
    place = Location(HOSTILE, (HOSTILE,), 3, 1)
    one = Finding(
        "COD002", HOSTILE, Severity.ERROR, "live", HOSTILE, place, "f" * 16, HOSTILE, (Related(place, HOSTILE),),
        HOSTILE, (HOSTILE,), tuple(Site(HOSTILE, place, one * 16, HOSTILE) for one in "fe"), HOSTILE, HOSTILE, HOSTILE,
        3, HOSTILE, HOSTILE, True, reproduced=HOSTILE, again=HOSTILE, link=HOSTILE, excerpt=Excerpt(HOSTILE, 3, 20),
    )  # fmt: skip
    declared = Finding(
        "COD001",
        HOSTILE,
        Severity.NOTE,
        "schema",
        HOSTILE,
        place,
        "d" * 16,
        suppressed=HOSTILE,
        excerpt=Excerpt(HOSTILE, 3, 20),
    )
    covered = CodeCoverage(HOSTILE, HOSTILE, HOSTILE, HOSTILE, (HOSTILE,), (HOSTILE,), HOSTILE, HOSTILE, True, *[HOSTILE] * 3)
    operation = OperationCoverage(HOSTILE, "unreached", 1, HOSTILE, ((HOSTILE, 1),), (CodeSeen(HOSTILE, HOSTILE, True, 1),))
    documents = tuple(Judged(f"{n}{HOSTILE}", HOSTILE, HOSTILE, (HOSTILE,), 1, HOSTILE, HOSTILE, (HOSTILE,)) for n in range(2))
    return Report(
        "probe", "findings", (one, declared), (Unknown("COD001", HOSTILE, HOSTILE, HOSTILE, place),), 1,
        Coverage((covered,), (operation,)), HOSTILE, (HOSTILE,), (HOSTILE,), documents=documents,
    )  # fmt: skip


def many(number: int = 5_000) -> Report:
    """Findings of 60 rules, 500 operations and 150 codes, and the matrix of these."""
    rules = [f"COD{n:03}" for n in range(1, 15)] + [f"X{n:02}{n:03}" for n in range(46)]
    labels = [f"GET /resources/{n}/{{id}}/items" for n in range(500)]
    names = [f"CODE_{n:04}" for n in range(150)]
    levels = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
    words = "is documented for 404 and came with 400, which clients take for something else entirely"
    found = tuple(
        finding(
            n, levels[n % 3], rule=rules[n % 60], operation=labels[n % 500], code=names[n % 150],
            witness="live" if n % 2 else "schema", message=f"{names[n % 150]} {words} ({n})",
        )
        for n in range(number)
    )  # fmt: skip
    codes = tuple(code(one, tuple(labels[n % 7 :: 7]), tuple(labels[n % 11 :: 11])) for n, one in enumerate(names))
    documents = (Judged("api.yaml", "A large API", "3.1.0", tuple(labels), 900),)
    return Report("probe", "findings", found, (), number, Coverage(codes, ()), documents=documents)


def write(report: Report, file: Path) -> str:
    """The page in a file; its address."""
    out = StringIO()
    html.write(report, out, View("1.2.3", 1))
    file.write_text(out.getvalue(), encoding="utf-8")
    return file.as_uri()
