"""What a run over documents tells beside its findings: what was read, what of it could not be checked, what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from errlint.checks.words import plural
from errlint.load.source import Document
from errlint.match.plan import Plan
from errlint.model.finding import Judged
from errlint.model.spec import Spec

LISTED = 3
"""Documents that the totals name; more are counted."""

SEARCHED_FOR_REPEATS = 2_000_000
"""Bytes; in larger texts repeated keys are not searched for: it costs a second parse."""


def about_text(spec: Spec, source: Document) -> Iterator[str]:
    """What a user should know of a text: a loose dialect, and keys that stand twice, of which only the last counts."""
    yield from (f"{spec.uri}: {notice}" for notice in source.notices)
    if len(source.text) <= SEARCHED_FOR_REPEATS:
        for twice in source.duplicates[:3]:
            line, column = twice.second
            key = twice.pointer[-1] if twice.pointer else ""
            yield f"Not checked: {spec.uri}:{line}:{column} repeats the key {key}, the first one is lost."


def idle_layers(plan: Plan, specs: Sequence[Spec]) -> Iterator[str]:
    """The layers whose selectors no operation of the documents meets: nothing is held against them."""
    operations = [operation for spec in specs for operation in spec.operations]
    for layer in plan.layers.values():
        met = any(layer.id in plan.covering(one, one.method, one.path) for one in operations)
        if isinstance(layer.applies_to, tuple) and operations and not met:
            yield f"Not checked: layer {layer.id}, no operation meets its selectors ({', '.join(layer.applies_to)})."


def read(documents: Sequence[Judged]) -> list[str]:
    """What was read, with the number of operations and error responses."""
    if len(documents) > LISTED:
        counts = _counts(sum(len(one.operations) for one in documents), sum(one.errors for one in documents))
        return [f"{len(documents)} documents: {counts}"]
    return [f"{one.uri} (OpenAPI {one.version}): {_counts(len(one.operations), one.errors)}" for one in documents]


def _counts(operations: int, errors: int) -> str:
    return f"{plural(operations, 'operation')}, {plural(errors, 'error response')}"


NEXT = "Not checked: error codes, since no catalog was given."


def next_steps(name: str, app: str = "") -> list[str]:
    """What a run without a catalog cannot know, and how to let it know."""
    from shlex import quote

    base = "" if app or name.startswith(("http://", "https://")) else " --url http://localhost:8000"
    application = f"--app {quote(app)}"
    name = f"{quote(name)} {application}" if app and name != app else application if app else quote(name)
    return [
        NEXT,
        f"   next: errlint init {name} (writes a catalog of them)",
        f"   next: errlint probe {name}{base} (what the running service really answers)",
    ]
