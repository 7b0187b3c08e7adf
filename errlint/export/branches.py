"""Which of a catalog's entries may answer an operation under a declared status, and in which envelopes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from errlint.match import route
from errlint.match.declared import Declared
from errlint.match.envelope import Signature
from errlint.match.plan import Plan
from errlint.model.catalog import Code, Envelope, Layer
from errlint.model.claim import key
from errlint.model.record import record
from errlint.model.spec import Operation

MOST_STATUSES = 20
"""An entry under more statuses than this is documented for a class; no single status is declared for its sake."""


@record
class Branch:
    """One kind of body: entries of one code in one envelope. ``entries`` empty: any code that the catalog does not list.

    ``match`` are the further members that tell this body from others of its code. ``layer`` is the entries' own, the open
    one where there are none.
    """

    signature: Signature
    layer: Layer
    entries: tuple[Code, ...]
    match: Mapping[tuple[str, ...], Any]

    @property
    def code(self) -> str | int | None:
        return self.entries[0].code if self.entries else None


@record
class Answers:
    """What may answer an operation under some statuses: the bodies, and what could not be said of others and why."""

    branches: tuple[Branch, ...]
    left_out: tuple[str, ...] = ()
    forbidden: bool = False

    @property
    def media_types(self) -> tuple[str, ...]:
        """The media types that the bodies come in, each once."""
        found = (branch.signature.envelope.media_types or ("application/json",) for branch in self.branches)
        return tuple(dict.fromkeys(name for names in found for name in names))

    def of(self, media_type: str) -> tuple[Branch, ...]:
        """The bodies of one media type."""
        return tuple(b for b in self.branches if media_type in (b.signature.envelope.media_types or ("application/json",)))


def answers(plan: Plan, operation: Operation, statuses: frozenset[int], told: frozenset[tuple[str, Any]] | None) -> Answers:
    """What may answer an operation under these statuses. ``told`` are the codes that the document lists there, if any."""
    branches: list[Branch] = []
    left_out: list[str] = []
    layers = [plan.layers[id_] for id_ in plan.covering(operation, operation.method, operation.path)]
    living = [(layer, tuple(entries_of(plan, layer, operation, statuses))) for layer in layers]
    speaking = [(layer, entries) for layer, entries in living if layer.in_spec != "forbidden" and (entries or not layer.closed)]
    if not any(entries for _, entries in speaking):
        return Answers((), forbidden=any(entries for _, entries in living))
    for layer, entries in speaking:
        kept = [code for code in entries if told is not None and key(code.code) in told]
        for signature in plan.signatures_of((layer.id,)):
            envelope = signature.envelope
            if envelope.statuses is not None and not envelope.statuses.values & statuses:
                continue
            if envelope.framing != "json":
                left_out.append(f"{envelope.id} of layer {layer.id} is {envelope.framing}, which a schema cannot describe")
                continue
            if layer.closed or by_code(envelope):
                branches += _grouped(signature, layer, kept or entries)
            if not layer.closed:
                branches.append(Branch(signature, layer, (), {}))
    return Answers(tuple(_merged(branches)), tuple(dict.fromkeys(left_out)))


def entries_of(plan: Plan, layer: Layer, operation: Operation, statuses: frozenset[int]) -> Iterator[Code]:
    """The entries of a layer that may answer an operation under some statuses, the deprecated among them."""
    for code in plan.codes:
        living = code.layer == layer.id and not code.removed and bool(code.statuses.values & statuses)
        if living and (not code.operations or named(code, operation)):
            yield code


def named(code: Code, operation: Operation) -> bool:
    """Whether an entry names an operation."""
    return any(route.selects(selector, operation, operation.method, operation.path) for selector in code.operations)


def missing(plan: Plan, operation: Operation, *, every: bool) -> Iterator[int]:
    """The error statuses that an operation must declare: those of entries that name it, and of layers that answer everywhere.

    ``every``: of all layers that must be declared.
    """
    found: set[int] = set()
    for id_ in plan.covering(operation, operation.method, operation.path):
        layer = plan.layers[id_]
        if layer.in_spec == "required":
            for code in entries_of(plan, layer, operation, frozenset(range(400, 600))):
                due = every or code.operations or layer.applies_to == "all-operations"
                if due and len(code.statuses.values) <= MOST_STATUSES:
                    found |= {status for status in code.statuses.values if 400 <= status < 600}
    yield from sorted(found)


def listed(declared: Iterable[Declared]) -> dict[tuple[str, str, str | None], frozenset[tuple[str, Any]]]:
    """The codes that a document lists, by operation, status key and media type; only where it lists all of them."""
    found: dict[tuple[str, str, str | None], frozenset[tuple[str, Any]]] = {}
    for one in declared:
        if not one.claims or any(claim.code.finite is None for claim in one.claims):
            continue
        codes = frozenset(key(value) for claim in one.claims for value, _ in claim.code.scalars())
        for use in one.uses:
            found[use.operation.label, use.status_key, use.media_type] = codes
    return found


def by_code(envelope: Envelope) -> bool:
    """Whether a body of this envelope has one code, as one value at one place: then codes tell bodies apart."""
    place = envelope.roles.get("code")
    if place is None or envelope.code_is != "place" or place.extract is not None:
        return False
    return bool(place.pointers) and not any("*" in pointer for pointer in place.pointers)


def _grouped(signature: Signature, layer: Layer, entries: Iterable[Code]) -> Iterator[Branch]:
    """Entries of one code are one body, unless a further member tells each from all others."""
    groups: dict[Any, list[Code]] = {}
    for code in entries:
        groups.setdefault(key(code.code), []).append(code)
    for group in groups.values():
        shared = set(group[0].match).intersection(*(code.match for code in group))
        pointer = next((at for at in sorted(shared) if len({key(code.match[at]) for code in group}) == len(group)), None)
        if pointer is None:
            yield Branch(signature, layer, tuple(group), {})
        else:
            yield from (Branch(signature, layer, (code,), {pointer: code.match[pointer]}) for code in group)


def _merged(branches: Iterable[Branch]) -> Iterator[Branch]:
    """The branches, those of several layers that look alike as one."""
    groups: dict[Any, list[Branch]] = {}
    for branch in branches:
        by = (*key(branch.code), repr(sorted(branch.match.items()))) if by_code(branch.signature.envelope) else ()
        kind = by if branch.entries else ("open",)
        groups.setdefault((branch.signature.envelope.id, kind), []).append(branch)
    for group in groups.values():
        entries = {(code.layer, code.id): code for branch in group for code in branch.entries}
        yield Branch(group[0].signature, group[0].layer, tuple(entries.values()), group[0].match)
