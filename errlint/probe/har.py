"""The exchanges of a run as an HTTP Archive (HAR 1.2), without credentials.

What only errlint knows stands under ``_errlint``: of an entry what was tried, of the log how the run went. With it a record is
judged again as the run was.
"""

from __future__ import annotations

import json
import os
from base64 import b64encode
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import IO, Any
from urllib.parse import parse_qsl, urlsplit

import errlint
from errlint.errors import ConfigError
from errlint.model.exchange import Observation, Request
from errlint.probe.observed import Observed
from errlint.probe.options import redact
from errlint.probe.played import written
from errlint.probe.redaction import kept

FORMAT = 1
"""Of what stands under ``_errlint``."""

TOLD = ("dropped", "echoes", "layer", "cut", "long")
"""What an observation knows beside its exchange."""


class Recording:
    """A run as it is recorded: observations as they come, from whatever thread, and one file at the end."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._observations: list[Observation] = []

    def check(self) -> None:
        """Looks whether the file can be written, before anything is sent. Raises: ConfigError."""
        folder = os.path.dirname(os.path.realpath(self.path))
        if os.path.isdir(self.path):
            raise ConfigError(f"cannot write {self.path}: it is a directory")
        if not os.path.isdir(folder) or not os.access(folder, os.W_OK):
            raise ConfigError(
                f"cannot write {self.path}: its folder {'is not writable' if os.path.isdir(folder) else 'is missing'}"
            )

    def add(self, observation: Observation) -> None:
        """Keeps one observation."""
        self._observations.append(observation)

    def write(self, base_url: str, secrets: Sequence[str], seen: Observed | None = None) -> None:
        """Writes what a run ``seen`` to its end holds, else all that came. Raises: ConfigError."""
        observations = seen.observations if seen is not None else tuple(self._observations)
        try:
            _put(self.path, lines(observations, base_url, secrets, seen))
        except OSError as error:
            raise ConfigError(f"cannot write {self.path}: {error.strerror or error}") from None


def lines(
    observations: Sequence[Observation], base_url: str, secrets: Sequence[str], seen: Observed | None = None
) -> Iterator[str]:
    """The archive's text in pieces, one line an entry."""
    head = {
        "version": "1.2",
        "creator": {"name": "errlint", "version": errlint.__version__},
        "pages": [],
        "comment": f"errlint probe of {base_url}; credentials are masked",
        "_errlint": {"format": FORMAT, "base_url": base_url, **(_run(seen) if seen is not None else {})},
    }
    yield '{"log": ' + redact(_json(head)[:-1], secrets) + ', "entries": ['
    for number, observation in enumerate(observations):
        yield (",\n" if number else "\n") + _json(entry(kept(observation, secrets)))
    yield "\n]}}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True)


def _run(seen: Observed) -> dict[str, Any]:
    """How a run went, as far as a judge asks."""
    return {
        "requests": dict(seen.requests),
        "not_probed": dict(seen.not_probed),
        "withheld": dict(seen.withheld),
        "may_have_written": list(seen.may_have_written),
        "notes": list(seen.notes),
        "failed_writes": list(seen.failed_writes),
        "stopped": seen.stopped,
        "stopped_by": seen.stopped_by,
        "excluded": sorted(seen.excluded),
        "writes": seen.writes,
        "recipes": [written(one) for one in seen.played],
        "given": sorted(seen.given or ()),
    }


def entry(observation: Observation) -> dict[str, Any]:
    """One entry of the log; times are milliseconds. An exchange without an answer has status 0 and says so in ``_error``."""
    request = observation.request or Request(observation.method, "")
    milliseconds = round(observation.elapsed * 1000, 3)
    tried = {"stimulus": request.stimulus, "rejected": request.rejected, "writes": request.writes}
    if request.fault:
        tried["fault"] = request.fault
    near = {"near": request.near.label} if request.near is not None else {}
    told = {name: getattr(observation, name) for name in TOLD if getattr(observation, name)}
    found: dict[str, Any] = {
        "startedDateTime": datetime.fromtimestamp(observation.started, UTC).isoformat(timespec="milliseconds"),
        "time": milliseconds,
        "request": _request(request),
        "response": _response(observation),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "_errlint": {**tried, **near, "operation": observation.label, **told},
    }
    if request.stimulus:
        found["comment"] = request.stimulus
    if observation.status is None:
        found["_error"] = observation.cut or "the connection was closed without an answer"
    return found


def _request(request: Request) -> dict[str, Any]:
    found: dict[str, Any] = {
        "method": request.method,
        "url": request.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(request.headers),
        "queryString": _pairs(parse_qsl(urlsplit(request.url).query, keep_blank_values=True)),
        "headersSize": -1,
        "bodySize": len(request.body or b""),
    }
    if request.body is not None:
        types = [str(value) for name, value in request.headers if name.lower() == "content-type"]
        text, encoding = _text(request.body)
        found["postData"] = {"mimeType": types[-1] if types else "", "params": [], "text": text}
        if encoding:  # HAR 1.2 has it for answers only
            found["postData"] |= {"_encoding": encoding, "comment": f"the text is {encoding}"}
    return found


def _response(observation: Observation) -> dict[str, Any]:
    text, encoding = _text(observation.body)
    content = {"size": len(observation.body), "mimeType": observation.headers.get("content-type", ""), "text": text}
    status = observation.status or 0
    return {
        "status": status,
        "statusText": HTTPStatus(status).phrase if status in set(HTTPStatus) else "",
        "httpVersion": "HTTP/1.1" if status else "",
        "cookies": [],
        "headers": _pairs(observation.headers.items()),
        "content": {**content, "encoding": encoding} if encoding else content,
        "redirectURL": observation.headers.get("location", ""),
        "headersSize": -1,
        "bodySize": len(observation.body) if status else -1,
    }


def _pairs(found: Any) -> list[dict[str, str]]:
    return [{"name": str(name), "value": str(value)} for name, value in found]


def _text(body: bytes) -> tuple[str, str]:
    """(a body as text, its encoding: empty for UTF-8, else base64)."""
    try:
        return body.decode(), ""
    except UnicodeDecodeError:
        return b64encode(body).decode(), "base64"


def _put(path: str, pieces: Iterator[str]) -> None:
    """Writes a file as a whole: nothing stands under its name until it is complete. Only its owner may read it."""
    import tempfile

    path = os.path.realpath(path)
    if os.path.exists(path) and not os.path.isfile(path):  # a pipe, a device
        with open(path, "w", encoding="utf-8") as stream:
            stream.writelines(pieces)
        return
    handle, name = tempfile.mkstemp(prefix=".errlint-", dir=os.path.dirname(path))
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            _fill(file, pieces)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _fill(file: IO[str], pieces: Iterator[str]) -> None:
    file.writelines(pieces)
    file.flush()
    os.fsync(file.fileno())
