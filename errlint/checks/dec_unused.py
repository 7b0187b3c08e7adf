"""DEC011: what only the whole of all documents shows: components that nothing uses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from errlint.checks.registry import Hit, Verdict, check
from errlint.checks.subjects import Documents
from errlint.match.plan import Plan
from errlint.model import pointer as pointers
from errlint.model.finding import Location, Severity
from errlint.model.spec import Node, Spec

OFF, NOTE, WARNING, ERROR = Severity

ERROR_WORDS = re.compile(
    r"(?<![0-9])[45](?:[0-9]{2}|xx)(?![0-9])|error|problem|fault|exception|unauthori[sz]ed|forbidden|not ?found|bad ?request"
    r"|conflict|invalid|unprocess|too ?many|throttl|rate ?limit|timeout|unavailable|denied|fail"
)
"""Words in the name or at the start of the description of a response that is an error."""


@check("DEC011", "unused-error-component", NOTE, Documents)
def unused_error_component(documents: Documents, plan: Plan) -> Iterator[Verdict]:
    """An error response among the components that nothing in any document refers to.

    The schemas that only such responses need are no fault of their own: whoever uses or removes the response mends both.
    """
    asked = [(spec, unmet) for spec in documents.specs if spec.operations and (unmet := _unmet(spec))]
    if not asked:
        return  # the usual case, and the only cheap one
    elsewhere = _References()
    for top in {top.uri: top for spec in documents.specs for top in spec.reached()}.values():
        elsewhere.read(top)
    for spec, unmet in asked:
        for name in unmet:
            if ("responses", name) not in elsewhere.alive():
                yield Hit(
                    f"nothing refers to this error response: {name}",
                    at=Location(spec.uri, ("responses", name) if spec.dialect == "2.0" else ("components", "responses", name)),
                    shared=True,
                    merged="nothing refers to {n} error responses among the components",
                )


def _unmet(spec: Spec) -> list[str]:
    """The error responses among a document's components that no operation's walk came to."""
    components = spec.root if spec.dialect == "2.0" else spec.root.get("components")
    responses = components.get("responses") if components is not None else None
    if responses is None or not isinstance(responses.value, dict):
        return []
    met = {id(one.response.value) for one in spec.declarations}
    return [
        name
        for name, value in responses.value.items()
        if not name.startswith("x-") and isinstance(value, dict) and id(value) not in met and _is_error(name, value)
    ]


def _is_error(name: str, response: dict[str, Any]) -> bool:
    """Whether a response says of itself that it is an error: by name, by its description's first words, as a problem."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_.\s-]+", " ", name).lower()
    description = response.get("description")
    begins = description[:60].lower() if isinstance(description, str) else ""
    content = response.get("content")
    problem = isinstance(content, dict) and any("problem+" in media_type for media_type in content)
    return problem or bool(ERROR_WORDS.search(apart) or re.match(r"[45][0-9]{2}\b", begins)) or begins.startswith("error")


Component = tuple[str, str]
"""A component by its kind and name, in whatever document: a reference from another file counts."""


class _References:
    """Which components refer to which, and to which the rest of the documents refers."""

    def __init__(self) -> None:
        self._from: dict[Component | None, set[Component]] = {None: set()}
        self._alive: set[Component] | None = None

    def read(self, top: Node) -> None:
        """Adds the references of one document."""
        rest: list[tuple[Any, Component | None, int]] = [(top.value, None, 0)]
        seen: set[int] = set()
        while rest:
            value, owner, depth = rest.pop()
            if isinstance(value, str):
                self._add(owner, value)
            elif isinstance(value, (dict, list)) and id(value) not in seen:
                seen.add(id(value))
                if depth == 0 and isinstance(value, dict):
                    rest.extend(_parts(value))
                else:
                    members = value.values() if isinstance(value, dict) else value
                    rest.extend((item, owner, depth + 1) for item in members if isinstance(item, (dict, list, str)))

    def _add(self, owner: Component | None, text: str) -> None:
        """Adds what a text refers to; a discriminator's mapping and an extension may do so as well as a ``$ref``."""
        _, mark, fragment = text.partition("#/")
        if not mark or len(text) > 2000:
            return
        tokens = pointers.parse("/" + fragment)
        if tokens[:1] == ("components",):
            tokens = tokens[1:]
        if len(tokens) > 1:
            kind = "schemas" if tokens[0] == "definitions" else tokens[0]
            self._from.setdefault(owner, set()).add((kind, tokens[1]))

    def alive(self) -> set[Component]:
        """The components that are reached from outside of the components."""
        if self._alive is None:
            self._alive = self._below([None])
        return self._alive

    def _below(self, owners: Iterable[Component | None]) -> set[Component]:
        rest, found = list(owners), set[Component]()
        while rest:
            for component in self._from.get(rest.pop(), ()):
                if component not in found:
                    found.add(component)
                    rest.append(component)
        return found


def _parts(document: dict[str, Any]) -> Iterator[tuple[Any, Component | None, int]]:
    """The parts of a document: each component by itself, all else as nobody's."""
    for key, value in document.items():
        if key == "components" and isinstance(value, dict):
            for kind, named in value.items():
                yield from _owned(kind, named)
        elif key in ("definitions", "responses", "parameters"):
            yield from _owned("schemas" if key == "definitions" else key, value)
        else:
            yield value, None, 1


def _owned(kind: str, named: Any) -> Iterator[tuple[Any, Component, int]]:
    if isinstance(named, dict):
        for name, value in named.items():
            yield value, (kind, name), 1
