"""The mock of an OpenAPI document: the errors that it declares for an operation, from its examples or its schemas."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from errlint.bind.route import Router
from errlint.export.samples import JSON, OF_STATUS, TOKEN, UNSENT, VALUES, WAITING
from errlint.load.json_ import plain
from errlint.match.domain import Reader
from errlint.match.sample import NoSample, Sampler
from errlint.match.standalone import CannotValidate, first_error, standalone
from errlint.model.spec import Declaration, Example, Node, Operation, Spec, Unresolved
from errlint.serve.app import Asked
from errlint.serve.replies import Reply, problem
from errlint.serve.smallest import TooMuch, smallest
from errlint.serve.wishes import Wish

HOW = "Prefer: code=404 (a status), Prefer: example=NAME, X-Errlint-Code: CODE (a code that an example shows), or ?__code="


class DocumentMock:
    """Answers as a document declares. Called with a request it gives the reply; equal requests get equal replies."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self._routers = (Router(spec), Router(spec, ""))
        self._declared: dict[str, list[Declaration]] = {}
        for one in spec.declarations:
            if one.error and one.statuses is not None:
                self._declared.setdefault(one.operation.label, []).append(one)
        self._examples: dict[tuple[str, str, str | None], list[Example]] = {}
        for example in spec.examples:
            self._examples.setdefault(_key(example.declaration), []).append(example)

    def __call__(self, asked: Asked) -> Reply:
        operation = self._operation(asked)
        if not asked.wish and asked.path.partition("?")[0] == "/" and asked.method in ("GET", "HEAD"):
            return self._list()
        if operation is None:
            told = f"the document declares no {asked.method} {asked.path.partition('?')[0][:200]}. GET / lists its operations."
            return problem(404, "No such operation", told)
        declared = self._declared.get(operation.label, [])
        if not asked.wish:
            return problem(404, "Say which error", f"{operation.label} declares {_keys(declared)}. Ask for one: {HOW}")
        return self._granted(operation, declared, asked)

    def _operation(self, asked: Asked) -> Operation | None:
        """What a request meets, below the document's base path or at the root."""
        for router in self._routers:
            found = router.operation(asked.method, asked.path)
            if found is None and asked.method == "HEAD":
                found = router.operation("GET", asked.path)
            if found is not None:
                return found
        return None

    def _granted(self, operation: Operation, declared: list[Declaration], asked: Asked) -> Reply:
        wish = asked.wish
        status = wish.status if wish.status is not None else int(wish.code) if _is_status(wish.code) else None
        code = wish.code if not _is_status(wish.code) or wish.status is not None else ""
        fitting = [one for one in declared if status is None or (one.statuses is not None and status in one.statuses)]
        if not fitting:
            told = (
                f"{operation.label} declares no error {status}"
                if status is not None
                else f"{operation.label} declares no error"
            )
            return problem(404, "No such error", f"{told}; it declares {_keys(declared)}")
        fitting = sorted(fitting, key=lambda one: not _accepts(asked.accept, one.media_type))
        if code or wish.example:
            shown = next(self._shown(fitting, code, wish.example), None)
            if shown is None:
                return self._unknown(operation, fitting, wish)
            return self._reply(shown.declaration, status, plain(shown.node.value))
        first = fitting[0]
        known = self._examples.get(_key(first), [])
        if known:
            return self._reply(first, status, plain(known[0].node.value))
        return self._made(first, status)

    def _shown(self, declared: Iterable[Declaration], code: str, name: str) -> Iterator[Example]:
        """The examples of a name, or that show a code."""
        for one in declared:
            for example in self._examples.get(_key(one), ()):
                named = example.name == name if name else example.name == code
                if named or (code and _holds(example.node.value, code)):
                    yield example

    def _unknown(self, operation: Operation, declared: list[Declaration], wish: Wish) -> Reply:
        names = list(dict.fromkeys(one.name for key in map(_key, declared) for one in self._examples.get(key, ()) if one.name))
        what = f"named {wish.example[:100]}" if wish.example else f"that shows {wish.code[:100]}"
        told = f"the errors of {operation.label} have no example {what}"
        return problem(
            404,
            "No such example",
            f"{told}; they have {', '.join(names[:50])}" if names else f"{told}; it declares {_keys(declared)}",
        )

    def _made(self, declaration: Declaration, status: int | None) -> Reply:
        """The reply whose body is made of the declared schema."""
        if declaration.media_type is None:
            return self._reply(declaration, status, None)
        if declaration.schema is None:
            return problem(501, "No body can be made", f"{declaration.operation.label} {declaration.status_key} has no schema")
        value, sound = self._sampled(declaration.schema)
        if not sound:
            told = f"the schema of {declaration.operation.label} {declaration.status_key} is too involved: give it an example"
            return problem(501, "No body can be made", told)
        return self._reply(declaration, status, value)

    def _sampled(self, schema: Node) -> tuple[Any, bool]:
        """(a value of a schema, whether it is one): with the members that it lists, else with those alone that it requires."""
        whole = standalone(schema, self.spec.step, self.spec.dialect)
        if whole is None:
            return None, False
        for rich in (True, False):
            try:
                value = Sampler(Reader(self.spec.resolve, self.spec.dialect)).sample([schema], []) if rich else smallest(whole)
                if first_error(whole, value) is None:
                    return value, True
            except (NoSample, TooMuch, CannotValidate, RecursionError, ValueError, TypeError):
                continue
        return None, False

    def _reply(self, declaration: Declaration, status: int | None, value: Any) -> Reply:
        told = status if status is not None else _first(declaration)
        media_type = (declaration.media_type or "").replace("*/*", JSON).replace("/*", "/json")
        headers = tuple(self._headers(declaration, told))
        if declaration.media_type is None:
            return Reply(told, headers=headers)
        bare = media_type.partition(";")[0].strip().lower()
        if isinstance(value, str) and not (bare == JSON or bare.endswith("+json")):
            return Reply(told, value.encode("utf-8", "replace"), media_type, headers)
        return Reply(told, json.dumps(value, default=str).encode("ascii"), media_type, headers)

    def _headers(self, declaration: Declaration, status: int) -> Iterator[tuple[str, str]]:
        """The declared fields, and those that the status demands."""
        written = declaration.response.get("headers")
        known = set()
        for name in written.value if written is not None and isinstance(written.value, dict) else ():
            if TOKEN.fullmatch(str(name)) and str(name).lower() not in UNSENT and written is not None:
                known.add(str(name).lower())
                yield str(name), self._field(str(name), written.child(name))
        for name in (OF_STATUS.get(status), "Retry-After" if status in WAITING else None):
            if name is not None and name.lower() not in known:
                yield name, VALUES.get(name.lower(), "GET")

    def _field(self, name: str, node: Node) -> str:
        """The value of a declared field: its example, one of its schema, or a usual one."""
        try:
            node = self.spec.resolve(node)
            schema = node.get("schema") or node  # OpenAPI 2.0 writes the schema's keywords beside the description
            value = node.value["example"] if isinstance(node.value, dict) and "example" in node.value else None
            if value is None and name.lower() not in VALUES:
                value = Sampler(Reader(self.spec.resolve, self.spec.dialect)).sample([schema], [])
        except (Unresolved, NoSample, RecursionError):
            value = None
        text = str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
        return text if text and text.isascii() and text.isprintable() else VALUES.get(name.lower(), "1")

    def _list(self) -> Reply:
        operations = [
            {"operation": operation.label, "errors": list(dict.fromkeys(one.status_key for one in declared)), "examples": names}
            for operation in self.spec.operations
            for declared in [self._declared.get(operation.label, [])]
            for names in [list(dict.fromkeys(one.name for key in map(_key, declared) for one in self._examples.get(key, ())))]
        ]
        title = self.spec.root.value.get("info", {}) if isinstance(self.spec.root.value, dict) else {}
        name = title.get("title") if isinstance(title, dict) else None
        value = {"service": name if isinstance(name, str) else "", "ask": HOW, "operations": operations}
        return Reply(200, json.dumps(value, indent=1).encode("ascii") + b"\n", JSON)


def _key(declaration: Declaration) -> tuple[str, str, str | None]:
    return declaration.operation.label, declaration.status_key, declaration.media_type


def _keys(declared: Iterable[Declaration]) -> str:
    keys = list(dict.fromkeys(one.status_key for one in declared))
    return ", ".join(keys) if keys else "no error"


def _first(declaration: Declaration) -> int:
    """The status that a key stands for where nobody says: its own, the first of a range, 500 for ``default``."""
    key = declaration.status_key
    if key.isdigit():
        return int(key)
    return int(key[0]) * 100 if key[:1].isdigit() else 500


def _accepts(accept: str, media_type: str | None) -> bool:
    wanted = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    return media_type is not None and media_type.partition(";")[0].strip().lower() in wanted


def _is_status(text: str) -> bool:
    return len(text) == 3 and text.isascii() and text.isdigit() and text[0] in "45"


def _holds(value: Any, code: str, depth: int = 0) -> bool:
    """Whether a code stands somewhere in a body, as a whole value."""
    if depth > 20:
        return False
    if isinstance(value, dict):
        return any(_holds(item, code, depth + 1) for item in value.values())
    if isinstance(value, list):
        return any(_holds(item, code, depth + 1) for item in value)
    return isinstance(value, (str, int)) and not isinstance(value, bool) and str(value) == code
