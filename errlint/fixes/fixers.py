"""All fixers: importing this module registers them."""

from __future__ import annotations

from errlint.fixes import cat, cod, coverage, dec, domain, env, examples, headers, prb, responses
from errlint.fixes.registry import FIXERS

__all__ = ["FIXERS", "MODULES"]

MODULES = (cat, cod, coverage, dec, domain, env, examples, headers, prb, responses)
