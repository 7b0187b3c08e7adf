"""The faults that show in answers to odd requests: bytes, nesting, ids and paths that a client seldom sends."""

from __future__ import annotations

from collections.abc import Mapping

from errlint.demo.changes import PAGE, Fault, answer, dropped, error, member

CRASHED = error(500, "ML_2000", "Internal server error")
HTML = "text/html; charset=utf-8"

FAULTS: Mapping[str, Fault] = {
    # Bodies.
    "null-body-crash": Fault("null for a feature group is 500 ML_2000", "createFeatureGroup", "null-body", CRASHED),
    "none-code": Fault(
        'a number for an experiment is answered with the code "None"', "createExperiment", "scalar-body", member(code="None")
    ),
    "deep-nesting-dropped": Fault(
        "a deeply nested model: the connection is closed without an answer", "createModel", "too-deep", dropped
    ),
    "bad-bytes-crash": Fault("an endpoint that is no UTF-8 is 500 ML_2000", "createEndpoint", "not-utf-8", CRASHED),
    "content-coding-crash": Fault(
        "a drift monitor in an unknown content coding is 500 ML_2000", "createDriftMonitor", "content-coding", CRASHED
    ),
    "charset-page": Fault(
        "a training job in an unknown charset is answered with an HTML page",
        "createTrainingJob",
        "charset",
        answer(media_type=HTML, raw=PAGE),
    ),
    "duplicate-member-accepted": Fault(
        "a request for approval that has a member twice is 201",
        "requestApproval",
        "duplicate-member",
        answer(status=201, value={"id": "a-0000", "modelId": "m-0000", "stage": "STAGING", "status": "APPROVED"}),
    ),
    "unknown-value-code": Fault("an unknown framework is 400 ML_1004", "createModel", "framework", member(code="ML_1004")),
    # The query.
    "query-crash": Fault("a word as limit of the models is 500 ML_2000", "listModels", "query", CRASHED),
    "query-accepted": Fault(
        "a word as limit of the training jobs is 200",
        "listTrainingJobs",
        "query",
        answer(status=200, value={"items": [], "total": 0}),
    ),
    # Ids and paths.
    "nul-id-page": Fault(
        "an experiment whose id holds NUL is answered with an HTML page",
        "getExperiment",
        "nul-id",
        answer(media_type=HTML, raw=PAGE),
    ),
    "long-id-crash": Fault(
        "an endpoint with a long id is 500 ML_1900",
        "getEndpoint",
        "long-id",
        error(500, "ML_1900", "Database operation failed"),
    ),
    "undecodable-id-dropped": Fault(
        "a training job whose id is no UTF-8: the connection is closed without an answer",
        "getTrainingJob",
        "undecodable-id",
        dropped,
    ),
    "head-accepted": Fault("HEAD of an unknown model is 200", "getModel", "head-unknown-id", answer(status=200)),
    "unknown-path-method-accepted": Fault(
        "a method that nobody registered is 200 on a path that is not there",
        "",
        "stray-path-method",
        answer(status=200, value={"status": "UP"}),
    ),
    "trailing-slash-shape": Fault(
        'a path with a slash behind it is 404 {"status": "missing"}', "", "stray-slash", answer(value={"status": "missing"})
    ),
    "double-slash-page": Fault(
        "a path with two slashes before it is answered with an HTML page",
        "",
        "stray-double-slash",
        answer(media_type=HTML, raw=PAGE),
    ),
}
