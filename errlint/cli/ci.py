"""What a CI service says of a run in the environment, and the summary that GitHub shows of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from errlint.model.finding import Report
from errlint.report import View

ROOTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BITBUCKET_CLONE_DIR", "BUILD_SOURCESDIRECTORY")
"""Where GitHub Actions, GitLab CI, Bitbucket and Azure Pipelines say that the repository lies."""

JENKINS = ("JENKINS_URL", "WORKSPACE")
"""What Jenkins says: the second is a common name, the first tells that it is its."""

SUMMARY = "GITHUB_STEP_SUMMARY"
"""The file whose Markdown GitHub shows on the page of a run."""

LARGEST = 1024 * 1024
"""Bytes that GitHub takes of a step; it drops a larger summary as a whole."""

LEAST = 8 * 1024
"""Bytes that a summary needs to say something."""


def folder(environment: Mapping[str, str]) -> str:
    """The working directory from the repository's root (``services/orders``), empty in the root and where no CI tells it."""
    for told in _roots(environment):
        here, root = os.path.realpath("."), os.path.realpath(told)
        if here.startswith(root.rstrip("/\\") + os.sep):
            return os.path.relpath(here, root).replace(os.sep, "/")
    return ""


def roots(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The absolute paths by which users may call the repository's root: of a link, and where they run outside of it."""
    told = list(_roots(environment))
    here, below = environment.get("PWD", ""), folder(environment)
    if here and os.path.isabs(here) and os.path.realpath(here) == os.path.realpath("."):
        told.append(here.removesuffix(f"/{below}") if below else here)
    named = [path for one in told if os.path.isdir(one) for path in (os.path.realpath(one), os.path.abspath(one))]
    return tuple(dict.fromkeys(path.replace(os.sep, "/").rstrip("/") for path in named))


def _roots(environment: Mapping[str, str]) -> Iterator[str]:
    """Where a CI says that the repository lies."""
    names = (*ROOTS, JENKINS[1]) if environment.get(JENKINS[0]) else ROOTS
    yield from filter(None, map(environment.get, names))


def summarise(report: Report, view: View, path: str) -> str:
    """Appends the summary of a run to a file; gives the reason where that is not possible, empty where it is done."""
    from errlint.report.markdown import text

    try:
        before = os.path.getsize(path) if os.path.exists(path) else 0
        if LARGEST - before < LEAST:
            return f"{path} is full: GitHub takes {LARGEST // 1024} KiB of a step"
        _append(path, text(report, view, LARGEST - before).encode("utf-8", "backslashreplace"), before)
    except (OSError, ValueError) as error:
        return f"cannot write {path}: {getattr(error, 'strerror', None) or error}"
    return ""


def _append(path: str, text: bytes, before: int) -> None:
    """Adds all of a text to a file of so many bytes, or nothing. Raises: OSError."""
    try:
        with open(path, "ab") as file:
            file.write(text)
    except BaseException:
        if os.path.isfile(path):
            os.truncate(path, before)
        raise
