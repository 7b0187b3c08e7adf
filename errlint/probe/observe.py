"""A document and a running service -> observations: the directed requests first, then the generated ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from errlint.model.recipe import Recipe
from errlint.model.spec import Spec
from errlint.probe.courier import Progress
from errlint.probe.generated import begin, end
from errlint.probe.journal import Listener
from errlint.probe.observed import Observed
from errlint.probe.options import Options
from errlint.probe.plan import plan
from errlint.probe.session import Session
from errlint.probe.wire.credentials import Credentials
from errlint.probe.wire.sender import Sender

__all__ = ["Observed", "Progress", "observe", "session"]


@contextmanager
def session(
    spec: Spec,
    options: Options,
    *,
    recipes: Sequence[Recipe] = (),
    progress: Progress | None = None,
    listener: Listener | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] | None = None,
) -> Iterator[Session]:
    """A probe that is ready to begin; nothing was sent yet. Its connections end with the block.

    ``listener`` is told each observation as it comes, by several threads. ``clock`` and ``sleep`` are seconds.
    """
    sender = Sender(options, clock=clock, sleep=sleep)
    tokens = Sender(options, clock=clock, sleep=sleep)
    generating = begin() if options.generated and not options.only else None  # it gets ready while the plan is made
    try:
        credentials = Credentials(options, spec, tokens.send, clock=clock)
        made = plan(spec, options, recipes)
        yield Session(spec, made, sender, credentials, generating=generating, progress=progress, listener=listener)
    finally:
        sender.close()
        tokens.close()
        if generating is not None:
            end(generating)


def observe(
    spec: Spec,
    options: Options,
    *,
    recipes: Sequence[Recipe] = (),
    progress: Progress | None = None,
    listener: Listener | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] | None = None,
) -> Observed:
    """Everything that a running service answered to the requests made from a document.

    ``listener`` is told each observation as it comes. ``clock`` and ``sleep`` are seconds. A KeyboardInterrupt gives what was
    seen so far, with ``stopped`` set.

    Raises: ProbeError where nothing answers or the document has nothing to probe; InconclusiveError where answers came
    that say nothing (no credentials worked, the wrong base path).
    """
    with session(spec, options, recipes=recipes, progress=progress, listener=listener, clock=clock, sleep=sleep) as run:
        return run.observe()
