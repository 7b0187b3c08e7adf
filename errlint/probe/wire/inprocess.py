"""The way to an application in this process, in the place of a connection: the rest of a probe knows no difference."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from errlint.apps.calls import Service, call_of
from errlint.apps.inbox import Inbox
from errlint.probe.options import Options

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

    from errlint.probe.wire.channel import Channel


class InProcess:
    """One thread's way to the application. What stands on another host (a token's url) is asked over the network."""

    def __init__(self, options: Options, service: Service) -> None:
        self.fresh = True
        self._options = options
        self._service = service
        self._inbox: Inbox | None = None
        self._outside: Channel | None = None

    def exchange(self, method: str, url: str, headers: dict[str, str], body: bytes | None) -> BaseHTTPResponse:
        """The head of the answer, its body still to be read.

        Raises: TimeoutError, ConnectionResetError, and ValueError and InvalidURL for what no client could send.
        """
        from urllib3 import HTTPHeaderDict, HTTPResponse

        origin = self._options.origin
        if url != origin and not url.startswith((origin + "/", origin + "?", origin + "#")):
            return self._elsewhere(method, url, headers, body)
        target = url[len(origin) :].partition("#")[0]
        call = call_of(method, target if target.startswith("/") else "/" + target, headers, body)
        inbox = self._inbox = self._service.call(call)
        head = inbox.head(self._options.timeout)
        return HTTPResponse(
            body=io.BufferedReader(inbox),
            headers=HTTPHeaderDict(head.headers),
            status=head.status,
            version=11,
            preload_content=False,
            decode_content=False,
            request_method=method,
            request_url=target,
        )

    def close(self) -> None:
        """Ends what is under way."""
        if self._inbox is not None:
            self._inbox.close()
        if self._outside is not None:
            self._outside.close()

    def _elsewhere(self, method: str, url: str, headers: dict[str, str], body: bytes | None) -> BaseHTTPResponse:
        if not urlsplit(url).hostname:
            raise ValueError("an address without a host")
        if self._outside is None:
            from errlint.probe.wire.channel import Channel, tls

            self._outside = Channel(self._options, tls(self._options))
        return self._outside.exchange(method, url, headers, body)
