"""The judge of a Schemathesis run: which contract holds, and what it says of each answer."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from errlint.api.answering import Answers, Told
from errlint.api.tasks import Planner
from errlint.config import FAIL_ON, Asked, Settings
from errlint.errors import ConfigError, LoadError
from errlint.load.library import Library
from errlint.load.source import load, read
from errlint.model.spec import Spec
from errlint.probe.options import masked
from errlint.probe.trial import Trial
from errlint.st.cases import Exactly, Reader, cases, directed
from errlint.st.names import home


class Contract:
    """What holds for one run. ``stimuli`` says whether errlint's own requests are added.

    Raises: LoadError, ConfigError for a catalog or a config that cannot be used.
    """

    def __init__(
        self,
        catalog: str | Sequence[str] = (),
        *,
        config: str | None = None,
        select: str | Sequence[str] = (),
        ignore: str | Sequence[str] = (),
        fail_on: str | None = None,
        stimuli: bool = True,
    ) -> None:
        if fail_on is not None and fail_on not in FAIL_ON:
            raise ConfigError(f"fail_on cannot be {fail_on!r}", hint=f"say {', '.join(FAIL_ON)}")
        settings = Settings(select=_words(select), ignore=_words(ignore))
        level = FAIL_ON[fail_on] if fail_on else None
        asked = Asked(settings, catalogs=_words(catalog), fail_on=level)
        self._planner = Planner(asked, Library(), config)
        self._held = self._planner.held(".")
        self._answers = Answers(self._held.catalogs, self._held.settings)
        self._reader: Reader | None = None
        self._spec: Spec | None = None
        self._directed: dict[str, list[Trial]] | None = None
        self._trials: dict[str, Trial] = {}
        self._lock = threading.RLock()  # Schemathesis' workers ask for examples while others are judged
        self.stimuli = stimuli
        self.note = "; ".join(one.message for one in self._answers.about)

    def judge(self, response: Any, case: Any) -> tuple[Told, ...]:
        """What is wrong with an answer. The credentials of its request are masked before anything is judged."""
        with self._lock:
            reader = self._bound(case.operation.schema)
            seen = reader.observation(response, case, self._trials.get(case.id))
            if seen.request is not None:
                seen = masked(seen, reader.secrets(seen.request))
            return self._answers.judge(seen, self._held.fail_on)

    def examples(self, operation: Any) -> list[Any]:
        """errlint's own requests to an operation, as cases."""
        with self._lock:
            self._bound(operation.schema)
            if self._spec is None:
                return []
            if self._directed is None:
                self._directed = directed(self._spec)
        made = list(cases(operation, self._directed.get(f"{operation.method.upper()} {operation.path}", ())))
        self._trials.update((case.id, trial) for case, trial in made)
        return [case for case, _ in made]

    def exactly(self, case: Any) -> Exactly | None:
        """What keeps the credentials of a case as they are planned, None where the user's may be added."""
        trial = self._trials.get(case.id)
        return Exactly(trial) if trial is not None and trial.identity != "user" else None

    def _bound(self, schema: Any) -> Reader:
        """The reader for the run's document, which is read when the first operation shows it."""
        if self._reader is None:
            where = home(schema)
            path = _path(where)
            held = self._planner.held(path) if path is not None else self._held
            if held != self._held:
                self._answers = Answers(held.catalogs, held.settings)
                self._held = held
            try:
                document = read(path) if path is not None else load(_json(schema.raw_schema), where or "openapi.json")
                self._spec = self._answers.holds(document, held.root).spec
            except LoadError as error:
                told = f"answers are judged without the document, which cannot be read: {error.line()}"
                self.note = "; ".join(filter(None, (self.note, told)))
            self._reader = Reader(self._spec, where or "openapi.json")
        return self._reader


def _words(value: str | Sequence[str]) -> tuple[str, ...]:
    """One word or several. Raises: ConfigError."""
    words = (value,) if isinstance(value, str) else tuple(value)
    if not all(isinstance(word, str) for word in words):
        raise ConfigError(f"{value!r} is no list of words")
    return words


def _path(location: str | None) -> str | None:
    """The file that a location means, None for a url or nothing."""
    if location is None:
        return None
    parts = urlsplit(location)
    path = unquote(parts.path) if parts.scheme == "file" else location
    return os.path.relpath(path) if parts.scheme in ("", "file") and os.path.isfile(path) else None


def _json(data: Any) -> bytes:
    return json.dumps(data, default=str).encode()
