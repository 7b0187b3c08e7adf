"""How one way to meet a declared schema fits the envelopes that may answer there, and what differs where it does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    """One way to meet a declared schema: how it fits the allowed envelopes, and why it does not.

    ``lacks`` are the role members of a matching envelope that the schema surely has not: forbidden, or not among those that
    it lists.
    """

    fit: Fit
    signature: Signature | None
    closest: Signature | None
    differs: str
    at: Location | None
    values: dict[Pointer, Values]
    members: frozenset[str]
    lacks: frozenset[Pointer] = frozenset()


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
        lacks = frozenset(_lacking(best, variant)) if variant.exact else frozenset[Pointer]()
        return Branch("match", best, None, "", variant.branch, values, variant.members, lacks)
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
    roles = (part.pointer for part in signature.parts if part.role is not None)
    score -= sum(1 for pointer in roles if _is_unnamed(pointer, variant))
    return score - sum(1 for name in variant.members if all(part.pointer[0] != name for part in signature.parts))


def _wider(types: frozenset[str]) -> frozenset[str]:
    return types | {"integer"} if "number" in types else types


def _differences(signature: Signature, variant: Variant) -> Iterator[str]:
    """What keeps a variant from producing an envelope's shape; one role member may be missing."""
    if signature.whole not in variant.types:
        yield f"it is {kinds(variant.types) or 'nothing'}, not {kind(signature.whole)}"
        return
    missing = list(_lacking(signature, variant))
    for part in signature.parts:
        problem = _difference(part, variant) if part.pointer not in missing else ""
        if problem:
            yield problem
    if len(missing) > 1:
        yield from map(lacking, missing)
    for pointer in signature.forbidden:
        if len(pointer) == 1 and pointer[0] in variant.demands:
            yield having(pointer)


def _lacking(signature: Signature, variant: Variant) -> Iterator[Pointer]:
    """The role members that an envelope requires and a variant has not."""
    return (part.pointer for part in signature.parts if part.role is not None and _lacks(part, variant))


def _lacks(part: Part, variant: Variant) -> bool:
    found: Values = variant.values.get(part.pointer, ABSENT_VALUES)
    return part.required and (found.presence == "absent" or _is_unnamed(part.pointer, variant))


def _difference(part: Part, variant: Variant) -> str:
    found: Values = variant.values.get(part.pointer, ABSENT_VALUES)
    if _lacks(part, variant):
        return lacking(part.pointer)
    if found.presence == "absent" or part.role is not None or _is_unnamed(part.pointer, variant):
        return ""
    if part.types is not None and not found.types & _wider(part.types):
        return f"{_name(part.pointer)} is {kinds(found.types)}, not {kinds(part.types)}"
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


def lacking(pointer: Pointer) -> str:
    """How a difference says that a member is not there."""
    return f"it has no member {_name(pointer)}"


def having(pointer: Pointer) -> str:
    """How a difference says that a member must not be there."""
    return f"it has the member {_name(pointer)}"


def kind(name: str) -> str:
    """A JSON type with its article: ``an object``, ``a string``, ``null``."""
    return name if name == "null" else f"{'an' if name[0] in 'aeio' else 'a'} {name}"


def kinds(names: Iterable[str]) -> str:
    """JSON types in words: ``an array or a string``; an integer is not told beside a number, which it is."""
    found = set(names)
    return " or ".join(kind(name) for name in sorted(found - {"integer"} if "number" in found else found))
