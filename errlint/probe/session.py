"""One probe of one service: the directed requests, the generated ones, and single requests once more."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from errlint.errors import ProbeError
from errlint.model.exchange import Observation, Request
from errlint.model.finding import Location
from errlint.model.record import replace
from errlint.model.spec import Spec
from errlint.probe.gate import Gate
from errlint.probe.inconclusive import reason, second_user_unknown
from errlint.probe.journal import Journal, Listener, Place
from errlint.probe.lanes import Key, serve
from errlint.probe.limits import Limits, StopError
from errlint.probe.observed import Observed
from errlint.probe.options import Options
from errlint.probe.plan import Plan
from errlint.probe.trial import UNSAFE, Trial
from errlint.probe.wire.credentials import Credentials
from errlint.probe.wire.sender import Answer, Sender

if TYPE_CHECKING:
    from errlint.probe.generated import Generator

Progress = Callable[[str, int, int], None]
"""Told before each request: what is asked (``GET /models``), how many were sent, how many there may be at most."""

LONGEST_WAIT = 30.0
"""Seconds of Retry-After that are waited for."""

PATIENCE = (0.5, 1.0, 2.0, 4.0)
"""Seconds between the looks whether a service that dropped a connection is still there; a restart takes a few."""

HOPS = 5
"""Redirects that are followed one after the other."""

REDIRECTS = frozenset((301, 302, 303, 307, 308))

_SPEAK_FOR_THEMSELVES = frozenset(("interrupted", "gone", "asked-to-wait", "credentials"))
"""Early ends that say enough about a run of which nothing can be judged."""

DIRECTED, RECIPES, GENERATED = range(3)
"""The passes of a run, in their order."""


class Session:
    """The state of one run: what was sent, seen and held back so far."""

    def __init__(
        self,
        spec: Spec,
        plan: Plan,
        sender: Sender,
        credentials: Credentials,
        *,
        progress: Progress | None = None,
        listener: Listener | None = None,
    ) -> None:
        self.spec = spec
        self.plan = plan
        self.options: Options = sender.options
        self.sender = sender
        self.credentials = credentials
        self.progress = progress
        self.gate = Gate(self.options, plan.scene.contract)
        self.journal = Journal(spec, listener)
        self.limits = Limits(self.options, sender.clock)
        self.unsendable: dict[str, str] = {}
        self.stopped: StopError | None = None
        self._lock = threading.RLock()
        self._health = threading.Lock()
        self._looked = -1.0
        self._gone: Answer | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """The texts that no output may hold, longest first: the user's, and every token of the run."""
        return self.credentials.secrets

    def observe(self) -> Observed:
        """Sends the plan, then the generated requests, until a limit is reached or a KeyboardInterrupt comes.

        Raises: ProbeError where nothing answers or there is nothing to probe, InconclusiveError.
        """
        if not self.plan.scene.operations:
            raise ProbeError(
                "there is nothing to probe: " + ("no operation is selected" if self.spec.operations else "no operations"),
                Location(self.spec.uri, ()),
            )
        self.gate.withheld.update(self.plan.withheld)
        for label, why in self.plan.broken.items():
            self.journal.note(f"{label}: {why}")
        generator = self._generator()
        try:
            self.credentials.ready()
            if generator is not None:
                generator.start()  # it works while the directed requests are sent
            self._direct()
            if generator is not None:
                self._generate(generator)
        except StopError as stop:
            self.stopped = stop
        except KeyboardInterrupt:
            self.sender.stopping.set()
            self.stopped = StopError("interrupted", "interrupted")
        finally:
            if generator is not None:
                generator.close()
        self.journal.close()
        return self.result()

    def _direct(self) -> None:
        """The directed pass: breadth first, in the order of the plan."""
        lanes, trials = self.plan.lanes(), self.plan.trials

        def rank(lane: int, turn: int) -> int:
            return lanes[lane][turn] if turn < len(lanes[lane]) else len(trials)

        def work(key: Key, trial: Trial) -> None:
            self.attempt((DIRECTED, key[0], 0), trial)

        serve([(trials[index] for index in lane) for lane in lanes], work, self.options.concurrency, rank)

    def _generator(self) -> Generator | None:
        """What makes the generated requests, None where none are wanted. Each operation has a share of what the plan leaves."""
        if not self.options.generated:
            return None
        from errlint.probe.generated import Generator

        reads = ("GET", "HEAD", "OPTIONS", "TRACE")
        wanted = [one for one in self.plan.scene.operations if self.options.writes != "never" or one.method.upper() in reads]
        planned = Counter(trial.label for trial in self.plan.trials)
        share = (self.options.max_requests - len(self.plan.trials)) // max(len(wanted), 1)
        most = self.options.max_requests_per_operation
        return Generator(self.plan.scene, {one.label: min(share, most - planned[one.label]) for one in wanted})

    def _generate(self, generator: Generator) -> None:
        """The generated pass: one operation after the other, a few side by side."""
        lanes = [self._some(generator.trials(one), room) for one, room in generator.rooms()]

        def work(key: Key, trial: Trial) -> None:
            self.attempt((GENERATED, *key[1:]), trial)

        serve(lanes, work, self.options.concurrency, lambda lane, turn: lane)
        for label, why in generator.broken.items():
            self.journal.note(f"{label}: no generated requests, because {why}")

    def _some(self, trials: Iterator[Trial], room: int) -> Iterator[Trial]:
        """As many of the requests as the gate lets through; the others cost nothing."""
        for trial in trials:
            if self.gate.would_admit(trial):
                room -= 1
            yield trial
            if room <= 0:
                return

    def attempt(self, place: Place, trial: Trial) -> None:
        """Sends one request if the gate and the limits let it through, and what follows from its answer. Raises: StopError."""
        if not self.limits.takes(trial.label):
            return
        with self._lock:
            if not self.gate.admits(trial):
                return
        answer = self.exchange((*place, 0), trial)
        if answer.status in (429, 503):
            self._be_patient((*place, 1), trial, answer)
        elif answer.status in REDIRECTS:
            self._follow(place, trial, answer)

    def exchange(self, place: Place, trial: Trial) -> Answer:
        """Sends one request and records what came of it. Raises: StopError where the service is gone, ProbeError."""
        self.limits.spend(trial.label)
        if self.progress is not None:
            name = trial.label or f"{trial.request.method} {trial.request.stimulus}"
            self.progress(name, self.limits.sent - 1, self.options.max_requests)
        request = self.credentials.dressed(trial)
        answer = self.sender.send(request)
        if answer.failure == "unreachable" and self._looks_dead() is None:
            answer = self.sender.send(request)  # it was away for a moment
        if answer.failure == "refused-by-client":
            self.limits.unspend(trial.label)
        else:
            with self._lock:
                self.gate.saw(trial, answer.status)
        if answer.status is not None:
            self.journal.record(place, trial, answer)
        else:
            self._failed(place, trial, answer)
        if self.credentials.saw(trial, answer.status, request) and self._admits(trial):
            return self.exchange((*place, 0), trial)
        if answer.status == 401 and trial.identity == "user" and self.credentials.lost:
            raise StopError("credentials", self.credentials.lost)
        return answer

    def again(self, request: Request) -> Observation | None:
        """What comes of a request of this run when it is sent once more; None where that may write, or nobody is there."""
        trial = self.journal.trial_of(request)
        if trial is None or (self.stopped is not None and self.stopped.by != "limit"):
            return None
        with self._lock:
            wrote = trial.request.method in UNSAFE and trial.label in self.gate.accepted
            if wrote or (trial.request.writes and self.gate.proof(trial) is None):
                return None
        answer = self.sender.send(self.credentials.dressed(trial))
        if answer.failure in ("unreachable", "refused-by-client"):
            return None
        return self.journal.observation(trial, answer)

    def _failed(self, place: Place, trial: Trial, answer: Answer) -> None:
        """Decides what a request without an answer means. Raises: StopError, ProbeError."""
        name = trial.label or trial.request.method
        if answer.failure == "refused-by-client":
            self.unsendable.setdefault(name, answer.why)
            self.journal.note(f"{name}: a request could not be sent: {answer.why}")
            return
        if answer.failure == "timeout":
            told = f"no answer within {self.options.timeout:g} s"
            self.limits.timed_out(name)
            self.journal.note(f"{name}: {told} ({trial.request.stimulus})")
            if self.sender.answered:
                if trial.request.rejected:  # what is refused needs no time; other requests may be slow by right
                    self.journal.record(place, trial, replace(answer, why=told))
                return
        if answer.failure == "garbled" and self.sender.answered:
            self.journal.record(place, trial, answer)
            return
        gone = self._looks_dead()
        if gone is not None and not self.sender.answered:
            nothing = "nothing answers in HTTP" if gone.failure == "garbled" else "nothing answers"
            raise ProbeError(f"{nothing} at {self.options.base_url}: {gone.why or gone.failure}")
        if answer.failure in ("dropped", "garbled"):
            self.journal.record(place, trial, answer)
        if gone is not None:
            why = f"the service stopped answering after {name} ({trial.request.stimulus}): {gone.why}"
            raise StopError("gone", why)

    def _looks_dead(self) -> Answer | None:
        """The last failure where a service does not answer a plain GET either, None where it does; one thread looks for all."""
        asked = self.sender.clock()
        with self._health:
            if self._looked >= asked:
                return self._gone
            self._gone = None
            for pause in (0.0, *(PATIENCE if self.sender.answered else ())):
                if pause:
                    self.sender.sleep(pause)
                answer = self.sender.alive()
                if answer.status is not None or (answer.failure == "garbled" and self.sender.answered):
                    break
            else:
                self._gone = answer
            self._looked = self.sender.clock()
            return self._gone

    def _be_patient(self, place: Place, trial: Trial, answer: Answer) -> None:
        """Waits as long as a 429 or 503 asks for, and asks once more (RFC 9110 section 10.2.3). Raises: StopError."""
        seconds = _seconds(answer.headers.get("retry-after", ""))
        if seconds is None:
            return
        if seconds > LONGEST_WAIT and answer.status == 429:
            raise StopError("asked-to-wait", f"the service asks to wait {seconds:g} seconds (429)")
        if seconds > LONGEST_WAIT or not self.limits.may_wait():
            self.limits.leave_alone(trial.label)
            return
        self.sender.hold(seconds)
        if self.limits.takes(trial.label) and self._admits(trial):
            self.exchange(place, trial)

    def _follow(self, place: Place, trial: Trial, answer: Answer) -> None:
        """Asks where a redirect leads to, on the same origin only, and for reads only: what stands there answers too."""
        for hop in range(1, HOPS + 2):
            target = urljoin(answer.request.url, answer.headers.get("location", ""))
            if trial.request.method not in ("GET", "HEAD") or not answer.headers.get("location"):
                return
            name = trial.label or trial.request.method
            if not _same_origin(target, self.options.origin):
                host = urlsplit(target).hostname or "another place"
                self.journal.note(f"{name}: a redirect to {host} was not followed")
                return
            if hop > HOPS:
                self.journal.note(f"{name}: {HOPS} redirects led nowhere ({trial.request.stimulus})")
                return
            trial = replace(trial, request=replace(trial.request, url=target.partition("#")[0]))
            if not self.limits.takes(trial.label) or not self._admits(trial):
                return
            answer = self.exchange((*place, hop), trial)
            if answer.status not in REDIRECTS:
                return

    def _admits(self, trial: Trial) -> bool:
        with self._lock:
            return self.gate.admits(trial)

    def result(self) -> Observed:
        """What was seen. Raises: InconclusiveError, ProbeError."""
        from errlint.errors import InconclusiveError

        entries = self.journal.entries
        if self.unsendable and self.stopped is None and not any(self.limits.requests.values()):
            why = next(iter(self.unsendable.values()))
            raise ProbeError(f"no request could be sent: {why}", Location(self.spec.uri, ("paths",)))
        observations = tuple(entry.seen for entry in entries)
        trials = [entry.trial for entry in entries]
        why = reason(self.spec, self.options, trials, observations)
        low = second_user_unknown(trials, observations)
        by = self.stopped.by if self.stopped is not None else ""
        if why and not self.options.accept_inconclusive and by not in _SPEAK_FOR_THEMSELVES:
            raise InconclusiveError(why)
        return Observed(
            observations=observations,
            requests=dict(self.limits.requests),
            not_probed=self._not_probed(),
            withheld=dict(self.gate.withheld),
            may_have_written=tuple(one.label for one in self.spec.operations if one.label in self.gate.accepted),
            notes=(
                *(note for note in (why, low) if note),
                *sorted(self.journal.notes),
                *self.credentials.notes,
            ),  # threads know no order
            stopped=str(self.stopped or ""),
            stopped_by=by,
            excluded=self.plan.excluded,
            secrets=self.secrets,
        )

    def _not_probed(self) -> dict[str, str]:
        """Why operations got no request, by label."""
        why = dict(self.plan.left_out)
        for operation in self.plan.scene.operations:
            label = operation.label
            if not self.limits.requests.get(label):
                why[label] = self.plan.broken.get(label) or self._unsent(label)
        return why

    def _unsent(self, label: str) -> str:
        if label in self.unsendable:
            return f"a request could not be sent: {self.unsendable[label]}"
        if self.gate.withheld.get(label):
            held = "it writes, and no request to it is certain to be refused"
            return "it writes, and writes are switched off" if self.options.writes == "never" else held
        return str(self.stopped or "no stimulus applies to it")


def _same_origin(url: str, origin: str) -> bool:
    """Whether a url stands on the origin of the service (RFC 6454); a port that the scheme implies is the same."""
    try:
        one, other = urlsplit(url), urlsplit(origin)
        ports = [part.port or {"http": 80, "https": 443}.get(part.scheme) for part in (one, other)]
    except ValueError:
        return False
    return (one.scheme, one.hostname) == (other.scheme, other.hostname) and ports[0] == ports[1] and "@" not in one.netloc


def _seconds(retry_after: str) -> float | None:
    """The seconds of a Retry-After header, None for a date or nothing."""
    text = retry_after.strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
