"""What a CI service says of a run in the environment, and the summary that GitHub shows of it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from errlint.model.finding import Report
from errlint.report import View

ROOTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")
"""Where GitHub Actions and GitLab CI say that the repository lies."""

SUMMARY = "GITHUB_STEP_SUMMARY"
"""The file whose Markdown GitHub shows on the page of a run."""

LARGEST = 1024 * 1024
"""Bytes that GitHub takes of a step; it drops a larger summary as a whole."""

LEAST = 8 * 1024
"""Bytes that a summary needs to say something."""


def folder(environment: Mapping[str, str]) -> str:
    """The working directory from the repository's root (``services/orders``), empty in the root and where no CI tells it."""
    for name in ROOTS:
        root = environment.get(name)
        if root:
            here, root = os.path.realpath("."), os.path.realpath(root)
            if here.startswith(root.rstrip("/\\") + os.sep):
                return os.path.relpath(here, root).replace(os.sep, "/")
    return ""


def summarise(report: Report, view: View, path: str) -> str:
    """Appends the summary of a run to a file; gives the reason where that is not possible, empty where it is done."""
    from errlint.report.markdown import text

    try:
        left = LARGEST - (os.path.getsize(path) if os.path.exists(path) else 0)
        if left < LEAST:
            return f"{path} is full: GitHub takes {LARGEST // 1024} KiB of a step"
        with open(path, "ab") as file:
            file.write(text(report, view, left).encode("utf-8", "backslashreplace"))
    except (OSError, ValueError) as error:
        return f"cannot write {path}: {getattr(error, 'strerror', None) or error}"
    return ""
