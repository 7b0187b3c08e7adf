"""What a test suite sees: its command, run with the pytest plugin recording the error answers."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from errlint.draft.suite import Sightings
from errlint.errors import ConfigError

if TYPE_CHECKING:
    from errlint.model.exchange import Observation


STDERR = 2
"""The file descriptor, whatever stands for it in this process."""


def of_tests(command: str, document: str | None = None) -> tuple[tuple[Observation, ...], int]:
    """(the errors that the tests saw, their exit code); ``document`` tells the plugin which operations there are.

    What the tests print goes to standard error. The options reach pytest by its environment, so that ``make test`` or ``tox``
    work as well as ``pytest``.

    Raises: ConfigError for a command that cannot be run, or of which nothing was recorded.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise ConfigError(f"--tests cannot be read as a command: {error}") from None
    if not words:
        raise ConfigError("--tests names no command", hint='write --tests "pytest -q"')
    with tempfile.TemporaryDirectory(prefix="errlint-") as folder:
        path = Path(folder, "seen.json")
        options = [f"--errlint-record={path}", *([f"--errlint-spec={os.path.abspath(document)}"] if document else [])]
        code = _run(words, options)
        if not path.is_file():
            raise ConfigError(f"the tests recorded nothing (exit {code})", hint=_shell(words) or _hint(words, code))
        seen = Sightings()
        seen.include(path.read_text("utf-8"))
        return tuple(seen.observations()), code


def _run(words: list[str], options: list[str]) -> int:
    """The exit code of a command; the options stand in PYTEST_ADDOPTS, behind the user's own."""
    given = f"{os.environ.get('PYTEST_ADDOPTS', '')} {shlex.join(options)}".strip()
    try:
        # The command is the user's own, typed for this run.
        ran = subprocess.run(words, check=False, env={**os.environ, "PYTEST_ADDOPTS": given}, stdout=STDERR)  # noqa: S603
    except (OSError, ValueError) as error:
        told = f"cannot run {words[0]}: {getattr(error, 'strerror', None) or error}"
        raise ConfigError(told, hint=_shell(words)) from None
    return ran.returncode


def _hint(words: list[str], code: int) -> str:
    """Why nothing was recorded; pytest's own exit codes tell that it did not come to a test."""
    if code in (2, 3, 4, 5) and any("pytest" in word for word in words):
        return "pytest ran no test" if code == 5 else "pytest stopped before the tests: its own words stand above"
    return "do they run pytest, and is errlint installed where they run?"


def _shell(words: list[str]) -> str:
    """What to do where a command was written for a shell, empty where it was not."""
    meant = words[0] in ("cd", "export", "source", ".") or "=" in words[0] or not {"|", "||", "&&", ";", ">"}.isdisjoint(words)
    return "no shell reads it: --tests \"sh -c '...'\" has one" if meant else ""
