"""The contract's nouns: what a service promises about its errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from errlint.model.finding import NOWHERE, Location
from errlint.model.pointer import Pointer
from errlint.model.record import field, record
from errlint.model.status import Statuses

if TYPE_CHECKING:
    from errlint.model.recipe import Recipe

Role = Literal["code", "message", "status", "request_id", "details"]
ROLES: tuple[Role, ...] = ("code", "message", "status", "request_id", "details")
MessageKind = Literal["literal", "prefix", "printf", "braces", "regex"]
MessageCheck = Literal["ignore", "advise", "strict"]
Scalar = str | int | float | bool | None


@record
class Place:
    """Where a role's value stands: RFC 6901 pointers (a token ``*`` walks an array), a header, or both.

    All present values must agree. ``extract`` is a regular expression whose first group is the value; a value that it
    does not match is no value. ``types`` are JSON type names.
    """

    pointers: tuple[Pointer, ...] = ()
    header: str | None = None
    extract: str | None = None
    pattern: str | None = None
    types: tuple[str, ...] = ()
    required: bool = True


@record
class Envelope:
    """What an error body looks like: a JSON Schema (2020-12) and the places of its roles.

    ``code_is`` says how the code is carried: at its place, not at all (``none``), or as the HTTP status (``status``).
    ``statuses`` are the HTTP statuses it may come under; None means 4xx and 5xx.
    ``generic`` marks a shape so loose that it never convicts and is tried last. ``frameworks`` send it by themselves.
    """

    id: str
    schema: Any
    roles: Mapping[Role, Place]
    code_is: Literal["place", "none", "status"] = "place"
    media_types: tuple[str, ...] = ()
    statuses: Statuses | None = None
    framing: str = "json"
    generic: bool = False
    source: str = ""
    samples: tuple[Any, ...] = ()
    frameworks: tuple[str, ...] = ()
    location: Location = NOWHERE


@record
class Layer:
    """Who answers: one or more envelopes, and the requests and codes that are its business.

    ``applies_to`` is one of ``all-operations`` (every request, routed or not), ``declared-operations``, ``unrouted``, or
    a tuple of selectors (``[METHOD ]path-glob``, ``tag:x``, ``operationId:x``). ``closed`` means that a code which the
    catalog does not list is a fault.
    """

    id: str
    envelopes: tuple[str, ...]
    title: str = ""
    applies_to: str | tuple[str, ...] = "declared-operations"
    in_spec: Literal["required", "optional", "forbidden"] = "required"
    closed: bool = True
    location: Location = NOWHERE


@record
class Category:
    """A named block of codes: a prefix with an inclusive number range, a pattern, or a title only."""

    id: str
    title: str
    prefix: str = ""
    range: tuple[int, int] | None = None
    pattern: str | None = None
    statuses: Statuses | None = None
    location: Location = NOWHERE


@record
class Message:
    """A message template: its text, the dialect it is written in, how it is checked, and the source's own words."""

    kind: MessageKind
    text: str
    check: MessageCheck
    example: str | None = None

    @property
    def shown(self) -> str:
        """The text as people read it: of a regular expression its example, empty where it has none."""
        return self.text if self.kind != "regex" else self.example or ""


@record
class Variant:
    """What differs under one of a code's statuses."""

    statuses: Statuses
    message: Message | None = None
    description: str = ""
    resolution: str = ""


@record
class Code:
    """One entry of the catalog. Its identity is (layer, id); ``code`` None is an error that carries no code.

    ``match`` holds further members that tell entries of one code apart: pointer into the body -> constant.
    """

    id: str
    code: str | int | None
    statuses: Statuses
    layer: str
    name: str = ""
    message: Message | None = None
    description: str = ""
    resolution: str = ""
    category: str = ""
    match: Mapping[Pointer, Any] = field(default_factory=dict)
    variants: tuple[Variant, ...] = ()
    retry: str = ""
    headers: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    provoke: tuple[Any, ...] = ()
    recipes: tuple[Recipe, ...] = ()
    reachable: str = "probe"
    deprecated: bool = False
    removed: str = ""
    replaced_by: str = ""
    owner: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    location: Location = NOWHERE

    def messages(self, status: int | None) -> tuple[Message, ...]:
        """The templates that may stand under a status: those of its variants, else the entry's own."""
        own = tuple(v.message for v in self.variants if v.message is not None and (status is None or status in v.statuses))
        return own or ((self.message,) if self.message is not None else ())


@record
class Accepted:
    """An anomaly that the catalog's owner accepts: that rule is silent for that code (all codes when None)."""

    rule: str
    code: str | None
    reason: str


@record
class Catalog:
    """One service's promise: envelopes, layers, categories and codes, by id, in document order."""

    service: str
    envelopes: Mapping[str, Envelope]
    layers: Mapping[str, Layer]
    categories: Mapping[str, Category]
    codes: tuple[Code, ...]
    title: str = ""
    version: str = ""
    expect_count: int | None = None
    expect_categories: int | None = None
    accepted: tuple[Accepted, ...] = ()
    uri: str = ""
    location: Location = NOWHERE
