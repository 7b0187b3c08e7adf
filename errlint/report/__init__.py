"""Reports: one writer a module, each ``write(report, out, view)``; pure: no colour decision, no environment, no exit.

A writer that leaves something out returns a line about it, which the user is told on stderr.
"""

from __future__ import annotations

from errlint.model.finding import Severity
from errlint.model.record import record

FORMATS = {
    "text": "errlint.report.text",
    "json": "errlint.report.json_",
    "csv": "errlint.report.csv_",
    "github": "errlint.report.github",
    "junit": "errlint.report.junit",
    "markdown": "errlint.report.markdown",
    "sarif": "errlint.report.sarif",
    "gitlab": "errlint.report.gitlab",
    "checkstyle": "errlint.report.checkstyle",
    "rdjson": "errlint.report.rdjson",
    "html": "errlint.report.html",
}
"""The formats of ``-f``, each with the module that writes it."""

SUGGESTING = frozenset(("sarif", "rdjson"))
"""The formats that show what ``--fix`` would do: it is worked out for them only."""


@record
class View:
    """What a writer knows besides the report: errlint's own version, and the exit code that the run comes to.

    ``folder`` is where the run stands in its repository (``services/orders``), as a CI says: places are told from the root.
    ``here`` is the absolute path of the working directory, which the names of a user's files are meant from; ``roots`` are
    other absolute paths of the repository's root, which is behind a link, or where the working directory is not in it.
    The rest is for people: ``show`` is the least severity of the findings shown, ``verbose`` wants every place of them,
    ``quiet`` nothing beside them; ``columns`` is how wide the terminal is, 0 where there is none.
    """

    version: str = ""
    code: int = 0
    show: Severity = Severity.WARNING
    verbose: bool = False
    colour: bool = False
    folder: str = ""
    quiet: bool = False
    here: str = ""
    columns: int = 0
    roots: tuple[str, ...] = ()
