"""The document of an application, and where in its source the things stand that it speaks of."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import CodeType
from typing import Any

from errlint.apps.idioms import model_of
from errlint.apps.raised import Place, is_own, shown
from errlint.apps.routes import METHODS, Route, code_of, of_operation, shape
from errlint.apps.sources import Source, Span, head_of, ignored, own_classes, quoted, source
from errlint.load.source import Document, load
from errlint.model.finding import Excerpt, Location
from errlint.model.pointer import Pointer

KEY = "x-errlint"

_SUFFIX = re.compile(r"-(?:Input|Output)\Z")


class Handlers:
    """Where operations and schemas of one document stand in the user's files."""

    def __init__(self, data: Any, routes: tuple[Route, ...], own: Place | None) -> None:
        """``own`` is where the application itself is made."""
        self._own = own
        self._bases = _bases(data)
        self._routes: dict[tuple[str, str], Route] = {}
        for route in routes:
            self._routes.setdefault((route.method, shape(route.path)), route)
        self._codes: dict[tuple[str, str], CodeType | None] = {}
        paths = data.get("paths") if isinstance(data, dict) else None
        self._paths: Mapping[str, Any] = paths if isinstance(paths, dict) else {}
        self._classes: dict[str, list[tuple[str, str]]] | None = None

    def code(self, path: str, method: str) -> CodeType | None:
        """The code of the function that answers an operation, None where it is unknown or not the user's own."""
        key = (path, method)
        if key not in self._codes:
            self._codes[key] = self._code(path, method)
        return self._codes[key]

    def _route(self, path: str, method: str) -> Route | None:
        found = (self._routes.get((method.upper(), shape(base + path))) for base in self._bases)
        return next((one for one in found if one is not None), None)

    def _code(self, path: str, method: str) -> CodeType | None:
        route = self._route(path, method)
        handler = route.handler if route is not None else None
        if handler is None:
            item = self._paths.get(path)
            operation = item.get(method) if isinstance(item, dict) else None
            handler = of_operation(operation) if isinstance(operation, dict) else None
        try:
            code = code_of(handler, method)
        except Exception:  # objects of the user's, with whatever attributes
            return None
        return code if isinstance(code, CodeType) and is_own(code.co_filename) else None

    def serves(self, path: str, method: str) -> bool:
        """Whether the application itself has the route of an operation, its path as the document writes it."""
        return (method.upper(), shape(path)) in self._routes

    def place(self, pointer: Pointer) -> Place | None:
        """Where in the source stands what a pointer into the document names; None where nobody knows."""
        if pointer[:1] == ("paths",) and len(pointer) > 1:
            return self._of_path(pointer)
        if pointer[:2] == ("components", "schemas") and len(pointer) > 2:
            return self._of_schema(pointer[2], pointer[3:])
        if pointer[:1] == ("definitions",) and len(pointer) > 1:
            return self._of_schema(pointer[1], pointer[2:])
        return None if pointer[:1] == ("components",) else self._own

    def _of_path(self, pointer: Pointer) -> Place | None:
        path = pointer[1]
        item = self._paths.get(path)
        methods = [pointer[2]] if len(pointer) > 2 and pointer[2] in METHODS else list(item) if isinstance(item, dict) else []
        code = next((one for one in (self.code(path, name) for name in methods if name in METHODS) if one is not None), None)
        if code is None:
            return next((place for place in (self._of_class(path, name) for name in methods) if place is not None), None)
        span = head_of(code)
        status = pointer[4].upper() if len(pointer) > 4 and pointer[3] == "responses" else ""
        return Place(shown(code.co_filename), span.statuses.get(status, span.first))

    def _of_class(self, path: str, method: str) -> Place | None:
        """Where the user's class stands that answers with an inherited function, as view sets of Django do."""
        route = self._route(path, method)
        owner = route.owner if route is not None else None
        file = getattr(sys.modules.get(getattr(owner, "__module__", "")), "__file__", None)
        if not isinstance(owner, type) or not isinstance(file, str) or not is_own(file):
            return None
        span = source(file).classes.get(owner.__qualname__)
        return Place(shown(file), span.first) if span is not None else None

    def _of_schema(self, name: str, rest: Pointer) -> Place | None:
        found = self.schema(name)
        if found is None:
            return None
        file, name = found
        span = source(file).classes.get(name, Span(1, 1))
        member = rest[1] if len(rest) > 1 and rest[0] == "properties" else ""
        return Place(shown(file), span.members.get(member, span.first))

    def schema(self, name: str) -> tuple[str, str] | None:
        """The file and the name of the class that a schema was made from: the only one of the user's with its name."""
        if self._classes is None:
            self._classes = own_classes()
        plain = re.split(r"__|\.", _SUFFIX.sub("", name))[-1]
        for wanted in dict.fromkeys((plain, f"{plain}Schema", f"{plain}Model", f"{plain}Serializer")):
            classes = self._classes.get(wanted, [])
            if len(classes) == 1:
                return classes[0]
        return None

    def ignored(self) -> Iterator[tuple[Pointer, tuple[Any, ...]]]:
        """The objects of the document that comments in the source speak of, with the ignores."""
        for path, item in self._paths.items():
            for method in item if isinstance(item, dict) else ():
                code = self.code(path, method) if method in METHODS else None
                items = ignored(code.co_filename, _head(code)) if code is not None else ()
                if items:
                    yield ("paths", path, method), items

    def ignored_schemas(self, names: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """The schemas, by name, that comments at their classes speak of, with the ignores."""
        for name in names:
            found = self.schema(name)
            items = ignored(found[0], _class(found[1])) if found is not None else ()
            if items:
                yield name, items


def _head(code: CodeType) -> Callable[[Source], Span | None]:
    return lambda found: head_of(code)


def _class(name: str) -> Callable[[Source], Span | None]:
    return lambda found: found.classes.get(name)


def _bases(data: Any) -> tuple[str, ...]:
    """The base paths that the document's paths may have in the application, none first."""
    found = [""]
    if isinstance(data, dict):
        servers = data.get("servers")
        for one in servers if isinstance(servers, list) else []:
            url = one.get("url") if isinstance(one, dict) else None
            if isinstance(url, str):
                found.append(re.sub(r"\A[a-zA-Z][\w+.-]*://[^/]*", "", url).rstrip("/"))
        if isinstance(data.get("basePath"), str):
            found.append(data["basePath"].rstrip("/"))
    return tuple(dict.fromkeys(found))


class Generated(Document):
    """A document that an application makes of itself. ``app`` is what the user calls it; ``file`` is true for one in a file.

    A place in it means nothing to who must change it: ``source_of`` says where in the source the thing stands.
    """

    __slots__ = ("_model", "app", "file", "framework", "handlers")

    app: str

    def __init__(self, document: Document, app: str, handlers: Handlers, framework: str = "", *, file: bool) -> None:
        super().__init__(document.uri, document.text, document.format, document.data, document.notices, False)
        self.app = app
        self.handlers = handlers
        self.framework = framework
        self.file = file
        self._model = ""

    @property
    def model(self) -> str:
        """The name of the schema that most of its error responses have."""
        self._model = self._model or model_of(self.data)
        return self._model

    def source_of(self, pointer: Pointer) -> Location | None:
        """Where in the source stands what a pointer names; None where nobody knows."""
        place = self.handlers.place(pointer)
        return Location(place.file, pointer, place.line) if place is not None else None

    def locate(self, pointers: Iterable[Pointer]) -> dict[Pointer, tuple[int, int]]:
        """Lines and columns of a document in a file; none of one that stands nowhere."""
        return super().locate(pointers) if self.file else dict.fromkeys(pointers, (0, 0))

    def shown(self, pointers: Iterable[Pointer]) -> dict[Pointer, Excerpt]:
        """The lines of the source, and those of a document in a file for what no source says."""
        found: dict[Pointer, Excerpt] = {}
        others: list[Pointer] = []
        for pointer in pointers:
            place = self.handlers.place(pointer)
            if place is None:
                others.append(pointer)
            elif (line := quoted(place.file, place.line)) is not None:
                found[pointer] = line
        return {**super().shown(others), **found} if self.file and others else found


def generated(data: Any, name: str, routes: tuple[Route, ...], own: Place | None, framework: str) -> Generated:
    """The document that an application made, with the ignores that comments in its source make. Raises: LoadError."""
    handlers = Handlers(data, routes, own)
    data = _with_ignores(data, handlers)
    text = json.dumps(data, indent=1, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")
    return Generated(load(text, name), name, handlers, framework, file=False)


def _with_ignores(data: Any, handlers: Handlers) -> Any:
    if not isinstance(data, dict):
        return data
    places = list(handlers.ignored())
    for above in (("components", "schemas"), ("definitions",)):
        held: Any = data
        for token in above:
            held = held.get(token) if isinstance(held, dict) else None
        if isinstance(held, dict):
            places += [((*above, name), items) for name, items in handlers.ignored_schemas(held)]
    for pointer, items in places:
        data = _added(data, pointer, items)
    return data


def _added(value: Any, pointer: Pointer, items: tuple[Any, ...]) -> Any:
    """The data with ignores at the object of a pointer; what leads there is copied."""
    if pointer:
        return {**value, pointer[0]: _added(value[pointer[0]], pointer[1:], items)}
    if not isinstance(value, dict):
        return value
    held = value.get(KEY)
    own = held if isinstance(held, dict) else {}
    before = own.get("ignore")
    return {**value, KEY: {**own, "ignore": [*(before if isinstance(before, list) else ()), *items]}}
