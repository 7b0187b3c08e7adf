"""Recognition: which envelope a body is, by its shape, and what stands at its roles.

Values at the role places never exclude an envelope: what a role holds is judged by the rules, so ``ml_1001`` inside the
EventML envelope is a wrong code and not an unknown body.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from errlint.load.json_ import plain
from errlint.match import budget
from errlint.match.inline import inlined
from errlint.match.shape import Needs, forbidden, needs, parts, relaxed, without
from errlint.model import pointer as pointers
from errlint.model.catalog import Envelope, Place, Role
from errlint.model.claim import json_type, key
from errlint.model.exchange import ABSENT
from errlint.model.pointer import Pointer
from errlint.model.record import record

SHAPING: tuple[Role, ...] = ("code", "message", "status")
"""The roles that make a shape; a request id or details may always be missing."""

BLANK = "about:blank"
"""The problem type that says no more than the status does (RFC 9457 section 4.2.1)."""


PROBLEM_MEMBERS = ("type", "title", "status", "detail", "instance")
"""The members of a problem (RFC 9457 section 3.1)."""


def names_problem_types(envelope: Envelope) -> bool:
    """Whether the code of an envelope is the ``type`` of a problem, a URI reference (RFC 9457 section 3.1.1)."""
    place = envelope.roles.get("code")
    problem = any(name.endswith("problem+json") for name in envelope.media_types)
    return problem and place is not None and place.pointers == (("type",),) and place.extract is None


class Signature:
    """An envelope compiled for recognition. Validators are built on first use: most runs need few of them."""

    def __init__(self, envelope: Envelope) -> None:
        self.envelope = envelope
        self.places: dict[Pointer, Role] = {
            pointer: role for role, place in envelope.roles.items() for pointer in place.pointers
        }
        self.schema = inlined(envelope.schema)
        self.whole = "array" if isinstance(self.schema, dict) and self.schema.get("type") == "array" else "object"
        """The JSON type of a whole body."""
        self.parts = tuple(parts(self.schema, (), self.places, True))
        self.forbidden = frozenset(forbidden(self.schema))
        self.required_roles = frozenset(part.role for part in self.parts if part.role and part.required)

    @cached_property
    def _strict(self) -> Any:
        return _validator(self.envelope.schema)

    @cached_property
    def _shapes(self) -> list[tuple[Pointer | None, Any]]:
        """Validators of the bare shape: whole, then with one required role member missing."""
        shape = relaxed(self.schema, self.places)
        found: list[tuple[Pointer | None, Any]] = [(None, _validator(shape))]
        # An envelope with one required member only would fit every object without it.
        enough = sum(1 for part in self.parts if part.required) > 1
        for part in self.parts:
            if part.role in SHAPING and part.required and enough:
                found.append((part.pointer, _validator(without(shape, part.pointer))))
        return found

    @cached_property
    def _closed(self) -> Any:
        return _validator(relaxed(self.schema, self.places, closed=True))

    def holds(self, value: Any) -> bool:
        """Whether a body has the envelope's whole shape, and no member that a closed one does not know."""
        return _satisfies(self._closed, value)

    @cached_property
    def members(self) -> frozenset[str]:
        """The names of the members that the envelope knows at its top level."""
        return frozenset(part.pointer[0] for part in self.parts if part.pointer)

    @cached_property
    def known(self) -> frozenset[Pointer]:
        """Every place that the envelope names."""
        return frozenset(part.pointer for part in self.parts)

    @cached_property
    def parents(self) -> frozenset[Pointer]:
        """The objects and arrays in which it names something."""
        return frozenset(pointer[:-1] for pointer in self.known)

    def strictly(self, value: Any) -> bool:
        """Whether a body satisfies the envelope's whole schema, its values included."""
        return _satisfies(self._strict, value)

    @cached_property
    def _needs(self) -> Needs:
        return needs(self.schema, self.parts, SHAPING)

    def recognise(self, value: Any, media_type: str) -> tuple[int, ...] | None:
        """The score of a body as this envelope, higher is better; None where its shape is another."""
        found = self.shaped(value)
        return None if found is None else self._score(value, media_type, found[0])

    def shaped(self, value: Any) -> tuple[Pointer | None] | None:
        """None where a body's shape is another; else the required role member that it lacks, None for none."""
        if self._needs.refuse(value):
            return None  # as every validator below would, at a hundredth of the time
        for missing, validator in self._shapes:
            if _satisfies(validator, value):
                return (missing,)
        return None

    def _score(self, value: Any, media_type: str, missing: Pointer | None) -> tuple[int, ...]:
        envelope = self.envelope
        constants = sum(1 for part in self.parts if part.constants is not None and part.role is None)
        agreeing = sum(1 for role in envelope.roles if typed(envelope.roles[role], value))
        unknown = sum(1 for path in members(value) if path not in self.known)
        return (
            0 if envelope.generic else 1,
            1 if media_type and media_type in envelope.media_types else 0,
            1 if _satisfies(self._strict, value) else 0,
            0 if missing else 1,
            constants,
            agreeing,
            sum(1 for part in self.parts if part.required),
            -unknown,
        )


def _validator(schema: Any) -> Any:
    import jsonschema_rs  # start-up: 30 ms that a run without bodies does not owe

    def refuse(uri: str) -> Any:
        raise ValueError(f"{uri} is not read")

    return jsonschema_rs.validator_for(schema, retriever=refuse, pattern_options=jsonschema_rs.FancyRegexOptions(100_000))


def _satisfies(validator: Any, value: Any) -> bool:
    """Whether a body is valid; one that the validator cannot take (half a surrogate pair, 1e999) is not."""
    try:
        return bool(validator.is_valid(plain(value)))
    except (ValueError, TypeError, OverflowError, RecursionError):
        return False


def members(value: Any, at: Pointer = (), depth: int = 0) -> Iterator[Pointer]:
    """The places of a body's members, four deep; of an array those of its first element, behind a token ``*``."""
    if depth > 3:
        return
    if isinstance(value, dict):
        for name, below in value.items():
            yield (*at, name)
            yield from members(below, (*at, name), depth + 1)
    elif isinstance(value, list) and value:
        yield from members(value[0], (*at, "*"), depth + 1)


def typed(place: Place, value: Any) -> bool:
    """Whether what stands at a role's pointers has the role's types and pattern."""
    found = [item for pointer in place.pointers for _, item in pointers.walk(value, pointer)]
    return bool(found) and all(allowed(place, item) and fits_pattern(place, item) for item in found)


def allowed(place: Place, item: Any) -> bool:
    """Whether a value has one of the place's JSON types; a place without types takes any scalar."""
    kind = json_type(item)
    if not place.types:
        return kind not in ("object", "array")
    return kind in place.types or (kind == "integer" and "number" in place.types)


def fits_pattern(place: Place, item: Any) -> bool:
    """Whether a text matches the place's pattern; other values have no pattern to meet."""
    return place.pattern is None or not isinstance(item, str) or budget.search(place.pattern, item) is not None


@record
class Found:
    """What stands at a role: its value (ABSENT where none), its pointer, and every copy that was read."""

    value: Any
    pointer: Pointer | None
    copies: tuple[tuple[str, Any], ...] = ()

    @property
    def agrees(self) -> bool:
        return len({key(value) for _, value in self.copies}) < 2


NOTHING = Found(ABSENT, None)


def read(place: Place | None, value: Any, headers: Mapping[str, str], bound: Pointer = ()) -> Found:
    """What a role's places hold in one body; ``bound`` fixes the tokens ``*`` that an element of an array already chose."""
    if place is None:
        return NOTHING
    copies: list[tuple[str, Any, Pointer | None]] = []
    for pattern in place.pointers:
        for at, item in pointers.walk(value, bind(pattern, bound)):
            item = extracted(place, item)
            if item is not ABSENT:
                copies.append((pointers.text(at), item, at))
            break
    if place.header is not None and place.header.lower() in headers:
        item = extracted(place, headers[place.header.lower()])
        if item is not ABSENT:
            copies.append((f"header {place.header}", item, None))
    if not copies:
        return NOTHING
    return Found(copies[0][1], copies[0][2], tuple((where, item) for where, item, _ in copies))


def extracted(place: Place, item: Any) -> Any:
    """The part of a value that its place is about, ABSENT where there is none; the value itself where nothing is extracted."""
    if place.extract is None or item is None:
        return item
    match = budget.search(place.extract, item) if isinstance(item, str) else None
    return match.group(1) if match and match.re.groups else ABSENT


def bind(pattern: Pointer, bound: Pointer) -> Pointer:
    """The pattern with each ``*`` replaced by the token at the same depth of an already matched pointer."""
    tokens: list[str] = []
    for index, token in enumerate(pattern):
        same = index < len(bound) and (token == "*" or token == bound[index])
        if not same:
            return (*tokens, *pattern[index:])
        tokens.append(bound[index])
    return tuple(tokens)


def elements(place: Place | None, value: Any) -> Iterable[Pointer]:
    """The places of a role's several values: one for each element that its ``*`` reaches; one empty pointer otherwise."""
    if place is None:
        return ((),)
    for pattern in place.pointers:
        if "*" in pattern:
            depth = len(pattern) - pattern[::-1].index("*")
            return [at for at, _ in pointers.walk(value, pattern[:depth])] or ((),)
    return ((),)
