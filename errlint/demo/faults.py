"""The faults that the service can be given: each changes one answer, and only in what its line says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches

from errlint.demo import fault_table, odd_faults
from errlint.demo.answers import Answer
from errlint.demo.changes import Fault

_FAULTS: Mapping[str, Fault] = {**fault_table.FAULTS, **odd_faults.FAULTS}

#: The name of every fault -> one line that says what it does.
FAULTS: Mapping[str, str] = {name: fault.summary for name, fault in _FAULTS.items()}


def applied(active: Collection[str], answer: Answer) -> Answer:
    """The answer with the active faults in it, in the order of FAULTS."""
    for name, fault in _FAULTS.items():
        if name in active and fault.cause == answer.cause and fault.operation in (None, answer.operation):
            answer = fault.change(answer)
    return answer


def waived(active: Collection[str], operation: str) -> bool:
    """Whether a fault makes this operation public."""
    return operation == "listExperiments" and "auth-not-enforced" in active


def refuse_unknown(names: Collection[str]) -> None:
    """Raises ValueError for a name that is no fault, with the closest one that is."""
    for name in names:
        if name not in FAULTS:
            close = get_close_matches(name, FAULTS, 1)
            raise ValueError(f"no fault is called {name!r}" + (f"; did you mean {close[0]!r}?" if close else ""))
