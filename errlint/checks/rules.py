"""All built-in rules: which module holds which; importing one registers its rules."""

from __future__ import annotations

from importlib import import_module

from errlint.checks.registry import RULES, Rule

CATALOG = ("cat", "ver")
"""Rules about catalogs, which only ``catalog check`` and ``catalog diff`` judge."""

FLEET = ("cat_fleet",)
"""Rules about the catalogs of several services."""

OTHERS = (
    "dec",
    "dec_schema",
    "dec_paths",
    "dec_unused",
    "dec_prose",
    "env",
    "env_roles",
    "env_schemas",
    "env_members",
    "env_declared",
    "cod",
    "cod_declared",
    "cod_catalog",
    "cod_lists",
    "msg",
    "cov",
    "cov_declared",
    "htp",
    "htp_headers",
    "prb",
    "prb_types",
    "sec",
    "sec_words",
    "sec_members",
    "cfg",
)
"""Rules about documents, answers and runs."""


def load_others() -> dict[str, Rule]:
    """The rules that a run over documents or answers needs, by id."""
    return _load(OTHERS)


def load_fleet() -> None:
    """Has the rules that a run over the catalogs of several services needs as well."""
    _load(FLEET)


def load_all() -> dict[str, Rule]:
    """All built-in rules by id."""
    return _load((*CATALOG, *FLEET, *OTHERS))


def _load(modules: tuple[str, ...]) -> dict[str, Rule]:
    for name in modules:
        import_module(f"errlint.checks.{name}")
    return RULES
