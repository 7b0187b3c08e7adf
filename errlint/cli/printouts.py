"""The reports of a run over many documents, kept whole: where nothing changed they are written again, and nothing is judged."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from errlint.cli.ci import SUMMARY
from errlint.cli.colour import coloured, width
from errlint.cli.output import Output
from errlint.model.record import mutable, replace

if TYPE_CHECKING:
    from errlint.api.linting import Task
    from errlint.api.spreading import Spread


@mutable
class Printouts:
    """The reports that one run asks for. ``known`` and ``notes`` are those of baselines and of an earlier version."""

    spread: Spread
    out: Output
    tasks: Sequence[Task]
    known: Mapping[str, str]
    notes: tuple[str, ...] = ()
    sites: int | None = None

    def again(self) -> int | None:
        """Writes the reports as they were, and gives the exit code; None where they are not known or not right any more.

        Raises: ConfigError.
        """
        found = self.spread.cache.printed(self._words(), "") if self.spread.cache is not None else None
        if found is None or len(found[1]) != len(self.out.formats):
            return None
        self.out.emit_texts(found[1])
        return found[0]

    def keep(self, code: int, texts: Sequence[str]) -> None:
        """Keeps the reports of a run that has ended."""
        if self.spread.cache is not None and self.spread.done and len(texts) == len(self.out.formats):
            self.spread.cache.keep_printed(self._words(), self.spread.done, "", code, texts)

    def _words(self) -> tuple[str, ...]:
        """All that a report depends on, but the bytes of files."""
        import sys

        baseline: Any = (getattr(self.known, "entries", ()), getattr(self.known, "where", ""))
        asked = (self.known and sorted(self.known.items()), baseline, self.notes, self.sites)
        colour = coloured(sys.stdout, self.out.color) if sys.stdout is not None else False
        out = replace(self.out, copies=None)
        view = replace(self.out.view(0, colour), columns=width(sys.stdout))
        return ("printed", repr(self.tasks), repr(asked), repr(out), os.getcwd(), repr(view))


def printouts(
    spread: Spread | None,
    out: Output,
    tasks: Sequence[Task],
    known: Mapping[str, str],
    notes: tuple[str, ...],
    sites: int | None,
) -> Printouts | None:
    """The reports that can be kept: of many documents, where nothing else is said or written than they."""
    if spread is None or spread.cache is None or out.statistics or os.environ.get(SUMMARY):
        return None
    return Printouts(spread, out, tasks, known, notes, sites)
