"""Two versions of a contract beside each other: what changed, for whom, and which version number that asks for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from errlint.model.catalog import Catalog, Code, Envelope
from errlint.model.finding import NOWHERE, Location
from errlint.model.record import field, record
from errlint.model.status import NONE, Statuses


@record
class Contract:
    """One side of a comparison: a catalog, or what an OpenAPI document declares put as one.

    ``name`` is what the user calls it, ``version`` as it is written. ``operations`` are all operations of a document, or those
    that a catalog names,
    ``layered`` is false where nothing gave it layers and each place of a code stands for one.
    ``open`` are, by layer, the operations of a document where any code may come, so that nothing can be missed or new;
    ``unread`` is the number of its error responses that look like no known envelope.
    """

    catalog: Catalog
    name: str
    version: str = ""
    version_at: Location = NOWHERE
    document: bool = False
    layered: bool = True
    operations: frozenset[str] = frozenset()
    open: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unread: int = 0


@record
class Change:
    """One entry before and after, None on the side that does not have it.

    ``before`` and ``after`` are the statuses of all entries that clients cannot tell from it (same layer, code and further
    members), so that one entry with two statuses equals two entries; both are empty where another change speaks for them.
    ``layer`` is its layer under the name of the newer version, ``home`` the same in words, empty where there is only one:
    ``of layer service``, or ``at /error/code`` in documents that no catalog gives layers. ``kin`` is an entry of the other side
    that has the same code, where an entry is there on one side only; ``grave`` is an entry of the older side that was removed
    and had this code.
    """

    old: Code | None
    new: Code | None
    layer: str
    home: str
    before: Statuses = NONE
    after: Statuses = NONE
    kin: Code | None = None
    grave: Code | None = None

    @property
    def entry(self) -> Code:
        """The entry as it is now, or as it was where it is no more."""
        found = self.new if self.new is not None else self.old
        assert found is not None  # noqa: S101 -- a change has a side
        return found


@record
class Shapes:
    """One envelope before and after, None on the side that does not have it, and the layers that answer in it.

    ``others`` is true where these layers have further envelopes on the other side.
    """

    old: Envelope | None
    new: Envelope | None
    layers: tuple[str, ...]
    others: bool = False


@record
class Renamed:
    """A layer that only has another name now, with the number of its entries."""

    old: str
    new: str
    entries: int
    location: Location


@record
class Opened:
    """A layer that listed every code it may answer, and does so no more."""

    layer: str
    location: Location


@record
class Comparison:
    """Two contracts, aligned: entries, envelopes, layers that only have another name, and those that are open now."""

    old: Contract
    new: Contract
    changes: tuple[Change, ...]
    shapes: tuple[Shapes, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    opened: tuple[Opened, ...] = ()

    @cached_property
    def came(self) -> frozenset[str]:
        """The layers that are new as a whole."""
        known = {one.new for one in self.renamed} | self.old.catalog.layers.keys()
        return frozenset(self.new.catalog.layers.keys() - known)

    @cached_property
    def went(self) -> frozenset[str]:
        """The layers that are gone as a whole."""
        known = {one.old for one in self.renamed} | self.new.catalog.layers.keys()
        return frozenset(self.old.catalog.layers.keys() - known)

    @cached_property
    def growing(self) -> int:
        """The number of layers that have new entries."""
        return len({change.layer for change in self.changes if change.old is None} - self.came)

    @cached_property
    def shrinking(self) -> int:
        """The number of layers that have lost entries."""
        return len({change.layer for change in self.changes if change.new is None} - self.went)


@record
class Versions:
    """What a comparison came to, beside the version numbers: how many changes break clients, add something, or do neither."""

    old: str
    new: str
    breaking: int
    added: int
    other: int
    location: Location = NOWHERE
