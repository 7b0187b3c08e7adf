"""What a page says beside its tables: whose codes they are, how many it claims, its date, and its example of a body."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from errlint.draft.tables import headers
from errlint.draft.tables.fragments import bodies
from errlint.draft.tables.grids import Page
from errlint.draft.tables.seen_bodies import recognised
from errlint.model.record import record

KINDS = "distinct|different|unique|documented|possible|application|api"
COUNT = re.compile(
    rf"(?<![\w:.,/+-])(?<!able )(?<!ection )(?<!hapter )([1-9]\d{{0,4}}) +(?:(?:{KINDS}) +)*(?:error +)?codes\b", re.I
)
CATEGORIES = re.compile(r"(?<![\w:.,/+-])([1-9]\d{0,3}) +(?:error +)?(?:categories|groups)\b", re.I)
SERVICE = re.compile(r"\b(?:returned|used|sent|raised|produced|emitted) +by +(?:the +)?([A-Z][\w.-]*(?: [A-Z][\w.-]*){0,5})")
DATE = re.compile(r"\b(?:[Uu]pdated|[Mm]odified|更新时间|[Rr]evised|[Pp]ublished)\D{0,20}(\d{4}-\d{2}-\d{2})")
FAR = 100_000
"""Characters from the start of a page in which it may say what it is about."""

EXAMPLES = 50

SO_MESSAGES = "descriptions are taken as messages"


@record
class Facts:
    """``service`` as format 1 has it, the envelope of the page's examples, and whether they send an entry's description."""

    service: Mapping[str, Any]
    envelope: str | None = None
    message_is_description: bool = False
    read: tuple[str, ...] = ()


def of_page(page: Page, uri: str) -> Facts:
    """The facts of a page."""
    start = page.text[:FAR]
    service: dict[str, Any] = {}
    read = []
    titled = SERVICE.search(start)
    if titled:
        title = titled[1].rstrip(".")
        service = {"name": _name(title), "title": title}
    for name, pattern, word in (("expect_count", COUNT, "codes"), ("expect_categories", CATEGORIES, "categories")):
        found = pattern.search(start)
        if found:
            service[name] = int(found[1])
            read.append(f"the page says {found[1]} {word}")
    dated = DATE.search(start)
    service["source"] = {"file": uri.rpartition("/")[2], **({"date": dated[1]} if dated else {})}
    envelope, verbatim, told = _example(page)
    return Facts(service, envelope, verbatim, (*read, *told))


def _name(title: str) -> str:
    words = [word for word in re.findall(r"[a-z0-9]+", title.lower()) if word not in ("service", "api", "the")]
    return "-".join(words) or title.lower()


def _example(page: Page) -> tuple[str | None, bool, Sequence[str]]:
    """The one envelope of the page's examples, and whether one of them sends an entry's description as its message."""
    found = []
    for number, (at, body) in enumerate(bodies(page.text)):
        seen = recognised(body) if number < EXAMPLES else None
        if seen is not None:
            found.append((page.text.count("\n", 0, at) + 1, seen))
    names = list(dict.fromkeys(seen.envelope for _, seen in found))
    if len(names) != 1:
        return None, False, [f"its examples are of several envelopes: {', '.join(names)}"] if names else []
    told = [f"the example at line {found[0][0]} is the envelope {names[0]}"]
    texts = _descriptions(page)
    for line, seen in found:
        if seen.message is not None and seen.message == texts.get(str(seen.code)):
            told.append(f"the message of the example at line {line} is the description of {seen.code}: {SO_MESSAGES}")
            return names[0], True, told
    return names[0], False, told


def _descriptions(page: Page) -> dict[str, str]:
    found: dict[str, str] = {}
    for grid in page.grids:
        columns = headers.fields(grid.header)
        if "code" in columns and "description" in columns and "message" not in columns:
            code, text = columns.index("code"), columns.index("description")
            found |= {row.cells[code]: row.cells[text] for row in grid.rows if len(row.cells) > max(code, text)}
    return found
