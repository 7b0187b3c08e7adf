"""What a witness says: this layer answers code C with status S and message M, as values or as sets of values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from errlint.model.catalog import Code, Scalar
from errlint.model.finding import NOWHERE, Location, Witness
from errlint.model.pointer import Pointer
from errlint.model.record import field, record
from errlint.model.status import Statuses

JSON_TYPES = frozenset(("string", "integer", "number", "boolean", "null", "object", "array"))


def json_type(value: Any) -> str:
    """The JSON Schema type name of a parsed value; an integral float is an integer (JSON Schema 2020-12 section 4.2.3)."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "integer" if value.is_integer() else "number"
    if isinstance(value, str):
        return "string"
    return "object" if isinstance(value, dict) else "array"


def key(value: Any) -> tuple[str, Any]:
    """A hashable identity with JSON's equality of scalars: 1 is 1.0, but neither True nor "1"."""
    kind = json_type(value)
    if kind in ("object", "array"):
        return kind, repr(value)
    return kind, value


@record
class Values:
    """What may stand at one place of a body.

    ``finite`` are all the values that may stand there, each with its place in the text; None where the set is open
    (``pattern`` may bound it). ``types`` are the JSON types that may stand there. ``exact`` is false where a step of the
    derivation widened the set: then it is an over-approximation and proves no violation. ``location`` is what bounds an
    open set: its pattern, else its schema; it is no part of the value. ``listed`` is false where the finite values are the
    strings of a pattern: then each stands at that pattern. ``known`` are the values that a document names of an open set
    (``x-extensible-enum``). ``members`` are those that an object there lists or requires, where it speaks of no others;
    empty where it may have any. ``each`` is true where it stands at every element that a ``*`` on the way means, although
    there may be no element.
    """

    presence: Literal["required", "optional", "absent"] = "required"
    types: frozenset[str] = JSON_TYPES
    finite: tuple[tuple[Any, Location], ...] | None = None
    pattern: str | None = None
    exact: bool = True
    location: Location | None = field(default=None, compare=False)
    listed: bool = field(default=True, compare=False)
    known: tuple[tuple[Any, Location], ...] = field(default=(), compare=False)
    members: frozenset[str] = field(default=frozenset(), compare=False)
    each: bool = field(default=False, compare=False)

    def scalars(self) -> tuple[tuple[Scalar, Location], ...]:
        """The finite values that are scalars; empty where the set is open."""
        return tuple((value, at) for value, at in self.finite or () if not isinstance(value, (dict, list)))


ABSENT_VALUES = Values(presence="absent", types=frozenset())


@record
class Variant:
    """One way in which a schema can be met: what may stand at each asked place, jointly.

    ``demands`` are the members that the top level requires; ``closed`` is true where it admits no other members than
    ``members``. ``branch`` is the place of the oneOf/anyOf branch that it came from, None where there was no choice.
    """

    values: Mapping[Pointer, Values]
    demands: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()
    closed: bool = False
    types: frozenset[str] = JSON_TYPES
    exact: bool = True
    branch: Location | None = None


@record
class Claim:
    """One thing that a witness says. From an exchange every set has one value; from a schema they are what it can produce.

    ``layer`` is the layer that answers, None where several remain (``layers``). ``candidates`` are the catalog's entries
    that it may be; ``failed`` is the question at which the last one fell out: code, match, status or message. ``statuses``
    are the HTTP statuses it comes under; ``told`` is the status inside the body. ``copies`` are the places and values of a
    code that disagrees with itself. ``exact`` is false where the sets are wider than the truth.
    ``part`` numbers the claims of one answer, ``value`` is the whole body.
    """

    layer: str | None
    layers: tuple[str, ...]
    envelope: str
    code: Values
    statuses: Statuses
    message: Values = ABSENT_VALUES
    told: Values = ABSENT_VALUES
    candidates: tuple[Code, ...] = ()
    failed: str | None = None
    copies: tuple[tuple[str, Any], ...] = ()
    exact: bool = True
    witness: Witness = "schema"
    part: int = 0
    value: Any = None
    location: Location = NOWHERE

    @property
    def observed(self) -> bool:
        """Whether it is a fact of one exchange and not what a schema may produce."""
        return self.witness != "schema"
