"""A connection to the service under test: through TLS and a proxy where the options say so, and nothing of the environment."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from errlint.errors import ConfigError
from errlint.probe.auth import Fixed
from errlint.probe.options import Options

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager


class Channel:
    """One thread's way to the service, with at most one kept connection. ``fresh`` until the first answer came over it."""

    def __init__(self, options: Options, context: ssl.SSLContext | None) -> None:
        self._manager = _manager(options, context)
        self._proxied = options.proxy is not None
        self._timeout = options.timeout
        self._pools: dict[str, Any] = {}
        self.fresh = True

    def exchange(self, method: str, url: str, headers: dict[str, str], body: bytes | None) -> BaseHTTPResponse:
        """The head of the answer, its body still to be read. Nothing is normalised, followed or repeated.

        Raises: what urllib3 and http.client raise.
        """
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        pool = self._pools.get(origin)
        if pool is None:
            pool = self._pools[origin] = self._manager.connection_from_url(origin)
        path = url[len(origin) :].partition("#")[0]
        path = path if path.startswith("/") else "/" + path
        response: BaseHTTPResponse = pool.urlopen(
            method,
            origin + path if self._proxied and parts.scheme == "http" else path,
            body,
            headers,
            retries=False,
            redirect=False,
            assert_same_host=False,
            timeout=self._timeout,
            preload_content=False,
            decode_content=False,
        )
        self.fresh = False
        return response

    def close(self) -> None:
        """Ends the kept connection; the next exchange opens a new one."""
        self._manager.clear()
        self._pools.clear()
        self.fresh = True


def _manager(options: Options, context: ssl.SSLContext | None) -> PoolManager:
    import urllib3
    from urllib3.util import make_headers

    from errlint.probe.wire.deadline import Pool, TlsPool

    settings: dict[str, Any] = {"num_pools": 4, "maxsize": 1}
    if context is not None:
        settings["ssl_context"] = context
    manager: PoolManager
    if options.proxy:
        userinfo = urlsplit(options.proxy).netloc.rpartition("@")[0]
        credentials = make_headers(proxy_basic_auth=unquote(userinfo)) if userinfo else None
        manager = urllib3.ProxyManager(options.proxy, proxy_headers=credentials, **settings)
    else:
        manager = urllib3.PoolManager(**settings)
    manager.pool_classes_by_scheme = {"http": Pool, "https": TlsPool}
    return manager


def tls(options: Options) -> ssl.SSLContext | None:
    """How servers are verified and who we are to them, None where no TLS is spoken.

    Raises: ConfigError for a file of certificates or a key that cannot be used.
    """
    tokens = any(not isinstance(auth, Fixed) for auth in (*options.auth, *options.low_auth))  # their url may be another one
    if not tokens and not options.base_url.startswith("https://") and not (options.proxy or "").startswith("https://"):
        return None
    from urllib3.util.ssl_ import create_urllib3_context

    context = create_urllib3_context()
    if options.verify is False:
        import urllib3

        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)  # the user asked for it
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    else:
        _trust(context, options.verify)
    if options.cert:
        certificate, key = (options.cert, None) if isinstance(options.cert, str) else options.cert
        try:
            context.load_cert_chain(certificate, key, password=_no_password)
        except (OSError, ValueError) as error:
            raise ConfigError(f"the client certificate {certificate} cannot be used: {_why(error)}") from None
    return context


def _trust(context: ssl.SSLContext, verify: bool | str) -> None:
    import certifi

    context.verify_mode = ssl.CERT_REQUIRED
    if verify is True:
        context.load_verify_locations(certifi.where())
        context.load_default_certs()  # a company's own authority stands in the system's store
        return
    try:
        context.load_verify_locations(str(verify))
    except OSError as error:
        raise ConfigError(f"the certificates in {verify} cannot be used: {_why(error)}") from None


def _no_password() -> str:
    """A key with a password would ask for it on the terminal, in the middle of a run."""
    raise ValueError("its key has a password")


def _why(error: Exception) -> str:
    """The system's words, or ours for a file that holds no certificate."""
    if isinstance(error, ssl.SSLError):
        return "it holds no certificate and key" if "key" in str(error).lower() else "it holds no certificate"
    return (getattr(error, "strerror", None) or str(error)).lower()
