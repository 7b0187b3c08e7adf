"""What a file that is not there was probably meant to be."""

from __future__ import annotations

import os
from itertools import islice

MOST = 2000
"""Names of a folder that are compared."""

LONGEST = 255


def nearby(path: str | os.PathLike[str]) -> str:
    """``did you mean api/openapi.yaml?`` for the file of the same folder whose name is most like it; empty where none is.

    Names are compared without their suffixes, which many have in common.
    """
    folder, name = os.path.split(os.fspath(path))
    if not name or len(name) > LONGEST or "\0" in folder:
        return ""
    try:
        with os.scandir(folder or ".") as entries:
            names = sorted(one.name for one in islice(entries, MOST) if one.is_file() and not one.name.startswith("."))
    except OSError:
        return ""
    from difflib import get_close_matches

    stem, suffix = os.path.splitext(name)
    close = get_close_matches(stem, {os.path.splitext(one)[0] for one in names}, 1, 0.6)
    fitting = [one for one in names if close and os.path.splitext(one)[0] == close[0]]
    best = get_close_matches(close[0] + suffix, fitting, 1, 0) if close else []
    return f"did you mean {os.path.join(folder, best[0])}?".replace(os.sep, "/") if best else ""


def hint_for(error: Exception, path: str | os.PathLike[str]) -> str:
    """The same where an error says that there is no such file, empty for all others."""
    return nearby(path) if isinstance(error, FileNotFoundError) else ""
