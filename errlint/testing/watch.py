"""Sees every answer that a suite's clients get: their ``send`` is wrapped for the session, and put back at its end.

Nothing here may change what a test sees: whatever goes wrong on our side is counted and told once.
"""

from __future__ import annotations

import functools
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from inspect import iscoroutinefunction
from itertools import chain, islice
from typing import Any
from urllib.parse import urlsplit

from errlint.model.record import replace
from errlint.testing.adapters import Exchange, Parts, UnreadableError, exchange_of, routed
from errlint.testing.templates import of_params

TARGETS = (
    ("httpx", "Client", "send"),
    ("httpx", "AsyncClient", "send"),
    ("httpx2", "Client", "send"),
    ("httpx2", "AsyncClient", "send"),
    ("requests.sessions", "Session", "send"),
    ("werkzeug.test", "Client", "open"),
    ("django.test.client", "Client", "request"),
    ("django.test.client", "AsyncClient", "request"),
    ("aiohttp.test_utils", "TestClient", "_request"),
    ("aiohttp.client", "ClientSession", "_request"),
)
"""Where answers come through, as (module, class, method). A module that nobody imported is left alone."""

IN_PROCESS = ("aiohttp.test_utils", "litestar.testing")
"""Where the test clients live whose answers are the application's own, whatever host they write."""

EAGER = ("httpx", "httpx2")
"""Modules that a test may import and use in one breath: they are imported where they are installed."""

See = Callable[[Any, Exchange], None]
"""Takes a response, as its client gave it, and the exchange that it is."""

_asking: ContextVar[dict[str, Any] | None] = ContextVar("errlint_asking", default=None)
"""What is known of the request under way; set while a client waits. What an application asks meanwhile is not its answer."""


class Watch:
    """The wrapped clients. ``hosts`` are those whose answers count beside this machine's and in-process ones.

    ``elsewhere`` counts answers of other hosts, ``unread`` those without a readable body, ``faults`` our own failures.
    """

    def __init__(self, see: See, hosts: Iterable[str] = ()) -> None:
        self._see = see
        self._hosts = frozenset(host for url in hosts if (host := _host(url)))
        self._wrapped: dict[tuple[type, str], tuple[Any, Any]] = {}
        self._spied: list[tuple[Any, _Spy]] = []
        self._on = False
        self.elsewhere: Counter[str] = Counter()
        self.unread: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()

    def start(self) -> None:
        """Wraps what is there, and imports the clients that may be used right after their import."""
        from importlib import import_module
        from importlib.util import find_spec

        self._on = True
        for name in EAGER:
            try:
                if name not in sys.modules and find_spec(name) is not None:
                    import_module(name)
            except Exception as error:  # a broken client is the user's affair: only a suite that uses it will notice
                self.faults[in_words(error)] += 1
        self.catch_up()

    def catch_up(self) -> None:
        """Wraps the clients that were imported since."""
        for module, name, method in TARGETS if self._on else ():
            owner = getattr(sys.modules.get(module), name, None)
            original = owner.__dict__.get(method) if isinstance(owner, type) else None
            if isinstance(owner, type) and original is not None and (owner, method) not in self._wrapped:
                ours = self._awaiting(original) if iscoroutinefunction(original) else self._waiting(original)
                setattr(owner, method, ours)
                self._wrapped[owner, method] = (original, ours)

    def stop(self) -> None:
        """Puts everything back, but for what somebody else has wrapped since: there we do nothing any more."""
        self._on = False
        for (owner, method), (original, ours) in self._wrapped.items():
            if owner.__dict__.get(method) is ours:
                setattr(owner, method, original)
        for transport, spy in self._spied:
            if getattr(transport, "app", None) is spy:
                transport.app = spy.app
        self._wrapped.clear()
        self._spied.clear()

    def _waiting(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def call(client: Any, *arguments: Any, **named: Any) -> Any:
            if not self._on or _asking.get() is not None:
                return original(client, *arguments, **named)
            known = self._known(client, arguments, named)
            token = _asking.set(known)
            try:
                response = original(client, *arguments, **named)
            finally:
                _asking.reset(token)
            self._look(client, response, known)
            return response

        return call

    def _awaiting(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        async def call(client: Any, *arguments: Any, **named: Any) -> Any:
            if not self._on or _asking.get() is not None:
                return await original(client, *arguments, **named)
            known = self._known(client, arguments, named)
            token = _asking.set(known)
            try:
                response = await original(client, *arguments, **named)
                await self._read(response)
            finally:
                _asking.reset(token)
            self._look(client, response, known)
            return response

        return call

    def _known(self, client: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
        """What is known before a request goes out: the transport that will carry it, whose application is looked at."""
        known: dict[str, Any] = {}
        try:
            find = getattr(client, "_transport_for_url", None)
            if find is not None:
                request = arguments[0] if arguments else named["request"]
                transport = known["transport"] = find(request.url)
                app = getattr(transport, "app", None)
                if callable(app) and not isinstance(app, _Spy):
                    transport.app = _Spy(app)
                    self._spied.append((transport, transport.app))
        except Exception as error:  # see the module's docstring
            self.faults[in_words(error)] += 1
        return known

    async def _read(self, response: Any) -> None:
        """Reads an error of aiohttp, whose body comes when it is asked for; a test that asks then gets the same."""
        try:
            if _is_aiohttp(response) and response.status >= 400:
                await response.read()
        except Exception as error:  # see the module's docstring
            self.faults[in_words(error)] += 1

    def _look(self, client: Any, response: Any, known: dict[str, Any]) -> None:
        try:
            for exchange in self._exchanges(client, response, known):
                self._see(response, exchange)
        except UnreadableError as error:
            self.unread[str(error)] += 1
        except Exception as error:  # see the module's docstring
            self.faults[in_words(error)] += 1

    def _exchanges(self, client: Any, response: Any, known: dict[str, Any]) -> Iterator[Exchange]:
        """The exchange of a response, or none where it is not the application's."""
        if _is_stream(response):
            if response.status_code >= 400:
                raise UnreadableError("it is a stream that the test reads itself")
            return
        transport = known.get("transport")
        if transport is not None and type(transport).__name__ == "MockTransport":
            return
        if _is_aiohttp(response) and response.status < 400:
            return
        exchange = exchange_of(response)
        if exchange.local or hasattr(transport, "app") or _in_process(client):
            template = exchange.template if exchange.template is not None else _template(client, exchange, known)
            yield replace(exchange, local=True, template=template)
            return
        host = _host(exchange.request.url) if exchange.request is not None else ""
        if _loopback(host):
            # Nobody mocks the service under test on this machine: what is mocked there is another service.
            if not _is_mocked(client, response, transport):
                yield exchange
        elif host in self._hosts:
            yield exchange
        else:
            self.elsewhere[host] += 1


class _Spy:
    """Stands for an application and remembers the scope or environ of the call, into which its router writes."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, *arguments: Any) -> Any:
        known = _asking.get()
        if known is not None and arguments:
            known["scope"] = arguments[0]
        return self.app(*arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["app"], name) if "app" in self.__dict__ else object.__getattribute__(self, name)


def _template(client: Any, exchange: Exchange, known: dict[str, Any]) -> str | None:
    """The template of the route that answered, empty where none did, None where nobody can say."""
    own = getattr(client, "app", None) if _in_process(client) else None
    application = own or getattr(client, "application", None) or getattr(known.get("transport"), "app", None)
    found = routed(exchange, application)
    scope = known.get("scope")
    if found is not None or not isinstance(scope, dict) or exchange.request is None:
        return found
    if exchange.status == 405:
        return ""
    params = scope.get("path_params")
    if "endpoint" in scope or "route_handler" in scope or params:
        return of_params(exchange.request.url, params if isinstance(params, dict) else {})
    return "" if "router" in scope else None


def _in_process(client: Any) -> bool:
    return any(one.__module__.startswith(IN_PROCESS) for one in type(client).__mro__)


def _is_aiohttp(response: Any) -> bool:
    return type(response).__module__ == "aiohttp.client_reqrep"


def _is_stream(response: Any) -> bool:
    """Whether the test is about to read the body itself, piece by piece."""
    if getattr(response, "streaming", False):  # Django
        return True
    if getattr(response, "is_stream_consumed", True) is False and not hasattr(response, "_content"):  # httpx
        return True
    if getattr(response, "_content", None) is False:  # requests
        return True
    if not getattr(response, "is_streamed", False) or "content-length" in response.headers:  # Werkzeug
        return False
    return response.status_code < 400 or response.mimetype == "text/event-stream" or not _is_short(response)


MOST_PARTS = 32
"""Parts of a streamed error that are read; an error is short, whatever made it."""


def _is_short(response: Any) -> bool:
    """Whether the body of a response of Werkzeug ends soon; the test gets every part of it all the same."""
    rest = response.response
    parts = iter(rest)
    read = list(islice(parts, MOST_PARTS))
    short = len(read) < MOST_PARTS
    response.response = Parts(chain(read, parts), rest)
    return short


def _is_mocked(client: Any, response: Any, transport: Any) -> bool:
    """Whether somebody (respx, responses, requests-mock) answered in the place of the network."""
    if type(transport).__name__ in ("HTTPTransport", "AsyncHTTPTransport"):
        return "network_stream" not in response.extensions
    find = getattr(client, "get_adapter", None)
    if find is None:
        return False
    kind = type(find(response.url))
    if kind.__module__.partition(".")[0] not in ("requests", "requests_mock"):
        return False  # another way to somewhere
    came = type(getattr(response.raw, "_original_response", None))
    return all(base.__module__ != "http.client" for base in came.__mro__)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.endswith(".localhost") or host.startswith("127.")


def in_words(error: Exception) -> str:
    """``TypeError: why``, on one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
