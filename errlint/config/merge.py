"""What holds for one document: the configs that it falls under, its own entry, then the command line; each later one wins."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from errlint.config import FAIL_ON, LEVELS, SHOW, Asked, Choice, Effective, Settings, meant
from errlint.config.environment import Environment
from errlint.config.file import ConfigFile
from errlint.errors import ConfigError
from errlint.model.finding import Location, Severity
from errlint.model.ignore import Selection
from errlint.model.pointer import Pointer
from errlint.model.record import field, record, replace


@record
class Part:
    """One table that speaks: a whole config, or one ``[[document]]`` of it."""

    file: ConfigFile
    pointer: Pointer
    data: Mapping[str, Any] = field(repr=False)

    def at(self, *tokens: str) -> Location:
        """The location of something in this table."""
        return self.file.at((*self.pointer, *tokens))

    def words(self, key: str) -> tuple[str, ...]:
        """A text, or a list of texts."""
        value = self.data.get(key, ())
        return (value,) if isinstance(value, str) else tuple(value)

    def located(self, key: str) -> Iterator[tuple[str, Location]]:
        """The texts of a key, each with its place."""
        several = not isinstance(self.data.get(key, ()), str)
        for index, word in enumerate(self.words(key)):
            yield word, self.at(key, str(index)) if several else self.at(key)


def parts(files: Sequence[ConfigFile], entry: int | None = None) -> tuple[Part, ...]:
    """The tables that hold for a document, of a chain of configs; ``entry`` is the number of its ``[[document]]``."""
    whole = [Part(file, (), file.data) for file in files]
    if entry is not None:
        whole.append(Part(files[-1], ("document", str(entry)), files[-1].data["document"][entry]))
    return tuple(whole)


def effective(tables: Sequence[Part], asked: Asked) -> Effective:
    """What these tables and then the command line come to. Raises: ConfigError, with the place."""
    settings = Settings()
    for table in tables:
        settings = _after(settings, table, tables[-1].file)
    _refuse_asked(settings, asked.settings)
    return asked.over(
        Effective(
            settings=settings,
            catalogs=() if asked.catalogs else _catalogs(tables),
            root=_path(tables, "root"),
            fail_on=FAIL_ON[_last(tables, "fail-on") or "error"],
            baseline=_path(tables, "baseline"),
            owner=_last(tables, "owner") or "",
            show=SHOW.get(_last(tables, "show") or ""),
            formats=next((table.words("format") for table in reversed(tables) if "format" in table.data), ()),
            environments={
                name: Environment(name, table.file, env) for table in tables for name, env in table.data.get("env", {}).items()
            },
        )
    )


def _last(tables: Iterable[Part], key: str) -> Any:
    return next((table.data[key] for table in reversed(tuple(tables)) if key in table.data), None)


def _path(tables: Sequence[Part], key: str) -> str | None:
    return next((table.file.path(table.data[key]) for table in reversed(tables) if key in table.data), None)


def _catalogs(tables: Sequence[Part]) -> tuple[str, ...]:
    """The catalogs of the last table that names some. Raises: ConfigError for a file that is not there."""
    from errlint.load.nearby import nearby
    from errlint.load.origin import BUILTIN, PACKAGE

    table = next((table for table in reversed(tables) if "catalog" in table.data), None)
    _refuse_emptied(tables, table)
    found = []
    for word, at in table.located("catalog") if table is not None else ():
        name = word if table is None or word.startswith((BUILTIN, PACKAGE)) else table.file.path(word)
        if name is not word and not os.path.isfile(name):
            raise ConfigError(f"there is no catalog {name}", at, nearby(name))
        found.append(name)
    return tuple(found)


def _refuse_emptied(tables: Sequence[Part], table: Part | None) -> None:
    """Raises: ConfigError for a table that takes the catalog away from one that locks rules: these could find nothing."""
    before = tables[: tables.index(table)] if table is not None and not table.words("catalog") else ()
    lock = next((at for one in before for _, at in one.located("locked")), None)
    if table is not None and lock is not None and any(one.words("catalog") for one in before):
        raise ConfigError(f"rules are locked by {lock.uri}:{lock.line}, the catalog cannot be taken away", table.at("catalog"))


def _after(settings: Settings, table: Part, own: ConfigFile) -> Settings:
    """The settings after one more table has spoken."""
    choice, options, links = _choice(table)
    for (key, word), at in choice.places.items():
        _refuse_locked(settings, key, word, choice.severity.get(word), at)
    for rule_id, written in options.items():
        if rule_id in settings.locked and written:
            raise _locked(settings, rule_id, table.at("rules"), "its options cannot be changed")
    merged = {id_: {**settings.options.get(id_, {}), **written} for id_, written in options.items()}
    after = replace(
        settings,
        choices=(*settings.choices, choice),
        profile=table.data.get("profile", settings.profile),
        preview=table.data.get("preview", settings.preview),
        options={**settings.options, **merged},
        links={**settings.links, **links},
        ignores=(*settings.ignores, *_ignores(table, settings, own)),
    )
    ids = tuple(rule.id for word in table.words("locked") for rule in meant(word))
    if not ids:
        return after
    # Without the floors that are there already: theirs stand beside it.
    floor = (replace(after, floors=()), ids)
    return replace(after, locked=tuple(dict.fromkeys((*after.locked, *ids))), floors=(*after.floors, floor))


def _choice(table: Part) -> tuple[Choice, dict[str, dict[str, Any]], dict[str, str]]:
    """The words of one table, the options of rules and the links to their pages. Raises: ConfigError."""
    places: dict[tuple[str, str], Location] = {}
    for key in ("select", "extend-select", "ignore", "locked"):
        for word, at in table.located(key):
            places[key, word] = at
    severity: dict[str, Severity] = {}
    options: dict[str, dict[str, Any]] = {}
    links: dict[str, str] = {}
    for word, written in table.data.get("rules", {}).items():
        places["rules", word] = table.at("rules", word)
        level = written if isinstance(written, str) else written.get("severity")
        if level is not None:
            severity[word] = LEVELS[level]
        if isinstance(written, dict):
            links.update((rule.id, written["link"]) for rule in meant(word) if "link" in written)
            _options(word, written, table, options)
    choice = Choice(table.words("select"), table.words("extend-select"), table.words("ignore"), severity, places)
    return choice, options, links


def _options(word: str, written: Mapping[str, Any], table: Part, found: dict[str, dict[str, Any]]) -> None:
    """Adds the options that the table of one rule holds. Raises: ConfigError."""
    from errlint.config.check import OWN, option_problems

    own = {key: value for key, value in written.items() if key not in OWN}
    rules = meant(word)
    if not own or not rules:  # an unknown rule is a finding: CFG005
        return
    if word not in (rules[0].id, rules[0].name):
        raise ConfigError(
            f"rules.{word} is {len(rules)} rules: options belong to one rule", table.at("rules", word, next(iter(own)))
        )
    for problem in option_problems(rules[0], written, (*table.pointer, "rules", word)):
        raise ConfigError(problem.text, table.file.at(problem.at))
    found.setdefault(rules[0].id, {}).update(own)


def _documents(table: Part, own: ConfigFile) -> Selection:
    """The documents that a table speaks of; of a config that others extend, nobody knows them all."""
    if table.file is not own:
        return Selection()
    entries = (table.data,) if table.pointer else table.file.data.get("document", ())
    if any("app" in entry for entry in entries):
        return Selection()
    return Selection(table.file.folder, tuple(entry["path"] for entry in entries))


def _ignores(table: Part, settings: Settings, own: ConfigFile) -> Iterator[Any]:
    """The ``[[ignores]]`` of one table. Raises: ConfigError."""
    for index, written in enumerate(table.data.get("ignores", ())):
        from datetime import date

        from errlint.checks.suppress import ConfigIgnore

        at = table.at("ignores", str(index))
        entry = Part(table.file, (*table.pointer, "ignores", str(index)), written)
        if not {"rule", "path", "operation", "code"} & written.keys():
            raise ConfigError("an ignore of everything: it names no rule, path, operation or code", at)
        for word, place in entry.located("rule"):
            _refuse_locked(settings, "ignores", word, None, place)
        try:
            date.fromisoformat(written.get("until", "2000-01-01"))
        except ValueError:
            raise ConfigError(f"there is no day {written['until']}", entry.at("until")) from None
        yield ConfigIgnore(
            rules=entry.words("rule"),
            path=written.get("path", ""),
            operation=written.get("operation", ""),
            code=str(written.get("code", "")),
            reason=written.get("reason", ""),
            until=written.get("until", ""),
            where=f"{at.uri}:{at.line}:{at.column}",
            documents=_documents(table, own),
        )


def _refuse_asked(settings: Settings, own: Settings) -> None:
    """Raises: ConfigError where the command line would switch off or lower a rule that is locked."""
    for word in own.ignore:
        _refuse_locked(settings, "--ignore", word, None, None)
    for word, level in (own.severity or {}).items():
        _refuse_locked(settings, "--severity", word, level, None)


def _refuse_locked(settings: Settings, key: str, word: str, level: Severity | None, at: Location | None) -> None:
    """Raises: ConfigError where a word would switch off, lower or suppress a rule that is locked."""
    if key in ("select", "extend-select", "locked") or (key == "rules" and level is None):
        return
    for id_ in sorted(rule.id for rule in meant(word)) if settings.locked else ():
        if id_ in settings.locked and not _raises(settings, id_, level):
            words = "it cannot be switched off" if level in (None, Severity.OFF) else f"it cannot be lowered to {level}"
            raise _locked(settings, id_, at, words, "" if at is not None else f"{key} {word}: ")


def _raises(settings: Settings, rule_id: str, level: Severity | None) -> bool:
    """Whether a level is at least the one that every lock of the rule keeps."""
    floors = [floor for floor, ids in settings.floors if rule_id in ids]
    return level is not None and all(level >= floor.severities(with_catalog=True).get(rule_id, level) for floor in floors)


def _locked(settings: Settings, rule_id: str, at: Location | None, words: str, before: str = "") -> ConfigError:
    lock = next(
        (place for floor, ids in settings.floors if rule_id in ids for place in _locks(floor, rule_id)), Location("", ())
    )
    return ConfigError(f"{before}{rule_id} is locked by {lock.uri}:{lock.line}, {words}", at)


def _locks(floor: Settings, rule_id: str) -> Iterator[Location]:
    """The places of the words that lock a rule."""
    for (key, word), at in floor.choices[-1].places.items():
        if key == "locked" and any(rule.id == rule_id for rule in meant(word)):
            yield at
