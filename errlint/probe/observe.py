"""A document and a running service -> observations: the directed requests first, then the generated ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from errlint.errors import InconclusiveError, ProbeError
from errlint.model.exchange import Observation
from errlint.model.finding import Location
from errlint.model.spec import Declaration, Spec
from errlint.probe.gate import Gate
from errlint.probe.inconclusive import reason
from errlint.probe.observed import Observed, StoppedBy, declared_types
from errlint.probe.options import Options
from errlint.probe.plan import plan
from errlint.probe.stimuli.stress import enough
from errlint.probe.trial import Trial
from errlint.probe.wire.sender import Answer, Sender

__all__ = ["Observed", "Progress", "observe"]

Progress = Callable[[str, int, int], None]
"""Told before each request: what is asked (``GET /models``), how many were sent, how many there may be at most."""

LONGEST_WAIT = 30.0
"""Seconds of Retry-After that are waited for."""

MOST_WAITS = 10
"""Waits in one run: a service that always asks for patience would eat the run's time."""

PATIENCE = (0.5, 1.0, 2.0)
"""Seconds between the looks whether a service that dropped a connection is still there."""

MOST_TIMEOUTS = 2
"""Requests of one operation that may go unanswered before its others are left out."""


class _StopError(Exception):
    """The run ends here, and why."""

    def __init__(self, by: StoppedBy, why: str) -> None:
        super().__init__(why)
        self.by = by


def observe(
    spec: Spec,
    options: Options,
    *,
    progress: Progress | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Observed:
    """Everything that a running service answered to the requests made from a document.

    ``clock`` and ``sleep`` are seconds. A KeyboardInterrupt gives what was seen so far, with ``stopped`` set.

    Raises: ProbeError where nothing answers or the document has nothing to probe; InconclusiveError where answers came
    that say nothing (no credentials worked, the wrong base path).
    """
    run = _Run(spec, options, Sender(options, clock=clock, sleep=sleep), progress)
    try:
        run.everything()
    except _StopError as stop:
        run.stopped_by, run.stopped = stop.by, str(stop)
    except KeyboardInterrupt:
        run.stopped_by, run.stopped = "interrupted", "interrupted"
    finally:
        run.sender.close()
    return run.result()


class _Run:
    """The state of one run: what was sent, seen and held back so far."""

    def __init__(self, spec: Spec, options: Options, sender: Sender, progress: Progress | None) -> None:
        self.spec = spec
        self.options = options
        self.sender = sender
        self.progress = progress
        self.plan = plan(spec, options)
        self.gate = Gate(options, self.plan.scene.contract)
        self.trials: list[Trial] = []
        self.observations: list[Observation] = []
        self.declared: dict[str, list[Declaration]] = {}
        for declaration in spec.declarations:
            self.declared.setdefault(declaration.operation.label, []).append(declaration)
        self.bodies: dict[bytes, bytes] = {}  # equal answers are kept once
        self.requests: dict[str, int] = {}
        self.timeouts: dict[str, int] = {}
        self.impatient: set[str] = set()
        self.notes: list[str] = []
        self.unsendable: dict[str, str] = {}
        self.stopped = ""
        self.stopped_by: StoppedBy = ""
        self.sent = 0
        self.waits = 0
        self.started = sender.clock()

    def everything(self) -> None:
        """Sends the plan, then the generated requests, until a limit is reached."""
        operations = self.plan.scene.operations
        if not operations:
            raise ProbeError(
                "there is nothing to probe: " + ("no operation is selected" if self.spec.operations else "no operations"),
                Location(self.spec.uri, ()),
            )
        self.gate.withheld.update(self.plan.withheld)
        self.notes += [f"{label}: {why}" for label, why in self.plan.broken.items()]
        for trial in self.plan.trials:
            self.attempt(trial)
        if self.options.generated:
            self.generate()
        self.stress()

    def stress(self) -> None:
        """The requests beyond the usual ones go last: a limit that they reach keeps no other request back."""
        for trial in self.plan.stress:
            if self.sent < self.options.max_requests and not enough(trial, self.observations) and self.gate.admits(trial):
                self.exchange(trial)

    def generate(self) -> None:
        """The generated pass: each operation gets its share of what is left."""
        from errlint.probe.engine import Engine

        engine = Engine(self.plan.scene)
        operations = self.plan.scene.operations
        for number, operation in enumerate(operations):
            share = (self.options.max_requests - self.sent) // (len(operations) - number)
            room = min(share, self.options.max_requests_per_operation - self.requests.get(operation.label, 0))
            if self.options.writes == "never" and operation.method.upper() not in ("GET", "HEAD", "OPTIONS", "TRACE"):
                continue
            self._send_some(engine.trials(operation, most=10**6), max(room, 0))
            if operation.label in engine.broken:
                self.notes.append(f"{operation.label}: no generated requests, because {engine.broken[operation.label]}")

    def _send_some(self, trials: Iterator[Trial], room: int) -> None:
        """Sends generated requests until so many got through the gate."""
        if room <= 0:
            return
        for trial in trials:
            before = self.sent
            self.attempt(trial)
            room -= self.sent - before
            if room <= 0:
                return

    def attempt(self, trial: Trial) -> None:
        """Sends one request if the gate and the limits let it through, and records the answer. Raises: _StopError."""
        label = trial.label
        if label is not None and (label in self.impatient or self.timeouts.get(label, 0) >= MOST_TIMEOUTS):
            return
        if label is not None and self.requests.get(label, 0) >= self.options.max_requests_per_operation:
            return
        if not self.gate.admits(trial):
            return
        if self.sent >= self.options.max_requests:
            raise _StopError("limit", f"the limit of {self.options.max_requests} requests was reached")
        if self.sender.clock() - self.started > self.options.max_time:
            raise _StopError("limit", f"the limit of {self.options.max_time:g} seconds was reached")
        answer = self.exchange(trial)
        if answer.status in (429, 503):
            self.be_patient(trial, answer)

    def exchange(self, trial: Trial) -> Answer:
        """Sends one request and records what came of it. Raises: _StopError where the service is gone, ProbeError."""
        if self.progress is not None:
            self.progress(
                trial.label or f"{trial.request.method} {trial.request.stimulus}", self.sent, self.options.max_requests
            )
        answer = self.sender.send(trial.request)
        self.sent += 1
        if trial.label is not None and answer.failure != "refused-by-client":
            self.requests[trial.label] = self.requests.get(trial.label, 0) + 1
        if answer.failure != "refused-by-client":
            self.gate.saw(trial, answer.status)
        if answer.status is not None:
            self.record(trial, answer)
        else:
            self.failed(trial, answer)
        return answer

    def record(self, trial: Trial, answer: Answer) -> None:
        """Makes an observation of an answer, or of a connection that ended without one."""
        operation = trial.operation
        place = operation.location if operation is not None else Location(self.spec.uri, ("paths",))
        self.trials.append(trial)
        self.observations.append(
            Observation(
                witness="live",
                location=place,
                status=answer.status,
                headers=answer.headers,
                body=self.bodies.setdefault(answer.body, answer.body),
                operation=operation,
                media_types=declared_types(self.declared.get(trial.label or "", ()), answer.status),
                request=answer.request,
                dropped=answer.status is None,
            )
        )

    def failed(self, trial: Trial, answer: Answer) -> None:
        """Decides what a request without an answer means. Raises: _StopError, ProbeError."""
        name = trial.label or trial.request.method
        if answer.failure == "refused-by-client":
            self.unsendable.setdefault(name, answer.why)
            self.notes.append(f"{name}: a request could not be sent: {answer.why}")
            return
        if answer.failure == "timeout":
            self.timeouts[name] = self.timeouts.get(name, 0) + 1
            self.notes.append(f"{name}: no answer within {self.options.timeout:g} s ({trial.request.stimulus})")
            if self.sender.answered:
                return
        if answer.failure == "garbled" and self.sender.answered:
            self.record(trial, answer)
            return
        gone = self.looks_dead(answer)
        if gone is not None and not self.sender.answered:
            nothing = "nothing answers in HTTP" if gone.failure == "garbled" else "nothing answers"
            raise ProbeError(f"{nothing} at {self.options.base_url}: {gone.why or gone.failure}")
        if answer.failure in ("dropped", "garbled"):
            self.record(trial, answer)
        if gone is not None:
            why = f"the service stopped answering after {name} ({trial.request.stimulus}): {gone.why}"
            raise _StopError("gone", why)

    def looks_dead(self, answer: Answer) -> Answer | None:
        """The last failure where a service does not answer a plain GET either, None where it does."""
        for pause in (0.0, *(PATIENCE if self.sender.answered else ())):
            if pause:
                self.sender.sleep(pause)
            answer = self.sender.alive()
            if answer.status is not None or (answer.failure == "garbled" and self.sender.answered):
                return None
        return answer

    def be_patient(self, trial: Trial, answer: Answer) -> None:
        """Waits as long as a 429 or 503 asks for, and asks once more (RFC 9110 section 10.2.3). Raises: _StopError."""
        seconds = _seconds(answer.headers.get("retry-after", ""))
        if seconds is None:
            return
        if seconds > LONGEST_WAIT and answer.status == 429:
            raise _StopError("asked-to-wait", f"the service asks to wait {seconds:g} seconds (429)")
        if seconds > LONGEST_WAIT or self.waits >= MOST_WAITS:
            self.impatient.add(trial.label or "")
            return
        self.waits += 1
        self.sender.sleep(seconds)
        if self.gate.admits(trial) and self.sent < self.options.max_requests:
            self.exchange(trial)

    def result(self) -> Observed:
        """What was seen. Raises: InconclusiveError, ProbeError."""
        if self.unsendable and not self.stopped and not any(self.requests.values()):
            why = next(iter(self.unsendable.values()))
            raise ProbeError(f"no request could be sent: {why}", Location(self.spec.uri, ("paths",)))
        why = reason(self.spec, self.options, self.trials, self.observations)
        if why and not self.options.accept_inconclusive and self.stopped_by not in ("interrupted", "gone", "asked-to-wait"):
            raise InconclusiveError(why)
        return Observed(
            observations=tuple(self.observations),
            requests=dict(self.requests),
            not_probed=self.not_probed(),
            withheld=dict(self.gate.withheld),
            may_have_written=tuple(self.gate.accepted),
            notes=tuple(dict.fromkeys([*([why] if why else []), *self.notes])),
            stopped=self.stopped,
            stopped_by=self.stopped_by,
            excluded=self.plan.excluded,
        )

    def not_probed(self) -> dict[str, str]:
        """Why operations got no request, by label."""
        why = dict(self.plan.left_out)
        for operation in self.plan.scene.operations:
            label = operation.label
            if not self.requests.get(label):
                why[label] = self.plan.broken.get(label) or self._unsent(label)
        return why

    def _unsent(self, label: str) -> str:
        if label in self.unsendable:
            return f"a request could not be sent: {self.unsendable[label]}"
        if self.gate.withheld.get(label):
            held = "it writes, and no request to it is certain to be refused"
            return "it writes, and writes are switched off" if self.options.writes == "never" else held
        return self.stopped or "no stimulus applies to it"


def _seconds(retry_after: str) -> float | None:
    """The seconds of a Retry-After header, None for a date or nothing."""
    text = retry_after.strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
