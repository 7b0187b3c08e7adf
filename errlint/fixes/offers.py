"""From findings to fixes: which fixer looks after which finding, and what is left alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from errlint.fixes.contract import NO_CATALOG
from errlint.fixes.fixers import FIXERS
from errlint.fixes.generated import SOURCE, is_generated
from errlint.fixes.registry import Case, CatalogCase, Names, Offer, Skip
from errlint.fixes.table import KINDS, fixable
from errlint.load.source import Document
from errlint.match.declared import Declared, reduce
from errlint.match.plan import Plan
from errlint.model.finding import Finding
from errlint.model.spec import Spec

Options = Mapping[str, Mapping[str, object]]


def of_documents(
    findings: Iterable[Finding],
    specs: Sequence[Spec],
    plan: Plan,
    documents: Mapping[str, Document],
    options: Mapping[str, Options],
    allowed: Iterable[str],
) -> Iterator[tuple[Finding, Offer]]:
    """Every finding about these documents with its fixes, or with why it has none.

    ``options`` are the rules' own, by document; ``allowed`` are the kinds of fix that were asked for.
    """
    kinds = set(allowed)
    names = Names()
    reduced: dict[str, tuple[Declared, ...]] = {}
    generated = {spec.uri: is_generated(documents[spec.uri]) for spec in specs}
    for finding in findings:
        if KINDS.get(finding.rule) not in kinds or not fixable(finding, True):
            continue
        for spec in _about(finding, specs):
            if not fixable(finding, bool(plan)):
                yield finding, NO_CATALOG
                continue
            if generated[spec.uri]:
                yield finding, Skip(SOURCE)
                continue
            if spec.uri not in reduced:
                reduced[spec.uri] = reduce(spec, plan)
            case = Case(finding, spec, tuple(specs), plan, reduced[spec.uri], documents, names, options.get(spec.uri, {}))
            for offer in FIXERS[finding.rule].offers(case):
                yield finding, offer


def _about(finding: Finding, specs: Sequence[Spec]) -> list[Spec]:
    """The documents whose business a finding is: those that it stands in, else those of the operations that it names."""
    places = {finding.location.uri, *(anchor.uri for anchor in finding.anchors), *(site.location.uri for site in finding.sites)}
    direct = [spec for spec in specs if spec.uri in places]
    if direct:
        return direct
    labels = {site.operation for site in finding.sites if site.operation}
    return [spec for spec in specs if any(operation.label in labels for operation in spec.operations)][:1]


def of_catalogs(
    findings: Iterable[Finding], documents: Mapping[str, Document], own: Iterable[str], allowed: Iterable[str]
) -> Iterator[tuple[Finding, Offer]]:
    """Every finding about a catalog with its fixes; ``own`` are the uris of files that the user named."""
    kinds, named = set(allowed), set(own)
    for finding in findings:
        if not finding.rule.startswith("CAT") or not fixable(finding, True) or KINDS[finding.rule] not in kinds:
            continue
        if finding.location.uri not in named:
            yield finding, Skip("the catalog is not yours to change")
            continue
        for offer in FIXERS[finding.rule].offers(CatalogCase(finding, documents)):
            yield finding, offer
