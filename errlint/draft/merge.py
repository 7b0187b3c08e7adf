"""Several drafts as one: what equal entries have in common, and where the sources disagree."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from errlint.draft.wording import GAP
from errlint.load.catalog_parts import DEFAULT_LAYER, message_of
from errlint.load.dialect import kind_of
from errlint.match.template import matcher
from errlint.model.claim import key
from errlint.model.draft import Draft, Entry
from errlint.model.record import replace

MAIN = DEFAULT_LAYER
"""The layer that an entry belongs to where its source knows of none."""

UNKNOWN = "unknown"
ANY_BODY = {"schema": {"type": "object"}, "generic": True}
"""The envelope of layers whose bodies nothing shows, as format 1 writes it; its id is UNKNOWN."""

Identity = tuple[str, str, str]


def merged(drafts: Iterable[Draft]) -> Draft:
    """The drafts as one, in their order: the first that says something about an entry or the service is believed.

    Entries of the same layer, code and ``match`` unite: their statuses and their evidence add up. Where two sources know
    statuses of a code that have nothing in common, both are kept and the entry doubts.
    """
    whole = Draft()
    for draft in drafts:
        own = _renamed(draft, whole)
        whole = Draft(
            entries=_united(
                whole.entries, own.entries, {key(code): set(one.statuses) for one in whole.shared for code in one.codes}
            ),
            service={**own.service, **whole.service},
            envelopes={**whole.envelopes, **own.envelopes},
            layers=_layers(whole.layers, own.layers),
            categories={**own.categories, **whole.categories},
            doubts=tuple(dict.fromkeys((*whole.doubts, *own.doubts))),
            read=(*whole.read, *own.read),
            others={**own.others, **whole.others},
            shared=(*whole.shared, *own.shared),
        )
    return replace(whole, entries=_identified(whole.entries))


def identity(entry: Entry) -> Identity:
    """What makes an entry one of its own: layer, id or code (in its JSON type), and the members that tell it apart."""
    fields = entry.fields
    named = {"id": fields.get("id", "")} if "id" in fields or entry.code is None else entry.code
    return fields.get("layer", MAIN), json.dumps(named), json.dumps(fields.get("match", {}), sort_keys=True)


def _united(ours: tuple[Entry, ...], theirs: tuple[Entry, ...], shared: Mapping[Any, set[int | str]]) -> tuple[Entry, ...]:
    """Entries of one identity as one; ``shared`` are statuses of lists, which give way to those that are told of one code."""
    found: dict[Identity, Entry] = {}
    layers: dict[str, list[Identity]] = {}
    for entry in (*ours, *theirs):
        own = identity(entry)
        if own not in found and "layer" not in entry.fields:
            own = next((known for known in layers.get(own[1], ()) if known[2] == own[2]), own)
        if own not in found:
            layers.setdefault(own[1], []).append(own)
            found[own] = entry
            continue
        wide = shared.get(key(entry.code), set()) == set(found[own].statuses) > set(entry.statuses) != set()
        found[own] = _both(found[own], entry, wide=wide)
    return tuple(found.values())


def _both(one: Entry, other: Entry, *, wide: bool) -> Entry:
    """Two entries of one identity: the first one's words, and what only the second knows.

    ``wide`` is true where the statuses of the first are those of a list, among which those of the second are.
    """
    statuses, doubts = (other.statuses, ()) if wide else _statuses(one, other)
    fields = {**other.fields, **one.fields}
    if statuses:
        fields["status"] = statuses[0] if len(statuses) == 1 else list(statuses)
    if "message" in one.fields and "message" in other.fields:
        fields["message"] = _message(one.fields["message"], other.fields["message"])
    for name in ("operations", "headers", "tags", "links"):
        if name in one.fields and name in other.fields:
            fields[name] = list(dict.fromkeys((*one.fields[name], *other.fields[name])))
        elif name == "operations":
            fields.pop(name, None)  # one of the two saw it without such a limit
    evidence = tuple(dict.fromkeys((*one.evidence, *other.evidence)))
    return Entry(fields, evidence, tuple(dict.fromkeys((*one.doubts, *other.doubts, *doubts))))


def _message(first: Any, second: Any) -> Any:
    """The first message; a template of the second source, whose gaps have names, where the first is what it writes."""
    shown = first if isinstance(first, str) else first.get("example")
    written = message_of(second, "advise")
    if not isinstance(shown, str) or written is None or written.kind not in ("printf", "braces") or shown == second:
        return first
    seen = kind_of(first) == "literal" if isinstance(first, str) else GAP in first.get("braces", "")
    return {written.kind: written.text, "example": shown} if seen and matcher(written).fits(shown) else first


def _statuses(one: Entry, other: Entry) -> tuple[tuple[int | str, ...], tuple[str, ...]]:
    """The statuses of both; a class or ``any`` gives way to the statuses that somebody knows exactly."""
    both = tuple(dict.fromkeys((*one.statuses, *other.statuses)))
    exact = tuple(status for status in both if isinstance(status, int))
    kept = tuple(s for s in both if isinstance(s, int) or not any(_within(e, s) for e in exact))
    first, second = ({s for s in entry.statuses if isinstance(s, int)} for entry in (one, other))
    if not first or not second or first & second:
        return kept, ()
    return kept, (f"{_said(one)}, but {_said(other)}: which is meant?",)


def _within(status: int, wide: int | str) -> bool:
    return wide == "any" or str(wide)[0] == str(status)[0]


def _said(entry: Entry) -> str:
    told = next((one for one in entry.evidence if one.what != "enum"), *entry.evidence[:1]) if entry.evidence else None
    where = told.where or told.what if told is not None else ""
    statuses = " and ".join(str(status) for status in entry.statuses)
    return f"{statuses} in {where}" if where else statuses


def _layers(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(ours)
    for id_, layer in theirs.items():
        if id_ not in found:
            found[id_] = layer
            continue
        names = tuple(dict.fromkeys((*envelopes_of(found[id_]), *envelopes_of(layer))))
        found[id_] = {**layer, **found[id_], "envelope": names[0] if len(names) == 1 else list(names)}
    return found


def envelopes_of(layer: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of the envelopes that a layer of format 1 names: one, or a list."""
    envelope = layer["envelope"]
    return (envelope,) if isinstance(envelope, str) else tuple(envelope)


def _renamed(draft: Draft, known: Draft) -> Draft:
    """The draft with the ids of envelopes that are known already: equal ones are one, others under a taken id get a new one."""
    names: dict[str, str] = {}
    for id_, envelope in draft.envelopes.items():
        same = next((other for other, written in known.envelopes.items() if written == envelope), None)
        new, number = same or id_, 2
        while same is None and new in known.envelopes:
            new, number = f"{id_}-{number}", number + 1
        names[id_] = new
    layers = {}
    for id_, layer in draft.layers.items():
        envelopes = [names.get(name, name) for name in envelopes_of(layer)]
        layers[id_] = {**layer, "envelope": envelopes[0] if len(envelopes) == 1 else envelopes}
    return replace(draft, envelopes={names[id_]: one for id_, one in draft.envelopes.items()}, layers=layers)


def _identified(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The entries with an id of their own where their code does not tell them apart from another one of their layer."""
    taken: set[tuple[str, str]] = set()
    found = []
    for entry in entries:
        layer = entry.fields.get("layer", MAIN)
        first = str(entry.fields.get("id", "") or ("" if entry.code is None else entry.code))
        id_, number = first, 2
        if (layer, id_) in taken and (words := _slug(entry.fields.get("match", {}))):
            id_ = f"{first}-{words}"
        while not id_ or (layer, id_) in taken:
            id_, number = f"{first or 'error'}-{number}", number + 1
        taken.add((layer, id_))
        changed = id_ != first or (entry.code is None and "id" not in entry.fields)
        found.append(replace(entry, fields={**entry.fields, "id": id_}) if changed else entry)
    return tuple(found)


def _slug(match: Mapping[str, Any]) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", "-".join(str(value) for value in match.values())).strip("-")[:40]
