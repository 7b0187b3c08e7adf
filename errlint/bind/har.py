"""HTTP Archives (HAR 1.2) of whatever tool -> exchanges: browsers, proxies, test tools, errlint's own records.

What tools write otherwise is read as they mean it: bodies as base64, HTTP/2's pseudo headers among the others, status 0 where
no answer came, answers whose body was not kept.
"""

from __future__ import annotations

import json
import os
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from errlint.errors import LoadError
from errlint.load import json_
from errlint.load.encoding import utf8
from errlint.load.lines import place
from errlint.model.exchange import Request
from errlint.model.finding import Location
from errlint.model.record import field, record

LARGEST = 64 * 1024 * 1024
"""Bytes of an archive; it is held in memory as a whole."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}")
"""A method (RFC 9110 section 5.6.2)."""

# fmt: off
_STATIC = frozenset((
    "audio", "document", "font", "frame", "iframe", "image", "manifest", "media", "script", "serviceworker",
    "sharedworker", "style", "stylesheet", "texttrack", "track", "video", "websocket", "worker"
))
# fmt: on
"""What a browser fetches that is no call of an API: Chrome's resource types, and the values of Sec-Fetch-Dest."""


@record
class Exchange:
    """One entry: a request and its answer. ``status`` is None where none came, ``body`` where it was not kept.

    ``headers`` have lower-case names. ``of_page`` says that a browser fetched it as part of a page. ``told`` is what errlint
    wrote beside it. Times are seconds.
    """

    request: Request
    status: int | None
    headers: Mapping[str, str]
    body: bytes | None
    of_page: bool = False
    started: float = 0.0
    elapsed: float = 0.0
    told: Mapping[str, Any] | None = field(default=None)


@record
class Archive:
    """A whole archive. ``told`` is what errlint wrote of the run, None in an archive of others; ``odd`` entries were none."""

    exchanges: tuple[Exchange, ...]
    told: Mapping[str, Any] | None = None
    odd: int = 0


def read(path: str) -> Archive:
    """The archive that a file holds. Raises: LoadError for what cannot be read, is over 64 MiB, or is no archive."""
    where = Location(path, ())
    try:
        with open(path, "rb") as file:
            text = file.read(LARGEST + 1)
    except IsADirectoryError:
        raise LoadError("is a directory, not a file", where) from None
    except (OSError, ValueError) as error:
        from errlint.load.nearby import hint_for

        told = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        raise LoadError(told, where, hint_for(error, path)) from None
    if len(text) > LARGEST:
        raise LoadError(f"is larger than {LARGEST // 1024 // 1024} MiB", where, "record less, or split it")
    return of_text(text, os.fspath(path))


def of_text(text: bytes, uri: str) -> Archive:
    """The archive that a text is. Raises: LoadError."""
    where = Location(uri, ())
    text = utf8(text, uri)
    if json_.is_deep(text):
        raise LoadError("nested too deeply", where)
    source = text.decode()
    try:
        data = json_.whole(source, uri)
    except json.JSONDecodeError as error:
        raise LoadError(f"not valid JSON: {error.msg}", Location(uri, (), *place(source, error.pos))) from None
    except RecursionError:
        raise LoadError("nested too deeply", where) from None
    log = data.get("log") if isinstance(data, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(log, dict) or not isinstance(entries, list):
        raise LoadError("is no HTTP Archive: it has no list log.entries", where)
    read = [_exchange(one) for one in entries]
    told = log.get("_errlint")
    exchanges = tuple(one for one in read if one is not None)
    return Archive(exchanges, told if isinstance(told, dict) else None, len(read) - len(exchanges))


def _exchange(entry: Any) -> Exchange | None:
    """What one entry holds, None where it is no exchange."""
    if not isinstance(entry, dict):
        return None
    asked, answered = entry.get("request"), entry.get("response")
    if not isinstance(asked, dict) or not isinstance(answered, dict):
        return None
    method, url, status = asked.get("method"), asked.get("url"), _whole(answered.get("status"))
    if not isinstance(method, str) or not isinstance(url, str) or not _TOKEN.fullmatch(method) or status is None:
        return None
    headers = _joined(answered.get("headers"))
    content = _object(answered.get("content"))
    if not headers and isinstance(content.get("mimeType"), str) and "/" in content["mimeType"]:
        headers = {"content-type": content["mimeType"]}
    told = entry.get("_errlint")
    return Exchange(
        Request(method, _text(url), tuple(_headers(asked.get("headers"))), _sent(asked.get("postData"))),
        status if 100 <= status <= 999 else None,
        headers,
        _body(content, headers, method, status),
        _is_of_page(entry, asked.get("headers")),
        _seconds(entry.get("startedDateTime")),
        max(_number(entry.get("time")), 0.0) / 1000,
        told if isinstance(told, dict) else None,
    )


def _is_of_page(entry: dict[str, Any], headers: Any) -> bool:
    """Whether a browser fetched it as part of a page."""
    dest = next((value for name, value in _headers(headers) if name.lower() == "sec-fetch-dest"), "")
    return not _STATIC.isdisjoint((str(entry.get("_resourceType", "")).lower(), dest.lower()))


def _text(text: str) -> str:
    """A text without halves of surrogate pairs, which no encoding takes."""
    return text.encode("utf-8", "replace").decode()


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _whole(value: Any) -> int | None:
    """A status, which some tools write as text."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 4:
        return int(value)
    return int(value) if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1000 else None


def _number(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e12 else 0.0


def _seconds(value: Any) -> float:
    """Seconds since the epoch of a date and time (ISO 8601), 0 where it is none."""
    try:
        return max(datetime.fromisoformat(value).timestamp(), 0.0) if isinstance(value, str) else 0.0
    except (ValueError, OverflowError, OSError):
        return 0.0


def _headers(value: Any) -> Iterator[tuple[str, str]]:
    """The headers of a message, HTTP/2's pseudo headers left out."""
    for one in value if isinstance(value, list) else ():
        name = one.get("name") if isinstance(one, dict) else None
        if isinstance(name, str) and name and not name.startswith(":"):
            value_of = one.get("value")
            yield _text(name), _text(str(value_of)) if isinstance(value_of, (str, int, float)) else ""


def _joined(value: Any) -> dict[str, str]:
    """Headers by lower-case name; several of one name are joined (RFC 9110 section 5.3)."""
    found: dict[str, str] = {}
    for name, text in _headers(value):
        text = text.replace("\n", ", ")  # as browsers join Set-Cookie
        found[name.lower()] = f"{found[name.lower()]}, {text}" if name.lower() in found else text
    return found


def _sent(value: Any) -> bytes | None:
    """The body of a request: its text, else its form."""
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("text"), str) and (value["text"] or not value.get("params")):
        return _bytes(value["text"], value.get("encoding") or value.get("_encoding"))
    parameters = value.get("params")
    pairs = [one for one in parameters if isinstance(one, dict)] if isinstance(parameters, list) else []
    form = [(str(one.get("name", "")), str(one.get("value", ""))) for one in pairs]
    return urlencode(form).encode() if form else None


def _body(content: dict[str, Any], headers: Mapping[str, str], method: str, status: int) -> bytes | None:
    """The body of an answer: empty only where it surely was, None where it was not kept."""
    text = content.get("text")
    if isinstance(text, str) and text:
        return _bytes(text, content.get("encoding"))
    if method.upper() == "HEAD" or status in (204, 205, 304):
        return b""
    length = headers.get("content-length", "")
    if length.strip().isdigit() and len(length) < 20:
        return b"" if int(length) == 0 else None
    size = content.get("size")
    known = isinstance(size, (int, float)) and not isinstance(size, bool)
    return b"" if (size == 0 if known else isinstance(text, str)) else None


def _bytes(text: str, encoding: Any) -> bytes:
    if isinstance(encoding, str) and encoding.lower() == "base64":
        try:
            return b64decode(text)
        except ValueError:
            pass  # it is called base64, and is none: the text is all there is
    return text.encode("utf-8", "replace")
