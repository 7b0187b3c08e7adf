"""Words of a card as pieces: plain text, code, and what can be a link: rules, RFCs, addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

_PIECE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|(?P<rule>\b[A-Z]{3}[0-9]{3}\b)"
    r"|(?P<rfc>\bRFC (?P<number>[0-9]{3,5})(?:,? section (?P<section>[0-9.]*[0-9]))?)"
    r"|(?P<url>https://[^\s<>\"'`)]*[^\s<>\"'`).,;])"
)

Link = Callable[[str], str]
"""A rule id -> the page that tells of it, empty where none does."""


def links(ids: Iterable[str], target: str) -> Link:
    """The links to the pages of these rules; ``target`` is the path of a page with ``{}`` for its id."""
    known = frozenset(ids)
    return lambda id_: target.format(id_) if id_ in known else ""


def pieces(text: str, page: Link) -> Iterator[tuple[str, str, str]]:
    """(``text`` | ``code`` | ``link``, what is shown, where a link leads) in order; together they are the whole text."""
    end = 0
    for found in _PIECE.finditer(text):
        if found.start() > end:
            yield "text", text[end : found.start()], ""
        end = found.end()
        if found["code"] is not None:
            yield "code", found["code"], ""
            continue
        target = _target(found, page)
        yield "link" if target else "text", found[0], target
    if end < len(text):
        yield "text", text[end:], ""


def _target(found: re.Match[str], page: Link) -> str:
    if found["rule"] is not None:
        return page(found["rule"])
    if found["rfc"] is not None:
        section = f"#section-{found['section']}" if found["section"] else ""
        return f"https://www.rfc-editor.org/rfc/rfc{found['number']}{section}"
    return found["url"]
