"""How many documents are judged: by how many processes, and where what came of them is kept."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

from errlint.api.cache import Cache
from errlint.api.spreading import Spread


def spread(options: Mapping[str, Any]) -> Spread:
    """How many documents are judged in parts, as the options ``jobs``, ``cache_dir`` and ``no_cache`` say."""
    folder = options["cache_dir"] or os.environ.get("ERRLINT_CACHE_DIR") or own_folder()
    keeps = bool(folder) and not options["no_cache"]
    return Spread(Cache(folder) if keeps else None, int(options["jobs"] or 0))


def own_folder() -> str:
    """The folder of errlint among the user's caches, by the custom of the system; empty where the user has no home."""
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        folder = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        folder = os.path.join(home, "Library", "Caches")
    else:
        named = os.environ.get("XDG_CACHE_HOME", "")
        folder = named if os.path.isabs(named) else os.path.join(home, ".cache")
    return os.path.join(folder, "errlint") if os.path.isabs(folder) else ""
