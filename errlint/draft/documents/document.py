"""An OpenAPI document as a draft of a catalog: its envelopes, and the codes that it lists, tells and shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from errlint.checks.words import plural
from errlint.draft.documents.declared import Group, Shapes, envelopes, shapes_of
from errlint.draft.documents.extensions import of_extensions
from errlint.draft.documents.header_codes import of_headers
from errlint.draft.documents.leaves import leaves
from errlint.draft.documents.listed import Listing, of_schemas
from errlint.draft.documents.prose import of_descriptions, of_listed
from errlint.draft.documents.returned import returned
from errlint.draft.documents.shown import of_examples
from errlint.draft.documents.sightings import Sighting, Status, entries, identity, narrowed, of_key, tidy
from errlint.draft.merge import MAIN
from errlint.load import catalog_parts
from errlint.load.openapi import Loaded
from errlint.match.declared import reduce
from errlint.match.plan import Plan
from errlint.model import pointer as pointers
from errlint.model.claim import key
from errlint.model.draft import Draft, Entry, Shared
from errlint.model.finding import Location
from errlint.model.record import replace
from errlint.model.spec import Node, Spec

MOST_TOLD = 3

SHOW = "--tests, --probe or --from-har shows it, or write it under envelopes"
NO_BODY = f"no error response has a schema with a code or a message: what does an error body look like? {SHOW}"
"""The question of a document that shows no error; answers that do show some answer it."""


def of_document(loaded: Loaded) -> Draft:
    """The catalog that a document knows of. Without any code it is a policy: envelopes, and no entry."""
    spec, places = loaded.spec, _Places(loaded)
    back = returned(spec, places.told)
    shapes = shapes_of(spec) if back is None else Shapes()
    draft = envelopes(shapes, spec) if back is None else back
    plan = _plan(draft)
    listing = of_schemas(reduce(spec, plan), plan, places.look)
    found = [*listing.sightings, *of_listed(spec, listing.sightings), *_others(spec, draft, shapes, plan, places)]
    if back is not None:
        known = {(entry.fields.get("layer"), key(entry.code)) for entry in back.entries}
        new = entries((one for one in found if (one.layer, key(one.code)) not in known), places.told)
        return replace(back, entries=(*back.entries, *new), read=(f"{_read(spec)}, and the catalog in its components",))
    whole = listing.whole and bool(listing.sightings)
    known = {(one.layer, key(one.code)) for one in found if one.what != "description"}
    prose = [one for one in found if one.what == "description" and whole and (one.layer, key(one.code)) not in known]
    kept = entries((one for one in found if one not in prose), places.told)
    return replace(
        draft,
        service=_service(spec),
        entries=tuple(_doubting(kept, listing, whole)),
        layers=_layers(draft, kept, whole),
        doubts=(*draft.doubts, *_about_prose(prose, places), *_about(shapes, places)),
        shared=tuple(_shared(found, places)),
        read=(_read(spec),),
    )


def _others(spec: Spec, draft: Draft, shapes: Shapes, plan: Plan, places: _Places) -> Iterator[Sighting]:
    """The codes that are told besides the schemas' lists."""
    layers = [id_ for id_ in draft.layers if draft.layers[id_].get("codes") != "open"] or list(draft.layers)
    coded = [group for group in shapes.groups if group.shape.code is not None]
    integers = bool(coded) and all(group.shape.code.types <= {"integer", "null"} for group in coded if group.shape.code)
    yield from of_headers(spec, layers[0] if layers else MAIN)
    yield from of_extensions(spec, layers, integers)
    yield from of_examples(spec, plan, places.look)
    yield from of_descriptions(spec, layers, list(_homes(coded, spec)))


def _homes(groups: Iterable[Group], spec: Spec) -> Iterator[tuple[Node, tuple[Status, ...]]]:
    """The schemas of the members that hold the codes, and the statuses of the responses that have them."""
    for group in groups:
        statuses = tuple(dict.fromkeys(status for use in group.uses for status in of_key(use.status_key)))
        for schema in {(one.uri, one.pointer): one for one in group.schemas}.values():
            for leaf in leaves(schema, spec):
                if group.shape.code is not None and leaf.pointer == group.shape.code.pointer:
                    yield leaf.node, statuses


class _Places:
    """The documents that were read: what stands at a place, and how a user finds it."""

    def __init__(self, loaded: Loaded) -> None:
        self._documents = loaded.references.documents

    def look(self, at: Location) -> Any:
        """What stands at a place. Raises: KeyError."""
        return pointers.get(self._documents[at.uri].data, at.pointer)

    def told(self, places: Iterable[Location]) -> dict[Location, str]:
        """Places as ``openapi.yaml:12``."""
        wanted: dict[str, list[Location]] = {}
        for at in dict.fromkeys(places):
            wanted.setdefault(at.uri, []).append(at)
        found: dict[Location, str] = {}
        for uri, several in wanted.items():
            document = self._documents.get(uri)
            if document is None or b"\n" not in document.text.strip():  # all on one line
                found.update((at, f"{uri}#{pointers.text(at.pointer)}") for at in several)
                continue
            lines = document.locate([at.pointer for at in several])
            found.update((at, f"{uri}:{lines[at.pointer][0]}") for at in several)
        return found

    def one(self, at: Location) -> str:
        return self.told((at,))[at]


def _plan(draft: Draft) -> Plan:
    """The draft's envelopes and layers, compiled: what reads the document with them sees what ``lint`` will see."""
    data = {"service": {"name": MAIN}, "envelopes": draft.envelopes, "layers": draft.layers, "errors": []}
    build = catalog_parts.Build("draft", data, None, lambda name, place: None)
    return Plan(catalog_parts.catalog(build) if draft.layers else None)


def _service(spec: Spec) -> dict[str, Any]:
    info = spec.root.value.get("info") if isinstance(spec.root.value, Mapping) else None
    title, version = (info.get(name) if isinstance(info, Mapping) else None for name in ("title", "version"))
    title = title.strip() if isinstance(title, str) else ""
    name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60].strip("-") or MAIN
    found: dict[str, Any] = {"name": name}
    if title and title != name:
        found["title"] = title
    if isinstance(version, str | int | float) and not isinstance(version, bool) and str(version).strip():
        found["version"] = str(version).strip()
    return {word: text.encode("utf-8", "replace").decode() for word, text in found.items()}


def _layers(draft: Draft, kept: Sequence[Entry], whole: bool) -> dict[str, Mapping[str, Any]]:
    """The layers; those whose codes no schema lists completely are open, and documents need not declare them."""
    loose = {"in_spec": "optional", "codes": "open"}
    coded = {entry.fields["layer"] for entry in kept}
    return {id_: {**layer, **(loose if id_ in coded and not whole else {})} for id_, layer in draft.layers.items()}


def _doubting(kept: Sequence[Entry], listing: Listing, whole: bool) -> Iterator[Entry]:
    """The entries, with a doubt where only an example shows a code although a list is meant to hold them all."""
    listed = {(one.layer, key(one.code)) for one in listing.sightings}
    for entry in kept:
        kinds = {one.what for one in entry.evidence}
        if whole and kinds == {"example"} and (entry.fields["layer"], key(entry.code)) not in listed:
            yield replace(entry, doubts=("only an example shows it, no schema lists it: a code, or a mistake?",))
        else:
            yield entry


def _shared(sightings: Sequence[Sighting], places: _Places) -> Iterator[Shared]:
    """The lists of codes that several statuses share, with the codes whose status nothing else says."""
    narrow = narrowed(sightings)
    lists: dict[Location, tuple[dict[Any, None], set[Status]]] = {}
    for one in sightings:
        if one.kind == "list" and one.list is not None:
            codes, statuses = lists.setdefault(one.list, ({}, set()))
            codes.update({} if identity(one) in narrow else {one.code: None})
            statuses.update(one.statuses)
    shared = {at: (codes, statuses) for at, (codes, statuses) in lists.items() if codes and len(statuses) > 1}
    told = places.told(shared)
    return (Shared(told[at], tuple(codes), tidy(statuses)) for at, (codes, statuses) in shared.items())


def asked(draft: Draft) -> Draft:
    """The draft with one question about all lists with codes whose status no source told."""
    statuses: dict[Any, set[Status]] = {}
    for entry in draft.entries:
        statuses.setdefault(key(entry.code), set()).update(entry.statuses)
    wide = [(one, [code for code in one.codes if set(one.statuses) <= statuses.get(key(code), set())]) for one in draft.shared]
    lists = [(one, codes) for one, codes in wide if codes]
    return replace(draft, doubts=(*draft.doubts, *_about_lists(lists)), shared=())


def _about_lists(lists: Sequence[tuple[Shared, Sequence[str | int]]]) -> Iterator[str]:
    for one, codes in lists[:1]:
        under = " and ".join(map(str, one.statuses)).replace("any", "any error status")
        others = f" (and {plural(len(lists) - 1, 'more list')} like it)" if len(lists) > 1 else ""
        which = "its status" if len(codes) == 1 else "the status of each"
        yield f"{one.where} lists {_some([str(code) for code in codes])} for {under}{others}: what is {which}?"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_TOLD} more" if len(names) > MOST_TOLD else ""
    return ", ".join(names[:MOST_TOLD]) + more


def _about_prose(prose: Sequence[Sighting], places: _Places) -> Iterator[str]:
    named: dict[Location, list[str]] = {}
    for one in prose:
        named.setdefault(one.at, []).append(str(one.code))
    for at, codes in named.items():
        yield f"{places.one(at)} names {_some(codes)}, which no schema lists: a code?"


def _about(shapes: Shapes, places: _Places) -> Iterator[str]:
    if not shapes.groups and not shapes.odd:
        yield NO_BODY
    if shapes.odd:
        first = shapes.odd[0]
        more = f" and {len(shapes.odd) - 1} more" if len(shapes.odd) > 1 else ""
        where = places.one(first.location)
        yield (
            f"{first.operation.label} {first.status_key} ({where}){more}: the body has neither a code nor a message that "
            "errlint recognises; is it an error of this service?"
        )


def _read(spec: Spec) -> str:
    errors = len({(one.operation.label, one.status_key) for one in spec.declarations if one.error})
    counts = f"{plural(len(spec.operations), 'operation')}, {plural(errors, 'error response')}"
    return f"{spec.uri} (OpenAPI {spec.version}): {counts}"
