"""Two catalogs side by side: which entry is which, whatever moved or was renamed in between.

An entry is found by its identity (layer, id), then by its code in the layer, then by its code in another layer, and last by
equal name, status and text under another code, or by equal text where the code differs in its name space only. What is left
was removed or is new.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

from errlint.match.meaning import FEW_WORDS, repurposed, text_of, words
from errlint.model.catalog import Catalog, Code
from errlint.model.change import Change, Comparison, Contract, Opened, Renamed
from errlint.model.claim import key
from errlint.model.record import field, mutable, replace
from errlint.model.status import NONE, Statuses

Wire = tuple[Hashable, ...]
"""What clients see of an entry: layer, code and further members; of one without a code its layer and id."""

MAJORITY = 0.5
"""A layer has only another name where more than this share of both is the same."""


def compared(old: Contract, new: Contract) -> Comparison:
    """Two contracts, aligned: a change for every entry of either, in the order of the newer one, those that are gone last."""
    renamed = tuple(_renamed_layers(old.catalog, new.catalog)) if new.layered else ()
    names = {one.old: one.new for one in renamed}
    olds = tuple(replace(code, layer=names.get(code.layer, code.layer)) for code in old.catalog.codes)
    table = _Table(old=list(olds), new=list(new.catalog.codes))
    _pair_all(table, _shared(olds) | _shared(new.catalog.codes))
    opened = tuple(
        Opened(layer.id, layer.location)
        for id_, was in old.catalog.layers.items()
        if was.closed and (layer := new.catalog.layers.get(names.get(id_, id_))) is not None and not layer.closed
    )
    return Comparison(old, new, tuple(_changes(table, olds, new)), renamed=renamed, opened=opened)


def _renamed_layers(old: Catalog, new: Catalog) -> Iterator[Renamed]:
    """The layers most of whose entries, and of no other layer's, are most of those of one layer that was not there before."""
    before, after = _by_layer(old), _by_layer(new)
    usual = _usual(before) | _usual(after)
    fresh = {layer: own for layer, own in after.items() if layer not in old.layers}
    for layer, own in before.items():
        best = max(fresh, key=lambda name: len(own & fresh[name]), default="") if layer not in new.layers else ""
        if best and len(own & fresh[best] - usual) > MAJORITY * max(len(own), len(fresh[best])):
            yield Renamed(layer, best, len(own & fresh.pop(best)), new.layers[best].location)


def _by_layer(catalog: Catalog) -> dict[str, set[Hashable]]:
    """The entries of each layer, as far as they tell layers apart."""
    found: dict[str, set[Hashable]] = {layer: set() for layer in catalog.layers}
    for code in catalog.codes:
        found.setdefault(code.layer, set()).add((code.id, key(code.code)))
    return found


def _usual(layers: Mapping[str, set[Hashable]]) -> set[Hashable]:
    """The entries that several layers have."""
    counts = Counter(entry for own in layers.values() for entry in own)
    return {entry for entry, count in counts.items() if count > 1}


@mutable
class _Table:
    """What is paired so far, and what is left of both sides."""

    old: list[Code]
    new: list[Code]
    pairs: list[tuple[Code, Code]] = field(default_factory=list)

    def pair(
        self,
        by: Callable[[Code], Hashable | None],
        *,
        alone: bool = False,
        fits: Callable[[Code, Code], bool] = lambda one, two: True,
    ) -> None:
        """Pairs what has the same key and fits, the most alike first; ``alone``: only where nothing else has the key."""
        olds, news = _grouped(self.old, by), _grouped(self.new, by)
        taken: set[int] = set()
        for name, left in olds.items():
            right = news.get(name, [])
            if not right or (alone and (len(left) > 1 or len(right) > 1)):
                continue
            ranked = sorted(
                ((_rank(one, two), i, j) for i, one in enumerate(left) for j, two in enumerate(right) if fits(one, two))
                if len(left) * len(right) <= MOST_COMPARED
                else ((0, i, i) for i in range(min(len(left), len(right))) if fits(left[i], right[i]))
            )
            for _, i, j in ranked:
                if id(left[i]) not in taken and id(right[j]) not in taken:
                    taken.update((id(left[i]), id(right[j])))
                    self.pairs.append((left[i], right[j]))
        self.old = [code for code in self.old if id(code) not in taken]
        self.new = [code for code in self.new if id(code) not in taken]


MOST_COMPARED = 900
"""Pairs of one key that are ranked; beyond, order has to do."""


def _grouped(codes: Iterable[Code], by: Callable[[Code], Hashable | None]) -> dict[Hashable, list[Code]]:
    groups: dict[Hashable, list[Code]] = {}
    for code in codes:
        name = by(code)
        if name is not None:
            groups.setdefault(name, []).append(code)
    return groups


def _rank(old: Code, new: Code) -> int:
    """How unlike two entries of one code are: a live one belongs to a live one, then statuses, names and texts count."""
    return (
        8 * (bool(old.removed) != bool(new.removed))
        + 4 * (old.statuses.values != new.statuses.values)
        + 2 * (words(old.name) != words(new.name))
        + (text_of(old) != text_of(new))
    )


def _shared(codes: Iterable[Code]) -> set[Hashable]:
    """The codes that entries of several layers have: one of them that is gone here is not the one that is new there."""
    counts = Counter(name[1:] for name in {wire(code) for code in codes if code.code is not None})
    return {name for name, count in counts.items() if count > 1}


def _pair_all(table: _Table, shared: set[Hashable]) -> None:
    """Pairs entries, the surest way first; ``shared`` are the codes that say nothing across layers."""
    table.pair(lambda code: (code.layer, code.id, key(code.code)))
    table.pair(lambda code: wire(code) if code.code is not None else None)
    table.pair(lambda code: (code.layer, code.id))  # only now: ids that are numbers in a row say less than codes
    table.pair(lambda code: (code.layer, code.statuses.values) if code.code is None else None, alone=True)
    table.pair(lambda code: _across(code, shared), alone=True, fits=lambda old, new: not repurposed(old, new))
    table.pair(_described, alone=True)
    table.pair(_last_word, alone=True)


def wire(code: Code) -> Wire:
    """What clients see of an entry."""
    if code.code is None:
        return (code.layer, None, code.id)
    members = frozenset((pointer, key(value)) for pointer, value in code.match.items())
    return (code.layer, key(code.code), members)


def _across(code: Code, shared: set[Hashable]) -> Hashable | None:
    """What finds an entry again in another layer."""
    name = wire(code)[1:]
    return None if name in shared else name


def _described(code: Code) -> Hashable | None:
    """What finds an entry again under another code: its layer, status, name and text; None where it says too little."""
    text = text_of(code)
    if code.removed or not (code.name or len(text.split()) >= FEW_WORDS):
        return None
    return (code.layer, code.statuses.values, words(code.name), text)


def _last_word(code: Code) -> Hashable | None:
    """What finds an entry again whose code has lost or got a name space: its layer, text and the code's last word."""
    text = text_of(code)
    if code.removed or not isinstance(code.code, str) or len(text.split()) < FEW_WORDS:
        return None
    return (code.layer, re.split(r"[.#:/]", code.code)[-1], text)


def _changes(table: _Table, olds: tuple[Code, ...], contract: Contract) -> Iterator[Change]:
    news, noun = contract.catalog.codes, "of layer" if contract.layered else "at"
    several = len({code.layer for code in (*olds, *news)} | contract.catalog.layers.keys()) > 1

    def home(code: Code) -> str:
        return f"{noun} {code.layer}" if several else ""

    before, after = _statuses(olds), _statuses(news)
    lives_old, lives_new = _first(olds, live=True), _first(news, live=True)
    graves = _first(olds, live=False)
    partner = {id(new): old for old, new in table.pairs}
    spoken: set[tuple[Wire, Wire]] = set()
    for new in news:
        old, name = partner.get(id(new)), wire(new)
        if old is None:
            kin = lives_old.get(name)
            yield Change(
                None,
                new,
                new.layer,
                home(new),
                *_once(spoken, name, name, before, after, kin),
                kin,
                graves.get(name),
            )
        else:
            grave = graves.get(name) if wire(old) != name else None
            statuses = _once(spoken, wire(old), name, before, after, old)
            yield Change(old, new, new.layer, home(new), *statuses, grave=grave)
    for old in table.old:
        name = wire(old)
        kin = lives_new.get(name)
        yield Change(old, None, old.layer, home(old), *_once(spoken, name, name, before, after, kin), kin)


def _once(
    spoken: set[tuple[Wire, Wire]],
    left: Wire,
    right: Wire,
    before: dict[Wire, Statuses],
    after: dict[Wire, Statuses],
    other: Code | None,
) -> tuple[Statuses, Statuses]:
    """The statuses that a code had and has, for the first change that speaks of it."""
    if other is None or (left, right) in spoken or left not in before or right not in after:
        return NONE, NONE
    spoken.add((left, right))
    return before[left], after[right]


def _statuses(codes: Iterable[Code]) -> dict[Wire, Statuses]:
    """The statuses of all live entries that clients cannot tell apart."""
    found: dict[Wire, Statuses] = {}
    for code in codes:
        if not code.removed:
            known = found.get(wire(code))
            found[wire(code)] = code.statuses if known is None else _united(known, code.statuses)
    return found


def _united(one: Statuses, two: Statuses) -> Statuses:
    if two.values <= one.values:
        return one
    if one.values <= two.values:
        return two
    return Statuses(one.values | two.values, f"{one.text}, {two.text}")


def _first(codes: Iterable[Code], *, live: bool) -> dict[Wire, Code]:
    found: dict[Wire, Code] = {}
    for code in codes:
        if bool(code.removed) is not live:
            found.setdefault(wire(code), code)
    return found
