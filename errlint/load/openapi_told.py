"""The faulty references of a document as they are met on the walk: each once for its place, with who needs it."""

from __future__ import annotations

from collections.abc import Iterable

from errlint.load.openapi_faults import OddRef, SchemaFaults
from errlint.model.finding import Location
from errlint.model.record import replace
from errlint.model.spec import BrokenRef, Declaration, IgnoredSiblings, MisplacedRef, Node, Operation, Unresolved


class Told:
    """What was noted of the references so far."""

    def __init__(self, dialect: str) -> None:
        self._dialect = dialect
        self._broken: dict[Location, BrokenRef] = {}
        self._uses: dict[Location, dict[tuple[str, Location], None]] = {}
        self._ignored: dict[Location, IgnoredSiblings] = {}
        self._misplaced: dict[Location, MisplacedRef] = {}

    def tell(self, operation: Operation, key: str, fault: Unresolved | OddRef, use: Node) -> None:
        """Notes a faulty reference, and that the operation needs it where it names a response, the ``use``."""
        if isinstance(fault, OddRef):
            at = fault.node.location
            if fault.misplaced is not None:
                self._misplaced.setdefault(at, MisplacedRef(operation, key, fault.wanted, fault.misplaced, at))
            if fault.siblings:
                self._ignored.setdefault(at, IgnoredSiblings(operation, key, fault.siblings, self._dialect, at))
        else:
            if fault.place not in self._broken:
                self._broken[fault.place] = BrokenRef(operation, key, fault.reason, fault.place, fault.cycle)
            self._uses.setdefault(fault.place, {})[operation.label, use.location] = None

    def broken(self, declarations: Iterable[Declaration], faults: SchemaFaults) -> tuple[BrokenRef, ...]:
        """The references that lead nowhere, each with all operations that need what they should lead to."""
        for one in declarations if self._broken else ():
            for place in faults.broken(one.schema) if one.error and one.schema is not None else ():
                if place in self._uses:
                    self._uses[place][one.operation.label, one.use.location] = None
        return tuple(replace(one, uses=tuple(self._uses[place])) for place, one in self._broken.items())

    def ignored(self) -> tuple[IgnoredSiblings, ...]:
        """The references beside which keywords have no effect."""
        return tuple(self._ignored.values())

    def misplaced(self) -> tuple[MisplacedRef, ...]:
        """The references that lead to a component of another kind."""
        return tuple(self._misplaced.values())
