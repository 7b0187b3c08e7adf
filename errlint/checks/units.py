"""What is judged together: the units of a document and of a live run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from errlint.checks import beside
from errlint.checks.catalog_file import CatalogAndDocuments, CatalogFile
from errlint.checks.raised import Unit
from errlint.checks.subjects import Documents, Endpoint, ErrorSchema, Known, ShownExample
from errlint.match.answer import Answer, read_answer
from errlint.match.declared import Declared
from errlint.match.framing import is_json
from errlint.match.plan import Plan
from errlint.model import pointer as pointers
from errlint.model.exchange import Observation, Request
from errlint.model.finding import Location
from errlint.model.spec import BrokenRef, Declaration, Example, IgnoredSiblings, MisplacedRef, Node, Spec
from errlint.model.status import Statuses

if TYPE_CHECKING:
    from errlint.checks.fleet import Member

CATALOGS = "catalogs"
"""What is judged where catalogs of several services are held against each other."""

WITHOUT_CONTENT = ("204", "205", "304")
"""Of the answers that are no errors only these are judged: they cannot have content."""


def _owner(node: Node) -> str:
    return f"{node.uri}#{pointers.text(node.pointer)}"


def of_document(spec: Spec, declared: Iterable[Declared], plan: Plan, *, examples: bool = True) -> Iterator[Unit]:
    """The units of one OpenAPI document: operations, declared responses, schemas, examples, broken places."""
    missed: dict[tuple[str | int, ...], bool] = {}
    for operation in spec.operations:
        yield Unit(
            (operation, Endpoint(operation, spec, missed)), "schema", operation.location, operation.label, operation.label
        )
    for declaration in spec.declarations:
        if declaration.error or declaration.statuses is None or declaration.status_key in WITHOUT_CONTENT:
            yield _of_declaration(declaration)
    known = Known()
    for one in declared:
        yield _of_declared(one, ErrorSchema(one, spec, known))
    if examples:
        yield from _of_examples(spec, plan)
    for bad in spec.bad_keys:
        yield Unit((bad,), "schema", bad.location, bad.operation.label, bad.operation.label, status=bad.key)
    references: tuple[BrokenRef | IgnoredSiblings | MisplacedRef, ...] = (*spec.broken, *spec.ignored, *spec.misplaced)
    for reference in references:
        owner = f"{reference.location.uri}#{pointers.text(reference.location.pointer)}"
        uses = reference.uses if isinstance(reference, BrokenRef) else ()
        label, key = reference.operation.label, reference.status_key
        yield Unit((reference,), "schema", reference.location, owner, label, uses, status=key)


def _of_declaration(declaration: Declaration) -> Unit:
    label = declaration.operation.label
    return Unit(
        (declaration,), "schema", declaration.location, label, label,
        status=declaration.status_key, media_type=declaration.media_type or "",
    )  # fmt: skip


def _of_declared(declared: Declared, schema: ErrorSchema) -> Unit:
    first = declared.declaration
    uses = tuple((use.operation.label, use.location) for use in declared.uses)
    return Unit(
        (declared, schema, *declared.claims),
        "schema",
        declared.schema.location,
        _owner(declared.schema),
        uses=uses,
        status=first.status_key,
        media_type=first.media_type or "",
    )


def _of_examples(spec: Spec, plan: Plan) -> Iterator[Unit]:
    """One unit for each written example: operations and statuses that share it are its uses."""
    groups: dict[tuple[str, pointers.Pointer, tuple[str, ...]], list[Example]] = {}
    for example in spec.examples:
        declaration = example.declaration
        if not declaration.error or declaration.statuses is None or not _json(declaration):
            continue
        operation = declaration.operation
        layers = plan.covering(operation, operation.method, operation.path, declaration.layer)
        groups.setdefault((example.node.uri, example.node.pointer, layers), []).append(example)
    for examples in groups.values():
        yield _of_example(spec, examples, plan)


def _json(declaration: Declaration) -> bool:
    return is_json(declaration.bare_type)


def _of_example(spec: Spec, examples: list[Example], plan: Plan) -> Unit:
    first = examples[0]
    answer = read_answer(shown(examples), plan)
    keys = dict.fromkeys(example.declaration.status_key for example in examples)
    return Unit(
        (answer, *answer.claims, ShownExample(first, spec), beside.of_examples(answer, examples, spec)),
        "example",
        first.node.location,
        _owner(first.node),
        uses=tuple((example.declaration.operation.label, example.declaration.location) for example in examples),
        status=", ".join(keys),
        media_type=first.declaration.media_type or "",
    )


def shown(examples: list[Example]) -> Observation:
    """The answer that an example shows; where several statuses share it, it may be an answer of any of them."""
    declaration = examples[0].declaration
    keys = {example.declaration.status_key for example in examples}
    statuses = [example.declaration.statuses for example in examples if example.declaration.statuses is not None]
    together = {one.text: one.values for one in statuses}
    return Observation(
        witness="example",
        location=examples[0].node.location,
        status=int(declaration.status_key) if len(keys) == 1 and declaration.status_key.isdigit() else None,
        headers={"content-type": declaration.media_type or ""},
        value=examples[0].node.value,
        operation=declaration.operation,
        statuses=Statuses(frozenset().union(*together.values()), ", ".join(together)),
        name=examples[0].name,
        layer=declaration.layer,
    )


def of_documents(documents: Documents, owner: str = "documents") -> Unit:
    """The unit of a set of documents, or of one alone, ``document``."""
    return Unit((documents, *documents.promised), "schema", documents.location, owner)


def of_catalog(file: CatalogFile, operations: frozenset[str] | None = None) -> Unit:
    """The unit of a catalog, with the operations of the documents that it is held against."""
    beside = () if operations is None else (CatalogAndDocuments(file, operations),)
    return Unit((file, *beside), "catalog", file.location, file.catalog.service)


def of_fleet(members: Iterable[Member]) -> Unit:
    """The unit of the catalogs of several services; it stands nowhere, so that its faults stay the same when others join."""
    from errlint.checks.fleet import Fleet  # runs over several services only

    return Unit((Fleet(tuple(members)),), "catalog", Location(CATALOGS, ()), CATALOGS)


def of_observation(
    observation: Observation, plan: Plan, curl: Callable[[Request], str], document: beside.Declared | None = None
) -> tuple[Unit, Answer]:
    """The unit of one live answer, and the answer as it was read."""
    answer = read_answer(observation, plan)
    request = observation.request
    unit = Unit(
        (answer, *answer.claims, document.beside(answer) if document is not None else beside.alone(answer)),
        observation.witness,
        observation.location,
        observation.label or _stray(observation),
        observation.label,
        status=str(observation.status) if observation.status is not None else None,
        media_type="",
        reproduce=curl,
        requests=(request,) if request is not None else (),
        request_id=_request_id(observation, answer),
    )
    return unit, answer


def _stray(observation: Observation) -> str:
    return f"stray:{observation.request.stimulus}" if observation.request else "stray"


def _request_id(observation: Observation, answer: Answer) -> str | None:
    for name in ("x-request-id", "x-correlation-id", "request-id"):
        if name in observation.headers:
            return observation.headers[name][:64]
    return None
