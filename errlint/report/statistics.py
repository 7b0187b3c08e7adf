"""How many findings each rule has, the most first, and which of them a fix mends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from errlint.model.finding import Report
from errlint.report.text import COLOURS, DIM, RESET

FIXABLE = "[*]"


def lines(report: Report, colour: bool = False) -> Iterator[str]:
    """``    12  error    COD001 [*]  undocumented-code``, each with its end of line; what is suppressed does not count."""
    counted = [one for one in report.findings if one.suppressed is None]
    counts = Counter((one.severity, one.rule, one.name) for one in counted)
    fixable = {(one.severity, one.rule) for one in counted if one.fixable}
    room = len(FIXABLE) if fixable else 0
    for (severity, rule, name), number in sorted(counts.items(), key=lambda item: (-item[1], item[0][1], -item[0][0])):
        level, mark = f"{severity!s:<8}", FIXABLE if (severity, rule) in fixable else ""
        gap = " " if room else ""
        if colour:
            level, mark = f"{COLOURS[severity]}{level}{RESET}", f"{mark:<{room}}"
            yield f"{number:>6}  {level} {rule}{gap}{mark}  {DIM}{name}{RESET}\n"
        else:
            yield f"{number:>6}  {level} {rule}{gap}{mark:<{room}}  {name}\n"
    if fixable:
        yield f"{FIXABLE} fixable with --fix\n"
