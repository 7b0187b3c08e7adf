"""Bodies of errors against the schema that the document declares for their status.

jsonschema-rs judges each body. What it refuses openapi-core judges as well, which knows what OpenAPI means by its keywords
(``writeOnly``, ``nullable``): only what both refuse is wrong. It is asked once for bodies that differ in message and request
id only, since it does 500 bodies a second.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from errlint.bind.document import MEDIA_TYPE, METHOD, PATH, UNCHECKED, Unwritable, of_schema
from errlint.checks.beside import Held
from errlint.match.answer import Answer
from errlint.match.explain import CannotValidate, Fault, faults
from errlint.match.standalone import standalone
from errlint.model import pointer as pointers
from errlint.model.catalog import Role
from errlint.model.pointer import Pointer
from errlint.model.spec import Declaration, Node, Spec

if TYPE_CHECKING:
    from openapi_core import OpenAPI

KEPT = 10_000
"""Verdicts that are kept."""

Place = Pointer
"""A place in a body, or that of a member which is missing."""

_MISSING = re.compile(r"'(.*)' is a required property\Z", re.DOTALL)
_MASKED: tuple[Role, ...] = ("message", "request_id")


class Bodies:
    """The declared schemas of one document, and what was found out of bodies under them."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._declared: dict[str, list[Declaration]] = {}
        for one in spec.declarations:
            self._declared.setdefault(one.operation.label, []).append(one)
        self._second: dict[tuple[str, Pointer], OpenAPI | None] = {}
        self._verdicts: dict[tuple[str, Pointer, str, tuple[tuple[Pointer, str], ...]], frozenset[Place] | None] = {}

    def held(self, answer: Answer) -> Held | None:
        """An error's body held against its schema: status 400 or more, one JSON value, and a schema for its media type.

        An explicit status beats a range, which beats ``default``; a media type beats a range of them.
        """
        framed = answer.framed
        if not answer.error or answer.observation.dropped or framed.kind != "json" or len(framed.values) != 1:
            return None
        declaration = self._declaration(answer)
        if declaration is None or declaration.schema is None or not declaration.error:
            return None  # what a default declares for success says nothing of errors
        schema = standalone(declaration.schema, self._spec.step, self._spec.dialect)
        if schema is None:
            return Held(declaration, unsure="the declared schema is too involved")
        try:
            found = faults(schema, framed.values[0])
        except CannotValidate as fault:
            return Held(declaration, unsure=str(fault))
        if not found:
            return Held(declaration)
        if self._spec.dialect == "2.0" or _has_pattern(schema):
            return Held(declaration, found)  # it accepts anything of 2.0; its patterns have no limit of time
        places = self._places(declaration.schema, answer, found)
        if places is None:
            return Held(declaration, unsure="openapi-core cannot read the declared schema")
        return Held(declaration, tuple(fault for fault in found if _agrees(places, fault)))

    def _declaration(self, answer: Answer) -> Declaration | None:
        """What is declared for an answer's status and media type."""
        observation = answer.observation
        covering = [
            one
            for one in self._declared.get(observation.label or "", ())
            if one.statuses is not None and observation.status in one.statuses
        ]
        ranked = [(_closeness(one.media_type, observation.media_type), one) for one in covering if one.media_type is not None]
        best = max(ranked, key=lambda pair: pair[0], default=None)
        return best[1] if best is not None and best[0] else None

    def _places(self, node: Node, answer: Answer, found: tuple[Fault, ...]) -> frozenset[Place] | None:
        """Where openapi-core refuses a body; None where it cannot say. Asked once for equal faults of equal bodies."""
        key = (node.uri, node.pointer, _masked(answer), tuple((one.pointer, one.keyword) for one in found))
        if key not in self._verdicts:
            if len(self._verdicts) >= KEPT:
                self._verdicts.clear()
            self._verdicts[key] = self._asked(node, answer.framed.values[0])
        return self._verdicts[key]

    def _asked(self, node: Node, value: Any) -> frozenset[Place] | None:
        place = (node.uri, node.pointer)
        if place not in self._second:
            self._second[place] = _second(node, self._spec)
        document = self._second[place]
        return refused(document, value) if document is not None else None


def _closeness(declared: str | None, seen: str) -> int:
    """How well a declared media type meets an answer's: 3 equal, 2 ``application/*``, 1 ``*/*``, 0 not at all."""
    wanted = (declared or "").partition(";")[0].strip().lower()
    if wanted == seen:
        return 3
    if wanted.endswith("/*") and wanted != "*/*":
        return 2 if seen.startswith(wanted[:-1]) else 0
    return 1 if wanted == "*/*" else 0


def _masked(answer: Answer) -> str:
    """The body as text, without its messages and request ids."""
    value = answer.framed.values[0]
    roles = answer.signature.envelope.roles if answer.signature is not None else {}
    places = [pointer for role in _MASKED if role in roles for pointer in roles[role].pointers]
    found = [at for place in places for at, item in pointers.walk(value, place) if at and isinstance(item, str)]
    if found:
        value = copy.deepcopy(value)
        for at in found:
            _set(value, at)
    return json.dumps(value, sort_keys=True, default=str)


def _set(value: Any, at: Pointer) -> None:
    holder = pointers.get(value, at[:-1])
    holder[int(at[-1]) if isinstance(holder, list) else at[-1]] = ""


def _has_pattern(schema: Any) -> bool:
    """Whether a schema has regular expressions: Python's may take forever."""
    return any("pattern" in one or "patternProperties" in one for one in _objects(schema))


def _objects(schema: Any) -> Iterator[dict[str, Any]]:
    waiting = [schema]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def _second(node: Node, spec: Spec) -> OpenAPI | None:
    """openapi-core over one schema, None where it cannot take it."""
    from openapi_core import Config, OpenAPI  # start-up: only refused bodies need it

    try:
        return OpenAPI.from_dict(of_schema(node, spec.resolve, spec.dialect), config=Config(spec_validator_cls=UNCHECKED))
    except Unwritable:
        return None


def refused(document: OpenAPI, value: Any) -> frozenset[Place] | None:
    """The places where openapi-core finds a value wrong as the answer of ``document.of_schema``; None where it breaks down.

    A missing member is a place: the object's, and its name.
    """
    from openapi_core.exceptions import OpenAPIError
    from openapi_core.testing import MockRequest, MockResponse
    from openapi_core.validation.response.exceptions import DataValidationError
    from openapi_core.validation.schemas.exceptions import InvalidSchemaValue

    request = MockRequest("http://localhost", METHOD, PATH)
    try:
        document.validate_response(request, MockResponse(json.dumps(value).encode(), 400, content_type=MEDIA_TYPE))
    except DataValidationError as error:
        cause = error.__cause__
        return frozenset(map(_place, cause.schema_errors)) if isinstance(cause, InvalidSchemaValue) else None
    except OpenAPIError:
        return None
    except Exception:  # a document that breaks OpenAPI's own rules breaks this library anywhere
        return None
    return frozenset()


def _place(error: Any) -> Place:
    """Where a fault of jsonschema's is; it says which member is missing in its words only."""
    at = tuple(map(str, error.absolute_path))
    named = _MISSING.match(str(error.message)) if error.validator == "required" else None
    return (*at, named[1]) if named is not None else at


def _agrees(places: frozenset[Place], fault: Fault) -> bool:
    """Whether openapi-core refuses what a fault is about, or what it stands in: a oneOf is told at its own place."""
    place = (*fault.pointer, *fault.names) if fault.keyword == "required" else fault.pointer
    return any(place[: len(known)] == known for known in places)
