"""A catalog compiled for judging: signatures of its envelopes, layers, and the tables that look a code up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from errlint.match import budget, route
from errlint.match.envelope import Signature
from errlint.match.nearest import nearest
from errlint.match.template import matcher
from errlint.model import pointer as pointers
from errlint.model.catalog import Catalog, Category, Code, Layer
from errlint.model.claim import key
from errlint.model.exchange import ABSENT, Observation
from errlint.model.record import record
from errlint.model.spec import Operation
from errlint.model.status import ANY, Statuses

CodeKey = tuple[str, Any]

LONGEST_CODE = 200
"""Longer texts at a code's place are compared by their start."""


@record
class Lookup:
    """The entries that a claim may be, and at which question the last ones fell out (None: none did)."""

    entries: tuple[Code, ...]
    failed: str | None = None


class Plan:
    """What the judge asks of a contract. Without a catalog it knows no layer and no code, only problem+json."""

    def __init__(self, catalog: Catalog | None, shipped: Callable[[], Mapping[str, Any]] = dict) -> None:
        self.catalog = catalog
        self.layers: Mapping[str, Layer] = catalog.layers if catalog else {}
        # A guessed problem+json has no required member and would fit anything; it is known by its media type.
        self.signatures = {
            id_: Signature(envelope)
            for id_, envelope in (catalog.envelopes if catalog else {}).items()
            if not (envelope.generic and id_ == "problem-json")
        }
        self._shipped = shipped
        self.codes: tuple[Code, ...] = catalog.codes if catalog else ()
        self._table: dict[str, dict[CodeKey, list[Code]]] = {id_: {} for id_ in self.layers}
        for code in self.codes:
            self._table.setdefault(code.layer, {}).setdefault(key(code.code), []).append(code)
        self._spellings = _spellings(self.codes)
        self._categories = _categories(catalog)

    @cached_property
    def problem(self) -> Signature | None:
        """The envelope of RFC 9457, which names itself by its media type beside any catalog."""
        found = self._shipped().get("problem-json")
        return Signature(found) if found is not None else None

    def __bool__(self) -> bool:
        return self.catalog is not None

    def entries(self, layers: Iterable[str], value: Any) -> tuple[Code, ...]:
        """All entries of these layers with exactly this code; None asks for the entries that carry no code."""
        wanted = key(value)
        return tuple(code for layer in layers for code in self._table.get(layer, {}).get(wanted, ()))

    def category(self, code: Code) -> str:
        """The title of an entry's category, its id where it has none, empty without a category."""
        known = self.catalog.categories.get(code.category) if self.catalog else None
        return (known.title if known is not None else "") or code.category

    def coded(self, layers: Iterable[str], statuses: Statuses = ANY) -> bool:
        """Whether every entry of these layers that may come under a status carries a code (and there is an entry at all)."""
        tables = [self._table.get(layer, {}) for layer in layers]
        bare = (code for table in tables for code in table.get(key(None), ()))
        return any(tables) and all(code.statuses.values.isdisjoint(statuses.values) for code in bare)

    def elsewhere(self, layers: Iterable[str], value: Any) -> tuple[Code, ...]:
        """The entries with this code in other layers than these."""
        return self.entries((layer for layer in self.layers if layer not in set(layers)), value)

    def respelled(self, layers: Iterable[str], value: Any) -> Code | None:
        """The entry of these layers that has this code in another spelling: another case or another JSON type."""
        if value is None or isinstance(value, (bool, dict, list)):
            return None
        for layer in layers:
            for code in self._spellings.get((layer, _folded(value)), ()):
                if key(code.code) != key(value):
                    return code
        return None

    def closest(self, layers: Iterable[str], value: Any, statuses: Statuses = ANY) -> str | None:
        """The code of these layers that is most like an unknown one, at most two edits away; first those of its status."""
        codes = [code for layer in layers for found in self._table.get(layer, {}).values() for code in found]
        codes = [code for code in codes if code.code is not None]
        word = str(value)[:LONGEST_CODE]
        fitting = (str(code.code) for code in codes if not code.statuses.values.isdisjoint(statuses.values))
        return nearest(word, fitting) or nearest(word, (str(code.code) for code in codes))

    def lookup(self, layers: Iterable[str], value: Any, statuses: Statuses, message: Any, body: Any) -> Lookup:
        """The entries that an observed answer may be: by code, further members, status and message, in this order."""
        entries = self.entries(tuple(layers), value)
        if not entries:
            return Lookup((), "code")
        questions: tuple[tuple[str, Callable[[Code], bool]], ...] = (
            ("match", lambda code: _matches(code, body)),
            ("status", lambda code: bool(code.statuses.values & statuses.values)),
            ("message", lambda code: says(code, statuses, message)),
        )
        for question, keep in questions:
            left = tuple(code for code in entries if keep(code))
            if not left:
                return Lookup(entries if question != "match" else (), question)
            entries = left
        return Lookup(entries)

    def owners(self, layers: tuple[str, ...], value: Any) -> tuple[str, ...]:
        """The layers among these whose code this is: those that know it, else those whose categories it fits, else all."""
        if len(layers) < 2 or value is ABSENT:
            return layers
        knowing = tuple(layer for layer in layers if key(value) in self._table.get(layer, {}))
        if knowing:
            return knowing
        return self._fitting(layers, value) or layers

    def _fitting(self, layers: tuple[str, ...], value: Any) -> tuple[str, ...]:
        """The layers whose categories a code fits: whole, then by prefix, then those whose categories exclude none."""
        whole = tuple(layer for layer in layers if any(in_category(c, value) for c in self._categories.get(layer, ())))
        if whole or not isinstance(value, str):
            return whole
        begun = tuple(layer for layer in layers if any(_begins(c, value) for c in self._categories.get(layer, ())))
        return begun or tuple(layer for layer in layers if not any(map(_bounds, self._categories.get(layer, ()))))

    def covering(self, operation: Operation | None, method: str, path: str, only: str | None = None) -> tuple[str, ...]:
        """The layers that may answer a request: of a declared operation, or a stray one (operation None)."""
        if only is not None:
            return (only,) if only in self.layers else ()
        return tuple(layer.id for layer in self.layers.values() if route.covers(layer.applies_to, operation, method, path))

    def covering_answer(self, observation: Observation) -> tuple[str, ...]:
        """The layers that may give this answer."""
        path = observation.request.url if observation.request else ""
        return self.covering(observation.operation, observation.method, route.path_of(path), observation.layer)

    def covering_near(self, observation: Observation) -> tuple[str, ...]:
        """The layers that may give this answer where a server takes a stray request for the operation that it is near to."""
        near = observation.request.near if observation.request is not None and observation.operation is None else None
        return self.covering(near, near.method, near.path, observation.layer) if near is not None else ()

    def signatures_of(self, layers: Iterable[str]) -> tuple[Signature, ...]:
        """The envelopes of these layers, each once, in the catalog's order."""
        wanted = {envelope for layer in layers for envelope in self.layers[layer].envelopes}
        return tuple(signature for id_, signature in self.signatures.items() if id_ in wanted)

    def guessed(self, envelope: str) -> bool:
        """Whether an envelope is only what the shape suggests: it may describe an answer, never convict it."""
        signature = self.signatures.get(envelope)
        return signature is not None and signature.envelope.generic

    def closed(self, layers: Iterable[str]) -> bool:
        """Whether all of these layers list every code that they may answer."""
        found = [self.layers[layer].closed for layer in layers]
        return bool(found) and all(found)


def _matches(code: Code, body: Any) -> bool:
    for pointer, wanted in code.match.items():
        try:
            if key(pointers.get(body, pointer)) != key(wanted):
                return False
        except KeyError:
            return False
    return True


def says(code: Code, statuses: Statuses, message: Any) -> bool:
    """Whether an observed message fits the entry's template; an entry without one fits anything."""
    if not isinstance(message, str):
        return True
    only = next(iter(statuses.values)) if len(statuses.values) == 1 else None
    templates = code.messages(only)
    return not templates or any(matcher(template).fits(message) is not False for template in templates)


def _folded(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip().casefold()


def _spellings(codes: Iterable[Code]) -> dict[tuple[str, str], list[Code]]:
    table: dict[tuple[str, str], list[Code]] = {}
    for code in codes:
        if code.code is not None:
            table.setdefault((code.layer, _folded(code.code)), []).append(code)
    return table


def _categories(catalog: Catalog | None) -> dict[str, list[Category]]:
    """The categories that each layer's entries use."""
    table: dict[str, list[Category]] = {}
    for code in catalog.codes if catalog else ():
        category = catalog.categories.get(code.category) if catalog else None
        if category is not None and category not in table.setdefault(code.layer, []):
            table[code.layer].append(category)
    return table


def _bounds(category: Category) -> bool:
    """Whether a category says which codes are its own."""
    return category.pattern is not None or bool(category.prefix)


def _begins(category: Category, value: str) -> bool:
    """Whether a code has a category's prefix, whatever its number."""
    return category.pattern is None and bool(category.prefix) and value.startswith(category.prefix)


def in_category(category: Category, value: Any) -> bool:
    """Whether a code belongs to a category by its pattern, or by its prefix (and number range)."""
    text = str(value)
    if category.pattern is not None:
        return budget.search(category.pattern, text) is not None
    if category.range is None:
        return bool(category.prefix) and text.startswith(category.prefix)
    number = text.removeprefix(category.prefix)
    return (
        text.startswith(category.prefix)
        and number.isascii()
        and number.isdigit()
        and (category.range[0] <= int(number) <= category.range[1])
    )
