"""Generated requests: Schemathesis' coverage cases for an operation, as our own requests.

The only module that touches Schemathesis, of which everything but ``openapi.from_dict`` and ``GenerationMode`` is not
public: a test holds each of those names. It generates and never sends: configuration, authentication and normalisation of
its transport would spoil the cases that matter most, and its checks send requests that nobody sees.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from itertools import islice
from tempfile import TemporaryDirectory
from typing import Any

from errlint.model.exchange import Request
from errlint.model.record import field, mutable, replace
from errlint.model.spec import Operation
from errlint.probe.bundle import bundled
from errlint.probe.gate import content_type
from errlint.probe.refusal import plain
from errlint.probe.scene import ACCEPT, PLACEHOLDER, Scene, identity_headers, made_up, merged
from errlint.probe.trial import Trial, writes

MOST = 400
"""Cases that are generated for one operation; a schema with many branches has thousands."""

_BOUNDARY = re.compile(rb"--([0-9a-f]{32})(?:\r\n|--)")


@mutable
class Engine:
    """The generator for one document. ``broken`` says for which operations nothing can be generated, and why."""

    scene: Scene
    broken: dict[str, str] = field(default_factory=dict)
    _operations: dict[tuple[str, str], Any] = field(default_factory=dict)
    _loaded: bool = False

    def trials(self, operation: Operation, most: int) -> Iterator[Trial]:
        """At most so many generated requests for an operation, every scenario before any scenario's second case."""
        self._load()
        known = self._operations.get((operation.method.upper(), operation.path))
        if known is None:
            self.broken.setdefault(operation.label, "the generator does not know it")
            return
        with _storage():
            cases = list(self._cases(operation, known))
        yield from islice(_rounds(cases), most)

    def _load(self) -> None:
        """Reads the document once. No reference leaves it: Schemathesis would fetch remote ones."""
        if self._loaded:
            return
        self._loaded = True
        with _storage():
            document = bundled(self.scene.spec)
            try:
                found = list(self._read(document))
            except Exception as error:  # its errors have no common base, and none may end a probe
                self.broken.update((operation.label, _short(error)) for operation in self.scene.operations)
                return
            for result in found:
                if not hasattr(result, "err"):
                    self._operations[result.ok().method.upper(), result.ok().path] = result.ok()
            for operation in self.scene.operations:
                if (operation.method.upper(), operation.path) not in self._operations:
                    self._take_alone(document, operation)

    def _read(self, document: dict[str, Any]) -> Iterator[Any]:
        """What Schemathesis finds in a document: operations and errors."""
        from schemathesis import openapi  # start-up: a second, and only the generated pass needs it
        from schemathesis.config import SchemathesisConfig

        config = SchemathesisConfig.from_dict(
            {
                "seed": self.scene.options.seed,
                "base-url": self.scene.options.base_url,
                "generation": {"mode": "all", "database": "none"},
                "phases": {"coverage": {"unexpected-methods": []}},
            }
        )
        yield from openapi.from_dict(document, config=config).get_all_operations()

    def _take_alone(self, document: dict[str, Any], operation: Operation) -> None:
        """Files an operation that could not be used beside the others, or the reason why: theirs may be the fault."""
        paths = document.get("paths")
        item = paths.get(operation.path) if isinstance(paths, dict) else None
        if not isinstance(item, dict):
            return
        others = _METHODS - {operation.method.lower()}
        only = {key: value for key, value in item.items() if key.lower() not in others}
        try:
            for result in self._read({**document, "paths": {operation.path: only}}):
                if hasattr(result, "err"):
                    self.broken[operation.label] = _short(result.err())
                else:
                    self._operations[operation.method.upper(), operation.path] = result.ok()
        except Exception as error:  # as above
            self.broken[operation.label] = _short(error)

    def _cases(self, operation: Operation, known: Any) -> Iterator[tuple[str, Trial]]:
        """(scenario, request) for every case that can be put on the wire."""
        from schemathesis import GenerationMode

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                cases = known.schema.iter_coverage_cases(
                    known,
                    generation_modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE],
                    generation_config=known.schema.config.generation_for(operation=known),
                )
                for number, case in enumerate(islice(cases, MOST)):
                    trial = self._trial(operation, case, number)
                    if trial is not None:
                        yield trial
        except Exception as error:  # as above: a broken schema ends this operation only
            self.broken[operation.label] = _short(error)

    def _trial(self, operation: Operation, case: Any, number: int) -> tuple[str, Trial] | None:
        """One case as (scenario, request); None for what is not sent: other methods, and what cannot be serialised.

        The ids of a write are ours, never the document's examples, whatever the case says.
        """
        method = operation.method.upper()
        if str(case.method).upper() != method:
            return None
        fresh = False
        if writes(method, operation):
            names = PLACEHOLDER.findall(operation.path)
            rng = self.scene.dice("generated", operation.label, str(number))
            made = {name: made_up(self.scene, operation, name, rng) for name in names}
            case.path_parameters = {name: value.text for name, value in made.items()}
            fresh = bool(names) and made[names[-1]].fresh
        data = case._meta.phase.data
        words = str(data.description or data.scenario.value).strip()
        try:
            request = self._request(operation, case, f"generated: {words}")
        except Exception:  # as above: a value that its serialiser refuses
            return None
        return f"{data.scenario.value} {data.parameter}", Trial(request, operation, fresh)

    def _request(self, operation: Operation, case: Any, stimulus: str) -> Request:
        """A case as a request: its own headers without the transport's, the user's on top."""
        import requests

        wanted = {name.lower() for name in case.headers or {}} | {"content-type", "cookie"}
        parts = case.as_transport_kwargs()
        prepared = requests.Request(**{key: value for key, value in parts.items() if key in _PARTS}).prepare()
        headers = [(name, str(value)) for name, value in prepared.headers.items() if name.lower() in wanted]
        body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
        headers, body = _stable(headers, body)
        sent = merged([("Accept", ACCEPT), *headers, *identity_headers(self.scene, operation, "user")])
        method = operation.method.upper()
        request = Request(method, str(prepared.url), sent, body, stimulus, writes=writes(method, operation))
        return replace(request, rejected=self._refused(operation, request))

    def _refused(self, operation: Operation, request: Request) -> bool:
        """Whether the document proves, to us, that the body must be refused."""
        sent = content_type(request)
        declared = any(plain(sent) == plain(name) for name in operation.bodies)
        return declared and self.scene.contract.refuses(operation, sent, request.body) is not None


_METHODS = frozenset(("get", "put", "post", "delete", "options", "head", "patch", "trace", "query"))

_PARTS = frozenset(("method", "url", "headers", "files", "data", "params", "auth", "cookies", "hooks", "json"))


@contextmanager
def _storage() -> Iterator[None]:
    """Hypothesis keeps its files in a folder that is removed, not in the current one, and afterwards where it did before."""
    from hypothesis import configuration

    before = getattr(configuration, "__hypothesis_home_directory", None)
    with TemporaryDirectory(prefix="errlint-", ignore_cleanup_errors=True) as folder:
        configuration.set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            configuration.set_hypothesis_home_dir(before)


def _rounds(cases: Iterable[tuple[str, Trial]]) -> Iterator[Trial]:
    """The first case of every scenario, then the second of each, and so on."""
    groups: dict[str, list[Trial]] = {}
    for scenario, trial in cases:
        groups.setdefault(scenario, []).append(trial)
    for turn in range(max((len(group) for group in groups.values()), default=0)):
        yield from (group[turn] for group in groups.values() if turn < len(group))


def _stable(headers: list[tuple[str, str]], body: bytes | None) -> tuple[list[tuple[str, str]], bytes | None]:
    """The same request with a boundary made from its content: the serialiser draws a new one every time.

    It is looked for in the body, for a case about the Content-Type has a multipart body under another one.
    """
    found = _BOUNDARY.match(body or b"")
    if found is None or body is None:
        return headers, body
    old = found.group(1)
    new = b"errlint-" + sha256(body.replace(old, b"")).hexdigest()[:16].encode()
    named = [(name, value.replace(old.decode(), new.decode())) for name, value in headers]
    return named, body.replace(old, new)


def _short(error: BaseException) -> str:
    """What went wrong, in the error's first words."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join((lines or [type(error).__name__])[:3])[:200]
