"""What is wrong with an instance, in one line: the most relevant fault that a JSON Schema finds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn

from errlint.match.branches import Chosen, chosen
from errlint.model.pointer import Pointer
from errlint.model.record import record

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator, ValidationError

LONGEST_MESSAGE = 160
LONGEST_VALUE = 40
MOST_OPTIONS = 5
DEEPEST_INSTANCE = 500
"""Far below where the validator's recursion ends the process (it does at 100,000)."""
BACKTRACK_LIMIT = 100_000
KEPT_VALIDATORS = 512
_UNDECIDED = frozenset(("BacktrackLimitExceeded", "RegexEngineFailure", "Referencing"))


class CannotValidate(Exception):  # noqa: N818 -- no fault of anybody: the verdict is "unknown"
    """A schema or an instance that the validator does not take: a broken pattern, nesting without end."""


@record
class Fault:
    """One way in which an instance breaks its schema: the place in the instance, what is wrong there, and by which keyword.

    ``keyword`` is the kind of fault (``type``, ``required``, ``additionalProperties`` ...). ``names`` are the members that are
    missing or not allowed, or the types that are; ``value`` is what stands there, as JSON, cut.
    """

    pointer: Pointer
    message: str
    keyword: str
    names: tuple[str, ...] = ()
    value: str = ""


def first_error(schema: dict[str, Any] | bool, instance: Any) -> tuple[Pointer, str] | None:
    """The place in an instance and what is wrong there, in at most 160 characters; None where the instance is valid.

    ``schema`` is what ``standalone`` returned; its validator is kept by its identity, so it must not be changed afterwards.
    Formats are not asserted. Raises: CannotValidate.
    """
    found = faults(schema, instance, 1)
    return (found[0].pointer, found[0].message) if found else None


def faults(schema: dict[str, Any] | bool, instance: Any, most: int = 20) -> tuple[Fault, ...]:
    """The first faults of an instance, each as ``first_error`` tells it; none where it is valid. Raises: CannotValidate."""
    if _is_deep(instance):
        raise CannotValidate("the value is nested too deeply")
    validator = _validator(_Same(schema))
    try:
        if validator.is_valid(instance):
            return ()
        errors = list(validator.iter_errors(instance))
    except (ValueError, TypeError, OverflowError, RecursionError) as fault:
        raise CannotValidate(_line(str(fault))) from fault
    decided = [error for error in errors if not _is_undecided(error)]
    if not decided:
        raise CannotValidate("a pattern takes too long on this value")
    return tuple(_fault(error, schema, instance) for error in decided[:most])


def _fault(error: ValidationError, schema: Any, instance: Any) -> Fault:
    error, lost = _relevant(error, schema)
    at = tuple(map(str, error.instance_path))
    if lost is not None:
        message = _line(f"{_shown(lost.value)} is not {_or(list(map(_shown, lost.options)))}")
        return Fault((*at, *lost.pointer), message, "enum", value=_shown(lost.value))
    return Fault(at, _message(error, instance), error.kind.name, _names(error, instance), _shown(error.instance))


def _names(error: ValidationError, instance: Any) -> tuple[str, ...]:
    """The members or types that a fault is about."""
    kind: Any = error.kind
    match type(kind).__name__:
        case "AdditionalProperties" | "UnevaluatedProperties":
            return tuple(map(str, kind.unexpected))
        case "Required":
            return (str(kind.property),)
        case "Type":
            return tuple(map(str, kind.types))
    if type(kind).__name__ == "FalseSchema" and error.schema_path[-1:] == ["additionalProperties"]:
        container = _at(instance, error.instance_path)
        return tuple(container) if isinstance(container, dict) else ()
    return ()


class _Same:
    """A schema that equals itself only: validators are kept by identity, and the schema lives as long as they do."""

    def __init__(self, schema: dict[str, Any] | bool) -> None:
        self.schema = schema

    def __hash__(self) -> int:
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.schema is self.schema


def forget() -> None:
    """Lets go of the validators that are kept."""
    _validator.cache_clear()


@lru_cache(maxsize=KEPT_VALIDATORS)
def _validator(same: _Same) -> Draft202012Validator:
    import jsonschema_rs  # start-up: only examples and bodies need it

    if _is_deep(same.schema):
        raise CannotValidate("the schema is nested too deeply")
    try:
        return jsonschema_rs.Draft202012Validator(
            same.schema,
            validate_formats=False,
            retriever=_deny,
            # Linear where a pattern allows it; look-around and back-references under a limit.
            pattern_options=jsonschema_rs.FancyRegexOptions(backtrack_limit=BACKTRACK_LIMIT),
        )
    except (ValueError, TypeError, OverflowError, RecursionError, jsonschema_rs.ReferencingError) as error:
        raise CannotValidate(_line(str(error).partition("\n")[0])) from error


def _deny(uri: str) -> NoReturn:
    raise ValueError(f"references are not followed: {uri}")


def _is_deep(value: Any) -> bool:
    """Whether arrays and objects are nested beyond what the validator bears; level by level, without recursion."""
    level = [value]
    for _ in range(DEEPEST_INSTANCE):
        level = [below for item in level if isinstance(item, (dict, list)) for below in _below(item)]
        if not level:
            return False
    return True


def _below(value: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value


def _branches(error: ValidationError) -> list[list[ValidationError]]:
    """The faults of each branch of a oneOf or anyOf, none for other keywords."""
    return getattr(error.kind, "context", None) or []


def _is_undecided(error: ValidationError) -> bool:
    """Whether a verdict hangs on a pattern that was given up."""
    if type(error.kind).__name__ in _UNDECIDED:
        return True
    return any(_is_undecided(below) for branch in _branches(error) for below in branch)


def _relevant(error: ValidationError, schema: Any) -> tuple[ValidationError, Chosen | None]:
    """The fault itself, or the deepest one in the branch that the instance comes closest to.

    With it the member that should choose a branch, where what it holds chooses none.
    """
    found: ValidationError | None = error
    while found is not None:
        error, found = found, None
        branches = [branch for branch in _branches(error) if branch]
        if branches and type(error.kind).__name__ != "OneOfMultipleValid":
            told = chosen(_at(schema, error.schema_path) or (), schema, error.instance)
            if told is not None and not told.branches:
                return error, told
            if told is not None:
                branches = [branch for branch in branches if _index(branch, error) in told.branches] or branches
            closest = max(branches, key=lambda branch, of=error: _closeness(branch, of, schema))  # type: ignore[misc]
            found = max(closest, key=lambda below: len(below.instance_path))
    return error, None


def _index(branch: list[ValidationError], of: ValidationError) -> str | int | None:
    """Which branch it is that has these faults."""
    return next(iter(branch[0].evaluation_path[len(of.evaluation_path) :]), None)


def _closeness(branch: list[ValidationError], of: ValidationError, schema: Any) -> tuple[bool, int, int, int]:
    """How close an instance is to a branch: its type, its constants, how deep it goes, and how few faults it has."""
    here = len(of.instance_path)
    typed = not any(error.kind.name == "type" and len(error.instance_path) == here for error in branch)
    deepest = max(_depth(error) for error in branch)
    return typed, _constants(branch, of, schema), deepest, -len(branch)


def _depth(error: ValidationError) -> int:
    return max([len(error.instance_path), *(_depth(below) for branch in _branches(error) for below in branch)])


def _constants(branch: list[ValidationError], of: ValidationError, schema: Any) -> int:
    """How many of the branch's constant members the instance has right: a discriminating member chooses its branch."""
    index = branch[0].evaluation_path[len(of.evaluation_path) :][:1]
    below = _at(schema, [*of.schema_path, *index])
    if isinstance(below, dict) and isinstance(below.get("$ref"), str):
        below = _at(schema, below["$ref"].split("/")[1:])
    properties = below.get("properties", {}) if isinstance(below, dict) else {}
    wrong = {
        str(error.instance_path[len(of.instance_path)]) for error in branch if len(error.instance_path) > len(of.instance_path)
    }
    value = of.instance
    return sum(
        1
        for name, member in properties.items()
        if isinstance(member, dict) and "const" in member and isinstance(value, dict) and name in value and name not in wrong
    )


def _at(value: Any, path: Iterable[str | int]) -> Any:
    """The part of a schema or a value at a path, None where there is none. Names made of digits come as numbers."""
    for token in path:
        if isinstance(value, list) and isinstance(token, int) and token < len(value):
            value = value[token]
        elif isinstance(value, dict) and str(token) in value:
            value = value[str(token)]
        else:
            return None
    return value


def _message(error: ValidationError, instance: Any) -> str:
    """What is wrong, in one line that names the value, cut."""
    kind = error.kind
    if type(kind).__name__ == "FalseSchema" and error.schema_path[-1:] == ["additionalProperties"]:
        # Where no member is listed, the validator tells the object's place and the first member's value.
        container = _at(instance, error.instance_path)
        if isinstance(container, dict):
            return _line(f"{_members(list(container))} not allowed")
    words = _WORDS.get(type(kind).__name__)
    if words is not None:
        return _line(words(_shown(error.instance), kind))
    # The validator's own words begin with the value, which may be long.
    text = error.message
    whole = json.dumps(error.instance, ensure_ascii=False, separators=(",", ":"))
    return _line(text.replace(whole, _shown(error.instance), 1))


_WORDS: Mapping[str, Callable[[str, Any], str]] = {
    "AdditionalProperties": lambda _, kind: f"{_members(kind.unexpected)} not allowed",
    "UnevaluatedProperties": lambda _, kind: f"{_members(kind.unexpected)} not allowed",
    "Required": lambda _, kind: f"member {_shown(kind.property)} is missing",
    "Type": lambda value, kind: f"{value} is not of type {_or(kind.types)}",
    "Constant": lambda value, kind: f"{value} is not {_shown(kind.expected_value)}",
    "Enum": lambda value, kind: f"{value} is not {_or([_shown(option) for option in kind.options]) or 'allowed'}",
    "Pattern": lambda value, kind: f"{value} does not match {kind.pattern}",
    "FalseSchema": lambda value, _: f"{value} is not allowed here",
    "Not": lambda value, _: f"{value} is what the schema excludes",
    "OneOfMultipleValid": lambda value, _: f"{value} fits more than one branch of oneOf",
    "OneOfNotValid": lambda value, _: f"{value} fits no branch of oneOf",
    "AnyOf": lambda value, _: f"{value} fits no branch of anyOf",
    "Contains": lambda value, _: f"{value} does not contain the element it must",
}


def _members(names: list[str]) -> str:
    shown = ", ".join(_shown(name) for name in names[:MOST_OPTIONS])
    more = ", ..." if len(names) > MOST_OPTIONS else ""
    return f"members {shown}{more} are" if len(names) > 1 else f"member {shown} is"


def _or(words: list[str]) -> str:
    """A few words with "or" before the last."""
    if len(words) > MOST_OPTIONS:
        return f"one of {', '.join(words[:MOST_OPTIONS])}, ... ({len(words)})"
    return " or ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _shown(value: Any) -> str:
    """A value as JSON, cut."""
    if isinstance(value, str):
        value = value[: LONGEST_VALUE + 1]
    elif isinstance(value, (dict, list)):
        return _outline(value)
    return _cut(json.dumps(value, ensure_ascii=False), LONGEST_VALUE)


def _outline(value: dict[str, Any] | list[Any]) -> str:
    """An object or array by its first members only: it may be a whole body."""
    if isinstance(value, list):
        return "[]" if not value else f"an array of {len(value)}"
    names = [json.dumps(name, ensure_ascii=False) for name in list(value)[:3]]
    more = ["..."] if len(value) > len(names) else []
    return _cut("{" + ", ".join(names + more) + "}", LONGEST_VALUE)


def _line(text: str) -> str:
    return _cut(" ".join(text.split()), LONGEST_MESSAGE)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 3] + "..."
