"""The answer that a test got, from whichever client, as an exchange. No client is imported: each is known by what it has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from errlint.model.exchange import Request
from errlint.model.record import field, record
from errlint.testing.templates import of_params, of_resources, of_routes, of_rules

HOST = "http://testserver"
"""Stands for the host of an answer that came over no network."""


class UnreadableError(Exception):
    """What is no answer, or one whose body cannot be read; the message says what to do."""


@record
class Exchange:
    """One answer. ``request`` is None where the response does not know what it answers.

    ``headers`` have lower-case names. ``template`` is the path as the application's own routes write it, ``/models/{id}``;
    empty where the application met no route, None where nobody knows. ``local`` is true where it came over no network.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    request: Request | None = field(default=None, repr=False)
    template: str | None = None
    local: bool = False


def exchange_of(response: Any) -> Exchange:
    """The exchange that a client's response is. Raises: UnreadableError."""
    for fits, read in _KINDS:
        if fits(response):
            return read(response)
    kind = f"{type(response).__module__}.{type(response).__qualname__}"
    raise UnreadableError(f"{kind} is no response that errlint knows: pass one of requests, httpx, a test client or aiohttp")


def _django(response: Any) -> Exchange:
    """Django's test clients, the asynchronous one and that of the REST framework too."""
    _rendered(response)
    if getattr(response, "streaming", False):
        raise UnreadableError("the body is a stream: pass an answer whose content can be read")
    sent = getattr(response, "request", None)
    request = None
    if isinstance(sent, Mapping):
        method, path = sent.get("REQUEST_METHOD") or sent.get("method"), sent.get("PATH_INFO") or sent.get("path")
        query = sent.get("QUERY_STRING") or sent.get("query_string") or b""
        url = HOST + str(path) + (f"?{_text(query)}" if query else "")
        request = Request(str(method).upper(), url, tuple(_django_headers(sent)))
    template = _django_template(response, request.url) if request is not None else None
    return Exchange(response.status_code, _joined(response.items()), response.content, request, template, True)


def _django_template(response: Any, url: str) -> str | None:
    if not hasattr(type(response), "resolver_match") and "resolver_match" not in response.__dict__:
        return None
    try:
        params = response.resolver_match.kwargs  # lazy: it looks the path up now
    except Exception:  # Resolver404, which only Django could name
        return ""
    return of_params(url, params) if response.status_code != 405 else ""


def _django_headers(sent: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """The headers of a WSGI environ, or of an ASGI scope."""
    for name, value in sent.items():
        if name.startswith("HTTP_"):
            yield name[5:].replace("_", "-").title(), str(value)
    if isinstance(sent.get("headers"), list | tuple):
        yield from ((_text(name), _text(value)) for name, value in sent["headers"])


def _rendered(response: Any) -> None:
    if getattr(response, "is_rendered", True) is False:
        raise UnreadableError("the response is not rendered: call response.render() first")


def _werkzeug(response: Any) -> Exchange:
    """The test clients of Werkzeug and Flask, and responses that an application made."""
    try:
        body = _streamed(response) if getattr(response, "is_streamed", False) else response.get_data()
    except RuntimeError as error:  # a file that is passed through
        raise UnreadableError(f"the body cannot be read: {error}") from None
    sent = getattr(response, "request", None)
    request = None
    if sent is not None:
        request = Request(sent.method.upper(), str(sent.url), tuple(sent.headers.items()), _sent_body(sent.environ))
    return Exchange(response.status_code, _joined(response.headers.items()), body, request, None, True)


def _streamed(response: Any) -> bytes:
    """The body of a response that has its parts still to come: to the test they still are."""
    if response.direct_passthrough:
        return bytes(response.get_data())  # which says why it cannot be read
    rest = response.response
    parts = list(response.iter_encoded())
    response.response = Parts(iter(parts), rest)
    return b"".join(parts)


class Parts:
    """The parts of a body that were read ahead, in the place of what gave them; closed as that is."""

    def __init__(self, parts: Iterator[Any], rest: Any) -> None:
        self._parts = parts
        if hasattr(rest, "close"):
            self.close = rest.close

    def __iter__(self) -> Iterator[Any]:
        return self._parts


def _sent_body(environ: Mapping[str, Any]) -> bytes | None:
    """What was sent, where it can be read without taking it from somebody."""
    stream: Any = environ.get("wsgi.input")
    held = stream.getvalue() if hasattr(stream, "getvalue") and not stream.closed else None
    return held if isinstance(held, bytes) else None


def _client(response: Any) -> Exchange:
    """requests, httpx, httpx2, and what is made of them: the test clients of Starlette, FastAPI and Litestar."""
    request = _sent(response)
    return Exchange(response.status_code, _joined(response.headers.items()), _content(response), request)


def _content(response: Any) -> bytes:
    try:
        content = response.content
    except RuntimeError:  # httpx: a stream that nobody read
        try:
            content = response.read()
        except RuntimeError:
            raise UnreadableError("the body was not read: await response.aread() first") from None
    return content if isinstance(content, bytes) else b""


def _sent(response: Any) -> Request | None:
    try:
        sent = response.request
    except RuntimeError:  # httpx: a response that a test made
        return None
    if sent is None or not hasattr(sent, "method"):
        return None
    body = getattr(sent, "body", None)
    if not isinstance(body, bytes | str):
        try:
            body = sent.content
        except (AttributeError, RuntimeError):  # a stream
            body = None
    body = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else None
    headers = tuple((_text(name), _text(value)) for name, value in (sent.headers or {}).items())
    return Request(str(sent.method).upper(), str(sent.url), headers, body or None)


def _aiohttp(response: Any) -> Exchange:
    """aiohttp, whose body must have been read before: reading it takes an await."""
    body = response._body
    if body is None:
        raise UnreadableError("the body was not read: await response.read() first")
    info = response.request_info
    request = Request(str(info.method).upper(), str(info.url), tuple(info.headers.items()))
    return Exchange(response.status, _joined(response.headers.items()), body, request)


def _bare(response: Any) -> Exchange:
    """A response of Starlette that a handler returned to its test."""
    return Exchange(response.status_code, _joined(response.headers.items()), bytes(response.body))


def _has(*names: str) -> Callable[[Any], bool]:
    return lambda response: all(hasattr(type(response), name) or name in getattr(response, "__dict__", {}) for name in names)


_KINDS: tuple[tuple[Callable[[Any], bool], Callable[[Any], Exchange]], ...] = (
    (_has("status_code", "get_data", "headers"), _werkzeug),
    (_has("status_code", "streaming", "charset", "items"), _django),
    (_has("status_code", "content", "headers"), _client),
    (_has("status", "request_info", "_body"), _aiohttp),
    (_has("status_code", "body", "headers"), _bare),
)


def _joined(headers: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    """Headers by their names in lower case; several of one name are one, as RFC 9110 section 5.3 allows."""
    found: dict[str, str] = {}
    for name, value in headers:
        key, text = _text(name).lower(), _text(value)
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def routed(exchange: Exchange, application: Any) -> str | None:
    """The template of the application's own routes, of Flask, aiohttp or Litestar; empty where it has none that the request
    meets, None where nobody can say.
    """
    request = exchange.request
    if request is None:
        return None
    rules = getattr(application, "url_map", None)
    if rules is not None:
        return of_rules(rules, request.method, request.url)
    resources = getattr(getattr(application, "router", None), "resources", None)
    if resources is not None:
        return "" if exchange.status == 405 else of_resources(resources(), request.url)
    if hasattr(application, "route_handler_method_map"):
        return "" if exchange.status == 405 else of_routes(application, request.url)
    return None
