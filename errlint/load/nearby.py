"""What a file that is not there was probably meant to be."""

from __future__ import annotations

import os
from itertools import islice

MOST = 2000
"""Names of a folder that are compared."""

LONGEST = 255

DEEPEST = 50
"""Folders of a path that need not be there."""


def nearby(path: str | os.PathLike[str]) -> str:
    """``did you mean api/openapi.yaml?`` for the file of the same folder whose name is most like it; empty where none is.

    Where a folder of the path is not there, the one that was meant has the rest of it. Names are compared without their
    suffixes, which many have in common.
    """
    folder, name = os.path.split(os.fspath(path))
    if not name or len(name) > LONGEST or "\0" in folder:
        return ""
    rest: list[str] = []
    while folder and not os.path.isdir(folder) and len(rest) < DEEPEST:
        folder, above = os.path.split(folder)
        rest.insert(0, name)
        name = above
    meant = _likest(folder, name, folders=bool(rest) or not os.path.splitext(name)[1])
    found = os.path.join(folder, meant, *rest)
    return f"did you mean {found}?".replace(os.sep, "/") if meant and os.path.exists(found) else ""


def _likest(folder: str, name: str, *, folders: bool) -> str:
    """The name in a folder that is most like another one; ``folders`` says that it may be that of a folder too."""
    try:
        with os.scandir(folder or ".") as entries:
            some = [one for one in islice(entries, MOST) if not one.name.startswith(".")]
    except (OSError, ValueError):
        return ""
    from difflib import get_close_matches

    names = sorted(one.name for one in some if one.is_file() or (folders and one.is_dir()))
    stem, suffix = os.path.splitext(name)
    close = get_close_matches(stem, {os.path.splitext(one)[0] for one in names}, 1, 0.6)
    fitting = [one for one in names if close and os.path.splitext(one)[0] == close[0]]
    best = get_close_matches(close[0] + suffix, fitting, 1, 0) if close else []
    return best[0] if best else ""


def hint_for(error: Exception, path: str | os.PathLike[str]) -> str:
    """The same where an error says that there is no such file, empty for all others."""
    return nearby(path) if isinstance(error, FileNotFoundError) else ""
