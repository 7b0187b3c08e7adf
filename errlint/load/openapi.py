"""An OpenAPI document -> Spec: one walk over paths, methods and responses, for 2.0, 3.0, 3.1 and 3.2.

What has the wrong type is skipped: a linter reads broken documents. Webhooks and callbacks are what the service sends,
not what it answers: they are not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from os import PathLike

from errlint.errors import LoadError
from errlint.load import openapi_default, openapi_keys, openapi_requests, openapi_v2
from errlint.load.library import Library
from errlint.load.nodes import layer, members, text, texts
from errlint.load.openapi_answers import Answer, Answers, Content
from errlint.load.openapi_faults import SchemaFaults, of_response
from errlint.load.openapi_kind import Kind, kind_of, looks_like, looks_like_openapi
from errlint.load.openapi_told import Told
from errlint.load.refs import References
from errlint.load.source import Document
from errlint.model.record import record
from errlint.model.spec import (
    BadKey,
    Declaration,
    Example,
    Node,
    Operation,
    Spec,
    Unresolved,
)
from errlint.model.status import ERRORS, Statuses

__all__ = ["Loaded", "looks_like", "looks_like_openapi", "read_spec"]

# GitHub's whole API has 4,600. Shared responses multiply: a small hostile file can declare millions.
MOST_ANSWERS = 200_000

# Examples of what is no error are not read: they are half of many documents.
_SUCCESS = ("1", "2", "3")

_METHODS = frozenset(("get", "put", "post", "delete", "options", "head", "patch"))


@record
class Loaded:
    """A document, read, and the documents that its references reached."""

    spec: Spec
    references: References


@record
class _Use:
    """One response of an operation, as it is named there; ``answer`` is what stands there, or why nothing does."""

    key: str
    node: Node
    response: Node
    answer: Answer | Unresolved


def read_spec(document: Document, *, root: str | PathLike[str] | None = None, library: Library | None = None) -> Loaded:
    """What an OpenAPI document declares. ``root`` is the folder that references may not leave, by default the document's.

    The ``library`` is what the run has read besides, and may fetch.

    Raises: LoadError where it is no OpenAPI document, or none that errlint reads.
    """
    kind = kind_of(document)
    references = References(document, root, library)
    reader = _Reader(document, kind, references)
    for path, node in members(_paths(document, references)):
        if not path.startswith("x-") and path != "$ref":
            reader.path(path, node)
    return Loaded(reader.spec(), references)


def _paths(document: Document, references: References) -> Node | None:
    paths = Node(document.uri, (), document.data).get("paths")
    if paths is None:
        return None
    try:
        found = references.resolve(paths)
    except Unresolved as fault:
        raise LoadError(f"paths cannot be read: {fault.reason}", document.location(("paths",))) from None
    if not isinstance(found.value, dict):
        raise LoadError("paths must be an object", document.location(("paths",)), "it holds the operations by path")
    return found


class _Reader:
    """The walk: what was found so far, and what each shared part was read as."""

    def __init__(self, document: Document, kind: Kind, references: References) -> None:
        resolve = references.resolve
        self._step = references.step
        self._document = document
        self._top = Node(document.uri, (), document.data)
        self._kind = kind
        self._v2 = kind.dialect == "2.0"
        self._resolve = resolve
        self._methods = _METHODS | ({"trace"} if not self._v2 else set()) | ({"query"} if kind.number >= (3, 2) else set())
        self._parameters = openapi_requests.Parameters(resolve, self._v2)
        self._answers = Answers(resolve, kind.dialect)
        self._faults = SchemaFaults(resolve, kind.dialect)
        self._references = references
        self._told = Told(kind.dialect)
        self._operations: list[Operation] = []
        self._declarations: list[Declaration] = []
        self._examples: list[Example] = []
        self._bad_keys: list[BadKey] = []

    def spec(self) -> Spec:
        """All that was read."""
        return Spec(
            uri=self._top.uri,
            version=self._kind.written,
            dialect=self._kind.dialect,
            root=self._top,
            resolve=self._resolve,
            step=self._step,
            operations=tuple(self._operations),
            declarations=tuple(self._declarations),
            examples=tuple(self._examples),
            broken=self._told.broken(self._declarations, self._faults),
            bad_keys=tuple(self._bad_keys),
            base_paths=openapi_requests.base_paths(self._top, self._v2),
            ignored=self._told.ignored(),
            misplaced=self._told.misplaced(),
            reached=self._reached,
        )

    def _reached(self) -> tuple[Node, ...]:
        return tuple(Node(uri, (), document.data) for uri, document in self._references.documents.items())

    def path(self, path: str, named: Node) -> None:
        """Reads the operations of one path. Members beside a path item's ``$ref`` count, and win."""
        items = [named]
        try:
            target = self._resolve(named)
        except Unresolved as fault:
            # There is no operation to blame: the path stands for those that are lost.
            self._told.tell(Operation(path, "", path, named), "", fault, named)
        else:
            items += [target] if target is not named else []
        for method, node in self._operation_nodes(items):
            label = f"{method} {path}"
            try:
                operation = self._resolve(node)
            except Unresolved as fault:
                self._told.tell(Operation(label, method, path, node), "", fault, node)
                continue
            if isinstance(operation.value, dict):
                self._operation(label, operation, items)

    def _operation_nodes(self, items: list[Node]) -> Iterator[tuple[str, Node]]:
        """The operations of path items by method in upper case, in document order; an earlier item's wins."""
        seen: set[str] = set()
        for item in items:
            named = [(key.upper(), node) for key, node in members(item) if key in self._methods]
            if self._kind.number >= (3, 2):
                named += members(item.get("additionalOperations"))
            for method, node in named:
                if method not in seen:
                    seen.add(method)
                    yield method, node

    def _operation(self, label: str, node: Node, items: list[Node]) -> None:
        method, _, path = label.partition(" ")
        produces = openapi_v2.media_types(node, self._top, "produces") if self._v2 else ()
        uses, lost = self._uses(node, produces)
        operation = self._requested(label, method, path, node, items, uses, produces)
        self._operations.append(operation)
        if lost is not None:
            self._told.tell(operation, "", lost, node)
        layers = (layer(owner.value) for owner in (node, *items, self._top))
        inherited = next((found for found in layers if found), None)
        for use, statuses in zip(uses, openapi_keys.covered(operation.statuses, not self._v2), strict=True):
            if statuses is None:
                meant = openapi_keys.meant(use.key, not self._v2)
                ranged = self._v2 and meant != openapi_keys.meant(use.key, True)
                self._bad_keys.append(BadKey(operation, use.key, "" if ranged else meant, use.node.location, ranged))
            self._response(operation, use, statuses, inherited)

    def _requested(
        self,
        label: str,
        method: str,
        path: str,
        node: Node,
        items: list[Node],
        uses: list[_Use],
        produces: tuple[str, ...],
    ) -> Operation:
        return Operation(
            label=label,
            method=method,
            path=path,
            node=node,
            operation_id=text(node.value, "operationId"),
            tags=texts(node.value, "tags"),
            secured=openapi_requests.secured(node, self._top),
            produces=produces if self._v2 else _produced(uses),
            statuses=tuple(use.key for use in uses),
            default_succeeds=_default_succeeds(uses),
            # Not a method: an operation that knows the walk would be kept by it, and the document with both.
            read=partial(openapi_requests.asked, node, items, self._parameters, self._resolve, self._top if self._v2 else None),
        )

    def _uses(self, operation: Node, produces: tuple[str, ...]) -> tuple[list[_Use], Unresolved | None]:
        """The responses of an operation, and why there are none where its Responses Object is a broken reference."""
        responses = operation.get("responses")
        if responses is None:
            return [], None
        try:
            named = self._resolve(responses)
        except Unresolved as fault:
            return [], fault
        return [
            self._use(key, node, produces) for key, node in members(named) if not key.startswith("x-") and key != "$ref"
        ], None

    def _use(self, key: str, node: Node, produces: tuple[str, ...]) -> _Use:
        try:
            response = self._resolve(node)
        except Unresolved as fault:
            return _Use(key, node, node, fault)
        return _Use(key, node, response, self._answers.read(response, produces, key[:1] not in _SUCCESS))

    def _response(self, operation: Operation, use: _Use, statuses: Statuses | None, inherited: str | None) -> None:
        if isinstance(use.answer, Unresolved):
            self._told.tell(operation, use.key, use.answer, use.node)
            return
        if not isinstance(use.response.value, dict):
            return
        succeeds = use.key == "default" and operation.default_succeeds
        error = statuses is not None and not ERRORS.isdisjoint(statuses.values) and not succeeds
        for fault in use.answer.broken + (use.answer.lost if error else ()):
            self._told.tell(operation, use.key, fault, use.node)
        for odd in of_response(use.node, use.response, self._kind.dialect) if error else ():
            self._told.tell(operation, use.key, odd, use.node)
        nearest = layer(use.node.value) or use.answer.layer or inherited
        for content in use.answer.contents:
            self._declare(
                content,
                Declaration(
                    operation=operation,
                    status_key=use.key,
                    statuses=statuses,
                    use=use.node,
                    response=use.response,
                    media_type=content.media_type,
                    schema=content.schema,
                    error=error,
                    layer=content.layer or nearest,
                    dialect=self._kind.dialect,
                ),
            )

    def _declare(self, content: Content, declaration: Declaration) -> None:
        if content.listed:
            self._declarations.append(declaration)
        examples = content.examples + (content.illustrations if declaration.error else ())
        self._examples.extend(Example(name, node, declaration) for name, node in examples)
        if len(self._declarations) + len(self._examples) > MOST_ANSWERS:
            raise LoadError(f"declares more than {MOST_ANSWERS:,} answers and examples", self._document.location(("paths",)))
        if declaration.error and content.schema is not None:
            for fault in self._faults.below(content.schema):
                self._told.tell(declaration.operation, declaration.status_key, fault, declaration.use)


def _default_succeeds(uses: list[_Use]) -> bool:
    if openapi_default.has_success(use.key for use in uses):
        return False
    found = (use for use in uses if use.key == "default" and isinstance(use.response.value, dict))
    return any(
        isinstance(use.answer, Answer) and not openapi_default.looks_like_error(use.node, use.response, use.answer)
        for use in found
    )


def _produced(uses: list[_Use]) -> tuple[str, ...]:
    """The distinct media types that an operation's answers are declared in."""
    answers = (use.answer for use in uses if isinstance(use.answer, Answer))
    found = (content.media_type for answer in answers for content in answer.contents)
    return tuple(dict.fromkeys(media_type for media_type in found if media_type is not None))
