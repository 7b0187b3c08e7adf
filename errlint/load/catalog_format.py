"""What breaks the catalog format: schemas/catalog.schema.json, in words that name the place and what was probably meant."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from errlint import resources
from errlint.load.json_ import plain
from errlint.load.meant import did_you_mean
from errlint.model.pointer import Pointer

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

    from errlint.load.source import Document


class Problem(NamedTuple):
    """What is wrong, and where; ``surplus`` is a key that nobody knows: the rest of its object is sound."""

    text: str
    at: Pointer
    surplus: bool = False


KINDS = {dict: "an object", list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}


def problems(data: Any) -> list[Problem]:
    """Everything that breaks the format in a catalog's data, in document order; nothing where it is valid.

    A key that is missing because it is misspelt is one problem.
    """
    try:
        if _validator().is_valid(data):
            return []
    except (ValueError, TypeError, OverflowError):  # a number that it cannot take: then the slower one says
        pass
    import jsonschema  # 160 ms that only a broken catalog owes: jsonschema-rs says whether, this one says what

    found: dict[Problem, None] = {}
    for error in jsonschema.Draft202012Validator(_schema()).iter_errors(data):
        for problem in _explained(error, tuple(str(token) for token in error.absolute_path)):
            found[problem] = None
    missing = {(*problem.at, problem.text.removesuffix(" is missing")) for problem in found}
    misspelt = {_meant(problem) for problem in found if problem.surplus} & missing
    kept = [
        problem._replace(surplus=problem.surplus and _meant(problem) not in misspelt)
        for problem in found
        if (*problem.at, problem.text.removesuffix(" is missing")) not in misspelt
    ]
    owned = [problem._replace(text=_owned(problem.text, data, problem.at)) for problem in kept]
    return sorted(owned, key=lambda problem: _order(data, problem.at))


ESCAPE = re.compile(rb"\\[uU]")
HALF = re.compile("[\ud800-\udfff]")


def whole_texts(document: Document) -> tuple[Any, list[Problem]]:
    """A document's data with U+FFFD for each lone half of a surrogate pair, which no file can hold, and where these were."""
    if not ESCAPE.search(document.text):
        return plain(document.data), []
    found: list[Problem] = []
    return _whole(document.data, (), found), found


def _whole(value: Any, at: Pointer, found: list[Problem]) -> Any:
    if isinstance(value, dict):
        members = [(key, whole(key), item) for key, item in value.items()]
        if any(key != shown for key, shown, _ in members):
            found.append(Problem("a key holds half of a surrogate pair, which is no text", at))
        return {shown: _whole(item, (*at, shown), found) for _, shown, item in members}
    if isinstance(value, list):
        return [_whole(item, (*at, str(index)), found) for index, item in enumerate(value)]
    if isinstance(value, str) and HALF.search(value):
        found.append(Problem(f"{whole(value)[:60]} holds half of a surrogate pair, which is no text", at))
        return whole(value)
    return value


def whole(text: str) -> str:
    """The text with U+FFFD for each lone half of a surrogate pair."""
    return HALF.sub("\ufffd", text)


def _meant(problem: Problem) -> Pointer:
    """The member that an unknown key was probably meant to be."""
    return (*problem.at[:-1], problem.text.rpartition("did you mean ")[2].rstrip("?"))


@cache
def _schema() -> Any:
    return json.loads(resources.text(resources.schemas() / "catalog.schema.json"))


@cache
def _validator() -> Any:
    import jsonschema_rs  # 30 ms that a shipped catalog does not owe

    def refuse(uri: str) -> Any:
        raise ValueError(f"{uri} is not read")

    return jsonschema_rs.validator_for(_schema(), retriever=refuse)


def _order(data: Any, at: Pointer) -> tuple[int, ...]:
    """Where a pointer stands in the document: the position of each of its tokens among its siblings."""
    found: list[int] = []
    for token in at:
        if isinstance(data, list):
            found.append(int(token))
            data = data[int(token)]
        elif isinstance(data, dict) and token in data:
            found.append(list(data).index(token))
            data = data[token]
    return tuple(found)


def _owned(text: str, data: Any, at: Pointer) -> str:
    """The text after the name of what it is about: ``ML_1001: status is missing``."""
    if len(at) > 1 and at[0] == "errors" and isinstance(data["errors"], list):
        entry = data["errors"][int(at[1])]
        names = [entry.get("id"), entry.get("code")] if isinstance(entry, dict) else []
        known = [str(name) for name in names if isinstance(name, (str, int)) and not isinstance(name, bool)]
        return f"{known[0] if known else 'entry ' + str(int(at[1]) + 1)}: {text}"
    if len(at) > 1 and at[0] in ("envelopes", "layers", "categories"):
        kind = {"envelopes": "envelope", "layers": "layer", "categories": "category"}[at[0]]
        return f"{kind} {at[1]}: {text}"
    return f"{at[0]}: {text}" if len(at) > 1 else text


def _explained(error: ValidationError, at: Pointer) -> Iterator[Problem]:
    keyword, schema = error.validator, _mapping(error.schema)
    instance: Any = error.instance
    if keyword == "additionalProperties":
        known = schema.get("properties", {})
        for name in instance:
            if name not in known and not (name.startswith("x-") and "patternProperties" in schema):
                yield Problem(f"unknown key {name}{did_you_mean(name, known)}", (*at, name), True)
    elif keyword == "required":
        for name in schema["required"]:
            if name not in instance:
                yield Problem(f"{name} is missing", at)
    elif keyword == "anyOf":
        yield Problem("it needs a code or an id", at)
    elif keyword == "propertyNames" or (error.parent is None and "propertyNames" in error.schema_path):
        yield Problem(f"{instance} is not {schema.get('title', 'a valid name')}", (*at, str(instance)))
    elif keyword in ("oneOf", "anyOf") and isinstance(instance, (dict, list)):
        yield from _branch(error, at)
    else:
        yield Problem(_sentence(error, at), at)


def _branch(error: ValidationError, at: Pointer) -> Iterator[Problem]:
    """The problems of the one alternative that was meant: the one whose JSON type is right."""
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.schema_path[0], []).append(inner)
    meant = [errors for errors in branches.values() if not any(_mistyped(inner) for inner in errors)]
    if len(meant) != 1:
        yield Problem(_sentence(error, at), at)
        return
    for inner in meant[0]:
        yield from _explained(inner, (*at, *(str(token) for token in inner.relative_path)))


def _mistyped(error: ValidationError) -> bool:
    if error.relative_path or error.validator not in ("type", "const", "enum", "oneOf"):
        return False
    return error.validator != "oneOf" or all(_mistyped(inner) for inner in error.context or ())


def _sentence(error: ValidationError, at: Pointer) -> str:
    word, value = _place_word(at), error.instance
    if "HTTP status" in str(_mapping(error.schema).get("title")) and isinstance(value, str) and re.fullmatch(r"[0-9]+", value):
        number = f"the number {value}" if re.fullmatch("[1-5][0-9][0-9]", value) else "the status as a number, such as 404"
        return f'{word.rstrip(": ")} is the text "{_shown(value)}": write {number}'
    return word + _said(error)


def _place_word(at: Pointer) -> str:
    """The member's name before what is said of it; list positions have none."""
    names = [token for token in at if not token.isdigit()] if len(at) > 2 or not at[-1:] or not at[-1].isdigit() else []
    return f"{names[-1]}: " if len(names) > 1 else f"{names[-1]} " if names else ""


def _said(error: ValidationError) -> str:
    schema, instance = _mapping(error.schema), error.instance
    shown = _shown(instance)
    choices = [str(choice) for choice in _choices(schema)]
    meant = did_you_mean(instance, choices) if isinstance(instance, str) else ""
    if "title" in schema and schema.get("$id") is None:
        return f"{shown} is not {schema['title']}{meant}"
    if error.validator in ("enum", "const"):
        return f"{shown} is {'none of ' if len(choices) > 1 else 'not '}{', '.join(choices)}{meant}"
    if error.validator == "type":
        wanted = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        return f"must be {' or '.join(_article(kind) for kind in wanted)}, not {KINDS.get(type(instance), 'null')}"
    return str(error.message)


def _choices(schema: Mapping[str, Any]) -> Iterator[Any]:
    """The values that a schema lists, those of its alternatives included."""
    yield from schema.get("enum", ())
    if "const" in schema:
        yield schema["const"]
    for branch in schema.get("oneOf", ()):
        yield from _choices(branch)


def _shown(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return KINDS[type(value)]
    text = value if isinstance(value, str) and value else json.dumps(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _article(kind: str) -> str:
    return {
        "object": "an object",
        "array": "a list",
        "string": "a text",
        "integer": "a whole number",
        "boolean": "true or false",
    }.get(kind, kind)


def _mapping(schema: Any) -> Mapping[str, Any]:
    return schema if isinstance(schema, Mapping) else {}
