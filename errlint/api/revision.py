"""Files as a git revision has them."""

from __future__ import annotations

import os
import re
import subprocess

from errlint.errors import ConfigError
from errlint.load.source import MAX_BYTES

SECONDS = 30
_COMMIT = re.compile(r"[0-9a-f]{40,64}")
# A hook's git hands these on; they name its own repository and folder, whatever folder is asked about.
_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR")
_QUIET = {"GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}


class Revision:
    """One revision by its name, in whatever repository a file is; ``what`` is what the user wrote.

    Raises: ConfigError for what can be no revision.
    """

    def __init__(self, name: str, what: str = "") -> None:
        if not name or name.startswith("-") or not name.isprintable() or ":" in name:
            raise ConfigError(f"{what or f'--since {name!r}'} is no revision", hint="name a branch, a tag, a commit, or a file")
        self.name = name
        self._commits: dict[str, tuple[str, str]] = {}

    @property
    def found(self) -> bool:
        """Whether some repository that was asked has it."""
        return any(commit for commit, _ in self._commits.values())

    @property
    def root(self) -> str:
        """The root of the repository that the current folder is in, empty where it is in none."""
        done = _git(".", "rev-parse", "--show-toplevel")
        return "" if isinstance(done, str) or done.returncode else os.fsdecode(done.stdout).rstrip("\n")

    def bytes_of(self, path: str) -> bytes | str:
        """The bytes of a file in this revision; or why there are none, as the rest of a sentence about the file."""
        folder, inside = _existing(os.path.realpath(path))
        if folder not in self._commits:
            self._commits[folder] = self._commit(folder)
        commit, fault = self._commits[folder]
        if fault:
            return fault
        done = _git(folder, "cat-file", "blob", f"{commit}:./{inside}")
        if isinstance(done, str):
            return done
        if done.returncode:
            return f"is not in {self.name}"
        if len(done.stdout) > MAX_BYTES:
            return f"is too large in {self.name}"
        return done.stdout

    def _commit(self, folder: str) -> tuple[str, str]:
        """The commit that the name means in the repository of a folder, and why there is none."""
        done = _git(folder, "rev-parse", "--verify", "--quiet", f"{self.name}^{{commit}}")
        if isinstance(done, str):
            return "", done
        commit = done.stdout.decode(errors="replace").strip()
        if done.returncode == 0 and _COMMIT.fullmatch(commit):
            return commit, ""
        said = done.stderr.decode(errors="replace").strip().partition("\n")[0].removeprefix("fatal: ")
        if said.startswith("not a git repository"):
            return "", "is in no git repository"
        return "", f"cannot be compared, git says: {said}" if said else f"is in a repository without revision {self.name}"


def _existing(path: str) -> tuple[str, str]:
    """The innermost folder of a path that is there now, and the path from it; both may have been moved since."""
    folder, inside = os.path.dirname(path), os.path.basename(path)
    while not os.path.isdir(folder) and folder != os.path.dirname(folder):
        folder, inside = os.path.dirname(folder), os.path.join(os.path.basename(folder), inside)
    return folder, inside.replace(os.sep, "/")


def _git(folder: str, *arguments: str) -> subprocess.CompletedProcess[bytes] | str:
    """What git answers, or why it did not. No blob is filtered, nothing is fetched, nothing asks."""
    environment = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK} | _QUIET
    try:
        return subprocess.run(  # noqa: S603 - no argument can be an option
            ["git", "-C", folder, *arguments],  # noqa: S607 - the user's own git
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=SECONDS,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"cannot be compared: git took more than {SECONDS} seconds"
    except (OSError, ValueError) as error:
        return f"cannot be compared: git cannot be run ({getattr(error, 'strerror', None) or error})"
