"""How many findings each rule has, the most first, and which of them a fix mends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from errlint.model.finding import Report
from errlint.report.terminal import DIM, RESET
from errlint.report.text import COLOURS

FIXABLE, UNSAFE = "[*]", "[-]"


def lines(report: Report, safe: Collection[str], colour: bool = False) -> Iterator[str]:
    """``    12  error    DEC005 [*]  bad-status-key``, each with its end of line; what is suppressed does not count.

    ``safe`` are the ids of the rules whose findings --fix mends, those of others take --unsafe-fixes.
    """
    counted = report.counting()
    counts = Counter((one.severity, one.rule, one.name) for one in counted)
    fixable = {one.rule: FIXABLE if one.rule in safe else UNSAFE for one in counted if one.fixable}
    room = len(FIXABLE) if fixable else 0
    for (severity, rule, name), number in sorted(counts.items(), key=lambda item: (-item[1], item[0][1], -item[0][0])):
        level, mark = f"{severity!s:<8}", fixable.get(rule, "")
        gap = " " if room else ""
        if colour:
            level, mark = f"{COLOURS[severity]}{level}{RESET}", f"{mark:<{room}}"
            yield f"{number:>6}  {level} {rule}{gap}{mark}  {DIM}{name}{RESET}\n"
        else:
            yield f"{number:>6}  {level} {rule}{gap}{mark:<{room}}  {name}\n"
    told = ((FIXABLE, "fixable with --fix"), (UNSAFE, "with --fix --unsafe-fixes"))
    if fixable:
        yield ", ".join(f"{mark} {words}" for mark, words in told if mark in fixable.values()) + "\n"
