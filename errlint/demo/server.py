"""The demo's service behind a real socket on 127.0.0.1: the mock's server under its own name."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from errlint.serve.http import running

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def serve(app: WSGIApplication) -> AbstractContextManager[str]:
    """The base URL ``http://127.0.0.1:PORT`` of a server that answers as ``app`` does, until the block ends."""
    return running(app, "EventML")
