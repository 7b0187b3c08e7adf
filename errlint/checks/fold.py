"""Folding: one root cause is one finding, however many places show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from errlint.checks.judge import Raised, Verdicts
from errlint.model import pointer as pointers
from errlint.model.finding import Finding, Location, Severity, Site

FEW = 2
"""Up to this many sites are told one by one; more are one finding."""

POLICY = 0.8
"""Above this share of all the places a rule applies to, a hole is a policy: it is told once, one severity lower."""


def findings(verdicts: Verdicts, document: str) -> tuple[Finding, ...]:
    """The findings of one document or run, folded and sorted by place; ``document`` is its uri."""
    groups: dict[tuple[str, ...], dict[str, list[Raised]]] = {}
    for raised in verdicts.raised:
        groups.setdefault(_group(raised), {}).setdefault(_fingerprint(raised), []).append(raised)
    found: list[Finding] = []
    for distinct in groups.values():
        if _folds(distinct):
            found.append(_folded(distinct, verdicts.population, document))
        else:
            found.extend(_single(fingerprint, raised) for fingerprint, raised in distinct.items())
    return tuple(sorted(_distinct(found), key=_order))


def _distinct(found: Iterable[Finding]) -> Iterable[Finding]:
    """The findings, each fingerprint once: of two that differ in severity alone the worse one."""
    table: dict[str, Finding] = {}
    for finding in found:
        known = table.setdefault(finding.fingerprint, finding)
        if finding.severity > known.severity:
            table[finding.fingerprint] = finding
    return table.values()


def _order(finding: Finding) -> tuple[object, ...]:
    return (-finding.severity, finding.location.uri, finding.rule, finding.location.pointer, finding.fingerprint)


def _status(raised: Raised) -> str | None:
    if raised.hit.shared:
        return raised.hit.status
    return raised.hit.status or raised.unit.status


def _group(raised: Raised) -> tuple[str, ...]:
    """What makes faults equal: they are one finding when more than a few places show them."""
    rule, hit, unit = raised.rule, raised.hit, raised.unit
    always = (rule.id, str(raised.severity), *(("suppressed", raised.suppressed) if raised.suppressed is not None else ()))
    if rule.id.startswith("CAT"):
        return (*always, _fingerprint(raised))
    if rule.folds and unit.witness not in LIVE:
        return always
    if rule.folds:
        return (*always, _status(raised) or "", hit.layer or "")
    return (*always, unit.witness, hit.code or "", _status(raised) or "", hit.layer or "", hit.detail)


LIVE = ("live", "test", "traffic")


def _folds(distinct: Mapping[str, list[Raised]]) -> bool:
    first = next(iter(distinct.values()))[0]
    if len(distinct) == 1:
        return False
    return first.unit.witness in LIVE or sum(len(_sites(raised)) for raised in distinct.values()) > FEW


def _digest(parts: Iterable[str]) -> str:
    try:
        from _blake2 import blake2b  # where hashlib has it from, without loading OpenSSL
    except ImportError:
        from hashlib import blake2b
    return blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


def _fingerprint(raised: Raised) -> str:
    """Rule, document, owner, status, media type, layer, code, detail, never a line: it survives moves and blank lines."""
    hit, unit = raised.hit, raised.unit
    owner = hit.owner or unit.owner
    if hit.shared and hit.at is not None:
        owner = f"{hit.at.uri}#{pointers.text(hit.at.pointer)}"
    media_type = "" if hit.shared else unit.media_type
    live = unit.witness if unit.witness in LIVE else ""
    told = (live, owner, _status(raised) or "", media_type, hit.layer or "", hit.code or "", hit.detail)
    uri = hit.at.uri if hit.shared and hit.at is not None else unit.location.uri
    kept = ("suppressed",) if raised.suppressed is not None else ()
    return _digest((raised.rule.id, uri, *told, *kept))


def _sites(together: Iterable[Raised]) -> tuple[Site, ...]:
    """All the places that hits stand for, each once: a baseline that knows them all lets only a new one fail."""
    sites: dict[tuple[str, str | None, Location], Site] = {}
    for raised in together:
        unit, fingerprint = raised.unit, _fingerprint(raised)
        if not unit.uses:
            at = raised.hit.at or unit.location
            sites.setdefault((fingerprint, unit.operation, at), Site(unit.operation, at, fingerprint))
        for operation, at in unit.uses:
            told = _digest((fingerprint, operation, pointers.text(at.pointer)))
            sites.setdefault((fingerprint, operation, at), Site(operation, at, told))
    return tuple(sites.values())


def _single(fingerprint: str, together: list[Raised]) -> Finding:
    first, sites = together[0], _sites(together)
    count = max(len(together), len(sites))
    return _finding(first, first.severity, first.hit.message, sites, count, fingerprint, _anchors(together))


def _folded(distinct: Mapping[str, list[Raised]], population: Counter[tuple[str, str]], document: str) -> Finding:
    every = [raised for together in distinct.values() for raised in together]
    first, sites = every[0], _sites(every)
    applied = sum(population[first.rule.id, subject] for subject in {raised.subject for raised in every})
    severity, total = first.severity, max(applied, len(sites))
    if first.rule.folds and first.unit.witness == "schema" and len(sites) > POLICY * total:
        severity = Severity(max(severity - 1, Severity.NOTE))
    message = first.hit.message
    if first.hit.merged:
        share = f"all {total}" if len(sites) == total else f"{len(sites)} of the {total}"
        message = first.hit.merged.format(n=len(sites), total=total, share=share, codes=_codes(every))
    elif first.unit.witness not in LIVE:
        message = f"{message} ({len(sites)} places)"
    count, fingerprint = max(len(every), len(sites)), _digest(("fold", document, *_group(first)))
    return _finding(first, severity, message, sites, count, fingerprint, _anchors(every))


def _anchors(together: Iterable[Raised]) -> tuple[Location, ...]:
    """The places where the fault itself stands, each once."""
    return tuple(dict.fromkeys(raised.hit.at or raised.unit.location for raised in together))


def _codes(every: Iterable[Raised]) -> str:
    """The first codes that hits are about, as a list for a message."""
    codes = list(dict.fromkeys(raised.hit.code for raised in every if raised.hit.code))
    return ", ".join(codes[:6]) + (f" and {len(codes) - 6} more" if len(codes) > 6 else "")


def _finding(
    raised: Raised,
    severity: Severity,
    message: str,
    sites: tuple[Site, ...],
    count: int,
    fingerprint: str,
    anchors: tuple[Location, ...],
) -> Finding:
    hit, unit = raised.hit, raised.unit
    operations = tuple(dict.fromkeys(site.operation for site in sites if site.operation))
    return Finding(
        rule=raised.rule.id,
        name=raised.rule.name,
        severity=severity,
        witness=unit.witness,
        message=message,
        location=hit.at or unit.location,
        fingerprint=fingerprint,
        related=hit.related,
        operation=operations[0] if len(operations) == 1 else None,
        operations=operations,
        sites=sites,
        status=hit.status or _status(raised),
        code=hit.code,
        layer=hit.layer,
        count=count,
        reproduce=unit.reproduce,
        request_id=unit.request_id,
        suppressed=raised.suppressed,
        anchors=anchors,
    )
