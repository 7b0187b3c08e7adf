"""Which file of its repository a finding stands in, for services that show it there and nowhere else."""

from __future__ import annotations

from errlint.report import View
from errlint.report.artifacts import is_absolute, is_file, path_of


def in_repository(uri: str, view: View) -> str:
    """The path of a file from the repository's root, empty for what is none of its files: a URL, a builtin catalog."""
    if not uri or not is_file(uri):
        return ""
    path = path_of(uri, view)
    return "" if path == "." or is_absolute(path) or path.split("/", 1)[0] == ".." else path
