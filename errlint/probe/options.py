"""What a user asks of a probe, and how its secrets are kept out of every text."""

from __future__ import annotations

import math
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Literal
from urllib.parse import unquote, urlsplit

from errlint.errors import ConfigError
from errlint.model.exchange import Observation

Writes = Literal["never", "rejected", "allowed"]

POLITE = 20.0
"""Requests per second to a host that is not this machine, unless told otherwise."""

SHORTEST = 6
"""Shorter values are no secrets: masking ``1`` or ``true`` would garble a report."""

MASK = "***"

HARMLESS = frozenset(("accept", "accept-language", "content-type"))
"""The user's headers that certainly carry no credentials."""


class Secret(str):
    """A header's value that no repr shows; it is sent, compared and hashed as the text that it is."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(MASK)


@dataclass(frozen=True, slots=True)
class Options:
    """How to probe one service.

    ``headers`` are the user's, credentials among them: their values are secrets, but for a few harmless names. ``rate``
    is requests per second, None for no limit on this machine and 20 elsewhere. ``include`` and ``exclude`` are selectors
    (``[METHOD ]path-glob``, ``tag:x``, ``operationId:x``). ``verify`` may be the path of a CA bundle. Times are seconds.
    Credentials in the url become a Basic header.

    Raises: ConfigError for an option that makes no sense.
    """

    base_url: str
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    seed: int = 0
    writes: Writes = "rejected"
    max_requests: int = 5000
    max_requests_per_operation: int = 60
    rate: float | None = None
    timeout: float = 10.0
    generated: bool = True
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    verify: bool | str = True
    cert: str | tuple[str, str] | None = None
    proxy: str | None = field(default=None, repr=False)
    max_time: float = 600.0
    accept_inconclusive: bool = False

    def __post_init__(self) -> None:
        base, userinfo = _base(self.base_url)
        headers = [(name.strip(), _kept(name, value.strip())) for name, value in self.headers]
        if userinfo and not any(name.lower() == "authorization" for name, _ in headers):
            headers.append(("Authorization", Secret("Basic " + b64encode(userinfo.encode()).decode())))
        for name, value in headers:
            if not name or any(character in "\r\n\0" for character in name + value):
                raise ConfigError(f"{name!r} is no header that can be sent", hint="write -H 'Name: value'")
        if self.writes not in ("never", "rejected", "allowed"):
            raise ConfigError(f"writes cannot be {self.writes!r}", hint="say never, rejected or allowed")
        numbers = (self.max_requests, self.max_requests_per_operation, self.timeout, self.max_time)
        if min(numbers) <= 0 or (self.rate is not None and not self.rate > 0):
            raise ConfigError("limits, rates and times of a probe are greater than zero")
        object.__setattr__(self, "base_url", base)
        object.__setattr__(self, "headers", tuple(headers))

    @property
    def base_path(self) -> str:
        """The path of the base url without a slash at its end; empty for the root."""
        return urlsplit(self.base_url).path

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def loopback(self) -> bool:
        """Whether the service runs on this machine."""
        host = (urlsplit(self.base_url).hostname or "").lower()
        return host in ("localhost", "::1") or host.endswith(".localhost") or host.startswith("127.")

    @property
    def pace(self) -> float | None:
        """Requests per second, None for no limit."""
        if self.rate is not None:
            return None if math.isinf(self.rate) else self.rate
        return None if self.loopback else POLITE

    @property
    def run_id(self) -> str:
        """The name of this run in ``X-Errlint-Run``: the same for the same seed."""
        return sha256(f"errlint:{self.seed}".encode()).hexdigest()[:12]

    @property
    def secrets(self) -> tuple[str, ...]:
        """The texts to mask in every output, longest first: header values, and the tokens and passwords in them."""
        found = {str(value) for _, value in self.headers if isinstance(value, Secret)}
        for value in tuple(found):
            scheme, _, rest = value.partition(" ")
            tokens = value if "=" in scheme or not rest else rest
            found |= {part.partition("=")[2] or part for part in tokens.replace(";", " ").replace(",", " ").split()}
            found |= _decoded(rest) if scheme.lower() == "basic" else set()
        if self.proxy and "@" in self.proxy:
            found.add(urlsplit(self.proxy).netloc.rpartition("@")[0])
        return tuple(sorted((text for text in found if len(text) >= SHORTEST), key=lambda text: (-len(text), text)))


def _kept(name: str, value: str) -> str:
    """The value of a header, as a secret unless its name says that it is none."""
    return value if name.strip().lower() in HARMLESS else Secret(value)


def _base(url: str) -> tuple[str, str]:
    """(the url without userinfo, query and slash at its end, the userinfo). Raises: ConfigError."""
    try:
        parts = urlsplit(url.strip())
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise ConfigError(f"the base url cannot be read: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError("the base url must be absolute", hint="write http://host/path or https://host/path")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    userinfo = unquote(parts.netloc.rpartition("@")[0])
    return f"{parts.scheme}://{host}{port}{parts.path.rstrip('/')}", userinfo


def _decoded(token: str) -> set[str]:
    """User, password and both of a Basic token (RFC 7617); empty for anything else."""
    try:
        pair = b64decode(token, validate=True).decode()
    except ValueError:
        return set()
    return {pair, pair.partition(":")[2]}


def redact(text: str, secrets: Iterable[str]) -> str:
    """The text with every secret masked. Pass the longest first, as ``Options.secrets`` does."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, MASK)
    return text


def masked(observation: Observation, secrets: Sequence[str]) -> Observation:
    """The answer with every secret of the user's masked; ``echoes`` says that it held one."""
    secrets = sorted({*secrets, *_sent(observation)}, key=lambda text: (-len(text), text))
    if not secrets:
        return observation
    body = observation.body.decode("utf-8", "surrogateescape")
    clean = redact(body, secrets)
    headers = {name: redact(value, secrets) for name, value in observation.headers.items()}
    if clean == body and headers == dict(observation.headers):
        return observation
    return replace(observation, body=clean.encode("utf-8", "surrogateescape"), headers=headers, echoes=clean != body)


def _sent(observation: Observation) -> set[str]:
    """The credentials of this request, made-up ones too: an echo of them is a leak of the same kind."""
    headers = observation.request.headers if observation.request is not None else ()
    values = [value for name, value in headers if name.lower() in ("authorization", "proxy-authorization", "cookie")]
    return {part for value in values for part in (value, value.partition(" ")[2]) if len(part) >= SHORTEST}
