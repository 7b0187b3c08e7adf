"""Texts that are sent and never shown: the values of credentials, and urls that hold one."""

from __future__ import annotations

from urllib.parse import unquote_plus

from errlint.model.exchange import Request

MASK = "***"


class Secret(str):
    """A text that no repr shows; it is sent, compared and hashed as the text that it is."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(MASK)


class SecretUrl(str):
    """A url whose query holds credentials, the values of the parameters called ``names`` as they stand there."""

    names: tuple[str, ...]

    def __new__(cls, url: str, names: tuple[str, ...]) -> SecretUrl:
        made = super().__new__(cls, url)
        made.names = names
        return made

    def pieces(self) -> list[tuple[str, str]]:
        """The url cut up: (a piece to show, the name of the parameter whose value follows and is not shown, or "")."""
        found: list[tuple[str, str]] = []
        head, mark, query = self.partition("?")
        shown = head + mark
        for index, part in enumerate(query.split("&")):
            name, equals, _ = part.partition("=")
            shown += "&" if index else ""
            if equals and name in self.names:
                found.append((f"{shown}{name}=", name))
                shown = ""
            else:
                shown += part
        return [*found, (shown, "")] if shown else found

    @property
    def masked(self) -> str:
        """The url without the values that are not shown."""
        return "".join(shown + (MASK if name else "") for shown, name in self.pieces())

    @property
    def values(self) -> tuple[str, ...]:
        """What is not shown, decoded."""
        pairs = [part.partition("=") for part in self.partition("?")[2].split("&")]
        return tuple(unquote_plus(value) for name, _, value in pairs if name in self.names)

    def __repr__(self) -> str:
        return repr(self.masked)


def sent_secrets(request: Request) -> set[str]:
    """The secrets in a request: values in its url, its headers that are secret, and what stands behind a scheme or a name."""
    found = set(request.url.values) if isinstance(request.url, SecretUrl) else set()
    for value in (str(value) for _, value in request.headers if isinstance(value, Secret)):
        found |= {value, value.partition(" ")[2], *(part.partition("=")[2] for part in value.split("; "))}
    return found - {""}
