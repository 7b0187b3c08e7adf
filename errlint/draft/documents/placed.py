"""What answers showed, in the layers of a draft that is there already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from errlint.draft.documents.declared import ANYWHERE, FRAMEWORK
from errlint.draft.documents.document import SHOW
from errlint.draft.merge import MAIN, envelopes_of
from errlint.model.draft import Draft, Entry
from errlint.model.record import replace


def placed(seen: Draft, known: Draft) -> Draft:
    """The draft of answers with the layers of ``known`` where an envelope has one there.

    An envelope that nothing knew is a layer of its own: the framework's where its errors carry no code. The one with the
    service's codes is the service's where nothing else has shown any, beside what a document declares of it.
    """
    homes = {name: id_ for id_, layer in known.layers.items() for name in envelopes_of(layer)}
    coded = {entry.fields.get("layer") for entry in seen.entries if entry.code is not None}
    listed = any(entry.code is not None and entry.fields.get("layer", MAIN) == MAIN for entry in known.entries)
    layers: dict[str, Mapping[str, Any]] = {}
    renamed: dict[str, str] = {}
    doubts: list[str] = []
    for id_, layer in seen.layers.items():
        name = envelopes_of(layer)[0]
        own = homes.get(name)
        if own is not None:
            renamed[id_] = own
            layers.setdefault(own, known.layers[own])
            continue
        if id_ == MAIN and id_ in known.layers and id_ in coded and not listed:
            layers[MAIN] = {
                **layer,
                **known.layers[MAIN],
                "envelope": [name, *envelopes_of(known.layers[MAIN])],
                "codes": "closed",
            }
            doubts.append(
                f"no answer looked like the error that the document declares (envelope {envelopes_of(known.layers[MAIN])[0]}): "
                f"is it ever answered? Else take it out of layer {MAIN}, and lint shows where the document is wrong"
            )
            continue
        new = id_ if id_ not in known.layers else _free(name, known) if id_ in coded else FRAMEWORK
        renamed[id_] = new
        strange = {"in_spec": "optional", "codes": "open"} if known.layers and (new != MAIN or id_ not in coded) else {}
        layers.setdefault(new, known.layers.get(new) or {**layer, **(ANYWHERE if new == FRAMEWORK else strange)})
    entries = tuple(_moved(entry, renamed) for entry in seen.entries)
    return replace(seen, layers=layers, entries=entries, doubts=(*seen.doubts, *doubts))


def _free(name: str, known: Draft) -> str:
    """The id of a new layer, with a number where another one has it."""
    id_, number = name, 2
    while id_ in known.layers:
        id_, number = f"{name}-{number}", number + 1
    return id_


def homed(draft: Draft) -> Draft:
    """The draft with a layer for the entries that name none; what source code names comes without a body."""
    if len(draft.layers) < 2 and (not draft.layers or MAIN in draft.layers):
        return draft
    if all("layer" in entry.fields for entry in draft.entries):
        return draft
    moved = (
        entry if "layer" in entry.fields else replace(entry, fields={**entry.fields, "layer": MAIN}) for entry in draft.entries
    )
    draft = replace(draft, entries=tuple(moved))
    if MAIN in draft.layers:
        return draft
    names = list(dict.fromkeys(name for layer in draft.layers.values() for name in envelopes_of(layer)))
    layer = {"envelope": names[0] if len(names) == 1 else names, "in_spec": "optional", "codes": "open"}
    doubt = f"nothing shows a body with the codes of layer {MAIN}: what does it look like? {SHOW}"
    return replace(draft, layers={MAIN: layer, **draft.layers}, doubts=(*draft.doubts, doubt))


def _moved(entry: Entry, renamed: Mapping[str, str]) -> Entry:
    old = entry.fields.get("layer", MAIN)
    new = renamed.get(old, old)
    if new == old:
        return entry
    fields = {**entry.fields, "layer": new}
    id_ = fields.get("id")
    if entry.code is None and isinstance(id_, str) and id_.startswith(f"{old}-"):
        fields["id"] = f"{new}-{id_.removeprefix(f'{old}-')}"
    return replace(entry, fields=fields)
