"""Sending: one request exactly as it was made, at a bounded rate, its answer read within bounds."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import errlint
from errlint.model.exchange import Request
from errlint.model.record import field, record, replace
from errlint.probe.options import Options
from errlint.probe.wire.failure import Failure, failure

if TYPE_CHECKING:
    import requests

LARGEST = 1024 * 1024
"""Bytes of a body that are read; more tell nothing about an error."""

LARGEST_STREAM = 64 * 1024
"""Bytes of an event stream that are read; it may never end."""


@record
class Answer:
    """What came back for a request, which is kept as it was sent; ``status`` None with the ``failure`` and ``why``."""

    request: Request
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    failure: Failure = ""
    why: str = ""


class Sender:
    """One session to one service. Nothing is taken from the environment: no proxy, no netrc, no cookies of earlier answers."""

    def __init__(
        self,
        options: Options,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.options = options
        self.clock = clock
        self.sleep = sleep
        self.answered = 0
        self._next = 0.0
        self._session: requests.Session | None = None

    def close(self) -> None:
        """Closes the connections; the next request opens new ones."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def send(self, request: Request) -> Answer:
        """The answer to a request. Redirects are answers too: they are not followed.

        A dropped connection is tried once more on a fresh one, for a server may close a kept connection at any time. A
        write is never repeated: it gets a fresh connection at once.
        """
        request = self.dressed(request)
        if request.writes:
            self.close()
        fresh = self._session is None
        answer = self._once(request)
        if answer.failure == "dropped" and not fresh:
            self.close()
            again = self._once(request)
            if again.failure != "unreachable":  # else it took the service with it: the drop is what it did
                answer = again
        if answer.status is not None:
            self.answered += 1
        elif answer.failure:
            self.close()
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

    def _once(self, request: Request) -> Answer:
        import requests  # start-up: only a run that sends needs it
        from urllib3.exceptions import HTTPError

        self._wait()
        try:
            prepared = _prepared(request)
            # The adapter, not the session: that would prepare the next hop of a redirect and read its body to the end.
            with (
                self._open()
                .get_adapter(request.url)
                .send(
                    prepared,
                    stream=True,
                    timeout=self.options.timeout,
                    verify=self.options.verify,
                    cert=self.options.cert,
                    proxies={"http": self.options.proxy, "https": self.options.proxy} if self.options.proxy else {},
                ) as response
            ):
                headers = _headers(response)
                body = b"" if request.method == "HEAD" else self._read(response, headers)
                return Answer(request, response.status_code, headers, body)
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            kind, why = failure(error, self.options.secrets)
            return Answer(request, failure=kind, why=why)

    def _open(self) -> requests.Session:
        if self._session is None:
            import requests

            from errlint.probe.wire.deadline import Adapter

            self._session = requests.Session()
            for scheme in ("http://", "https://"):
                self._session.mount(scheme, Adapter())
        return self._session

    def _wait(self) -> None:
        """Sleeps until the rate allows the next request."""
        if self.options.pace is None:
            return
        now = self.clock()
        if now < self._next:
            self.sleep(self._next - now)
        self._next = max(now, self._next) + 1 / self.options.pace

    def _read(self, response: requests.Response, headers: Mapping[str, str]) -> bytes:
        """The body as far as it is worth reading; what was cut short or came too slowly is kept as it is."""
        from urllib3.exceptions import HTTPError

        stream = headers.get("content-type", "").lower().startswith("text/event-stream")
        most = LARGEST_STREAM if stream else LARGEST
        raw = response.raw
        read = getattr(raw, "read1", raw.read)  # read1 (urllib3 2) gives what is there; read waits for all of it
        parts: list[bytes] = []
        size, started = 0, self.clock()
        try:
            while size < most and self.clock() - started < self.options.timeout:
                part = read(min(65536, most - size), decode_content=True)
                if not part:
                    break
                parts.append(part)
                size += len(part)
        except (HTTPError, OSError, ValueError):
            pass  # an answer came: its status counts even where its body was cut short
        return b"".join(parts)


def _prepared(request: Request) -> requests.PreparedRequest:
    """The request for the wire, past the preparation that would normalise the path and add credentials of its own."""
    from requests import PreparedRequest
    from requests.structures import CaseInsensitiveDict

    prepared = PreparedRequest()
    prepared.method = request.method
    prepared.url = request.url
    prepared.headers = CaseInsensitiveDict({name: _latin(value) for name, value in request.headers})
    prepared.body = request.body or None
    if request.body is not None or request.method in ("POST", "PUT", "PATCH"):
        prepared.headers["Content-Length"] = str(len(request.body or b""))
    return prepared


def _latin(value: str) -> str:
    """The value as http.client can write it: UTF-8 bytes in Latin-1's clothes where it does not fit."""
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogateescape").decode("latin-1")
    return str(value)


def _headers(response: requests.Response) -> dict[str, str]:
    """The answer's headers by lower-case name; several of one name are joined (RFC 9110 section 5.3)."""
    return {name.lower(): value for name, value in response.headers.items()}
