"""What came of the parts of a run, kept in a folder: who judges the same bytes by the same words again reads it there.

An entry holds under which conditions it is right: errlint's own files and those of what it parses with, the working folder,
the tasks (settings, catalogs, names), and the bytes of every file that was read, or that was looked for and was not there.
What does not fit, or cannot be read, is judged again.

Who writes an entry says what a run finds. So the folder is the user's own, and not one that a repository may bring along.
"""

from __future__ import annotations

import json
import os
import stat
import sys
import time
from collections.abc import Iterator, Sequence
from functools import cache as once
from hashlib import sha256
from typing import Any

from errlint import __version__
from errlint.api.parts import Asked, Done, Part
from errlint.api.portable import back, plain
from errlint.api.sheet import today
from errlint.load.source import MAX_BYTES
from errlint.model.record import field, mutable

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
            found = back(self._read(_words(part, asked), asked.today))
        except (ValueError, TypeError, IndexError, AttributeError, RecursionError):
            return None
        return found if isinstance(found, Done) else None

    def put(self, part: Part, asked: Asked, done: Done) -> None:
        """Keeps what came of a part, unless one of its files was written while the run lasted."""
        if done.passing:
            return
        try:
            self._write(_words(part, asked), [path for path, _ in done.files], asked.today, done.dated, plain(done))
        except ValueError:  # what has another kind of value is not kept
            return

    def printed(self, words: Sequence[str], today: str) -> tuple[int, tuple[str, ...]] | None:
        """The exit code and the reports of a run that these words ask for, None where that is not known or not right."""
        found = self._read(words, today)
        if not isinstance(found, list) or len(found) < 1 or not isinstance(found[0], int):
            return None
        code, *texts = found
        return (code, tuple(texts)) if all(isinstance(text, str) for text in texts) else None

    def keep_printed(self, words: Sequence[str], done: Sequence[Done], today: str, code: int, texts: Sequence[str]) -> None:
        """Keeps the reports of a run that came to these parts."""
        if any(one.passing for one in done):
            return
        files = dict.fromkeys(path for one in done for path, _ in one.files)
        self._write(words, list(files), today, any(one.dated for one in done), [code, *texts])

    def _read(self, words: Sequence[str], day: str) -> Any:
        try:
            with open(self._path(words), "rb") as file:
                sum_, _, text = file.read().partition(b"\n")
            if sum_ != _digest(text).encode():
                return None
            data = json.loads(text)
            if data["date"] not in ("", day or today()) or any(self._of(name) != held for name, held in data["files"]):
                return None
            return data["done"]
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None

    def _write(self, words: Sequence[str], paths: Sequence[str], day: str, dated: bool, value: Any) -> None:
        try:
            files = [(name, self._of(name)) for name in map(os.path.relpath, paths)]
            if any(_written(name) >= self.started for name, held in files if held):
                return
            data = {"date": (day or today()) if dated else "", "files": files, "done": value}
            text = json.dumps(data, separators=(",", ":"), ensure_ascii=True).encode()
            path = self._path(words)
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
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        os.makedirs(folder, exist_ok=True)
        for name, text in (("CACHEDIR.TAG", TAG), (".gitignore", "*\n")):
            path = os.path.join(self.folder, name)
            if not os.path.exists(path):
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)

    def _path(self, words: Sequence[str]) -> str:
        """The file of an entry: its name says all but the bytes of files, so that a new version takes the place of the old."""
        name = _digest(repr((environment(), os.getcwd(), *words)).encode("utf-8", "replace"))
        return os.path.join(self.folder, "lint", f"{name}.json")

    def _of(self, name: str) -> str:
        """The digest of a file's bytes, and where it lies if a link leads there; empty where there is none."""
        if name not in self._digests:
            try:
                real = os.path.realpath(name)
                held = _content(real)
                self._digests[name] = held if real == os.path.abspath(name) else f"{held} {real}"
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


def _content(path: str) -> str:
    """The digest of a file's bytes; of what nobody reads as a document (a device, a pipe, gigabytes) only what it is."""
    found = os.stat(path)
    if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_BYTES:
        return f"{found.st_mode} {found.st_size} {found.st_mtime_ns}"
    with open(path, "rb") as file:
        return _digest(file.read())


def _written(name: str) -> int:
    """When a file was written, or came under its name."""
    found = os.stat(name)
    return max(found.st_mtime_ns, found.st_ctime_ns)


def _digest(text: bytes) -> str:
    return sha256(text).hexdigest()[:40]


def _words(part: Part, asked: Asked) -> tuple[str, ...]:
    known = repr(sorted(asked.known.items()))
    return (repr(part), known, asked.today, repr(asked.sites), repr(asked.one_service))


@once
def environment() -> str:
    """What errlint is made of: its version, Python's, and when its own files and its parsers were written."""
    from importlib.util import find_spec

    from errlint import resources

    parts = [__version__, sys.version]
    folders = (os.path.dirname(resources.__file__), str(resources.rules()), str(resources.schemas()))  # a checkout has three
    own = {path: found for folder in folders for path, found in _own(folder)}
    parts += [f"{path} {found.st_mtime_ns} {found.st_size}" for path, found in sorted(own.items())]
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
