"""Codes that mean something else now (VER005, VER006)."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.checks import words
from errlint.checks.registry import Verdict, check
from errlint.checks.ver_rule import Told, hit, status
from errlint.match.meaning import likeness, renamed, repurposed, same, text_of
from errlint.model.catalog import Code
from errlint.model.change import Change, Comparison
from errlint.model.finding import Severity


@check("VER005", "code-repurposed", Severity.ERROR, Change)
def code_repurposed(change: Change, compared: Comparison) -> Iterator[Verdict]:
    """A code with another meaning: two of name, text and status are others, and nothing says that it is the same."""
    old, new = change.old, change.new
    if old is None or new is None or old.removed or new.removed or old.code != new.code or old.code is None:
        return
    if repurposed(old, new):
        said = f"means {_meaning(new)} (was {_meaning(old)})"
        whom = "for clients that handle it: they treat one fault as another"
        yield hit(change, Told(said, "mean something else now", whom, True))
    elif renamed(old, new):
        said = f"is called {words.cut(new.name)} (was {words.cut(old.name)})"
        yield hit(
            change, Told(said, "have other names", "answers carry the code", False, severity=Severity.NOTE, member="name")
        )
    elif old.name == new.name == "" and (likeness(old, new) or 1) < REWRITTEN:
        said = f"is told in other words: {words.shown(text_of(new))} (was {words.shown(text_of(old))})"
        whom = "where the meaning stayed"
        yield hit(change, Told(said, "are told in other words", whom, False, severity=Severity.NOTE))


REWRITTEN = 0.1
"""Below this share of common words a text that changed alone is worth a look."""


def _meaning(code: Code) -> str:
    """``MODEL_NOT_FOUND 404``: the name, or the text where there is none, and the status."""
    return f"{words.cut(code.name) if code.name else words.shown(text_of(code))} {status(code.statuses)}"


@check("VER006", "code-reused-after-removal", Severity.ERROR, Change)
def code_reused(change: Change, compared: Comparison) -> Iterator[Verdict]:
    """A code that was removed and now stands for something else: old clients still treat it as what it was."""
    new = change.new
    grave = change.grave if change.grave is not None else change.old
    if new is None or new.removed or grave is None or not grave.removed:
        return
    if same(grave, new):
        return
    said = f"was removed ({words.cut(grave.removed)}) and means {_meaning(new)} now (was {_meaning(grave)})"
    whom = "for clients that still handle what it was"
    yield hit(change, Told(said, "were removed and mean something else now", whom, True))
