"""Which of many envelopes a body is: every one that its shape fits, how well, what speaks for it and what against it.

The judge asks the few envelopes of a catalog (``match.envelope``); here all of them compete, so that more has to tell them
apart. Points are added up, see ``POINTS``; equal points are a tie, which is answered as a set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from errlint.match.defaults import frameworks
from errlint.match.envelope import (
    PROBLEM_MEMBERS,
    Signature,
    allowed,
    elements,
    fits_pattern,
    members,
    names_problem_types,
    read,
)
from errlint.match.fit import kind, kinds
from errlint.match.likely import TEXT
from errlint.match.words import is_code, listed, named, quoted, written
from errlint.model import pointer as pointers
from errlint.model.catalog import Envelope, Place, Role
from errlint.model.claim import json_type
from errlint.model.exchange import ABSENT
from errlint.model.pointer import Pointer
from errlint.model.record import record

POINTS = {
    "media type": 20,  # it is one that the envelope names
    "header": 10,  # the code stands in the header that the envelope names
    "whole": 10,  # the body satisfies the whole schema
    "generic": 2,  # the same, of a shape that nearly any body has
    "complete": 6,  # no member is missing that a role needs
    "framework": 5,  # these very words are a default body of a framework that sends this envelope
    "constant": 3,  # a member has the value that the envelope fixes
    "role": 2,  # what stands at a role has its type
    "pattern": 1,  # and looks as it should
    "known": 1,  # a member that the envelope names
    "closed": 1,  # the envelope names every member, and says that there are no others
    "unknown": -1,  # a member that the envelope does not name
    "no code": -10,  # a text stands where the code should
    "status": -10,  # the envelope does not come under this status
}
MOST_UNKNOWN = 8
MANY = 4
"""Members that tell of an envelope although a schema leaves open what stands at its roles."""
ODD = 50
"""How much a wrong type weighs among what speaks against an envelope."""


@record
class Candidate:
    """An envelope that a body may be. ``fits`` is true where the body satisfies all that the envelope says.

    ``score`` is the sum of its points. ``why`` and ``against`` are clauses, what counts most first. ``explained`` is true
    where ``against`` says why it does not fit; else its schema does.
    """

    envelope: Envelope
    signature: Signature
    score: int
    fits: bool
    why: tuple[str, ...]
    against: tuple[str, ...]
    explained: bool


@record
class Seen:
    """A body as it came: its value, its media type (lower case, without parameters), headers (lower-case names), status.

    ``framework`` is the one whose default body it is, empty where it is nobody's. ``made`` is true where the body was made
    from a schema (``match.likely``): then its members and their types count, and no value.
    """

    value: Any
    media_type: str = ""
    headers: Mapping[str, str] = {}
    status: int | None = None
    framework: str = ""
    made: bool = False


class Recogniser:
    """Recognises bodies among envelopes; each is compiled when a body first needs it."""

    def __init__(self, envelopes: Iterable[Envelope]) -> None:
        self._envelopes = tuple(envelopes)

    @cached_property
    def _signatures(self) -> tuple[Signature, ...]:
        return tuple(Signature(one) for one in self._envelopes if one.framing in ("json", "sse", "ndjson"))

    def ranked(self, seen: Seen) -> tuple[Candidate, ...]:
        """The envelopes whose shape a body has, best first; equal ones in the order of the envelopes."""
        found = [one for signature in self._signatures if (one := _candidate(signature, seen)) is not None]
        return tuple(sorted(found, key=lambda one: (not one.fits, -one.score)))

    def best(self, seen: Seen) -> tuple[Candidate, ...]:
        """The best envelope that a body fits, several where nothing tells them apart, none where it fits none."""
        return tied(self.ranked(seen))


def tied(ranked: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The first of the candidates that fit, and its equals."""
    return tuple(one for one in ranked if one.fits and one.score == ranked[0].score)


def _candidate(signature: Signature, seen: Seen) -> Candidate | None:
    if not _may_be_problem(signature, seen):
        return None
    value = _with_constants(signature, seen.value) if seen.made else seen.value
    found = signature.shaped(value)
    if found is None:
        return None
    return _weighed(signature, seen, value, found[0])


def _with_constants(signature: Signature, body: Any) -> Any:
    """A body made from a schema, with an envelope's constants where the schema admits any text."""
    for part in signature.parts:
        if part.constants and part.role is None and isinstance(part.constants[0], (str, bool)):
            body = _put(body, part.pointer, part.constants[0])
    return body


def _put(body: Any, pointer: Pointer, constant: Any) -> Any:
    if not pointer:
        return constant if type(body) is type(constant) and body in (TEXT, False) else body
    if isinstance(body, list) and pointer[0] == "*" and body:
        return [_put(body[0], pointer[1:], constant), *body[1:]]
    if isinstance(body, dict) and pointer[0] in body:
        return {**body, pointer[0]: _put(body[pointer[0]], pointer[1:], constant)}
    return body


def _may_be_problem(signature: Signature, seen: Seen) -> bool:
    """Whether a body may be a problem: no member is required (RFC 9457), so its media type or title and another must say so."""
    if signature.required_roles or not names_problem_types(signature.envelope) or seen.media_type.endswith("problem+json"):
        return True
    return isinstance(seen.value, dict) and "title" in seen.value and len(seen.value.keys() & set(PROBLEM_MEMBERS)) > 1


class _Scale:
    """What was found for and against one envelope."""

    def __init__(self) -> None:
        self.score = 0
        self.counts: dict[str, int] = {}
        self.why: list[tuple[int, str]] = []
        self.against: list[tuple[int, str]] = []

    def add(self, point: str, clause: str = "", times: int = 1) -> None:
        """Adds the points of one kind, several times where several were found."""
        points = POINTS[point] * times
        self.score += points
        self.counts[point] = self.counts.get(point, 0) + times
        if clause and points:
            (self.why if points > 0 else self.against).append((abs(points), clause))

    def clauses(self, of: list[tuple[int, str]]) -> tuple[str, ...]:
        return tuple(clause for _, clause in sorted(of, key=lambda one: -one[0]))


def _weighed(signature: Signature, seen: Seen, value: Any, missing: Pointer | None) -> Candidate:
    envelope, scale = signature.envelope, _Scale()
    whole = signature.holds(value) if seen.made else signature.strictly(value)
    _weigh_origin(envelope, seen, scale)
    if whole:
        scale.add("generic" if envelope.generic else "whole")
    if missing is None:
        scale.add("complete")
    else:
        scale.against.append((100, f"it has no {named(missing)}"))
    named_all = _weigh_members(signature, value, scale, whole)
    roles = [_weigh_role(role, place, seen, scale) for role, place in envelope.roles.items()]
    if envelope.generic:
        scale.against.append((0, "nearly any body fits it"))
    explained = missing is not None or not all(roles) or any(weight == ODD for weight, _ in scale.against)
    fits = whole and missing is None and all(roles) and _says_enough(signature, seen, value, scale, named_all)
    return Candidate(envelope, signature, scale.score, fits, scale.clauses(scale.why), scale.clauses(scale.against), explained)


def _says_enough(signature: Signature, seen: Seen, value: Any, scale: _Scale, named_all: bool) -> bool:
    """Whether a body tells of this envelope: not where most of it is something else."""
    surely = ("media type", "header", "framework") if seen.made else ("media type", "header", "framework", "constant")
    if any(kind in scale.counts for kind in surely):
        return True
    known, unknown = scale.counts.get("known", 0), scale.counts.get("unknown", 0)
    if unknown > known or (signature.envelope.generic and not named_all):
        return False
    return not seen.made or _says_what(signature, value, known)


def _says_what(signature: Signature, value: Any, known: int) -> bool:
    """Whether a schema's members tell of an envelope, although it leaves open what stands there: a lone text is any text."""
    coded = signature.envelope.code_is == "place"
    return known > (1 if coded else 0) and (known >= MANY or signature.strictly(value))


def _weigh_origin(envelope: Envelope, seen: Seen, scale: _Scale) -> None:
    """What the answer says beside its body: media type, header, status, and whose default body it is."""
    if seen.media_type and seen.media_type in envelope.media_types:
        scale.add("media type", f"it is served as {seen.media_type}")
    code = envelope.roles.get("code")
    if code is not None and code.header is not None and code.header.lower() in seen.headers:
        scale.add("header", f"the header {code.header} names its code")
    if any(name in envelope.frameworks for name in frameworks(seen.framework)):
        scale.add("framework", f"it is the default body of {seen.framework}")
    if seen.status is not None and not _comes_under(envelope, seen.status):
        scale.add("status", f"it does not come under {seen.status}")


def _comes_under(envelope: Envelope, status: int) -> bool:
    return status >= 400 if envelope.statuses is None else status in envelope.statuses


def _weigh_members(signature: Signature, value: Any, scale: _Scale, whole: bool) -> bool:
    """Adds what the members say: constants, those that the envelope names, and others; whether it names all."""
    present = dict.fromkeys(members(value))
    for part in signature.parts:
        if part.constants is not None and part.role is None and part.pointer in present:
            told = _told(value, part.pointer, part.constants)
            scale.add("constant", f"{named(part.pointer)} is {told}" if told else "")
    places = signature.known
    known = [pointer for pointer in present if pointer in places]
    objects = signature.parents - {()} if _names_anything(signature.schema) else signature.parents
    strange = [pointer for pointer in present if pointer not in places and pointer[:-1] in objects]
    if known:
        leaves = [pointer for pointer in known if not any(other[: len(pointer)] == pointer != other for other in known)]
        scale.add("known", f"it names {listed(leaves)}", len(known))
    if strange:
        scale.add("unknown", f"it does not know {listed(strange)}", min(len(strange), MOST_UNKNOWN))
    elif whole and is_closed(signature.schema):
        scale.add("closed", "it names every member")
    return not strange


def _names_anything(schema: Any) -> bool:
    """Whether the members of a body are keys of the application's, as the fields of a form."""
    return isinstance(schema, dict) and isinstance(schema.get("additionalProperties"), dict)


def is_closed(schema: Any) -> bool:
    """Whether a schema says at its top that there are no other members."""
    return isinstance(schema, dict) and schema.get("additionalProperties") is False


def _weigh_role(role: Role, place: Place, seen: Seen, scale: _Scale) -> bool:
    """Adds what stands at a role; false where it cannot be what the role means."""
    found = [(at, item) for pointer in place.pointers for at, item in pointers.walk(seen.value, pointer)]
    if not found:
        return True
    odd = next((one for one in found if not allowed(place, one[1])), None)
    if odd is not None:
        told = f"{named(odd[0])} is {kind(json_type(odd[1]))}"
        scale.against.append((ODD, f"{told}, not {kinds(place.types)}" if place.types else told))
        return not seen.made  # of a real body its schema says whether that counts
    scale.add("role")
    if place.pattern is not None and all(fits_pattern(place, item) for _, item in found):
        scale.add("pattern")
    if role != "code":
        return True
    codes = [read(place, seen.value, seen.headers, bound).value for bound in elements(place, seen.value)]
    wrong = next((one for one in codes if one is not ABSENT and one is not None and not is_code(one)), None)
    if wrong is not None and place.pointers != (("type",),):  # a problem's type is a URI
        what = "a text of several words" if isinstance(wrong, str) else kind(json_type(wrong))
        scale.add("no code", f"{named(found[0][0])} is {what}, no code")
        return False
    return True


def _told(value: Any, pointer: Pointer, constants: tuple[Any, ...]) -> str:
    items = [item for _, item in pointers.walk(value, pointer)]
    return quoted(items[0]) if len(items) == 1 and not isinstance(items[0], (dict, list)) and items[0] in constants else ""


def facts(candidate: Candidate, seen: Seen) -> Iterator[tuple[Role, str]]:
    """What stands at the roles of a candidate, as text: ``("code", "NOT_FOUND")``."""
    for role, place in candidate.envelope.roles.items():
        for bound in elements(place, seen.value):
            value = read(place, seen.value, seen.headers, bound).value
            if value is not ABSENT and not isinstance(value, (dict, list)):
                yield role, written(value)
