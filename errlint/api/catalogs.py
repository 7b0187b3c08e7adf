"""``errlint catalog check``: judges catalogs themselves."""

from __future__ import annotations

from collections.abc import Sequence

from errlint.api.inputs import compiled
from errlint.api.sheet import Sheet, about_words
from errlint.checks.rules import load_all
from errlint.checks.units import of_catalog
from errlint.checks.words import plural
from errlint.config import Settings
from errlint.load import catalog as catalogs
from errlint.load.openapi import read_spec
from errlint.load.source import read
from errlint.model.finding import Judged, Report, Severity

TOGETHER = ("CAT002", "CAT017")
"""Rules about what stands twice: several catalogs are one contract, so these judge all of them at once."""


def check_catalog(
    references: Sequence[str],
    settings: Settings | None = None,
    *,
    against: Sequence[str] = (),
    fail_on: Severity = Severity.ERROR,
) -> Report:
    """Judges catalogs themselves, and what they say of the documents ``against``.

    Raises: LoadError where a file is no catalog at all, or a document cannot be read.
    """
    settings = settings or Settings()
    load_all()
    severities = settings.severities(with_catalog=True)
    plan = compiled(None)
    sheet = Sheet()
    about_words(sheet, settings, plan, severities)
    read_lines = []
    operations = frozenset(operation.label for name in against for operation in read_spec(read(name)).spec.operations)
    several = len(references) > 1
    alone = {id_: Severity.OFF if several and id_ in TOGETHER else level for id_, level in severities.items()}
    files = []
    for reference in references:
        file = catalogs.read_catalog(reference, lenient=True)
        files.append(file)
        sheet.sources.update(file.sources)
        sheet.documents.append(Judged(reference, file.catalog.service))
        sheet.judge([of_catalog(file, operations if against else None)], plan, alone, reference, settings.options)
        number = len(file.catalog.codes)
        entries = f"{number} {'entry' if number == 1 else 'entries'}"
        read_lines.append(f"{reference}: {entries} in {plural(len(file.catalog.layers), 'layer')}")
    if several:
        united = {id_: level for id_, level in severities.items() if id_ in (*TOGETHER, "CFG006")}
        sheet.judge([of_catalog(catalogs.merge(files))], plan, united, ", ".join(references))
        sheet.judged -= 1
    return sheet.report("catalog check", fail_on, read=read_lines)
