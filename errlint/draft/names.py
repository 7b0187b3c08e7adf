"""What members of error bodies are called in the field, and which role a name speaks for."""

from __future__ import annotations

import re
from functools import lru_cache

CODES = {
    name: rank
    for rank, names in enumerate(
        (
            ("code", "errorcode", "errcode", "faultcode", "exceptioncode", "problemcode"),
            ("errorid", "resultcode", "returncode", "reasoncode", "statuscode", "apicode", "internalcode", "subcode"),
            ("error", "errortype", "errorname", "errorkey", "exception", "exceptiontype", "scimtype", "fault", "faulttype"),
            ("type", "reason", "errorreason", "name", "key", "slug", "id", "status", "kind"),
        )
    )
    for name in names
}
"""Names of members that hold a code, by how sure they are; 0 is the surest."""

SURE = 1
"""The last rank of names that mean a code whatever their values are."""

LOOSE = 3
"""The first rank of names that mean many things besides."""

NO_CODES = frozenset(
    ("httpcode", "httpstatuscode", "httperrorcode", "countrycode", "currencycode", "languagecode", "zipcode", "postalcode")
)
"""Names that end in code and hold something else."""

MESSAGES = (
    *("message", "errormessage", "errmessage", "msg", "errormsg", "errmsg", "errordescription", "detail"),
    *("longmessage", "usermessage", "developermessage", "error", "details"),
    *("description", "title", "reason", "text", "fault", "info"),
)
"""Names of members that hold a message, the surest first."""

STATUSES = ("httpstatus", "httpstatuscode", "httpcode", "http", "statuscode", "status")
REQUEST_IDS = ("requestid", "xrequestid", "traceid", "correlationid", "transactionid")

TEXTS = 13
"""The first names of ``MESSAGES`` that are said of errors alone, or nearly so."""

AROUND = frozenset(("error", "errors", "fault", "faults", "exception", "exceptions", "problem", "problems", "err", "meta"))
"""Members that an error stands in."""

WORDS = frozenset(
    ("error", "errors", "fail", "failed", "failure", "success", "ok", "ko", "nok", "pass", "true", "false", "problem")
)
"""Values that say that there is an error, and not which one."""

WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/#-]{0,99}")
"""A code that is a text, as it stands in free text: one word."""

SYMBOL = re.compile(
    r"[A-Z][A-Z0-9]*(?:[_.-][A-Z0-9]+)+|[A-Z]{2,}[0-9]+|[A-Z][0-9]{3,}|[A-Z][a-z]+(?:[A-Z][a-z0-9]+)+|[0-9]{4,8}"
)
"""A word that looks like a code wherever it stands: ``NOT_FOUND``, ``ML_1001``, ``E42``, ``NotFoundError``, ``140000``."""


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """A name without case and separators: ``error_code`` and ``errorCode`` are ``errorcode``."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def code_rank(name: str) -> int | None:
    """How sure a name speaks for a code, 0 being the surest; None where it does not."""
    word = plain(name)
    if word in CODES:
        return CODES[word]
    return SURE if word.endswith("code") and word not in NO_CODES and word[:3] in ("err", "exc", "fau", "pro") else None


def message_rank(name: str) -> int | None:
    """How sure a name speaks for a message, 0 being the surest; None where it does not."""
    word = plain(name)
    return MESSAGES.index(word) if word in MESSAGES else None
