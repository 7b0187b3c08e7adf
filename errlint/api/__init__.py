"""The use cases: each reads its input, judges it and returns a Report. Nothing here prints, exits or reads the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from errlint.api.catalogs import check_catalog
    from errlint.api.inputs import compiled, contract
    from errlint.api.linting import lint
    from errlint.api.probing import probe
    from errlint.api.sheet import Sheet

HOMES = {
    "check_catalog": "catalogs",
    "compiled": "inputs",
    "contract": "inputs",
    "lint": "linting",
    "probe": "probing",
    "Sheet": "sheet",
}

__all__ = ["Sheet", "check_catalog", "compiled", "contract", "lint", "probe"]


def __getattr__(name: str) -> Any:
    """A use case, imported when it is asked for: a run pays for its own."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
