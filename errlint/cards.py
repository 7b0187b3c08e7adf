"""Rule cards: the words of a rule. They are read only for rules that have something to say."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from errlint import resources


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """The card files by rule id."""
    return {name.partition("-")[0]: name for file in resources.rules().iterdir() if (name := file.name).endswith(".yaml")}


@lru_cache(maxsize=256)
def card(rule_id: str) -> dict[str, Any]:
    """A rule's card as data (schemas/rule.schema.json); empty where the rule has none."""
    from errlint.load.source import load

    name = _names().get(rule_id)
    if name is None:
        return {}
    data = load(resources.text(resources.rules() / name).encode(), f"rules/{name}").data
    return data if isinstance(data, dict) else {}


def help_of(rule_id: str) -> str:
    """What a user can do about a finding of this rule."""
    return str(card(rule_id).get("fix", ""))
