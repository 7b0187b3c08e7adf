"""The rules that there are, and what became of others."""

from __future__ import annotations

import re
from collections.abc import Iterable

from errlint.checks.life import Past, past
from errlint.errors import ConfigError
from errlint.model.record import record
from errlint.report.rules_table import Gone, Row

Version = tuple[int, ...]


@record
class Changes:
    """What an upgrade brings: new rules, (rule, version, what changed), and what was removed or renamed."""

    new: tuple[Row, ...]
    changed: tuple[tuple[Row, str, str], ...]
    gone: tuple[Gone, ...]


def rule_rows(words: Iterable[str] = ()) -> tuple[Row, ...]:
    """All rules by id, or those that words mean: ids, prefixes, names, parts of names. Raises: ConfigError."""
    rows = _all()
    wanted: set[str] = set()
    for word in words:
        found = {row.id for row in rows if row.id.startswith(word.upper()) or (not word.isupper() and word.lower() in row.name)}
        if not found:
            raise _unknown(word)
        wanted |= found
    return tuple(row for row in rows if row.id in wanted) if wanted else rows


def _all() -> tuple[Row, ...]:
    from errlint import cards
    from errlint.checks.rules import load_all
    from errlint.config import Settings
    from errlint.fixes.table import KINDS

    rules = load_all()
    strict = Settings(profile="strict")
    alone, whole = strict.severities(with_catalog=False), strict.severities(with_catalog=True)
    return tuple(
        Row(
            rule.id,
            rule.name,
            cards.summary_of(rule.id),
            rule.severity,
            rule.alone,
            whole[rule.id],
            alone[rule.id],
            rule.preview,
            KINDS.get(rule.id, ""),
            cards.since(rule.id),
            cards.changes(rule.id),
        )
        for rule in sorted(rules.values(), key=lambda rule: rule.id)
    )


def _unknown(word: str) -> ConfigError:
    from errlint.config import closest_rule, fate

    told = fate(word, known=False)
    meant = closest_rule(word)
    return ConfigError(told or f"no rule is called {word}", hint="" if told else f"did you mean {meant}?" if meant else "")


def gone(known: Past | None = None) -> tuple[Gone, ...]:
    """The rules that were removed, and the names that rules had, by version."""
    known = known or past()
    removed = [Gone(one.id, one.removed, one.told()) for one in known.rules]
    renamed = [
        Gone(one.name, one.renamed, f"{one.name} is another name of {one.rule}, until {one.renamed}")
        for one in known.names.values()
    ]
    return tuple(sorted((*removed, *renamed), key=lambda one: (_version(one.version), one.word)))


def rule_changes(version: str, rows: Iterable[Row] | None = None, known: Past | None = None) -> Changes:
    """What is different since a version, which had it all. Raises: ConfigError for what is no version."""
    before = _version(version)
    rows = tuple(_all() if rows is None else rows)
    new = tuple(row for row in rows if _version(row.since) > before)
    changed = tuple(
        (row, when, what) for row in rows if row not in new for when, what in row.changed if _version(when) > before
    )
    return Changes(new, changed, tuple(one for one in gone(known) if _version(one.version) > before))


def _version(text: str) -> Version:
    """``1.2.3`` as numbers; ``1.2`` is ``1.2.0``."""
    found = re.fullmatch(r"v?(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?", text, re.ASCII)
    if found is None:
        raise ConfigError(f"{text!r} is no version", hint="write 0.3.0, as errlint --version says it")
    return tuple(int(part or 0) for part in found.groups())
