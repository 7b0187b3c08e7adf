"""Files that are written, or changed in their place."""

from __future__ import annotations

import os
import stat

from errlint.errors import ConfigError


def is_read_only(uri: str) -> bool:
    """Whether a file says that nobody may write it; root could."""
    try:
        return os.path.isfile(uri) and not os.stat(uri).st_mode & 0o222
    except (OSError, ValueError):
        return False


def save(path: str, text: bytes) -> None:
    """Writes a file, wholly or not at all; one that stands is replaced. Raises: ConfigError."""
    import tempfile

    try:
        if os.path.exists(path):
            put(path, text)
            return
        handle, name = tempfile.mkstemp(prefix=".errlint-", dir=os.path.dirname(path) or ".")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text)
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(name, 0o666 & ~mask)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except (OSError, ValueError) as error:
        raise ConfigError(f"cannot write {path}: {getattr(error, 'strerror', None) or error}") from None


def put(path: str, text: bytes) -> None:
    """Puts a new file in the place of an old one, with its mode; one that has other names is written in place.

    What is no file, ``/dev/null`` or a pipe, is written to: root could replace it, for every program of the machine.
    """
    import tempfile

    held = os.stat(path)
    if not stat.S_ISREG(held.st_mode):
        with open(path, "wb") as stream:
            stream.write(text)
        return
    path = os.path.realpath(path)  # a link stays one
    if held.st_nlink > 1:
        with open(path, "r+b") as file:
            file.write(text)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())
        return
    mode = stat.S_IMODE(held.st_mode)
    handle, name = tempfile.mkstemp(prefix=".errlint-", dir=os.path.dirname(path))
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
