"""``--to fastapi``: a module for a FastAPI service: exceptions that answer in their envelope, ``responses=``, models."""

from __future__ import annotations

import builtins
import keyword
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from errlint.export.filled import Hole, message_of, parts
from errlint.export.literals import comment, py
from errlint.export.models import Models
from errlint.export.names import identity, named, pascal, upper
from errlint.export.reference import title
from errlint.export.samples import Sample, concrete, sample, shown_statuses
from errlint.match.plan import Plan
from errlint.model.catalog import Catalog, Code, Envelope, Role
from errlint.model.pointer import Pointer
from errlint.model.record import record

HEAD = """from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from http import HTTPStatus
from operator import or_
from typing import Any, ClassVar, Literal

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

__all__ = ["CatalogError", "RESPONSES", "handle", "install", "responses"]

"""

BASE = '''class CatalogError(Exception):
    """An error that the catalog documents: raised anywhere in the service, it becomes its answer (see ``install``).

    ``status`` is one of the statuses that the catalog has for it, ``headers`` are further header fields of the answer.
    """

    id: ClassVar[str] = ""
    code: ClassVar[str | int | None] = None
    statuses: ClassVar[tuple[int | str, ...]] = ()
    media_type: ClassVar[str] = "application/json"
    fields: ClassVar[Mapping[str, str]] = {}
    model: ClassVar[Any] = None
    example: ClassVar[Any] = None

    def __init__(self, message: str, *, status: int, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.headers = {**self.fields, **(headers or {})}

    def body(self) -> Any:
        """The answer's body as data."""
        raise NotImplementedError


'''

TAIL = '''
def responses(*errors: type[CatalogError]) -> dict[int | str, dict[str, Any]]:
    """What ``responses=`` of a route, a router or an app takes, for these errors."""
    groups: dict[int | str, list[type[CatalogError]]] = {}
    for error in errors:
        for status in error.statuses:
            groups.setdefault("default" if status == "any" else status, []).append(error)
    return {status: _response(status, group) for status, group in groups.items()}


def _response(status: int | str, errors: list[type[CatalogError]]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for error in errors:
        examples = content.setdefault(error.media_type, {}).setdefault("examples", {})
        examples[error.id] = {"summary": error.__doc__ or error.id, "value": error.example}
    found: dict[str, Any] = {"description": _phrase(status), "content": content}
    models = {error.model: None for error in errors if error.media_type == "application/json" and error.model is not None}
    if models:
        found["model"] = reduce(or_, models)
    return found


def _phrase(status: int | str) -> str:
    try:
        return HTTPStatus(int(status)).phrase
    except ValueError:
        return "An error"


#: Every error of the catalog, as ``responses=`` takes them.
RESPONSES: dict[int | str, dict[str, Any]] = responses(*ERRORS)


async def handle(request: Request, error: Exception) -> Response:
    """The answer that an error of the catalog is."""
    if not isinstance(error, CatalogError):
        raise error
    return JSONResponse(error.body(), status_code=error.status, headers=error.headers, media_type=error.media_type)


def install(app: FastAPI) -> None:
    """Lets an app answer the errors of the catalog that its handlers raise."""
    app.add_exception_handler(CatalogError, handle)
'''


@record
class Shown:
    """An entry with its class's name, the answer that shows it, its envelope, and its body as a Python expression."""

    code: Code
    name: str
    sample: Sample
    envelope: Envelope
    body: str


def fastapi_text(catalog: Catalog, plan: Plan) -> tuple[str, tuple[str, ...]]:
    """(the module, what is not in it and why, in words)."""
    shown, notes = _shown(catalog, plan)
    taken = {"CatalogError", "RESPONSES", "ERRORS", *(one.name for one in shown), *_imported()}
    models = Models(taken)
    made: dict[str, str] = {}
    for one in shown:
        if one.envelope.id not in made:
            made[one.envelope.id] = models.model(one.envelope.schema, f"{pascal(one.envelope.id)}Body")
    lines = [f"# The errors of {comment(title(catalog))}. Written by errlint from the catalog: change that, not this file."]
    lines.append("# ruff: noqa")
    text = "\n".join(lines) + "\n" + HEAD + "\n" + "\n".join([*models.lines, BASE])
    for bases, group in _by_layer(shown).items():
        text += "\n".join(_family(catalog, bases, group, made, models.taken)) + "\n\n\n"
    names = "".join(f"    {one.name},\n" for one in shown)
    return text + f"ERRORS: tuple[type[CatalogError], ...] = (\n{names})\n\n" + TAIL, notes


def _imported() -> set[str]:
    """The names that the module's own code means something by: what it imports, and Python's own, such as ValueError."""
    return set(re.findall(r"\w+", HEAD)) | set(re.findall(r"\w+", BASE + TAIL)) & set(dir(builtins))


def _shown(catalog: Catalog, plan: Plan) -> tuple[list[Shown], tuple[str, ...]]:
    names = named(catalog.codes, _class_name, taken={"CatalogError", *_imported()}, fold=True)
    found, notes = [], []
    for code in {identity(code): code for code in catalog.codes}.values():
        one = sample(plan, code)
        if one is None or one.framing != "json":
            why = "no body for it can be written from the catalog" if one is None else f"its envelope is {one.framing}"
            notes.append(f"{code.id} is left out: {why}")
            continue
        envelope = plan.signatures[one.envelope].envelope
        found.append(
            Shown(code, names[identity(code)], one, envelope, _expression(one.value, (), _replaced(envelope, one, code)))
        )
    return found, tuple(notes)


def _class_name(text: str) -> str:
    name = pascal(text)
    return name if name.endswith(("Error", "Exception")) else f"{name}Error"


def _by_layer(shown: list[Shown]) -> dict[tuple[str, str], list[Shown]]:
    groups: dict[tuple[str, str], list[Shown]] = {}
    for one in shown:
        groups.setdefault((one.code.layer, one.envelope.id), []).append(one)
    return groups


def _replaced(envelope: Envelope, one: Sample, code: Code) -> Mapping[Pointer, str]:
    """What stands at the places of a body that depend on the exception."""
    found: dict[Pointer, str] = {}
    values: dict[Role, str] = {"status": "self.status", "code": "self.code", "message": "self.message"}
    for role, expression in values.items():
        place = envelope.roles.get(role)
        if (
            place is None
            or place.extract is not None
            or (role == "code" and (code.code is None or envelope.code_is != "place"))
        ):
            continue
        told = f"str({expression})" if role == "status" and place.types and "integer" not in place.types else expression
        for pointer in place.pointers:
            found[tuple("0" if token == "*" else token for token in concrete(one.value, pointer))] = told
    return found


def _expression(value: Any, at: Pointer, replaced: Mapping[Pointer, str]) -> str:
    if at in replaced:
        return replaced[at]
    if isinstance(value, dict):
        return "{" + ", ".join(f"{py(key)}: {_expression(item, (*at, key), replaced)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_expression(item, (*at, str(index)), replaced) for index, item in enumerate(value)) + "]"
    return py(value)


def _family(
    catalog: Catalog, of: tuple[str, str], group: list[Shown], models: Mapping[str, str], taken: set[str]
) -> Iterator[str]:
    """The class that the errors of a layer in one envelope share, then these."""
    layer, envelope = catalog.layers[of[0]], group[0].envelope
    base, number = f"{pascal(layer.id)}Error", 2
    while base in taken:
        base, number = f"{pascal(layer.id)}{number}Error", number + 1
    taken.add(base)
    body = Counter(one.body for one in group).most_common(1)[0][0]
    yield f"class {base}(CatalogError):"
    yield f"    {py(f'An error of {layer.title or layer.id}.')}"
    yield ""
    yield f"    model = {models[envelope.id] if models[envelope.id] in taken else 'None'}"
    if group[0].sample.media_type != "application/json":
        yield f"    media_type = {py(group[0].sample.media_type)}"
    yield from ("", "    def body(self) -> Any:", f"        return {body}")
    for one in group:
        yield from ("", "", *_error(one, base, body))


def _error(one: Shown, base: str, body: str) -> Iterator[str]:
    code, status = one.code, next(iter(shown_statuses(one.code.statuses)), 500)
    told = code.description or one.sample.message or code.id
    yield f"class {one.name}({base}):"
    needs = ", ".join(name for name, _ in one.sample.headers if name.lower() not in KNOWN)
    more = f" Its answer has the fields {needs}: give them as headers." if needs else ""
    yield f"    {py(comment(f'{code.statuses} {code.id}: {told}') + more)}"
    yield ""
    yield f"    id = {py(code.id)}"
    yield f"    code = {py(code.code)}"
    yield f"    statuses = {py(tuple(int(word) if word.isdigit() else word for word in code.statuses.text.split(', ')))}"
    fields = {name: value for name, value in one.sample.headers if name.lower() in KNOWN}
    if fields:
        yield f"    fields = {py(fields)}"
    yield f"    example = {py(one.sample.value)}"
    yield ""
    yield from _constructor(code, status)
    if one.body != body:
        yield from ("", "    def body(self) -> Any:", f"        return {one.body}")


def _constructor(code: Code, status: int) -> Iterator[str]:
    """``__init__``: it takes the values of the message's placeholders, or another message."""
    more = f"*, status: int = {status}, headers: Mapping[str, str] | None = None) -> None:"
    message = next(iter(code.messages(status)), None)
    pieces = list(parts(message)) if message is not None and message.kind in ("printf", "braces") else []
    holes = [piece for piece in pieces if isinstance(piece, Hole)]
    if not holes:
        text = message_of(code, status)
        texts = {one: told for one in shown_statuses(code.statuses) if (told := message_of(code, one)) not in (None, text)}
        if texts:
            yield f"    def __init__(self, message: str | None = None, {more}"
            yield f"        message = {py(texts)}.get(status, {py(text)}) if message is None else message"
            yield "        super().__init__(message, status=status, headers=headers)"
            return
        yield f"    def __init__(self, message: str{f' = {py(text)}' if text is not None else ''}, {more}"
        yield "        super().__init__(message, status=status, headers=headers)"
        return
    names: list[str] = []
    template = ""
    for piece in pieces:
        if isinstance(piece, str):
            template += piece.replace("{", "{{").replace("}", "}}")
            continue
        name = upper(piece.name).lower() if piece.name else "value"
        name = f"{name}_" if name in RESERVED else name
        known = piece.name and name in names  # one placeholder that stands twice is one value
        if not known:
            number = 2
            first = name
            while name in names:
                name, number = f"{first}{number}", number + 1
            names.append(name)
        template += f"{{{name}}}"
    values = ", ".join(f"{name}: object" for name in names)
    given = ", ".join(f"{name}={name}" for name in names)
    yield f"    def __init__(self, {values}, {more}"
    yield f"        super().__init__({py(template)}.format({given}), status=status, headers=headers)"


KNOWN = frozenset(("www-authenticate", "proxy-authenticate", "retry-after"))
"""Fields that have a value where nobody gives one; what any other says depends on the request."""

RESERVED = frozenset((*keyword.kwlist, "self", "status", "headers", "object", "int", "str", "super"))
"""Names that no parameter of a constructor can have, or that its code needs."""
