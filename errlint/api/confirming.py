"""Findings, looked at once more: the request that showed a fault is sent again before the fault counts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING

from errlint.model.finding import Finding, Severity
from errlint.model.record import replace

if TYPE_CHECKING:
    from errlint.model.exchange import Request

MOST = 200
"""Requests that are sent again in one run."""

Again = Callable[["Request"], Collection[str] | None]
"""Sends a request of the run again: the fingerprints of the faults in its answer; None where it cannot be sent."""


def confirmed(findings: Iterable[Finding], again: Again, line: Callable[[Request], str]) -> list[Finding]:
    """The findings, each with how often it came back; one that does not is a note, whatever its rule says.

    A limit of the service (429) is none to be tried again at once.
    An interrupt leaves the rest as they are. ``line`` writes a request as a user can send it.
    """
    left = MOST
    told: list[Finding] = []
    known = list(findings)
    for number, finding in enumerate(known):
        counts = finding.severity > Severity.NOTE and finding.suppressed is None
        if not counts or finding.status == "429" or not finding.requests or len(finding.requests) > left:
            told.append(finding)
            continue
        try:
            one, sent = _confirmed(finding, again, line)
        except KeyboardInterrupt:
            return [*told, *known[number:]]
        told.append(one)
        left -= sent
    return told


def _confirmed(finding: Finding, again: Again, line: Callable[[Request], str]) -> tuple[Finding, int]:
    """(the finding with what came of its requests, how many were sent)."""
    known = {finding.fingerprint, *(site.fingerprint for site in finding.sites)}
    sent = 0
    for request in finding.requests:
        faults = again(request)
        if faults is None:
            continue
        sent += 1
        if known & set(faults):
            return replace(finding, reproduced="2 of 2", reproduce=line(request)), sent
    if not sent:
        return finding, 0
    message = f"{finding.message}; sent again, it was not seen (flaky)"
    return replace(finding, reproduced=f"1 of {1 + sent}", severity=Severity.NOTE, message=message), sent
