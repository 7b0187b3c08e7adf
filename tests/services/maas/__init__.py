"""ModelArts MaaS with its four layers, for real: gateway, platform, engine and web framework over loopback sockets."""

from __future__ import annotations

from collections.abc import Iterator, MutableSet
from contextlib import contextmanager
from pathlib import Path

from tests.services.maas.faults import FAULTS

__all__ = ["DOCUMENT", "FAULTS", "running"]

#: The OpenAPI document that the service keeps.
DOCUMENT = Path(__file__).with_name("openapi.yaml")


@contextmanager
def running(faults: MutableSet[str] | None = None, *, limit: int | None = None) -> Iterator[str]:
    """The gateway's base URL ``http://127.0.0.1:PORT``, with the service behind it, until the block ends.

    ``faults`` are names of FAULTS, consulted at every request: change the set to change the service. ``limit`` is the
    number of calls after which the gateway throttles.
    """
    from tests.services.maas import app, gateway

    active = set() if faults is None else faults
    with app.serving(active) as backend, gateway.serving(backend, active, limit=limit) as url:
        yield url
