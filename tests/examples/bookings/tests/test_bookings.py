from __future__ import annotations

import pytest
from bookings.main import app
from bookings.store import store
from fastapi.testclient import TestClient


@pytest.fixture
def client() -> TestClient:
    for held in (store.rooms, store.guests, store.bookings):
        held.clear()
    return TestClient(app, headers={"X-API-Key": "let-me-in"})


@pytest.fixture
def room(client: TestClient) -> int:
    return client.post("/rooms", json={"name": "Blue", "beds": 2}).json()["id"]


@pytest.fixture
def guest(client: TestClient) -> int:
    return client.post("/guests", json={"name": "Ada", "email": "ada@example.org"}).json()["id"]


@pytest.fixture
def booking(client: TestClient, room: int, guest: int) -> int:
    nights = {"guest_id": guest, "first": "2030-05-01", "last": "2030-05-03"}
    return client.post(f"/rooms/{room}/bookings", json=nights).json()["id"]


def test_rooms_can_be_added_changed_and_removed(client: TestClient, room: int) -> None:
    assert client.get("/rooms").json() == [{"id": room, "name": "Blue", "beds": 2}]
    assert client.patch(f"/rooms/{room}", json={"name": "Green", "beds": 3}).json()["name"] == "Green"
    assert client.delete(f"/rooms/{room}").status_code == 204


@pytest.mark.parametrize("path", ["/rooms/99", "/rooms/98/bookings"])
def test_a_room_that_is_not_there(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_two_rooms_of_one_name(client: TestClient, room: int) -> None:
    assert client.post("/rooms", json={"name": "Blue", "beds": 1}).status_code == 409


def test_a_room_without_beds(client: TestClient) -> None:
    assert client.post("/rooms", json={"name": "Red", "beds": 0}).status_code == 422


def test_a_booked_room_stays(client: TestClient, room: int, booking: int) -> None:
    assert client.delete(f"/rooms/{room}").status_code == 409


def test_two_bookings_of_one_night(client: TestClient, room: int, guest: int, booking: int) -> None:
    nights = {"guest_id": guest, "first": "2030-05-03", "last": "2030-05-05"}
    assert client.post(f"/rooms/{room}/bookings", json=nights).status_code == 409


def test_nights_in_the_wrong_order(client: TestClient, room: int, guest: int) -> None:
    nights = {"guest_id": guest, "first": "2030-05-03", "last": "2030-05-01"}
    assert client.post(f"/rooms/{room}/bookings", json=nights).json()["error"]["code"] == "BOOKING_ENDS_BEFORE_IT_STARTS"


def test_a_booking_for_nobody(client: TestClient, room: int) -> None:
    nights = {"guest_id": 99, "first": "2030-05-01", "last": "2030-05-03"}
    assert client.post(f"/rooms/{room}/bookings", json=nights).status_code == 404


def test_a_booking_is_confirmed_once(client: TestClient, booking: int) -> None:
    card = {"card": "4000000000000001"}
    assert client.post(f"/bookings/{booking}/confirm", json=card).json()["confirmed"] is True
    assert client.post(f"/bookings/{booking}/confirm", json=card).status_code == 409


def test_a_card_that_is_declined(client: TestClient, booking: int) -> None:
    assert client.post(f"/bookings/{booking}/confirm", json={"card": "4000000000000000"}).status_code == 402


def test_a_booking_can_be_removed(client: TestClient, booking: int) -> None:
    assert client.delete(f"/bookings/{booking}").status_code == 204
    assert client.get(f"/bookings/{booking}").status_code == 404


def test_a_guest(client: TestClient, guest: int) -> None:
    assert client.get(f"/guests/{guest}").json()["name"] == "Ada"
    assert client.get("/guests/99").status_code == 404
    assert client.post("/guests", json={"name": "Eve", "email": "ada@example.org"}).status_code == 409


def test_without_a_key() -> None:
    assert TestClient(app).get("/rooms").status_code == 401
    assert TestClient(app, headers={"X-API-Key": "nonsense"}).get("/rooms").status_code == 403
