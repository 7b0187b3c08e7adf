"""The words by which source code shows what a value is: names of members, of functions, and the look of a code."""

from __future__ import annotations

import re

from errlint.draft.tables.headers import meant

FIELDS = {
    "default_code": "code",
    "err": "code",
    "default_detail": "message",
    "detail": "message",
    "title": "message",
    "default_message": "message",
    "reason": "message",
    "http_status_code": "status",
    "HTTPStatusCode": "status",
    "HTTPStatus": "status",
    "HTTPCode": "status",
    "status": "status",
}
WEAK = frozenset(("value", "Value", "error", "id", "key", "name", "Name", "type", "slug", "reason", "title"))
"""Members that may hold a code where no other one does."""

CONSTANT = re.compile(r"[A-Z][A-Z0-9]*(?:[_.:-][A-Za-z0-9]+)+|[A-Z]{1,12}[-_.]?\d{2,9}|[A-Z]{4,40}")
"""What hardly is anything but a code: ``MODEL_NOT_FOUND``, ``ML_1001``, ``ModelArts.81001``, ``E1001``."""

MIXED = re.compile(r"[A-Z][A-Za-z]*[._-]\d{2,9}|[A-Z][a-z]+(?:[A-Z][a-z0-9]+)+")
SMALL = re.compile(r"[a-z][a-z0-9]*(?:[_.-][a-z0-9]+)+")
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}")

ERROR = re.compile(r"err(?:or)?s?(?![a-z])|Err|error|Exception|Fault|Problem|Failure|abort|reject|fail", re.ASCII)
ANSWER = re.compile(r"json|JSON|[Rr]espon|reply|send|return|status|body|render|write|halt|JSend", re.ASCII)
SILENT = re.compile(
    r"(?:^|\.)(?:log(?:ger|ging)?|console|slog|zap|print\w*|assert\w*|expect\w*|verify\w*|Sentry|sentry|t|describe|it|"
    r"metrics?|warnings?|fmt|isinstance|require)(?:\.|$)",
    re.I,
)
HOLDER = re.compile(r"err|exception|fault|problem|failure|code|reason|result", re.I)
TELLING = re.compile(
    r"(?:api|service|app(?:lication)?|business)?_?(?:err(?:or)?s?_?(?:codes?|ids?|reasons?|types?)|errno|errs)$", re.I
)
NO_CODES = re.compile(r"http_?status|statuscode|^status|level|severity|mode|port$|grpc", re.I)
MEDIA = re.compile(
    r"^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|UTF-8|UTF-?16|ISO-8859-1|HTTP|HTTPS|JSON|TRUE|FALSE|NULL|TODO|TEXT|HTML)$"
)


def field(name: str) -> str | None:
    """The field of an entry that a member or a parameter is, None for others."""
    if name in FIELDS:
        return FIELDS[name]
    found = meant(name)
    return "message" if found == "description" and name.lower() in ("detail", "details") else found


def is_constant(text: str) -> bool:
    """Whether a text is hardly anything but a code."""
    return len(text) <= 100 and (CONSTANT.fullmatch(text) or MIXED.fullmatch(text)) is not None and MEDIA.match(text) is None


def is_small(text: str) -> bool:
    """Whether a text is a code in small letters: ``order.not_found``."""
    return len(text) <= 100 and SMALL.fullmatch(text) is not None


def is_word(text: object) -> bool:
    """Whether a value may be a code at all: one word, or a number that is no HTTP status."""
    if isinstance(text, int):
        return not 100 <= text <= 599 and text != 0
    return isinstance(text, str) and WORD.fullmatch(text) is not None and not text.isdigit()


def raises(name: str, owner: str) -> bool:
    """Whether a call makes an error: ``new ApiError(..)``, ``writeError(..)``, ``super(..)`` inside of an error's class."""
    if SILENT.search(name):
        return False
    return ERROR.search(owner if name.startswith("super") else name) is not None


def answers(name: str) -> bool:
    """Whether a call sends an answer: ``res.status(404).json(..)``."""
    return ANSWER.search(name) is not None and not SILENT.search(name)
