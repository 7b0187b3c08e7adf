"""What became of a recipe, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from errlint.model.record import record

State = Literal["answered", "ended", "left-out"]
STATES: tuple[State, ...] = ("answered", "ended", "left-out")
"""How far a recipe came, the furthest first."""


@record
class Played:
    """What became of one recipe of the code ``owner`` (layer, id).

    ``answered``: its request was sent. ``ended``: something kept it from that. ``left-out``: nothing was sent. ``why`` says
    it in words, empty where the answer that ``status`` belongs to does. ``step`` names that request, such as ``setup request
    2 (POST /models)``, and ``tried`` is what its answers stand under, as in ``Request.stimulus``.
    """

    owner: tuple[str, str]
    state: State
    why: str = ""
    step: str = ""
    tried: str = ""
    status: int | None = None


def written(played: Played) -> dict[str, Any]:
    """A recipe's end as JSON."""
    layer, id_ = played.owner
    named = {"layer": layer, "id": id_, "state": played.state, "why": played.why, "step": played.step}
    return {**named, "tried": played.tried, "status": played.status}


def read(value: Any) -> Played | None:
    """What ``written`` wrote, None for anything else."""
    if not isinstance(value, Mapping) or value.get("state") not in STATES:
        return None
    texts = [value.get(name) for name in ("layer", "id", "why", "step", "tried")]
    status = value.get("status")
    if not all(isinstance(text, str) for text in texts) or not (status is None or isinstance(status, int)):
        return None
    layer, id_, why, step, tried = map(str, texts)
    state: State = next(state for state in STATES if state == value["state"])
    return Played((layer, id_), state, why, step, tried, status)
