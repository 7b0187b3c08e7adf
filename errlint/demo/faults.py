"""The faults that the service can be given: each changes one answer, and only in what its line says."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from errlint.demo import fault_table, odd_faults
from errlint.demo.answers import Answer
from errlint.demo.changes import Fault
from errlint.load.meant import did_you_mean

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
            raise ValueError(f"no fault is called {name!r}{did_you_mean(name, FAULTS)}")
