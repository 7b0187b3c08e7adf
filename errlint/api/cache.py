"""What came of the parts of a run, kept in a folder: who judges the same bytes by the same words again reads it there.

An entry holds under which conditions it is right: errlint's own files and those of what it parses with, the tasks (settings,
catalogs, names), and the bytes of every file that was read, or that was looked for and was not there. What does not fit, or
cannot be read, is judged again.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from functools import cache as once
from hashlib import blake2b
from typing import Any

from errlint import __version__
from errlint.api.parts import Asked, Done, Part
from errlint.api.portable import back, plain
from errlint.api.sheet import today
from errlint.model.record import field, mutable

FOLDER = ".errlint_cache"
TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# A folder of errlint: https://bford.info/cachedir/\n"
LARGEST = 256 * 1024 * 1024
"""Bytes that the folder may hold; the oldest entries go first."""

PARSERS = ("yaml", "yamlrocks", "msgspec", "jsonschema", "jsonschema_rs", "regex")


@mutable
class Cache:
    """The entries in one folder. A folder that cannot be written or read keeps nothing, and nobody is told."""

    folder: str
    started: int = field(default_factory=time.time_ns)
    _digests: dict[str, str] = field(default_factory=dict)

    def get(self, part: Part, asked: Asked) -> Done | None:
        """What came of a part before, None where that is not known or not right any more."""
        try:
            with open(self._path(part, asked), "rb") as file:
                sum_, _, text = file.read().partition(b"\n")
            if sum_.decode() != _digest(text):
                return None
            data = json.loads(text)
            if data["date"] not in ("", asked.today or today()):
                return None
            if any(self._of(name) != held for name, held in data["files"]):
                return None
            found = back(data["done"])
        except (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
            return None
        return found if isinstance(found, Done) else None

    def put(self, part: Part, asked: Asked, done: Done) -> None:
        """Keeps what came of a part, unless one of its files was written while the run lasted."""
        try:
            files = [(os.path.relpath(path), self._of(os.path.relpath(path))) for path, _ in done.files]
            if any(os.stat(name).st_mtime_ns >= self.started for name, held in files if held):
                return
            data = {"date": (asked.today or today()) if done.dated else "", "files": files, "done": plain(done)}
            text = json.dumps(data, separators=(",", ":"), ensure_ascii=True).encode()
            path = self._path(part, asked)
            self._prepare(os.path.dirname(path))
            beside = f"{path}.{os.getpid()}"
            with open(beside, "wb") as file:
                file.write(_digest(text).encode() + b"\n" + text)
            os.replace(beside, path)
        except (OSError, ValueError):
            return

    def _prepare(self, folder: str) -> None:
        if os.path.isdir(folder):
            return
        os.makedirs(folder, exist_ok=True)
        for name, text in (("CACHEDIR.TAG", TAG), (".gitignore", "*\n")):
            path = os.path.join(self.folder, name)
            if not os.path.exists(path):
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)

    def _path(self, part: Part, asked: Asked) -> str:
        """The file of an entry: its name says all but the bytes of files, so that a new version takes the place of the old."""
        known = sorted(asked.known.items())
        words = (environment(), repr(part), repr(known), asked.today, repr(asked.sites), repr(asked.one_service))
        return os.path.join(self.folder, "lint", f"{_digest(repr(words).encode('utf-8', 'replace'))}.json")

    def _of(self, name: str) -> str:
        """The digest of a file's bytes, empty where there is none."""
        if name not in self._digests:
            try:
                with open(name, "rb") as file:
                    self._digests[name] = _digest(file.read())
            except (OSError, ValueError):
                self._digests[name] = ""
        return self._digests[name]

    def prune(self) -> None:
        """Takes the oldest entries away where there are too many."""
        try:
            with os.scandir(os.path.join(self.folder, "lint")) as entries:
                found = sorted(((one.stat().st_mtime_ns, one.stat().st_size, one.path) for one in entries), reverse=True)
            total = 0
            for _, size, path in found:
                total += size
                if total > LARGEST:
                    os.unlink(path)
        except OSError:
            return


def _digest(text: bytes) -> str:
    return blake2b(text, digest_size=20).hexdigest()


@once
def environment() -> str:
    """What errlint is made of: its version, Python's, and when its own files and its parsers were written."""
    from importlib.util import find_spec

    from errlint import resources

    parts = [__version__, sys.version]
    parts += sorted(f"{path} {stat.st_mtime_ns} {stat.st_size}" for path, stat in _own(os.path.dirname(resources.__file__)))
    for name in PARSERS:
        spec = find_spec(name)
        origin = spec.origin if spec is not None else None
        parts.append(f"{name} {origin} {os.stat(origin).st_mtime_ns if origin and os.path.isfile(origin) else 0}")
    return _digest("\n".join(parts).encode("utf-8", "replace"))


def _own(folder: str) -> Iterator[tuple[str, Any]]:
    for here, _, names in os.walk(folder):
        for name in names:
            if not name.endswith(".pyc"):
                path = os.path.join(here, name)
                yield path, os.stat(path)
