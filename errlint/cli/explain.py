"""``errlint explain``: a rule's card, or a code's whole entry."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from errlint.cli.colour import coloured, painted, width
from errlint.cli.options import CATALOG, COLOR, CONFIGURED
from errlint.cli.streams import standard_output
from errlint.cli.table import completed, options

if TYPE_CHECKING:
    from errlint.checks.registry import Rule


@click.command("explain")
@click.argument("words", nargs=-1, required=True, metavar="RULE|CODE...", shell_complete=completed("explained"))
@options(CATALOG)
@options(*CONFIGURED)
@options(COLOR)
def command(words: Sequence[str], catalogs: Sequence[str], config: str | None, isolated: bool, color: str) -> int:
    """Explain a rule (COD002, code-under-wrong-status) or an error code (ML_1001).

    Codes are looked up in the catalogs given, else in those of the config, then in the builtin ones.
    """
    with standard_output() as out:
        columns = width(out)
        texts = [_rule(word, columns) or _entries(word, catalogs or _configured(config, isolated)) for word in words]
        told = "\n".join(texts)
        out.write(painted(told) if coloured(out, color) else told)
    return 0


def _configured(config: str | None, isolated: bool) -> tuple[str, ...]:
    """The catalogs of the config that is nearest to here."""
    from errlint import api
    from errlint.config import Asked
    from errlint.load.library import Library

    return api.Planner(Asked(), Library(), config, isolated).catalogs()


def _rule(word: str, columns: int) -> str:
    """The card of a rule, with its options; empty where no rule is called so."""
    from errlint.cards import card
    from errlint.checks.registry import find
    from errlint.checks.rules import load_all
    from errlint.config import fate
    from errlint.report.rule_text import described

    load_all()
    told = fate(word, known=next(find(word), None) is not None)
    rules = [rule for rule in find(word) if word in (rule.id, rule.name) or told]
    if told and not rules:
        return f"{told}.\n"
    if not rules:
        return ""
    whole = described(rules[0], card(rules[0].id), columns) + "".join(_options(rules[0]))
    return f"{told}.\n{whole}" if told else whole


def _entries(word: str, catalogs: Sequence[str]) -> str:
    """The entries of the first catalog that knows a code, id or name. Raises: ConfigError, LoadError."""
    from errlint.config import closest_rule
    from errlint.errors import ConfigError
    from errlint.load.meant import closest
    from errlint.load.origin import shipped

    known: list[str] = []
    for reference in (*catalogs, *shipped()):
        text = _code(word, reference, known)
        if text:
            return text
    meant = closest(word, known) or closest_rule(word)
    raise ConfigError(f"{word!r} is no rule and no code", hint=f"did you mean {meant}?" if meant else "see errlint rules")


def _options(rule: Rule) -> Iterator[str]:
    """The rule's own options, as a config sets them."""
    import json

    for number, (name, schema) in enumerate(rule.options.items()):
        facts = schema if isinstance(schema, dict) else {}
        choices = " | ".join(json.dumps(one, ensure_ascii=False) for one in facts.get("enum", ()))
        told = " ".join(part for part in (choices or facts.get("type", ""), facts.get("description", "")) if part)
        yield f"  {'options' if number == 0 else '':<12}{name}: {told}\n"


def _code(word: str, reference: str, known: list[str]) -> str:
    """The entries of one catalog that a code, id or name means, as text; the other codes are added to ``known``."""
    from errlint.load.catalog import read_catalog
    from errlint.report.catalog_text import entry

    if not reference.startswith(("builtin:", "pkg:")) and not os.path.exists(reference):
        from errlint.errors import ConfigError
        from errlint.load.nearby import nearby

        raise ConfigError(f"there is no catalog {reference}", hint=nearby(reference))
    catalog = read_catalog(reference).catalog
    found = []
    for code in catalog.codes:
        names = {str(code.code), code.id, code.name} - {"", "None"}
        known.extend(names)
        if word in names:
            found.append(entry(code, catalog))
    return "\n".join(found)
