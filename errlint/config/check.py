"""What breaks a config: schemas/config.schema.json and the rules' own options, in words that name what was probably meant."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from errlint import resources
from errlint.checks.registry import Rule
from errlint.load.meant import did_you_mean
from errlint.model.pointer import Pointer

KINDS = {
    "object": "a table",
    "array": "a list",
    "string": "a text",
    "boolean": "true or false",
    "integer": "a number",
    "number": "a number",
}
WANTED = {**KINDS, "integer": "a whole number"}
OWN = ("severity", "link")
"""What stands in the table of every rule, beside the rule's options."""


class Problem(NamedTuple):
    """What is wrong, and where."""

    text: str
    at: Pointer


def problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Everything that breaks the format in a config's data, in its order."""
    schema = _schema()
    yield from _checked(data, schema, schema, ())


@cache
def _schema() -> Any:
    return json.loads(resources.text(resources.schemas() / "config.schema.json"))


def _checked(value: Any, schema: Mapping[str, Any], whole: Mapping[str, Any], at: Pointer) -> Iterator[Problem]:
    """The problems of one value; of the words of JSON Schema those that our schema uses."""
    schema = _meant(schema, whole)
    branches = [_meant(one, whole) for one in schema.get("oneOf", ())]
    branch = next((one for one in branches if _kind(value) == one["type"]), None)
    if branch is not None:
        yield from _checked(value, branch, whole, at)
        return
    types = [one["type"] for one in branches] or schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    kind = "number" if "number" in types and _kind(value) == "integer" else _kind(value)
    if types and kind not in types:
        yield Problem(f"{_key(at)} must be {' or '.join(WANTED[one] for one in types)}, not {_named(value)}", at)
    elif "enum" in schema and value not in schema["enum"]:
        meant = did_you_mean(value, schema["enum"]) if isinstance(value, str) else ""
        yield Problem(f"{_key(at)}: {_shown(value)} is none of {', '.join(schema['enum'])}{meant}", at)
    elif isinstance(value, (dict, list)) and len(value) > schema.get("maxItems", schema.get("maxProperties", len(value))):
        yield Problem(f"{_key(at)} has {len(value)} entries, which is too many", at)
    elif "exclusiveMinimum" in schema and not value > schema["exclusiveMinimum"]:
        yield Problem(f"{_key(at)} must be greater than {schema['exclusiveMinimum']}", at)
    elif isinstance(value, dict):
        yield from _members(value, schema, whole, at)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _checked(item, schema.get("items", {}), whole, (*at, str(index)))
    elif isinstance(value, str):
        yield from _text(value, schema, at)


def _meant(schema: Mapping[str, Any], whole: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema without ``$ref``: its other words hold beside those of the definition."""
    while "$ref" in schema:
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {**whole["$defs"][schema["$ref"].rpartition("/")[2]], **beside}
    return schema


def _text(value: str, schema: Mapping[str, Any], at: Pointer) -> Iterator[Problem]:
    if len(value) < schema.get("minLength", 0):
        yield Problem(f"{_key(at)} is empty", at)
    elif "pattern" in schema and not re.search(schema["pattern"], value):
        yield Problem(f"{_key(at)}: {_shown(value)} is not {schema['title']}", at)


def _members(value: Mapping[str, Any], schema: Mapping[str, Any], whole: Mapping[str, Any], at: Pointer) -> Iterator[Problem]:
    known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for key, item in value.items():
        inner = known.get(key, others)
        if inner is False:
            yield Problem(f"unknown key {_shown(key)}{did_you_mean(key, known)}", (*at, key))
        elif inner is not True:
            yield from _checked(item, inner, whole, (*at, key))


def option_problems(rule: Rule, written: Mapping[str, Any], at: Pointer) -> Iterator[Problem]:
    """What is wrong in the table of one rule: options that it does not have, and values that they cannot take."""
    for key, value in written.items():
        if key in OWN:
            continue
        if key not in rule.options:
            known = [*OWN, *rule.options]
            hint = did_you_mean(key, known) or f"; it has {', '.join(known)}"
            yield Problem(f"{rule.id} has no option {_shown(key)}{hint}", (*at, key))
        else:
            yield from _option(key, value, rule.options[key], (*at, key))


def _option(key: str, value: Any, schema: Any, at: Pointer) -> Iterator[Problem]:
    import jsonschema_rs  # 30 ms that only a config with rule options owes

    def refuse(uri: str) -> Any:
        raise ValueError(f"{uri} is not read")

    choices = schema.get("enum", ()) if isinstance(schema, dict) else ()
    try:
        error = next(iter(jsonschema_rs.validator_for(schema, retriever=refuse).iter_errors(value)), None)
    except (ValueError, TypeError, OverflowError) as fault:  # what TOML can say and JSON cannot
        yield Problem(f"{key}: {str(fault)[:100]}", at)
        return
    if error is not None:
        meant = did_you_mean(value, [str(one) for one in choices]) if isinstance(value, str) else ""
        yield Problem(f"{key}: {error.message[:200]}{meant}", at)


def _kind(value: Any) -> str:
    kinds = ((bool, "boolean"), (str, "string"), (int, "integer"), (float, "number"), (dict, "object"), (list, "array"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "")


def _named(value: Any) -> str:
    return KINDS.get(_kind(value), "a number")


def _key(at: Pointer) -> str:
    """The name of a member in words: ``select``, ``rules.COD001``, ``document 2: catalog``."""
    words = ""
    for token in at:
        words += (
            f" {int(token) + 1}:" if token.isdecimal() else f"{' ' if words.endswith(':') else '.' if words else ''}{token}"
        )
    return _shown(words.rstrip(":")) if at else "the config"


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) and value and value.isprintable() else json.dumps(value, default=str)
    return text if len(text) <= 60 else text[:59] + "…"
