"""The parts of a run: what is known is read, the rest is judged, by several processes where that pays."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from errlint.api import parts as divided_run
from errlint.api.parts import Asked, Done, Part, in_turn, judged
from errlint.errors import InconclusiveError, LoadError
from errlint.model.finding import Location
from errlint.model.record import field, mutable, replace

if TYPE_CHECKING:
    from concurrent.futures import Future
    from multiprocessing.context import BaseContext
    from multiprocessing.process import BaseProcess

    from errlint.api.cache import Cache
    from errlint.api.linting import Run, Task
    from errlint.api.sheet import Sheet
    from errlint.load.library import Library

PAYS = 20_000_000
"""Bytes of documents from which several processes are faster than one."""

CHUNK = 1_000_000
"""Bytes of documents that a process takes at once."""

MOST = 8
"""Processes that are started without being asked for; each takes some 100 MB."""

SAFE_PATH = "PYTHONSAFEPATH"
"""Keeps a process that does not begin as a copy of this one from importing what lies in the working directory."""

Refused = tuple[str, Location | None, str]


@mutable
class Spread:
    """How the parts of a run are judged. ``jobs`` is the number of processes, 0 for as many as pay; ``done`` what was read."""

    cache: Cache | None = None
    jobs: int = 0
    done: list[Done] = field(default_factory=list)

    def __call__(self, tasks: Sequence[Task], library: Library, sheet: Sheet) -> Run | None:
        return divided_run.in_parts(tasks, library, sheet, self.judge)

    def judge(self, parts: Sequence[Part], asked: Asked) -> Iterator[Done]:
        """What comes of the parts, in their order. Raises: LoadError."""
        cache = self.cache
        known = [cache.get(part, asked) if cache is not None else None for part in parts]
        fresh = iter(self._fresh([part for part, one in zip(parts, known, strict=True) if one is None], asked))
        for part, one in zip(parts, known, strict=True):
            done = one if one is not None else next(fresh)
            if one is None and cache is not None:
                cache.put(part, asked, done)
            self.done.append(replace(done, findings=(), rows=()) if cache is not None else Done())
            yield done
        if cache is not None and not all(known):
            cache.prune()

    def _fresh(self, parts: Sequence[Part], asked: Asked) -> Iterator[Done]:
        sizes = [sum(_size(str(one)) for task in part for one in task.documents) for part in parts]
        number = self.jobs or (min(_processors(), MOST) if sum(sizes) >= PAYS else 1)
        if number < 2 or len(parts) < 2:
            return in_turn(parts, asked)
        return _spread(_chunks(parts, sizes), asked, number)


def _spread(chunks: Sequence[Sequence[Part]], asked: Asked, number: int) -> Iterator[Done]:
    """Judges in several processes; few chunks are under way at once, so that results do not fill the memory.

    Raises: LoadError, InconclusiveError where a process was killed.
    """
    from concurrent.futures import ProcessPoolExecutor  # start-up: few runs need it
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import active_children

    safe = os.environ.get(SAFE_PATH)
    os.environ[SAFE_PATH] = "1"
    pool = ProcessPoolExecutor(min(number, len(chunks)), _context(), initializer=_begin)
    work = partial(_chunk, asked=asked)
    waiting: list[Future[list[Done] | Refused]] = []
    ended = False
    try:
        for index in range(len(chunks)):
            while len(waiting) < 4 * number and index + len(waiting) < len(chunks):
                waiting.append(pool.submit(work, chunks[index + len(waiting)]))
            came = waiting.pop(0).result()
            if isinstance(came, tuple):
                raise LoadError(*came)
            yield from came
        ended = True
    except BrokenProcessPool:
        hint = f"{number} judged at once, each with some 100 MB and its documents: --jobs 1 needs the least memory"
        raise InconclusiveError("a process that judged documents was killed", hint=hint) from None
    finally:
        if safe is None:
            del os.environ[SAFE_PATH]
        else:
            os.environ[SAFE_PATH] = safe
        pool.shutdown(wait=ended, cancel_futures=True)
        if not ended:  # nobody waits for what they are doing, and nobody else ends them
            for process in active_children():
                process.terminate()


def _context() -> BaseContext | None:
    """How processes are started: a copy of this one where that is safe, which is quickest; else as Python does it here."""
    import sys
    from multiprocessing import get_context
    from threading import active_count

    return get_context("fork") if sys.platform == "linux" and active_count() == 1 else None


def _begin() -> None:
    """A process that Ctrl-C or SIGTERM ends, without a word: the one that started it says it."""
    import gc
    import signal
    from multiprocessing import parent_process
    from threading import Thread

    parent = parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.freeze()


def _end_with(parent: BaseProcess) -> None:
    """Ends with who started it, however that ended: what holds the pipes of a job open keeps the job from its end."""
    parent.join()
    os._exit(1)


def _chunk(parts: Sequence[Part], asked: Asked) -> list[Done] | Refused:
    """What comes of some parts, or what refuses one of them."""
    try:
        return [judged(part, asked) for part in parts]
    except LoadError as error:
        return error.message, error.location, error.hint


def _chunks(parts: Sequence[Part], sizes: Sequence[int]) -> list[list[Part]]:
    chunks: list[list[Part]] = [[]]
    held = 0
    for part, size in zip(parts, sizes, strict=True):
        if chunks[-1] and held + size > CHUNK:
            chunks.append([])
            held = 0
        chunks[-1].append(part)
        held += size
    return chunks


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except (OSError, ValueError):
        return 0


def _processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
