"""``errlint rules``."""

from __future__ import annotations

import click


@click.command("rules")
def command() -> int:
    """List all rules: id, name, severity without and with a catalog."""
    from errlint.checks.rules import load_all

    for rule in sorted(load_all().values(), key=lambda rule: rule.id):
        level = str(rule.severity) if rule.alone == rule.severity else f"{rule.alone} | {rule.severity}"
        click.echo(f"{rule.id}  {rule.name:<32} {level}")
    return 0
