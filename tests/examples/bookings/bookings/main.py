"""The HTTP interface."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.security import APIKeyHeader
from pydantic import BaseModel, Field

from bookings import errors
from bookings.store import Booking, Guest, Room, Store, store

KEYS = {"let-me-in"}

key = APIKeyHeader(name="X-API-Key", auto_error=False)


def ready() -> Store:
    return store.ready()


def known(given: Annotated[str | None, Depends(key)]) -> None:
    if given is None:
        raise errors.ApiKeyMissing
    if given not in KEYS:
        raise errors.ApiKeyUnknown


Opened = Annotated[Store, Depends(ready)]

app = FastAPI(title="Bookings", version="2.3.0", dependencies=[Depends(known)])


@app.exception_handler(errors.BookingsError)
def failed(request: Request, error: errors.BookingsError) -> JSONResponse:
    body = {"code": error.code, "message": str(error), "details": {name: str(value) for name, value in error.details.items()}}
    return JSONResponse({"error": body}, error.status)


class NewRoom(BaseModel):
    name: str = Field(min_length=1, max_length=40)
    beds: int = Field(ge=1, le=8)


class NewGuest(BaseModel):
    name: str = Field(min_length=1, max_length=80)
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=120)


class NewBooking(BaseModel):
    guest_id: int
    first: date
    last: date


class Payment(BaseModel):
    card: str = Field(pattern=r"^\d{16}$")


@app.get("/rooms")
def list_rooms(db: Opened) -> list[Room]:
    return list(db.rooms.values())


@app.post("/rooms", status_code=201)
def add_room(new: NewRoom, db: Opened) -> Room:
    if any(room.name == new.name for room in db.rooms.values()):
        raise errors.RoomNameTaken(name=new.name)
    room = Room(next(db.ids), new.name, new.beds)
    db.rooms[room.id] = room
    return room


@app.get("/rooms/{room_id}")
def get_room(room_id: int, db: Opened) -> Room:
    return db.room(room_id)


@app.patch("/rooms/{room_id}")
def change_room(room_id: int, new: NewRoom, db: Opened) -> Room:
    room = db.room(room_id)
    if any(other.name == new.name and other is not room for other in db.rooms.values()):
        raise errors.RoomNameTaken(name=new.name)
    room.name, room.beds = new.name, new.beds
    return room


@app.delete("/rooms/{room_id}", status_code=204)
def remove_room(room_id: int, db: Opened) -> None:
    room = db.room(room_id)
    if booked := db.of_room(room.id):
        raise errors.RoomHasBookings(count=len(booked))
    del db.rooms[room.id]


@app.get("/rooms/{room_id}/bookings")
def list_bookings(room_id: int, db: Opened) -> list[Booking]:
    return db.of_room(db.room(room_id).id)


@app.post("/rooms/{room_id}/bookings", status_code=201)
def add_booking(room_id: int, new: NewBooking, db: Opened) -> Booking:
    room, guest = db.room(room_id), db.guest(new.guest_id)
    if new.last < new.first:
        raise errors.BookingEndsBeforeItStarts
    for one in db.of_room(room.id):
        if new.first <= one.last and one.first <= new.last:
            raise errors.BookingOverlaps(first=one.first, last=one.last)
    booking = Booking(next(db.ids), room.id, guest.id, new.first, new.last)
    db.bookings[booking.id] = booking
    return booking


@app.get("/bookings/{booking_id}")
def get_booking(booking_id: int, db: Opened) -> Booking:
    return db.booking(booking_id)


@app.delete("/bookings/{booking_id}", status_code=204)
def remove_booking(booking_id: int, db: Opened) -> None:
    del db.bookings[db.booking(booking_id).id]


@app.post("/bookings/{booking_id}/confirm")
def confirm_booking(booking_id: int, payment: Payment, db: Opened) -> Booking:
    booking = db.booking(booking_id)
    if booking.confirmed:
        raise errors.BookingAlreadyConfirmed
    if payment.card.endswith("0"):
        raise errors.PaymentDeclined
    booking.confirmed = True
    return booking


@app.post("/guests", status_code=201)
def add_guest(new: NewGuest, db: Opened) -> Guest:
    if any(guest.email == new.email for guest in db.guests.values()):
        raise errors.GuestEmailTaken
    guest = Guest(next(db.ids), new.name, new.email)
    db.guests[guest.id] = guest
    return guest


@app.get("/guests/{guest_id}")
def get_guest(guest_id: int, db: Opened) -> Guest:
    return db.guest(guest_id)
