"""A request as applications get it, and what a server answers in their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from http.client import InvalidURL
from typing import Protocol
from urllib.parse import quote

from errlint.apps.inbox import Head, Inbox
from errlint.model.record import record

HOST, PORT = "localhost", 80

FAILED = b"Internal Server Error"
"""What servers answer where an exception leaves the application."""

FAILED_HEAD = Head(500, (("content-type", "text/plain; charset=utf-8"), ("content-length", str(len(FAILED)))))

Raised = Callable[[str, BaseException], None]
"""Told of an exception that left the application: what was asked (``GET /orders``), and the exception."""


@record
class Call:
    """One request: ``target`` is its path and query as they stand in a request line, names of headers are as given."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    @property
    def name(self) -> str:
        """``GET /orders/7``: never the query, which may hold a secret."""
        return f"{self.method} {self.path}"


class Service(Protocol):
    """An application that can be called in process. ``name`` is what the user calls it (``shop.main:app``)."""

    name: str

    def call(self, call: Call) -> Inbox:
        """The answer, still to come."""

    def start(self) -> None:
        """Gets it ready. Raises: ProbeError where it does not start."""

    def stop(self) -> None:
        """Lets it clean up."""


_PLAIN_TARGET = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-F]{2})*\Z")
_ENCODED = re.compile("%[0-9A-Fa-f]{2}")
_METHOD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_BROKEN_VALUE = re.compile(r"\n(?![ \t])|\r(?![ \t\n])|\0")


def call_of(method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> Call:
    """A request as an HTTP client would put it on the wire. Raises: ValueError, InvalidURL where it could not."""
    if not _METHOD.match(method):
        raise InvalidURL("the method is no token")
    names = {name.lower() for name in headers}
    own = (("Host", HOST),) if "host" not in names else ()
    coding = (("Accept-Encoding", "identity"),) if "accept-encoding" not in names else ()
    for value in headers.values():
        if _BROKEN_VALUE.search(value):
            raise ValueError("a header cannot be sent")
    return Call(method, _target(target), (*own, *coding, *headers.items()), body or b"")


def _target(text: str) -> str:
    """Path and query with everything percent-encoded that cannot stand there, and nothing else changed."""
    if _PLAIN_TARGET.match(text):
        return text
    path, mark, query = text.partition("?")
    return _component(path, "!$&'()*+,;=:@/~") + mark + _component(query, "!$&'()*+,;=:@/?~")


def _component(text: str, safe: str) -> str:
    text = _ENCODED.sub(lambda found: found[0].upper(), text)
    whole = len(_ENCODED.findall(text)) == text.count("%")
    return quote(text, safe=safe + "%" if whole else safe, errors="surrogatepass")
