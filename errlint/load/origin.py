"""Where a catalog comes from: a file, ``builtin:NAME`` or ``pkg:PACKAGE/PATH``, and what lies beside it."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import TYPE_CHECKING

from errlint import resources
from errlint.errors import LoadError
from errlint.load.meant import closest
from errlint.model.finding import Location
from errlint.model.record import record

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

BUILTIN, PACKAGE = "builtin:", "pkg:"
CATALOG = ".yaml"


@record
class Origin:
    """One file: its uri as reports show it, its identity, and where its bytes are.

    ``path`` is a path of the file system; with a ``root`` (a package's folder) it is a posix path below that.
    """

    uri: str
    path: str
    root: Traversable | None = None
    scheme: str = ""

    @property
    def identity(self) -> str:
        """What two references to one file have in common."""
        try:
            return str(Path(self.path).resolve()) if self.root is None else self.uri
        except (OSError, ValueError, RuntimeError):  # a NUL, a loop of links
            return self.uri

    @property
    def file(self) -> str:
        """The path of the file system where the bytes are; of what lies in a zipped wheel, that of the wheel."""
        if self.root is None:
            return self.path
        archive = getattr(getattr(self.root, "root", None), "filename", None)  # of a zipfile.Path
        return archive if isinstance(archive, str) else str(self.root.joinpath(self.path))

    def read(self) -> bytes:
        """The bytes of a file in a package. Raises: OSError."""
        found: Traversable = self.root if self.root is not None else Path()
        for token in self.path.split("/"):
            found = found / token
        return found.read_bytes()

    def beside(self, reference: str, at: Location) -> Origin:
        """What a reference in this file means; ``at`` is the reference's place. Raises: LoadError."""
        if reference.startswith((BUILTIN, PACKAGE)):
            return origin(reference, None, at)
        if self.root is None:
            return Origin(_joined(Path(self.path).parent, reference), str(Path(self.path).parent / reference))
        inner = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), reference))
        if inner.startswith(("../", "/")):
            raise LoadError(f"{reference} lies outside of {self.scheme}", at)
        shown = inner.removesuffix(CATALOG) if self.scheme == BUILTIN else "/" + inner
        return Origin(self.scheme + shown, inner, self.root, self.scheme)


def is_file(path: Path) -> bool:
    """Whether there is a file; a name that no file can have (too long, a NUL) is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _joined(folder: Path, reference: str) -> str:
    return posixpath.normpath((folder / reference).as_posix())


def origin(reference: str, base: Path | None, at: Location | None = None) -> Origin:
    """What a reference means that a user typed; a relative file lies in ``base``. Raises: LoadError."""
    if reference.startswith(BUILTIN):
        return _builtin(reference, at)
    if reference.startswith(PACKAGE):
        return _packaged(reference, at)
    if reference[:8].lower().startswith(("http://", "https://")):
        raise LoadError(f"a catalog is a file or {BUILTIN}NAME, and no address", at, "fetch it first, then name the file")
    path = Path(reference) if base is None else base / reference
    if not is_file(path) and reference in builtin_names():
        raise LoadError(f"there is no file {reference}", at, f"the shipped catalog is {BUILTIN}{reference}")
    return Origin(path.as_posix(), str(path))


def builtin_names() -> list[str]:
    """The names of the shipped catalogs."""
    files = (resources.rules() / "catalogs").iterdir()
    return sorted(file.name.removesuffix(CATALOG) for file in files if file.name.endswith(CATALOG))


def shipped() -> tuple[str, ...]:
    """The shipped catalogs as a user names them: ``builtin:eventml``."""
    return tuple(BUILTIN + name for name in builtin_names())


def _builtin(reference: str, at: Location | None) -> Origin:
    name = reference.removeprefix(BUILTIN)
    known = builtin_names()
    if name not in known:
        meant = closest(name, known)
        hint = f"did you mean {BUILTIN}{meant}?" if meant else f"shipped are: {', '.join(shipped())}"
        raise LoadError(f"there is no catalog {reference}", at, hint)
    return Origin(reference, name + CATALOG, resources.rules() / "catalogs", BUILTIN)


def _packaged(reference: str, at: Location | None) -> Origin:
    package, _, path = reference.removeprefix(PACKAGE).partition("/")
    if not package or not path or ".." in path.split("/"):
        raise LoadError(f"{reference} is not pkg:PACKAGE/PATH", at)
    root = _folder_of(package)
    if root is None:
        raise LoadError(f"there is no package {package} for {reference}", at, "is it installed beside errlint?")
    return Origin(reference, posixpath.normpath(path), root, PACKAGE + package)


def _folder_of(package: str) -> Traversable | None:
    """The folder of an installed package, which is not imported: a catalog is data, and naming a package runs no code."""
    import sys

    where: list[str] | None = None
    names = package.split(".")
    for count in range(1, len(names) + 1):
        name = ".".join(names[:count])
        try:
            found = (finder.find_spec(name, where) for finder in sys.meta_path)
            spec = next((one for one in found if one is not None), None)
        except (ImportError, ValueError, AttributeError):  # a name that no package can have, a finder of an older kind
            return None
        if spec is None or spec.submodule_search_locations is None:
            return None
        where = list(spec.submodule_search_locations)
    return _folder(where[0]) if where else None


def _folder(place: str) -> Traversable:
    """A folder of the file system, or one inside of a zipped wheel."""
    folder = Path(place)
    archive = next((one for one in folder.parents if one.is_file()), None)
    if archive is None:
        return folder
    import zipfile

    return zipfile.Path(archive, folder.relative_to(archive).as_posix() + "/")
