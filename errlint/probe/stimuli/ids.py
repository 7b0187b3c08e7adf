"""Stimuli about the ids in a path: well-formed ones that name nothing, and ones that are none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from errlint.model.record import replace
from errlint.model.spec import Operation, Parameter, Unresolved
from errlint.probe.scene import Scene, astray, draft, last_parameter, path_parameter
from errlint.probe.stimuli.registry import stimulus
from errlint.probe.trial import Trial
from errlint.probe.values import flat, kind

LONG = "z" * 1024
NOBODYS = ("%FF", "%00", LONG)
"""No resource has such an id: a byte that is no UTF-8; NUL, at which C and databases stop; longer than the columns of ids."""

MALFORMED = ("zz", "%2E%2E%2F", "..%2F", *NOBODYS)
"""Beside those: no id; a step up that stays one segment, in two spellings."""


@stimulus("unknown-id")
def unknown_id(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """A well-formed id that names nothing. Not for PUT and POST, which may create what it names.

    PATCH may, too (RFC 5789 section 2): it leaves only where something else proves its refusal, or the user allows writes.
    """
    method = operation.method.upper()
    if last_parameter(operation) is None or method not in ("GET", "HEAD", "DELETE", "PATCH"):
        return
    body, media_type = (b"{}", next(iter(operation.bodies))) if method == "PATCH" and operation.bodies else (None, "")
    trial = draft(scene, operation, "unknown-id", body=body, media_type=media_type)
    refused = trial.fresh and method == "GET" and declares_not_found(operation)
    yield replace(trial, request=replace(trial.request, rejected=refused))


@stimulus("malformed-id")
def malformed_id(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """Segments that are no ids, on reads only.

    Many servers decode ``%2F`` before they route: whether that one meets the operation cannot be known, so it is stray.
    What no resource has for an id is refused where the operation says that it refuses some; any other text may be an id.
    """
    name = last_parameter(operation)
    if name is None or operation.method.upper() != "GET":
        return
    parameter = path_parameter(operation, name)
    schema = flat(parameter.schema, scene.spec.resolve) if parameter is not None else {}
    broken = breaks(schema) and not _has_choice(parameter, scene)
    for text in MALFORMED:
        refused = broken or (text in NOBODYS and "enum" not in schema and declares_not_found(operation))
        trial = draft(scene, operation, "malformed-id", last=text, rejected=refused)
        trial = replace(trial, request=replace(trial.request, fault="malformed-id" if text in NOBODYS else ""))
        yield astray(trial) if "%2F" in text else trial


def _has_choice(parameter: Parameter | None, scene: Scene) -> bool:
    """Whether a parameter may have one of several schemas: what breaks the first may fit another."""
    try:
        schema = scene.spec.resolve(parameter.schema).value if parameter is not None and parameter.schema is not None else {}
    except Unresolved:
        return True
    return isinstance(schema, Mapping) and ("anyOf" in schema or "oneOf" in schema)


def declares_not_found(operation: Operation) -> bool:
    """Whether an operation says that it refuses some reads: 404, 410 or 4XX. ``default`` alone proves nothing."""
    return any(key in ("404", "410", "4XX") for key in operation.statuses)


def breaks(schema: dict[str, Any]) -> bool:
    """Whether all of the malformed segments certainly break a parameter's schema: a number, a UUID, or a list of values."""
    choices = schema.get("enum")
    if isinstance(choices, list) and choices:
        return "zz" not in choices
    types = schema.get("type")
    if isinstance(types, list) and len([name for name in types if name != "null"]) != 1:
        return False
    return kind(schema) in ("integer", "number", "boolean") or (kind(schema) == "string" and schema.get("format") == "uuid")
