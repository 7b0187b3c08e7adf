"""What can go wrong, one class each."""

from __future__ import annotations

from typing import Any


class BookingsError(Exception):
    status = 500
    code = "INTERNAL"
    message = "Something went wrong"

    def __init__(self, **details: Any) -> None:
        super().__init__(self.message.format(**details))
        self.details = details


class RoomNotFound(BookingsError):
    status = 404
    code = "ROOM_NOT_FOUND"
    message = "There is no room {room_id}"


class RoomNameTaken(BookingsError):
    status = 409
    code = "ROOM_NAME_TAKEN"
    message = "Another room is called {name}"


class RoomHasBookings(BookingsError):
    status = 409
    code = "ROOM_HAS_BOOKINGS"
    message = "The room is booked {count} times"


class BookingNotFound(BookingsError):
    status = 404
    code = "BOOKING_NOT_FOUND"
    message = "There is no booking {booking_id}"


class BookingOverlaps(BookingsError):
    status = 409
    code = "BOOKING_OVERLAPS"
    message = "The room is taken from {first} to {last}"


class BookingEndsBeforeItStarts(BookingsError):
    status = 422
    code = "BOOKING_ENDS_BEFORE_IT_STARTS"
    message = "The last night is before the first"


class BookingAlreadyConfirmed(BookingsError):
    status = 409
    code = "BOOKING_ALREADY_CONFIRMED"
    message = "The booking is confirmed already"


class PaymentDeclined(BookingsError):
    status = 402
    code = "PAYMENT_DECLINED"
    message = "The card was declined"


class GuestNotFound(BookingsError):
    status = 404
    code = "GUEST_NOT_FOUND"
    message = "There is no guest {guest_id}"


class GuestEmailTaken(BookingsError):
    status = 409
    code = "GUEST_EMAIL_TAKEN"
    message = "Another guest has this address"


class ApiKeyMissing(BookingsError):
    status = 401
    code = "API_KEY_MISSING"
    message = "Send your key in the header X-API-Key"


class ApiKeyUnknown(BookingsError):
    status = 403
    code = "API_KEY_UNKNOWN"
    message = "This key is not known"


class StoreUnavailable(BookingsError):
    status = 503
    code = "STORE_UNAVAILABLE"
    message = "The bookings cannot be reached at the moment"
