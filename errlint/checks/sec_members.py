"""SEC005: members that hold what a developer wants to see, and a client must not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from errlint.checks.beside import AnswerBeside
from errlint.checks.registry import Hit, Verdict, check
from errlint.checks.schema_levels import level
from errlint.checks.sec import what
from errlint.checks.subjects import ErrorSchema
from errlint.match.framing import is_json
from errlint.match.keywords import children, types_of
from errlint.model.finding import Location, Severity
from errlint.model.pointer import Pointer
from errlint.model.spec import Node, Unresolved

WARNING = Severity.WARNING

DEBUG = frozenset(
    ("stacktrace", "stackdump", "callstack", "backtrace", "traceback", "debug", "debuginfo", "debugmessage", "debugdetails",
     "exception", "exceptionmessage", "exceptiondetails", "exceptiontype", "exceptionclass", "innerexception")
)  # fmt: skip
"""Names of members, in lower case without separators."""

LISTS = frozenset(("trace", "stack"))
"""Names that mean a stack where they hold a list or several lines; else a trace's id, or a stack of resources."""

DEEPEST = 3
MOST = 2_000


def _bare(name: str) -> str:
    return name[:40].replace("_", "").replace("-", "").lower()


def is_debug(name: str, value: Any) -> bool:
    """Whether a member of an answer tells a developer's secrets: one that is empty or switched off does not."""
    bare = _bare(name)
    if value is None or isinstance(value, bool) or value in ("", [], {}):
        return False
    if bare in LISTS:
        return isinstance(value, list) or (isinstance(value, str) and "\n" in value)
    if bare not in DEBUG:
        return False
    return not (isinstance(value, dict) and _is_envelope(value))


def _is_envelope(members: Any) -> bool:
    """Whether an object is an error of its own that is only called an exception: it has a code or a message."""
    return any(_bare(name) in ("code", "message", "errorcode", "status") for name in members if isinstance(name, str))


@check("SEC005", "debug-member", WARNING, AnswerBeside)
def debug_member(subject: AnswerBeside, plan: Any) -> Iterator[Verdict]:
    """A member of an error body that holds a stack, an exception or debugging data; in an example, if no schema lists it."""
    answer = subject.answer
    observation, values = answer.observation, answer.told if answer.tells_error else ()
    example = observation.witness == "example"
    for found in (pointer for value in values for pointer in _members(value)):
        if example and _listed(found, subject):
            continue
        name = ".".join(token for token in found if not token.isdigit())
        at = Location(observation.location.uri, (*observation.location.pointer, *found)) if example else None
        yield Hit(f"{what(answer)} has the member {name[:80]}, which is for developers", at=at, detail=name, shared=example)
        return


def _listed(pointer: Pointer, subject: AnswerBeside) -> bool:
    """Whether a schema lists the member that stands there: then the schema is what is at fault."""
    schemas = list(subject.schemas)
    for token in pointer[:-1]:
        here = level(schemas, subject.step)
        schemas = here.items if token.isdigit() and not here.knows(token) else here.below(token)
    return bool(schemas) and level(schemas, subject.step).knows(pointer[-1])


def _members(value: Any) -> Iterator[Pointer]:
    """The places of debugging members in a body, outside in."""
    waiting: list[tuple[Pointer, Any]] = [((), value)]
    for at, item in waiting:  # which grows meanwhile
        if isinstance(item, dict):
            below = [((*at, name), child) for name, child in item.items() if isinstance(name, str)]
        elif isinstance(item, list):
            below = [((*at, str(index)), child) for index, child in enumerate(item[:20])]
        else:
            continue
        yield from (pointer for pointer, child in below if is_debug(pointer[-1], child))
        if len(waiting) < MOST and len(at) < DEEPEST:
            waiting.extend(below)


def _own(subject: ErrorSchema) -> bool:
    return not subject.declared.framework


@check("SEC005", "debug-member", WARNING, ErrorSchema, applies=_own)
def debug_member_declared(subject: ErrorSchema, plan: Any) -> Iterator[Verdict]:
    """A declared member of an error that is meant for a stack, an exception or debugging data."""
    media_type = subject.declared.declaration.bare_type
    if media_type and not is_json(media_type) and "*" not in media_type:
        return
    for place in subject.places:
        if len(place.pointer) > DEEPEST:
            return
        found = [(name, child) for name, child in children(place.node, "properties") if _declares_debug(name, child, subject)]
        if found:
            names = [".".join((*place.pointer, name))[:80] for name, _ in found[:5]]
            told = f"members {', '.join(names)}, which are" if len(names) > 1 else f"member {names[0]}, which is"
            yield Hit(
                f"the error schema has the {told} for developers", at=found[0][1].location, detail=" ".join(names), shared=True
            )


def _declares_debug(name: str, schema: Node, subject: ErrorSchema) -> bool:
    bare = _bare(name)
    if bare not in DEBUG and bare not in LISTS:
        return False
    try:
        target = subject.spec.resolve(schema)
    except Unresolved:
        return False
    value = target.value if isinstance(target.value, dict) else {}
    types = types_of(value, subject.spec.dialect) or frozenset(("string",))
    if bare in LISTS or types <= {"boolean", "null"}:
        return bare in LISTS and types <= {"array", "null"}
    if value.get("format") in ("uri", "uri-reference"):
        return False  # a link leads somewhere, it tells nothing
    properties = value.get("properties")
    return not (isinstance(properties, dict) and _is_envelope(properties))
