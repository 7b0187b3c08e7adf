"""All directed stimuli. Apart from their registry, so that no module imports one that imports it."""

from __future__ import annotations

from errlint.probe.stimuli import auth, bodies, ids, service, stress, texts
from errlint.probe.stimuli.registry import STIMULI, Stimulus

MODULES = (service, auth, ids, bodies, texts, stress)
"""In the order of trial: what shows that the service and the credentials work goes first, bodies go last."""


def load_all() -> dict[str, Stimulus]:
    """All stimuli by name, in the order in which they are tried: by module, then as they stand in it."""
    rank = {module.__name__: index for index, module in enumerate(MODULES)}
    return dict(sorted(STIMULI.items(), key=lambda item: rank.get(item[1].make.__module__, len(rank))))
