"""Rows whose columns lost what stood between them: ``ML_1002409MODEL_ALREADY_EXISTSA model with ..Use another``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from errlint.draft.tables.grids import Grid, Line
from errlint.draft.tables.headers import fields

STATUS = r"(?P<status>[1-5](?:\d\d|XX))"
CODE_BEFORE_STATUS = r"(?P<code>[A-Za-z0-9][A-Za-z0-9_.-]*?)"
CODE_BEFORE_TEXT = r"(?P<code>[A-Za-z][A-Za-z_.-]*[0-9]+|[0-9]+)"
NAME = re.compile(r"[A-Z][A-Z0-9_]*(?=[A-Z][a-z]|[A-Z] )|[A-Z][A-Z0-9_]*")
JOINT = re.compile(r"(?<=[a-z0-9)\]%.!?])(?=[A-Z])")
"""Where one text may end and the next begin: ``.. does not exist|Verify ..``."""

RARE_JOINT = re.compile(r"(?<=[A-Z]{2})(?=[A-Z][a-z]{2})")
"""The same after a word in capitals, where there is no other place: ``.. is no JSON|Send ..``."""

LONGEST = 4_000
MOST_CUTS = 40

SHORT_WORDS = ("A", "I")
ACRONYMS = (
    *("API", "JSON", "JWT", "HTTP", "HTTPS", "URL", "URI", "ID", "XML", "SQL", "SSL", "TLS", "IP", "DNS", "OTP", "SMS", "MFA"),
    *("UUID", "CSV", "PDF", "SSO", "CPU", "GPU", "AWS", "IAM", "SSH", "TTL", "UTF", "YAML", "ML", "AI"),
)
VERBS = frozenset(
    (
        *(
            "Add",
            "Adjust",
            "Allow",
            "Ask",
            "Avoid",
            "Back",
            "Call",
            "Change",
            "Check",
            "Choose",
            "Close",
            "Complete",
            "Configure",
        ),
        *("Confirm", "Connect", "Contact", "Correct", "Create", "Decrease", "Delete", "Disable", "Do", "Enable", "Ensure"),
        *(
            "Enter",
            "Fix",
            "Follow",
            "Get",
            "Give",
            "Grant",
            "Include",
            "Increase",
            "Inspect",
            "Limit",
            "Log",
            "Look",
            "Lower",
            "Make",
        ),
        *("Modify", "Move", "Obtain", "Open", "Pass", "Pay", "Pick", "Please", "Provide", "Raise", "Reach", "Reduce", "Refer"),
        *("Refresh", "Register", "Remove", "Rename", "Replace", "Request", "Resend", "Reset", "Restart", "Resubmit", "Retrain"),
        *("Retry", "Review", "See", "Select", "Send", "Set", "Sign", "Slow", "Specify", "Start", "Stop", "Submit", "Switch"),
        *("Try", "Turn", "Unlock", "Update", "Upgrade", "Upload", "Use", "Validate", "Verify", "View", "Wait"),
    )
)
"""Words that an advice starts with."""


class _Cut:
    """A row on its way: its fields that are sure, its text that holds several columns, and where that may be cut."""

    __slots__ = ("cells", "doubts", "is_rare", "number", "places", "text")

    def __init__(self, number: int, cells: dict[str, str], text: str, doubts: list[str]) -> None:
        self.number = number
        self.cells = cells
        self.text = text
        self.doubts = doubts
        self.places = [joint.start() for joint in JOINT.finditer(text)][:MOST_CUTS]
        self.is_rare = not self.places
        if self.is_rare:
            self.places = [joint.start() for joint in RARE_JOINT.finditer(text)][:MOST_CUTS]


def grid(header: Sequence[str], rows: Sequence[tuple[int, str]], heading: str, line: int) -> Grid | None:
    """The table that glued rows make, None where its columns are not such that rows can be cut at all."""
    columns = fields(header)
    pattern = _pattern(columns)
    texts = [field for field in columns if field not in ("code", "status", "name")]
    if pattern is None or not 1 <= len(texts) <= 2:
        return None
    cuts, unread = [], []
    for number, text in rows:
        cut = _sure(pattern, columns, number, text)
        if cut is None:
            unread.append((number, text))
        else:
            cuts.append(cut)
    known = {_first(cut.text[cut.places[0] :]) for cut in cuts if len(cut.places) == 1}
    lines = tuple(_line(cut, columns, texts, known) for cut in cuts)
    return Grid(tuple(header), lines, heading, line, tuple(unread))


def _pattern(columns: Sequence[str | None]) -> re.Pattern[str] | None:
    """What the columns before the texts look like; they must come first."""
    rigid = [field for field in columns if field in ("code", "status", "name")]
    if list(columns[: len(rigid)]) != rigid or "code" not in rigid:
        return None
    parts = []
    for index, field in enumerate(rigid):
        following = rigid[index + 1 : index + 2]
        if field == "status":
            parts.append(STATUS + r"(?!\d)" if following != ["code"] else STATUS)
        elif field == "code":
            parts.append(CODE_BEFORE_STATUS if following == ["status"] else CODE_BEFORE_TEXT)
    return re.compile("".join(parts))


def _sure(pattern: re.Pattern[str], columns: Sequence[str | None], number: int, text: str) -> _Cut | None:
    found = pattern.match(text) if len(text) <= LONGEST else None
    if found is None:
        return None
    cells, rest, doubts = found.groupdict(), text[found.end() :], []
    if "name" in columns:
        name = NAME.match(rest)
        if name is None:
            return None
        end = name.end()
        acronym = _acronym(rest[:end]) if rest[end : end + 1] in (" ", "") else ""
        before = rest[: end - len(acronym)]
        if acronym and before and not before.endswith("_"):
            doubts.append(f"the name may end in {acronym}: {before} or {rest[:end]}?")
            end -= len(acronym)
        if rest[end : end + 1].isupper() and rest[end + 1 : end + 2] == " " and rest[end] not in SHORT_WORDS:
            longer = next((word for word in ACRONYMS if rest[: end + 1].endswith(word)), rest[end])
            doubts.append(f"the name may end elsewhere: {rest[: end + 1 - len(longer)]} or {rest[: end + 1]}?")
            end = end + 1 - len(longer)
        cells["name"], rest = rest[:end], rest[end:]
    return _Cut(number, cells, rest.strip(), doubts)


def _acronym(text: str) -> str:
    return next((word for word in sorted(ACRONYMS, key=len, reverse=True) if text.endswith(word)), "")


def _line(cut: _Cut, columns: Sequence[str | None], texts: Sequence[str | None], known: set[str]) -> Line:
    if len(texts) == 1:
        values = [cut.text]
    else:
        best, others = _chosen(cut, known)
        values = [cut.text[:best].strip(), cut.text[best:].strip()]
        if others or (cut.is_rare and cut.places):
            told = " or ".join(f"“{_around(cut.text, at)}”" for at in (best, *others))
            cut.doubts.append(
                f"its two texts stand together without a space, cut at {told}{': the first is taken' if others else ''}"
            )
    held = {**cut.cells, **{str(field): value for field, value in zip(texts, values, strict=True)}}
    return Line(tuple(held.get(str(field), "") for field in columns), cut.number, tuple(cut.doubts))


def _around(text: str, at: int) -> str:
    start = max(text.rfind(" ", 0, at), 0)
    end = text.find(" ", at)
    return f"{text[start:at].strip()}|{text[at : end if end >= 0 else len(text)]}"


def _chosen(cut: _Cut, known: set[str]) -> tuple[int, tuple[int, ...]]:
    """The likelier place of the cut and the other ones; without any place all of the text is the first column's."""
    if not cut.places:
        return len(cut.text), ()
    ranked = sorted(cut.places, key=lambda at: _rank(cut.text, at, known), reverse=True)
    return ranked[0], tuple(ranked[1:3])


def _rank(text: str, at: int, known: set[str]) -> tuple[bool, bool, bool, int]:
    """How well a cut divides: no bracket is torn, the second text starts as others do, or as an advice does; the first one."""
    first = _first(text[at:])
    whole = all(text[:at].count(one) == text[:at].count(other) for one, other in ("()", "[]", "{}"))
    return whole, first in VERBS, first in known, -at


def _first(text: str) -> str:
    found = re.match(r"[A-Za-z]+", text)
    return found[0] if found else ""
