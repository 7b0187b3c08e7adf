"""A WSGI application behind a real socket: HTTP/1.1 with kept connections, a thread each, no log."""

from __future__ import annotations

import errno
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from io import BytesIO
from threading import Thread
from typing import TYPE_CHECKING, Any

from errlint.errors import ConfigError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler

LOOPBACK = "127.0.0.1"
MOST_BYTES = 64 * 1024 * 1024
"""What is read of a request's body; a connection whose body is longer ends with the answer."""


@contextmanager
def running(app: WSGIApplication, name: str) -> Iterator[str]:
    """The base URL ``http://127.0.0.1:PORT`` of a server that answers as ``app`` does, until the block ends.

    ``app`` must name its Content-Length. An application that raises ConnectionError answers nothing: its connection is closed.
    ``name`` is what the Server field says.
    """
    server = bound(app, name)
    # The socket listens already. A short poll, since shutdown waits for the next one.
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield url_of(server, LOOPBACK)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def bound(app: WSGIApplication, name: str, host: str = LOOPBACK, port: int = 0) -> BaseWSGIServer:
    """A server whose socket listens already; port 0 is any free one. Raises: ConfigError for a place that cannot be had."""
    from werkzeug.serving import make_server  # only a server needs werkzeug

    try:
        wanted = socket.AF_INET6 if ":" in host else socket.AF_INET
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, wanted, socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as listening:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(128)
            # Werkzeug ends the process where it cannot bind by itself.
            return make_server(host, port, app, threaded=True, request_handler=_handler(name), fd=listening.fileno())
    except (OSError, UnicodeError, OverflowError) as error:
        told = getattr(error, "strerror", None) or error
        hint = "--port 0 takes a free one" if getattr(error, "errno", None) == errno.EADDRINUSE else ""
        raise ConfigError(f"cannot listen on {host}:{port}: {told}", hint=hint) from None


def url_of(server: BaseWSGIServer, host: str) -> str:
    """Where a server answers."""
    return f"http://{f'[{host}]' if ':' in host else host}:{server.server_address[1]!s}"


def _handler(name: str) -> type[WSGIRequestHandler]:
    from werkzeug.exceptions import HTTPException
    from werkzeug.serving import WSGIRequestHandler
    from werkzeug.wsgi import get_input_stream

    class Handler(WSGIRequestHandler):
        """Keeps connections, which Werkzeug's own handler closes after each answer."""

        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else an answer in two writes waits for the client's delayed ACK

        def version_string(self) -> str:
            return name

        def run_wsgi(self) -> None:
            length = self.headers.get("Content-Length", "0").strip()
            try:
                environ = self.make_environ()
            except ValueError:  # a target that is no URL
                self.send_error(400)
                return
            if not (length.isascii() and length.isdigit()):  # where the next request begins is anybody's guess
                self.send_error(400)
                return
            answer: list[Any] = []

            def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
                answer[:] = [status, headers]

            try:
                # Read here: what an application leaves unread would pass for the next request.
                content = get_input_stream(environ).read(MOST_BYTES + 1)
            except ConnectionError:
                self.close_connection = True
                return
            except (HTTPException, OSError):  # less than was announced, or chunks that are none
                self.send_error(400)
                return
            try:
                self.close_connection = self.close_connection or len(content) > MOST_BYTES
                environ["wsgi.input"] = BytesIO(content)
                environ["wsgi.input_terminated"] = True
                body = b"".join(self.server.app(environ, start_response))
            except (ConnectionError, HTTPException, OSError):
                self.close_connection = True
                return
            status, headers = answer
            number, _, phrase = status.partition(" ")
            self.send_response(int(number), phrase)
            for field, value in headers:
                self.send_header(field, value)
            self.end_headers()
            self.wfile.write(body)

        def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
            """Requests that are no HTTP: the framework's shape instead of http.server's HTML page."""
            body = json.dumps({"detail": HTTPStatus(code).phrase}).encode("ascii")
            self.close_connection = True
            self.request_version = self.protocol_version  # an unread version passes for HTTP/0.9, which has no headers
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Nothing; Werkzeug's own reads the target, which may be no URL."""

        def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 Werkzeug's name
            """Nothing."""

    return Handler
