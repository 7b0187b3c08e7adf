"""The envelopes of two catalogs side by side, layer by layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from errlint.match.roles import same_places
from errlint.model.catalog import Catalog, Envelope
from errlint.model.change import Shapes


def shapes(old: Catalog, new: Catalog, names: Mapping[str, str]) -> tuple[Shapes, ...]:
    """The pairs of envelopes that the layers of both catalogs have, each once; ``names`` are the new names of old layers.

    Envelopes that nobody wrote, guesses from the codes, promise nothing and are left out.
    """
    found: dict[tuple[str, str], tuple[Envelope | None, Envelope | None, list[str], bool]] = {}
    for layer in old.layers:
        target = names.get(layer, layer)
        if target in new.layers:
            before, after = _of_layer(old, layer), _of_layer(new, target)
            for one, two in _paired(before, after) if before and after else ():
                key = (one.id if one else "", two.id if two else "")
                others = len(after) > (two is not None) if one is not None and two is None else bool(before)
                found.setdefault(key, (one, two, [], others))[2].append(target)
    return tuple(Shapes(one, two, tuple(layers), others) for one, two, layers, others in found.values())


MOST_COMPARED = 400
"""Pairs of envelopes of one layer that are held against each other."""


def _of_layer(catalog: Catalog, layer: str) -> list[Envelope]:
    """The envelopes that a layer was written with."""
    found = [catalog.envelopes[id_] for id_ in catalog.layers[layer].envelopes if id_ in catalog.envelopes]
    guessed = bool(found) and not catalog.layers[layer].location.pointer and all(one.generic for one in found)
    return [] if guessed else found


def _paired(before: list[Envelope], after: list[Envelope]) -> Iterator[tuple[Envelope | None, Envelope | None]]:
    """Envelopes of one id belong together, then those that read alike, then the one that is left on each side."""
    ids = {one.id: one for one in after}
    yield from ((one, ids[one.id]) for one in before if one.id in ids)
    known = {one.id for one in before}
    left, right = [one for one in before if one.id not in ids], [one for one in after if one.id not in known]
    for one in tuple(left) if len(left) * len(right) <= MOST_COMPARED else ():
        match = next((two for two in right if same_places(one, two) and same_places(two, one)), None)
        if match is not None:
            left.remove(one)
            right.remove(match)
            yield one, match
    if len(left) == len(right) == 1:
        yield left[0], right[0]
    else:
        yield from ((one, None) for one in left)
        yield from ((None, two) for two in right)
