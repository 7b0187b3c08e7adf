"""The ignores of a run: where each holds, what it was used for, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from errlint.checks.cfg import Suppression
from errlint.checks.judge import Raised, Unit, Verdicts
from errlint.checks.registry import RULES, find
from errlint.checks.suppress import ALWAYS_TOLD, ConfigIgnore, split
from errlint.checks.trails import Trail, Trails
from errlint.load.ignores import read_ignores
from errlint.load.source import Document
from errlint.match.declared import Declared
from errlint.match.route import selects
from errlint.model import pointer as pointers
from errlint.model.catalog import Accepted
from errlint.model.finding import NOWHERE, Location, Severity
from errlint.model.ignore import Below, Ignore, Misread, Selected
from errlint.model.pointer import Pointer
from errlint.model.record import field, mutable
from errlint.model.spec import Node, Operation, Spec

NO_REASON = "no reason given"


@mutable
class Entry:
    """One ignore during a run: the rules that it covers, which of them it was used for, and which were judged in its scope.

    ``task`` is the number of the contract and settings that it belongs to. What the catalog's owner accepts is not
    ``told``: it holds without a reason of the run's.
    """

    ignore: Ignore
    task: int
    rules: frozenset[str]
    expired: bool = False
    told: bool = True
    used: set[str] = field(default_factory=set)
    judged: set[str] = field(default_factory=set)


@mutable
class Ledger:
    """The ignores of a run, by where they hold, and what became of them.

    ``today`` gives the date of the run, as ISO text; it is asked only where an ignore has an end.
    """

    today: Callable[[], str]
    entries: list[Entry] = field(default_factory=list)
    misread: list[tuple[int, Misread]] = field(default_factory=list)
    task: int = -1
    locked: frozenset[str] = ALWAYS_TOLD
    _read: set[str] = field(default_factory=set)
    _below: dict[tuple[str, Pointer], list[Entry]] = field(default_factory=dict)
    _only: dict[tuple[str, Pointer], list[Entry]] = field(default_factory=dict)
    _beneath: dict[tuple[str, Pointer], list[Entry]] = field(default_factory=dict)
    _selected: list[Entry] = field(default_factory=list)
    _reasons: dict[tuple[str, Pointer, str], str | None] = field(default_factory=dict)
    _references: list[tuple[Entry, Node]] = field(default_factory=list)
    _behind: dict[tuple[str, Pointer], list[tuple[Entry, Location]]] = field(default_factory=dict)

    def begin(
        self, task: int, ignores: Iterable[ConfigIgnore] = (), accepted: Iterable[Accepted] = (), locked: Iterable[str] = ()
    ) -> None:
        """The ignores of the configuration and the catalog that hold for what follows, and what nobody may ignore."""
        self.task = task
        self.locked = ALWAYS_TOLD | frozenset(locked)
        self._selected = [self._entry(one.read()) for one in ignores]
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

    def _entry(self, ignore: Ignore) -> Entry:
        entry = Entry(ignore, self.task, frozenset().union(*map(meant, ignore.rules)) if ignore.rules else meant("ALL"))
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
            for depth in range(len(at.pointer) + 1):
                self._beneath.setdefault((at.uri, at.pointer[:depth]), []).append(entry)
        for at in scope.only:
            self._only.setdefault((at.uri, at.pointer), []).append(entry)
        self._reasons.clear()

    def heed(
        self, units: Sequence[Unit], verdicts: Verdicts, spec: Spec | None, document: str, severities: Mapping[str, Severity]
    ) -> None:
        """Marks what an ignore covers of what was found in some units, those of one document if it is given."""
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
        found.append(_used(self._only.get((at.uri, at.pointer), ()), rule))
        found.append(_used(through, rule))
        found.append(_used((one for one in self._selected if _names(one, code) and _selects(one, way.operation, uris)), rule))
        return next((reason for reason in found if reason is not None), None)

    def _held(self, uri: str, pointer: Pointer, rule: str) -> str | None:
        """Why a rule is ignored at a place: by the innermost ignore at or above it."""
        key = (uri, pointer, rule)
        if key not in self._reasons:
            outer = self._held(uri, pointer[:-1], rule) if pointer else None
            own = _used(self._below.get((uri, pointer), ()), rule)
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
                _note(self._beneath.get(key[:2], ()), rules)
        operations = trails.operations if trails is not None else ()
        for entry in self._selected:
            if any(_selects(entry, operation, (document,)) for operation in (*operations, None)):
                _note((entry,), frozenset(here))

    def _note_above(self, at: Location, rules: frozenset[str], told: set[tuple[str, Pointer, frozenset[str]]]) -> None:
        for depth in range(len(at.pointer), -1, -1):
            key = (at.uri, at.pointer[:depth], rules)
            if key in told:
                return  # and so is all above it
            told.add(key)
            _note(self._below.get(key[:2], ()), rules)

    def told(self, task: int, *, whole: bool) -> Iterator[Unit]:
        """What is to be said of the ignores of one task; without ``whole``, nothing of what may be of use elsewhere."""
        for entry in self.entries:
            if entry.task == task and entry.told:
                unused = _unused(entry) if whole and not entry.expired else ()
                decided = not any(_lives(id_) for id_ in entry.judged & frozenset().union(*map(meant, unused)))
                suppression = Suppression(entry.ignore, unused, decided, entry.expired)
                yield Unit((suppression,), "config", entry.ignore.where, _owner(entry.ignore))
        for number, misread in self.misread:
            if number == task:
                yield Unit((misread,), "config", misread.where, f"#{pointers.text(misread.where.pointer)}")

    def unknown(self, task: int) -> Iterator[tuple[str, Location]]:
        """The words of documents' ignores that no loaded rule answers to, each with its place."""
        for entry in self.entries:
            if entry.task == task and isinstance(entry.ignore.scope, Below):
                yield from ((word, entry.ignore.where) for word in entry.ignore.rules if not meant(word))


def meant(word: str) -> frozenset[str]:
    """The ids of the rules that a word means, of those that are loaded."""
    return _meant(word, len(RULES))


@lru_cache(maxsize=1024)
def _meant(word: str, _loaded: int) -> frozenset[str]:
    return frozenset(rule.id for rule in find(word))


def _used(entries: Iterable[Entry], rule: str) -> str | None:
    """The reason of the first of these ignores that hold for a rule, None where none does; all of them are of use."""
    reason = None
    for entry in entries:
        if rule in entry.rules and not entry.expired:
            entry.used.add(rule)
            reason = reason or entry.ignore.reason or NO_REASON
    return reason


def _note(entries: Iterable[Entry], rules: frozenset[str]) -> None:
    for entry in entries:
        entry.judged |= rules & entry.rules


def _enabled(severities: Mapping[str, Severity]) -> dict[type, frozenset[str]]:
    """The rules that are on, by the type of their subjects."""
    table: dict[type, set[str]] = {}
    for rule in RULES.values():
        if severities.get(rule.id, Severity.OFF):
            for subject, _, _ in rule.judges:
                table.setdefault(subject, set()).add(rule.id)
    return {subject: frozenset(ids) for subject, ids in table.items()}


def _unused(entry: Entry) -> tuple[str, ...]:
    """The words of an ignore that were judged in its scope and suppressed nothing; ``ALL`` for one that names no rule."""
    words = entry.ignore.rules or ("ALL",)
    return tuple(word for word in words if meant(word) & entry.judged and not meant(word) & entry.used)


def _lives(rule_id: str) -> bool:
    """Whether live answers may break a rule too: an ignore that documents do not need may be there for a probe."""
    return any(subject.__name__ in ("Answer", "Claim") for subject, _, _ in RULES[rule_id].judges)


def _names(entry: Entry, code: str | None) -> bool:
    scope: Any = entry.ignore.scope
    return scope.code in ("", code)


def _selects(entry: Entry, operation: Operation | None, uris: tuple[str, ...]) -> bool:
    """Whether the operation and the document are those that a config names."""
    scope: Any = entry.ignore.scope
    if scope.path and (operation is None or not selects(scope.path, operation, operation.method, operation.path)):
        return False
    if scope.operation and (operation is None or scope.operation not in (operation.label, operation.operation_id)):
        return False
    if not scope.document:
        return True
    from fnmatch import fnmatchcase  # few configs name documents

    return any(fnmatchcase(uri.removeprefix("./"), scope.document.removeprefix("./")) for uri in uris)


def _owner(ignore: Ignore) -> str:
    """What an ignore is about, in fingerprints: never a line."""
    if isinstance(ignore.scope, Below):
        at = ignore.scope.places[0]
        return f"{at.uri}#{pointers.text(at.pointer)} {','.join(ignore.rules)}"
    scope = ignore.scope
    return " ".join((scope.path, scope.operation, scope.code, scope.document, ",".join(ignore.rules)))
