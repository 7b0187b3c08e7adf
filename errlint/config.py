"""What the user asked for: which rules are on and how bad they are, what fails the build, what is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from errlint.checks.cfg import RuleWord
from errlint.checks.registry import RULES, Rule, find
from errlint.checks.rules import load_all, load_others
from errlint.errors import ConfigError
from errlint.model.finding import Location, Severity
from errlint.model.record import field, record

LEVELS = {"note": Severity.NOTE, "warning": Severity.WARNING, "error": Severity.ERROR, "off": Severity.OFF}


ABOUT_ERRLINT = frozenset(("CFG005", "CFG006"))
"""Rules that ``--select`` leaves on: a mistyped word or a crash must not make a run green."""


@record
class Settings:
    """Options of a run. ``select``, ``extend_select`` and ``ignore`` hold rule ids, prefixes of ids, or names.

    Profile ``strict`` switches on what is off by default and lifts notes to warnings. ``preview`` lets preview rules speak
    at their own severity. ``options`` are the rules' own options, by rule id and option name.
    """

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] | None = None
    profile: Literal["default", "strict"] = "default"
    preview: bool = False
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def severities(self, *, with_catalog: bool) -> dict[str, Severity]:
        """How bad each rule is in this run, by rule id; OFF for a rule that is not run. Those of catalogs, if loaded."""
        load_others()
        levels = {rule.id: self._level(rule, with_catalog) for rule in RULES.values()}
        if self.select:
            wanted = {rule.id for word in self.select for rule in find(word)}
            wanted |= ABOUT_ERRLINT
            levels = {id_: self._on(id_, level) if id_ in wanted else Severity.OFF for id_, level in levels.items()}
        for word in self.extend_select:
            for rule in find(word):
                levels[rule.id] = self._on(rule.id, levels[rule.id])
        for word, level in (self.severity or {}).items():
            for rule in find(word):
                levels[rule.id] = level
        for word in self.ignore:
            for rule in find(word):
                levels[rule.id] = Severity.OFF
        return levels

    def _level(self, rule: Rule, with_catalog: bool) -> Severity:
        """The level of a rule that nobody speaks of. Without a catalog, rules that need one stay silent."""
        level = rule.severity if with_catalog else rule.alone
        if self.profile == "strict":
            asked = with_catalog or rule.severity is Severity.OFF or rule.alone is not Severity.OFF
            level = max(level, Severity.WARNING) if asked else level
        return min(level, Severity.NOTE) if rule.preview and not self.preview else level

    @staticmethod
    def _on(rule_id: str, level: Severity) -> Severity:
        """The level of a rule that is asked for by name: its default, a warning where that is off."""
        return level or RULES[rule_id].severity or Severity.WARNING

    def words(self) -> Iterator[RuleWord]:
        """Every word that should mean a rule, and whether it does (CFG005)."""
        options = (("--select", self.select), ("--extend-select", self.extend_select), ("--ignore", self.ignore))
        for option, words in (*options, ("--severity", tuple(self.severity or {}))):
            for word in words:
                yield self.word(word, option, Location("command line", ()))

    @staticmethod
    def word(text: str, where: str, at: Location) -> RuleWord:
        """A word that should mean a rule, and whether it does."""
        known = any(True for _ in find(text))
        if not known:
            load_all()
            known = any(True for _ in find(text))
        return RuleWord(text, where, at, known, "" if known else closest(text))


def closest(word: str) -> str:
    """The rule id or name that is most like a word, empty where none is."""
    from difflib import get_close_matches

    names = [name for rule in RULES.values() for name in (rule.id, rule.name)]
    found = get_close_matches(word, names, 1, 0.6) or get_close_matches(word.upper(), names, 1, 0.6)
    return found[0] if found else ""


def level(text: str) -> Severity:
    """The severity that a word means. Raises: ConfigError."""
    try:
        return LEVELS[text.lower()]
    except KeyError:
        raise ConfigError(f"{text!r} is no severity", hint=f"use one of {', '.join(LEVELS)}") from None
