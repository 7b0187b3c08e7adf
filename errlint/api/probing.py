"""``errlint probe``: observes what a running service answers, and judges it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from errlint.api.confirming import confirmed
from errlint.api.judging import Case, Reader, judged, notes_of, prepared, units_of
from errlint.checks.prints import fingerprint_of
from errlint.checks.words import plural
from errlint.config import Settings
from errlint.errors import ConfigError
from errlint.load.source import Document
from errlint.model.finding import Finding, Report, Severity
from errlint.model.record import replace

if TYPE_CHECKING:
    from errlint.checks.raised import Raised, Unit
    from errlint.match.answer import Answer
    from errlint.model.exchange import Observation, Request
    from errlint.probe.har import Recording
    from errlint.probe.observed import Observed
    from errlint.probe.options import Options
    from errlint.probe.plan import Plan
    from errlint.probe.session import Session

Progress = Callable[[str, int, int, int], None]
"""Told before each request: what is asked, how many requests were sent, how many there may be, how many faults were found."""


def plan_of(
    source: str | Document,
    options: Options,
    catalog: Sequence[str] = (),
    settings: Settings | None = None,
    *,
    root: str | None = None,
) -> Plan:
    """What ``probe`` would send; nothing is sent. Raises: LoadError, ConfigError."""
    from errlint.probe.plan import plan
    from errlint.probe.recipes import sound

    case = prepared(source, catalog, settings, root)
    return plan(case.loaded.spec, options, sound(case.plan.codes, case.sheet.sources))


def probe(
    source: str | Document,
    options: Options,
    catalog: Sequence[str] = (),
    settings: Settings | None = None,
    *,
    fail_on: Severity = Severity.ERROR,
    min_coverage: float | None = None,
    root: str | None = None,
    planned: Callable[[Plan], None] | None = None,
    progress: Progress | None = None,
    record: str | None = None,
) -> Report:
    """Judges what a running service answers, against a file by name or a document that was read already.

    ``planned`` is told what will be sent, before it is. ``record`` is a file that all exchanges are written to, however the
    run ends.

    Raises: LoadError, ConfigError, ProbeError, InconclusiveError.
    """
    from errlint.probe.observe import session  # the sending half is imported by probes only
    from errlint.probe.recipes import sound

    case = prepared(source, catalog, settings, root)
    recipes = sound(case.plan.codes, case.sheet.sources)
    watch = _Watch(case, counting=progress is not None)
    told = watch.told(progress) if progress is not None else None
    kept = _recording(record)
    with session(case.loaded.spec, options, recipes=recipes, progress=told, listener=watch.saw) as run:
        watch.begin(run, kept)
        if planned is not None:
            planned(run.plan)
        seen, unwritten = None, ""
        try:
            seen = run.observe()
        finally:
            if kept is not None:
                unwritten = _written(kept, options.base_url, run.secrets, seen)
        notes = notes_of(seen)
        if (missing := watch.unsent(options.only)) and seen.stopped_by in ("", "limit"):
            raise ConfigError(f"no request of this run has the name {missing[0]}: were --seed and the other options the same?")

        def check(raised: list[Raised]) -> list[Raised]:
            found, gone = _asked(raised, options.only)
            found = confirmed(found, watch.again) if seen.stopped_by in ("", "limit") else found
            notes[:] = [
                *([unwritten] if unwritten else []),
                *notes_of(run.told_of_writes(seen)),
                *(watch.not_again(name) for name in gone),
            ]
            return found

        answers = watch.read(seen)
        read = [f"{plural(len(seen.observations), 'answer')} of {options.target}"]
        report = judged(
            case, seen, answers, read, notes,
            fail_on=fail_on, min_coverage=min_coverage, check=check, named=watch.with_handle, whole=not options.only,
        )  # fmt: skip
    return replace(report, outcome="unwritable") if unwritten else report


def _written(kept: Recording, base_url: str, secrets: Sequence[str], seen: Observed | None) -> str:
    """Writes a record; why it could not be, for a run that has a report all the same. Raises: ConfigError for one without."""
    try:
        kept.write(base_url, secrets, seen)
    except ConfigError as error:
        if seen is None:
            raise
        return f"The record is missing: {error.message}."
    return ""


def _recording(path: str | None) -> Recording | None:
    """The record that a run keeps, None where none is wanted. Raises: ConfigError where its file cannot be written."""
    if path is None:
        return None
    from errlint.probe.har import Recording

    kept = Recording(path)
    kept.check()
    return kept


class _Watch:
    """Looks at each answer as it comes, whichever thread brings it: records it, and counts the faults found so far.

    The user's secrets, and every token of the run, are masked before anything is judged, so that nothing can quote them.
    """

    def __init__(self, case: Case, counting: bool) -> None:
        self._case = case
        self._reader = Reader(case)
        self._counting = counting
        self._run: Session | None = None
        self._kept: Recording | None = None
        self._faults: set[tuple[str | None, ...]] = set()
        self._lock = threading.Lock()

    def begin(self, run: Session, kept: Recording | None) -> None:
        """The run that the answers come from, and where they are recorded."""
        self._run, self._kept = run, kept

    def saw(self, observation: Observation) -> None:
        """Takes note of one answer."""
        if self._kept is not None:
            self._kept.add(observation)
        if self._counting:
            with self._lock:
                found = self._reader.faults(self._masked(observation)) or {}
                worse = [one for one in found.values() if one.severity > Severity.NOTE]
                self._faults.update((one.rule.id, one.hit.code, one.unit.status) for one in worse)

    def told(self, progress: Progress) -> Callable[[str, int, int], None]:
        """The progress of the run, with the faults so far."""
        return lambda name, sent, most: progress(name, sent, most, len(self._faults))

    def read(self, seen: Observed) -> tuple[list[Unit], list[Answer]]:
        """All answers in order: the units to judge, and the answers as they were read."""
        return units_of((self._masked(one) for one in seen.observations), self._case)

    def again(self, request: Request) -> Collection[str] | None:
        """The fingerprints of the faults in the answer to a request that is sent again; None where it cannot be."""
        seen = self._run.again(request) if self._run is not None else None
        if seen is None:
            return None
        return self._reader.faults_of(self._reader.read(self._masked(seen))).keys()

    def _masked(self, observation: Observation) -> Observation:
        from errlint.probe.options import masked

        return masked(observation, self._run.secrets if self._run is not None else ())

    def unsent(self, only: Sequence[str]) -> list[str]:
        """The names that no request of this run has."""
        from errlint.probe.trial import handle

        entries = self._run.journal.entries if self._run is not None else []
        if self._run is None or self._run.courier.limits.sent > len(entries):
            return []  # one was sent and not answered
        sent = {handle(entry.trial.request) for entry in entries}
        return [name for name in only if name.partition("-")[2] not in sent]

    def not_again(self, name: str) -> str:
        """That a finding was not seen again, with the request that was sent for it, and what it is answered now."""
        from errlint.probe.trial import handle

        entries = self._run.journal.entries if self._run is not None else []
        for entry in reversed(entries):
            request, status = entry.trial.request, entry.seen.status
            if handle(request) == name.partition("-")[2]:
                asked = f"{entry.trial.label or request.method} ({request.stimulus})"
                return f"{name} was not seen again: {asked} is answered {status or 'nothing'} now."
        return f"{name} was not seen again."

    def with_handle(self, finding: Finding) -> Finding:
        """A finding of an answer, with what ``--only`` takes to send its request again."""
        from errlint.probe.trial import handle

        trial = self._run.journal.trial_of(finding.requests[0]) if self._run is not None and finding.requests else None
        if trial is None or trial.written or trial.chained:
            return finding
        own = finding.sites[0].fingerprint if finding.sites else finding.fingerprint
        return replace(finding, again=f"{own}-{handle(trial.request)}")


def _asked(raised: Sequence[Raised], only: Sequence[str]) -> tuple[list[Raised], list[str]]:
    """(the hits that were asked for, the names of those that did not come); all and none where nothing was asked for."""
    if not only:
        return list(raised), []
    prints = {name: name.partition("-")[0] for name in only}
    known = [(one, fingerprint_of(one)) for one in raised]
    kept = [one for one, fingerprint in known if fingerprint in prints.values()]
    seen = {fingerprint for _, fingerprint in known}
    return kept, [name for name, fingerprint in prints.items() if fingerprint not in seen]
