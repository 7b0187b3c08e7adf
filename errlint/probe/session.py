"""One probe of one service: the directed requests, the generated ones, and single requests once more."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from errlint.errors import ProbeError
from errlint.model.exchange import Observation, Request
from errlint.model.finding import Location
from errlint.model.record import replace
from errlint.model.spec import Spec
from errlint.probe.courier import Courier, Progress
from errlint.probe.gate import Gate
from errlint.probe.generated import Generator, Process
from errlint.probe.inconclusive import rate_limited, reason, second_user_unknown
from errlint.probe.journal import Journal, Listener
from errlint.probe.lanes import Key, serve
from errlint.probe.limits import StopError
from errlint.probe.observed import Observed
from errlint.probe.options import Options
from errlint.probe.plan import Plan
from errlint.probe.recipes import Player
from errlint.probe.router import Router
from errlint.probe.stateful import Sequences
from errlint.probe.stimuli.stress import enough
from errlint.probe.trial import Trial, handle, writes
from errlint.probe.wire.credentials import Credentials
from errlint.probe.wire.sender import Answer, Sender

_SPEAK_FOR_THEMSELVES = frozenset(("interrupted", "gone", "asked-to-wait", "credentials"))
"""Early ends that say enough about a run of which nothing can be judged."""

DIRECTED, RECIPES, GENERATED, SEQUENCES, STRESS = range(5)
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
        generating: Process | None = None,
        progress: Progress | None = None,
        listener: Listener | None = None,
    ) -> None:
        """``generating`` is a process that is getting ready to make the generated requests."""
        self.spec = spec
        self._generating = generating
        self.plan = plan
        self.options: Options = sender.options
        self.journal = Journal(spec, listener)
        self.gate = Gate(self.options, plan.scene.contract)
        self._router = Router(spec.operations)
        self.courier = Courier(sender, credentials, self.gate, self.journal, progress, self._may_follow)
        self.courier.planned = plan.most
        self.player = Player(plan.scene, plan.recipes)
        self.stopped: StopError | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """The texts that no output may hold, longest first: the user's, and every token of the run."""
        found = {*self.courier.credentials.secrets, *self.player.secrets}
        return tuple(sorted(found, key=lambda text: (-len(text), text)))

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
            self.courier.credentials.ready()
            if generator is not None:
                generator.start()  # it works while the directed requests are sent
            self._direct()
            self.player.play(self._played, self.courier.limits.left)
            if generator is not None:
                self._generate(generator)
            self._sequences()
            self._stress()
            if self.plan.cut:
                raise StopError("limit", f"the limit of {self.options.max_requests} requests was reached")
        except StopError as stop:
            self.stopped = stop
        except KeyboardInterrupt:
            self.courier.sender.stopping.set()
            self.stopped = StopError("interrupted", "interrupted")
        finally:
            if generator is not None:
                generator.close()
        self.journal.close()
        return self.result()

    def again(self, request: Request) -> Observation | None:
        """What comes of a request of this run when it is sent once more; None where that may write, or nobody is there."""
        return self.courier.again(request)

    def _may_follow(self, method: str, url: str) -> bool:
        """Whether a redirect to an address of the service may be followed: not to what is left out, nor to what may write."""
        path, base = urlsplit(url).path, self.options.base_path
        if not path.startswith(base):
            return True
        found = self._router.find(method, path[len(base) :]) or self._router.find("GET", path[len(base) :])
        return found is None or (found in self.plan.scene.operations and not writes(method, found))

    def _direct(self) -> None:
        """The directed pass: breadth first, in the order of the plan."""
        lanes, trials = self.plan.lanes(), self.plan.trials

        def rank(lane: int, turn: int) -> int:
            return lanes[lane][turn] if turn < len(lanes[lane]) else len(trials)

        def work(key: Key, trial: Trial) -> None:
            self.courier.attempt((DIRECTED, key[0], 0), trial)

        serve([(trials[index] for index in lane) for lane in lanes], work, self.options.concurrency, rank)

    def _played(self, trial: Trial) -> Answer:
        """The answer to one request of a recipe, recorded."""
        return self.courier.exchange((RECIPES, self.courier.limits.sent, 0, 0), trial)

    def _generator(self) -> Generator | None:
        """What makes the generated requests, None where none are wanted."""
        rooms = self.plan.rooms
        if not rooms:
            return None
        return Generator(self.plan.scene, rooms, self._generating, self.courier.limits.seconds_left)

    def _generate(self, generator: Generator) -> None:
        """The generated pass: one operation after the other, a few side by side."""
        lanes = [self._some(generator.trials(one), room) for one, room in generator.rooms()]

        def work(key: Key, trial: Trial) -> None:
            self.courier.attempt((GENERATED, *key[1:]), trial)

        serve(lanes, work, self.options.concurrency, lambda lane, turn: lane)
        from errlint.probe.unmade import notes

        for line in notes(generator.broken, self.spec.root.value):
            self.journal.note(line)

    def _some(self, trials: Iterator[Trial], room: int) -> Iterator[Trial]:
        """As many of the requests as the gate lets through; the others cost nothing."""
        for trial in trials:
            if self.plan.only and handle(trial.request) not in self.plan.only:
                continue
            if self.gate.would_admit(trial):
                room -= 1
            yield trial
            if room <= 0:
                return

    def _sequences(self) -> None:
        """The sequences, one request after the other: each takes its ids from answers before."""
        if not self.plan.chained:
            return

        def send(place: tuple[int, int], trial: Trial) -> Answer | None:
            return self.courier.step((SEQUENCES, *place), trial)

        sequences = Sequences(self.plan.scene, send, lambda: self.secrets)
        sequences.play()
        if sequences.note:
            self.journal.note(sequences.note)

    def _stress(self) -> None:
        """The requests beyond the usual ones go last, one by one: a limit that they reach keeps no other request back."""
        for number, trial in enumerate(self.plan.stress):
            if not enough(trial, self.journal.latest) and self.courier.admits(trial):
                self.courier.exchange((STRESS, number, 0), trial)

    def result(self) -> Observed:
        """What was seen. Raises: InconclusiveError, ProbeError."""
        from errlint.errors import InconclusiveError

        entries = self.journal.entries
        if self.courier.unsendable and self.stopped is None and not any(self.courier.limits.requests.values()):
            why = next(iter(self.courier.unsendable.values()))
            raise ProbeError(f"no request could be sent: {why}", Location(self.spec.uri, ("paths",)))
        observations = tuple(entry.seen for entry in entries)
        trials = [entry.trial for entry in entries]
        why = reason(self.spec, self.options, trials, observations) if not self.options.only else ""
        by = self.stopped.by if self.stopped is not None else ""
        if why and not self.options.accept_inconclusive and by not in _SPEAK_FOR_THEMSELVES:
            raise InconclusiveError(why)
        return Observed(
            observations=observations,
            requests=dict(self.courier.limits.requests),
            not_probed=self._not_probed(),
            withheld=dict(self.gate.withheld),
            **self._writes(),
            notes=(
                *(note for note in (why, second_user_unknown(trials, observations)) if note),
                *rate_limited(trials, observations, self.courier.limits.alone),
                *sorted(self.journal.notes),
                *self.courier.credentials.notes,
                *self.player.notes,
            ),  # threads know no order
            stopped=str(self.stopped or ""),
            stopped_by=by,
            excluded=self.plan.excluded,
            secrets=self.secrets,
            writes=self.options.writes,
            played=tuple(self.player.played),
            given=frozenset(name for name, _ in self.options.path_params),
        )

    def told_of_writes(self, seen: Observed) -> Observed:
        """What was seen, with the writes of the requests that were sent again since."""
        return replace(seen, **self._writes())

    def _writes(self) -> dict[str, tuple[str, ...]]:
        wrote = self._wrote()
        failed = tuple(label for label, done in wrote.items() if not done)
        return {"may_have_written": tuple(wrote), "failed_writes": failed}

    def _wrote(self) -> dict[str, bool]:
        """The operations that may have written, in the order of the document, and whether they were answered as done."""
        accepted, played = self.gate.accepted, self.player.wrote
        labels = dict.fromkeys(one.label for one in self.spec.operations if one.label in accepted.keys() | played.keys())
        return {label: accepted.get(label, False) or played.get(label, False) for label in (labels | played)}

    def _not_probed(self) -> dict[str, str]:
        """Why operations got no request, by label."""
        why = dict(self.plan.left_out)
        for operation in self.plan.scene.operations:
            label = operation.label
            if not self.courier.limits.requests.get(label):
                why[label] = self.plan.broken.get(label) or self._unsent(label)
        return why

    def _unsent(self, label: str) -> str:
        if label in self.courier.unsendable:
            return f"a request could not be sent: {self.courier.unsendable[label]}"
        if self.gate.withheld.get(label) and label not in self.plan.cut:
            held = "it writes, and no request to it is certain to be refused"
            return "it writes, and writes are switched off" if self.options.writes == "never" else held
        return str(self.stopped or "no request that errlint knows fits it")
