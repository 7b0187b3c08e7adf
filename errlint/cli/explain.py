"""``errlint explain``: a rule's card, or a code's whole entry."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from errlint.cli.options import catalog_option

BUILTIN = ("builtin:eventml", "builtin:maas")


@click.command("explain")
@click.argument("words", nargs=-1, required=True, metavar="RULE|CODE...")
@catalog_option
def command(words: Sequence[str], catalogs: Sequence[str]) -> int:
    """Explain a rule (COD002, code-under-wrong-status) or an error code (ML_1001).

    Codes are looked up in the catalogs given, then in the builtin ones.
    """
    texts = [_explained(word, catalogs) for word in words]
    click.echo("\n".join(texts), nl=False)
    return 0


def _explained(word: str, catalogs: Sequence[str]) -> str:
    from errlint.cards import card
    from errlint.checks.registry import find
    from errlint.checks.rules import load_all
    from errlint.config import closest
    from errlint.errors import ConfigError
    from errlint.report.rule_text import described

    load_all()
    rules = [rule for rule in find(word) if word in (rule.id, rule.name)]
    if rules:
        return described(rules[0], card(rules[0].id))
    known: list[str] = []
    for reference in (*catalogs, *BUILTIN):
        text = _code(word, reference, known)
        if text:
            return text
    from difflib import get_close_matches

    meant = next(iter(get_close_matches(word, known, 1, 0.6)), "") or closest(word)
    raise ConfigError(f"{word!r} is no rule and no code", hint=f"did you mean {meant}?" if meant else "see errlint rules")


def _code(word: str, reference: str, known: list[str]) -> str:
    """The entries of one catalog that a code, id or name means, as text; the other codes are added to ``known``."""
    from errlint.load.catalog import read_catalog
    from errlint.report.catalog_text import entry

    if not reference.startswith(("builtin:", "pkg:")) and not Path(reference).exists():
        from errlint.errors import ConfigError

        raise ConfigError(f"there is no catalog {reference}")
    catalog = read_catalog(reference).catalog
    found = []
    for code in catalog.codes:
        names = {str(code.code), code.id, code.name} - {"", "None"}
        known.extend(names)
        if word in names:
            found.append(entry(code, catalog))
    return "\n".join(found)
