"""What is linted, and by what: the documents that names mean, each with the config that is nearest to it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from errlint.api.linting import KEPT, Task
from errlint.config import Asked, Effective
from errlint.errors import ConfigError, LoadError
from errlint.load.library import Library
from errlint.model.finding import Location, Severity
from errlint.model.record import mutable, record

if TYPE_CHECKING:
    from errlint.config.file import ConfigFile, Configs
    from errlint.load.source import Document

READS = "name one: errlint lint openapi.yaml, or a folder of several: errlint lint ."


@record
class Work:
    """The tasks of one run; ``show`` and ``formats`` are what the first config that says so wants to see."""

    tasks: tuple[Task, ...]
    show: Severity | None = None
    formats: tuple[str, ...] = ()

    @property
    def many(self) -> bool:
        """Whether there are so many documents that a run does not keep them."""
        return sum(len(task.documents) for task in self.tasks) > KEPT

    @property
    def baselines(self) -> tuple[str, ...]:
        """The files of known findings, each once."""
        return tuple(dict.fromkeys(task.baseline for task in self.tasks if task.baseline))


@record
class Source:
    """One document to judge: what was named, or read already; the folder that its config is searched from; its file.

    ``app`` is the application that it is about, as a config may name it too.
    """

    document: str | Document
    folder: str = "."
    real: str = ""
    app: str = ""

    @property
    def name(self) -> str:
        """Its uri."""
        return self.document if isinstance(self.document, str) else self.document.uri


@mutable
class Planner:
    """Finds the documents and what holds for each. ``config`` is the one that the user named; ``isolated`` reads none."""

    asked: Asked
    library: Library
    config: str | None = None
    isolated: bool = False
    stdin: Callable[[], bytes] = bytes
    _configs: Configs | None = None

    def work(self, names: Sequence[str], apps: Sequence[str] = (), folder: str = ".") -> Work:
        """The tasks that the names come to, or the configured or usual documents. Raises: LoadError, ConfigError.

        ``apps`` are applications, imported from the ``folder``.
        """
        sources = self._named(names) if names else [] if apps else self._unnamed()
        if apps:
            from errlint.api.applications import documents_of  # imports the user's code

            made = documents_of(apps, folder, [one.document for one in sources], self.library)
            beside = [(one.folder, one.real) for one in sources] or [(".", "")] * len(made)
            sources = [Source(one, *place, one.app) for one, place in zip(made, beside, strict=True)]
        tasks: dict[tuple[str, int], tuple[Effective, str, list[str | Document]]] = {}
        for source in _distinct(sources):
            file = self._config(source.folder)
            entry = _entry(file, source) if file is not None else -1
            key = (file.uri if file is not None else "", entry)
            if key not in tasks:
                tasks[key] = (self._effective(file, entry), key[0], [])
            tasks[key][2].append(source.document)
        held = [effective for effective, _, _ in tasks.values()]
        return Work(
            tuple(self._task(*one) for one in tasks.values()),
            next((one.show for one in held if one.show is not None), None),
            next((one.formats for one in held if one.formats), ()),
        )

    def held(self, name: str, app: str = "") -> Effective:
        """What holds for one file, or for an application. Raises: ConfigError."""
        source = _of(name) if _is(os.path.isfile, name) else Source(name, app=app)
        file = self._config(source.folder)
        return self._effective(file, _entry(file, source) if file is not None else -1)

    def catalogs(self) -> tuple[str, ...]:
        """All catalogs that the config nearest to here names, those of its documents too. Raises: ConfigError."""
        file = self._config(".")
        entries = range(-1, len(file.data.get("document", ())) if file is not None else 0)
        return tuple(dict.fromkeys(name for entry in entries for name in self._effective(file, entry).catalogs))

    def _task(self, held: Effective, config: str, documents: list[str | Document]) -> Task:
        return Task(
            tuple(documents),
            held.catalogs,
            held.settings,
            held.root,
            held.owner,
            fail_on=held.fail_on,
            service="" if self.asked.catalogs else config,
            baseline=held.baseline,
        )

    def _config(self, folder: str) -> ConfigFile | None:
        if self.isolated:
            return None
        if self._configs is None:
            from errlint.config.file import Configs

            self._configs = Configs()
        if self.config is not None:
            return self._configs.required(self.config)
        return self._configs.nearest(folder)

    def _effective(self, file: ConfigFile | None, entry: int) -> Effective:
        if file is None or self._configs is None:
            return self.asked.over(Effective())
        from errlint.config.merge import effective, parts

        return effective(parts(self._configs.chain(file), None if entry < 0 else entry), self.asked)

    def _named(self, names: Sequence[str]) -> list[Source]:
        sources: list[Source] = []
        for name in names:
            if name == "-":
                sources.append(Source(self._standard_input()))
            elif name[:8].lower().startswith(("http://", "https://")):
                sources.append(Source(self._fetched(name)))
            elif _is(os.path.isdir, name):
                sources += self._in_folder(name)
            elif not _is(os.path.lexists, name) and any(sign in name for sign in "*?["):
                sources += self._globbed(name)
            else:
                sources.append(_of(name))
        return sources

    def _standard_input(self) -> Document:
        from errlint.load.source import MAX_BYTES, load

        text = self.stdin()
        if len(text) > MAX_BYTES:
            raise LoadError(f"is larger than {MAX_BYTES // 1024 // 1024} MiB", Location("-", ()))
        return load(text, "-")

    def _fetched(self, url: str) -> Document:
        from errlint.load.remote import typed

        document, final = typed(url)
        if self.library.remote is not None:
            self.library.remote.came_from(document.uri, final)
        return document

    def _in_folder(self, name: str) -> list[Source]:
        from errlint.load.discover import in_folder

        found = in_folder(name, self.library)
        if not found:
            raise LoadError(f"no OpenAPI document is in the folder {name}")
        return [_found(one) for one in found]

    def _globbed(self, pattern: str, at: Location | None = None) -> list[Source]:
        """The documents that a glob names; other files among them are skipped."""
        from errlint.load.discover import expanded, found_in

        found = [found_in(path, self.library) for path in expanded(pattern)]
        documents = [one for one in found if one is not None]
        if not documents:
            told = f"{len(found)} files match {pattern}, none is an OpenAPI document" if found else f"nothing matches {pattern}"
            raise LoadError(told, at)
        return [_found(one) for one in documents]

    def _unnamed(self) -> list[Source]:
        """The documents of the config that is nearest to where errlint runs, else those that stand where they usually do."""
        file = self._config(".")
        if file is not None and file.data.get("document"):
            return [source for index in range(len(file.data["document"])) for source in self._of_entry(file, index)]
        from errlint.load.discover import usual

        found = usual(self.library)
        if not found:
            raise ConfigError("no document to lint", hint=READS)
        return [_of(document.uri, document) for document in found]

    def _of_entry(self, file: ConfigFile, index: int) -> list[Source]:
        from errlint.load.discover import is_glob

        if "app" in file.data["document"][index]:
            from errlint.api.applications import generated

            app = file.data["document"][index]["app"]
            document = generated(app, file.folder, file.at(("document", str(index), "app")))
            return [Source(document, file.folder, app=app)]
        at = file.at(("document", str(index), "path"))
        path = file.path(file.data["document"][index]["path"])
        if not _is(os.path.lexists, path) and is_glob(path):
            return self._globbed(path, at)
        if _is(os.path.isdir, path):
            return self._in_folder(path)
        if not _is(os.path.isfile, path):
            from errlint.load.nearby import nearby

            raise ConfigError(f"there is no document {path}", at, nearby(path))
        return [_of(path)]


def _of(path: str, document: Document | None = None) -> Source:
    return Source(document or path, os.path.dirname(path) or ".", os.path.realpath(path) if "\0" not in path else path)


def _found(one: Document | str) -> Source:
    return _of(one) if isinstance(one, str) else _of(one.uri, one)


def _is(question: Callable[[str], bool], name: str) -> bool:
    """What the file system says of a name; False for one that no file can have."""
    try:
        return question(name)
    except ValueError:  # a NUL
        return False


def _distinct(sources: Sequence[Source]) -> list[Source]:
    """The sources without those whose file was named before."""
    seen: dict[str, Source] = {}
    for source in sources:
        seen.setdefault(source.real or f"\0{source.name}", source)
    return list(seen.values())


def _below(path: str, folder: str) -> str:
    """A path relative to a folder, with ``/``; the path itself on another drive."""
    try:
        return os.path.relpath(path, folder).replace(os.sep, "/")
    except ValueError:
        return path


def _entry(file: ConfigFile, source: Source) -> int:
    """The number of the first ``[[document]]`` that speaks of a file, -1 for none."""
    entries = file.data.get("document", ())
    if source.app:
        return next((index for index, entry in enumerate(entries) if entry.get("app") == source.app), -1)
    if not entries or not source.real:
        return -1
    from errlint.load.discover import matches

    paths = [_below(os.path.abspath(source.name), file.folder), _below(source.real, os.path.realpath(file.folder))]
    for index, entry in enumerate(entries):
        if "path" not in entry:
            continue
        pattern = entry["path"].rstrip("/")
        absolute = os.path.isabs(pattern)
        for path in (source.real.replace(os.sep, "/"),) if absolute else paths:
            if matches(pattern, path) or matches(f"{pattern}/**", path):  # a folder stands for all in it
                return index
    return -1
