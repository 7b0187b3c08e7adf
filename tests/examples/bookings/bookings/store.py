"""Everything in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import count

from bookings import errors


@dataclass
class Room:
    id: int
    name: str
    beds: int


@dataclass
class Guest:
    id: int
    name: str
    email: str


@dataclass
class Booking:
    id: int
    room_id: int
    guest_id: int
    first: date
    last: date
    confirmed: bool = False


@dataclass
class Store:
    open: bool = True
    rooms: dict[int, Room] = field(default_factory=dict)
    guests: dict[int, Guest] = field(default_factory=dict)
    bookings: dict[int, Booking] = field(default_factory=dict)
    ids: count[int] = field(default_factory=lambda: count(1))

    def ready(self) -> Store:
        if not self.open:
            raise errors.StoreUnavailable
        return self

    def room(self, room_id: int) -> Room:
        try:
            return self.rooms[room_id]
        except KeyError:
            raise errors.RoomNotFound(room_id=room_id) from None

    def guest(self, guest_id: int) -> Guest:
        try:
            return self.guests[guest_id]
        except KeyError:
            raise errors.GuestNotFound(guest_id=guest_id) from None

    def booking(self, booking_id: int) -> Booking:
        try:
            return self.bookings[booking_id]
        except KeyError:
            raise errors.BookingNotFound(booking_id=booking_id) from None

    def of_room(self, room_id: int) -> list[Booking]:
        return [one for one in self.bookings.values() if one.room_id == room_id]


store = Store()
