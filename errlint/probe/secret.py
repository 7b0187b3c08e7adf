"""Texts that are sent and never shown: the values of credentials, and urls that hold one."""

from __future__ import annotations

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

    def __repr__(self) -> str:
        return repr("".join(shown + (MASK if name else "") for shown, name in self.pieces()))
