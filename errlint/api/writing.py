"""Files that are changed in their place."""

from __future__ import annotations

import os
import stat


def is_read_only(uri: str) -> bool:
    """Whether a file says that nobody may write it; root could."""
    try:
        return os.path.isfile(uri) and not os.stat(uri).st_mode & 0o222
    except (OSError, ValueError):
        return False


def put(path: str, text: bytes) -> None:
    """Puts a new file in the place of an old one, with its mode; one that has other names is written in place."""
    import tempfile

    held = os.stat(path)
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
