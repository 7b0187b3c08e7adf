"""What a probe covered: which documented codes were seen, which operations were reached, and why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from types import MappingProxyType
from typing import NamedTuple

from errlint.match.plan import Plan
from errlint.model.catalog import Code
from errlint.model.finding import CodeCoverage, CodeSeen, OperationCoverage, OperationState
from errlint.model.spec import Operation
from errlint.probe.observed import Observed
from errlint.probe.parents import blocked
from errlint.probe.played import STATES, Played
from errlint.probe.stimuli.repertoire import load_all
from errlint.probe.tally import Identity, Tally, most

Declared = Mapping[Identity, tuple[str, ...]]
"""The operations that declare each entry."""


class Why(NamedTuple):
    """Why a code was not seen: the kind for programs, and the words."""

    reason: str
    words: str


SEEN = Why("", "")


def codes(plan: Plan, tally: Tally, declared: Declared) -> tuple[CodeCoverage, ...]:
    """The table of all documented codes: where each is declared, where it was observed, and why it was not."""
    return tuple(_row(code, plan, declared.get((code.layer, code.id), ()), tally) for code in plan.codes)


def _row(code: Code, plan: Plan, declared: tuple[str, ...], tally: Tally) -> CodeCoverage:
    observed = tuple(tally.observed.get((code.layer, code.id), ()))
    why = SEEN if observed else why_unseen(code, declared, tally)
    return CodeCoverage(
        code="" if code.code is None else str(code.code),
        id=code.id,
        layer=code.layer,
        statuses=str(code.statuses),
        declared=declared,
        observed=observed,
        why=why.words,
        reason=why.reason,
        counted=_reachable(code) and not code.removed and not _left_out(declared, tally.seen),
        name=code.name,
        category=plan.category(code),
        message=code.message.shown if code.message is not None else "",
    )


def why_unseen(code: Code, declared: tuple[str, ...], tally: Tally) -> Why:
    """Why a probe did not see a code, as far as catalog and run know; the first reason that holds is told."""
    seen = tally.seen
    if code.removed:
        return Why("removed", "was removed from the service")
    if not _reachable(code):
        return Why(code.reachable, UNREACHABLE[code.reachable])
    if _left_out(declared, seen):
        return Why("left-out", "is declared only for operations that the user left out")
    if code.recipes:
        return _of_recipe(tally.played.get((code.layer, code.id), ()), tally)
    if declared and all(label in seen.not_probed for label in declared):
        return Why("not-probed", f"is declared only for operations that were not probed ({seen.not_probed[declared[0]]})")
    named = [name for name in code.provoke if isinstance(name, str)]
    tried = {name: got for name in named if (got := _got(name, declared, tally))}
    if tried:
        told = "; ".join(f"{name} was tried and got {most(got)} instead" for name, got in tried.items())
        return Why("got-another", told)
    if named:
        return _untried(named, declared, tally)
    return _otherwise(code, declared, tally)


def _otherwise(code: Code, declared: tuple[str, ...], tally: Tally) -> Why:
    """Why a code was not seen of which the catalog does not say what provokes it."""
    seen = tally.seen
    came = tally.misplaced.get((code.layer, code.id)) if code.code is not None else None
    if came:
        return Why("got-another", f"came with {most(came)} only")
    if seen.stopped:
        return Why("run-ended", f"was not seen before the run ended early ({seen.stopped})")
    if declared and any(label in seen.failed_writes for label in declared):
        return Why("writes", "is declared for operations that failed at a write, and got no other")
    if 429 not in code.statuses.values and (limited := tally.limited(declared)):
        return Why("rate-limited", f"{limited} answers were 429: the service limits the rate (--rate sends slower)")
    if code.statuses.values == {403} and "low-auth" not in tally.got:
        return Why("second-user", "was not seen: a second user who may do less can provoke it, give --low-auth")
    return Why("needs-recipe", "no request that errlint knows of provoked it: a recipe (provoke) can")


UNREACHABLE = {"fault": "needs a fault inside the service", "never": "is not reachable from outside"}


def _reachable(code: Code) -> bool:
    """Whether a probe can provoke a code: the catalog says so, or how."""
    return code.reachable == "probe" or bool(code.recipes)


def _left_out(declared: tuple[str, ...], seen: Observed) -> bool:
    return bool(declared) and all(label in seen.excluded for label in declared)


def _got(name: str, declared: tuple[str, ...], tally: Tally) -> Counter[str]:
    """What the requests of one name were answered where the code is declared, or anywhere if no operation declares it."""
    by_operation = tally.got.get(name, {})
    found: Counter[str] = Counter()
    for label in declared or ("",):
        found.update(by_operation.get(label, {}))
    return found


def _untried(names: Sequence[str], declared: tuple[str, ...], tally: Tally) -> Why:
    """Why none of the requests that the catalog names was sent to an operation that declares the code."""
    told = f"{' and '.join(names)} {'was' if len(names) == 1 else 'were'} not tried"
    if "low-auth" in names and "low-auth" not in tally.got:
        return Why("second-user", f"{told}: it needs a second user, give --low-auth")
    known = load_all()
    asked = [name for name in names if name in known and known[name].scope == "stress"]
    if asked:
        return Why("not-tried", f"{told}: it is sent on request, give --stress {asked[0]}")
    if any(label in tally.seen.withheld for label in declared):
        if tally.seen.writes == "never":
            return Why("writes", f"{told}: writes are switched off")
        return Why("writes", f"{told}: it may write, and nothing proves that it is refused (--writes allowed sends it)")
    if declared and any(name in tally.got for name in names):
        return Why("not-tried", f"{told} on an operation that declares it")
    return Why("not-tried", told)


def _of_recipe(played: Sequence[Played], tally: Tally) -> Why:
    """What became of a code's recipes: the one that came furthest speaks."""
    for state in STATES:
        one = next((one for one in played if one.state == state), None)
        if one is None:
            continue
        answered = tally.got.get(one.tried, {}).get("")
        got = one.why or (most(answered) if answered else str(one.status))
        if state == "answered":
            return Why("recipe-got-another", f"its recipe got {got}")
        if state == "ended":
            return Why("second-user" if "--low-auth" in one.why else "recipe-ended", f"its recipe ended at {one.step}: {got}")
        return Why("recipe-not-played", f"its recipe was not played: {one.why}")
    why = ": the run ended before it" if tally.seen.stopped else ""
    return Why("recipe-not-played", f"its recipe was not played{why}")


def operations(
    known: Sequence[Operation],
    plan: Plan,
    tally: Tally,
    declared: Declared,
    any_code: Mapping[str, frozenset[int]] = MappingProxyType({}),
) -> tuple[OperationCoverage, ...]:
    """How far the probe came with each operation of the document, and which codes it declares and showed, as catalogued.

    ``any_code`` are the statuses, by operation, that are declared with a code that may be any.
    """
    free: dict[str, set[Identity]] = {}
    for code in plan.codes:
        for label, statuses in any_code.items():
            if code.statuses.values & statuses:
                free.setdefault(label, set()).add((code.layer, code.id))
    promised: dict[str, list[Identity]] = {}
    for code in plan.codes:
        for label in declared.get((code.layer, code.id), ()):
            promised.setdefault(label, []).append((code.layer, code.id))
    below = blocked(known, tally)
    return tuple(
        _operation(
            operation,
            tally,
            promised.get(operation.label, ()),
            free.get(operation.label, set()),
            below.get(operation.label, ""),
        )
        for operation in known
    )


def _operation(
    operation: Operation, tally: Tally, promised: Iterable[Identity], free: Set[Identity], parent: str
) -> OperationCoverage:
    label, seen = operation.label, tally.seen
    statuses, counts = tally.statuses.get(label, Counter[str]()), tally.codes.get(label, Counter[Identity]())
    state, why = _reached(operation, tally, statuses)
    if state == "reached" and parent:
        state = "unreached"
        why = f"every answer was the same 404, and {{{parent}}} is made up: give one with --path-param {parent}=..."
    of_document = dict.fromkeys(promised)
    return OperationCoverage(
        operation=label,
        state=state,
        requests=seen.requests.get(label, 0),
        why=why,
        statuses=tuple(sorted(statuses.items())),
        codes=tuple(
            CodeSeen(id_, layer, (layer, id_) in of_document, counts.get((layer, id_), 0), (layer, id_) in free)
            for layer, id_ in dict.fromkeys((*of_document, *counts))
        ),
        cut=seen.stopped_by == "interrupted" and state != "reached" and label not in seen.excluded,
    )


def _reached(operation: Operation, tally: Tally, statuses: Mapping[str, int]) -> tuple[OperationState, str]:
    label, seen = operation.label, tally.seen
    if label in seen.excluded:
        return "not-probed", seen.not_probed.get(label, "left out by the user")
    if label in seen.not_probed or not seen.requests.get(label, 0):
        return "not-probed", seen.not_probed.get(label, "the run ended before it")
    if label in tally.dropped or (statuses and not operation.secured) or not statuses.keys() <= {"401", "403"}:
        return "reached", ""
    return "unreached", f"every answer was {' or '.join(sorted(statuses))}" if statuses else "no request was answered"
