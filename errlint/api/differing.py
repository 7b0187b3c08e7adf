"""``errlint catalog diff``: what changed between two versions of a contract, and what breaks clients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from errlint.api.contracts import Held, held
from errlint.api.inputs import contract
from errlint.api.sheet import Sheet, about_words
from errlint.checks.raised import Raised, Unit
from errlint.checks.rules import load_all
from errlint.checks.words import plural
from errlint.config import Settings
from errlint.errors import ConfigError
from errlint.match.align import compared as aligned
from errlint.match.plan import Plan
from errlint.match.shapes import shapes
from errlint.match.versions import advice
from errlint.model.change import Comparison, Contract, Versions
from errlint.model.finding import Changes, Finding, Report, Severity
from errlint.model.record import record, replace

VERSION = "VER009"


@record
class Diff:
    """The report of a comparison, and the comparison itself for a changelog."""

    report: Report
    compared: Comparison


def diff_contracts(
    old: str,
    new: str,
    settings: Settings | None = None,
    *,
    catalogs: Sequence[str] = (),
    revision: str = "",
    fail_on: Severity = Severity.ERROR,
    breaking: bool = False,
) -> Diff:
    """Compares two catalogs, or two OpenAPI documents, each a file or ``REV:PATH``.

    ``revision`` says that ``old`` is the file as that git revision has it. ``catalogs`` tell where the documents' codes stand.
    ``breaking`` fails at whatever breaks clients, announced or not, besides ``fail_on``.
    Raises: LoadError for what cannot be read, ConfigError for a pair that cannot be compared.
    """
    by = cache(lambda: contract(catalogs))
    left, right = held(old, by, revision), held(new, by)
    _refuse_mixed(left.contract, right.contract)
    compared = aligned(left.contract, right.contract)
    if not left.contract.document:
        names = {one.old: one.new for one in compared.renamed}
        compared = replace(compared, shapes=shapes(left.contract.catalog, right.contract.catalog, names))
    settings = settings or Settings()
    load_all()
    report = _judged(compared, left, right, settings, fail_on)
    breaks = frozenset(finding.fingerprint for finding in report.findings if breaking and _breaks(finding))
    if breaks:
        outcome = "findings" if report.outcome == "clean" else report.outcome
        report = replace(report, outcome=outcome, failing=report.failing | breaks)
    return Diff(report, compared)


def _refuse_mixed(old: Contract, new: Contract) -> None:
    if old.document == new.document:
        return
    catalog, document = (new, old) if old.document else (old, new)
    raise ConfigError(
        f"{catalog.name} is a catalog and {document.name} an OpenAPI document: two versions of one kind are compared",
        hint=f"errlint lint {document.name} --catalog {catalog.name} holds one against the other",
    )


def _breaks(finding: Finding) -> bool:
    return bool(finding.breaking) and finding.suppressed is None


def _judged(compared: Comparison, left: Held, right: Held, settings: Settings, fail_on: Severity) -> Report:
    severities = settings.severities(with_catalog=True)
    sheet = Sheet()
    sheet.sources.update(left.sources)
    sheet.holds(right.file)
    sheet.sources.update(right.sources)
    about_words(sheet, settings, Plan(compared.new.catalog, dict), severities)
    new = compared.new

    def lowered(raised: list[Raised]) -> list[Raised]:
        """The hits, none worse than a user wants who takes a rule less seriously than its default."""
        asked = {one.rule.id: severities[one.rule.id] for one in raised if severities[one.rule.id] < one.rule.severity}
        return [replace(one, severity=min(one.severity, asked.get(one.rule.id, Severity.ERROR))) for one in raised]

    units = [
        Unit((subject,), "catalog", new.catalog.location, _owner(new))
        for subject in (*compared.renamed, *compared.opened, *compared.changes, *compared.shapes)
    ]
    levels = {id_: level for id_, level in severities.items() if id_ != VERSION}
    sheet.judge(units, compared, levels, new.name, settings.options, check=lowered)
    versions = _counted(compared, sheet.findings)
    last = Unit((versions,), "catalog", versions.location, _owner(new))
    sheet.judge([last], compared, severities, new.name, settings.options, check=lowered)
    sheet.judged = len(compared.changes) + len(compared.shapes)
    read = [f"{_shown(compared.old)} -> {_shown(compared.new)}"]
    report = sheet.report("catalog diff", fail_on, read=read, notes=[*_unseen(compared.old), *_unseen(compared.new)])
    found = advice(versions)
    changes = Changes(
        compared.old.name,
        new.name,
        versions.breaking,
        versions.added + versions.other,
        versions.old,
        versions.new,
        found.advised,
        found.verdict,
        partial=any(id_.startswith("VER") and not level for id_, level in severities.items()),
    )
    return replace(report, changes=changes)


def _unseen(side: Contract) -> Iterator[str]:
    """What of a document could not be compared, and why."""
    if side.unread:
        told = f"{plural(side.unread, 'error response')} of {side.name}"
        hint = "" if side.layered else "; --catalog FILE tells where their codes stand"
        yield f"Not checked: {told} (like no known envelope{hint})."
    free = frozenset().union(*side.open.values())
    if free:
        yield f"Not checked: the codes of {plural(len(free), 'operation')} of {side.name} (any string is allowed)."


def _owner(side: Contract) -> str:
    return side.catalog.service or side.name


def _shown(side: Contract) -> str:
    number = len(side.catalog.codes)
    noun = "code" if side.document else "entry" if number == 1 else "entries"
    return f"{side.name} ({plural(number, noun) if side.document else f'{number} {noun}'})"


def _counted(compared: Comparison, findings: Iterable[Finding]) -> Versions:
    """How many changes there are that count, by what they ask of a version number."""
    told = [finding for finding in findings if finding.breaking is not None and finding.suppressed is None]
    breaking = sum(len(finding.sites) for finding in told if finding.breaking)
    added = sum(
        len(finding.sites) for finding in told if not finding.breaking and finding.rule in ("VER002", "VER003", "VER011")
    )
    other = sum(len(finding.sites) for finding in told) - breaking - added
    return Versions(compared.old.version, compared.new.version, breaking, added, other, compared.new.version_at)
