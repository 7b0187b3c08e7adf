"""The demo's service with one fault, in a process of its own: prints its address, and writes down each request that it got.

    python -m tests.bench.versus_service RECORD [FAULT]     # ends when its standard input does

RECORD gets a JSON object a line: ``method``, ``target`` (as it was sent), ``headers`` (pairs), ``body`` (Latin-1).
"""

from __future__ import annotations

import json
import sys
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from errlint.demo.server import serve
from errlint.demo.service import create_app

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def recording(app: WSGIApplication, record: Path) -> WSGIApplication:
    """The application, with each request appended to a file before it is answered."""
    lock = Lock()

    def recorded(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read()
        environ["wsgi.input"] = BytesIO(body)
        line = json.dumps(_request(environ, body))
        with lock, record.open("a", encoding="ascii") as out:
            out.write(line + "\n")
        return app(environ, start)

    return recorded


def _request(environ: WSGIEnvironment, body: bytes) -> dict[str, Any]:
    headers = [(name[5:].replace("_", "-").title(), value) for name, value in environ.items() if name.startswith("HTTP_")]
    if environ.get("CONTENT_TYPE"):
        headers.append(("Content-Type", environ["CONTENT_TYPE"]))
    return {
        "method": environ["REQUEST_METHOD"],
        "target": environ["REQUEST_URI"],
        "headers": headers,
        "body": body.decode("latin-1"),
    }


def main() -> None:
    record, faults = Path(sys.argv[1]), set(sys.argv[2:])
    with serve(recording(create_app(faults), record)) as url:
        print(url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
