"""What the contract proves about a request: whether an operation must refuse this body, this id, these credentials.

Everything here is a proof or nothing. What cannot be decided (a schema that does not compile, a media type that nobody
can parse, a schema that no body satisfies) proves nothing, so no request leaves and no expectation is set on a guess. A body
must break the schema as it is written, and also as a lenient service enforces it (``lenient``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from random import Random
from typing import Any
from urllib.parse import parse_qsl

from errlint.model.spec import Node, Operation, Spec
from errlint.probe.fillable import Fillable, fillable
from errlint.probe.lenient import Lenient, outline
from errlint.probe.values import smallest

Breaks = Callable[[Any], bool]

FORM = "application/x-www-form-urlencoded"


REMEMBERED = 256
"""Answers that a contract keeps: one body is asked for by who makes it, who plans it and who lets it out."""


def plain(media_type: str) -> str:
    """The media type in lower case without parameters (RFC 9110 section 8.3.1)."""
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON: application/json, text/json or a ``+json`` suffix (RFC 6839)."""
    name = plain(media_type)
    return name in ("application/json", "text/json") or name.endswith("+json")


def is_xml(media_type: str) -> bool:
    """Whether a media type is XML (RFC 7303)."""
    name = plain(media_type)
    return name in ("application/xml", "text/xml") or name.endswith("+xml")


def json_type(operation: Operation) -> str | None:
    """The first JSON media type that an operation takes, None where it takes none."""
    return next((name for name in operation.bodies if is_json(name)), None)


def parsed(body: bytes) -> tuple[Any, bool]:
    """(the JSON value that a body starts with, whether the body is nothing else). Raises: ValueError, RecursionError."""
    try:
        return json.loads(body), True
    except ValueError:
        value, _ = json.JSONDecoder().raw_decode(body.decode("utf-8-sig", "surrogateescape").lstrip())
        return value, False


class Contract:
    """A document's word on bodies; schemas are compiled once per operation and media type."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self._compiled: dict[tuple[str, str], Breaks] = {}
        self._written: dict[tuple[str, str], Breaks] = {}
        self._filled: dict[tuple[str, str], Fillable | None] = {}
        self._answers: dict[tuple[str, str, bytes | None], str | None] = {}

    def refuses(self, operation: Operation, content_type: str, body: bytes | None) -> str | None:
        """Why an operation must refuse a body ("the body does not parse"); None where that is not proven.

        A body under a declared media type must break that type. Under any other it must break every declared one: a
        service that ignores the Content-Type may take it for any of them, and one that need not have a body may do without.
        """
        key = (operation.label, content_type, body)
        if key not in self._answers:
            if len(self._answers) > REMEMBERED:
                self._answers.clear()
            self._answers[key] = self._refuses(operation, content_type, body)
        return self._answers[key]

    def _refuses(self, operation: Operation, content_type: str, body: bytes | None) -> str | None:
        if not operation.bodies:
            return None
        if not body:
            missing = operation.body_required and self._empty_breaks(operation) and self._nothing_breaks(operation)
            return "the body is missing" if missing else None
        sent = plain(content_type)
        declared = [name for name in operation.bodies if plain(name) == sent]
        if not declared and not (operation.body_required and self._nothing_breaks(operation)):
            return None
        declared = declared or list(operation.bodies)
        reasons = [self._breaks(operation, name, body) for name in declared]
        return reasons[0] if all(reasons) else None

    def _empty_breaks(self, operation: Operation) -> bool:
        """Whether no declared media type lets nothing stand for a body: no bytes are a text and a form, never JSON."""
        return all(is_json(name) or is_xml(name) or plain(name).startswith("multipart/") for name in operation.bodies)

    def _nothing_breaks(self, operation: Operation) -> bool:
        """Whether no declared media type is met by a body without members, as a service may read one that it cannot read."""
        return all(self._validator(operation, name)({}) for name in operation.bodies)

    def _breaks(self, operation: Operation, media_type: str, body: bytes) -> str | None:
        """Why a body is no body of one declared media type, None where it may be one."""
        name = plain(media_type)
        if is_json(name):
            return self._json_breaks(operation, media_type, body)
        if is_xml(name):
            return None if b"<" in body else "the body does not parse"
        if name.startswith("multipart/"):
            return None if b"--" in body else "the body does not parse"
        if name == FORM:
            return self._form_breaks(operation, media_type, body)
        return None

    def _json_breaks(self, operation: Operation, media_type: str, body: bytes) -> str | None:
        try:
            value, whole = parsed(body)
        except (ValueError, RecursionError):
            return "the body does not parse" if body.strip() or operation.body_required else None
        if not value and not operation.body_required:
            return None  # many services take null, and what else is false, for no body
        broken = self._validator(operation, media_type)(value)
        if whole:
            return "the body breaks the request schema" if broken else None
        # A decoder that reads one value and stops (Go's json.Decoder) would take what stands before the garbage.
        return "the body does not parse" if broken else None

    def _form_breaks(self, operation: Operation, media_type: str, body: bytes) -> str | None:
        """A form always parses and its values are texts, so only a missing member of a required form proves anything."""
        if not operation.body_required:
            return None
        try:
            members = {name for name, _ in parse_qsl(body.decode(), keep_blank_values=True)}
        except ValueError:
            return None
        if not self._validator(operation, media_type)({}):
            return None
        schema = self._schema(operation, media_type)
        needed = schema.get("required") if isinstance(schema, Mapping) else None
        members |= self.read_only(operation, media_type) | self._defaults(operation, media_type)
        lacking = [name for name in needed if name not in members] if isinstance(needed, list) else []
        return f"the form lacks {lacking[0]}" if lacking else None

    def breaks_as_written(self, operation: Operation, media_type: str, value: Any) -> bool:
        """Whether a value breaks the request schema as it is written, which need not keep a service from taking it."""
        key = (operation.label, media_type)
        if key not in self._written:
            schema = self._schema(operation, media_type)
            self._written[key] = _never if schema is None else breaker(schema)
        return self._written[key](value)

    def read_only(self, operation: Operation, media_type: str) -> frozenset[str]:
        """The names of the members that a request is not to send."""
        filled = self._fillable(operation, media_type)
        return filled.read_only if filled is not None else frozenset()

    def _defaults(self, operation: Operation, media_type: str) -> frozenset[str]:
        filled = self._fillable(operation, media_type)
        return filled.defaults if filled is not None else frozenset()

    def _fillable(self, operation: Operation, media_type: str) -> Fillable | None:
        key = (operation.label, media_type)
        if key not in self._filled:
            node = operation.bodies.get(media_type)
            self._filled[key] = fillable(node, self.spec.resolve) if node is not None else None
        return self._filled[key]

    def _validator(self, operation: Operation, media_type: str) -> Breaks:
        """Whether a value certainly breaks the request schema, as a function."""
        key = (operation.label, media_type)
        if key not in self._compiled:
            self._compiled[key] = self._compile(operation, media_type)
        return self._compiled[key]

    def _compile(self, operation: Operation, media_type: str) -> Breaks:
        """As above. A value must break the schema as it is written, and what even a lenient service enforces of it."""
        schema, node = self._schema(operation, media_type), operation.bodies.get(media_type)
        filled = self._fillable(operation, media_type)
        if schema is None or node is None or filled is None:
            return _never
        made = smallest(node, self.spec.resolve, Random(0))  # noqa: S311 reproducible on purpose
        if breaker(outline(schema))(made):
            return _never  # it contradicts itself: a service that uses it enforces something else
        partial = not operation.body_required
        lenient = Lenient(node, self.spec.resolve, self.spec.dialect, filled.read_only, filled.defaults, partial)
        return lambda value: not lenient.takes(value) and self.breaks_as_written(operation, media_type, value)

    def _schema(self, operation: Operation, media_type: str) -> Any:
        """The schema of a request body as one JSON Schema document, None where there is none."""
        from errlint.match.standalone import standalone  # start-up: only a probe and replay need it

        node: Node | None = operation.bodies.get(media_type)
        if node is None:
            return None
        return standalone(node, self.spec.step, self.spec.dialect)


def _never(value: Any) -> bool:
    """No schema proves nothing."""
    return False


def breaker(schema: Any) -> Breaks:
    """Whether a value certainly breaks a JSON Schema; a schema that does not compile is broken by nothing."""
    from errlint.match.standalone import CannotValidate, first_error

    def breaks(value: Any) -> bool:
        try:
            return first_error(schema, value) is not None
        except CannotValidate:
            return False

    return breaks
