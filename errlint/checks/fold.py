"""Folding: one root cause is one finding, however many places show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice

from errlint.checks.prints import LIVE, digest, fingerprint_of, print_of, status_of, tidy
from errlint.checks.raised import Raised, Verdicts
from errlint.checks.words import cut
from errlint.model.exchange import Request
from errlint.model.finding import Finding, Location, Severity, Site
from errlint.model.record import field, mutable, replace

FEW = 2
"""Up to this many sites are told one by one; more are one finding."""

POLICY = 0.8
"""Above this share of all the places a rule applies to, a hole is a policy: it is told once, one severity lower."""

SLIP = 0.2
"""Below this share a hole is a slip: the message says which operations it is about."""

SHOWN = 3
"""Requests that a finding keeps, so that they can be sent again."""

NAMED = 3
"""Operations that the message of a slip names; the others stand among the finding's operations."""


def findings(verdicts: Verdicts, document: str, known: Iterable[str] = ()) -> tuple[Finding, ...]:
    """The findings of one document or run, folded and sorted by place; ``document`` is its uri.

    What is suppressed is told apart, each reason for itself; ``known`` are the reasons that say "not new". How bad a hole is
    depends on all the places that have it, suppressed or not.
    """
    groups: dict[tuple[str, ...], dict[str | None, Hits]] = {}
    for raised in verdicts.raised:
        parts = groups.setdefault(group_of(raised), {})
        if raised.suppressed not in parts:
            parts[raised.suppressed] = Hits()
        parts[raised.suppressed].add(fingerprint_of(raised), raised)
    found: list[Finding] = []
    for parts in groups.values():
        if len(parts) > 1:
            found.extend(_in_parts(parts, verdicts.population, document, frozenset(known)))
        else:
            found.extend(one for part in parts.values() for one in _told(part, verdicts.population, document))
    return tuple(sorted(_distinct(found), key=_order))


@mutable
class Hits:
    """Hits of one kind of fault by their fingerprint, in order."""

    by_print: dict[str, list[Raised]] = field(default_factory=dict)

    def add(self, fingerprint: str, raised: Raised) -> None:
        """Adds a hit, before anything else is asked."""
        self.by_print.setdefault(fingerprint, []).append(raised)

    @cached_property
    def every(self) -> list[Raised]:
        """The hits, equal ones beside each other."""
        return [raised for together in self.by_print.values() for raised in together]

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """All the places that they stand for, each once: a baseline that knows them all lets only a new one fail."""
        return tuple(site for fingerprint, together in self.by_print.items() for site in _sites(fingerprint, together))


Population = Counter[tuple[str, str]]
"""To how many places a rule applied, by its id and the type of its subjects."""


def _together(parts: Iterable[Hits]) -> Hits:
    whole = Hits()
    for part in parts:
        for fingerprint, together in part.by_print.items():
            for raised in together:
                whole.add(fingerprint, raised)
    return whole


def _in_parts(
    parts: Mapping[str | None, Hits], population: Population, document: str, known: frozenset[str]
) -> Iterator[Finding]:
    """The findings of one kind of fault that is suppressed here and not there."""
    whole = _together(parts.values())
    olds = _together(part for reason, part in parts.items() if reason in known)
    folds = _folds(whole)
    lowered = folds and _is_policy(whole, population)
    for reason, hits in parts.items():
        told = _told(hits, population, document, lowered)
        yield from _as_new(told, olds) if reason is None and olds.by_print and folds else told


def _told(hits: Hits, population: Population, document: str, lowered: bool = False) -> list[Finding]:
    if _folds(hits):
        return [_folded(hits, population, document, lowered)]
    return [_single(fingerprint, raised, lowered) for fingerprint, raised in hits.by_print.items()]


def _as_new(told: list[Finding], olds: Hits) -> list[Finding]:
    """The findings, saying how many of the places are new."""
    new, old = sum(len(one.sites) for one in told), len(olds.sites)
    return [replace(one, message=f"{one.message} ({new} new of {new + old} places)") for one in told]


def _distinct(found: Iterable[Finding]) -> Iterable[Finding]:
    """The findings, each fingerprint once: of two that differ in severity alone the worse one."""
    table: dict[tuple[str, str | None], Finding] = {}
    for finding in found:
        key = (finding.fingerprint, finding.suppressed)
        known = table.setdefault(key, finding)
        if finding.severity > known.severity:
            table[key] = finding
    return table.values()


def _order(finding: Finding) -> tuple[object, ...]:
    return (-finding.severity, finding.location.uri, finding.rule, finding.location.pointer, finding.fingerprint)


def group_of(raised: Raised) -> tuple[str, ...]:
    """What makes faults equal: they are one finding when more than a few places show them."""
    rule, hit, unit = raised.rule, raised.hit, raised.unit
    always = (rule.id, str(raised.severity))
    if rule.id.startswith("CAT"):
        return (*always, fingerprint_of(raised))
    if hit.cause:
        return (*always, unit.witness, hit.cause)
    if rule.folds and unit.witness not in LIVE:
        return always
    if rule.folds:
        return (*always, status_of(raised) or "", hit.layer or "")
    return (*always, unit.witness, hit.code or "", status_of(raised) or "", hit.layer or "", hit.detail)


def _folds(hits: Hits) -> bool:
    if len(hits.by_print) == 1:
        return False
    return hits.every[0].unit.witness in (*LIVE, "catalog") or len(hits.sites) > FEW


def _sites(fingerprint: str, together: Iterable[Raised]) -> Iterable[Site]:
    """The places that equal hits stand for."""
    sites: dict[tuple[str | None, Location], Site] = {}
    for raised in together:
        unit = raised.unit
        if not unit.uses:
            at = raised.hit.at or unit.location
            code = raised.hit.code if raised.hit.breaking is not None else None
            sites.setdefault((unit.operation, at), Site(unit.operation, at, fingerprint, code))
        for operation, at in unit.uses:
            if (operation, at) not in sites:
                sites[operation, at] = Site(operation, at, print_of(fingerprint, operation, at))
    return sites.values()


def _single(fingerprint: str, together: list[Raised], lowered: bool = False) -> Finding:
    first, sites = together[0], tuple(_sites(fingerprint, together))
    count = max(_repeats(together), len(sites))
    severity = _lower(first.severity) if lowered else first.severity
    alike = all(raised.hit.aside == first.hit.aside for raised in together)
    message = first.hit.message if alike else first.hit.message.replace(first.hit.aside, "", 1)
    return _finding(first, severity, message, sites, count, fingerprint, _anchors(together), _requests(together))


def _lower(severity: Severity) -> Severity:
    return Severity(max(severity - 1, Severity.NOTE))


def _total(hits: Hits, population: Population) -> int:
    """The number of places that a rule applies to where these hits are."""
    rule = hits.every[0].rule.id
    applied = sum(population[rule, subject] for subject in {raised.subject for raised in hits.every})
    return max(applied, len(hits.sites))


def _is_policy(hits: Hits, population: Population) -> bool:
    """Whether nearly all places that the rule applies to have the hole."""
    first = hits.every[0]
    if not first.rule.folds or first.unit.witness != "schema":
        return False
    return len(hits.sites) > POLICY * _total(hits, population)


def _folded(hits: Hits, population: Population, document: str, lowered: bool = False) -> Finding:
    first, number, total = hits.every[0], len(hits.sites), _total(hits, population)
    severity = _lower(first.severity) if lowered or _is_policy(hits, population) else first.severity
    message = first.hit.message
    if first.hit.merged:
        share = _repeats(hits.every) if first.unit.witness in LIVE else number
        message = _worded(first.hit.merged, number, share, total, hits.every)
        if first.rule.folds and first.unit.witness == "schema" and number < SLIP * total:
            message += _named(hits.sites)
    anchors = _anchors(hits.every)
    if not first.hit.merged and first.unit.witness not in LIVE and len(anchors) > 1:
        message = f"{message} ({len(anchors)} places)"
    count, fingerprint = max(_repeats(hits.every), number), digest(("fold", tidy(document), *group_of(first)))
    return _finding(first, severity, message, hits.sites, count, fingerprint, anchors, _requests(hits.every))


def _worded(merged: str, number: int, share: int, total: int, hits: list[Raised]) -> str:
    """The message of several hits at a number of places, which are a share of all: of a live run's answers.

    A sentence that says what is not there has ``{who} ... {declare_no} ...``:
    "none of the 10 ... declares", "7 of the 10 ... declare no", "1 of the 10 ... declares no".
    """
    every = share == total
    return merged.format(
        n=number,
        total=total,
        share=f"all {total}" if every else f"{share} of the {total}",
        who=f"none of the {total}" if every else f"{share} of the {total}",
        declare_no="declares" if every else "declares no" if number == 1 else "declare no",
        codes=_codes(hits),
        layers=_layers(hits),
        statuses=", ".join(sorted({status for raised in hits if (status := status_of(raised))})),
    )


def _named(sites: Iterable[Site]) -> str:
    """The operations of a slip, to end a message with: whoever forgot a few wants to know which."""
    names = list(dict.fromkeys(site.operation for site in sites if site.operation))
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f": {', '.join(map(cut, names[:NAMED]))}{more}" if names else ""


def _anchors(together: Iterable[Raised]) -> tuple[Location, ...]:
    """The places where the fault itself stands, each once."""
    return tuple(dict.fromkeys(raised.hit.at or raised.unit.location for raised in together))


def _repeats(together: Iterable[Raised]) -> int:
    """The number of answers that hits stand for."""
    return sum(raised.unit.repeats for raised in together)


def _requests(together: Iterable[Raised]) -> tuple[Request, ...]:
    """The first few requests that the hits are answers to; each shows the fault."""
    found = {id(request): request for one in together for request in one.unit.requests}
    return tuple(islice(found.values(), SHOWN))


def _codes(every: Iterable[Raised]) -> str:
    """The first codes that hits are about, as a list for a message."""
    codes = list(dict.fromkeys(raised.hit.code for raised in every if raised.hit.code))
    return ", ".join(codes[:6]) + (f" and {len(codes) - 6} more" if len(codes) > 6 else "")


def _layers(every: Iterable[Raised]) -> str:
    """The layers that hits are about: the name of one, or how many they are."""
    names = list(dict.fromkeys(raised.hit.layer for raised in every if raised.hit.layer))
    return f"layer {names[0]}" if len(names) == 1 else f"{len(names)} layers"


def _finding(
    raised: Raised,
    severity: Severity,
    message: str,
    sites: tuple[Site, ...],
    count: int,
    fingerprint: str,
    anchors: tuple[Location, ...],
    requests: tuple[Request, ...],
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
        related=hit.related if hit.breaking is None or len(sites) == 1 else (),
        operation=operations[0] if len(operations) == 1 else None,
        operations=operations,
        sites=sites,
        status=hit.status or status_of(raised),
        code=hit.code,
        layer=hit.layer,
        count=count,
        reproduce=unit.reproduce(requests[0]) if unit.reproduce is not None and requests else None,
        reproduced=raised.reproduced,
        requests=requests,
        request_id=unit.request_id,
        suppressed=raised.suppressed,
        anchors=anchors,
        breaking=hit.breaking,
    )
