"""Test results in the XML that Jenkins, GitLab and other CI services read from JUnit.

A suite a document; in it a test case for each operation and each rule that can speak of one, passes included, and one for each
rule at the document as a whole, for what stands in no operation. A last suite holds the run: that it came to its end, and the
rules about configs and about all documents together. So the number of tests depends on the documents, the command and
the rules that are on, and never on what is found: a trend over time shows faults that came and went, not tests.

Above ``MOST`` cases a document's operations get a case for each *group* of rules (COD, ENV ...) instead: 800 operations times
60 rules would be a file of several megabytes. A document whose size stays where it is keeps its form.

A case fails where a finding makes the run exit 1 (``--fail-on``); what else was found is told in its ``system-out``. What could
not be checked, and an operation that a probe did not reach, is ``skipped`` with the reason. A finding at several operations
fails the case of each; suppressed findings fail none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TextIO

from errlint.checks.prints import tidy
from errlint.checks.registry import RULES
from errlint.checks.rules import load_all
from errlint.model.finding import Finding, Judged, Report, Site, Unknown
from errlint.model.record import field, mutable, record
from errlint.report import View
from errlint.report.paths import in_repository
from errlint.report.visible import visible

MOST = 10_000
"""Cases of a document in which each rule has its own; a megabyte."""

LONGEST = 2_000
"""Letters of one line."""

ANSWERED = frozenset(("Answer", "AnswerBeside", "Claim"))
OF_OPERATIONS = {
    "lint": ANSWERED.union(
        ("Declared", "Declaration", "ErrorSchema", "ShownExample", "Operation", "Endpoint"),
        ("BadKey", "BrokenRef", "IgnoredSiblings", "MisplacedRef"),
    ),
    "probe": ANSWERED.union(("OperationCoverage",)),
}
"""What a command judges of operations, by the name of its class."""

OF_DOCUMENTS = {**OF_OPERATIONS, "catalog check": frozenset(("CatalogFile",))}
"""What a command judges of documents as a whole; a shared component counts as such."""

CONFIGURED = frozenset(("RuleWord", "Suppression", "Misread", "Stale", "Judgement", "Crash"))
OF_RUNS = {
    "lint": CONFIGURED | {"Documents", "Promised", "Fleet"},
    "probe": CONFIGURED | {"Run"},
    "catalog check": CONFIGURED | {"CatalogAndDocuments", "CatalogFile"},
    "catalog diff": CONFIGURED | {"Change", "Opened", "Renamed", "Shapes", "Versions"},
}
"""What a command judges once."""

WHOLE = ""
"""The operation of what belongs to none."""


@mutable
class Case:
    """One test: its names, the findings and the doubts that belong to it."""

    operation: str
    rule: str
    found: list[Finding] = field(default_factory=list)
    skipped: str = ""


Cases = dict[tuple[str, str], Case]


@record
class Suite:
    """The cases of one document, or of the run (``file`` empty), by operation and rule; ``group`` names a rule."""

    name: str
    file: str
    cases: Cases
    group: Callable[[str], str]

    def case(self, operation: str, rule: str) -> Case:
        """The case of a rule at an operation, at the document where it has none of that name."""
        if (operation, self.group(rule)) in self.cases:
            return self.cases[operation, self.group(rule)]
        return self.cases.setdefault((WHOLE, rule), Case(WHOLE, rule))


def write(report: Report, out: TextIO, view: View) -> None:
    """Writes the suites of the documents and that of the run."""
    suites = suites_of(report)
    totals = [_totals(suite, report) for suite in suites]
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(f'<testsuites name="errlint {_attribute(report.command)}" {_counts(map(sum, zip(*totals, strict=True)))}>\n')
    for suite, total in zip(suites, totals, strict=True):
        file = in_repository(suite.file, view)
        at = f' file="{_attribute(file)}"' if file else ""
        out.write(f'<testsuite name="{_attribute(suite.name)}" {_counts(total)}{at}>\n')
        if not suite.file:
            out.write(_ended(report))
        for case in suite.cases.values():
            out.write(_case(case, suite, report, view))
        out.write("</testsuite>\n")
    out.write("</testsuites>\n")


def suites_of(report: Report) -> list[Suite]:
    """The suites of a report with what was found, the documents' first; a document that was judged twice is one."""
    load_all()
    documents = {tidy(one.uri): one for one in report.documents}
    suites = {uri: _of_document(one, report) for uri, one in documents.items()}
    rules = _rules(report, OF_RUNS)
    suites[""] = Suite(f"errlint {report.command}", "", {(WHOLE, rule): Case(WHOLE, rule) for rule in rules}, _itself)
    for finding in report.findings:
        for case in {id(case): case for case in _cases_of(finding, report, suites)}.values():
            case.found.append(finding)
    for one in report.unknown:
        _skip(one, suites)
    if report.command == "probe" and report.coverage is not None and len(documents) == 1:
        unreached = {one.operation: one.why or "no answer" for one in report.coverage.operations if one.state != "reached"}
        for case in next(iter(suites.values())).cases.values():
            case.skipped = unreached.get(case.operation, case.skipped)
    return list(suites.values())


def _itself(rule: str) -> str:
    return rule


def _of_document(document: Judged, report: Report) -> Suite:
    """A document's cases, all of them passed yet."""
    rules, whole = _rules(report, OF_OPERATIONS), _rules(report, OF_DOCUMENTS)
    operations = dict.fromkeys(document.operations)
    group = _itself if len(operations) * len(rules) <= MOST else _group
    named = dict.fromkeys(map(group, rules))
    cases = {(operation, name): Case(operation, name) for operation in operations for name in named}
    cases |= {(WHOLE, rule): Case(WHOLE, rule) for rule in whole}
    return Suite(document.uri, document.uri, cases, group)


def _group(rule: str) -> str:
    """``COD`` of ``COD002``."""
    return rule.rstrip("0123456789")


def _rules(report: Report, judged: Mapping[str, frozenset[str]]) -> list[str]:
    """The rules that are on and judge something of the kind that the command looks at there."""
    kinds = judged.get(report.command, frozenset())
    return sorted(
        id_ for id_ in report.rules if id_ in RULES and any(subject.__name__ in kinds for subject, _, _ in RULES[id_].judges)
    )


def _cases_of(finding: Finding, report: Report, suites: Mapping[str, Suite]) -> Iterator[Case]:
    """The cases that a finding belongs to: those of its sites."""
    for site in finding.sites or (Site(finding.operation, finding.location, finding.fingerprint),):
        home = report.homes.get(site.fingerprint, tidy(site.location.uri))
        suite = suites.get(home)
        if suite is None or (WHOLE, finding.rule) not in suite.cases:  # a rule about all documents, whatever stands there
            suite = suites[""]
        yield suite.case(site.operation or WHOLE, finding.rule)


def _skip(one: Unknown, suites: Mapping[str, Suite]) -> None:
    """Says of a case that something in it could not be checked. Nothing is added where there is no such case."""
    suite = suites.get(tidy(one.location.uri))
    if suite is not None:
        case = suite.cases.get((one.operation or WHOLE, suite.group(one.rule)))
        if case is not None and not case.skipped:
            case.skipped = one.why


def _totals(suite: Suite, report: Report) -> tuple[int, int, int, int]:
    """Tests, failures, errors and skipped ones of a suite."""
    failures = sum(1 for case in suite.cases.values() if _failing(case, report))
    skipped = sum(1 for case in suite.cases.values() if case.skipped and not _failing(case, report))
    own = (1, int(_stopped(report))) if not suite.file else (0, 0)
    return len(suite.cases) + own[0], failures, own[1], skipped


def _counts(total: Iterable[int]) -> str:
    names = ("tests", "failures", "errors", "skipped")
    return " ".join(f'{name}="{number}"' for name, number in zip(names, total, strict=True)) + ' time="0"'


def _failing(case: Case, report: Report) -> list[Finding]:
    return [finding for finding in case.found if finding.fingerprint in report.failing]


def _stopped(report: Report) -> bool:
    return report.outcome not in ("clean", "findings")


def _ended(report: Report) -> str:
    """The case that says whether the run came to its end; what stopped it is an error, and no failure."""
    head = f'<testcase classname="errlint" name="{_attribute(report.command)}" time="0"'
    if not _stopped(report):
        return f"{head}/>\n"
    told = report.reason or report.outcome
    return f'{head}><error message="{_attribute(told)}" type="{report.outcome}">{_text(told)}</error></testcase>\n'


def _case(case: Case, suite: Suite, report: Report, view: View) -> str:
    failing = _failing(case, report)
    shown = failing[0] if failing else case.found[0] if case.found else None
    head = f'<testcase classname="{_attribute(_class(case, suite))}" name="{_attribute(_name(case))}" time="0"'
    file = in_repository(shown.location.uri if shown else suite.file, view)
    if file:
        head += f' file="{_attribute(file)}"'
        if shown is not None and shown.location.line:
            head += f' line="{shown.location.line}"'
    body = ""
    if failing:
        message = failing[0].message + (f" (and {len(failing) - 1} more)" if len(failing) > 1 else "")
        kinds = " ".join(dict.fromkeys(finding.rule for finding in failing))
        told = "\n\n".join(_told(finding, case.operation) for finding in failing)
        body = f'<failure message="{_attribute(message)}" type="{_attribute(kinds)}">{told}</failure>'
    elif case.skipped:
        body = f'<skipped message="{_attribute(case.skipped)}"/>'
    others = [finding for finding in case.found if finding not in failing]
    if others:
        body += f"<system-out>{chr(10).join(_told(finding, case.operation) for finding in others)}</system-out>"
    return f"{head}>{body}</testcase>\n" if body else f"{head}/>\n"


def _class(case: Case, suite: Suite) -> str:
    """``openapi_yaml.GET /models/{id}``: Jenkins takes what stands before the last full stop for a package."""
    own = (suite.file or suite.name).replace(".", "_")
    return f"{own}.{case.operation.replace('.', '_')}" if case.operation else f"{own}.{'document' if suite.file else 'run'}"


def _name(case: Case) -> str:
    rule = RULES.get(case.rule)
    return f"{case.rule} {rule.name}" if rule is not None else case.rule


def _told(finding: Finding, operation: str) -> str:
    """One finding: message, place, what to do, how to see it again."""
    site = next((one for one in finding.sites if one.operation == operation), None)
    at = site.location if site is not None else finding.location
    place = at.uri + (f":{at.line}" if at.line else "") + (f":{at.column}" if at.line and at.column else "")
    why = f" (suppressed: {finding.suppressed})" if finding.suppressed is not None else ""
    lines = [f"{finding.severity} {finding.rule}{why}: {finding.message}", f"at {place}"]
    lines += [f"help: {finding.help}"] if finding.help else []
    lines += [finding.reproduce] if finding.reproduce else []
    return "\n".join(map(_text, lines))


_NO_XML = re.compile("[\ufffe\uffff]")
"""What XML 1.0 forbids, section 2.2, beside what is made visible anyway (controls, lone surrogates)."""


def _text(text: str) -> str:
    """Text in an element, one line of it."""
    shown = _NO_XML.sub("\ufffd", visible(text))
    shown = shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _attribute(text: str) -> str:
    return _text(text).replace('"', "&quot;")
