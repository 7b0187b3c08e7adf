"""Codes that another one is written like, but for case and hyphens: a service that answers both made a slip."""

from __future__ import annotations

from errlint.model.draft import Draft
from errlint.model.record import replace


def twinned(draft: Draft) -> Draft:
    """The draft with a question at each code that an earlier entry of its layer has in another spelling."""
    known: dict[tuple[str, str], str] = {}
    entries = []
    for entry in draft.entries:
        if isinstance(entry.code, str):
            first = known.setdefault((entry.fields.get("layer", ""), entry.code.casefold().replace("-", "_")), entry.code)
            if first != entry.code:
                entry = replace(entry, doubts=(*entry.doubts, f"{first} in another spelling: which of the two is meant?"))
        entries.append(entry)
    return replace(draft, entries=tuple(entries))
