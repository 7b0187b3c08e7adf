"""HTTP connections whose answers must be complete in time: the head within one span of time, the body within another.

A timeout of a socket ends silence only. A server that sends a byte now and then, or ``100 Continue`` without end, would
hold the run for ever; here each read gets only what is left of its span.
"""

from __future__ import annotations

import io
import time
from contextlib import suppress
from http.client import HTTPException, HTTPResponse
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

LONGEST_IDLE = 2.0
"""Seconds of silence after which an event stream counts as read."""


class MalformedAnswer(HTTPException):
    """Something came back that is no HTTP. It has no words, for they would quote the server."""


class _Bounded(io.RawIOBase):
    """What a socket sends, until the span is over."""

    def __init__(self, sock: Any, source: Any) -> None:
        super().__init__()
        self._sock = sock
        self._source = source
        self._span = sock.gettimeout()
        self._idle = self._span
        self.restart()

    def restart(self, idle: float | None = None) -> None:
        """Begins a new span, with at most so much silence in it."""
        self._due = time.monotonic() + (self._span or 0.0)
        if idle is not None and self._span is not None:
            self._idle = min(idle, self._span)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._span is None:
            return self._source.readinto(buffer)  # type: ignore[no-any-return]
        left = min(self._due - time.monotonic(), self._idle)
        if left <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(left)
        try:
            return self._source.readinto(buffer)  # type: ignore[no-any-return]
        finally:
            with suppress(OSError):
                self._sock.settimeout(self._span)  # the next request is sent on the same socket

    def close(self) -> None:
        if not self.closed:
            self._source.close()
        super().close()


class _Response(HTTPResponse):
    """An answer that is read from a bounded source."""

    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self._bounded = _Bounded(sock, self.fp.detach())
        self.fp = io.BufferedReader(self._bounded)

    def begin(self) -> None:
        super().begin()
        stream = (self.getheader("content-type") or "").lower().startswith("text/event-stream")
        self._bounded.restart(LONGEST_IDLE if stream else None)


class _Connection(HTTPConnection):
    response_class = _Response

    def getresponse(self) -> Any:
        try:
            return super().getresponse()
        except (ValueError, HTTPError) as error:
            raise MalformedAnswer from error


class _TlsConnection(HTTPSConnection):
    response_class = _Response

    def getresponse(self) -> Any:
        try:
            return super().getresponse()
        except (ValueError, HTTPError) as error:
            raise MalformedAnswer from error


class Pool(HTTPConnectionPool):
    """Such connections without TLS."""

    ConnectionCls = _Connection


class TlsPool(HTTPSConnectionPool):
    """Such connections with TLS."""

    ConnectionCls = _TlsConnection
