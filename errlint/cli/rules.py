"""``errlint rules``."""

from __future__ import annotations

import click


@click.command("rules")
def command() -> int:
    """List all rules: id, name, severity without and with a catalog, severity in profile strict, preview or not."""
    from errlint.checks.rules import load_all
    from errlint.config import Settings

    rules = load_all()
    strict = Settings(profile="strict")
    alone, whole = strict.severities(with_catalog=False), strict.severities(with_catalog=True)
    for rule in sorted(rules.values(), key=lambda rule: rule.id):
        level = _levels(rule.alone, rule.severity)
        lifted = _levels(alone[rule.id], whole[rule.id])
        told = "" if lifted == level else f"strict: {lifted}"
        line = f"{rule.id}  {rule.name:<32} {level:<17} {told:<25} {'preview' if rule.preview else ''}"
        click.echo(line.rstrip())
    return 0


def _levels(alone: object, whole: object) -> str:
    return str(whole) if alone == whole else f"{alone} | {whole}"
