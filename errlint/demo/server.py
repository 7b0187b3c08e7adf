"""A WSGI application behind a real socket on 127.0.0.1."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from io import BytesIO
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from werkzeug.serving import WSGIRequestHandler


@contextmanager
def serve(app: WSGIApplication) -> Iterator[str]:
    """The base URL ``http://127.0.0.1:PORT`` of a server that answers as ``app`` does, until the block ends.

    It speaks HTTP/1.1 with kept connections, a thread each, and logs nothing. ``app`` must name its Content-Length.
    An application that raises ConnectionError answers nothing: its connection is closed.
    """
    from werkzeug.serving import make_server  # only a started demo needs werkzeug

    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_handler())
    # The socket listens already. A short poll, since shutdown waits for the next one.
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler() -> type[WSGIRequestHandler]:
    from werkzeug.exceptions import HTTPException
    from werkzeug.serving import WSGIRequestHandler
    from werkzeug.wsgi import get_input_stream

    class Handler(WSGIRequestHandler):
        """Keeps connections, which Werkzeug's own handler closes after each answer."""

        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else an answer in two writes waits for the client's delayed ACK

        def version_string(self) -> str:
            return "EventML"

        def run_wsgi(self) -> None:
            if self.headers.get("Expect", "").lower() == "100-continue":
                self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            environ = self.make_environ()
            answer: list[Any] = []

            def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
                answer[:] = [status, headers]

            try:
                # Read here: what an application leaves unread would pass for the next request.
                environ["wsgi.input"] = BytesIO(get_input_stream(environ).read())
                environ["wsgi.input_terminated"] = True
                body = b"".join(self.server.app(environ, start_response))
            except (ConnectionError, HTTPException, OSError):
                self.close_connection = True
                return
            status, headers = answer
            number, _, phrase = status.partition(" ")
            self.send_response(int(number), phrase)
            for name, value in headers:
                self.send_header(name, value)
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

        def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 Werkzeug's name
            """Nothing."""

    return Handler
