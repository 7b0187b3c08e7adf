"""Stimuli about the service as a whole: paths and methods that the document does not declare, and plain reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from errlint.model.record import replace
from errlint.model.spec import Operation
from errlint.probe.scene import PLACEHOLDER, Scene, astray, draft, meets, stray
from errlint.probe.stimuli.ids import declares_not_found
from errlint.probe.stimuli.registry import stimulus
from errlint.probe.trial import Trial, writes

FEW = 3
"""Paths that stand for all where the framework answers alike everywhere: breadth, not flood."""


@stimulus("unknown-path", scope="service")
def unknown_path(scene: Scene) -> Iterator[Trial]:
    """A path that is not there, inside the base path and at the root.

    Outside of the base path the document says nothing, so nothing is expected there.
    """
    name, path = _nowhere(scene)
    if path:
        yield stray(scene, "GET", scene.options.base_url + path, "unknown-path", rejected=True)
    if scene.options.base_path:
        yield stray(scene, "GET", scene.options.origin + name, "unknown-path", rejected=False)


@stimulus("unknown-path-method", scope="service")
def unknown_path_method(scene: Scene) -> Iterator[Trial]:
    """A method that nobody registered on a path that is not there: whichever a framework looks at first."""
    _, path = _nowhere(scene)
    if path:
        yield stray(scene, "ERRLINT", scene.options.base_url + path, "unknown-path-method", rejected=True)


def _nowhere(scene: Scene) -> tuple[str, str]:
    """(a made-up path, the same or a longer one that no declared template matches, empty where all are matched)."""
    name = f"/errlint-no-such-path-{scene.dice('unknown-path').getrandbits(32):08x}"
    return name, next((path for path in (name, name + name) if not meets(path, scene.spec.operations)), "")


@stimulus("wrong-method", scope="service")
def wrong_method(scene: Scene) -> Iterator[Trial]:
    """TRACE and a method that nobody registered, on a few paths; never a method that may write.

    TRACE echoes what it gets, so it carries no credentials (RFC 9110 section 9.3.8).
    """
    for operation in _few_paths(scene):
        for method in ("TRACE", "ERRLINT"):
            if not _declares(scene, operation.path, method):
                url = draft(scene, operation, "wrong-method", method=method).request.url.partition("?")[0]
                yield stray(scene, method, url, "wrong-method", rejected=True, credentials=method != "TRACE", near=operation)


@stimulus("trailing-slash", scope="service")
def trailing_slash(scene: Scene) -> Iterator[Trial]:
    """A declared path with a slash behind it: a service may redirect, route it all the same, or know no such path."""
    yield from _respelled(scene, "trailing-slash", lambda path: path + "/")


@stimulus("double-slash", scope="service")
def double_slash(scene: Scene) -> Iterator[Trial]:
    """A declared path with a second slash before it."""
    yield from _respelled(scene, "double-slash", lambda path: "/" + path)


def _respelled(scene: Scene, name: str, respell: Callable[[str], str]) -> Iterator[Trial]:
    """The first read without ids whose path, spelled another way, is no declared one. Nobody knows whether it meets it."""
    for operation in scene.operations:
        path = operation.path
        plain = operation.method.upper() == "GET" and path != "/" and not PLACEHOLDER.search(path)
        if plain and not path.endswith("/") and not writes("GET", operation) and not _declared(scene, respell(path)):
            trial = draft(scene, operation, name)
            _, _, query = trial.request.url.partition("?")
            url = scene.options.base_url + respell(path) + ("?" + query if query else "")
            yield astray(replace(trial, request=replace(trial.request, url=url)))
            return


def _declared(scene: Scene, path: str) -> bool:
    """Whether a path is one that the document has, or that a greedy template of it matches."""
    return any(found.path == path for found in scene.spec.operations) or meets(path, scene.spec.operations)


@stimulus("head", scope="service")
def head(scene: Scene) -> Iterator[Trial]:
    """HEAD where only GET is declared: the same answer without content (RFC 9110 section 9.3.2).

    So it is refused where GET is: for an id that names nothing, where the document says so.
    """
    reads = [operation for operation in scene.operations if operation.method.upper() == "GET"]
    by_id = [operation for operation in reads if PLACEHOLDER.search(operation.path)]
    plain = [operation for operation in reads if operation not in by_id]
    for operation in [*plain[: FEW - len(by_id[:1])], *by_id][:FEW]:
        if not _declares(scene, operation.path, "HEAD"):
            trial = draft(scene, operation, "head", method="HEAD")
            refused = trial.fresh and declares_not_found(operation)
            yield replace(trial, request=replace(trial.request, rejected=refused))


@stimulus("valid")
def valid(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """A plain read of an operation without ids, or with the user's: it shows that service and credentials work."""
    given = {name for name, _ in scene.options.path_params}
    if operation.method.upper() in ("GET", "HEAD") and given.issuperset(PLACEHOLDER.findall(operation.path)):
        yield draft(scene, operation, "valid")


@stimulus("wrong-accept")
def wrong_accept(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """A media type that no service has; it may answer 406 or ignore it (RFC 9110 section 12.5.1)."""
    if operation.method.upper() == "GET":
        yield draft(scene, operation, "wrong-accept", accept="application/x-errlint")


def _few_paths(scene: Scene) -> list[Operation]:
    """The first operation of each of a few distinct paths, spread over the document."""
    first: dict[str, Operation] = {}
    marked = {operation.path for operation in scene.spec.operations if writes("GET", operation)}
    for operation in scene.operations:
        if operation.path not in marked:  # a method that a server takes for GET would write there
            first.setdefault(operation.path, operation)
    distinct = list(first.values())
    step = max(1, len(distinct) // FEW)
    return distinct[::step][:FEW]


def _declares(scene: Scene, path: str, method: str) -> bool:
    return any(found.path == path and found.method.upper() == method for found in scene.spec.operations)
