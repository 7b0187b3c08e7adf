"""The faults that the service can be given: each changes one answer of one layer, and only in what its line says."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Mapping
from typing import Any

from errlint.demo.answers import Answer
from errlint.model.record import record, replace

PAGE = b"<html>\r\n<head><title>404 Not Found</title></head>\r\n<body><h1>404 Not Found</h1></body>\r\n</html>\r\n"


@record
class Fault:
    """Where a fault shows (an operation and why it refuses), and what it does to that answer."""

    summary: str
    operation: str
    cause: str
    change: Callable[[Answer], Answer]


def applied(active: Collection[str], answer: Answer) -> Answer:
    """The answer with the active faults in it, in the order of FAULTS."""
    for name, fault in _FAULTS.items():
        if name in active and (fault.operation, fault.cause) == (answer.operation, answer.cause):
            answer = fault.change(answer)
    return answer


def _set(pointer: str, new: Any) -> Callable[[Answer], Answer]:
    def change(answer: Answer) -> Answer:
        value = copy.deepcopy(answer.value)
        *parents, last = pointer.split("/")[1:]
        target = value
        for token in parents:
            target = target[int(token) if isinstance(target, list) else token]
        target[last] = new
        return replace(answer, value=value)

    return change


def _answer(**fields: Any) -> Callable[[Answer], Answer]:
    return lambda answer: replace(answer, **fields)


_FAULTS: Mapping[str, Fault] = {
    "platform-code-in-engine-envelope": Fault(
        "chat: malformed JSON is answered with ModelArts.81001 in vLLM's envelope",
        "chat",
        "malformed-json",
        _set("/code", "ModelArts.81001"),
    ),
    "gateway-code-in-engine-envelope": Fault(
        "chat: an extra member is answered with APIG.0308 in vLLM's envelope",
        "chat",
        "extra-member",
        _set("/code", "APIG.0308"),
    ),
    "engine-code-differs": Fault(
        "chat: no body is HTTP 400 with code 422 in vLLM's envelope", "chat", "missing-body", _set("/code", 422)
    ),
    "engine-type-unknown": Fault(
        "chat: a missing member is answered with the type TeapotError", "chat", "missing-member", _set("/type", "TeapotError")
    ),
    "validation-not-translated": Fault(
        "chat: a wrong value is answered by FastAPI: 400 with a list as detail",
        "chat",
        "wrong-value",
        _answer(
            value={"detail": [{"type": "int_type", "loc": ["body", "max_tokens"], "msg": "Input should be a valid integer"}]}
        ),
    ),
    "disagreeing-copies": Fault(
        "chat: a body of a wrong media type has error_code 81001 and error.code 81002",
        "chat",
        "media-type",
        _set("/error/code", "ModelArts.81002"),
    ),
    "stream-undocumented-code": Fault(
        "chat: every stream ends in the undocumented code ModelArts.81998",
        "chat",
        "stream-error",
        _set("/error_code", "InferHub.ModelArts.81998.429"),
    ),
    "undocumented-code": Fault(
        "videos: malformed JSON is 400 ModelArts.81999", "videos", "malformed-json", _set("/error_code", "ModelArts.81999")
    ),
    "code-under-wrong-status": Fault("an unknown model is 400 ModelArts.81009", "model", "unknown-model", _answer(status=400)),
    "unfilled-placeholder": Fault(
        "an unknown task: Task %s does not exist", "task", "unknown-task", _set("/error_msg", "Task %s does not exist")
    ),
    "batch-undocumented-code": Fault(
        "an unknown task among several is answered with the undocumented code ModelArts.81997",
        "tasks",
        "unknown-tasks",
        _set("/tasks/0/error_code", "ModelArts.81997"),
    ),
    "batch-unfilled-placeholder": Fault(
        "an unknown task among several: Task %s does not exist",
        "tasks",
        "unknown-tasks",
        _set("/tasks/0/error_msg", "Task %s does not exist"),
    ),
    "missing-query-accepted": Fault(
        "several tasks without a word which is HTTP 200",
        "tasks",
        "missing-query",
        _answer(status=200, value={"tasks": []}),
    ),
    "events-undocumented-code": Fault(
        "events: the stream ends in the undocumented code ModelArts.81996",
        "events",
        "stream-error",
        _set("/error_code", "InferHub.ModelArts.81996.429"),
    ),
    "throttled-without-retry-after": Fault(
        "the gateway throttles without Retry-After", "", "throttled", lambda answer: replace(answer, headers=())
    ),
    "framework-405-text": Fault('an undeclared method is 405 {"detail": "nope"}', "", "stray-method", _set("/detail", "nope")),
    "gateway-html": Fault(
        "a path that the gateway does not know is answered with an HTML page",
        "",
        "stray-path",
        _answer(media_type="text/html", raw=PAGE),
    ),
    "gateway-json-as-text": Fault(
        "a path that the gateway does not know is answered with JSON under text/plain",
        "",
        "stray-path",
        _answer(media_type="text/plain"),
    ),
}

#: The name of every fault -> one line that says what it does.
FAULTS: Mapping[str, str] = {name: fault.summary for name, fault in _FAULTS.items()}
