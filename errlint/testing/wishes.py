"""What a user asks of a suite: options, then ini files, then errlint.toml."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from errlint.config import FAIL_ON, Asked, Effective
from errlint.errors import ConfigError
from errlint.model.record import record

if TYPE_CHECKING:
    import pytest

    from errlint.config.file import ConfigFile


@record
class Wishes:
    """``held`` is what the catalogs, the config and the level come to; ``spec`` the document's path, None for none.

    ``every`` is true where every answer that breaks the contract fails its test. ``record`` is the path to write, None for
    none. ``least`` are the percents of codes to see, by layer; ``""`` stands for all. ``watch`` says whether the suite's
    clients are watched. ``notes`` are lines for the user.
    """

    held: Effective
    spec: str | None
    every: bool
    record: str | None
    least: tuple[tuple[str, float], ...]
    urls: tuple[str, ...]
    watch: bool
    notes: tuple[str, ...] = ()


class _Options:
    """Options and ini values; paths in an ini file are relative to it."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._here = str(config.invocation_params.dir)
        self._beside = str(config.inipath.parent) if config.inipath is not None else self._here

    def several(self, name: str, *, paths: bool = False) -> tuple[str, ...]:
        asked = self._config.getoption(f"errlint_{name}", None)
        words = asked or self._config.getini(f"errlint_{name}") or []
        if isinstance(words, str):
            words = [words]
        folder = self._here if asked else self._beside
        return tuple(_path(folder, str(word)) if paths else str(word) for word in words if word)

    def one(self, name: str, *, path: bool = False) -> str | None:
        return next(iter(self.several(name, paths=path)), None)


def wishes(config: pytest.Config) -> Wishes:
    """What holds for a run. Raises: ConfigError, LoadError."""
    options = _Options(config)
    catalogs = options.several("catalog", paths=True)
    level = _among(options.one("fail_on"), ("error", "warning", "note"), "errlint_fail_on")
    check = _among(options.one("check"), ("called", "seen"), "errlint_check")
    spec = options.one("spec", path=True)
    if spec is not None and not os.path.isfile(spec):
        raise ConfigError(f"there is no document {spec}")
    record = options.one("record", path=True)
    least = tuple(_percent(word) for word in options.several("min_coverage"))
    asked = Asked(catalogs=catalogs, fail_on=FAIL_ON[level] if level else None)
    held, spec, notes = _held(config, asked, spec, record is not None)
    if least and not held.catalogs:
        raise ConfigError(
            "--errlint-min-coverage counts the codes of a catalog, and there is none", hint="give --errlint-catalog"
        )
    watch = bool(catalogs or record or least or check == "seen")
    record = os.path.abspath(record) if record is not None else None
    return Wishes(held, spec, check == "seen", record, least, options.several("url"), watch, notes)


def _held(
    config: pytest.Config, asked: Asked, spec: str | None, recording: bool
) -> tuple[Effective, str | None, tuple[str, ...]]:
    """What holds by the config that is nearest to the document, or else to the tests; and the document.

    Where a catalog is recorded, that of the config need not be there yet.
    """
    from errlint.api.tasks import Planner
    from errlint.config.file import Configs
    from errlint.load.library import Library

    folder = _folder(config)
    file = Configs().nearest(os.path.dirname(spec) or "." if spec is not None else folder)
    meant = _meant(file) if spec is None and file is not None else _Meant(spec)
    # References are followed when somebody asks for them: a test may have changed the folder by then.
    spec = os.path.abspath(meant.spec) if meant.spec is not None else None
    # A config names its files relative to itself.
    planner = Planner(asked, Library(), config=file.uri if file is not None else None, isolated=file is None)
    try:
        return planner.held(spec or meant.beside or folder, meant.app), spec, meant.notes
    except ConfigError as error:
        if not recording or not error.message.startswith("there is no catalog"):
            raise
        alone = Planner(asked, Library(), isolated=True)
        notes = (*meant.notes, f"{error.line()}: what is recorded is held to none")
        return alone.held(spec or folder), spec, notes


def _folder(config: pytest.Config) -> str:
    """Where the tests stand that run: in a repository of several services each folder may have a config of its own."""
    named = [os.path.join(config.invocation_params.dir, word.partition("::")[0]) for word in config.args]
    common = os.path.commonpath(list(map(os.path.abspath, named))) if named else ""
    folder = common if os.path.isdir(common) else os.path.dirname(common)
    root = str(config.rootpath)
    return folder if os.path.isdir(folder) and os.path.commonpath((folder, root)) == root else root


@record
class _Meant:
    """Which of a config's documents the tests are about: its path; else a document, or an application, of the same catalogs.

    ``notes`` say that there are several.
    """

    spec: str | None
    beside: str = ""
    app: str = ""
    notes: tuple[str, ...] = ()


def _meant(file: ConfigFile) -> _Meant:
    """What a config says of the tests beside it.

    Applications are not asked for their document: that would import them before the suite has set them up.
    """
    entries = file.data.get("document", ())
    paths = [str(file.path(entry["path"])) for entry in entries if "path" in entry]
    if len(paths) == 1 and os.path.isfile(paths[0]):
        return _Meant(paths[0])
    told = f"{file.uri} has {len(paths)} documents: answers are judged without one (--errlint-spec names it)"
    notes = (told,) if paths else ()
    if not entries or any(entry.get("catalog") != entries[0].get("catalog") for entry in entries):
        return _Meant(None, notes=notes)
    first = str(entries[0].get("app", ""))
    return _Meant(None, "" if first else next(filter(os.path.isfile, paths), ""), first, notes)


def _among(word: str | None, allowed: tuple[str, ...], key: str) -> str | None:
    if word is not None and word not in allowed:
        raise ConfigError(f"{key} cannot be {word!r}", hint=f"say {' or '.join(allowed)}")
    return word


def _percent(word: str) -> tuple[str, float]:
    """``80`` or ``service=80`` as (layer, percent)."""
    layer, _, number = word.rpartition("=")
    try:
        percent = float(number.removesuffix("%"))
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 100:
        raise ConfigError(
            f"--errlint-min-coverage cannot be {word!r}", hint="say a percentage: 80, or service=80 for one layer"
        )
    return layer, percent


def _path(folder: str, name: str) -> Any:
    """The path of a file, as reports show it, whatever folder a test changes to; what is no path stays."""
    if name.startswith(("builtin:", "pkg:")):
        return name
    whole = os.path.join(folder, os.path.expanduser(name))
    relative = os.path.relpath(whole)
    return whole if relative.startswith("..") else relative
