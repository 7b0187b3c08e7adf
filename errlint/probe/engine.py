"""Generated requests: what Schemathesis makes of a document, as plain data.

The only module that touches Schemathesis, beside ``machine``, of which everything but ``openapi.from_dict``,
``GenerationMode``, ``as_strategy`` and ``as_transport_kwargs`` is not public: a test holds each of those names. It generates
and never sends: configuration, authentication and normalisation of its transport would spoil the cases that matter most, and
its checks send requests that nobody sees.

It runs in a process of its own (see ``generated``): generating costs more than sending, its
import takes a second, and no schema may make a run hang. Credentials never get here.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import threading
import time
import warnings
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from itertools import islice
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

LOOK = 1.0
"""Seconds between two looks whether anybody still wants what is generated."""

MOST = 400
"""Cases that are generated for one operation; a schema with many branches has thousands."""

_BOUNDARY = re.compile(rb"--([0-9a-f]{32})(?:\r\n|--)")

Case = dict[str, Any]
"""A request: ``scenario`` and ``words`` say what it tries, then ``url``, ``headers`` (own ones only) and ``body`` (base64)."""


class Engine:
    """The generator for one document: plain JSON data whose references stay inside of it.

    ``broken`` says for which operations (method, path) something could not be generated, and why.
    """

    def __init__(self, document: dict[str, Any], base_url: str, seed: int) -> None:
        self.broken: dict[tuple[str, str], str] = {}
        self._document = document
        self._base_url = base_url
        self._seed = seed
        self._operations: dict[tuple[str, str], Any] = {}

    def load(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Reads the document for the operations (method in upper case, path) that are wanted."""
        names = list(wanted)
        try:
            found = list(self._read(self._document))
        except Exception as error:  # its errors have no common base, and none may end a probe
            self.broken.update((name, in_short(error)) for name in names)
            return
        for result in found:
            if not hasattr(result, "err"):
                self._operations[result.ok().method.upper(), result.ok().path] = result.ok()
        for name in names:
            if name not in self._operations:
                self._take_alone(name)

    def _read(self, document: dict[str, Any]) -> Iterator[Any]:
        """What Schemathesis finds in a document: operations and errors."""
        from schemathesis import openapi
        from schemathesis.config import SchemathesisConfig

        config = SchemathesisConfig.from_dict(
            {
                "seed": self._seed,
                "base-url": self._base_url,
                "generation": {"mode": "all", "database": "none"},
                "phases": {"coverage": {"unexpected-methods": []}},
            }
        )
        yield from openapi.from_dict(document, config=config).get_all_operations()

    def _take_alone(self, name: tuple[str, str]) -> None:
        """Files an operation that could not be used beside the others, or the reason why: theirs may be the fault."""
        method, path = name
        paths = self._document.get("paths")
        item = paths.get(path) if isinstance(paths, dict) else None
        if not isinstance(item, dict):
            return
        others = _METHODS - {method.lower()}
        only = {key: value for key, value in item.items() if key.lower() not in others}
        try:
            for result in self._read({**self._document, "paths": {path: only}}):
                if hasattr(result, "err"):
                    self.broken[name] = in_short(result.err())
                else:
                    self._operations[name] = result.ok()
        except Exception as error:  # as above
            self.broken[name] = in_short(error)

    def cases(self, name: tuple[str, str], most: int, fuzz: int = 0, *, valid: bool = True) -> list[Case]:
        """At most so many coverage cases of an operation, every scenario before any scenario's second case.

        ``fuzz`` random ones come behind them. ``valid`` ones are left out where nobody would send them.
        """
        known = self._operations.get(name)
        if known is None:
            self.broken.setdefault(name, "the generator does not know it")
            return []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = list(self._made(name, _examples(known))) if valid else []
            made += self._made(name, _coverage(known, min(MOST, 4 * most + 40), valid))
            random = list(self._made(name, _random(known, fuzz, self._seed, valid))) if fuzz else []
        return [*_rounds(made), *random]

    def _made(self, name: tuple[str, str], cases: Iterator[Any]) -> Iterator[Case]:
        """The cases that can be put on the wire; other methods are not among them."""
        try:
            for case in cases:
                if str(case.method).upper() == name[0]:
                    yield from as_data(case)
        except Exception as error:  # as above: a broken schema ends this operation only
            self.broken[name] = in_short(error)


def _modes(valid: bool) -> list[Any]:
    from schemathesis import GenerationMode

    return [GenerationMode.POSITIVE, GenerationMode.NEGATIVE] if valid else [GenerationMode.NEGATIVE]


def _coverage(known: Any, most: int, valid: bool) -> Iterator[Any]:
    yield from islice(
        known.schema.iter_coverage_cases(
            known,
            generation_modes=_modes(valid),
            generation_config=known.schema.config.generation_for(operation=known),
        ),
        most,
    )


def _examples(known: Any) -> Iterator[Any]:
    """A case for each example that the document has of the operation's requests."""
    from schemathesis.generation.hypothesis.examples import generate_one

    for strategy in known.get_strategies_from_examples()[:8]:
        yield generate_one(strategy)


def _random(known: Any, most: int, seed: int, valid: bool) -> Iterator[Any]:
    """Random cases, half of them valid if they may be, the same for the same seed."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded

    found: list[Any] = []
    modes = _modes(valid)
    for mode in modes:
        wanted: Any = given(known.as_strategy(generation_mode=mode))
        gather: Any = settings(
            max_examples=max(most // len(modes), 1),
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )(wanted(lambda case: found.append(case)))
        seeded(seed)(gather)()
    yield from found


def as_data(case: Any) -> Iterator[Case]:
    """A case as data: its own headers without the transport's. Nothing for a value that its serialiser refuses."""
    import requests

    wanted = {name.lower() for name in case.headers or {}} | {"content-type", "cookie"}
    try:
        parts = case.as_transport_kwargs()
        prepared = requests.Request(**{key: value for key, value in parts.items() if key in _PARTS}).prepare()
    except Exception:  # as above
        return
    headers = [(name, _text(value)) for name, value in prepared.headers.items() if name.lower() in wanted]
    body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
    headers, body = _stable(headers, body)
    scenario, words = _about(case)
    yield {
        "scenario": scenario,
        "words": words,
        "url": str(prepared.url),
        "headers": headers,
        "body": None if body is None else b64encode(body).decode(),
    }


def _about(case: Any) -> tuple[str, str]:
    """(what keeps cases of one kind apart, what a case tries in words)."""
    meta = getattr(case, "_meta", None)
    data: Any = meta.phase.data if meta is not None else None
    scenario = getattr(data, "scenario", None)
    if scenario is None:
        phase = meta.phase.name.value if meta is not None else "example"
        return phase, "an example of the document" if phase == "examples" else "random data"
    return f"{scenario.value} {data.parameter}", str(data.description or scenario.value).strip()


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


_METHODS = frozenset(("get", "put", "post", "delete", "options", "head", "patch", "trace", "query"))

_PARTS = frozenset(("method", "url", "headers", "files", "data", "params", "auth", "cookies", "hooks", "json"))


@contextmanager
def storage() -> Iterator[None]:
    """Hypothesis keeps its files in a folder that is removed, not in the current one, and afterwards where it did before."""
    from hypothesis import configuration

    before = getattr(configuration, "__hypothesis_home_directory", None)
    with TemporaryDirectory(prefix="errlint-", ignore_cleanup_errors=True) as folder:
        configuration.set_hypothesis_home_dir(folder)
        known_codecs()
        try:
            yield
        finally:
            configuration.set_hypothesis_home_dir(before)


CODECS = {
    "utf-8": [[0, 0xD7FF], [0xE000, 0x10FFFF]],
    "ascii": [[0, 0x7F]],
    "iso8859-1": [[0, 0xFF]],
}
"""The characters that a codec can encode, as Hypothesis writes them down: it takes two seconds to find out."""


def known_codecs() -> None:
    """Tells Hypothesis what it would try out with a million characters; where it asks otherwise, it still does."""
    from hypothesis.internal import charmap

    for codec, intervals in CODECS.items():
        file = charmap.charmap_file(f"codec-v2-{codec}")
        file.parent.mkdir(parents=True, exist_ok=True)
        with gzip.open(file, "wt", encoding="ascii") as out:
            json.dump([intervals, []], out)


def _rounds(cases: Iterable[Case]) -> Iterator[Case]:
    """The first case of every scenario, then the second of each, and so on."""
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(case["scenario"], []).append(case)
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


def in_short(error: BaseException) -> str:
    """What went wrong, in the error's first words."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join((lines or [type(error).__name__])[:3])[:200]


def main(asked: BinaryIO, out: BinaryIO) -> None:
    """Answers one order (a line of JSON) with a line for each operation: its cases, or why there are none."""
    with storage():
        _warm()
        order = json.loads(asked.readline() or b"null")
        if order is None:
            return  # nobody wants anything
        engine = Engine(order["document"], order["base_url"], order["seed"])
        engine.load((method, path) for method, path, *_ in order["operations"])
        for method, path, most, valid in order["operations"]:
            cases = engine.cases((method, path), most, order["fuzz"], valid=valid)
            line = {"operation": [method, path], "cases": cases, "broken": engine.broken.get((method, path), "")}
            out.write(json.dumps(line).encode() + b"\n")
            out.flush()


def orphaned() -> None:
    """Ends this process soon after the one that asked it is gone, whatever it is doing then; a broken pipe does elsewhere."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def _warm() -> None:
    """Does what takes its time and needs no order."""
    import schemathesis  # noqa: F401 -- it is the import that takes long
    from hypothesis.internal import charmap

    charmap.charmap()
