"""Documents that a folder or a glob holds: known by what they say, not by their names."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from functools import cache

from errlint.errors import LoadError
from errlint.load.library import Library
from errlint.load.openapi_kind import READS, looks_like, looks_like_openapi
from errlint.load.source import Document
from errlint.model.finding import Location

SUFFIXES = (".json", ".yaml", ".yml")
SKIPPED = frozenset(("node_modules", "venv", "__pycache__"))
"""Folders that hold other people's files; hidden ones are skipped as well."""

USUAL_FOLDERS = (".", "docs", "api")
USUAL_NAME = re.compile(r"(?:openapi|swagger)(?:[._-].*)?\.(?:json|ya?ml)", re.IGNORECASE)

HEAD = 4096

_MAGIC = re.compile(r"[*?\[]")
_KEY = re.compile(rb"""(?:^|[\s{,])["']?(?:openapi|swagger)["']?\s*:""")
_SURE = re.compile(rb"""(?:\A\s*\{\s*"|^["']?)(?:openapi|swagger)["']?\s*:\s*["']?[23](?![0-9])""", re.MULTILINE)
# Keys may be sorted: then openapi stands after components, and swagger last.
_FIRST_KEY = re.compile(rb"""(?:\s|---[^\n]*\n|[#%][^\n]*\n)*+(?:\{\s*+)?["']?([\w$-]++)["']?\s*:""")
_TOP = frozenset(
    b"basePath components consumes definitions externalDocs host info jsonSchemaDialect parameters paths produces responses"
    b" schemes security securityDefinitions servers tags webhooks $self".split()
)


def is_glob(name: str) -> bool:
    """Whether a name has ``*``, ``?`` or ``[``."""
    return _MAGIC.search(name) is not None


def in_folder(folder: str, library: Library) -> list[Document | str]:
    """The OpenAPI documents below a folder, sorted; only the names of those whose first bytes tell.

    Links to other folders are not followed. Raises: LoadError.
    """
    found = []
    rest = [folder]
    while rest:
        here = rest.pop()
        below = []
        for name, link in sorted(_entries(here)):
            path = _joined(here, name)
            if not _is_open(name):
                continue
            if name.lower().endswith(SUFFIXES) and not os.path.isdir(path):
                found.append(found_in(path, library))
            elif not link and os.path.isdir(path):
                below.append(path)
        rest += reversed(below)
    return [one for one in found if one is not None]


def usual(library: Library) -> list[Document]:
    """The OpenAPI documents that stand where they usually do, under their usual names. Raises: LoadError."""
    found = []
    for folder in USUAL_FOLDERS:
        try:
            names = sorted(os.listdir(folder))
        except OSError:
            continue
        found += [document_in(_joined(folder, name), library) for name in names if USUAL_NAME.fullmatch(name)]
    return [one for one in found if one is not None]


def found_in(path: str, library: Library) -> Document | str | None:
    """The same as ``document_in``; only the name of a document that says so at once: many would fill the memory."""
    head = _head(path)
    return path if head is not None and _SURE.search(head) else document_in(path, library)


def document_in(path: str, library: Library) -> Document | None:
    """The OpenAPI document in a file, None where it is something else, or broken and nothing says that it is one.

    Raises: LoadError for a document that cannot be read.
    """
    head = _head(path)
    if head is None or not _may_be(head, path):
        return None
    try:
        document = library.read(path)
    except LoadError:
        if _SURE.search(head):
            raise
        return None
    return document if looks_like_openapi(document.data) else None


def named(path: str, library: Library) -> Document:
    """The document in a file that a user named. Raises: LoadError, which says what the file is if it is in no data format."""
    try:
        return library.read(path)
    except LoadError as error:
        head = _head(path) or b""
        words = "" if _SURE.search(head) else looks_like(None, head)
        if words:
            raise LoadError(f"this is no OpenAPI document: it looks like {words}", Location(path, ()), READS) from None
        raise error


def _head(path: str) -> bytes | None:
    """The beginning of a regular file; None for what cannot be read, but for a file with a usual name."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return None
        with open(path, "rb") as file:
            return file.read(HEAD)
    except ValueError:  # a NUL
        return None
    except OSError:
        return b"openapi: 3." if USUAL_NAME.fullmatch(os.path.basename(path)) and os.path.isfile(path) else None


def _may_be(head: bytes, path: str) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        return True
    if _KEY.search(head):
        return True
    first = _FIRST_KEY.match(head.removeprefix(b"\xef\xbb\xbf"))
    if first is None or not (first[1] in _TOP or first[1].startswith(b"x-")) or len(head) < HEAD:
        return False
    with open(path, "rb") as file:
        return _KEY.search(file.read()) is not None


def expanded(pattern: str) -> list[str]:
    """The files that a glob names, sorted; ``**`` crosses folders, but no hidden ones and no links."""
    found: dict[str, None] = {}
    seen: set[tuple[str, int]] = set()
    segments = _segments(pattern)
    start = "/" if pattern.startswith("/") else ""
    rest = [(start, 0)]
    while rest:
        folder, index = rest.pop()
        if (folder, index) in seen:
            continue
        seen.add((folder, index))
        if index < len(segments):
            rest.extend(_step(folder, index, segments))
        elif os.path.isfile(folder):
            found[folder] = None
    return sorted(found)


def _step(folder: str, index: int, segments: list[str]) -> Iterator[tuple[str, int]]:
    """Where one segment of a glob leads from a folder, and which segment comes next there."""
    segment = segments[index]
    if segment == "**":
        yield folder, index + 1
        for name, link in _entries(folder):
            path = _joined(folder, name)
            if _is_open(name) and not link and os.path.isdir(path):
                yield path, index
            if index + 1 == len(segments) and _is_open(name):
                yield path, index + 1
    elif is_glob(segment):
        for name, _ in _entries(folder):
            if _fits(segment, name):
                yield _joined(folder, name), index + 1
    elif os.path.lexists(_joined(folder, segment)):
        yield _joined(folder, segment), index + 1


def _entries(folder: str) -> list[tuple[str, bool]]:
    """The names in a folder, and whether each is a link."""
    try:
        with os.scandir(folder or ".") as entries:
            return [(entry.name, entry.is_symlink()) for entry in entries]
    except OSError:
        return []


def matches(pattern: str, path: str) -> bool:
    """Whether a relative path is what a glob means, both with ``/``; the time is bounded by the product of their lengths."""
    segments, names = _segments(pattern), [name for name in path.split("/") if name not in ("", ".")]
    reached = {0}
    for name in names:
        reached = _over(reached, segments)
        reached = {
            index if segments[index] == "**" else index + 1
            for index in reached
            if index < len(segments) and (_is_open(name) if segments[index] == "**" else _fits(segments[index], name))
        }
    return len(segments) in _over(reached, segments)


def _over(reached: set[int], segments: list[str]) -> set[int]:
    """These positions and those after a ``**``, which may stand for no folder at all."""
    more = set(reached)
    for index, segment in enumerate(segments):
        if segment == "**" and index in more:
            more.add(index + 1)
    return more


def _segments(pattern: str) -> list[str]:
    plain = pattern.replace("\\", "/") if os.sep == "\\" else pattern
    found: list[str] = []
    for segment in plain.split("/"):
        if segment not in ("", ".") and not (segment == "**" and found[-1:] == ["**"]):
            found.append(segment)
    return found


def _fits(segment: str, name: str) -> bool:
    """Whether a name is what one segment means; a hidden one has to be asked for."""
    return (_is_open(name) or segment.startswith(".")) and _pattern(segment).match(name) is not None


@cache
def _pattern(segment: str) -> re.Pattern[str]:
    from fnmatch import translate  # its stars do not backtrack into one another

    return re.compile(translate(segment))


def _is_open(name: str) -> bool:
    return not name.startswith(".") and name not in SKIPPED


def _joined(folder: str, name: str) -> str:
    return name if folder in (".", "") else f"{folder.rstrip('/')}/{name}".replace(os.sep, "/")
