"""What the user asked for: which rules are on and how bad they are, what fails the build, what is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

from errlint.checks.cfg import RuleWord
from errlint.checks.registry import RULES, Rule, find
from errlint.checks.rules import load_all, load_others
from errlint.errors import ConfigError
from errlint.model.finding import Location, Severity
from errlint.model.record import field, record, replace

if TYPE_CHECKING:
    from errlint.config.environment import Environment

LEVELS = {"note": Severity.NOTE, "warning": Severity.WARNING, "error": Severity.ERROR, "off": Severity.OFF}

FAIL_ON = {"error": Severity.ERROR, "warning": Severity.WARNING, "note": Severity.NOTE, "never": Severity.OFF}
"""What makes a run fail, by the user's word."""

SHOW = {"errors": Severity.ERROR, "warnings": Severity.WARNING, "notes": Severity.NOTE, "all": Severity.NOTE}
"""What the text report shows, by the user's word."""

ABOUT_ERRLINT = frozenset(("CFG005", "CFG006"))
"""Rules that ``--select`` leaves on: a mistyped word or a crash must not make a run green."""

MOST_SUGGESTIONS = 50
"""Unknown words that are compared with all rules: that is slow."""

COMMAND_LINE = Location("command line", ())


@record
class Choice:
    """The rules that one place speaks of, a config or a ``[[document]]`` of it: words as in ``Settings``.

    ``places`` are the locations of the words, by the key that holds them and the word.
    """

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    places: Mapping[tuple[str, str], Location] = field(default_factory=dict)


@record
class Settings:
    """Options of a run. ``select``, ``extend_select`` and ``ignore`` hold rule ids, prefixes of ids, or names.

    Profile ``strict`` switches on what is off by default and lifts notes to warnings. ``preview`` lets preview rules speak
    at their own severity. ``options`` are the rules' own options, by rule id and option name. ``ignores`` are the findings
    that a config leaves out, each a ``ConfigIgnore``. ``links`` are the user's own pages about rules, by rule id.

    ``choices`` hold before these words do, each before the next: configs, then the entry of a document. ``locked`` are the
    ids of rules that nothing may switch off, lower or suppress; ``floors`` are who locked which of them.
    """

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] | None = None
    profile: Literal["default", "strict"] = "default"
    preview: bool = False
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    ignores: tuple[Any, ...] = ()
    locked: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    floors: tuple[tuple[Settings, tuple[str, ...]], ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)

    def severities(self, *, with_catalog: bool) -> dict[str, Severity]:
        """How bad each rule is in this run, by rule id; OFF for a rule that is not run. Those of catalogs, if loaded."""
        load_others()
        levels = {rule.id: self._level(rule, with_catalog) for rule in RULES.values()}
        silenced: set[str] = set()
        for choice in (*self.choices, self._own()):
            levels = _chosen(levels, choice, silenced)
        for settings, ids in self.floors:
            least = settings.severities(with_catalog=with_catalog)
            levels.update((id_, max(levels[id_], least[id_])) for id_ in ids if id_ in levels)
        return levels

    def _own(self) -> Choice:
        return Choice(self.select, self.extend_select, self.ignore, self.severity or {})

    def _level(self, rule: Rule, with_catalog: bool) -> Severity:
        """The level of a rule that nobody speaks of. Without a catalog, rules that need one stay silent."""
        level = rule.severity if with_catalog else rule.alone
        if self.profile == "strict":
            asked = with_catalog or rule.severity is Severity.OFF or rule.alone is not Severity.OFF
            level = max(level, Severity.WARNING) if asked else level
        return min(level, Severity.NOTE) if rule.preview and not self.preview else level

    def words(self) -> Iterator[RuleWord]:
        """Every word that should mean a rule, and whether it does (CFG005); the first unknown ones with a suggestion."""
        unknown = 0
        for text, where, at in self._places():
            word = self.word(text, where, at, suggest=unknown < MOST_SUGGESTIONS)
            unknown += not word.known
            yield word

    def _places(self) -> Iterator[tuple[str, str, Location]]:
        """The words, with the key or option that holds each and its place."""
        for choice in self.choices:
            yield from ((text, key, at) for (key, text), at in choice.places.items())
        options = (("--select", self.select), ("--extend-select", self.extend_select), ("--ignore", self.ignore))
        for option, words in (*options, ("--severity", tuple(self.severity or {}))):
            yield from ((text, option, COMMAND_LINE) for text in words)

    @staticmethod
    def word(text: str, where: str, at: Location, *, suggest: bool = True) -> RuleWord:
        """A word that should mean a rule, and whether it does."""
        known = bool(meant(text))
        told = fate(text, known)
        return RuleWord(text, where, at, known, "" if known or told or not suggest else closest_rule(text), told)


@record
class Effective:
    """What holds for a document. ``show`` and ``formats`` are the config's wishes, None and empty without any.

    ``environments`` are the services to probe, by name.
    """

    settings: Settings = Settings()
    catalogs: tuple[str, ...] = ()
    root: str | None = None
    fail_on: Severity = Severity.ERROR
    baseline: str | None = None
    owner: str = ""
    show: Severity | None = None
    formats: tuple[str, ...] = ()
    environments: Mapping[str, Environment] = field(default_factory=dict)


@record
class Asked:
    """What the command line asks for; None, or nothing, where it is silent."""

    settings: Settings = Settings()
    profile: Literal["default", "strict"] | None = None
    preview: bool = False
    catalogs: tuple[str, ...] = ()
    root: str | None = None
    fail_on: Severity | None = None
    baseline: str | None = None

    def over(self, held: Effective) -> Effective:
        """What holds where configs came to ``held`` and then the command line speaks."""
        own = self.settings
        settings = replace(
            held.settings,
            select=own.select,
            extend_select=own.extend_select,
            ignore=own.ignore,
            severity=own.severity,
            profile=self.profile or held.settings.profile,
            preview=self.preview or held.settings.preview,
        )
        return replace(
            held,
            settings=settings,
            catalogs=self.catalogs or held.catalogs,
            root=self.root or held.root,
            fail_on=held.fail_on if self.fail_on is None else self.fail_on,
            baseline=self.baseline or held.baseline,
        )


def _chosen(levels: Mapping[str, Severity], choice: Choice, silenced: set[str]) -> dict[str, Severity]:
    """The levels after one place has spoken; ``silenced`` are the ids that somebody switched off by name.

    A rule that was switched off comes back by its own id or name, not by a prefix.
    """
    after = dict(levels)
    if choice.select:
        wanted = _named(choice.select, silenced) | ABOUT_ERRLINT
        after = {id_: _on(id_, level) if id_ in wanted else Severity.OFF for id_, level in levels.items()}
    after.update((id_, _on(id_, after[id_])) for id_ in _named(choice.extend_select, silenced))
    spoken = {rule.id: level for word, level in choice.severity.items() for rule in find(word)}
    spoken |= {rule.id: Severity.OFF for word in choice.ignore for rule in find(word)}
    silenced -= {id_ for id_, level in after.items() if level}
    silenced |= {id_ for id_, level in spoken.items() if not level}
    return after | spoken


def _named(words: tuple[str, ...], silenced: set[str]) -> set[str]:
    """The ids that words ask for."""
    return {rule.id for word in words for rule in find(word) if word in (rule.id, rule.name) or rule.id not in silenced}


def _on(rule_id: str, level: Severity) -> Severity:
    """The level of a rule that is asked for by name: its default, a warning where that is off."""
    return level or RULES[rule_id].severity or Severity.WARNING


def meant(word: str) -> list[Rule]:
    """The rules that a word means, those of catalogs too."""
    load_others()
    found = list(find(word))
    if not found:
        load_all()
        found = list(find(word))
    return found


def fate(word: str, known: bool) -> str:
    """What became of a rule that a word meant; empty where no rule was called so. ``known``: some rule is meant today."""
    if known and (not word.islower() or any(word == rule.name for rule in RULES.values())):
        return ""
    from errlint.checks.life import past  # start-up: words that mean what they say owe it nothing

    if known:
        before = past().names.get(word)
        name = RULES[before.rule].name if before is not None and before.rule in RULES else ""
        return f"{word} is called {name} since {before.renamed}" if before is not None and name else ""
    removed = past().of(word)
    return removed.told() if removed is not None else ""


def closest_rule(word: str) -> str:
    """The rule id or name that is most like a word, empty where none is."""
    from errlint.load.meant import closest

    names = [name for rule in RULES.values() for name in (rule.id, rule.name)]
    return closest(word, names) or closest(word.upper(), names)


def level(text: str) -> Severity:
    """The severity that a word means. Raises: ConfigError."""
    try:
        return LEVELS[text.lower()]
    except KeyError:
        from errlint.load.meant import did_you_mean

        told = f"{text!r} is no severity{did_you_mean(text.lower(), LEVELS)}"
        raise ConfigError(told, hint=f"use one of {', '.join(LEVELS)}") from None
