"""Where a declared error schema has its code, its message and its status: by the names and values of its members."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from errlint.draft.documents.leaves import Leaf, leaves
from errlint.draft.names import AROUND, LOOSE, REQUEST_IDS, STATUSES, SURE, TEXTS, WORDS, code_rank, message_rank, plain
from errlint.match.domain import variants
from errlint.model.claim import ABSENT_VALUES, Values, json_type
from errlint.model.pointer import Pointer
from errlint.model.record import record
from errlint.model.spec import Node, Spec

SCALARS = frozenset(("string", "integer", "number", "boolean", "null"))
MOST_ASKED = 40
"""Members of one schema that may have a role; a body of an error has few."""


@record
class Part:
    """Where a role stands: its pointer, the JSON types that may stand there, and whether every body has it."""

    pointer: Pointer
    types: frozenset[str]
    required: bool


@record
class Shape:
    """The roles of one error schema. ``codes`` are those that it enumerates.

    ``rival`` is a member that is named as a code and may be anything, beside another one that is enumerated.
    """

    code: Part | None = None
    message: Part | None = None
    status: Part | None = None
    request_id: Part | None = None
    codes: tuple[Any, ...] = ()
    rival: Pointer | None = None

    @property
    def listed(self) -> bool:
        return bool(self.codes)

    @property
    def key(self) -> tuple[Pointer | None, ...]:
        """What makes it the same shape as another one: the places of its roles."""
        return tuple(part.pointer if part else None for part in (self.code, self.message, self.status))


@record
class _Member:
    """A member that may have a role: what may stand there over all ways to meet the schema."""

    leaf: Leaf
    types: frozenset[str]
    values: tuple[Any, ...]
    required: bool

    @property
    def pointer(self) -> Pointer:
        return self.leaf.pointer

    @property
    def above(self) -> Pointer:
        return self.leaf.pointer[:-1]

    @property
    def codes(self) -> tuple[Any, ...]:
        """The enumerated values that can be codes."""
        return tuple(value for value in self.values if json_type(value) in ("string", "integer") and value != "")


def shape_of(schema: Node, spec: Spec) -> Shape | None:
    """The shape of an error schema; None where no member is named like a code or a message."""
    known = _members(schema, spec)
    status = _status(known)
    code, rival = _code(known, status)
    message = _message(known, code)
    if code is None and message is None:
        return None
    return Shape(
        _part(code),
        _part(message),
        _part(status) if status is not code or (code is not None and _tells_status(code)) else None,
        _part(next((one for one in known if plain(one.leaf.name) in REQUEST_IDS and "string" in one.types), None)),
        code.codes if code is not None else (),
        rival.pointer if rival is not None else None,
    )


def _part(member: _Member | None) -> Part | None:
    return Part(member.pointer, member.types, member.required) if member is not None else None


def _members(schema: Node, spec: Spec) -> list[_Member]:
    named = [leaf for leaf in leaves(schema, spec) if _has_role(leaf.name)][:MOST_ASKED]
    if not named:
        return []
    ways = [way.values for way in variants(schema, [leaf.pointer for leaf in named], spec.step, spec.dialect)]
    found = [_member(leaf, [way.get(leaf.pointer, ABSENT_VALUES) for way in ways]) for leaf in named]
    return [one for one in found if one.types & SCALARS]


def _has_role(name: str) -> bool:
    word = plain(name)
    return code_rank(name) is not None or message_rank(name) is not None or word in STATUSES or word in REQUEST_IDS


def _member(leaf: Leaf, ways: list[Values]) -> _Member:
    there = [way for way in ways if way.presence != "absent"]
    values = [value for way in there for value, _ in (*(way.finite or ()), *way.known)]
    return _Member(
        leaf,
        frozenset[str]().union(*(way.types for way in there)),
        tuple({(json_type(value), str(value)): value for value in values}.values()),
        bool(there) and all(way.presence == "required" or way.each for way in ways),
    )


def _status(known: Iterable[_Member]) -> _Member | None:
    """The member that repeats the HTTP status: surely by its name, or by its values and example."""
    for name in STATUSES:
        for one in known:
            if plain(one.leaf.name) == name and one.types <= {"integer", "number", "null"} and _is_status(one, name):
                return one
    return next((one for one in known if plain(one.leaf.name) == "code" and _tells_status(one)), None)


def _is_status(member: _Member, name: str) -> bool:
    if member.values:
        return all(value is None or _in_range(value) for value in member.values)
    value = member.leaf.node.value
    example = value.get("example") if isinstance(value, dict) else None
    return _in_range(example) or (example is None and name.startswith("http"))


def _tells_status(member: _Member) -> bool:
    return bool(member.values) and all(_in_range(value) for value in member.values)


def _in_range(value: Any) -> bool:
    return json_type(value) == "integer" and 400 <= value < 600


def _code(known: list[_Member], status: _Member | None) -> tuple[_Member | None, _Member | None]:
    """(the member that holds the code, one that is named so and may be anything); what is enumerated comes first."""
    ranked = [(rank, one) for one in known if (rank := code_rank(one.leaf.name)) is not None and one is not status]
    parents = {one.above for one in known if message_rank(one.leaf.name) in range(TEXTS)}
    parents |= {status.above} if status is not None and status.leaf.name == "status" else set()
    listed = [(rank, one) for rank, one in ranked if _enumerates(one) and (rank < LOOSE or _of_error(one, parents))]
    open_ = [(rank, one) for rank, one in ranked if not one.values and _may_be(rank, one, parents)]
    if listed:
        best = min(listed, key=lambda item: (item[0], len(item[1].pointer)))
        rival = min(open_, key=lambda item: (item[0], len(item[1].pointer)), default=None)
        return best[1], rival[1] if rival is not None and rival[0] < best[0] else None
    if open_:
        return min(open_, key=lambda item: (item[0], len(item[1].pointer)))[1], None
    own = status if status is not None and plain(status.leaf.name) in ("code", "errorcode") and status.values else None
    return own, None


def _of_error(member: _Member, parents: set[Pointer]) -> bool:
    """Whether a member with a name of many meanings belongs to an error, and not to a resource: by what stands around it."""
    return member.above in parents or any(plain(token) in AROUND for token in member.above)


def _enumerates(member: _Member) -> bool:
    """Whether the listed values can be codes: not the name of the kind of object, not only the HTTP status."""
    codes = member.codes
    if not codes or not member.types & {"string", "integer"}:
        return False
    return any(str(code).lower() not in WORDS for code in codes)


def _may_be(rank: int, member: _Member, parents: set[Pointer]) -> bool:
    """Whether a member of any value is a code: by its name, or as a text beside a message."""
    if rank <= SURE:
        return bool(member.types & {"string", "integer"})
    word = plain(member.leaf.name)
    beside = member.above in parents
    if word == "error":
        return False
    return beside and member.types <= {"string", "null"} and word in ("errortype", "errorname", "errorkey", "type", "reason")


def _message(known: list[_Member], code: _Member | None) -> _Member | None:
    """The member that holds the message: of those beside the code the best name, else of all."""
    found = [
        (rank, one)
        for one in known
        if (rank := message_rank(one.leaf.name)) is not None and one is not code and one.types <= {"string", "null"}
    ]
    beside = [item for item in found if code is None or item[1].above == code.above]
    best = min(beside or found, key=lambda item: (item[0], len(item[1].pointer)), default=None)
    return best[1] if best is not None else None


def words(shape: Shape) -> dict[str, Any]:
    """The shape as an envelope of format 1: the place of each role."""
    from errlint.model import pointer as pointers

    written: dict[str, Any] = {} if shape.code else {"code": "none"}
    roles: Mapping[str, Part | None] = {
        "code": shape.code,
        "message": shape.message,
        "status": shape.status,
        "request_id": shape.request_id,
    }
    for role, part in roles.items():
        if part is None:
            continue
        place: dict[str, Any] = {"pointer": pointers.text(part.pointer)}
        if (kind := _type(part.types)) and role != "request_id":
            place["type"] = kind
        if not part.required and role in ("code", "message", "status"):
            place["required"] = False
        written[role] = place
    if any(part is not None and part.pointer[:1] == ("*",) for part in roles.values()):
        written["schema"] = {"type": "array", "items": {"type": "object"}}  # else a body is taken for an object
    return written


def _type(types: frozenset[str]) -> str:
    """The JSON types as format 1 writes them; empty for what it has no words for."""
    text = "|".join(name for name in ("string", "integer", "null") if name in types)
    return text if text in ("string", "integer", "string|integer", "string|null") and types <= SCALARS - {"boolean"} else ""
