"""``errlint detect``: which envelope a body is, or the errors of a document or of recorded traffic are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Any

from errlint.checks.leaks import masked
from errlint.errors import LoadError
from errlint.load.encoding import utf8
from errlint.load.envelopes import shipped_envelopes
from errlint.load.source import MAX_BYTES, Document, load
from errlint.match import defaults
from errlint.match.explain import CannotValidate, first_error
from errlint.match.framing import LARGEST, Framed, dumped, frame, is_lines
from errlint.match.likely import bodies
from errlint.match.looks import KINDS, outline
from errlint.match.recognition import Candidate, Recogniser, Seen, facts, tied
from errlint.match.words import named
from errlint.model import pointer as pointers
from errlint.model.detected import Detected, Group, Match
from errlint.model.exchange import Observation
from errlint.model.finding import NOWHERE, Location
from errlint.model.record import mutable, record, replace

OPENAPI = re.compile(rb"""^["']?(?:openapi|swagger)["']?[ \t]*:|"(?:openapi|swagger)"[ \t\r\n]*:""", re.MULTILINE)
HEAD = re.compile(rb"HTTP/[\d.]{1,3} (\d{3})[^\r\n]*\r?\n")
END = re.compile(rb"\r?\n\r?\n")
ARCHIVE = re.compile(rb"""\s*\{\s*"log"\s*:\s*\{""")
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
"""Byte order marks: PowerShell's > and Windows' editors write them."""

NEAR = 3
"""Envelopes that are told beside those that fit."""


@record
class Answer:
    """One answer: its body, and what is known of its status and headers (lower-case names)."""

    body: bytes
    status: int | None
    headers: Mapping[str, str]


def detect(
    text: bytes, name: str, *, status: int | None = None, headers: Mapping[str, str] | None = None, catalog: Sequence[str] = ()
) -> Detected:
    """What a text is: one body, an answer as ``curl -i`` prints it, an OpenAPI document, or an HTTP Archive.

    ``status`` and ``headers`` are those of a body; the envelopes of catalogs compete with the shipped ones.
    Raises: LoadError for a document or a record that cannot be read.
    """
    if len(text) > MAX_BYTES:
        raise LoadError(f"is larger than {MAX_BYTES // 1024 // 1024} MiB", Location(name, ()))
    if text.startswith(MARKS):
        with suppress(LoadError):  # what is none for all its mark is looked at as it is
            text = utf8(text, name)
    recogniser = _recogniser(catalog)
    if HEAD.match(text):
        return _of_answer(_printed(text, status, headers or {}), name, recogniser)
    if not text.lstrip().startswith(b"<") and OPENAPI.search(text):
        found = load(text, name)
        if _is_openapi(found):
            return _of_document(found, recogniser)
    if ARCHIVE.match(text):
        return _of_record(text, name, recogniser)
    return _of_answer(Answer(_as_json(text, name), status, headers or {}), name, recogniser)


@cache
def _shipped() -> Recogniser:
    """The shipped envelopes, compiled once."""
    return Recogniser(shipped_envelopes().values())


def _recogniser(catalog: Sequence[str]) -> Recogniser:
    """The shipped envelopes, and those that catalogs write themselves."""
    if not catalog:
        return _shipped()
    from errlint.api.inputs import contract

    file = contract(catalog)
    own = file.catalog.envelopes if file is not None else {}
    return Recogniser({**shipped_envelopes(), **{id_: one for id_, one in own.items() if not one.generic}}.values())


def _is_openapi(document: Document) -> bool:
    from errlint.load.openapi_kind import looks_like_openapi

    return looks_like_openapi(document.data)


def _as_json(text: bytes, name: str) -> bytes:
    """A body as it travels; one that a file holds as YAML is written as JSON."""
    if not name.lower().endswith((".yaml", ".yml")):
        return text
    import json

    return json.dumps(load(text, name).data, default=str).encode()


def _printed(text: bytes, status: int | None, headers: Mapping[str, str]) -> Answer:
    """An answer with its status line and headers; of several (redirects, 100 Continue) the last one."""
    told: dict[str, str] = {}
    found, last, start = HEAD.match(text), 0, 0
    while found is not None:
        last = int(found[1])
        end = END.search(text, found.end() - 1)
        head = text[found.end() : end.start() if end is not None else len(text)]
        lines = (line.partition(":") for line in head.decode("latin-1").splitlines())
        told = {name.strip().lower(): value.strip() for name, _, value in lines}
        start = end.end() if end is not None else len(text)
        found = HEAD.match(text, start)
    return Answer(text[start:], status or last, {**told, **headers})


def _framed(answer: Answer) -> tuple[Framed, str]:
    """An answer's body, decoded, and its media type."""
    headers = answer.headers
    if "content-type" not in headers and is_lines(answer.body):
        headers = {**headers, "content-type": "application/x-ndjson"}
    observation = Observation("traffic", NOWHERE, answer.status, headers, answer.body)
    return frame(observation), observation.media_type


def _seen(answer: Answer, framed: Framed, media_type: str) -> Seen | None:
    """The body as recognition takes it: of a stream its last value. None for what is no JSON."""
    if not framed.values:
        return None
    return Seen(framed.values[-1], media_type, answer.headers, answer.status, defaults.framework(framed) or "")


def _looks(framed: Framed, body: bytes) -> str:
    """What a body without a value looks like; of one that starts as JSON, why it is none."""
    if len(body) > LARGEST:
        return f"larger than {LARGEST // 1024 // 1024} MiB, which no error body is"
    if framed.kind == "text" and framed.text.lstrip()[:1] in ("{", "["):
        return f"JSON that cannot be read: {framed.problem}"
    return KINDS.get(framed.kind, "no JSON")


def _of_answer(answer: Answer, name: str, recogniser: Recogniser) -> Detected:
    framed, media_type = _framed(answer)
    seen = _seen(answer, framed, media_type)
    if seen is None:
        return Detected(name, "body", (), 0, defaults.framework(framed) or "", _looks(framed, answer.body))
    ranked = recogniser.ranked(seen)
    best = tied(ranked)
    roles = tuple((role, masked(value)) for role, value in dict.fromkeys(facts(best[0], seen))) if best else ()
    told = ranked[: len(best) + NEAR]
    matches = tuple(_match(one) if one.fits else _near(one, seen) for one in told)
    own = () if best else _own(seen, ranked)
    return Detected(name, "body", matches, len(best), seen.framework, outline(seen.value), roles, own=own)


def _own(seen: Seen, ranked: Sequence[Candidate]) -> tuple[tuple[str, str], ...]:
    """The places of code and message in a body of nobody's; none where the nearest envelope has its code there, too."""
    from errlint.draft.induce import Body, induced

    written = induced([Body(seen.value, seen.status)])
    code = written["code"]
    near = ranked[0].envelope.roles.get("code") if ranked else None
    if not isinstance(code, dict) or (near is not None and pointers.parse(code["pointer"]) in near.pointers):
        return ()
    return tuple((role, written[role]["pointer"]) for role in ("code", "message") if role in written)


def _near(found: Candidate, seen: Seen) -> Match:
    """An envelope that a body does not satisfy, with the first thing in it that its schema refuses."""
    match = _match(found)
    if found.explained or masked(dumped(seen.value)) != dumped(seen.value):  # what is refused may be the secret, cut
        return match
    try:
        refused = first_error(found.signature.schema, seen.value)
    except CannotValidate:
        return match
    if refused is None:
        return match
    at, message = refused
    told = f"{named(at)}: {message}" if at else message
    return replace(match, against=tuple(dict.fromkeys((*match.against, told))))


def _match(found: Candidate) -> Match:
    envelope = found.envelope
    title = envelope.schema.get("title", "") if isinstance(envelope.schema, dict) else ""
    shipped = envelope.location.uri.startswith("builtin:envelopes/")
    return Match(envelope.id, str(title), found.score, found.fits, found.why, found.against, shipped=shipped)


@mutable
class _Tally:
    """Errors by what they are and how they look."""

    groups: dict[tuple[tuple[str, ...], str], list[str]]
    known: dict[str, Candidate]
    errors: int = 0
    left: int = 0

    def add(self, best: Iterable[Candidate], shape: str, example: str) -> None:
        ids = tuple(one.envelope.id for one in best)
        for one in best:
            self.known.setdefault(one.envelope.id, one)
        self.groups.setdefault((ids, shape), []).append(example)

    def detected(self, name: str, kind: Any) -> Detected:
        """The envelopes by how many of the errors they are; those that nothing tells apart share these."""
        groups = [Group(ids, shape, len(found), found[0]) for (ids, shape), found in self.groups.items()]
        groups.sort(key=lambda one: (not one.envelopes, -one.count, one.envelopes, one.shape))
        counts: dict[str, int] = {}
        for group in groups:
            for id_ in group.envelopes:
                counts[id_] = counts.get(id_, 0) + group.count
        most = max(counts.values(), default=0)
        ranked = sorted(counts, key=lambda id_: (-counts[id_], id_))
        matches = tuple(self._match(id_, counts[id_]) for id_ in ranked)
        ties = sum(1 for id_ in ranked if counts[id_] == most)
        return Detected(name, kind, matches, ties, groups=tuple(groups), errors=self.errors, left=self.left)

    def _match(self, id_: str, count: int) -> Match:
        one = _match(self.known[id_])
        bodies = self.errors - self.left
        score = round(100 * count / bodies) if bodies else 0
        told = f"{count} of {bodies} errors fit"
        return replace(one, score=score, fits=True, why=(told, *one.why), count=count)


def _of_document(document: Document, recogniser: Recogniser) -> Detected:
    """What the declared errors of a document are, each by what its schema means."""
    from errlint.load.openapi import read_spec

    spec = read_spec(document).spec
    tally = _Tally({}, {})
    known: dict[Any, list[tuple[tuple[Candidate, ...], str]]] = {}
    for declaration in spec.declarations:
        if not declaration.error:
            continue
        tally.errors += 1
        media_type = declaration.bare_type
        schema = declaration.schema
        if schema is None or not _may_be_json(media_type):
            tally.left += 1
            continue
        reference = schema.value.get("$ref") if isinstance(schema.value, dict) else None
        key = (schema.uri, reference if isinstance(reference, str) else schema.pointer, media_type)
        if key not in known:
            made = bodies(schema, spec)
            known[key] = [(recogniser.best(Seen(body, media_type, made=True)), outline(body)) for body in made]
        if not known[key]:
            tally.left += 1
        for best, shape in sorted(known[key], key=lambda one: not one[0])[:1]:  # of several branches one that fits
            tally.add(best, shape, f"{declaration.operation.label} {declaration.status_key}")
    return tally.detected(document.uri, "document")


def _may_be_json(media_type: str) -> bool:
    from errlint.match.framing import is_json

    return is_json(media_type) or media_type in ("", "*/*", "application/*")


def _of_record(text: bytes, name: str, recogniser: Recogniser) -> Detected:
    """What the recorded error answers are, and the successes that carry an error by an envelope's own constant."""
    from errlint.bind.har import of_text

    tally = _Tally({}, {})
    for answer, label in _answers(of_text(text, name).exchanges):
        framed, media_type = _framed(answer)
        seen = _seen(answer, framed, media_type)
        best = recogniser.best(seen) if seen is not None else ()
        if answer.status is not None and answer.status < 400 and not any(one.envelope.statuses for one in best):
            continue
        tally.errors += 1
        if framed.kind == "empty":
            tally.left += 1
            continue
        framework = defaults.framework(framed) if seen is None else ""
        looks = outline(seen.value) if seen is not None else KINDS.get(framed.kind, "no JSON")
        tally.add(best, f"{looks}, the default body of {framework}" if framework else looks, label)
    return tally.detected(name, "record")


def _answers(exchanges: Iterable[Any]) -> Iterator[tuple[Answer, str]]:
    from errlint.match.route import path_of

    for one in exchanges:
        if one.status is not None and one.body is not None and not one.of_page:
            yield Answer(one.body, one.status, one.headers), f"{one.request.method} {path_of(one.request.url)} {one.status}"
