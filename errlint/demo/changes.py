"""What a fault is: where it shows, and how it changes that answer."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, NoReturn

from errlint.demo.answers import Answer
from errlint.model.record import record, replace

PAGE = b"<!doctype html>\n<html><head><title>Error</title></head><body><h1>Something went wrong</h1></body></html>\n"


@record
class Fault:
    """Where a fault shows, and what it does to that answer.

    It shows at the answers of ``operation`` (None: of every one) that have this ``cause``.
    """

    summary: str
    operation: str | None
    cause: str
    change: Callable[[Answer], Answer]


def member(**members: Any) -> Callable[[Answer], Answer]:
    """Sets members of the ``error`` object; None removes one."""

    def change(answer: Answer) -> Answer:
        value = copy.deepcopy(answer.value)
        for name, new in members.items():
            if new is None:
                del value["error"][name]
            else:
                value["error"][name] = new
        return replace(answer, value=value)

    return change


def answer(**fields: Any) -> Callable[[Answer], Answer]:
    return lambda answer: replace(answer, **fields)


def error(status: int, code: str, message: str) -> Callable[[Answer], Answer]:
    """Another documented error in the envelope, under ``status``."""
    return answer(status=status, value={"error": {"code": code, "message": message, "http": status}})


def without_header(answer: Answer) -> Answer:
    return replace(answer, headers=())


def truncated(answer: Answer) -> Answer:
    body = answer.body()
    return replace(answer, raw=body[: len(body) // 2])


def flat(answer: Answer) -> Answer:
    return replace(answer, value=answer.value["error"])


def dropped(answer: Answer) -> NoReturn:
    raise ConnectionAbortedError("the demo drops this connection")
