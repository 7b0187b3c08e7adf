"""Sending: one request exactly as it was made, at a bounded rate, its answer read within bounds. Safe for several threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import errlint
from errlint.model.exchange import Request
from errlint.model.record import field, record, replace
from errlint.probe.options import Options
from errlint.probe.wire.failure import Failure, failure

if TYPE_CHECKING:
    import ssl

    from urllib3 import BaseHTTPResponse

    from errlint.probe.wire.channel import Channel
    from errlint.probe.wire.inprocess import InProcess

LARGEST = 1024 * 1024
"""Bytes of a body that are read; more tell nothing about an error."""

LARGEST_STREAM = 64 * 1024
"""Bytes of an event stream that are read; it may never end."""


@record
class Answer:
    """What came back for a request, which is kept as it was sent; ``status`` None with the ``failure`` and ``why``.

    ``cut`` says why the service ended a body early, empty where it did not; ``long`` where more of it was to come than is
    worth reading. ``started`` is seconds since the epoch, ``elapsed`` seconds.
    """

    request: Request
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    failure: Failure = ""
    why: str = ""
    cut: str = ""
    long: bool = False
    started: float = field(default=0.0, compare=False)
    elapsed: float = field(default=0.0, compare=False)


class Sender:
    """The way to one service. Nothing is taken from the environment: no proxy, no netrc, no cookies of earlier answers.

    Each thread has a connection of its own; the rate holds for all of them together. ``stopping``, once set, ends every
    wait, so that a run can be interrupted.
    """

    def __init__(
        self,
        options: Options,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        self.options = options
        self.clock = clock
        self.stopping = threading.Event()
        self.sleep: Callable[[float], object] = sleep or self.stopping.wait
        self.answered = 0
        self._next = 0.0
        self._lock = threading.Lock()
        self._mine = threading.local()
        self._channels: list[Channel | InProcess] = []
        self._tls: tuple[ssl.SSLContext | None, ...] = ()

    def close(self) -> None:
        """Closes the connections; the next request opens new ones."""
        with self._lock:
            for channel in self._channels:
                channel.close()

    def send(self, request: Request, *, once: bool | None = None) -> Answer:
        """The answer to a request. Redirects are answers too: they are not followed.

        A dropped connection is tried once more on a fresh one, for a server may close a kept connection at any time. What
        may go out ``once`` only is never repeated, and gets a fresh connection at once: writes that are not certain to be
        refused, unless told otherwise.
        """
        request = self.dressed(request)
        channel = self._channel()
        if once is None:
            once = request.writes and self.options.writes == "allowed"
        if once and not channel.fresh:
            channel.close()
        fresh = channel.fresh
        answer = self._once(channel, request)
        if answer.failure == "dropped" and not fresh:
            channel.close()
            again = self._once(channel, request)
            if again.failure != "unreachable":  # else it took the service with it: the drop is what it did
                answer = again
        if answer.status is not None:
            with self._lock:
                self.answered += 1
        elif answer.failure:
            channel.close()
        return answer

    def alive(self) -> Answer:
        """The answer to a plain GET of the base url, which tells a dropped connection from a dead service."""
        base = self.options.base_url
        return self.send(Request("GET", base if self.options.base_path else base + "/", self.options.headers, stimulus="alive"))

    def dressed(self, request: Request) -> Request:
        """The request with the headers that tell who asks; names are kept as given."""
        names = {name.lower() for name, _ in request.headers}
        who = (("User-Agent", f"errlint/{errlint.__version__}"), ("X-Errlint-Run", self.options.run_id))
        return replace(request, headers=(*(pair for pair in who if pair[0].lower() not in names), *request.headers))

    def _once(self, channel: Channel | InProcess, request: Request) -> Answer:
        self._wait()
        started, began = time.time(), self.clock()
        try:
            headers = _wire_headers(request)
            response = channel.exchange(request.method, request.url, headers, request.body or None)
        except Exception as error:  # urllib3's, http.client's and the socket's have no common base but this
            kind, why = failure(error, self.options.secrets)
            return Answer(request, failure=kind, why=why, started=started, elapsed=self.clock() - began)
        found = {name.lower(): value for name, value in response.headers.itermerged()}  # several of one name are joined
        body, cut, whole = (b"", "", True) if request.method == "HEAD" else self._read(response, found)
        response.release_conn() if whole else channel.close()
        long, elapsed = not whole and not cut, self.clock() - began
        return Answer(request, response.status, found, body, cut=cut, long=long, started=started, elapsed=elapsed)

    def _channel(self) -> Channel | InProcess:
        """This thread's connection."""
        channel: Channel | InProcess | None = getattr(self._mine, "channel", None)
        if channel is None:
            channel = self._mine.channel = self._opened()
            with self._lock:
                self._channels.append(channel)
        return channel

    def _opened(self) -> Channel | InProcess:
        """A new way to the service. Start-up: only a run that sends needs either."""
        if self.options.service is not None:
            from errlint.probe.wire.inprocess import InProcess

            return InProcess(self.options, self.options.service)
        from errlint.probe.wire.channel import Channel, tls

        with self._lock:  # reading an authority's certificates costs more than a request does
            if not self._tls:
                self._tls = (tls(self.options),)
        return Channel(self.options, self._tls[0])

    def _wait(self) -> None:
        """Sleeps until the rate, and what the service asked for, allow the next request."""
        pace = self.options.pace
        with self._lock:
            now = self.clock() if pace is not None or self._next else 0.0
            mine = max(now, self._next)
            if pace is not None:
                self._next = mine + 1 / pace
        if mine > now:
            self.sleep(mine - now)

    def hold(self, seconds: float) -> None:
        """Lets nothing go out for so long: the service asked for it."""
        with self._lock:
            self._next = max(self._next, self.clock() + seconds)

    def _read(self, response: BaseHTTPResponse, headers: Mapping[str, str]) -> tuple[bytes, str, bool]:
        """(the body as far as it is worth reading, why the service ended it early, whether it was read to its end)."""
        stream = headers.get("content-type", "").lower().startswith("text/event-stream")
        most = LARGEST_STREAM if stream else LARGEST
        parts: list[bytes] = []
        size, started = 0, self.clock()
        try:
            while size < most:
                if self.clock() - started >= self.options.timeout:
                    raise TimeoutError
                part = response.read1(min(65536, most - size), decode_content=True)  # read waits for all of it
                if not part:
                    return b"".join(parts), "", True
                parts.append(part)
                size += len(part)
        except Exception as error:  # as above; an answer came: its status counts even where its body was cut short
            return b"".join(parts), "" if stream else _cut(error, size, headers), False
        return b"".join(parts), "", False


def _cut(error: Exception, size: int, headers: Mapping[str, str]) -> str:
    """Why a body is not whole, in words that quote nothing of it."""
    kind, _ = failure(error, ())
    length = headers.get("content-length", "")
    if kind == "timeout":
        return f"it did not end in time: {size} bytes came"
    if "content-encoding" in headers and "decod" in f"{type(error).__name__} {error}".lower():
        return "it cannot be decoded as its Content-Encoding says"
    if length.isascii() and length.isdigit():
        return f"{size} of {length} bytes came"
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return f"its chunks are broken after {size} bytes"
    return f"the connection was lost after {size} bytes"


def _wire_headers(request: Request) -> dict[str, str]:
    """The headers for the wire, nothing added but the length of a body."""
    headers = {name: _latin(value) for name, value in request.headers}
    if request.body is not None or request.method in ("POST", "PUT", "PATCH"):
        headers["Content-Length"] = str(len(request.body or b""))
    return headers


def _latin(value: str) -> str:
    """The value as http.client can write it: UTF-8 bytes in Latin-1's clothes where it does not fit."""
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogateescape").decode("latin-1")
    return str(value)
