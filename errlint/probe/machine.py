"""Sequences of requests, one request at a time: what Schemathesis makes of a document's links, and of those that it infers.

Beside ``engine`` the only module that touches Schemathesis, of which ``root_rules``, ``step`` and ``recorder`` are not public:
a test holds each of those names. It never sends either: a request goes out as a line of JSON, and the next one is made when
its answer has come in as another. It runs in a process of its own (see ``stateful``), and credentials never get here.
"""

from __future__ import annotations

import json
import sys
import warnings
from base64 import b64decode
from contextlib import redirect_stdout
from typing import Any, BinaryIO

from errlint.probe.engine import as_data, in_short, storage

TURNS = 5
"""Times that a generator which gave up may begin anew: a service whose answers change makes it lose its way."""


class _EndedError(BaseException):
    """There is nothing more to do. Not an Exception, for Hypothesis would take one for a failure and look for a smaller one."""


class Talk:
    """The way to who sends: requests out, answers in."""

    def __init__(self, asked: BinaryIO, out: BinaryIO, most: int) -> None:
        """``most`` sequences are told, then there is nothing more to do."""
        self.begun = 0
        self._asked = asked
        self._out = out
        self._most = most

    def begin(self) -> int:
        """The number of a new sequence, from 1 on."""
        if self.begun >= self._most:
            raise _EndedError
        self.begun += 1
        return self.begun

    def ask(self, sequence: int, case: dict[str, Any]) -> dict[str, Any]:
        """The answer to a request: ``status``, ``headers``, ``body`` (base64) and ``elapsed``; empty where none was sent."""
        self.tell({"sequence": sequence, **case})
        line = self._asked.readline()
        if not line:
            raise _EndedError
        answer: dict[str, Any] = json.loads(line)
        return answer

    def tell(self, line: dict[str, Any]) -> None:
        """One line out."""
        self._out.write(json.dumps(line).encode() + b"\n")
        self._out.flush()


class _WithheldError(Exception):
    """A request was not sent, or not answered: its sequence is over."""


def machine_of(order: dict[str, Any], document: dict[str, Any], talk: Talk) -> Any:
    """The state machine for the operations that are wanted, which asks ``talk`` for every answer."""
    from schemathesis import openapi
    from schemathesis.config import SchemathesisConfig

    generation = {"mode": "positive", "database": "none"}
    config = SchemathesisConfig.from_dict({"seed": order["seed"], "base-url": order["base_url"], "generation": generation})
    wanted = {(method, path) for method, path in order["operations"]}
    schema = openapi.from_dict(document, config=config)
    chosen = schema.include(lambda context: (context.operation.method.upper(), context.operation.path) in wanted)
    base: Any = chosen.as_state_machine()

    def step(self: Any, input: Any) -> Any:  # noqa: A002 -- the name is Schemathesis'
        if self.over:
            return None
        try:
            return base.step(self, input)
        except _WithheldError:
            self.over = True  # what is left of the sequence costs nothing
            return None

    def call(self: Any, case: Any, **_: Any) -> Any:
        self.sequence = self.sequence or talk.begin()
        plain = next(as_data(case), None)
        answer = talk.ask(self.sequence, {"operation": _name(case), **plain}) if plain is not None else {}
        if not answer:
            raise _WithheldError
        return _response(case, answer)

    def unjudged(self: Any, *_: Any, **__: Any) -> None:
        """Nothing is judged here."""

    own = {"step": step, "call": call, "validate_response": unjudged, "sequence": 0, "over": False}
    return type("Machine", (base,), own)


def _name(case: Any) -> list[str]:
    return [str(case.operation.method).upper(), str(case.operation.path)]


def _response(case: Any, answer: dict[str, Any]) -> Any:
    """An answer as Schemathesis takes it."""
    import requests
    from schemathesis import Response

    return Response(
        status_code=answer["status"],
        headers={name: [value] for name, value in answer["headers"].items()},
        content=b64decode(answer["body"]),
        request=requests.Request(str(case.method), answer["url"]).prepare(),
        elapsed=answer["elapsed"],
        verify=False,
    )


def walk(order: dict[str, Any], talk: Talk) -> str:
    """Goes through the sequences of an order; why there are none or not all, empty where there are."""
    told = ""
    try:
        machine = machine_of(order, order["document"], talk)
    except Exception as error:  # its errors have no common base; a link that leads nowhere refuses the whole document
        told = f"the document's links were left out: {in_short(error)}"
        try:
            machine = machine_of(order, _without_links(order["document"]), talk)
        except Exception as worse:  # as above
            return f"there are no sequences: {in_short(worse)}"
    if not machine.root_rules:
        return told or "there are no sequences: nothing leads from one operation to another"
    return _run(machine, order, talk) or told


def _run(machine: Any, order: dict[str, Any], talk: Talk) -> str:
    """Sends all sequences, as many as are wanted. Why there are fewer, empty where there are not."""
    from hypothesis import HealthCheck, Phase, settings
    from hypothesis import seed as seeded

    why = ""
    for turn in range(TURNS):
        before = talk.begun
        try:
            seeded(order["seed"] + turn)(machine)
            machine.run(
                settings=settings(
                    max_examples=order["sequences"] - talk.begun,
                    stateful_step_count=order["steps"],
                    database=None,
                    deadline=None,
                    phases=[Phase.generate],
                    suppress_health_check=list(HealthCheck),
                )
            )
        except _EndedError:
            return ""
        except Exception as error:  # as above
            why = f"the sequences ended early: {in_short(error)}"
        if talk.begun >= order["sequences"] or talk.begun == before:
            break
    return why if talk.begun < order["sequences"] else ""


def _without_links(document: dict[str, Any]) -> dict[str, Any]:
    """A document without the links of its responses. The document itself is no longer of use."""
    shared = document.get("components")
    holders = [shared, *(method for item in _mappings(document.get("paths")) for method in _mappings(item))]
    for holder in holders:
        for response in _mappings(holder.get("responses") if isinstance(holder, dict) else None):
            response.pop("links", None)
    return document


def _mappings(value: Any) -> list[dict[str, Any]]:
    return [item for item in value.values() if isinstance(item, dict)] if isinstance(value, dict) else []


def main(asked: BinaryIO, out: BinaryIO) -> None:
    """Answers one order (a line of JSON) with the requests of its sequences, then with a line that says ``ended``."""
    with storage(), warnings.catch_warnings(), redirect_stdout(sys.stderr):
        warnings.simplefilter("ignore")
        order = json.loads(asked.readline() or b"null")
        if order is None:
            return  # nobody wants anything
        talk = Talk(asked, out, order["sequences"])
        talk.tell({"ended": walk(order, talk)})
