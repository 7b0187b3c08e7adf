"""Files that are written, or changed in their place."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable

from errlint.errors import ConfigError

HEAD = 4096
"""Bytes of a file that tell what it is."""

CONFIGS = ("errlint.toml", "pyproject.toml")

_READ = re.compile(
    rb"""(?:\A(?:\xef\xbb\xbf)?\s*\{\s*"|^(?:\xef\xbb\xbf)?["']?)(openapi|swagger|errlint|errlint-baseline)["']?\s*:\s*["']?[1-3](?![0-9])""",
    re.MULTILINE,
)
"""What a document, a catalog and a baseline say of themselves; no report says it."""

_WORDS = {b"errlint": "a catalog", b"errlint-baseline": "a baseline"}


def is_read_only(uri: str) -> bool:
    """Whether a file says that nobody may write it; root could."""
    try:
        return os.path.isfile(uri) and not os.stat(uri).st_mode & 0o222
    except (OSError, ValueError):
        return False


def refuse_inputs(path: str, inputs: Iterable[str]) -> None:
    """Refuses a file to write that is also read: what it holds would be lost. Raises: ConfigError."""
    for name in inputs:
        try:
            same = os.path.samefile(path, name)
        except (OSError, ValueError):  # one of them is no file (yet)
            continue
        if same:
            raise ConfigError(f"{path} is what is read here: it would be lost", hint="write to another file")


def _kind(path: str) -> str:
    """What errlint would read in a file that stands there: "a config"; empty for all else, and where nothing can be read."""
    if os.path.basename(path) in CONFIGS:
        return "a config"
    try:
        with open(path, "rb") as file:
            found = _READ.search(file.read(HEAD))
    except OSError:
        return ""
    return "" if found is None else _WORDS.get(found[1], "an OpenAPI document")


def refuse_lost(path: str) -> None:
    """Refuses to write in the place of what errlint reads, whoever named it. Raises: ConfigError."""
    kind = _kind(os.path.realpath(path)) if os.path.isfile(path) else ""
    if kind:
        raise ConfigError(f"{path} is {kind}: it would be lost", hint="write to another file")


def refuse_unwritable(path: str) -> None:
    """Looks whether a file can be written, and makes none; no report goes in the place of what errlint reads.

    A config names its documents and catalogs, so that nobody need have named them here. Raises: ConfigError.
    """
    try:
        target = os.path.realpath(path)
        if os.path.isdir(target):
            raise ConfigError(f"cannot write {path}: it is a directory")
        if os.path.islink(target):
            raise ConfigError(f"cannot write {path}: it is a link that leads nowhere")
        if is_read_only(target):
            raise ConfigError(f"cannot write {path}: it is read-only")
        refuse_lost(path)
        folder = os.path.dirname(target)
        if not os.path.isdir(folder):
            told = "is no folder" if os.path.lexists(folder) else "does not exist"
            raise ConfigError(f"cannot write {path}: the folder {os.path.dirname(path) or folder} {told}")
        if not os.access(target if os.path.exists(target) else folder, os.W_OK):
            raise ConfigError(f"cannot write {path}: permission denied")
    except (OSError, ValueError) as error:
        raise ConfigError(f"cannot write {path}: {getattr(error, 'strerror', None) or error}") from None


def save(path: str, text: bytes) -> None:
    """Writes a file, wholly or not at all; one that stands is replaced, a link is followed, a device is written to.

    What stood there before stays where the new text cannot be written: nobody loses a report to a full disk.
    Raises: ConfigError.
    """
    if not path:
        raise ConfigError("the file to write has no name")
    try:
        if is_read_only(path):
            raise ConfigError(f"cannot write {path}: it is read-only")
        held = os.stat(path) if os.path.exists(path) else None
        if held is not None and not stat.S_ISREG(held.st_mode):
            _pour(path, text)
        else:
            _replace(os.path.realpath(path), text, None if held is None else stat.S_IMODE(held.st_mode))
    except (OSError, ValueError) as error:
        told = f"cannot write {path}: {getattr(error, 'strerror', None) or error}"
        raise ConfigError(told, hint="what stands there is older" if os.path.isfile(path) else "") from None


def put(path: str, text: bytes) -> None:
    """Puts a new text in the place of an old one, with its mode; a file that has other names is written in place.

    What is no file, ``/dev/null`` or a pipe, is written to: root could replace it, for every program of the machine.
    """
    held = os.stat(path)
    path = os.path.realpath(path)  # a link stays one
    if not stat.S_ISREG(held.st_mode):
        _pour(path, text)
    elif held.st_nlink > 1:
        with open(path, "r+b") as file:
            file.write(text)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())
    else:
        _replace(path, text, stat.S_IMODE(held.st_mode))


def _pour(path: str, text: bytes) -> None:
    with open(path, "wb") as stream:
        stream.write(text)


def _replace(path: str, text: bytes, mode: int | None) -> None:
    """Writes a file beside the path and then gives it its name; ``mode`` is None for what the user's mask gives."""
    import tempfile

    if mode is None:
        mask = os.umask(0)
        os.umask(mask)
        mode = 0o666 & ~mask
    handle, name = tempfile.mkstemp(prefix=".errlint-", dir=os.path.dirname(path) or ".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
