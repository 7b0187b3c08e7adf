"""What a probe saw, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from errlint.model.exchange import Observation
from errlint.model.record import field, record
from errlint.model.spec import Declaration
from errlint.probe.options import Writes
from errlint.probe.played import Played

StoppedBy = Literal["", "interrupted", "limit", "gone", "asked-to-wait", "credentials"]
"""What ended a run early: the user, a limit of the options, the service that is gone, its Retry-After, or a token that
could not be renewed.
"""


@record
class Observed:
    """What a probe saw.

    ``requests`` counts what was sent to each operation (``GET /models/{id}``). ``not_probed`` says why operations got
    none, ``withheld`` how many writes the gate held back, ``may_have_written`` which operations did not refuse a request
    that may write, and ``failed_writes`` which of them failed or fell silent. ``notes`` are lines for the user. ``stopped``
    says why the run ended early, empty where it did not, and ``stopped_by`` says it for programs. ``excluded`` are the
    operations that the user left out; they are not in ``not_probed``. ``secrets`` are the texts that no output may hold,
    longest first: the user's, and every token of the run. ``writes`` is what the run was allowed to send, ``played`` what
    became of the recipes that it came to. ``given`` are the names of the path parameters that the user gave a value for; None
    where the ids are not made up by a run, as in traffic.
    """

    observations: tuple[Observation, ...]
    requests: Mapping[str, int]
    not_probed: Mapping[str, str]
    withheld: Mapping[str, int]
    may_have_written: tuple[str, ...]
    failed_writes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    stopped: str = ""
    stopped_by: StoppedBy = ""
    excluded: frozenset[str] = frozenset()
    secrets: tuple[str, ...] = field(default=(), repr=False)
    writes: Writes = "rejected"
    played: tuple[Played, ...] = ()
    given: frozenset[str] | None = None


def declared_types(declarations: Sequence[Declaration], status: int | None) -> tuple[str, ...] | None:
    """The media types that one operation declares for a status, an explicit key before a range before default.

    None where the status is not declared at all; empty where it is declared without content.
    """
    found = [one for one in declarations if one.statuses is not None and status is not None and status in one.statuses]
    if not found:
        return None
    key = min((_rank(declaration.status_key), declaration.status_key) for declaration in found)[1]
    return tuple(one.media_type for one in found if one.status_key == key and one.media_type is not None)


def _rank(key: str) -> int:
    return 2 if key == "default" else 1 if key.upper().endswith("XX") else 0
