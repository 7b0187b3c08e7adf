"""What a probe is going to send: the directed requests, breadth first over the operations, and what it leaves out and why."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from errlint.match.route import selects
from errlint.model.recipe import Recipe
from errlint.model.record import field, record, replace
from errlint.model.spec import Operation, Spec
from errlint.probe.amounts import amounts
from errlint.probe.faults import Faults
from errlint.probe.gate import Gate
from errlint.probe.options import Options
from errlint.probe.recipes import Menu, menu
from errlint.probe.refusal import Contract
from errlint.probe.scene import Scene
from errlint.probe.security import demanded, schemes
from errlint.probe.selectors import refuse_unmatched
from errlint.probe.stateful import STEPS
from errlint.probe.stimuli.registry import Stimulus
from errlint.probe.stimuli.repertoire import load_all
from errlint.probe.trial import Trial, handle

MOST_WRONG = 16
"""Requests with wrong credentials for one security scheme, unless the user wants all."""


@record
class Plan:
    """The directed requests in their order, before any answer: the same for the same document, options and seed.

    ``left_out`` are the operations that are not probed, and why; ``excluded`` are those that the user does not want.
    ``broken`` says for which operations some requests could not be made, and why. ``withheld`` counts the writes, by
    operation, that the gate holds back from the start; a service that accepts a write gets fewer than planned. ``stress``
    are requests that the user asked for beyond those; they go last, and no other limit than that of all requests holds them.
    ``recipes`` are the catalog's that are played, past the gate. ``only`` are the handles of the generated requests that may
    go out; all may where it is empty. ``cut`` counts the directed requests, by operation,
    that the limit of all requests left no room for.
    """

    scene: Scene
    trials: tuple[Trial, ...]
    left_out: Mapping[str, str]
    withheld: Mapping[str, int]
    excluded: frozenset[str] = frozenset()
    broken: Mapping[str, str] = field(default_factory=dict)
    stress: tuple[Trial, ...] = ()
    recipes: Menu = field(default_factory=Menu)
    only: frozenset[str] = frozenset()
    cut: Mapping[str, int] = field(default_factory=dict)

    @property
    def writes(self) -> int:
        """The number of requests that would change something if they were not refused."""
        return sum(1 for trial in (*self.trials, *self.stress) if trial.request.writes)

    @property
    def rooms(self) -> dict[str, int]:
        """How many generated requests each operation gets at the most: a share of what the directed ones leave."""
        options = self.scene.options
        if not options.generated or (options.only and not self.only):
            return {}
        reads = ("GET", "HEAD", "OPTIONS", "TRACE")
        wanted = [one for one in self.scene.operations if options.writes != "never" or one.method.upper() in reads]
        planned = Counter(trial.label for trial in self.trials)
        share = (options.max_requests - len(self.trials) - self.recipes.requests - self.chained) // max(len(wanted), 1)
        found = {one.label: min(share, options.max_requests_per_operation - planned[one.label]) for one in wanted}
        return {label: room for label, room in found.items() if room > 0}

    @property
    def generated(self) -> int:
        """Generated requests at the most."""
        return sum(self.rooms.values())

    @property
    def chained(self) -> int:
        """Requests in sequences at the most; room for them is kept."""
        return STEPS * self.scene.options.stateful if not self.scene.options.only else 0

    @property
    def most(self) -> int:
        """Requests at the most, of all kinds."""
        return len(self.trials) + len(self.stress) + self.recipes.requests + self.generated + self.chained

    def lanes(self) -> list[list[int]]:
        """The indexes of the requests, by operation: what meets one goes out one after the other; what meets none, too."""
        lanes: dict[str, list[int]] = {}
        for index, trial in enumerate(self.trials):
            lanes.setdefault(trial.label or "", []).append(index)
        return list(lanes.values())

    def seconds(self, generated: int = 0) -> float | None:
        """How long sending takes at the least, None where no rate limits it."""
        pace = self.scene.options.pace
        return (len(self.trials) + len(self.stress) + self.recipes.requests + generated) / pace if pace is not None else None


def plan(spec: Spec, options: Options, recipes: Iterable[Recipe] = ()) -> Plan:
    """The plan for a document, and the recipes of its catalog. Pure: nothing is sent.

    Raises: ConfigError for an ``include`` that names no operation.
    """
    recipes = tuple(recipes)
    if not recipes:  # those may ask for what the document does not have
        refuse_unmatched(options.include, spec.operations)
    chosen, left_out, excluded = choose(spec, options)
    scene = Scene(spec, options, Contract(spec), schemes(spec), chosen)
    gate = Gate(options, scene.contract)
    counts: dict[str, int] = {}
    admitted: list[Trial] = []
    faults = Faults(scene)
    broken: dict[str, str] = {}
    cut: Counter[str] = Counter()
    for trial in directed(scene, broken):
        label = trial.label
        if label is not None and counts.get(label, 0) >= options.max_requests_per_operation:
            continue
        if not _admitted(gate, trial, broken):
            continue
        if len(admitted) >= options.max_requests:
            cut[label or ""] += 1
            continue
        admitted.append(_told(faults, trial, broken))
        if label is not None:
            counts[label] = counts.get(label, 0) + 1
    stress = tuple(trial for trial in _stress(scene, broken) if _admitted(gate, trial, broken))
    whole = Plan(
        scene, tuple(admitted), left_out, gate.withheld, excluded, broken, stress, menu(recipes, spec.operations, options),
        cut=cut,
    )  # fmt: skip
    return _narrowed(whole) if options.only else whole


def _narrowed(whole: Plan) -> Plan:
    """The plan with the requests that the user asked for by their handles, and no others.

    Recipes are no part of it. Handles that no directed request has remain ``only``: they are looked for among the generated.
    """
    asked = {name.partition("-")[2] for name in whole.scene.options.only} - {""}
    trials = tuple(one for one in whole.trials if handle(one.request) in asked)
    stress = tuple(one for one in whole.stress if handle(one.request) in asked)
    left = asked - {handle(one.request) for one in (*trials, *stress)}
    return replace(whole, trials=trials, stress=stress, withheld={}, recipes=Menu(), only=frozenset(left), cut={})


def _stress(scene: Scene, broken: dict[str, str]) -> Iterator[Trial]:
    """The requests that try the limits of a service, as far as the user asks for them."""
    asked = amounts(scene.options.stress)
    for name, kind in load_all().items():
        if kind.scope == "stress" and name in asked:
            yield from _made(kind, f"{name} requests", broken, scene, asked[name])


def choose(spec: Spec, options: Options) -> tuple[tuple[Operation, ...], dict[str, str], frozenset[str]]:
    """(the operations to probe, those that cannot be with the reason, those that the user excludes)."""
    chosen: list[Operation] = []
    left_out: dict[str, str] = {}
    excluded: set[str] = set()
    for operation in spec.operations:
        if (options.include and not _named(options.include, operation)) or _named(options.exclude, operation):
            excluded.add(operation.label)
        elif not operation.path.startswith("/"):
            left_out[operation.label] = "its path does not start with a slash"
        else:
            chosen.append(operation)
    return tuple(chosen), left_out, frozenset(excluded)


def _named(selectors: tuple[str, ...], operation: Operation) -> bool:
    return any(selects(selector, operation, operation.method, operation.path) for selector in selectors)


def directed(scene: Scene, broken: dict[str, str]) -> Iterator[Trial]:
    """Every directed request, one stimulus after the other over all operations: a run that ends early has the breadth.

    Where an operation's requests cannot be made, ``broken`` gets the reason and the others go on.
    """
    known = load_all().values()
    for kind in known:
        if kind.scope == "service":
            yield from _made(kind, "requests to no operation", broken, scene)
    for kind in known:
        if kind.scope == "operation":
            for operation in scene.operations:
                yield from _made(kind, operation.label, broken, scene, operation)
        elif kind.scope == "scheme":
            yield from _schemes(scene, kind, broken)


def _made(kind: Stimulus, label: str, broken: dict[str, str], *about: Any) -> list[Trial]:
    """What a stimulus makes. A document may be broken in any way: no error of one operation may end the plan."""
    made: list[Trial] = []
    try:
        made.extend(kind.make(*about))
    except Exception as error:
        broken.setdefault(label, _reason(error))
    return made


def _admitted(gate: Gate, trial: Trial, broken: dict[str, str]) -> bool:
    try:
        return gate.admits(trial)
    except Exception as error:  # as above
        broken.setdefault(trial.label or trial.request.method, _reason(error))
        return False


def _told(faults: Faults, trial: Trial, broken: dict[str, str]) -> Trial:
    try:
        return faults.told(trial)
    except Exception as error:  # as above
        broken.setdefault(trial.label or trial.request.method, _reason(error))
        return trial


def _reason(error: Exception) -> str:
    words = " ".join(str(error).split())[:200]
    return f"its requests cannot be made: {words or type(error).__name__}"


def _schemes(scene: Scene, kind: Stimulus, broken: dict[str, str]) -> Iterator[Trial]:
    """Wrong credentials of every kind for the first operation of a scheme, of the first kind for one of each further tag; on
    reads where there are some, and so many at most, for they may lock an account. With ``auth_tests`` "all": all for each.
    """
    reads_first = sorted(scene.operations, key=lambda operation: operation.method.upper() not in ("GET", "HEAD"))
    everywhere = scene.options.auth_tests == "all"
    tags: set[str] = set()
    for name, scheme in scene.schemes.items():
        takers = [found for found in reads_first if found.secured and name in demanded(found, scene.spec)]
        room = math.inf if everywhere else MOST_WRONG
        for number, operation in enumerate(takers):
            tag = operation.tags[0] if operation.tags else ""
            if room > 0 and (everywhere or number == 0 or tag not in tags):
                tags.update((tag, ""))
                made = _made(kind, operation.label, broken, scene, operation, scheme)
                made = made if number == 0 or everywhere else made[:1]
                yield from made
                room -= len(made)
