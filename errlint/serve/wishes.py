"""Which error a request wishes for: ``Prefer: code=ML_1102`` (RFC 7240), ``X-Errlint-Code: ML_1102`` or ``?__code=ML_1102``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from errlint.model.record import record

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z:/@-]+"
_PREFERENCE = re.compile(rf'\s*({_WORD})(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;]*)))?\s*((?:;[^,]*)?)(?:,|$)')
ASKED = ("code", "status", "example")
_PARAMETER = re.compile(rf";\s*({'|'.join(ASKED)})\s*=\s*\"?([^\s,;\"]+)", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)")
LONGEST = 1_000
"""Longer words are no code that anybody wishes for."""


@record
class Wish:
    """What is asked for. ``code`` is a code, an id or a name of an entry; ``example`` the name of a document's example."""

    code: str = ""
    status: int | None = None
    example: str = ""

    def __bool__(self) -> bool:
        return bool(self.code or self.status is not None or self.example)


class Unclear(Exception):  # noqa: N818 -- it is an answer that a caller gets
    """A wish that cannot be understood; its text says why, for the client."""


def wish_of(environ: Mapping[str, Any]) -> Wish:
    """The wish of a WSGI request; the query goes before the fields. Raises: Unclear."""
    asked: dict[str, str] = {}
    asked.update(_preferences(_text(environ.get("HTTP_PREFER", ""))))
    own = _text(environ.get("HTTP_X_ERRLINT_CODE", "")).strip()
    if own:
        asked["code"] = own
    query = parse_qsl(str(environ.get("QUERY_STRING", ""))[:10_000], keep_blank_values=True, max_num_fields=None)
    asked.update({name[2:]: value for name, value in query if name in ("__code", "__status", "__example")})
    for name, value in asked.items():
        if len(value) > LONGEST:
            raise Unclear(f"the {name} is longer than {LONGEST} characters")
    return Wish(asked.get("code", ""), _status(asked.get("status")), asked.get("example", ""))


def _status(text: str | None) -> int | None:
    if text is None or text == "":
        return None
    if not re.fullmatch("[1-5][0-9][0-9]", text):
        raise Unclear(f"the status {text[:20]!r} is no HTTP status from 100 to 599")
    return int(text)


def _text(field: str) -> str:
    """A field's value, which WSGI hands over as Latin-1; UTF-8 where it is that."""
    try:
        return field.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return field


def _preferences(field: str) -> dict[str, str]:
    """The preferences that say what to answer; the first of a name counts, others are nobody's business here.

    A semicolon between two of them, which makes the second a parameter (RFC 7240, section 2), is read as a comma.
    """
    found: dict[str, str] = {}
    for name, quoted, plain, parameters in _PREFERENCE.findall(field[:10_000]):
        if name.lower() in ASKED:
            found.setdefault(name.lower(), _ESCAPED.sub(r"\1", quoted) if quoted else plain)
            for more, value in _PARAMETER.findall(parameters):
                found.setdefault(more.lower(), value)
    return found
