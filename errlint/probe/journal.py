"""What came of the requests of a run: observations in the order of the plan, whichever thread made them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from errlint.model.exchange import Observation, Request
from errlint.model.finding import Location
from errlint.model.record import field, mutable, replace
from errlint.model.spec import Declaration, Spec
from errlint.probe.observed import declared_types
from errlint.probe.trial import Trial
from errlint.probe.wire.sender import Answer

Place = tuple[int, ...]
"""The place of an exchange in the order of a run: the pass, the key in its lanes, the number of the follow-up."""

Listener = Callable[[Observation], None]


@mutable
class Entry:
    """One exchange: its place in the order, what was to be sent, and what was seen."""

    place: Place
    trial: Trial
    seen: Observation


@mutable
class Journal:
    """The exchanges of one run. ``listener`` is told each observation as it comes, by the thread that made it."""

    spec: Spec
    listener: Listener | None = None
    notes: list[str] = field(default_factory=list)
    closed: bool = False
    _entries: list[Entry] = field(default_factory=list)
    _trials: dict[int, Trial] = field(default_factory=dict)
    _declared: dict[str, list[Declaration]] = field(default_factory=dict)
    _bodies: dict[bytes, bytes] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def record(self, place: Place, trial: Trial, answer: Answer) -> None:
        """Keeps the answer to a request, or that its connection ended without one."""
        seen = self.observation(trial, answer)
        if answer.long:
            self.note(f"{trial.label or trial.request.method}: an answer is too long to be read: only its status was judged")
        with self._lock:
            if self.closed:
                return  # the run was interrupted while this one was under way
            body = self._bodies.setdefault(seen.body, seen.body)  # equal answers are kept once
            seen = replace(seen, body=body) if body is not seen.body else seen
            self._entries.append(Entry(place, trial, seen))
            self._trials[id(answer.request)] = trial
        if self.listener is not None:
            self.listener(seen)

    def observation(self, trial: Trial, answer: Answer) -> Observation:
        """An answer as the judge takes it."""
        operation = trial.operation
        return Observation(
            witness="live",
            location=operation.location if operation is not None else Location(self.spec.uri, ("paths",)),
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            operation=operation,
            media_types=declared_types(self._of(trial.label), answer.status),
            request=answer.request,
            dropped=answer.status is None,
            cut=answer.why if answer.failure == "timeout" else answer.cut,
            long=answer.long,
            started=answer.started,
            elapsed=answer.elapsed,
        )

    def _of(self, label: str | None) -> Sequence[Declaration]:
        if not self._declared:
            table: dict[str, list[Declaration]] = {}
            for declaration in self.spec.declarations:
                table.setdefault(declaration.operation.label, []).append(declaration)
            self._declared = table
        return self._declared.get(label or "", ())

    def note(self, line: str) -> None:
        """A line for the user; equal ones are told once."""
        if line not in self.notes:
            self.notes.append(line)

    def trial_of(self, request: Request) -> Trial | None:
        """What a request was made from, None for one of another run."""
        return self._trials.get(id(request))

    def close(self) -> None:
        """Takes nothing more."""
        with self._lock:
            self.closed = True

    @property
    def entries(self) -> list[Entry]:
        """All exchanges, in the order in which one thread would have made them."""
        with self._lock:
            return sorted(self._entries, key=lambda entry: entry.place)

    @property
    def latest(self) -> Observation | None:
        """What came last."""
        return self._entries[-1].seen if self._entries else None

    def __len__(self) -> int:
        return len(self._entries)
