"""The API gateway (APIG) in front of the service: it knows the base path /v1, limits, and passes everything else on.

``python -m tests.services.maas.gateway --port 0 --backend URL`` prints ``listening on http://127.0.0.1:PORT`` first.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import quote, urlsplit

from errlint.demo.answers import Answer
from tests.services.maas.accounts import request_id
from tests.services.maas.faults import FAULTS, applied

BASE_PATH = "/v1"
#: Of one connection only (RFC 9110 section 7.6.1); the body's length is written anew.
HOP_BY_HOP = {"connection", "content-length", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}


class Gateway(ThreadingHTTPServer):
    """A reverse proxy on 127.0.0.1."""

    daemon_threads = True

    def __init__(
        self, port: int, backend: str, faults: Collection[str], limit: int | None = None, timeout: float = 10.0
    ) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        parts = urlsplit(backend)
        self.backend = (parts.hostname or "127.0.0.1", parts.port or 80)
        self.faults = faults
        self.limit = limit
        self.backend_timeout = timeout
        self.calls = 0
        self.lock = Lock()

    def throttles(self) -> bool:
        """Counts a call, and whether it is one too many."""
        with self.lock:
            self.calls += 1
            return self.limit is not None and self.calls > self.limit

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a client that went away is no news."""


class Handler(BaseHTTPRequestHandler):
    """One connection. Every method, known or not, is relayed."""

    server: Gateway
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else an answer in two writes waits for the client's delayed ACK

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self.relay
        raise AttributeError(name)

    def relay(self) -> None:
        """Answers in the gateway's own words, or in those of the service behind it."""
        body = self.read_body()
        path = self.path.partition("?")[0]
        if path != BASE_PATH and not path.startswith(BASE_PATH + "/"):
            message = "The API does not exist or has not been published in the environment"
            self.refuse(404, "APIG.0101", message, "stray-path", body)
        elif self.server.throttles():
            message = (
                f"The throttling threshold has been reached: policy ip over ratelimit,limit:{self.server.limit},time:1 minute"
            )
            self.refuse(429, "APIG.0308", message, "throttled", body)
        else:
            connection = HTTPConnection(*self.server.backend, timeout=self.server.backend_timeout)
            try:
                response = self.forward(connection, body)
            except (OSError, HTTPException):
                self.refuse(504, "APIG.0203", "Backend timeout", "timeout", body)
            else:
                self.pass_on(response)
            finally:
                connection.close()

    def read_body(self) -> bytes | None:
        """The request's body; None where it has none."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            chunks = []
            while size := int(self.rfile.readline().partition(b";")[0], 16):
                chunks.append(self.rfile.read(size))
                self.rfile.readline()
            while self.rfile.readline().strip():
                pass  # trailers
            return b"".join(chunks)
        length = self.headers.get("Content-Length", "")
        return self.rfile.read(int(length)) if length.isdigit() else None

    def forward(self, connection: HTTPConnection, body: bytes | None) -> HTTPResponse:
        """The service's answer to this request as it came."""
        # A target that is no ASCII cannot be sent on; quoting leaves every legal target as it is.
        target = quote(self.path.encode("latin-1"), safe="/?#[]@!$&'()*+,;=:%-._~\"<>\\^`{|}")
        connection.putrequest(self.command, target, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in HOP_BY_HOP:
                connection.putheader(name, value.encode("latin-1"))
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        return connection.getresponse()

    def pass_on(self, response: HTTPResponse) -> None:
        """Writes the service's answer; a stream as it comes."""
        self.send_response_only(response.status, response.reason)
        for name, value in response.getheaders():
            if name.lower() not in HOP_BY_HOP or name.lower() == "content-length":
                self.send_header(name, value)
        chunked = bool(response.chunked)
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while data := response.read1(65536):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data) if chunked else data)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")

    def refuse(self, status: int, code: str, message: str, cause: str, body: bytes | None) -> None:
        """Writes an error of the gateway's own."""
        identity = request_id(self.command, self.path, body or b"")
        value = {"error_msg": message, "error_code": code, "request_id": identity}
        wait = (("Retry-After", "60"),) if status == 429 else ()
        answer = applied(self.server.faults, Answer(status, value, "", cause, headers=wait))
        content = answer.body()
        self.send_response(status)
        self.send_header("X-Request-Id", identity)
        for name, told in answer.headers:
            self.send_header(name, told)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def version_string(self) -> str:
        """The Server header."""
        return "apig"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 http.server's name
        """Nothing."""


@contextmanager
def serving(backend: str, faults: Collection[str] = (), *, limit: int | None = None, timeout: float = 10.0) -> Iterator[str]:
    """The gateway's base URL until the block ends.

    ``backend`` is the service's base URL, ``limit`` the calls before APIG.0308, ``timeout`` the seconds before APIG.0203.
    """
    gateway = Gateway(0, backend, faults, limit, timeout)
    # A short poll, since shutdown waits for the next one.
    thread = Thread(target=gateway.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{gateway.server_port}"
    finally:
        gateway.shutdown()
        thread.join()
        gateway.server_close()


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(description="The API gateway in front of MaaS")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--backend", required=True)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--timeout", type=float, default=10.0)
    parser.add_argument("--fault", action="append", default=[], choices=list(FAULTS))
    options = parser.parse_args()
    gateway = Gateway(options.port, options.backend, options.fault, options.limit, options.timeout)
    print(f"listening on http://127.0.0.1:{gateway.server_port}", flush=True)
    gateway.serve_forever()


if __name__ == "__main__":
    main()
