"""How servers and applications of the unpacked Debian are started: each writes files below the root, and gives a command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

Maker = Callable[[Path, int], list[str]]


def written(root: Path, name: str, text: str) -> str:
    """A file below ``/observed`` of the root; its path inside."""
    path = root / "observed" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return f"/observed/{name}"


SERVERS: dict[str, Maker] = {}
