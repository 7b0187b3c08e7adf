"""``--to components``: an OpenAPI document without paths whose components say what the catalog promises.

What stands where:

- ``components.schemas``: each envelope of a layer as ``<Envelope>Error``, and the codes of each layer as ``<Layer>Code``
  (``enum``, with ``x-enum-varnames`` and ``x-enum-descriptions``);
- ``components.responses``: one for each entry (its id), in the catalog's order, then one for each status (``NotFound``,
  ``Error5XX``, ``Error`` for ``any``), with the schema, the headers and an example for each entry, named by its id;
- ``x-error-codes`` on each response: its entries, each exactly as the catalog's format writes it: ``code``, ``status``,
  ``layer``, ``id`` where it is not the code, ``name``, ``category``, ``message`` (a text, or an object where only that says
  which dialect it is), ``description``, ``resolution``, ``match``, ``variants``, ``retry``, ``headers``, ``operations``, ...;
- ``components.x-error-catalog``: what the catalog says beside its entries: ``service``, ``envelopes``, ``layers``,
  ``categories``, ``accepted``, as its format writes them.

So ``{errlint: 1, **x-error-catalog, errors: the x-error-codes of the responses, each once by layer and id}`` is the catalog
again: errlint.draft.documents.returned reads it so, for ``errlint init``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from errlint.export.branches import Branch
from errlint.export.document import document, entry
from errlint.export.names import identity, named, pascal, slug
from errlint.export.responses import Components
from errlint.export.samples import JSON, headers_of, sample, shown_statuses
from errlint.export.schemas import bounds, disjoint, envelope_schema
from errlint.fixes.prb import phrase
from errlint.match.envelope import Signature
from errlint.match.plan import Plan
from errlint.model.catalog import Catalog, Code, Layer
from errlint.model.claim import json_type
from errlint.model.status import one

VERSIONS = {"3.0": "3.0.3", "3.1": "3.1.0"}
HOME = "#/components/schemas/"


def components(catalog: Catalog, plan: Plan, dialect: str = "3.1") -> dict[str, Any]:
    """The document, for OpenAPI ``3.1`` or ``3.0``. ``plan`` is the catalog's, or that of what is assumed about its bodies."""
    made = _Made(plan, dialect)
    codes = {
        f"{pascal(layer.id)}Code": schema for layer in catalog.layers.values() if (schema := _codes(catalog, layer, dialect))
    }
    shared = Components(codes, HOME)
    made.shared = shared
    by_status = _by_status(catalog)
    names = named(catalog.codes, slug, taken=[name for name, _ in by_status.values()], by_name=False)
    responses: dict[str, Any] = {}
    for code in catalog.codes:
        responses.setdefault(names[identity(code)], made.response([code], None))
    responses |= {name: made.response(group, key) for key, (name, group) in by_status.items()}
    frame = {key: value for key, value in document(catalog).items() if key not in ("errlint", "errors")}
    return {
        "openapi": VERSIONS[dialect],
        "info": {"title": f"{catalog.title or catalog.service}: errors", "version": catalog.version or "0"},
        "paths": {},
        "components": {"schemas": {**shared.made, **codes}, "responses": responses, "x-error-catalog": frame},
    }


def _codes(catalog: Catalog, layer: Layer, dialect: str) -> dict[str, Any] | None:
    """The codes that a layer lists, each once."""
    groups: dict[Any, list[Code]] = {}
    for code in catalog.codes:
        if code.layer == layer.id and code.code is not None:
            groups.setdefault((json_type(code.code), code.code), []).append(code)
    found = [group[0] for group in groups.values()]
    alone = all(len(group) == 1 for group in groups.values())
    kinds = list(dict.fromkeys(json_type(code.code) for code in found))
    if not found:
        return None
    schema: dict[str, Any] = {"title": f"The codes of {layer.title or layer.id}"}
    if len(kinds) == 1 or dialect == "3.1":
        schema["type"] = kinds[0] if len(kinds) == 1 else kinds
    schema["enum"] = [code.code for code in found]
    if alone and all(code.name for code in found):
        schema["x-enum-varnames"] = [code.name for code in found]
    if alone and all(code.description for code in found):
        schema["x-enum-descriptions"] = [code.description for code in found]
    return schema


def _by_status(catalog: Catalog) -> dict[str, tuple[str, list[Code]]]:
    """Each written status with the name of its response and the entries that may come under it."""
    found: dict[str, tuple[str, list[Code]]] = {}
    words = {word for code in catalog.codes for word in code.statuses.text.split(", ")}
    for word in sorted(words, key=lambda word: (word == "any", word)):
        name = "Error" if word == "any" else pascal(phrase(int(word)) or f"Error {word}") if word.isdigit() else f"Error{word}"
        codes = [code for code in catalog.codes if word in code.statuses.text.split(", ")]
        found[word] = name, codes
    return found


class _Made:
    """The responses of one document; ``shared`` gathers their envelopes."""

    shared: Components

    def __init__(self, plan: Plan, dialect: str) -> None:
        self._plan = plan
        self._dialect = dialect

    def response(self, codes: list[Code], key: str | None) -> dict[str, Any]:
        """The response that some entries give under a written status; None: one entry under all of its own."""
        statuses = one(key) if key is not None else codes[0].statuses
        words = phrase(int(key)) if key is not None and key.isdigit() else ""
        first = codes[0]
        if key is None:
            words = first.description or (first.message.text if first.message is not None else "") or first.name or first.id
        found: dict[str, Any] = {"description": words or f"An error ({key})."}
        shown = shown_statuses(statuses)
        headers = {name: value for code in codes for status in shown for name, value in headers_of(code, status)}
        if headers:
            found["headers"] = {name: {"schema": {"type": "string"}, "example": value} for name, value in headers.items()}
        content = self._content(codes, statuses.values, shown)
        if content:
            found["content"] = content
        return {**found, "x-error-codes": [entry(code) for code in codes]}

    def _content(self, codes: list[Code], statuses: frozenset[int], shown: Iterable[int]) -> dict[str, Any]:
        """The bodies by media type, with their examples."""
        branches = list(self._branches(codes, statuses))
        content: dict[str, Any] = {}
        for media_type in dict.fromkeys(name for branch in branches for name in _media_types(branch.signature)):
            here = [branch for branch in branches if media_type in _media_types(branch.signature)]
            schemas = [self._schema(branch, statuses) for branch in here]
            distinct = [schema for index, schema in enumerate(schemas) if schema not in schemas[:index]]
            apart = len(distinct) == len(here) and disjoint(here)
            schema = distinct[0] if len(distinct) == 1 else {"oneOf" if apart else "anyOf": distinct}
            content[media_type] = {"schema": schema}
        for code in codes:
            under = next((status for status in shown if status in code.statuses), None)
            made = sample(self._plan, code, under) if under is not None else None
            if made is not None and made.media_type in content:
                summary = code.name or code.description
                example = {**({"summary": summary} if summary else {}), "value": made.value}
                content[made.media_type].setdefault("examples", {}).setdefault(code.id, example)
        return content

    def _branches(self, codes: list[Code], statuses: frozenset[int]) -> Iterator[Branch]:
        """One branch for each envelope: the entries of all layers that use it."""
        groups: dict[str, tuple[Signature, list[Code]]] = {}
        for code in codes:
            for signature in self._plan.signatures_of((code.layer,)) if code.layer in self._plan.layers else ():
                envelope = signature.envelope
                if envelope.framing == "json" and (envelope.statuses is None or envelope.statuses.values & statuses):
                    groups.setdefault(envelope.id, (signature, []))[1].append(code)
        for signature, entries in groups.values():
            yield Branch(signature, self._plan.layers[entries[0].layer], tuple(entries), {})

    def _schema(self, branch: Branch, statuses: frozenset[int]) -> dict[str, Any]:
        envelope = branch.signature.envelope
        shared = self.shared.shared(f"{pascal(envelope.id)}Error", envelope_schema(branch.signature, self._dialect))
        closed = all(self._plan.layers[code.layer].closed for code in branch.entries) or len(branch.entries) == 1
        demands = bounds(branch, self._plan, statuses, self._dialect, "none") if closed else {}
        return {"allOf": [shared, demands]} if demands else shared


def _media_types(signature: Signature) -> tuple[str, ...]:
    return signature.envelope.media_types or (JSON,)
