"""The catalog of what a suite saw, as a file: nothing that somebody wrote in it is ever lost."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from errlint import __version__
from errlint.api.writing import save
from errlint.checks.words import plural
from errlint.draft.suite import Sightings
from errlint.errors import EditError, ErrlintError
from errlint.model.draft import Draft, Entry, Evidence

STAMP = re.compile(rb"# Recorded by errlint [^\n]{0,200}\(([0-9a-f]{16})\)\.?\r?\n")
"""The first line of a recorded file; the digest is that of the rest."""

BEFORE = "recorded before"
FEW = 8


def record(path: str, seen: Sightings) -> tuple[list[str], bool]:
    """Writes the catalog of what was seen to a file, and says what became of it, in lines; True where it failed.

    A file that stands as it was recorded is written anew, with what it holds beyond this run; any other is left alone.
    A file called ``.json`` gets what was seen as it is, for ``errlint init`` to read (``errlint/draft/suite.py``), beside what
    the runs before it saw: one command may run pytest several times.
    """
    shown = os.path.relpath(path)
    shown = path if shown.startswith("..") else shown
    try:
        if path.endswith(".json"):
            save(path, _all(path, seen).text().encode())
            return [f"recorded {plural(seen.errors, 'error answer')}"], False
        return _recorded(path, shown, seen), False
    except (ErrlintError, EditError) as error:
        told = (error.line() if isinstance(error, ErrlintError) else str(error)).removeprefix(f"cannot write {path}: ")
    except Exception as error:  # whatever it is, the user's run must not end with a traceback of ours
        told = f"errlint failed: {type(error).__name__}: {' '.join(str(error).split())[:200]}"
    return [f"FAIL {shown} was not recorded: {told}"], True


def _all(path: str, seen: Sightings) -> Sightings:
    """What a file holds and what was seen. Raises: LoadError for a file that holds something else: it stays."""
    found = Sightings()
    if os.path.isfile(path) and os.path.getsize(path):
        with open(path, encoding="utf-8", errors="replace") as file:
            found.include(file.read())
    found.include(seen.text())
    return found


def _recorded(path: str, shown: str, seen: Sightings) -> list[str]:
    from errlint.draft.answers import of_answers
    from errlint.draft.merge import merged
    from errlint.draft.narrowed import narrowed
    from errlint.draft.text import questions

    draft = narrowed(of_answers(seen.observations()))
    if not draft.entries:
        return [f"{shown} was not written: of {plural(seen.answers, 'answer')} none was an error with a body that tells a code"]
    old = _text(path)
    if old and not _untouched(old):
        return _beside(shown, old, draft)
    before = _before(path) if old else Draft()
    gone = [one for one in before.entries if one.code not in {entry.code for entry in draft.entries}]
    if gone:
        draft = merged((draft, Draft(tuple(gone), before.service, before.envelopes, before.layers, before.categories)))
    text = stamped(_written(draft))
    known = {_key(entry.fields) for entry in before.entries}
    new = [entry for entry in draft.entries if _key(entry.fields) not in known]
    if old and not new and (gone or text == old):
        return [f"{shown} stays as it is: every error that was seen is in it"]
    save(path, text)
    asked = questions(draft)
    told = f"{shown}: recorded {plural(len(draft.entries), 'error')} from {plural(seen.errors, 'error answer')}"
    lines = [told + (f", {len(new)} of them new: {_names(new)}" if old and new else "")]
    if asked:
        lines.append(f"   {plural(len(asked), 'question')} in it, marked # ?")
    return lines


def _written(draft: Draft) -> str:
    from errlint.draft.text import catalog_text

    return catalog_text(draft)


def stamped(text: str) -> bytes:
    """The text of a catalog below a line by which a later run knows that nobody has edited it."""
    body = text.encode()
    digest = sha256(body).hexdigest()[:16]
    told = f"# Recorded by errlint {__version__} from a test suite. A run rewrites this file until you edit it ({digest}).\n"
    return told.encode() + body


def _untouched(text: bytes) -> bool:
    found = STAMP.match(text)
    return found is not None and sha256(text[found.end() :]).hexdigest()[:16].encode() == found[1]


def _text(path: str) -> bytes:
    from errlint.load.source import read

    return read(path).text if os.path.isfile(path) and os.path.getsize(path) else b""


def _before(path: str) -> Draft:
    """A recorded file as a draft again."""
    from errlint.load.source import read

    data: Any = read(path).data
    service, envelopes, layers, categories = (data.get(name) or {} for name in ("service", "envelopes", "layers", "categories"))
    entries = tuple(Entry(fields, (Evidence(BEFORE),)) for fields in data.get("errors") or ())
    return Draft(entries, service, envelopes, layers, categories)


def _beside(shown: str, text: bytes, draft: Draft) -> list[str]:
    """What a file that somebody wrote lacks of a draft; it is not touched."""
    from errlint.load.source import load

    data: Any = load(text, shown).data
    known = {
        _key(fields) for fields in (data.get("errors") or () if isinstance(data, dict) else ()) if isinstance(fields, dict)
    }
    new = [entry for entry in draft.entries if _key(entry.fields) not in known]
    if not new:
        return [f"{shown} was edited and stays as it is: every error that was seen is in it"]
    told = f"{shown} was edited and stays as it is; not in it: {_names(new)}"
    return [told, "   --errlint-record with another file writes them, to be copied from there"]


def _key(fields: Any) -> tuple[str, str]:
    """What makes an entry known: its code, or the status of one without a code."""
    code = fields.get("code")
    return (str(code), "") if code is not None else ("", str(fields.get("status")))


def _names(entries: Iterable[Entry]) -> str:
    names = [str(one.code if one.code is not None else one.fields.get("id", "")) for one in entries]
    return ", ".join(names[:FEW]) + (f" and {len(names) - FEW} more" if len(names) > FEW else "")
