"""What a probe is going to send, for people: a line before it begins, a table for ``--dry-run``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from errlint.checks.words import plural
from errlint.report.visible import visible

if TYPE_CHECKING:
    from errlint.probe.plan import Plan


def line(plan: Plan) -> str:
    """One line: operations, requests, writes, the least time."""
    options = plan.scene.options
    operations, directed, writes = len(plan.scene.operations), len(plan.trials) + len(plan.stress), plan.writes
    beyond = f" ({sum(plan.cut.values())} more are beyond --max-requests)" if plan.cut else ""
    parts = [plural(operations, "operation"), plural(directed, "directed request") + beyond]
    recipes = plan.recipes
    if recipes.recipes:
        told = f"{plural(recipes.requests, 'request')}, {plural(recipes.writes, 'write')}"
        parts.append(f"{plural(len(recipes.recipes), 'recipe')} ({told})")
    generated = plan.generated
    if generated:
        parts.append(f"at most {generated} generated ones")
    if plan.chained:
        parts.append(f"{plural(options.stateful, 'sequence')} (at most {plan.chained} requests)")
    seconds = plan.seconds(generated + plan.chained)
    if seconds is not None:
        parts.append(f"about {seconds:.0f} s at {options.pace:g} a second")
    if options.writes == "allowed":
        told = (
            f"{_writing(writes)}, and writes are allowed"
            if writes
            else "none of the directed ones writes, but writes are allowed"
        )
    elif not writes:
        told = "no request writes" if options.writes == "never" or not generated else "none of the directed ones writes"
    else:
        told = f"{_writing(writes)}{', each' if writes > 1 else ''} to be refused by what the document says"
    return visible(f"{', '.join(parts)}; {told}")


def _writing(number: int) -> str:
    return "one of the directed ones is a write" if number == 1 else f"{number} of the directed ones are writes"


def doubts(plan: Plan) -> Iterator[str]:
    """What is probably not as the user meant it: an exclusion that names nothing."""
    from errlint.probe.selectors import unmatched

    for selector, meant in unmatched(plan.scene.options.exclude, plan.scene.spec.operations):
        yield visible(f"--exclude {selector!r} names no operation of the document{meant}")


def lines(plan: Plan, verbose: bool = False) -> Iterator[str]:
    """The whole plan: a line for each operation, with every request where it is ``verbose``."""
    yield f"Would probe {visible(plan.scene.options.target)}: {line(plan)}."
    labels = [operation.label for operation in plan.scene.operations]
    counts = Counter(trial.label for trial in plan.trials)
    writes = Counter(trial.label for trial in plan.trials if trial.request.writes)
    by_label: dict[str | None, list[str]] = {}
    for trial in (*plan.trials, *plan.stress):
        by_label.setdefault(trial.label, []).append(f"{trial.request.method} {trial.request.stimulus}")
    for label in (None, *labels):
        held = plan.withheld.get(label or "", 0)
        told = [plural(counts[label], "request")]
        told += [f"{writes[label]} write"] if writes[label] else []
        told += [f"{held} more withheld: nothing proves that they are refused"] if held else []
        yield visible(f"   {label or 'outside the operations'}: {', '.join(told)}")
        for name, number in Counter(by_label.get(label, ())).items() if verbose else ():
            yield visible(f"      {name}" + (f" ({number}\u00d7)" if number > 1 else ""))
    for label, why in plan.left_out.items():
        yield visible(f"   {label}: not probed: {why}")
    yield from (f"   {doubt}" for doubt in doubts(plan))
    if plan.excluded:
        yield visible(f"   left out by the user: {', '.join(sorted(plan.excluded))}")
