"""The table of a run over several services or documents, for people: worst first, the totals last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from errlint.checks.words import plural
from errlint.model.finding import Report, Service
from errlint.report.terminal import columns
from errlint.report.visible import visible

SHOWN = 20
"""Rows shown without ``-v``; a fleet has hundreds, and the worst are on top."""

WIDEST = 48
"""Columns of a name or an owner; of a longer one the end is shown, which tells paths apart."""

OWNER = "owner"

Row = tuple[str, ...]


def lines(report: Report, verbose: bool) -> Iterator[str]:
    """The table; nothing where there is only one row."""
    table = rows(report, None if verbose else SHOWN)
    if not table:
        return
    widths = [max(map(columns, cells)) for cells in zip(*table, strict=True)]
    left = frozenset(index for index, name in enumerate(table[0]) if index == 0 or name == OWNER)
    printed = [_line(row, widths, left) for row in table]
    hidden = report.services[len(table) - 2 :]
    yield ""
    yield from printed[:-1]
    if hidden:
        yield _rest(hidden, _noun(report.services))
    yield printed[-1]
    yield ""


def rows(report: Report, most: int | None = None) -> list[Row]:
    """The table in cells: its head, the worst services, the totals; empty where there is only one service."""
    services = report.services
    if len(services) < 2 or report.together is None:
        return []
    noun = _noun(services)
    wanted = _wanted(services)
    table = [_head(noun), *map(_cells, services[:most]), _total(services, report.together, noun)]
    return [tuple(cell for cell, said in zip(row, wanted, strict=True) if said) for row in table]


def _noun(services: Sequence[Service]) -> str:
    return "document" if all(service.alone for service in services) else "service"


def _head(noun: str) -> Row:
    return (noun, "documents", "errors", "warnings", "declared codes", "coverage", OWNER)


def _wanted(services: Sequence[Service]) -> tuple[bool, ...]:
    """Which columns say something."""
    held = any(service.codes for service in services)
    several = any(len(service.documents) > 1 for service in services)
    return (True, several, True, True, held, held, any(service.owner for service in services))


def _cells(service: Service) -> Row:
    return (
        _short(service.name),
        str(len(service.documents)),
        str(service.errors),
        str(service.warnings),
        f"{service.declared} of {service.codes}" if service.codes else "-",
        _percent(service),
        _short(service.owner),
    )


def _total(services: Sequence[Service], whole: Service, noun: str) -> Row:
    return (plural(len(services), noun), *_cells(whole)[1:])


def _percent(service: Service) -> str:
    """The share, rounded down: ``100%`` is all of them; ``≥40%`` where some may be declared and nobody can tell."""
    return f"{'≥' if service.open else ''}{service.coverage}%" if service.codes else "-"


def _rest(hidden: Sequence[Service], noun: str) -> str:
    clean = sum(1 for one in hidden if not one.errors and not one.warnings)
    told = "all of them" if clean == len(hidden) else str(clean) if clean else "none"
    return f"... {plural(len(hidden), noun)} more (-v), {told} without errors and warnings"


def _short(text: str) -> str:
    shown = visible(text)
    while columns(shown) > WIDEST:
        shown = "…" + shown[max(len(shown) - WIDEST + 1, 2) :]
    return shown


def _line(cells: Sequence[str], widths: Sequence[int], left: frozenset[int]) -> str:
    """One row: names to the left, numbers to the right."""
    padded = []
    for index, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        space = " " * (width - columns(cell))
        padded.append(cell + space if index in left else space + cell)
    return "  ".join(padded).rstrip()
