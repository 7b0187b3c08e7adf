"""What an OpenAPI document declares, with the place of everything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from errlint.model.finding import Location
from errlint.model.pointer import Pointer
from errlint.model.record import field, record
from errlint.model.status import Statuses


@record
class Node:
    """A value and where it stands: the document's uri and an RFC 6901 pointer."""

    uri: str
    pointer: Pointer
    value: Any

    @property
    def location(self) -> Location:
        return Location(self.uri, self.pointer)

    def child(self, *tokens: str) -> Node:
        """The node below. Raises: KeyError, IndexError, TypeError where there is none."""
        value = self.value
        for token in tokens:
            value = value[int(token)] if isinstance(value, list) else value[token]
        return Node(self.uri, (*self.pointer, *tokens), value)

    def get(self, token: str) -> Node | None:
        """The member of that name, None where the node is no object or has none."""
        if isinstance(self.value, dict) and token in self.value:
            return Node(self.uri, (*self.pointer, token), self.value[token])
        return None


class Unresolved(Exception):  # noqa: N818 -- it is an answer that a caller asks for, as KeyError is
    """A ``$ref`` that leads nowhere: ``reason`` is what a user can act on, ``place`` is the reference."""

    def __init__(self, reason: str, place: Location, cycle: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place
        self.cycle = cycle


Resolve = Callable[[Node], Node]
"""Follows ``$ref`` until something else stands there. Raises: Unresolved."""


@record
class Parameter:
    """One parameter of an operation (OpenAPI Parameter Object), ``location`` being path, query, header or cookie."""

    name: str
    where: str
    required: bool
    schema: Node | None


@record
class Asked:
    """What an operation asks of a request: its parameters, and its bodies by media type (None: without a schema)."""

    parameters: tuple[Parameter, ...] = ()
    bodies: Mapping[str, Node | None] = field(default_factory=dict)
    body_required: bool = False


@record
class Operation:
    """One method of one path. ``label`` is ``GET /models/{id}``; ``secured`` is true where no anonymous way is declared.

    ``statuses`` are the declared status keys as written; ``default_succeeds`` where ``default`` is the only answer for
    success, and so no declared error. What the operation asks of a request is read when somebody wants to know: most of a
    document is that.
    """

    label: str
    method: str
    path: str
    node: Node
    operation_id: str = ""
    tags: tuple[str, ...] = ()
    secured: bool = False
    produces: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    default_succeeds: bool = False
    read: Callable[[], Asked] = field(default=Asked, compare=False, repr=False)

    @cached_property
    def asked(self) -> Asked:
        """What it asks of a request."""
        return self.read()

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        return self.asked.parameters

    @property
    def bodies(self) -> Mapping[str, Node | None]:
        return self.asked.bodies

    @property
    def body_required(self) -> bool:
        return self.asked.body_required

    @property
    def location(self) -> Location:
        return self.node.location


@record
class Declaration:
    """One (operation, status key, media type) that a document declares as an answer.

    ``statuses`` is what the key covers (a range or default minus the explicit keys), None where the key is none.
    ``use`` is where the operation names the response, ``response`` what stands there after ``$ref``. ``media_type`` None
    means that the response has no content; ``schema`` None that it has no schema. ``error`` is true where the key covers
    4xx or 5xx, unless it is a ``default`` that stands for success. ``dialect`` is the document's.
    """

    operation: Operation
    status_key: str
    statuses: Statuses | None
    use: Node
    response: Node
    media_type: str | None
    schema: Node | None
    error: bool
    layer: str | None = None
    dialect: str = ""

    @property
    def location(self) -> Location:
        return self.use.location

    @property
    def bare_type(self) -> str:
        """The media type in lower case, without parameters; empty where there is none."""
        return (self.media_type or "").partition(";")[0].strip().lower()


@record
class BrokenRef:
    """A ``$ref`` on the way to a response or its schema that could not be followed. A cycle is no fault.

    ``operation`` and ``status_key`` are the first that need it, ``uses`` are all: operations, each with the place where it
    names the response.
    """

    operation: Operation
    status_key: str
    reason: str
    location: Location
    cycle: bool = False
    uses: tuple[tuple[str, Location], ...] = ()


@record
class IgnoredSiblings:
    """A ``$ref`` on the way to an error schema beside keywords that have no effect there (they count in 3.1 schemas only)."""

    operation: Operation
    status_key: str
    keywords: tuple[str, ...]
    dialect: str
    location: Location


@record
class MisplacedRef:
    """A ``$ref`` to an error response, or inside an error schema, that leads to a component of another kind.

    ``wanted`` is what should stand there ("a schema"), ``target`` the pointer of the component.
    """

    operation: Operation
    status_key: str
    wanted: str
    target: Pointer
    location: Location


@record
class BadKey:
    """A key of a Responses Object that is no status, range or ``default``; ``meant`` is what it probably should be.

    ``ranged`` is true for a range in OpenAPI 2.0, which has none.
    """

    operation: Operation
    key: str
    meant: str
    location: Location
    ranged: bool = False


@record
class Example:
    """One example of an error answer: its name, its value, where it stands, and how the answer was declared.

    ``schema`` is what it must satisfy. An example that only names an external value has none and is not listed.
    """

    name: str
    node: Node
    declaration: Declaration


@record
class Spec:
    """One OpenAPI document, read: its operations, declared answers, their examples, and what is broken.

    ``version`` is as written ("3.1.0"); ``dialect`` is ``2.0``, ``3.0`` or ``3.1`` (3.2 reads as 3.1). ``resolve`` follows
    ``$ref`` to its end; ``step`` follows one: where siblings of a ``$ref`` count (3.1 schemas), each stop matters.
    ``declarations`` hold every status, errors or not. ``base_paths`` are the paths of the servers (or basePath).
    ``reached`` gives the top of every document that references led to so far, the root's first.
    """

    uri: str
    version: str
    dialect: str
    root: Node
    resolve: Resolve
    step: Resolve
    operations: tuple[Operation, ...]
    declarations: tuple[Declaration, ...]
    examples: tuple[Example, ...] = ()
    broken: tuple[BrokenRef, ...] = ()
    bad_keys: tuple[BadKey, ...] = ()
    base_paths: tuple[str, ...] = ()
    ignored: tuple[IgnoredSiblings, ...] = ()
    misplaced: tuple[MisplacedRef, ...] = ()
    reached: Callable[[], tuple[Node, ...]] = tuple
