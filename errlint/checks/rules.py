"""All built-in rules, registered."""

from __future__ import annotations

from errlint.checks import cat, cfg, cod, cov, dec, env, htp, msg, prb, sec
from errlint.checks.registry import RULES, Rule

MODULES = (cat, dec, env, cod, msg, cov, htp, prb, sec, cfg)
"""One module a group; importing it registers its rules."""


def load_all() -> dict[str, Rule]:
    """All built-in rules by id."""
    return RULES
