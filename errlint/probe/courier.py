"""One request out, and what follows from its answer: limits, the write gate, credentials, patience, redirects."""

from __future__ import annotations

import threading
from collections.abc import Callable
from urllib.parse import unquote, urljoin, urlsplit

from errlint.errors import ProbeError
from errlint.model.exchange import GONE, Observation, Request
from errlint.model.record import replace
from errlint.probe.gate import REFUSED, Gate
from errlint.probe.journal import Journal, Place
from errlint.probe.limits import Limits, StopError
from errlint.probe.trial import Trial
from errlint.probe.wire.credentials import Credentials
from errlint.probe.wire.sender import Answer, Sender

Progress = Callable[[str, int, int], None]
"""Told before each request: what is asked (``GET /models``), how many were sent, how many there may be at most."""

LONGEST_WAIT = 30.0
"""Seconds of Retry-After that are waited for."""

PATIENCE = (0.5, 1.0, 2.0, 4.0)
"""Seconds between the looks whether a service that dropped a connection is still there; a restart takes a few."""

GRACE = 30.0
"""Seconds beyond the time of a run in which findings may be looked at once more."""

HOPS = 5
"""Redirects that are followed one after the other."""

REDIRECTS = frozenset((301, 302, 303, 307, 308))


class Courier:
    """Carries the requests of one run, for several threads. ``unsendable`` says which could not be put on the wire, and why."""

    def __init__(
        self,
        sender: Sender,
        credentials: Credentials,
        gate: Gate,
        journal: Journal,
        progress: Progress | None = None,
        may_follow: Callable[[str, str], bool] = lambda method, url: True,
    ) -> None:
        """``may_follow`` says whether a redirect to a method and url may be followed, on the same origin."""
        self.options = sender.options
        self.sender = sender
        self.credentials = credentials
        self.gate = gate
        self.journal = journal
        self.limits = Limits(sender.options, sender.clock)
        self.progress = progress
        self.planned = sender.options.max_requests
        self.unsendable: dict[str, str] = {}
        self.may_follow = may_follow
        self._refused: set[str | None] = set()
        self._lock = threading.RLock()
        self._health = threading.Lock()
        self._looked = -1.0
        self._gone: Answer | None = None

    def attempt(self, place: Place, trial: Trial) -> None:
        """Sends one request if the gate and the limits let it through, and what follows from its answer. Raises: StopError."""
        if not self.limits.takes(trial.label):
            return
        if not self.admits(trial):
            return
        answer = self.exchange((*place, 0), trial)
        if answer.status in (429, 503):
            self._be_patient((*place, 1), trial, answer)
        elif answer.status in REDIRECTS:
            self._follow(place, trial, answer)

    def step(self, place: Place, trial: Trial) -> Answer | None:
        """The answer to a step of a sequence, None where it is held back; the limit of one operation does not hold for it.

        Raises: StopError.
        """
        if self.limits.left_alone(trial.label) or not self.admits(trial):
            return None
        answer = self.exchange((*place, 0), trial)
        if answer.status in (429, 503):
            self._be_patient((*place, 1), trial, answer)
        return answer

    def admits(self, trial: Trial) -> bool:
        """Whether the write gate lets a request out; a withheld one is counted."""
        with self._lock:
            return self.gate.admits(trial)

    def exchange(self, place: Place, trial: Trial) -> Answer:
        """Sends one request and records what came of it. Raises: StopError where the service is gone, ProbeError."""
        self.limits.spend(trial.label, beyond=trial.written)
        if self.progress is not None:
            name = trial.label or f"{trial.request.method} {trial.request.stimulus}"
            most = min(self.options.max_requests, self.planned)
            self.progress(name, self.limits.sent - 1, max(most, self.limits.sent))
        request = self.credentials.dressed(trial)
        # The first write of an operation shows whether it is refused: until then none is sent twice.
        once = True if request.writes and (trial.written or trial.label not in self._refused) else None
        answer = self.sender.send(request, once=once)
        if answer.failure == "unreachable" and self._looks_dead() is None:
            answer = self.sender.send(request, once=once)  # it was away for a moment
        if answer.failure == "refused-by-client":
            self.limits.unspend(trial.label)
        else:
            with self._lock:
                self.gate.saw(trial, answer.status)
                if request.writes and answer.status in REFUSED:
                    self._refused.add(trial.label)
        if answer.status is not None:
            self.journal.record(place, trial, answer)
        else:
            self._failed(place, trial, answer)
        if self.credentials.saw(trial, answer.status, request) and self.admits(trial):
            return self.exchange((*place, 0), trial)
        if answer.status == 401 and trial.identity == "user" and self.credentials.lost:
            raise StopError("credentials", self.credentials.lost)
        return answer

    def again(self, request: Request) -> Observation | None:
        """What comes of a request of this run when it is sent once more; None where that may write, or nobody is there."""
        trial = self.journal.trial_of(request)
        if trial is None or trial.written or trial.chained or self.limits.late(GRACE):
            return None
        with self._lock:
            if not self.gate.repeats(trial):
                return None
        answer = self.sender.send(self.credentials.dressed(trial))
        if answer.failure in ("unreachable", "refused-by-client"):
            return None
        with self._lock:
            self.gate.saw(trial, answer.status)
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
            raise ProbeError(f"{nothing} at {self.options.target}: {gone.why or gone.failure}")
        if answer.failure in ("dropped", "garbled"):
            last = f"{answer.cut or 'the connection was closed without an answer'}{GONE}"
            self.journal.record(place, trial, replace(answer, cut=last) if gone is not None else answer)
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
        if self.limits.takes(trial.label) and self.admits(trial):
            self.exchange(place, trial)

    def _follow(self, place: Place, trial: Trial, answer: Answer) -> None:
        """Asks where a redirect leads to, on the same origin only, and for reads only: what stands there answers too."""
        for hop in range(1, HOPS + 2):
            target = _target(answer)
            if trial.request.method not in ("GET", "HEAD") or target is None:
                return
            name = trial.label or trial.request.method
            why = self._unfollowed(target, trial.request.method)
            if hop > HOPS:
                why = f"{HOPS} redirects led nowhere ({trial.request.stimulus})"
            if why:
                self.journal.note(f"{name}: {why}")
                return
            trial = replace(trial, request=replace(trial.request, url=target, rejected=False, fault=""))
            if not self.limits.takes(trial.label) or not self.admits(trial):
                return
            answer = self.exchange((*place, hop), trial)
            if answer.status not in REDIRECTS:
                return

    def _unfollowed(self, target: str, method: str) -> str:
        """Why nobody asks where a redirect leads to, in words that quote no secret; empty where it is asked."""
        told = [secret for secret in self.credentials.secrets if secret.lower() in unquote(target).lower()]
        if not _same_origin(target, self.options.origin):
            host = urlsplit(target).hostname or "another place"
            return f"a redirect to {'another host' if told else host} was not followed"
        if told:
            return "a redirect that holds a secret was not followed"
        if not self.may_follow(method, target):
            return "a redirect to an operation that is not to be asked was not followed"
        return ""


def _target(answer: Answer) -> str | None:
    """The address that a redirect names, None where it names none that can be read."""
    location = answer.headers.get("location", "")
    try:
        return urljoin(answer.request.url, location).partition("#")[0] if location else None
    except ValueError:
        return None


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
