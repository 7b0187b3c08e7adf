"""A report as a format writes it."""

from __future__ import annotations

from importlib import import_module
from io import StringIO

from errlint.model.finding import Report
from errlint.report import FORMATS, View


def written(name: str, report: Report, view: View | None = None) -> str:
    """The report in a format of ``-f``."""
    out = StringIO()
    import_module(FORMATS[name]).write(report, out, view or View("1.0"))
    return out.getvalue()
