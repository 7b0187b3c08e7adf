"""How texts are called from the root of their repository, for programs that show findings in its files."""

from __future__ import annotations

import ntpath
import posixpath
import re
from urllib.parse import quote

from errlint.report import View

_SCHEME = re.compile(r"https?://|(builtin|pkg):", re.IGNORECASE)
"""What is no file begins so; a file may well be called ``v1:openapi.yaml``."""

_APPLICATION = re.compile(r"[^\W\d]\w*(\.\w+)*:[^\W\d]\w*(\.\w+)*(\(\))?(?<!\.json)(?<!\.yaml)(?<!\.yml)")
"""``shop.main:app``, the name of a document that an application made."""

_DRIVE = re.compile(r"[A-Za-z]:[/\\]")
"""How an absolute path begins on Windows."""


def root_of(view: View) -> str:
    """The absolute path of the repository's root, the working directory where no CI tells it; empty where that is unknown."""
    here = view.here.replace("\\", "/") if _DRIVE.match(view.here) else view.here
    here = here.rstrip("/")
    return here.removesuffix(f"/{view.folder}") if view.folder else here


def path_of(uri: str, view: View) -> str:
    """The path of a text from the repository's root, absolute where it is outside of it; never empty, never with a scheme.

    What is no file gets a name that looks like one: ``svc.example/openapi.json`` of an address, ``builtin/maas`` of a shipped
    catalog. GitHub refuses a whole report for one artifact whose address is not of a file.
    """
    if uri == "-":
        return "stdin"
    scheme = _SCHEME.match(uri)
    if scheme is not None:
        kind = f"{scheme.group(1)}/" if scheme.group(1) else ""
        return kind + uri[scheme.end() :].lstrip("/") or "."
    if not view.here:
        return posixpath.normpath(posixpath.join(view.folder, uri))
    whole = _whole(view.here, uri)
    for root in sorted((root_of(view), *view.roots), key=len, reverse=True):
        if whole == root:
            return "."
        if whole.startswith(f"{root}/"):
            return whole.removeprefix(f"{root}/")
    return whole


def _whole(here: str, uri: str) -> str:
    """The absolute path of a file, with ``/`` on Windows too."""
    if _DRIVE.match(here):
        return ntpath.normpath(ntpath.join(here, uri)).replace("\\", "/")
    return posixpath.normpath(posixpath.join(here, uri))


def is_absolute(path: str) -> bool:
    """Whether a path that ``path_of`` gives is outside of the repository."""
    return path.startswith("/") or _DRIVE.match(path) is not None


def address(path: str) -> str:
    """The ``file:`` address of an absolute path."""
    return (
        f"file://{'' if path.startswith('/') else '/'}{quote(path, safe='/:' if _DRIVE.match(path) else '/', errors='replace')}"
    )


def is_file(uri: str) -> bool:
    """Whether a uri names a file, as far as its spelling tells."""
    return uri != "-" and _SCHEME.match(uri) is None and not is_application(uri)


def is_application(uri: str) -> bool:
    """Whether a document was made by an application: ``shop.main:app``."""
    return _APPLICATION.fullmatch(uri) is not None


def in_repository(uri: str, view: View) -> str:
    """The path of a file from the repository's root, for services that show it there and nowhere else.

    Empty for what is none of its files: a URL, a builtin catalog.
    """
    if not uri or not is_file(uri):
        return ""
    path = path_of(uri, view)
    return "" if path == "." or is_absolute(path) or path.split("/", 1)[0] == ".." else path


def is_page(link: str) -> bool:
    """Whether a user's link is the address of a page, and nothing beside it."""
    return link.startswith(("https://", "http://")) and len(link.split()) == 1
