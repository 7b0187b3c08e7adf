"""What a document's error responses become: for each, the strict schemas by media type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from errlint.export.branches import Answers, Branch, answers, listed, missing
from errlint.export.patterns import Messages
from errlint.export.schemas import bounds, disjoint, envelope_schema
from errlint.fixes.equal import same
from errlint.match.declared import reduce
from errlint.match.plan import Plan
from errlint.model.claim import key
from errlint.model.record import field, mutable, record
from errlint.model.spec import Declaration, Operation, Spec
from errlint.model.status import one

Strict = Mapping[str, Mapping[str, Any]]
"""The schema of each media type."""


@record
class Use:
    """One error response of an operation: what it is to be. ``declared`` is None for one that the document lacks.

    ``strict`` None means that it goes away: only layers answer so that stay out of documents.
    """

    operation: Operation
    status_key: str
    declared: Declaration | None
    strict: Strict | None


@mutable
class Components:
    """The shared schemas that are made, by name; none takes the name of one that stands."""

    standing: Mapping[str, Any]
    home: str
    made: dict[str, Any] = field(default_factory=dict)

    def shared(self, wanted: str, schema: Any) -> dict[str, Any]:
        """A reference to the schema, under the wanted name or one like it."""
        base = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "_" for sign in wanted) or "Error"
        number = 1
        while True:
            name = base if number == 1 else f"{base}_{number}"
            known = self.made.get(name, self.standing.get(name))
            if known is None:
                self.made[name] = schema
            elif not same(known, schema):
                number += 1
                continue
            return {"$ref": f"{self.home}{name}"}


class Responses:
    """The strict error responses of one document. ``notes`` say what could not be made strict, and why."""

    def __init__(self, spec: Spec, plan: Plan, components: Components, messages: Messages) -> None:
        self._spec = spec
        self._plan = plan
        self._components = components
        self._messages = messages
        self._listed = listed(reduce(spec, plan))
        self._notes: dict[str, None] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(self._notes)

    def uses(self, *, every: bool) -> Iterator[Use]:
        """What each error response is to be, then those that operations lack; ``every``: whatever layer promises them."""
        declared: dict[tuple[str, str], list[Declaration]] = {}
        for one_ in self._spec.declarations:
            if one_.error and one_.statuses is not None:
                declared.setdefault((one_.operation.label, one_.status_key), []).append(one_)
        for kinds in declared.values():
            use = self._declared(kinds)
            if use is not None:
                yield use
        for operation in self._spec.operations:
            for status in missing(self._plan, operation, every=every):
                if not covered(operation, status):
                    found = answers(self._plan, operation, frozenset((status,)), None)
                    strict = self._strict(operation, str(status), frozenset((status,)), found)
                    if strict:
                        yield Use(operation, str(status), None, strict)

    def _declared(self, kinds: list[Declaration]) -> Use | None:
        first = kinds[0]
        operation, statuses = first.operation, first.statuses.values & _ERRORS if first.statuses is not None else frozenset()
        known = [self._listed.get((operation.label, first.status_key, kind.media_type)) for kind in kinds]
        told = frozenset().union(*(codes for codes in known if codes)) if all(known) else None
        found = answers(self._plan, operation, statuses, told)
        if found.forbidden:
            return Use(operation, first.status_key, first, None)
        if not found.branches:
            if not found.left_out:
                self._note(operation, first.status_key, "is left as it is: the catalog has no entry for it")
            return None
        strict = self._strict(operation, first.status_key, statuses, found)
        return Use(operation, first.status_key, first, strict) if strict else None

    def _strict(self, operation: Operation, status_key: str, statuses: frozenset[int], found: Answers) -> Strict:
        for why in found.left_out:
            self._notes.setdefault(f"left out: {why}")
        schemas = {}
        for media_type in found.media_types:
            schema = self._schema(operation, status_key, statuses, found.of(media_type))
            if schema is not None:
                schemas[media_type] = schema
        return schemas

    def _schema(
        self, operation: Operation, status_key: str, statuses: frozenset[int], branches: tuple[Branch, ...]
    ) -> dict[str, Any] | None:
        if self._spec.dialect == "2.0":
            return self._listing(operation, status_key, statuses, branches)
        references = [self._shared(branch, status_key, statuses) for branch in branches]
        distinct = [ref for index, ref in enumerate(references) if ref not in references[:index]]
        if len(distinct) == 1:
            return distinct[0]
        apart = len(distinct) == len(branches) and disjoint(branches)
        if not apart:
            self._note(operation, status_key, "is an anyOf: what tells its bodies apart cannot be said in a schema")
        name = "Error" if status_key == "default" else f"Error{status_key}"
        return self._components.shared(name, {"oneOf" if apart else "anyOf": distinct})

    def _listing(
        self, operation: Operation, status_key: str, statuses: frozenset[int], branches: tuple[Branch, ...]
    ) -> dict[str, Any] | None:
        """The schema for OpenAPI 2.0, which has no oneOf: one envelope with a list of codes."""
        envelopes = {branch.signature.envelope.id for branch in branches}
        if len(envelopes) > 1:
            self._note(operation, status_key, f"is left as it is: {', '.join(sorted(envelopes))}, and 2.0 has no oneOf")
            return None
        layer, entries = branches[0].layer, tuple({(c.layer, c.id): c for b in branches for c in b.entries}.values())
        if any(not branch.entries for branch in branches) or len({key(code.code) for code in entries} & {key(None)}):
            return self._envelope(branches[0])
        joined = Branch(branches[0].signature, layer, entries, {})
        schema = {"allOf": [self._envelope(joined), bounds(joined, self._plan, statuses, "2.0", "none")]}
        return self._components.shared(f"Error{'' if status_key == 'default' else status_key}", schema)

    def _envelope(self, branch: Branch) -> dict[str, Any]:
        words = branch.signature.envelope.id.replace("_", "-").split("-")
        name = "".join(word[:1].upper() + word[1:] for word in words)
        return self._components.shared(f"{name}Error", envelope_schema(branch.signature, self._spec.dialect))

    def _shared(self, branch: Branch, status_key: str, statuses: frozenset[int]) -> dict[str, Any]:
        """A reference to the schema of one branch."""
        envelope = self._envelope(branch)
        demands = bounds(branch, self._plan, statuses, self._spec.dialect, self._messages)
        if not demands:
            return envelope
        first = branch.entries[0] if branch.entries else None
        name = first.id if first is not None else f"{branch.layer.id}.other"
        schema: dict[str, Any] = {}
        texts = [code.name or code.description for code in branch.entries if code.name or code.description]
        if texts and len(branch.entries) == 1:
            schema["description"] = texts[0]
        return self._components.shared(name, {**schema, "allOf": [envelope, demands]})

    def _note(self, operation: Operation, status_key: str, why: str) -> None:
        self._notes.setdefault(f"{status_key} of {operation.label} {why}")


_ERRORS = frozenset(range(400, 600))


def covered(operation: Operation, status: int) -> bool:
    """Whether an operation declares a status, by itself, by its range or by ``default``."""
    return any(key_ == "default" or (_is_status(key_) and status in one(key_)) for key_ in operation.statuses)


def _is_status(text: str) -> bool:
    try:
        one(text)
    except ValueError:
        return False
    return True
