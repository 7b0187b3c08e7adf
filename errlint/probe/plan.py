"""What a probe is going to send: the directed requests, breadth first over the operations, and what it leaves out and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from errlint.match.route import selects
from errlint.model.spec import Operation, Spec
from errlint.probe.gate import Gate
from errlint.probe.options import Options
from errlint.probe.refusal import Contract
from errlint.probe.repertoire import load_all
from errlint.probe.scene import Scene
from errlint.probe.security import demanded, schemes
from errlint.probe.stimuli import Stimulus
from errlint.probe.trial import Trial


@dataclass(frozen=True, slots=True)
class Plan:
    """The directed requests in their order, before any answer: the same for the same document, options and seed.

    ``left_out`` are the operations that are not probed, and why. ``withheld`` counts the writes, by operation, that
    the gate holds back from the start; a service that accepts a write gets fewer than planned.
    """

    scene: Scene
    trials: tuple[Trial, ...]
    left_out: Mapping[str, str]
    withheld: Mapping[str, int]

    @property
    def writes(self) -> int:
        """The number of requests that would change something if they were not refused."""
        return sum(1 for trial in self.trials if trial.request.writes)

    def seconds(self, generated: int = 0) -> float | None:
        """How long sending takes at the least, None where no rate limits it."""
        pace = self.scene.options.pace
        return (len(self.trials) + generated) / pace if pace is not None else None


def plan(spec: Spec, options: Options) -> Plan:
    """The plan for a document. Pure: nothing is sent."""
    chosen, left_out = choose(spec, options)
    scene = Scene(spec, options, Contract(spec), schemes(spec), chosen)
    gate = Gate(options, scene.contract)
    counts: dict[str, int] = {}
    admitted: list[Trial] = []
    for trial in directed(scene):
        label = trial.label
        if label is not None and counts.get(label, 0) >= options.max_requests_per_operation:
            continue
        if not gate.admits(trial) or len(admitted) >= options.max_requests:
            continue
        admitted.append(trial)
        if label is not None:
            counts[label] = counts.get(label, 0) + 1
    return Plan(scene, tuple(admitted), left_out, gate.withheld)


def choose(spec: Spec, options: Options) -> tuple[tuple[Operation, ...], dict[str, str]]:
    """(the operations to probe, the others with the reason)."""
    chosen: list[Operation] = []
    left_out: dict[str, str] = {}
    for operation in spec.operations:
        if options.include and not _named(options.include, operation):
            left_out[operation.label] = "it is not included"
        elif _named(options.exclude, operation):
            left_out[operation.label] = "it is excluded"
        elif not operation.path.startswith("/"):
            left_out[operation.label] = "its path does not start with a slash"
        else:
            chosen.append(operation)
    return tuple(chosen), left_out


def _named(selectors: tuple[str, ...], operation: Operation) -> bool:
    return any(selects(selector, operation, operation.method, operation.path) for selector in selectors)


def directed(scene: Scene) -> Iterator[Trial]:
    """Every directed request, one stimulus after the other over all operations: a run that ends early has the breadth."""
    known = load_all().values()
    for kind in known:
        if kind.scope == "service":
            yield from kind.make(scene)
    for kind in known:
        if kind.scope == "operation":
            for operation in scene.operations:
                yield from kind.make(scene, operation)
        elif kind.scope == "scheme":
            yield from _schemes(scene, kind)


def _schemes(scene: Scene, kind: Stimulus) -> Iterator[Trial]:
    """One request per security scheme and one per tag, on reads where there are some: bad credentials may lock an account."""
    reads_first = sorted(scene.operations, key=lambda operation: operation.method.upper() not in ("GET", "HEAD"))
    tags: set[str] = set()
    for name, scheme in scene.schemes.items():
        takers = [found for found in reads_first if found.secured and name in demanded(found, scene.spec)]
        for number, operation in enumerate(takers):
            tag = operation.tags[0] if operation.tags else ""
            if number == 0 or tag not in tags:
                tags.update((tag, ""))
                yield from kind.make(scene, operation, scheme)
