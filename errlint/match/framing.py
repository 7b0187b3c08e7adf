"""Framing: the bytes of an answer and its media type -> the values in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Literal

from errlint.model.exchange import ABSENT, Observation
from errlint.model.record import record

Kind = Literal["json", "sse", "ndjson", "html", "text", "empty", "other"]

LARGEST = 1 << 20
"""Bodies are judged up to 1 MiB; services do not answer errors of that size."""


@record
class Framed:
    """What an answer's body is: ``said`` by its media type, ``kind`` by its content, and its values.

    ``problem`` says why a body that claims to be JSON is none (reason, as the parser puts it).
    """

    said: Kind
    kind: Kind
    values: tuple[Any, ...] = ()
    problem: str = ""
    text: str = ""


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON by name or by the ``+json`` suffix (RFC 6839)."""
    return media_type in ("application/json", "text/json") or media_type.endswith("+json")


def kind_of(media_type: str) -> Kind:
    """The kind of body that a media type announces."""
    if is_json(media_type):
        return "json"
    if media_type == "text/event-stream":
        return "sse"
    if media_type in ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"):
        return "ndjson"
    if media_type in ("text/html", "application/xhtml+xml"):
        return "html"
    return "text" if media_type.startswith("text/") else "other"


def frame(observation: Observation) -> Framed:
    """The body of an answer, decoded."""
    said = kind_of(observation.media_type) if observation.media_type else "other"
    if observation.value is not ABSENT:
        return Framed(said, "json", (observation.value,), text=dumped(observation.value))
    body = observation.body[:LARGEST]
    if not body.strip():
        return Framed(said, "empty")
    text = body.decode("utf-8", "replace").removeprefix("\ufeff")
    if observation.cut or observation.long or len(observation.body) > LARGEST:
        return Framed(said, "other", text=text)  # what is not whole says nothing about what it would be
    decoder = DECODERS.get(said)
    if decoder is not None and said != "json":
        return Framed(said, said, tuple(decoder(text)), text=text)
    try:
        return Framed(said, "json", (_parsed(text),), text=text)
    except ValueError as error:
        streamed = tuple(events(text)) if text.startswith(("data:", "event:", "id:", ":")) else ()
        if streamed:
            return Framed(said, "sse", streamed, text=text)
        kind: Kind = "html" if looks_like_html(text) else "text"
        return Framed(said, kind, problem=_reason(error), text=text)


def dumped(value: Any) -> str:
    """A value as JSON text, empty where it cannot be written."""
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        return ""


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_constant, parse_int=_whole)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _whole(digits: str) -> int:
    """A whole number. Python converts 4,300 digits at most: of more, which are JSON all the same, the first are kept."""
    return int(digits[:4300])


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _reason(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg.removesuffix(' at')} (line {error.lineno} column {error.colno})"
    return str(error)


def looks_like_html(text: str) -> bool:
    """Whether a text is an HTML page."""
    start = text.lstrip()[:400].lower()
    return start.startswith(("<!doctype html", "<html", "<head", "<body", "<title", "<h1", "<center>"))


def events(text: str) -> Iterator[Any]:
    """The JSON values of a server-sent event stream's ``data`` fields (WHATWG HTML, section 9.2); other data is skipped."""
    data: list[str] = []
    for line in [*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""]:
        if line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
        elif not line and data:
            yield from _values("\n".join(data), data)
            data = []


def _values(whole: str, lines: list[str]) -> Iterator[Any]:
    """One event's value; services that forget the blank line between events are read line by line."""
    try:
        yield _parsed(whole)
    except ValueError:
        for line in lines if len(lines) > 1 else ():
            try:
                yield _parsed(line)
            except ValueError:
                continue


def is_lines(body: bytes) -> bool:
    """Whether a body without a media type is newline-delimited JSON: two lines or more, each of them an object."""
    if not body.lstrip().startswith(b"{") or body.count(b"\n", 0, LARGEST) < 1:
        return False
    texts = [line for line in body[:LARGEST].decode("utf-8", "replace").splitlines() if line.strip()]
    return len(texts) > 1 and len(list(lines("\n".join(texts)))) == len(texts)


def lines(text: str) -> Iterator[Any]:
    """The values of newline-delimited JSON; lines that are none are skipped."""
    for line in text.splitlines():
        try:
            yield _parsed(line)
        except ValueError:
            continue


DECODERS: dict[str, Callable[[str], Iterator[Any]]] = {"sse": events, "ndjson": lines}
