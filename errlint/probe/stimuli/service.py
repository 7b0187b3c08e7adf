"""Stimuli about the service as a whole: paths and methods that the document does not declare, and plain reads."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.model.spec import Operation
from errlint.probe.scene import PLACEHOLDER, Scene, draft, meets, stray
from errlint.probe.stimuli.registry import stimulus
from errlint.probe.trial import Trial

FEW = 3
"""Paths that stand for all where the framework answers alike everywhere: breadth, not flood."""


@stimulus("unknown-path", scope="service")
def unknown_path(scene: Scene) -> Iterator[Trial]:
    """A path that is not there, inside the base path and at the root.

    Outside of the base path the document says nothing, so nothing is expected there.
    """
    name = f"/errlint-no-such-path-{scene.dice('unknown-path').getrandbits(32):08x}"
    for path in (name, name + name):
        if not meets(path, scene.spec.operations):
            yield stray(scene, "GET", scene.options.base_url + path, "unknown-path", rejected=True)
            break
    if scene.options.base_path:
        yield stray(scene, "GET", scene.options.origin + name, "unknown-path", rejected=False)


@stimulus("wrong-method", scope="service")
def wrong_method(scene: Scene) -> Iterator[Trial]:
    """TRACE and a method that nobody registered, on a few paths; never a method that may write.

    TRACE echoes what it gets, so it carries no credentials (RFC 9110 section 9.3.8).
    """
    for operation in _few_paths(scene):
        for method in ("TRACE", "ERRLINT"):
            if not _declares(scene, operation.path, method):
                url = draft(scene, operation, "wrong-method", method=method).request.url.partition("?")[0]
                yield stray(scene, method, url, "wrong-method", rejected=True, credentials=method != "TRACE")


@stimulus("head", scope="service")
def head(scene: Scene) -> Iterator[Trial]:
    """HEAD where only GET is declared: the same answer without content (RFC 9110 section 9.3.2), so nothing is refused."""
    reads = [operation for operation in scene.operations if operation.method.upper() == "GET"]
    for operation in reads[:FEW]:
        if not _declares(scene, operation.path, "HEAD"):
            yield draft(scene, operation, "head", method="HEAD")


@stimulus("valid")
def valid(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """A plain read of an operation without ids: it shows that the service answers and that the credentials work."""
    if operation.method.upper() in ("GET", "HEAD") and not PLACEHOLDER.search(operation.path):
        yield draft(scene, operation, "valid")


@stimulus("wrong-accept")
def wrong_accept(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """A media type that no service has; it may answer 406 or ignore it (RFC 9110 section 12.5.1)."""
    if operation.method.upper() == "GET":
        yield draft(scene, operation, "wrong-accept", accept="application/x-errlint")


def _few_paths(scene: Scene) -> list[Operation]:
    """The first operation of each of a few distinct paths, spread over the document."""
    first: dict[str, Operation] = {}
    for operation in scene.operations:
        first.setdefault(operation.path, operation)
    distinct = list(first.values())
    step = max(1, len(distinct) // FEW)
    return distinct[::step][:FEW]


def _declares(scene: Scene, path: str, method: str) -> bool:
    return any(found.path == path and found.method.upper() == method for found in scene.spec.operations)
