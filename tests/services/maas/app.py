"""The service behind the gateway: FastAPI's framework layer, the platform in front, the engine behind it.

The platform looks at the key first. Then a chat's body is the engine's to parse; a video's is the platform's.
``python -m tests.services.maas.app --port 0`` prints ``listening on http://127.0.0.1:PORT`` first.
"""

from __future__ import annotations

import argparse
import json
import socket
from collections.abc import Callable, Collection, Coroutine, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import uvicorn
from fastapi import APIRouter, FastAPI, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response, StreamingResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from errlint.demo.answers import Answer
from tests.services.maas import accounts, engine
from tests.services.maas.accounts import Refused
from tests.services.maas.faults import FAULTS, applied

# FastAPI resolves annotations in this module's namespace.
ChatRequest = engine.ChatRequest


class VideoRequest(BaseModel):
    """The body of a video generation; no member beyond these."""

    model_config = ConfigDict(extra="forbid", strict=True)
    model: str
    prompt: str


def create_app(faults: Collection[str] = ()) -> FastAPI:
    """A fresh MaaS service. ``faults`` are names of FAULTS, consulted at every request."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.include_router(_router(faults))

    @app.exception_handler(405)
    async def method_not_allowed(request: Request, error: HTTPException) -> Response:
        # FastAPI's own answer, and nothing but it, where no fault is set.
        response = await http_exception_handler(request, error)
        answer = Answer(405, json.loads(bytes(response.body)), "", "stray-method")
        changed = applied(faults, answer)
        return (
            response
            if changed is answer
            else _response(Answer(405, changed.value, headers=tuple((error.headers or {}).items())))
        )

    return app


def _response(answer: Answer) -> Response:
    headers = dict(answer.headers)
    return Response(answer.body(), answer.status, headers, media_type=answer.media_type)


def _router(faults: Collection[str]) -> APIRouter:
    class PlatformRoute(APIRoute):
        """Answers for the platform and the engine: before the body is parsed, and where that fails."""

        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            inner = super().get_route_handler()

            async def handle(request: Request) -> Response:
                identity = accounts.request_id(request.method, request.url.path, await request.body())
                try:
                    request.state.key = accounts.admitted(request.method, request.headers.get("authorization", ""))
                    return await _parsed(inner, request, self.name)
                except Refused as refused:
                    answer = refused.answer(self.name, identity)
                except engine.EngineError as error:
                    answer = error.answer()
                return _response(applied(faults, answer))

            return handle

    router = APIRouter(prefix="/v1", route_class=PlatformRoute)
    tasks: dict[str, tuple[str, int]] = dict(accounts.OTHER_TASKS)

    @router.post("/chat/completions", name="chat")
    async def chat(request: Request, body: ChatRequest) -> Response:
        _refuse_content(body.model, " ".join(message.content for message in body.messages))
        if request.state.key != accounts.ENGINE_KEY and body.model not in engine.MODELS:
            raise Refused("ModelArts.81009", "unknown-model")
        engine.refuse_unserved(body)
        if body.stream or "text/event-stream" in request.headers.get("accept", ""):
            return StreamingResponse(_stream(faults, request.state.key, body), media_type="text/event-stream")
        return _response(Answer(200, _completion(body)))

    @router.get("/models", name="models")
    async def models() -> Response:
        names = (*engine.MODELS, *accounts.VIDEO_MODELS)
        return _response(Answer(200, {"object": "list", "data": [{"id": name, "object": "model"} for name in names]}))

    @router.get("/models/{model}", name="model")
    async def model(model: str) -> Response:
        if model not in (*engine.MODELS, *accounts.VIDEO_MODELS):
            raise Refused("ModelArts.81009", "unknown-model")
        return _response(Answer(200, {"id": model, "object": "model"}))

    @router.post("/videos/generations", name="videos")
    async def videos(request: Request, body: VideoRequest) -> Response:
        _refuse_content(body.model, body.prompt)
        if body.model not in accounts.VIDEO_MODELS:
            raise Refused("ModelArts.81009", "unknown-model")
        task = f"vt-{len(tasks) - len(accounts.OTHER_TASKS) + 1:04}"
        tasks[task] = (request.state.key, 401)
        return _response(Answer(200, {"task_id": task}))

    @router.get("/videos/tasks", name="tasks")
    async def several(ids: str) -> Response:
        found = [_one(tasks, task_id) for task_id in ids.split(",")]
        unknown = any("error_code" in one for one in found)
        answer = Answer(207 if unknown else 200, {"tasks": found}, "tasks", "unknown-tasks" if unknown else "")
        return _response(applied(faults, answer))

    @router.get("/videos/events", name="events")
    async def video_events() -> Response:
        return StreamingResponse(_events(faults), media_type="text/event-stream")

    @router.get("/videos/tasks/{task_id}", name="task")
    async def task(request: Request, task_id: str) -> Response:
        if task_id not in tasks:
            raise Refused("ModelArts.81108", "unknown-task", task_id)
        owner, status = tasks[task_id]
        if owner != request.state.key:
            raise Refused("ModelArts.81109", "foreign-task", task_id, status)
        return _response(Answer(200, {"task_id": task_id, "status": "queued"}))

    return router


async def _parsed(inner: Callable[[Request], Coroutine[Any, Any, Response]], request: Request, operation: str) -> Response:
    """The operation's answer; a body that it cannot take is refused by the engine or, in other words, by the platform."""
    try:
        return await inner(request)
    except RequestValidationError as error:
        errors = error.errors()
        if operation == "chat" and (refusal := engine.validation_error(errors)) is not None:
            raise refusal from error
        raise Refused("ModelArts.81001", _cause(errors)) from error
    except (HTTPException, RecursionError) as error:
        # FastAPI's "There was an error parsing the body": not UTF-8, or nested too deep.
        raise Refused("ModelArts.81001", "unreadable-body") from error


def _cause(errors: Any) -> str:
    kind, place = errors[0]["type"], errors[0]["loc"]
    if place[0] == "query":
        return "missing-query"
    if place == ("body",):
        return "missing-body" if kind == "missing" else "media-type" if isinstance(errors[0]["input"], bytes) else "wrong-value"
    return engine.CAUSES.get(kind, "wrong-value")


def _refuse_content(model: str, text: str) -> None:
    if not model:
        raise Refused("ModelArts.81001", "empty-model")
    if accounts.SENSITIVE in text:
        raise Refused("ModelArts.81011", "sensitive")


def _completion(chat: ChatRequest) -> dict[str, Any]:
    return {
        "id": "chat-0001",
        "object": "chat.completion",
        "model": chat.model,
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello."}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": chat.prompt_tokens, "completion_tokens": 1, "total_tokens": chat.prompt_tokens + 1},
    }


def _stream(faults: Collection[str], key: str, chat: ChatRequest) -> Iterator[bytes]:
    """Server-sent events; the last is ``[DONE]`` or, inside HTTP 200, the platform's error."""
    chunk = {"id": "chat-0001", "object": "chat.completion.chunk", "model": chat.model}
    for text in ("Hel", "lo."):
        yield _event({**chunk, "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]})
    message = accounts.CODES["ModelArts.81101"][1]
    error = {"text": "[DONE]", "error_code": "InferHub.ModelArts.81101.429", "error_msg": message}
    answer = Answer(200, error, "chat", "stream-error")
    changed = applied(faults, answer)
    yield _event(changed.value) if key == accounts.STREAM_KEY or changed is not answer else b"data:[DONE]\n\n"


def _one(tasks: dict[str, tuple[str, int]], task_id: str) -> dict[str, Any]:
    """One of several tasks, or why it is none."""
    if task_id in tasks:
        return {"task_id": task_id, "status": "queued"}
    return {"error_code": "ModelArts.81108", "error_msg": accounts.CODES["ModelArts.81108"][1].format(task_id)}


def _events(faults: Collection[str]) -> Iterator[bytes]:
    """What happens to videos, up to now; the last is ``[DONE]`` or, where a fault is set, an error."""
    yield _event({"task_id": "vt-9001", "status": "queued"})
    error = {"text": "[DONE]", "error_code": "InferHub.ModelArts.81101.429", "error_msg": accounts.CODES["ModelArts.81101"][1]}
    answer = Answer(200, error, "events", "stream-error")
    changed = applied(faults, answer)
    yield _event(changed.value) if changed is not answer else b"data:[DONE]\n\n"


def _event(value: Any) -> bytes:
    return b"data:" + json.dumps(value).encode("ascii") + b"\n\n"


def _listening(port: int) -> socket.socket:
    """A socket on 127.0.0.1 that takes connections already: nobody has to wait for the server's thread."""
    listener = socket.create_server(("127.0.0.1", port), backlog=128)
    listener.setblocking(False)
    return listener


def _server(faults: Collection[str]) -> uvicorn.Server:
    config = uvicorn.Config(
        create_app(faults), log_config=None, log_level="critical", access_log=False, lifespan="off", http="h11", ws="none"
    )
    return uvicorn.Server(config)


@contextmanager
def serving(faults: Collection[str] = ()) -> Iterator[str]:
    """The service's own base URL, without a gateway, until the block ends."""
    server = _server(faults)
    with _listening(0) as listener:
        thread = Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(description="MaaS behind its gateway")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--fault", action="append", default=[], choices=list(FAULTS))
    options = parser.parse_args()
    with _listening(options.port) as listener:
        print(f"listening on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        _server(options.fault).run([listener])


if __name__ == "__main__":
    main()
