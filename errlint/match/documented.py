"""What an OpenAPI document declares, put as a catalog: each code with the statuses and operations that may answer it."""

from __future__ import annotations

from collections.abc import Mapping

from errlint.match.declared import Declared, reduce
from errlint.match.plan import Plan
from errlint.match.roles import where
from errlint.model.catalog import Catalog, Code, Envelope, Layer
from errlint.model.change import Contract
from errlint.model.claim import Claim, key
from errlint.model.finding import Location
from errlint.model.record import field, mutable, replace
from errlint.model.spec import Spec
from errlint.model.status import ANY, Statuses


def plan_of(shipped: Mapping[str, Envelope]) -> Plan:
    """The plan of a document that no catalog speaks of: every shipped envelope may come, each as a layer of its name.

    Those that fit nearly everything may not: what is in none of the others is told as not read.
    """
    known = {id_: one for id_, one in shipped.items() if not one.generic}
    layers = {id_: Layer(id_, (id_,), applies_to="all-operations") for id_ in known}
    return Plan(Catalog("", known, layers, {}, ()), lambda: shipped)


@mutable
class _Gathered:
    """One code on the way: where it stands first, its statuses, its operations, and whether a list says them."""

    at: Location
    code: str | int
    layer: str
    statuses: list[Statuses] = field(default_factory=list)
    operations: dict[str, None] = field(default_factory=dict)
    listed: bool = False


def documented(spec: Spec, plan: Plan, name: str, *, layered: bool) -> Contract:
    """The codes that the document's schemas list; ``layered``: the plan has the layers of a catalog.

    Else each place of a code stands for one, ``/error/code``: several envelopes may look alike, and the place is what counts.
    A list of codes that responses of several statuses share says nothing about the status of each: it is any then.
    """
    found: dict[tuple[str, str, object], _Gathered] = {}
    open_: dict[str, set[str]] = {}
    unread = 0
    for declared in reduce(spec, plan):
        claims = [one for one in declared.claims if layered or _is_read(declared, one)]
        unread += not claims and not declared.framework
        for claim in claims:
            if plan.signatures[claim.envelope].envelope.code_is == "place":
                layer = _layer(claim, plan, layered=layered)
                _gather(declared, claim, layer, found, open_)
    codes = tuple(_code(one) for one in found.values())
    used = dict.fromkeys((*(code.layer for code in codes), *open_))
    layers = {id_: plan.layers.get(id_, Layer(id_, ())) for id_ in used}
    info = spec.root.value.get("info") if isinstance(spec.root.value, dict) else None
    version = info.get("version") if isinstance(info, dict) else None
    return Contract(
        Catalog("", {id_: one.envelope for id_, one in plan.signatures.items()}, layers, {}, codes),
        name,
        version if isinstance(version, str) else "",
        Location(spec.uri, ("info", "version") if version is not None else ()),
        document=True,
        layered=layered,
        operations=frozenset(operation.label for operation in spec.operations),
        open={layer: frozenset(labels) for layer, labels in open_.items()},
        unread=unread,
    )


def _is_read(declared: Declared, claim: Claim) -> bool:
    """Whether a guessed envelope is one that the body is really in: it has a code, or all that an envelope without one has."""
    return claim.code.presence != "absent" or not declared.branches[claim.part].lacks


def _layer(claim: Claim, plan: Plan, *, layered: bool) -> str:
    if layered:
        return claim.layer or (claim.layers[0] if claim.layers else claim.envelope)
    return where(replace(plan.signatures[claim.envelope].envelope.roles["code"], header=None))


def _gather(
    declared: Declared, claim: Claim, layer: str, found: dict[tuple[str, str, object], _Gathered], open_: dict[str, set[str]]
) -> None:
    labels = [use.operation.label for use in declared.uses]
    if claim.code.presence != "absent" and claim.code.finite is None:
        open_.setdefault(layer, set()).update(labels)
    inner = frozenset(value for value, _ in claim.told.finite or () if isinstance(value, int))
    statuses = claim.statuses
    pinned = statuses.values & inner
    if pinned:
        statuses = Statuses(pinned, ", ".join(map(str, sorted(pinned))))
    for value, at in (*claim.code.scalars(), *claim.code.known):
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            continue
        kind, _ = identity = key(value)
        one = found.setdefault((layer, kind, identity[1]), _Gathered(at, value, layer))
        one.statuses.append(statuses)
        one.operations.update(dict.fromkeys(labels))
        shared = declared.spread.get(at)
        one.listed |= not pinned and shared is not None and shared.values != claim.statuses.values


def _code(one: _Gathered) -> Code:
    texts = dict.fromkeys(statuses.text for statuses in one.statuses)
    values = frozenset().union(*(statuses.values for statuses in one.statuses))
    statuses = ANY if one.listed else Statuses(values, ", ".join(texts))
    return Code(str(one.code), one.code, statuses, one.layer, operations=tuple(one.operations), location=one.at)
