"""A body's schema: its envelope, with the code, the status and the message of one entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from errlint.export.branches import Branch, by_code
from errlint.export.patterns import Messages, pattern_of
from errlint.fixes.dialects import translated
from errlint.match.envelope import Signature
from errlint.match.inline import inlined
from errlint.match.plan import Plan
from errlint.model.claim import key
from errlint.model.pointer import Pointer


def envelope_schema(signature: Signature, dialect: str) -> Any:
    """The schema of an envelope as a document of this dialect writes it, with what tells it from other envelopes."""
    return translated(signature.schema, dialect, keep=frozenset(("not",)) if dialect != "2.0" else frozenset())


def bounds(branch: Branch, plan: Plan, statuses: frozenset[int], dialect: str, messages: Messages) -> dict[str, Any]:
    """What a branch demands beyond its envelope: the members that fix its code, status, message and further members."""
    found: dict[str, Any] = {}
    envelope = branch.signature.envelope
    roles = envelope.roles
    code, status, message = roles.get("code"), roles.get("status"), roles.get("message")
    if envelope.code_is == "place" and code is not None and code.extract is None:
        words = _codes(branch, plan)
        for pointer in code.pointers if words else ():
            _put(found, pointer, words, required=branch.code is not None or len(branch.entries) > 1)
    for pointer, constant in branch.match.items():
        _put(found, pointer, {"const": constant}, required=True)
    told = _told(branch, statuses)
    if told and status is not None and status.extract is None and (code is None or status.pointers != code.pointers):
        texts = bool(status.types) and "integer" not in status.types
        values: list[Any] = [str(one) if texts else one for one in told]
        for pointer in status.pointers:
            _put(found, pointer, {"const": values[0]} if len(values) == 1 else {"enum": values}, required=status.required)
    only = next(iter(statuses)) if len(statuses) == 1 else None
    pattern = pattern_of(branch.entries, only, messages)
    if pattern is not None and message is not None and message.extract is None:
        for pointer in message.pointers:
            _put(found, pointer, {"pattern": pattern}, required=False)
    older = translated(found, dialect, keep=frozenset(("not",)))
    return older if isinstance(older, dict) else {}


def _codes(branch: Branch, plan: Plan) -> dict[str, Any]:
    """What bounds the member that holds the code. An open layer has any code but those that the catalog lists."""
    if branch.entries:
        codes = list({key(code.code): code.code for code in branch.entries}.values())
        return {"const": codes[0]} if len(codes) == 1 else {"enum": codes}
    if not by_code(branch.signature.envelope):
        return {}
    sharing = [id_ for id_, layer in plan.layers.items() if branch.signature.envelope.id in layer.envelopes]
    known = list({key(code.code): code.code for code in plan.codes if code.layer in sharing}.values())
    words: dict[str, Any] = {"not": {"enum": known}} if known else {}
    if plan.catalog is not None:
        names = {code.category for code in plan.codes if code.layer == branch.layer.id}
        categories = [plan.catalog.categories.get(name) for name in names if name]
        patterns = sorted(one.pattern for one in categories if one is not None and one.pattern is not None)
        if len(patterns) == len(names) == 1:
            words["pattern"] = patterns[0]
    return words


def _told(branch: Branch, statuses: frozenset[int]) -> list[int]:
    """The statuses that may stand in a body: those of its entries that the response is declared for."""
    own = frozenset().union(*(code.statuses.values for code in branch.entries)) if branch.entries else statuses
    found = sorted(own & statuses)
    return found if len(found) <= 5 else []


def _put(schema: dict[str, Any], pointer: Pointer, words: Mapping[str, Any], *, required: bool) -> None:
    """Writes what bounds the member at a pointer; a body without the member is bounded only where it is required."""
    here = schema
    for token in pointer:
        if token == "*":
            here = here.setdefault("items", {})
            continue
        here.setdefault("type", "object")
        if required and token not in here.setdefault("required", []):
            here["required"].append(token)
        here = here.setdefault("properties", {}).setdefault(token, {})
    here.update(words)


def disjoint(branches: Sequence[Branch]) -> bool:
    """Whether no body certainly belongs to two of these branches: only then a ``oneOf`` refuses nothing that is right."""
    return all(_apart(one, other) for index, one in enumerate(branches) for other in branches[index + 1 :])


def _apart(one: Branch, other: Branch) -> bool:
    if one.signature is other.signature:
        if not by_code(one.signature.envelope):
            return False
        shared = one.match.keys() & other.match.keys()
        return (
            not one.entries
            or not other.entries
            or key(one.code) != key(other.code)
            or any(key(one.match[at]) != key(other.match[at]) for at in shared)
        )
    return _unlike(one.signature, other.signature) or _unlike(other.signature, one.signature)


def _unlike(one: Signature, other: Signature) -> bool:
    """Whether the first envelope demands what the second one excludes."""
    theirs = {part.pointer: part for part in other.parts}
    for part in one.parts:
        if not part.required or "*" in part.pointer:
            continue
        if part.pointer in other.forbidden or _closed(other.schema, part.pointer):
            return True
        same = theirs.get(part.pointer)
        if same is None or not same.required:
            continue
        if part.types and same.types and not _kinds(part.types) & _kinds(same.types):
            return True
        if not (
            part.constants is None or same.constants is None or set(map(key, part.constants)) & set(map(key, same.constants))
        ):
            return True
    return False


def _kinds(types: frozenset[str]) -> frozenset[str]:
    return types | {"integer"} if "number" in types else types


def _closed(schema: Any, pointer: Pointer) -> bool:
    """Whether a schema certainly admits no member at a pointer."""
    here = inlined(schema)
    for token in pointer:
        if not isinstance(here, dict):
            return False
        known = here.get("properties", {})
        if token not in known:
            return here.get("additionalProperties") is False and not here.get("patternProperties")
        here = known[token]
    return False
