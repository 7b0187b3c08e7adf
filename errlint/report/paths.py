"""Where a file stands in its repository, as CI services want to be told."""

from __future__ import annotations

import posixpath


def in_repository(uri: str, folder: str = "") -> str:
    """The path of a file from the repository's root, empty for what is no file there: a URL, a builtin catalog, standard input.

    ``uri`` is as the user wrote it, relative to the working directory, which is ``folder`` from the root.
    """
    if not uri or uri == "-" or posixpath.isabs(uri) or "://" in uri or uri.startswith("builtin:"):
        return ""
    path = posixpath.normpath(posixpath.join(folder, uri))
    return "" if path == "." or path.split("/", 1)[0] == ".." else path
