"""Words that somebody else wrote, as Markdown in which they mean nothing: no markup, no HTML, no mention, no link, one line."""

from __future__ import annotations

import re

from errlint.report.visible import visible

_MARKED = re.compile(r"[\\`*\[\]<>|~$!]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
"""What begins emphasis, code, a link, an image, HTML, a cell or a formula."""

_NAMED = re.compile(r"@(?=\w)|(?<=#)(?=\d)|(?<=[gG][hH]-)(?=\d)")
"""Mentions (``@name``) and references to issues (``#12``, ``GH-12``), which a service makes of the finished page."""

_LINKED = re.compile(r"(?i)(?<=\bhttp)(?=s?://)|(?<=\bftp)(?=://)|(?<=\bwww)(?=\.)")
"""Addresses that become links by themselves."""

_OPENING = re.compile(r"^([#+=-]|\d+(?=[.)]))")
"""What makes a line a heading, a list or a rule."""

_PAGE = re.compile(r"https?://[\w./?#=%~+:;,-]+", re.ASCII)

LONGEST = 300
"""Letters of a span of code."""

NOTHING = "&#8203;"
"""A space without width: it parts what would be read as one."""


def escaped(text: str) -> str:
    """Text in which nothing is Markdown, HTML, a mention or a link."""
    shown = visible(text).replace("&", "&amp;")
    shown = _MARKED.sub(r"\\\g<0>", shown)
    shown = _NAMED.sub(lambda found: found[0] + NOTHING, shown)
    shown = _OPENING.sub(lambda found: NOTHING + found[0], shown)
    return _LINKED.sub(NOTHING, shown)


def advice(text: str) -> str:
    """What to do, which may end in a page of the user's own: ``Declare 401. See https://...``, the only link there is."""
    words, see, page = text.rpartition("See ")
    return f"{escaped(words)}{see}<{page}>" if _PAGE.fullmatch(page) else escaped(text)


def code(text: str) -> str:
    """Code in a table's cell or a line; one with a backtick or a bar is HTML, since no escape holds in a span of code."""
    shown = visible(text.strip())
    shown = shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"
    if any(letter in shown for letter in "`|\\"):
        return f"<code>{escaped(shown)}</code>"
    return f"`{shown}`" if shown else ""


def block(text: str, language: str = "") -> str:
    """A block of code whose fence is longer than any inside."""
    shown = visible(text)
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{shown}\n{fence}"
