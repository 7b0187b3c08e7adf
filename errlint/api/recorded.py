"""What a test suite sees: its command run with the pytest plugin recording the error answers."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

from errlint.errors import ConfigError

if TYPE_CHECKING:
    from errlint.model.draft import Draft


def of_tests(command: str) -> tuple[Draft, int]:
    """(what the tests saw, their exit code). What they print goes to standard error.

    The option reaches pytest by its environment, so that ``make test`` or ``tox`` work as well as ``pytest``.

    Raises: ConfigError for a command that cannot be run, or of which nothing was recorded.
    """
    from errlint.draft.answers import of_answers
    from errlint.draft.suite import Sightings

    try:
        words = shlex.split(command)
    except ValueError as error:
        raise ConfigError(f"--tests cannot be read as a command: {error}") from None
    if not words:
        raise ConfigError("--tests names no command", hint='write --tests "pytest -q"')
    with tempfile.TemporaryDirectory(prefix="errlint-") as folder:
        path = os.path.join(folder, "recorded.json")
        options = f"{os.environ.get('PYTEST_ADDOPTS', '')} --errlint-record={shlex.quote(path)}".strip()
        try:
            # The command is the user's own, typed for this run.
            ran = subprocess.run(words, check=False, env={**os.environ, "PYTEST_ADDOPTS": options}, stdout=sys.stderr)  # noqa: S603
        except (OSError, ValueError) as error:
            raise ConfigError(f"cannot run {words[0]}: {getattr(error, 'strerror', None) or error}") from None
        if not os.path.isfile(path):
            told = f"the tests recorded nothing (exit {ran.returncode})"
            raise ConfigError(told, hint="do they run pytest, and is errlint installed where they run?")
        seen = Sightings()
        with open(path, encoding="utf-8") as file:
            seen.include(file.read())
        return of_answers(seen.observations()), ran.returncode
