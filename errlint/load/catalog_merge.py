"""Catalogs that come together: a file and what it extends, or several that make one contract."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from errlint.load.envelopes import shipped_envelopes
from errlint.load.meant import did_you_mean
from errlint.model.catalog import Catalog, Category, Code, Envelope, Layer
from errlint.model.finding import Location
from errlint.model.record import replace

Part = TypeVar("Part", Envelope, Category)
NOWHERE = Location("", ())


class Dangling(NamedTuple):
    """An entry or layer that belongs to nobody: what is said of it, where, who it is, and the name that is not there."""

    message: str
    at: Location
    owner: Code | Layer
    name: str


def dangling(catalog: Catalog, envelopes: Collection[str] = (), layers: Collection[str] = ()) -> Iterator[Dangling]:
    """The entries and layers whose layer or envelope is not there; ``layers`` and ``envelopes`` are further known ids."""
    known = [*dict.fromkeys((*catalog.layers, *layers))]
    for code in catalog.codes:
        label = str(code.code) if code.code is not None else code.id
        if not code.layer:
            message = f"{label} names no layer, and there are several: {', '.join(known)}"
            yield Dangling(message, code.location, code, "")
        elif code.layer not in known:
            place = Location(code.location.uri, (*code.location.pointer, "layer"))
            meant = did_you_mean(code.layer, sorted(known))
            yield Dangling(f"{label} names the layer {code.layer}, which is not there{meant}", place, code, code.layer)
    shapes = dict.fromkeys((*catalog.envelopes, *envelopes))
    for layer in catalog.layers.values():
        for envelope in layer.envelopes:
            if envelope not in shapes:
                place = Location(layer.location.uri, (*layer.location.pointer, "envelope"))
                meant = did_you_mean(envelope, sorted({*shapes, *shipped_envelopes()}))
                message = f"layer {layer.id} names the envelope {envelope}, which is not there{meant}"
                yield Dangling(message, place, layer, envelope)


def extended(inherited: Catalog, own: Catalog) -> Catalog:
    """A file's catalog after what it inherits; an own part of the same identity replaces the inherited one."""
    local = {(code.layer, code.id) for code in own.codes}
    return replace(
        own,
        envelopes={**inherited.envelopes, **own.envelopes},
        layers={**inherited.layers, **own.layers},
        categories={**inherited.categories, **own.categories},
        codes=(*(code for code in inherited.codes if (code.layer, code.id) not in local), *own.codes),
        accepted=(*inherited.accepted, *own.accepted),
    )


def united(catalogs: Sequence[Catalog]) -> Catalog:
    """Several catalogs that one file extends: a part that came on two ways is one part."""
    return catalogs[0] if len(catalogs) == 1 else merged(catalogs)


def merged(catalogs: Sequence[Catalog]) -> Catalog:
    """Several catalogs as one contract. Equal layer ids are one layer; other parts that differ under one id are renamed."""
    first, *rest = catalogs
    together = first
    for one in rest:
        together = _joined(together, one)
    names = dict.fromkeys(catalog.service for catalog in catalogs if catalog.service)
    return replace(together, service=", ".join(names), expect_count=None, expect_categories=None)


def _joined(left: Catalog, right: Catalog) -> Catalog:
    envelopes, envelope_names = _renamed(left.envelopes, right.envelopes)
    categories, category_names = _renamed(left.categories, right.categories)
    layers = dict(left.layers)
    for id_, layer in right.layers.items():
        moved = replace(layer, envelopes=tuple(envelope_names.get(name, name) for name in layer.envelopes))
        layers[id_] = _one_layer(layers[id_], moved) if id_ in layers else moved
    places = {code.location for code in left.codes}
    codes = tuple(
        _moved(code, category_names.get(code.category, code.category)) for code in right.codes if code.location not in places
    )
    accepted = tuple(dict.fromkeys((*left.accepted, *right.accepted)))
    return replace(
        left, envelopes=envelopes, categories=categories, layers=layers, codes=(*left.codes, *codes), accepted=accepted
    )


def _moved(code: Code, category: str) -> Code:
    return code if code.category == category else replace(code, category=category)


def _one_layer(left: Layer, right: Layer) -> Layer:
    """One layer that two catalogs write: all envelopes of both, every request of either, closed where both are."""
    return replace(
        left,
        envelopes=tuple(dict.fromkeys((*left.envelopes, *right.envelopes))),
        title=left.title or right.title,
        applies_to=_wider(left.applies_to, right.applies_to),
        in_spec=left.in_spec if left.in_spec == right.in_spec else "optional",
        closed=left.closed and right.closed,
    )


def _wider(left: str | tuple[str, ...], right: str | tuple[str, ...]) -> str | tuple[str, ...]:
    if left == right:
        return left
    if isinstance(left, tuple) and isinstance(right, tuple):
        return tuple(dict.fromkeys((*left, *right)))
    words = {item for item in (left, right) if isinstance(item, str)}
    return "all-operations" if "all-operations" in words or len(words) > 1 else words.pop()


def _renamed(left: Mapping[str, Part], right: Mapping[str, Part]) -> tuple[dict[str, Part], dict[str, str]]:
    """Both maps as one, and the new names of the right ones that differ from a left one of the same id."""
    together, names = dict(left), dict[str, str]()
    for id_, part in right.items():
        free = id_
        number = 2
        while free in together and replace(together[free], location=NOWHERE, id=id_) != replace(part, location=NOWHERE):
            free, number = f"{id_}-{number}", number + 1
        together.setdefault(free, replace(part, id=free))
        if free != id_:
            names[id_] = free
    return together, names
