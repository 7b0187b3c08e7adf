"""Stimuli about the query of a read: a required parameter that is missing, values that break a parameter's schema."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.model.spec import Node, Operation, Parameter, Unresolved
from errlint.probe.refusal import breaker
from errlint.probe.scene import Scene, draft
from errlint.probe.trial import Trial
from errlint.probe.values import flat, kind

WORD = "errlint"


def missing(scene: Scene, operation: Operation, name: str) -> Iterator[Trial]:
    """A read without the query parameters that it requires."""
    needed = [one.name for one in _parameters(scene, operation) if one.required and not _has_default(scene, one)]
    if needed:
        left_out = dict.fromkeys(needed, None)
        yield draft(scene, operation, name, query=left_out, rejected=declares_bad_request(operation))


def mistyped(scene: Scene, operation: Operation, name: str) -> Iterator[Trial]:
    """A read with a word where its query parameter is a number; a word is true to some who ask for a boolean."""
    for parameter in _parameters(scene, operation):
        if kind(flat(parameter.schema, scene.spec.resolve)) in ("integer", "number") and _refuses(scene, parameter):
            yield draft(scene, operation, name, query={parameter.name: WORD}, rejected=declares_bad_request(operation))
            return


def unknown_value(scene: Scene, operation: Operation, name: str) -> Iterator[Trial]:
    """A read with a word that the list of a query parameter's values does not have. Many services filter by it all the same."""
    for parameter in _parameters(scene, operation):
        if isinstance(flat(parameter.schema, scene.spec.resolve).get("enum"), list) and _refuses(scene, parameter):
            yield draft(scene, operation, name, query={parameter.name: WORD})
            return


def declares_bad_request(operation: Operation) -> bool:
    """Whether an operation says that it looks at what it is asked: 400, 422 or 4XX. ``default`` alone proves nothing."""
    return any(key in ("400", "422", "4XX") for key in operation.statuses)


def _parameters(scene: Scene, operation: Operation) -> list[Parameter]:
    """The query parameters of a read that are no credentials, the required ones first."""
    if operation.method.upper() != "GET":
        return []
    credentials = {scheme.name for scheme in scene.schemes.values() if scheme.where == "query"}
    found = [one for one in operation.parameters if one.where == "query" and one.name not in credentials and one.schema]
    return sorted(found, key=lambda one: not one.required)


def _has_default(scene: Scene, parameter: Parameter) -> bool:
    return "default" in flat(parameter.schema, scene.spec.resolve)


def _refuses(scene: Scene, parameter: Parameter) -> bool:
    """Whether the word breaks a parameter's schema in each way in which a query may be read: a text, a list, an object."""
    from errlint.match.standalone import standalone  # start-up: only a probe needs it

    node: Node | None = parameter.schema
    if node is None:
        return False
    try:
        breaks = breaker(standalone(node, scene.spec.step, scene.spec.dialect))
    except Unresolved:
        return False
    return all(breaks(value) for value in (WORD, [WORD], {WORD: ""}))
