"""The use cases: each reads its input, judges it and returns a Report. Nothing here prints, exits or reads the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from errlint.api.catalogs import check_catalog
    from errlint.api.differing import diff_contracts
    from errlint.api.documenting import write_pages
    from errlint.api.exporting import export_catalog, export_openapi, export_overlay
    from errlint.api.importing import import_catalog
    from errlint.api.inputs import compiled, contract
    from errlint.api.linting import Task, lint, lint_all
    from errlint.api.probing import plan_of, probe
    from errlint.api.replaying import replay
    from errlint.api.serving import mock
    from errlint.api.sheet import Sheet
    from errlint.api.tasks import Planner

HOMES = {
    "check_catalog": "catalogs",
    "compiled": "inputs",
    "contract": "inputs",
    "export_catalog": "exporting",
    "diff_contracts": "differing",
    "export_openapi": "exporting",
    "export_overlay": "exporting",
    "import_catalog": "importing",
    "lint": "linting",
    "lint_all": "linting",
    "mock": "serving",
    "Planner": "tasks",
    "plan_of": "probing",
    "probe": "probing",
    "replay": "replaying",
    "Sheet": "sheet",
    "Task": "linting",
    "write_pages": "documenting",
}

__all__ = [
    "Planner",
    "Sheet",
    "Task",
    "check_catalog",
    "compiled",
    "contract",
    "diff_contracts",
    "export_catalog",
    "export_openapi",
    "export_overlay",
    "import_catalog",
    "lint",
    "lint_all",
    "mock",
    "plan_of",
    "probe",
    "replay",
    "write_pages",
]


def __getattr__(name: str) -> Any:
    """A use case, imported when it is asked for: a run pays for its own."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
