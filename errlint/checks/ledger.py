"""The ignores of a run: where each holds, what it was used for, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from errlint.checks.cfg import Suppression
from errlint.checks.entries import Entry, lives, meant, names, note, owner, selected, unused, used
from errlint.checks.raised import Raised, Unit, Verdicts
from errlint.checks.registry import RULES
from errlint.checks.suppress import ABOUT_IGNORES, ALWAYS_TOLD, ConfigIgnore, split
from errlint.checks.trails import Trail, Trails
from errlint.load.ignores import read_ignores
from errlint.load.source import Document
from errlint.match.declared import Declared
from errlint.model import pointer as pointers
from errlint.model.catalog import Accepted
from errlint.model.finding import NOWHERE, Location, Severity
from errlint.model.ignore import Ignore, Misread, Selected, Selection
from errlint.model.pointer import Pointer
from errlint.model.record import field, mutable
from errlint.model.spec import Node, Spec

HEAD = frozenset(("openapi", "swagger", "info", "jsonSchemaDialect", "tags", "externalDocs", "servers", "host", "basePath"))
"""Members of a document that no error is declared in: an ignore there is of no use, unless something is found there."""


@mutable
class Ledger:
    """The ignores of a run, by where they hold, and what became of them.

    ``today`` gives the date of the run, as ISO text; it is asked only where an ignore has an end.
    """

    today: Callable[[], str]
    entries: list[Entry] = field(default_factory=list)
    misread: list[tuple[int, Misread]] = field(default_factory=list)
    task: int = -1
    locked: frozenset[str] = ALWAYS_TOLD | ABOUT_IGNORES
    _read: set[str] = field(default_factory=set)
    _below: dict[tuple[str, Pointer], list[Entry]] = field(default_factory=dict)
    _only: dict[tuple[str, Pointer], list[Entry]] = field(default_factory=dict)
    _beneath: dict[tuple[str, Pointer], list[Entry]] = field(default_factory=dict)
    _selected: list[Entry] = field(default_factory=list)
    _gathered: int = -1
    _by_task: dict[int, list[Entry]] = field(default_factory=dict)
    _whole: dict[Selection, bool] = field(default_factory=dict)
    _aside: dict[str, list[Entry]] = field(default_factory=dict)
    _heeded: set[str] = field(default_factory=set)
    _reasons: dict[tuple[str, Pointer, str], str | None] = field(default_factory=dict)
    _references: list[tuple[Entry, Node]] = field(default_factory=list)
    _behind: dict[tuple[str, Pointer], list[tuple[Entry, Location]]] = field(default_factory=dict)

    def begin(
        self, task: int, ignores: Iterable[ConfigIgnore] = (), accepted: Iterable[Accepted] = (), locked: Iterable[str] = ()
    ) -> None:
        """The ignores of the configuration and the catalog that hold for what follows, and what nobody may ignore."""
        self.task = task
        self.locked = ALWAYS_TOLD | ABOUT_IGNORES | frozenset(locked)
        self._selected = [self._entry(one.read(), one.documents) for one in ignores]
        for one in accepted:
            entry = self._entry(Ignore((one.rule,), one.reason, "", NOWHERE, Selected(code=one.code or "")))
            entry.told = False
            self._selected.append(entry)

    def read(self, documents: Mapping[str, Document]) -> None:
        """Takes the ignores of documents that were not read before."""
        for uri, document in documents.items():
            if uri in self._read:
                continue
            self._read.add(uri)
            ignores, misread = read_ignores(document)
            self.misread.extend((self.task, one) for one in misread)
            for ignore in ignores:
                self._index(self._entry(ignore), document)

    def _entry(self, ignore: Ignore, documents: Selection | None = None) -> Entry:
        entry = Entry(ignore, self.task, frozenset().union(*map(meant, ignore.rules)) if ignore.rules else meant("ALL"))
        entry.documents = documents
        entry.expired = bool(ignore.until) and ignore.until < self.today()
        self.entries.append(entry)
        return entry

    def _index(self, entry: Entry, document: Document) -> None:
        scope: Any = entry.ignore.scope
        for at in scope.places:
            value = pointers.get(document.data, at.pointer)
            if isinstance(value, dict) and "$ref" in value:
                self._references.append((entry, Node(at.uri, at.pointer, value)))
            self._below.setdefault((at.uri, at.pointer), []).append(entry)
            if scope.only or (at.pointer and at.pointer[0] in HEAD):
                self._aside.setdefault(at.uri, []).append(entry)
            for depth in range(len(at.pointer) + 1):
                self._beneath.setdefault((at.uri, at.pointer[:depth]), []).append(entry)
        for at in scope.only:
            self._only.setdefault((at.uri, at.pointer), []).append(entry)
        self._reasons.clear()

    def heed(
        self, units: Sequence[Unit], verdicts: Verdicts, spec: Spec | None, document: str, severities: Mapping[str, Severity]
    ) -> None:
        """Marks what an ignore covers of what was found in some units, those of one document if it is given."""
        self._heeded.add(document)
        if self.entries:
            trails = Trails(spec) if spec is not None else None
            self.suppress(verdicts, trails, document)
            self.cover(units, trails, document, severities)

    def suppress(self, verdicts: Verdicts, trails: Trails | None, document: str) -> None:
        """Marks the hits that an ignore covers; one that several operations share is split where it covers some of them."""
        self._behind.clear()
        for entry, node in self._references if trails is not None else ():
            for target in trails.behind(node) if trails is not None else ():
                self._behind.setdefault((target.uri, target.pointer), []).append((entry, node.location))
        verdicts.raised[:] = [one for raised in verdicts.raised for one in self._split(raised, trails, document)]

    def _split(self, raised: Raised, trails: Trails | None, document: str) -> Iterator[Raised]:
        if raised.rule.id in self.locked or raised.suppressed is not None:
            return iter((raised,))
        ways = trails.of(raised.unit) if trails is not None else (Trail(None, (raised.unit.location,)),) * raised.unit.weight
        at = raised.hit.at or raised.unit.location
        through = self._through(raised.unit, at, trails) if trails is not None and self._behind else []
        return split(raised, [self._reason(raised, at, way, document, through) for way in ways])

    def _through(self, unit: Unit, at: Location, trails: Trails) -> list[Entry]:
        """The entries beside a reference inside the unit's schema, behind which the place stands."""
        subject = unit.subjects[0] if unit.subjects else None
        if not isinstance(subject, Declared):
            return []
        keys = [(at.uri, at.pointer[:depth]) for depth in range(len(at.pointer), -1, -1)]
        found = [one for key in keys for one in self._behind.get(key, ())]
        return [entry for entry, reference in found if reference in trails.references(subject.schema)]

    def _reason(self, raised: Raised, at: Location, way: Trail, document: str, through: list[Entry]) -> str | None:
        """Why one use of a hit is accepted; the innermost ignore says it, all that cover it are of use."""
        rule, code, uris = raised.rule.id, raised.hit.code, (document, at.uri)
        found = [self._held(place.uri, place.pointer, rule) for place in (at, *reversed(way.places))]
        found.append(used(self._only.get((at.uri, at.pointer), ()), rule))
        found.append(used(through, rule))
        found.append(used((one for one in self._selected if names(one, code) and selected(one, way.operation, uris)), rule))
        return next((reason for reason in found if reason is not None), None)

    def _held(self, uri: str, pointer: Pointer, rule: str) -> str | None:
        """Why a rule is ignored at a place: by the innermost ignore at or above it."""
        key = (uri, pointer, rule)
        if key not in self._reasons:
            outer = self._held(uri, pointer[:-1], rule) if pointer else None
            own = used(self._below.get((uri, pointer), ()), rule)
            self._reasons[key] = outer if own is None else own
        return self._reasons[key]

    def cover(self, units: Sequence[Unit], trails: Trails | None, document: str, severities: Mapping[str, Severity]) -> None:
        """Notes which rules were judged in the scope of which ignore: only of these can it be said that it is of no use."""
        enabled = _enabled(severities)
        above: set[tuple[str, Pointer, frozenset[str]]] = set()
        beneath: set[tuple[str, Pointer, frozenset[str]]] = set()
        here: set[str] = set()
        for unit in units:
            rules = frozenset().union(*(enabled.get(type(subject), frozenset()) for subject in unit.subjects))
            here |= rules
            ways = trails.of(unit) if trails is not None else ()
            for at in (unit.location, *(at for way in ways for at in way.places)):
                self._note_above(at, rules, above)
            key = (unit.location.uri, unit.location.pointer, rules)
            if key not in beneath:
                beneath.add(key)
                note(self._beneath.get(key[:2], ()), rules)
        # Of these nothing stands below: they were asked about wherever their document was.
        note((*self._aside.get(document, ()), *self._selected), frozenset(here))

    def _note_above(self, at: Location, rules: frozenset[str], told: set[tuple[str, Pointer, frozenset[str]]]) -> None:
        for depth in range(len(at.pointer), -1, -1):
            key = (at.uri, at.pointer[:depth], rules)
            if key in told:
                return  # and so is all above it
            told.add(key)
            note(self._below.get(key[:2], ()), rules)

    def told(self, task: int, *, whole: bool) -> Iterator[Unit]:
        """What is to be said of the ignores of one task; without ``whole``, nothing of what may be of use elsewhere.

        An ignore of a config that holds for several tasks is told once, with the first of them.
        """
        for entry in self._of(task):
            if entry.told:
                idle = unused(entry) if whole and not entry.expired else ()
                if idle and entry.documents is not None and not self._is_whole(entry.documents):
                    idle = ()
                decided = not any(lives(id_) for id_ in entry.judged & frozenset().union(*map(meant, idle)))
                suppression = Suppression(entry.ignore, idle, decided, entry.expired)
                yield Unit((suppression,), "config", entry.ignore.where, owner(entry.ignore))
        for number, misread in self.misread:
            if number == task:
                yield Unit((misread,), "config", misread.where, f"#{pointers.text(misread.where.pointer)}")

    def _of(self, task: int) -> list[Entry]:
        """The entries of a task, those of one config's ignore as one: it is of use if it is for one of the tasks."""
        if self._gathered == len(self.entries):
            return self._by_task.get(task, [])
        self._gathered = len(self.entries)
        found: dict[object, Entry] = {}
        for number, entry in enumerate(self.entries):
            selected = entry.told and isinstance(entry.ignore.scope, Selected)
            first = found.setdefault((entry.ignore, entry.documents) if selected else number, entry)
            first.used |= entry.used
            first.judged |= entry.judged
        self._by_task = {}
        for entry in found.values():
            self._by_task.setdefault(entry.task, []).append(entry)
        return self._by_task.get(task, [])

    @property
    def looked_around(self) -> bool:
        """Whether what was said depends on what else lies in a folder."""
        return bool(self._whole)

    def _is_whole(self, documents: Selection) -> bool:
        if documents not in self._whole:
            from errlint.load.ignore_scope import is_whole  # where an ignore of a config is of no use

            self._whole[documents] = is_whole(documents, self._heeded)
        return self._whole[documents]

    def unknown(self, task: int) -> Iterator[tuple[str, Location]]:
        """The words of ignores that no loaded rule answers to, each with its place."""
        for entry in self._of(task):
            if entry.told:
                yield from ((word, entry.ignore.where) for word in entry.ignore.rules if not meant(word))


def _enabled(severities: Mapping[str, Severity]) -> dict[type, frozenset[str]]:
    """The rules that are on, by the type of their subjects."""
    table: dict[type, set[str]] = {}
    for rule in RULES.values():
        if severities.get(rule.id, Severity.OFF):
            for subject, _, _ in rule.judges:
                table.setdefault(subject, set()).add(rule.id)
    return {subject: frozenset(ids) for subject, ids in table.items()}
