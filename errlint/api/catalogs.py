"""``errlint catalog check``: judges catalogs themselves."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence

from errlint.api.inputs import compiled
from errlint.api.sheet import Sheet, about_words
from errlint.checks.catalog_file import CatalogFile
from errlint.checks.fleet import Member, distinct
from errlint.checks.judge import Options
from errlint.checks.rules import load_all
from errlint.checks.units import CATALOGS, of_catalog, of_fleet
from errlint.checks.words import plural
from errlint.config import Settings
from errlint.load import catalog as catalogs
from errlint.load.openapi import read_spec
from errlint.load.source import read
from errlint.model.finding import Judged, Report, Severity

TOGETHER = ("CAT002", "CAT017")
"""Rules about what stands twice: catalogs that are one contract are judged by these all at once."""

FLEET = ("CAT023", "CAT024")
"""Rules about the catalogs of several services."""


def check_catalog(
    references: Sequence[str],
    settings: Settings | None = None,
    *,
    against: Sequence[str] = (),
    fail_on: Severity = Severity.ERROR,
    united: Sequence[str] = (),
) -> Report:
    """Judges catalogs themselves, and what they say of the documents ``against``.

    Catalogs of one service are one contract, and so are those that a config names together (``united``). Other services
    have contracts of their own, which are held against each other.

    Raises: LoadError where a file is no catalog at all, or a document cannot be read.
    """
    settings = settings or Settings()
    load_all()
    severities = settings.severities(with_catalog=True)
    plan = compiled(None)
    sheet = Sheet()
    about_words(sheet, settings, plan, severities)
    operations = frozenset(operation.label for name in against for operation in read_spec(read(name)).spec.operations)
    files: dict[str, CatalogFile] = {}
    for reference in references:
        files[reference] = file = catalogs.read_catalog(reference, lenient=True)
        sheet.sources.update(file.sources)
        sheet.documents.append(Judged(reference, file.catalog.service))
    contracts = _contracts(files, united)
    for names in contracts:
        alone = {id_: Severity.OFF if len(names) > 1 and id_ in TOGETHER else level for id_, level in severities.items()}
        for reference in names:
            file = files[reference]
            sheet.judge([of_catalog(file, operations if against else None)], plan, alone, reference, settings.options)
        if len(names) > 1:
            merged = catalogs.merge([files[reference] for reference in names])
            sheet.judge([of_catalog(merged)], plan, _only(severities, TOGETHER), ", ".join(names))
            sheet.judged -= 1
    members = [Member(catalogs.merge([files[reference] for reference in names])) for names in contracts]
    judge_fleet(sheet, members, _only(severities, FLEET), settings.options)
    return sheet.report("catalog check", fail_on, read=list(_told(files)))


def _told(files: Mapping[str, CatalogFile]) -> Iterator[str]:
    """What was read: each catalog with its entries and layers, or how many they are."""
    if len(files) > LISTED:
        yield f"{len(files)} catalogs: {_entries(sum(len(file.catalog.codes) for file in files.values()))}"
        return
    for reference, file in files.items():
        yield f"{reference}: {_entries(len(file.catalog.codes))} in {plural(len(file.catalog.layers), 'layer')}"


LISTED = 3
"""Catalogs that the totals name; more are counted."""


def judge_fleet(sheet: Sheet, members: Sequence[Member], severities: Mapping[str, Severity], options: Options) -> None:
    """Holds the catalogs of several services against each other; there is nothing to say where all are of one."""
    if distinct(members):
        for member in members:
            sheet.sources.update(member.file.sources)
        sheet.judge([of_fleet(members)], None, severities, CATALOGS, options)
        sheet.judged -= 1


def _contracts(files: Mapping[str, CatalogFile], united: Sequence[str]) -> list[list[str]]:
    """The references that are one contract: those that a config names together, else those of one service."""
    listed = {os.path.realpath(name) for name in united} if len(united) > 1 else set()
    found: dict[tuple[bool, str], list[str]] = {}
    for reference, file in files.items():
        together = bool(listed) and (reference in united or os.path.realpath(reference) in listed)
        found.setdefault((together, "" if together else file.catalog.service), []).append(reference)
    return list(found.values())


def _only(severities: Mapping[str, Severity], rules: Sequence[str]) -> dict[str, Severity]:
    """The levels of some rules, and of the crash of one."""
    return {id_: level for id_, level in severities.items() if id_ in (*rules, "CFG006")}


def _entries(number: int) -> str:
    return f"{number} {'entry' if number == 1 else 'entries'}"
