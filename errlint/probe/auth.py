"""Ways to be known to a service, as data: fixed credentials, OAuth2 client credentials, and a login that answers a token."""

from __future__ import annotations

from typing import Literal

from errlint.model.pointer import Pointer
from errlint.model.record import field, record
from errlint.probe.secret import Secret


@record
class Fixed:
    """Credentials that stay the same. ``scheme`` is the document's API key that ``value`` is, by its name; without one the
    value is the whole of the Authorization header.
    """

    value: Secret
    scheme: str = ""


@record
class ClientCredentials:
    """OAuth2 client credentials (RFC 6749 section 4.4). Without ``token_url`` the document's flow says it.

    ``style`` is where id and secret stand in the token request: in a Basic header or in its body (section 2.3.1). ``scheme``
    is the document's security scheme that the token is for; empty where it has one only.
    """

    client_id: str
    client_secret: Secret
    token_url: str = ""
    scope: str = ""
    style: Literal["basic", "body"] = "basic"
    scheme: str = ""


@record
class Login:
    """A request whose answer holds a token: at ``pointer`` in its JSON (RFC 6901), in its ``header``, or as its ``cookie``.

    ``url`` is absolute, or a path below the base url. ``expires`` points to the token's lifetime in seconds. The token goes
    where ``scheme`` of the document says, else behind ``prefix`` into the Authorization header; a cookie goes back as it
    came. ``secrets`` are the texts of the request that no output may hold.
    """

    url: str
    method: str = "POST"
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes | None = field(default=None, repr=False)
    pointer: Pointer | None = None
    header: str = ""
    cookie: str = ""
    expires: Pointer | None = None
    prefix: str = "Bearer"
    scheme: str = ""
    secrets: tuple[Secret, ...] = ()


Auth = Fixed | ClientCredentials | Login


def secrets_of(auth: Auth) -> tuple[str, ...]:
    """The texts in it that no output may hold."""
    if isinstance(auth, Fixed):
        return (auth.value,)
    if isinstance(auth, Login):
        return auth.secrets
    return (auth.client_secret, *((auth.client_id,) if isinstance(auth.client_id, Secret) else ()))
