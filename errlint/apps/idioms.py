"""What to write in an application's source, where a card says what to declare in a document."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from errlint.model.pointer import Pointer
from errlint.model.record import record

STATUS = {"COV003": "401", "COV004": "403", "COV005": "404", "COV006": "400", "COV007": "429", "COV008": "500"}
"""Rules about one status that is not declared."""

DECLARES = {*STATUS, "COV001", "COV002", "COV011", "DEC001", "DEC002", "DEC004", "ENV014"}
CODES = frozenset(("COD007", "COD008", "COD010"))
REQUIRED = frozenset(("ENV003", "ENV005"))


@record
class Idiom:
    """How one framework declares an error: of one operation (``{status}``, ``{model}``), of all, and the words for a model.

    ``refused`` is how the framework's own answer to what it refuses is replaced.
    """

    one: str
    every: str = ""
    refused: str = ""
    codes: str = ""
    required: str = ""


PYDANTIC = {
    "codes": 'Give the member the type Literal["CODE", ...] or an Enum in its model.',
    "required": "Give the member no default in its model, and a type without None.",
}
MARSHMALLOW = {
    "codes": "Add validate=OneOf([...]) to the field of the schema.",
    "required": "Add required=True to the field of the schema, and no allow_none.",
}

IDIOMS = {
    "fastapi": Idiom(
        'Add responses={{{status}: {{"model": {model}}}}} to the decorator.',
        "For many operations, add it to the APIRouter or to FastAPI().",
        "Answer RequestValidationError with the envelope in an @app.exception_handler, and add "
        'responses={{422: {{"model": {model}}}}} to FastAPI().',
        **PYDANTIC,
    ),
    "litestar": Idiom(
        "Add responses={{{status}: ResponseSpec(data_container={model})}} to the decorator.",
        "For many operations, add it to the Controller, Router or Litestar().",
        codes='Give the member the type Literal["CODE", ...] or an Enum in its class.',
        required="Give the member no default in its class, and a type without None.",
    ),
    "apiflask": Idiom('Add @app.doc(responses={{{status}: "..."}}) to the view.', **MARSHMALLOW),
    "flask_smorest": Idiom("Add @blp.alt_response({status}, schema={model}) to the view.", **MARSHMALLOW),
    "flask_openapi3": Idiom(
        "Add responses={{{status}: {model}}} to the decorator.",
        "For many operations, add it to the APIBlueprint or to OpenAPI().",
        **PYDANTIC,
    ),
    "django": Idiom(
        "Add @extend_schema(responses={{{status}: {model}Serializer}}) to the view.",
        codes="Make the member a ChoiceField of its serializer.",
        required="Give the field required=True in its serializer, and no allow_null.",
    ),
    "starlette": Idiom("Add {status} below responses in the docstring of the handler."),
    "flasgger": Idiom("Add {status} below responses in the docstring of the view."),
}


def idiom_of(app: Any) -> str:
    """The framework that an application is made with, as a key of ``IDIOMS``; empty for any other."""
    held = getattr(app, "extensions", None)
    if isinstance(held, dict) and "flask-smorest" in held:
        return "flask_smorest"
    if "drf_spectacular" in sys.modules and type(app).__module__.startswith("django."):
        return "django"
    packages = [one.__module__.partition(".")[0] for one in type(app).__mro__]
    known = next((name for name in packages if name in IDIOMS and name != "django"), "")
    return "flasgger" if not known and "flask" in packages and getattr(app, "swag", None) is not None else known


def model_of(data: Any) -> str:
    """The name of the schema that most error responses refer to; ``Error`` where none does."""
    counts = Counter(_models(data))
    return counts.most_common(1)[0][0] if counts else "Error"


def _models(data: Any) -> Iterator[str]:
    paths = data.get("paths") if isinstance(data, dict) else None
    for item in paths.values() if isinstance(paths, dict) else ():
        for operation in item.values() if isinstance(item, dict) else ():
            responses = operation.get("responses") if isinstance(operation, dict) else None
            for status, response in responses.items() if isinstance(responses, dict) else ():
                if str(status)[:1] in "45d" and isinstance(response, dict):
                    name = str(_schema(response).get("$ref", "")).rpartition("/")[2]
                    if name.isidentifier() and name != "HTTPValidationError":
                        yield name


def _schema(response: Mapping[str, Any]) -> Mapping[str, Any]:
    content = response.get("content")
    media = next(iter(content.values()), None) if isinstance(content, dict) else response
    schema = media.get("schema") if isinstance(media, dict) else None
    return schema if isinstance(schema, dict) else {}


def advice(framework: str, rule: str, status: str | None, pointer: Pointer, model: str, help_of: Callable[[str], str]) -> str:
    """What a user can do about a finding in the words of a framework, and what the card says besides; empty without any.

    ``pointer`` is its place in the document, ``model`` the name of the schema of most errors.
    """
    idiom = IDIOMS.get(framework)
    if idiom is None:
        return ""
    _, _, more = help_of(rule).partition(". ")
    if rule in DECLARES:
        known = STATUS.get(rule) or _number(status)
        own = idiom.one.format(status=known or "404", model=model)
        own = own if known else f"{own.rstrip('.')}, and so for each status that is answered."
        if rule in ("COV011", "ENV014"):
            own = f"{own} Or find out who answers so."
        words = [own, idiom.every if rule in STATUS or rule == "DEC001" else "", more if rule in STATUS else ""]
    elif rule == "ENV001" and pointer[-1:] == ("HTTPValidationError",):
        words = [idiom.refused.format(model=model)]
    else:
        words = [idiom.codes if rule in CODES else idiom.required if rule in REQUIRED else ""]
    return " ".join(word for word in words if word)


def _number(status: str | None) -> str:
    return status if status is not None and status.isdigit() else ""
