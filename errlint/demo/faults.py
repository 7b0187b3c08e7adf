"""The faults that the service can be given: each changes one answer, and only in what its line says."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from typing import Any, NoReturn

from errlint.demo.answers import Answer
from errlint.model.record import record, replace

PAGE = b"<!doctype html>\n<html><head><title>Error</title></head><body><h1>Something went wrong</h1></body></html>\n"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJldmVudG1sLWJhY2tlbmQifQ.c2lnbmVkLWJ5LXRoZS1kZW1v"
TRACEBACK = (
    "Traceback (most recent call last):\n"
    '  File "/srv/eventml/handlers.py", line 88, in create_experiment\n'
    "    body = json.loads(request.data)\n"
    "json.decoder.JSONDecodeError: Expecting value: line 1 column 10 (char 9)"
)


@record
class Fault:
    """Where a fault shows, and what it does to that answer.

    It shows at the answers of ``operation`` (None: of every one) that have this ``cause``.
    """

    summary: str
    operation: str | None
    cause: str
    change: Callable[[Answer], Answer]


def applied(active: Collection[str], answer: Answer) -> Answer:
    """The answer with the active faults in it, in the order of FAULTS."""
    for name, fault in _FAULTS.items():
        if name in active and fault.cause == answer.cause and fault.operation in (None, answer.operation):
            answer = fault.change(answer)
    return answer


def waived(active: Collection[str], operation: str) -> bool:
    """Whether a fault makes this operation public."""
    return operation == "listExperiments" and "auth-not-enforced" in active


def refuse_unknown(names: Collection[str]) -> None:
    """Raises ValueError for a name that is no fault, with the closest one that is."""
    for name in names:
        if name not in FAULTS:
            close = get_close_matches(name, FAULTS, 1)
            raise ValueError(f"no fault is called {name!r}" + (f"; did you mean {close[0]!r}?" if close else ""))


def _member(**members: Any) -> Callable[[Answer], Answer]:
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


def _answer(**fields: Any) -> Callable[[Answer], Answer]:
    return lambda answer: replace(answer, **fields)


def _error(status: int, code: str, message: str) -> Callable[[Answer], Answer]:
    """Another documented error in the envelope, under ``status``."""
    return _answer(status=status, value={"error": {"code": code, "message": message, "http": status}})


def _without_header(answer: Answer) -> Answer:
    return replace(answer, headers=())


def _truncated(answer: Answer) -> Answer:
    body = answer.body()
    return replace(answer, raw=body[: len(body) // 2])


def _flat(answer: Answer) -> Answer:
    return replace(answer, value=answer.value["error"])


def _dropped(answer: Answer) -> NoReturn:
    raise ConnectionAbortedError("the demo drops this connection")


_FAULTS: Mapping[str, Fault] = {
    # The code.
    "undocumented-code": Fault(
        "an unknown training job is 404 ML_9999", "getTrainingJob", "unknown-id", _member(code="ML_9999")
    ),
    "code-under-wrong-status": Fault(
        "an unknown model is 400 ML_1001",
        "getModel",
        "unknown-id",
        _error(400, "ML_1001", "Specified model does not exist"),
    ),
    "code-of-another-operation": Fault(
        "an unknown training job is 404 ML_1001, which the operation does not declare",
        "getTrainingJob",
        "unknown-id",
        _error(404, "ML_1001", "Specified model does not exist"),
    ),
    "body-status-mismatch": Fault(
        "an unknown endpoint is HTTP 404 with http: 400", "getEndpoint", "unknown-id", _member(http=400)
    ),
    "code-case": Fault(
        "a request for approval of a wrong media type is ml_1800", "requestApproval", "media-type", _member(code="ml_1800")
    ),
    "code-type": Fault(
        "a feature group of a wrong media type has the integer 1800 as code",
        "createFeatureGroup",
        "media-type",
        _member(code=1800),
    ),
    "missing-code": Fault(
        "a training job of a wrong media type is answered without a code", "createTrainingJob", "media-type", _member(code=None)
    ),
    # The envelope.
    "missing-message": Fault(
        "a model of a wrong media type is answered without a message", "createModel", "media-type", _member(message=None)
    ),
    "wrong-role-type": Fault(
        "an endpoint of a wrong media type has an object as message",
        "createEndpoint",
        "media-type",
        _member(message={"en": "Request body validation failed"}),
    ),
    "status-as-text": Fault(
        'a feature group with wrong members has http: "400"', "createFeatureGroup", "members", _member(http="400")
    ),
    "undocumented-member": Fault(
        "an experiment with wrong members is answered with a member traceId",
        "createExperiment",
        "members",
        _member(traceId="8d1f07c2"),
    ),
    "flat-envelope": Fault(
        "a drift monitor with wrong members is answered without the member error around it",
        "createDriftMonitor",
        "members",
        _flat,
    ),
    "framework-validation": Fault(
        "malformed JSON for a model is answered by the framework: 400 with a list as detail",
        "createModel",
        "malformed-json",
        _answer(value={"detail": [{"type": "json_invalid", "loc": ["body"], "msg": "JSON decode error"}]}),
    ),
    "error-under-success": Fault(
        "an unknown experiment is HTTP 200 with the error envelope", "getExperiment", "unknown-id", _answer(status=200)
    ),
    "empty-401": Fault(
        "the list of training jobs without credentials is 401 without a body",
        "listTrainingJobs",
        "no-credentials",
        _answer(raw=b""),
    ),
    # The media type.
    "html-error": Fault(
        "a drift monitor of a wrong media type is answered with an HTML page",
        "createDriftMonitor",
        "media-type",
        _answer(media_type="text/html; charset=utf-8", raw=PAGE),
    ),
    "json-as-text": Fault(
        "malformed JSON for a drift monitor is answered with JSON under text/plain",
        "createDriftMonitor",
        "malformed-json",
        _answer(media_type="text/plain; charset=utf-8"),
    ),
    "html-as-json": Fault(
        "malformed JSON for an endpoint is answered with HTML under application/json",
        "createEndpoint",
        "malformed-json",
        _answer(raw=PAGE),
    ),
    "truncated-json": Fault(
        "malformed JSON for a feature group is answered with half of the body",
        "createFeatureGroup",
        "malformed-json",
        _truncated,
    ),
    "wrong-media-type": Fault(
        "an experiment of a wrong media type is answered as application/vnd.eventml+json",
        "createExperiment",
        "media-type",
        _answer(media_type="application/vnd.eventml+json"),
    ),
    # The text.
    "unfilled-placeholder": Fault(
        "the versions of an unknown model: Model %s does not exist",
        "listModelVersions",
        "unknown-id",
        _member(message="Model %s does not exist"),
    ),
    "stack-trace": Fault(
        "malformed JSON for an experiment is answered with a Python traceback as message",
        "createExperiment",
        "malformed-json",
        _member(message=TRACEBACK),
    ),
    "leaked-token": Fault(
        "the message for a bad token quotes a JWT",
        None,
        "bad-credentials",
        _member(message=f"Invalid or expired authentication token {JWT}"),
    ),
    "database-text": Fault(
        "a model with wrong members is answered with SQL as message",
        "createModel",
        "members",
        _member(
            message='psycopg.errors.NotNullViolation: SQLSTATE 23502: null value in column "framework" of relation "models"'
        ),
    ),
    "internal-address": Fault(
        "a training job with wrong members is answered with a host inside the cluster",
        "createTrainingJob",
        "members",
        _member(message="Training job configuration is invalid (checked by http://scheduler.ml.svc.cluster.local:8080)"),
    ),
    "language-text": Fault(
        "a list as model is answered with Python's own words",
        "createModel",
        "not-an-object",
        _member(message="'list' object has no attribute 'get'"),
    ),
    # What HTTP says.
    "undeclared-status": Fault(
        "an unknown feature group is 400 ML_1801, which the operation does not declare",
        "getFeatureGroup",
        "unknown-id",
        _error(400, "ML_1801", "Invalid input provided for a field"),
    ),
    "server-error": Fault(
        "malformed JSON for a training job is 500 ML_2000",
        "createTrainingJob",
        "malformed-json",
        _error(500, "ML_2000", "Internal server error"),
    ),
    "dropped-connection": Fault(
        "an unknown drift monitor: the connection is closed without an answer", "getDriftMonitor", "unknown-id", _dropped
    ),
    "auth-not-enforced": Fault(
        "the list of experiments is answered without credentials", "listExperiments", "waived", lambda answer: answer
    ),
    "lenient-body": Fault(
        "malformed JSON as request for approval is 201",
        "requestApproval",
        "malformed-json",
        _answer(status=201, value={"id": "a-0000", "modelId": "m-0000", "stage": "STAGING", "status": "APPROVED"}),
    ),
    "no-challenge": Fault(
        "an unknown model without credentials is 401 without WWW-Authenticate", "getModel", "no-credentials", _without_header
    ),
    # The framework.
    "odd-status": Fault("a stray path is HTTP 499", "", "stray-path", _answer(status=499)),
    "stray-html": Fault(
        "a stray path is answered with the framework's HTML page",
        "",
        "stray-path",
        _answer(
            media_type="text/html; charset=utf-8",
            raw=b"<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n"
            b"<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling"
            b" and try again.</p>\n",
        ),
    ),
    "stray-method-envelope": Fault(
        'an undeclared method is answered with {"error": "method"}', "", "stray-method", _answer(value={"error": "method"})
    ),
    "no-allow": Fault("an undeclared method is 405 without Allow", "", "stray-method", _without_header),
}

#: The name of every fault -> one line that says what it does.
FAULTS: Mapping[str, str] = {name: fault.summary for name, fault in _FAULTS.items()}
