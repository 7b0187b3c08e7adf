"""One service behind every client that a test suite may use: WSGI, ASGI, Django, and over the network."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django
import httpx
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import path
from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse
from flask import Flask
from werkzeug.serving import make_server

GONE = {"error": {"code": "ML_1001", "message": "Specified model does not exist", "http": 404}}

flask_app = Flask("models")


@flask_app.get("/models/<int:pk>")
def flask_model(pk: int) -> Any:
    return GONE, 404


@flask_app.get("/chain")
def flask_chain() -> Any:
    """Asks somebody else, as services do."""
    return httpx.Client(transport=httpx.WSGITransport(app=flask_app)).get("http://upstream/models/9").json(), 502


router = APIRouter(prefix="/v1")


@router.get("/models/{id}")
def model(id: int) -> JSONResponse:  # noqa: A002
    return JSONResponse(GONE, 404)


@router.get("/chain")
async def chain() -> JSONResponse:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=fast_app), base_url="http://upstream") as client:
        return JSONResponse((await client.get("/v1/models/9")).json(), 502)


fast_app = FastAPI()
fast_app.include_router(router)


@fast_app.middleware("http")
async def slow(request: Any, call_next: Any) -> Any:
    return await call_next(request)


def django_model(request: HttpRequest, pk: int) -> JsonResponse:
    return JsonResponse(GONE, status=404)


urlpatterns = [path("models/<int:pk>/", django_model)]


def set_django_up() -> None:
    if not settings.configured:
        nobody = {"UNAUTHENTICATED_USER": None, "DEFAULT_AUTHENTICATION_CLASSES": []}
        settings.configure(
            ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="none", INSTALLED_APPS=[], REST_FRAMEWORK=nobody
        )
        django.setup()


@contextmanager
def served() -> Iterator[str]:
    """The Flask application over HTTP on this machine; its base url."""
    server = make_server("127.0.0.1", 0, flask_app)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
