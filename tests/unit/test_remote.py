"""Documents behind a URL, and references to other hosts: over loopback only."""

from __future__ import annotations

import gzip
import ipaddress
import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from errlint.cli.main import run
from errlint.errors import ConfigError, LoadError
from errlint.load import remote, transport
from errlint.load.remote import Remote, shown, typed
from errlint.load.transport import is_public
from errlint.model.record import mutable

BROKEN: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {},
    "paths": {"/a": {"get": {"responses": {"204": {"description": "", "content": {"a/b": {}}}}}}},
}
Reply = Callable[[BaseHTTPRequestHandler], None]


@mutable
class Server:
    """A service on loopback: what it answers by path, and the paths and credentials that it was asked for."""

    port: int
    pages: dict[str, Any]
    asked: list[str]
    credentials: list[str | None]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            made.credentials.append(self.headers.get("authorization"))
            page = made.pages.get(self.path.partition("?")[0])
            if callable(page):
                page(self)
            elif isinstance(page, str):
                self.send_response(302)
                self.send_header("Location", page)
                self.end_headers()
            else:
                text = json.dumps(page).encode() if isinstance(page, dict) else page or b""
                self.send_response(200 if page is not None else 404)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

        def log_message(self, *args: Any) -> None:
            """Nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    made = Server(http.server_address[1], {}, [], [])
    thread = threading.Thread(target=http.serve_forever, args=(0.01,))
    thread.start()
    yield made
    http.shutdown()
    http.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def findings(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[str, str]]:
    capsys.readouterr()
    code = run(["lint", *arguments, "--select", "DEC006,DEC014", "-f", "json"])
    shown = capsys.readouterr()
    assert code in (0, 1), shown.err
    return [(f["location"]["uri"], f["message"]) for f in json.loads(shown.out)["findings"]]


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert run(["lint", *arguments]) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err.count("\n")) == ("", 1)
    return shown.err.removeprefix("errlint: ").rstrip("\n")


def test_a_url_is_a_document_whose_secrets_are_not_shown(server, capsys):
    server.pages["/openapi.json"] = BROKEN
    address = f"http://me:secret@127.0.0.1:{server.port}/openapi.json?token=abc&v=2#top"
    ((uri, _),) = findings(capsys, address)
    assert uri == f"{server.url}/openapi.json?token=***&v=2"
    assert (server.asked, server.credentials) == (["/openapi.json?token=abc&v=2"], ["Basic bWU6c2VjcmV0"])
    assert refused(capsys, address.replace("/openapi", "/gone")) == (
        f"{server.url}/gone.json?token=***&v=2: the server answers 404"
    )


def test_redirects_are_followed_five_times(server, capsys):
    server.pages.update({f"/{n}": f"/{n + 1}" for n in range(9)}, **{"/9": BROKEN})
    assert [uri for uri, _ in findings(capsys, f"{server.url}/4")] == [f"{server.url}/4"]
    assert refused(capsys, f"{server.url}/3") == f"{server.url}/3: redirects more than 5 times"


def test_a_redirect_into_a_private_network_or_to_a_file_is_refused(server, capsys):
    server.pages.update(
        {"/a": f"http://localhost:{server.port}/b", "/b": BROKEN, "/c": "file:///etc/passwd", "/d": "http://[x"}
    )
    assert refused(capsys, f"{server.url}/a") == (
        f"{server.url}/a: cannot be fetched: localhost is an address of a private network"
    )
    assert refused(capsys, f"{server.url}/c") == f"{server.url}/c: redirects to file:, which is not followed"
    assert refused(capsys, f"{server.url}/d") == f"{server.url}/d: redirects to what is no URL"


def test_credentials_do_not_follow_a_redirect_to_another_host(server, capsys, monkeypatch):
    monkeypatch.setattr(transport, "_allowed", lambda address, gate: True)
    server.pages.update({"/a": f"http://localhost:{server.port}/b", "/b": BROKEN})
    findings(capsys, f"http://me:secret@127.0.0.1:{server.port}/a")
    assert server.credentials == ["Basic bWU6c2VjcmV0", None]


def raw(text: bytes) -> Reply:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(text)

    return reply


def test_what_is_no_document_is_one_line(server, capsys, monkeypatch):
    monkeypatch.setattr(remote, "MAX_BYTES", 1024 * 1024)
    whole = gzip.compress(b"a: " + b"x" * 5_000_000)
    server.pages.update(
        {
            "/html": b"  <!doctype html><p>",
            "/large": b"#" * (1024 * 1024 + 1),
            "/bomb": raw(b"HTTP/1.0 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + whole),
            "/short": raw(b"HTTP/1.0 200 OK\r\nContent-Length: 99\r\n\r\nopenapi: 3.1.0"),
            "/nothing": raw(b""),
            "/garbage": raw(b"hello\r\n\r\n"),
            "/text": b"hello",
        }
    )
    for path, words in {
        "html": "is a web page, no document; give the address of the file itself",
        "large": "is larger than 1 MiB",
        "bomb": "is larger than 1 MiB",
        "short": "the answer ended early",
        "nothing": "cannot be fetched: Remote end closed connection without response",
        "garbage": "cannot be fetched: hello",
    }.items():
        assert refused(capsys, f"{server.url}/{path}") == f"{server.url}/{path}: {words}"
    assert refused(capsys, f"{server.url}/text").startswith(f"{server.url}/text:1:1: this is no OpenAPI document")


def test_a_compressed_answer_is_read(server, capsys):
    server.pages["/z"] = raw(b"HTTP/1.0 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(json.dumps(BROKEN).encode()))
    assert [uri for uri, _ in findings(capsys, f"{server.url}/z")] == [f"{server.url}/z"]


def test_a_server_that_is_silent_or_drips_is_left(server, capsys, monkeypatch):
    done = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
        while not done.wait(0.01):
            try:
                handler.wfile.write(b"#")
            except OSError:
                return

    server.pages.update({"/silent": lambda handler: done.wait(30), "/drip": drip})
    monkeypatch.setattr(transport, "TIMEOUT", 0.1)
    assert refused(capsys, f"{server.url}/silent") == f"{server.url}/silent: cannot be fetched: no answer within 0.1 seconds"
    monkeypatch.setattr(transport, "LONGEST", 0.3)
    assert refused(capsys, f"{server.url}/drip") == f"{server.url}/drip: the answer takes longer than 0.3 seconds"
    done.set()


def test_a_service_that_is_not_there_is_one_line(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        assert refused(capsys, url) == f"{url}: cannot be fetched: Connection refused"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://", "this is no URL: it names no host; write https://host/openapi.json"),
        ("http://[x/", "this is no URL: Invalid IPv6 URL; write https://host/openapi.json"),
        (
            "http://h:port/",
            "this is no URL: Port could not be cast to integer value as 'port'; write https://host/openapi.json",
        ),
    ],
)
def test_what_is_no_url_is_one_line(url, words, capsys):
    assert refused(capsys, url) == words


def test_references_reach_a_host_that_the_user_named(server, capsys, tmp_path):
    url = f"{server.url}/schemas/error.json"
    document = {"openapi": "3.1.0", "info": {}, "paths": {"/a": {"get": {"responses": {"404": {"$ref": url}}}}}}
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(json.dumps(document), encoding="utf-8")
    server.pages.update(
        {"/schemas/error.json": {"$ref": "../common.json#/gone"}, "/common.json": {"description": "", "here": {}}}
    )
    words = f"remote references are not followed: {url}"
    assert [message.endswith(words) for _, message in findings(capsys, "a.json")] == [True]
    assert [message.endswith(words) for _, message in findings(capsys, "a.json", "--allow-remote", "localhost")] == [True]
    assert server.asked == []
    found = findings(capsys, "a.json", "b.json", "--allow-remote", "127.0.0.1")
    assert [uri for uri, _ in found] == [url]
    assert found[0][1].endswith(f"no such component in {server.url}/common.json: ../common.json#/gone")
    assert sorted(server.asked) == ["/common.json", "/schemas/error.json"]


def test_references_of_a_fetched_document_start_where_it_came_from(server, capsys):
    answers = {"404": {"$ref": "error.json"}}
    server.pages.update(
        {
            "/latest": "/v2/openapi.json",
            "/v2/openapi.json": {"openapi": "3.1.0", "info": {}, "paths": {"/a": {"get": {"responses": answers}}}},
            "/v2/error.json": {"description": ""},
        }
    )
    ((_, message),) = findings(capsys, f"{server.url}/latest")
    assert message.endswith(f"remote references are not followed: error.json is relative to {server.url}/latest")
    assert findings(capsys, f"{server.url}/latest", "--allow-remote", f"127.0.0.1:{server.port}") == []


def test_a_reference_may_not_leave_its_host_by_a_redirect(server):
    server.pages["/a"] = f"http://localhost:{server.port}/b"
    with pytest.raises(LoadError) as caught:
        Remote(["127.0.0.1"]).document(f"{server.url}/a")
    assert caught.value.message == f"redirects to http://localhost:{server.port}/b, and --allow-remote does not name this host"


def test_a_name_that_resolves_to_a_private_network_is_refused(monkeypatch):
    asked: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda *args, **kwargs: asked.append(args))
    host = "schemas.example.com"
    for address in ("10.0.0.1", "169.254.169.254", "127.0.0.1", "::1", "fe80::1%eth0", "::ffff:10.0.0.1"):
        both = [(0, 0, 0, "", ("93.184.216.34", 443)), (0, 0, 0, "", (address, 443))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, found=both, **kwargs: found)
        with pytest.raises(LoadError) as caught:
            Remote([host]).document(f"https://{host}/e.json")
        assert caught.value.message == f"cannot be fetched: {host} is an address of a private network"
    assert asked == []


def test_other_hosts_than_this_machine_are_spoken_to_by_https_only():
    with pytest.raises(LoadError) as caught:
        Remote(["example.com"]).document("http://example.com/e.json")
    assert caught.value.message == "only https is followed"


def test_the_files_and_bytes_of_a_run_are_counted(server, monkeypatch):
    monkeypatch.setattr(remote, "MOST_FILES", 2)
    monkeypatch.setattr(remote, "MAX_BYTES", 30)
    server.pages.update({f"/{n}": b'{"a": "0123456789"}' for n in range(4)})
    shelf = Remote(["127.0.0.1"])
    assert shelf.document(f"{server.url}/0") is shelf.document(f"{server.url}/0")
    with pytest.raises(LoadError, match="is larger than"):
        shelf.document(f"{server.url}/1")
    with pytest.raises(LoadError, match="more than 2 remote files"):
        shelf.document(f"{server.url}/2")
    assert server.asked == ["/0", "/1"]


@pytest.mark.parametrize("host", ["https://x.org", "x.org/a", "*.x.org", "a@b", "", "x:port", "x.org?a"])
def test_an_allowed_host_is_a_host(host):
    with pytest.raises(ConfigError) as caught:
        Remote([host])
    assert caught.value.message == f"--allow-remote {host!r} is no host"


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://x.org/a", True),
        ("https://X.ORG/a", True),
        ("https://x.org:8443/a", True),
        ("https://y.org:8443/a", True),
        ("https://y.org/a", False),
        ("https://a.x.org/", False),
        ("https://x.org.evil/", False),
        ("https://x.org@evil/", False),
        ("https://[", False),
    ],
)
def test_a_host_is_allowed_as_it_was_named(url, allowed):
    assert Remote(["x.org", "y.org:8443"]).allows(url) is allowed


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://u:p@h/a?b=c", "https://h/a?b=c"),
        ("https://h/a?api_key=1&X-Amz-Signature=2&page=3", "https://h/a?api_key=***&X-Amz-Signature=***&page=3"),
        ("https://h/a?x=0123456789012345678901234", "https://h/a?x=***"),
        ("https://h:1/a#frag", "https://h:1/a"),
    ],
)
def test_an_address_is_shown_without_its_secrets(url, told):
    assert shown(url) == told


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.0.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fc00::1", False),
        ("fe80::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::a00:1", False),
    ],
)
def test_an_address_is_public_where_everybody_reaches_it(address, public):
    assert is_public(ipaddress.ip_address(address)) is public


def test_a_proxy_is_asked_for_what_the_user_typed(server, monkeypatch):
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.setenv("no_proxy", "")
    server.pages["http://specs.example/openapi.json"] = BROKEN
    document, _ = typed("http://specs.example/openapi.json")
    assert (document.uri, server.asked) == ("http://specs.example/openapi.json", ["http://specs.example/openapi.json"])


def test_a_proxy_is_not_asked_for_a_private_address_behind_a_redirect(server, monkeypatch):
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.setenv("no_proxy", "")
    for target in ("http://169.254.169.254/x", "http://localhost/x", "http://x.internal/"):
        server.pages["http://specs.example/a"] = target
        with pytest.raises(LoadError, match="is an address of a private network"):
            typed("http://specs.example/a")
