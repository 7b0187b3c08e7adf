"""What is certainly wrong with a request, in words: a fault of the client's, whichever stimulus or generator made it.

Everything here is certain or nothing. Texts in a path or a query count as broken only where no reading of them fits the
schema: ``1`` may be a text, a number or true. Of the formats only UUIDs count: many services do not look at the others.

What the document says decides what is expected. A 500 is the service's fault whatever the client did wrong. A 2xx is one where
the body breaks its schema; where a value in the path does and the operation says that it refuses some requests (400, 404, 422,
4XX); and where the query lacks what is required or has a value of the wrong type, and the operation says that it looks at what
it is asked (400, 422, 4XX). Many services ignore what they do not understand in a query, cut what is out of range, and filter
by what no list has: a document that does not speak of it does not forbid that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from errlint.match.route import PLACEHOLDER, is_greedy
from errlint.model.exchange import Request
from errlint.model.record import replace
from errlint.model.spec import Node, Operation, Parameter, Unresolved
from errlint.probe.lenient import is_of
from errlint.probe.refusal import Breaks, breaker, parsed, plain
from errlint.probe.router import Router
from errlint.probe.scene import Scene
from errlint.probe.trial import Trial

GENERATED = "generated: "
"""How the names of generated requests begin."""

JUDGED = frozenset(
    ("malformed-json", "empty-body", "missing-required", "wrong-type", "unknown-value", "unknown-id", "malformed-id")
)
"""Stimuli about the parts of a request that a document describes. Of the others the name says best what is wrong."""

LOOKED_UP = frozenset(("GET", "HEAD", "DELETE", "PATCH"))
"""Methods that need what their id names."""

BOOLEANS = frozenset(
    (
        "true",
        "false",
        "t",
        "f",
        "yes",
        "no",
        "y",
        "n",
        "on",
        "off",
        "checked",
        "unchecked",
        "enabled",
        "disabled",
        "1",
        "0",
        "-1",
    )
)
"""Words that services take for booleans."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{0,40})?(?:e[+-]?[0-9]{1,3})?")
_UUID = re.compile("[0-9a-f]{32}")


class Faults:
    """What is wrong with the requests of a run; schemas are compiled once per parameter."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._router = Router(scene.spec.operations)
        self._breaks: dict[tuple[str, str, str], Breaks] = {}

    def told(self, trial: Trial) -> Trial:
        """The request with what is wrong with it (``fault``), and with what is expected of the service (``rejected``)."""
        operation, request = trial.operation, trial.request
        generated = request.stimulus.startswith(GENERATED)
        if operation is None or trial.written or not (generated or request.stimulus in JUDGED):
            return trial
        found = list(self._found(operation, request, trial.fresh))
        if not found:
            return trial
        rejected = request.rejected or any(refused for _, refused in found)
        # What a request is called says less than what is wrong with it, whoever made it: one cause, one finding.
        fault = found[0][0] if request.fault in ("", request.stimulus) else request.fault
        return replace(trial, request=replace(request, fault=fault, rejected=rejected))

    def _found(self, operation: Operation, request: Request, fresh: bool) -> Iterator[tuple[str, bool]]:
        """What is wrong, the plainest first, each with whether the document says that it is refused."""
        sent = next((value for name, value in request.headers if name.lower() == "content-type"), "")
        declared = any(plain(sent) == plain(name) for name in operation.bodies)
        reason = self._scene.contract.refuses(operation, sent, request.body) if declared else None
        if reason is not None:
            yield self._of_body(operation, sent, request.body, reason), True
        if self._path_breaks(operation, request):
            yield "a value in the path that breaks its schema", declares(operation, "400", "404", "422", "4XX")
        looks = declares(operation, "400", "422", "4XX")
        yield from ((what, hard and looks) for what, hard in self._of_query(operation, request))
        if fresh and request.method in LOOKED_UP:
            yield "an id that names nothing", False

    def _of_body(self, operation: Operation, sent: str, body: bytes | None, reason: str) -> str:
        """A body that must be refused for a reason, in the words of all that break the same way."""
        if not body:
            return "a missing body"
        if reason != "the body breaks the request schema":
            return "a body that does not parse" if "parse" in reason else "a form that lacks a member"
        keyword, root = self._first(operation, sent, body)
        if keyword == "required":
            return "a body that lacks a required member"
        if keyword == "type":
            return "a body of the wrong type" if root else "a body with a member of the wrong type"
        return "a body that breaks its schema"

    def _first(self, operation: Operation, sent: str, body: bytes) -> tuple[str, bool]:
        """(the keyword that a body breaks, types and missing members before others; whether the root breaks it)."""
        from errlint.match.explain import CannotValidate, faults
        from errlint.match.standalone import standalone  # start-up: only a probe needs it

        node = next((node for name, node in operation.bodies.items() if plain(name) == plain(sent) and node), None)
        schema = standalone(node, self._scene.spec.step, self._scene.spec.dialect) if node is not None else None
        if schema is None:
            return "", False
        with suppress(CannotValidate, ValueError, RecursionError):
            found = faults(schema, parsed(body)[0])
            known = [one for one in found if one.keyword in ("type", "required")] or list(found)
            return known[0].keyword, not known[0].pointer
        return "", False

    def _path_breaks(self, operation: Operation, request: Request) -> bool:
        """Whether a value in the path certainly breaks its parameter's schema, and the path still meets the operation."""
        base, path = self._scene.options.base_path, urlsplit(request.url).path
        if not path.startswith(base):
            return False
        found = self._router.find(request.method, path[len(base) :])
        if found is None or found.label != operation.label:
            return False
        named = {one.name: one for one in operation.parameters if one.where == "path"}
        for name, text in values(operation.path, path[len(base) :]).items():
            if "/" in text:
                return False  # it may have met another operation
            if name in named and text not in ("", ".", "..") and self._certainly(operation, named[name], text):
                return True
        return False

    def _of_query(self, operation: Operation, request: Request) -> Iterator[tuple[str, bool]]:
        """What is wrong with the query, each with whether no parser could make anything of it."""
        sent: dict[str, list[str]] = {}
        with suppress(ValueError):
            for name, text in parse_qsl(urlsplit(request.url).query, keep_blank_values=True, errors="surrogateescape"):
                sent.setdefault(name, []).append(text)
        credentials = {scheme.name for scheme in self._scene.schemes.values() if scheme.where == "query"}
        known = [one for one in operation.parameters if one.where == "query" and one.schema and one.name not in credentials]
        for one in known:
            texts = sent.get(one.name, [])
            if len(texts) == 1 and texts[0] and self._certainly(operation, one, texts[0]):
                yield "a value in the query that breaks its schema", self._mistyped(one, texts[0])
        lists = [one for one in known if self._is_container(one)]
        for one in known:
            # An object's members stand in the query by their own names, a list's name may have brackets behind it.
            if one.required and one not in lists and one.name not in sent and not self._says(one, "default"):
                yield "a query without a required parameter", True

    def _certainly(self, operation: Operation, parameter: Parameter, text: str) -> bool:
        """Whether no reading of a text fits the schema of a parameter that holds a single value."""
        if parameter.schema is None or "content" in parameter.schema.pointer[-3:-1] or self._is_container(parameter):
            return False
        key = (operation.label, parameter.where, parameter.name)
        if key not in self._breaks:
            self._breaks[key] = self._compiled(parameter.schema)
        return all(map(self._breaks[key], readings(text)))

    def _compiled(self, schema: Node) -> Breaks:
        from errlint.match.standalone import standalone  # as above

        try:
            whole = standalone(schema, self._scene.spec.step, self._scene.spec.dialect)
            own = self._scene.spec.resolve(schema).value
        except Unresolved:
            return lambda value: False
        broken = breaker(whole) if whole is not None else lambda value: False
        if isinstance(own, dict) and own.get("type") == "string" and own.get("format") == "uuid":
            return lambda value: not (isinstance(value, str) and is_uuid(value)) or broken(value)
        return broken

    def _is_container(self, parameter: Parameter) -> bool:
        """Whether a parameter may hold a list or an object: how these are written is seldom sure."""
        return not self._says(parameter, "type", "enum", "const") or bool({"array", "object"} & set(self._types(parameter)))

    def _says(self, parameter: Parameter, *keys: str) -> bool:
        """Whether any part of a parameter's schema has one of these keywords."""
        return any(key in part for part in self._parts(parameter.schema) for key in keys)

    def _types(self, parameter: Parameter) -> list[str]:
        """The types that any part of a parameter's schema names."""
        named = [part["type"] for part in self._parts(parameter.schema) if "type" in part]
        return [str(name) for one in named for name in (one if isinstance(one, list) else [one])]

    def _mistyped(self, parameter: Parameter, text: str) -> bool:
        """Whether no reading of a text has a type that a parameter may have."""
        return not any(is_of(value, self._types(parameter)) for value in readings(text))

    def _parts(self, node: Node | None, depth: int = 0) -> Iterator[dict[str, Any]]:
        """A schema and the schemas that it is made of."""
        if node is None or depth > 5:
            return
        try:
            node = self._scene.spec.resolve(node)
        except Unresolved:
            return
        if isinstance(node.value, dict):
            yield node.value
            for key in ("allOf", "anyOf", "oneOf"):
                listed = node.value.get(key)
                for index in range(len(listed) if isinstance(listed, list) else 0):
                    yield from self._parts(node.child(key, str(index)), depth + 1)


def declares(operation: Operation, *keys: str) -> bool:
    """Whether an operation declares one of these statuses. ``default`` alone proves nothing."""
    return any(key in operation.statuses for key in keys)


def values(template: str, path: str) -> dict[str, str]:
    """The values of a path's placeholders, decoded; none where they cannot be told apart: two in one segment, a greedy one."""
    wanted, given = template.split("/"), path.split("/")
    if len(wanted) != len(given) or any(map(is_greedy, PLACEHOLDER.findall(template))):
        return {}
    found: dict[str, str] = {}
    for segment, text in zip(wanted, given, strict=True):
        names = PLACEHOLDER.findall(segment)
        if len(names) > 1:
            return {}
        if names:
            before, _, behind = segment.partition("{" + names[0] + "}")
            found[names[0]] = unquote(text[len(before) : len(text) - len(behind)], errors="surrogateescape")
    return found


def readings(text: str) -> list[Any]:
    """All JSON values that a service may take a text of a path or a query for."""
    found: list[Any] = [text, text.strip()]
    word = text.strip().lower()
    if _NUMBER.fullmatch(word):
        number = float(word)
        found += [number, int(number) if number == number // 1 and abs(number) < 2**53 else number]
        with suppress(ValueError):
            found.append(int(word))
    if word in BOOLEANS:
        found += [True, False]
    if word in ("null", "none", "nil", "undefined", ""):
        found.append(None)
    with suppress(ValueError, RecursionError):
        found.append(json.loads(text))
    return found


def is_uuid(text: str) -> bool:
    """Whether any parser of UUIDs takes a text: in braces, as an urn, without hyphens."""
    bare = text.strip().lower().removeprefix("urn:uuid:").strip("{}()").replace("-", "")
    return _UUID.fullmatch(bare) is not None
