"""How one way to meet a declared schema fits the envelopes that may answer there, and what differs where it does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from errlint.match.envelope import Signature
from errlint.match.shape import Part
from errlint.model.claim import ABSENT_VALUES, Values, Variant, key
from errlint.model.finding import Location
from errlint.model.pointer import Pointer
from errlint.model.record import record

Fit = Literal["match", "mismatch", "unknown"]


@record
class Branch:
    """One way to meet a declared schema: how it fits the allowed envelopes, and why it does not."""

    fit: Fit
    signature: Signature | None
    closest: Signature | None
    differs: str
    at: Location | None
    values: dict[Pointer, Values]
    members: frozenset[str]


def fit(values: dict[Pointer, Values], variant: Variant, signatures: tuple[Signature, ...]) -> Branch:
    """How one way to meet a schema fits: the first envelope that it can produce, else the closest and what differs."""
    closest: tuple[int, Signature, str] | None = None
    unknown = False
    fitting: list[tuple[int, Signature]] = []
    for signature in signatures:
        differences = list(_differences(signature, variant))
        if not differences:
            fitting.append((_likeness(signature, variant), signature))
            continue
        if not variant.exact:
            unknown = True
        score = _likeness(signature, variant) - 10 * len(differences)
        if closest is None or score > closest[0]:
            closest = (score, signature, differences[0])
    if fitting:
        best = max(fitting, key=lambda item: item[0])[1]
        return Branch("match", best, None, "", variant.branch, values, variant.members)
    if closest is None:
        return Branch("unknown", None, None, "", variant.branch, values, variant.members)
    return Branch("unknown" if unknown else "mismatch", None, closest[1], closest[2], variant.branch, values, variant.members)


def _likeness(signature: Signature, variant: Variant) -> int:
    """How much of an envelope a variant names, its constants and role types counting most."""
    score = 0
    for part in signature.parts:
        found: Values = variant.values.get(part.pointer, ABSENT_VALUES)
        if found.presence == "required":
            score += 4
        elif part.pointer[0] in variant.members:
            score += 2
        if part.types is not None and found.presence != "absent" and found.types <= _wider(part.types):
            score += 2
        if part.constants is not None and found.finite is not None:
            score += 3
    return score - sum(1 for name in variant.members if all(part.pointer[0] != name for part in signature.parts))


def _wider(types: frozenset[str]) -> frozenset[str]:
    return types | {"integer"} if "number" in types else types


def _differences(signature: Signature, variant: Variant) -> Iterator[str]:
    """What keeps a variant from producing an envelope's shape; one role member may be missing."""
    if "object" not in variant.types:
        yield f"it is {' or '.join(sorted(variant.types)) or 'nothing'}, not an object"
        return
    missing: list[str] = []
    for part in signature.parts:
        problem = _difference(part, variant)
        if problem and part.role is not None and problem.startswith("has no"):
            missing.append(problem)
        elif problem:
            yield problem
    if len(missing) > 1:
        yield from missing
    for pointer in signature.forbidden:
        if len(pointer) == 1 and pointer[0] in variant.demands:
            yield f"has {_name(pointer)}"


def _difference(part: Part, variant: Variant) -> str:
    found: Values = variant.values.get(part.pointer, ABSENT_VALUES)
    unnamed = _is_unnamed(part.pointer, variant)
    if part.required and (found.presence == "absent" or unnamed):
        return f"has no {_name(part.pointer)}"
    if found.presence == "absent" or unnamed or part.role is not None:
        return ""
    if part.types is not None and not found.types & _wider(part.types):
        return f"{_name(part.pointer)} is {' or '.join(sorted(found.types))}, not {' or '.join(sorted(part.types))}"
    if part.constants is not None and found.finite is not None:
        allowed = {key(constant) for constant in part.constants}
        if not any(key(value) in allowed for value, _ in found.finite):
            return f"{_name(part.pointer)} is never {' or '.join(map(str, part.constants))}"
    return ""


def _is_unnamed(pointer: Pointer, variant: Variant) -> bool:
    """Whether an object on the way lists members, and not the one that leads on."""
    if variant.members and pointer[0] not in variant.members | variant.demands:
        return True
    for depth in range(1, len(pointer)):
        members = variant.values.get(pointer[:depth], ABSENT_VALUES).members
        if members and pointer[depth] != "*" and pointer[depth] not in members:
            return True
    return False


def _name(pointer: Pointer) -> str:
    return ".".join(pointer)
