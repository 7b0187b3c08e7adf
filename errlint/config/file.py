"""Config files: errlint.toml, or ``[tool.errlint]`` in pyproject.toml, found beside or above a document, and read."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from errlint import __version__
from errlint.errors import ConfigError
from errlint.model.finding import Location
from errlint.model.pointer import Pointer
from errlint.model.record import field, record

OWN, SHARED = "errlint.toml", "pyproject.toml"
TABLE = ("tool", "errlint")

MAX_BYTES = 1024 * 1024
MOST_FILES = 50
MOST_DOTS = 1000
"""In one key: tomllib takes time quadratic in them."""

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)")


@record
class ConfigFile:
    """One config: its uri as reports show it, its folder, its checked data, and where all of it stands.

    ``prefix`` is the place of the data in the file: ``tool.errlint`` in a pyproject.toml.
    """

    uri: str
    folder: str
    data: Mapping[str, Any]
    prefix: Pointer = ()
    text: str = field(default="", repr=False)

    def at(self, pointer: Pointer) -> Location:
        """The location of a key or item of the data."""
        whole = (*self.prefix, *pointer)
        return Location(self.uri, whole, *self._places.of(whole))

    @cached_property
    def _places(self) -> Any:
        from errlint.config.places import TomlPlaces  # for what is said of a config only

        return TomlPlaces(self.text)

    def path(self, name: str) -> str:
        """The path of a file that this config names relative to itself, as reports show it."""
        if os.path.isabs(name):
            return name
        written = os.path.join(os.path.dirname(self.uri), name)
        tidy = shown(os.path.join(self.folder, name))
        # Behind a symbolic link ``a/../b`` need not be ``b``.
        return (tidy if os.path.realpath(tidy) == os.path.realpath(written) else written).replace(os.sep, "/")


class Configs:
    """The configs of one run, each searched for and read once."""

    def __init__(self) -> None:
        self._nearest: dict[str, ConfigFile | None] = {}
        self._read: dict[str, ConfigFile | None] = {}

    def nearest(self, folder: str) -> ConfigFile | None:
        """The config in a folder or the nearest one above it; the folder that holds .git is the last one looked into.

        Raises: ConfigError.
        """
        here = os.path.abspath(folder)
        above: list[str] = []
        found = None
        while here not in self._nearest:
            above.append(here)
            found = self._in(here)
            parent = os.path.dirname(here)
            if found is not None or parent == here or os.path.lexists(os.path.join(here, ".git")):
                break
            here = parent
        else:
            found = self._nearest[here]
        self._nearest.update(dict.fromkeys(above, found))
        return found

    def _in(self, folder: str) -> ConfigFile | None:
        for name in (OWN, SHARED):
            path = os.path.join(folder, name)
            if os.path.lexists(path) and not os.path.isdir(path):
                found = self.read(path)
                if found is not None:
                    return found
        return None

    def read(self, path: str) -> ConfigFile | None:
        """The config in a file; None where it is a pyproject.toml that does not speak of errlint. Raises: ConfigError."""
        key = os.path.realpath(path)
        if key not in self._read:
            self._read[key] = _read(path, shown(path))
        return self._read[key]

    def required(self, path: str, at: Location | None = None) -> ConfigFile:
        """The config in a file that somebody named. Raises: ConfigError."""
        try:
            found = self.read(path) if os.path.lexists(path) else None
        except ValueError:  # a NUL
            found = None
        if found is None:
            there = os.path.lexists(path) if "\0" not in path else False
            told = f"{shown(path)} has no table [tool.errlint]" if there else f"there is no config {shown(path)}"
            from errlint.load.nearby import nearby

            raise ConfigError(told, at, "" if there else nearby(path))
        return found

    def chain(self, file: ConfigFile) -> tuple[ConfigFile, ...]:
        """A config after all that it extends, each before what extends it. Raises: ConfigError."""
        found: list[ConfigFile] = []
        self._extended(file, (), found)
        return tuple(found)

    def _extended(self, file: ConfigFile, above: tuple[ConfigFile, ...], found: list[ConfigFile]) -> None:
        written = file.data.get("extends", [])
        for index, name in enumerate([written] if isinstance(written, str) else written):
            at = file.at(("extends",) if isinstance(written, str) else ("extends", str(index)))
            base = self.required(file.path(name), at)
            if any(base is one for one in (*above, file)):
                raise ConfigError(f"extends leads back to {base.uri}", at, "remove one of the two extends")
            if len(above) + len(found) >= MOST_FILES:
                raise ConfigError(f"extends leads to more than {MOST_FILES} files", at)
            if not any(base is one for one in found):
                self._extended(base, (*above, file), found)
        found.append(file)


def shown(path: str) -> str:
    """A path as reports show it: relative to where errlint runs, if it lies there or near."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive; a NUL
        return path
    return (path if relative.count("..") > 3 else relative).replace(os.sep, "/")


def _read(path: str, uri: str) -> ConfigFile | None:
    text = _text(path, uri)
    prefix = TABLE if os.path.basename(path) == SHARED else ()
    if prefix and "errlint" not in text:
        return None
    try:
        data: Any = _plain(_parsed(text, uri))
    except RecursionError:
        raise ConfigError("nested too deeply", Location(uri, ())) from None
    for name in prefix:
        data = data.get(name) if isinstance(data, dict) else None
    if data is None:
        return None
    file = ConfigFile(uri, os.path.dirname(os.path.abspath(path)), data if isinstance(data, dict) else {}, prefix, text)
    if not isinstance(data, dict):
        raise ConfigError("tool.errlint must be a table", file.at(()))
    _check(file)
    return file


def _text(path: str, uri: str) -> str:
    where = Location(uri, ())
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # opening a pipe would wait for ever
            raise ConfigError("is no file", where)
        with open(path, "rb") as file:
            text = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise ConfigError(f"cannot be read: {getattr(error, 'strerror', None) or error}", where) from None
    if len(text) > MAX_BYTES:
        raise ConfigError(f"is larger than {MAX_BYTES // 1024 // 1024} MiB", where)
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text[: error.start].count(b"\n") + 1
        column = error.start - text[: error.start].rfind(b"\n")
        raise ConfigError(f"is not UTF-8: byte 0x{text[error.start]:02X}", Location(uri, (), line, column)) from None


def _parsed(text: str, uri: str) -> Any:
    import tomllib  # where there is a config

    if any(part.count(".") > MOST_DOTS for line in text.splitlines() for part in line.split("=")):
        raise ConfigError("nested too deeply", Location(uri, ()))
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.search(str(error))
        lines = text.count("\n") + 1
        at = (int(found[1]), int(found[2])) if found and found[1] else (lines, len(text) - text.rfind("\n"))
        raise ConfigError(f"not valid TOML: {_PLACE.sub('', str(error))}", Location(uri, (), *at)) from None
    except ValueError:  # sys.get_int_max_str_digits
        raise ConfigError("a number has too many digits", Location(uri, ())) from None


def _plain(value: Any) -> Any:
    """The data with dates and times as texts, so that ``until = 2027-01-01`` may have quotes or not."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _check(file: ConfigFile) -> None:
    """Raises: ConfigError for a version that this errlint is not, then for the first thing that breaks the format."""
    from errlint.config.check import problems

    wanted = file.data.get("required-version")
    if isinstance(wanted, str):
        _check_version(wanted, file)
    found = list(problems(file.data))
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise ConfigError(found[0].text + more, file.at(found[0].at))
    for index, entry in enumerate(file.data.get("document", ())):
        at = file.at(("document", str(index), "app"))
        if "app" in entry and "path" in entry:
            raise ConfigError(f"document {index + 1} has a path and an app", at, "give each an entry of its own")
        if "app" not in entry and "path" not in entry:
            raise ConfigError(f"document {index + 1} has no path and no app", at)


def _check_version(wanted: str, file: ConfigFile) -> None:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # 60 ms that only a required-version owes

    at = file.at(("required-version",))
    try:
        fits = SpecifierSet(wanted).contains(__version__, prereleases=True)
    except InvalidSpecifier:
        raise ConfigError(f"required-version: {wanted!r} is no version specifier", at, 'write ">=0.3,<1"') from None
    if not fits:
        hint = "pip install 'errlint" + wanted.replace(" ", "") + "'"
        raise ConfigError(f"this is errlint {__version__}, the config requires {wanted}", at, hint)
