"""Bytes as UTF-8, whatever Unicode encoding they came in."""

from __future__ import annotations

import codecs

from errlint.errors import LoadError
from errlint.load.lines import place
from errlint.model.finding import Location

_PIECE = 64 * 1024  # pieces take no memory beside the text, and few of them hold anything but ASCII

# The longest first: UTF-32's mark starts with UTF-16's.
_MARKS = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def utf8(text: bytes, uri: str) -> bytes:
    """The text as UTF-8 without a byte order mark. Raises: LoadError for what is no text."""
    for mark, encoding in _MARKS:
        if text.startswith(mark):
            try:
                text = text.decode(encoding).encode(errors="replace")
            except UnicodeDecodeError as error:
                raise LoadError(f"starts as {encoding.upper()} but is not: {error.reason}", Location(uri, ())) from None
            break
    else:
        text = text.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in text:
        raise _not_text(text[: text.index(b"\0")].decode(errors="replace"), uri)
    if _is_utf8(text):
        return text
    try:
        text.decode()
    except UnicodeDecodeError as error:
        before = text[: error.start].decode()
        where = Location(uri, (), *place(before, len(before)))
        raise LoadError(f"is not UTF-8: byte 0x{text[error.start]:02X}", where, "save the file as UTF-8") from None
    return text


def _is_utf8(text: bytes) -> bool:
    at = 0
    while at < len(text):
        piece = text[at : at + _PIECE]
        if piece.isascii():
            at += len(piece)
            continue
        try:
            at += codecs.utf_8_decode(piece, "strict", at + _PIECE >= len(text))[1]
        except UnicodeDecodeError:
            return False
    return True


def _not_text(before: str, uri: str) -> LoadError:
    return LoadError("is not text: it holds a NUL byte", Location(uri, (), *place(before, len(before))))
