"""HTTP statuses as tables and source code write them: ``400 Bad Request``, ``5xx``, ``HttpStatus.NOT_FOUND``."""

from __future__ import annotations

import re
from functools import cache
from http import HTTPStatus

IN_TEXT = re.compile(r"(?<![\w.])([1-5])(\d\d|[xX]{2}|\*\*)(?![\w.]|\*)")
NUMBERED = re.compile(r"(?:^|_|\.)(?:HTTP_?|STATUS_?|SC_?)?([1-5]\d\d)(?:_|$)")

HOLDERS = re.compile(
    r"(?:^|\.)(?:HttpStatus(?:Code)?s?|HTTPStatus|StatusCodes?|ReasonPhrases|http|Http|status|Status|HttpServletResponse|"
    r"HttpURLConnection|HTTPStatusCode|codes|HttpCode|constants)\.([A-Za-z_]\w*)$"
)
"""A member of what holds statuses: ``HttpStatus.NOT_FOUND``, ``http.StatusNotFound``, ``Response.Status.NOT_FOUND``."""

PREFIXES = ("http2constantshttpstatus", "httpstatus", "http", "status", "sc")

OTHER_NAMES = {
    "requestentitytoolarge": 413,
    "payloadtoolarge": 413,
    "contenttoolarge": 413,
    "requesturitoolong": 414,
    "uritoolong": 414,
    "requesttoolong": 413,
    "requestedrangenotsatisfiable": 416,
    "rangenotsatisfiable": 416,
    "unprocessableentity": 422,
    "unprocessablecontent": 422,
    "imateapot": 418,
    "teapot": 418,
    "clienttimeout": 408,
    "entitytoolarge": 413,
    "reqtoolong": 414,
    "unsupportedtype": 415,
    "internalerror": 500,
    "servererror": 500,
    "internalservererror": 500,
    "unavailable": 503,
    "version": 505,
    "badmethod": 405,
    "precondfailed": 412,
    "notauthoritative": 203,
    "accepted": 202,
}


@cache
def _names() -> dict[str, int]:
    known = {re.sub("[^a-z]", "", status.name.lower()): status.value for status in HTTPStatus}
    return {**known, **OTHER_NAMES}


def in_text(text: str) -> tuple[int | str, ...]:
    """The statuses that a table's cell names, in order: ``400/404``, ``5xx`` (as ``5XX``), ``HTTP 409 Conflict``."""
    found = (int(one[0] + one[1]) if one[1].isdigit() else f"{one[0]}XX" for one in IN_TEXT.findall(text[:200]))
    return tuple(dict.fromkeys(found))


def by_name(name: str, *, bare: bool = False) -> int | None:
    """The status that a name in source code means, None for any other; ``bare`` takes ``NOT_FOUND`` without its holder."""
    held = HOLDERS.search(name)
    if held is None and not bare and not name.upper().startswith(("HTTP_", "STATUS_")):
        return None
    word = held[1] if held else name.rpartition(".")[2]
    numbered = NUMBERED.search(word)
    if numbered:
        return int(numbered[1])
    return _meant(re.sub("[^a-z]", "", word.lower()))


def _meant(word: str) -> int | None:
    if word in _names():
        return _names()[word]
    for prefix in PREFIXES:
        if word.startswith(prefix) and word[len(prefix) :] in _names():
            return _names()[word[len(prefix) :]]
    return None


def is_status(value: object) -> bool:
    """Whether a number may be an HTTP status of an answer: 100 to 599."""
    return isinstance(value, int) and not isinstance(value, bool) and 100 <= value <= 599
