"""The faults that show in answers to ordinary mistakes of a client."""

from __future__ import annotations

from collections.abc import Mapping

from errlint.demo.changes import PAGE, Fault, answer, dropped, error, flat, member, truncated, without_header

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJldmVudG1sLWJhY2tlbmQifQ.c2lnbmVkLWJ5LXRoZS1kZW1v"
TRACEBACK = (
    "Traceback (most recent call last):\n"
    '  File "/srv/eventml/handlers.py", line 88, in create_experiment\n'
    "    body = json.loads(request.data)\n"
    "json.decoder.JSONDecodeError: Expecting value: line 1 column 10 (char 9)"
)

FAULTS: Mapping[str, Fault] = {
    # The code.
    "undocumented-code": Fault(
        "an unknown training job is 404 ML_9999", "getTrainingJob", "unknown-id", member(code="ML_9999")
    ),
    "code-under-wrong-status": Fault(
        "an unknown model is 400 ML_1001",
        "getModel",
        "unknown-id",
        error(400, "ML_1001", "Specified model does not exist"),
    ),
    "code-of-another-operation": Fault(
        "an unknown training job is 404 ML_1001, which the operation does not declare",
        "getTrainingJob",
        "unknown-id",
        error(404, "ML_1001", "Specified model does not exist"),
    ),
    "body-status-mismatch": Fault(
        "an unknown endpoint is HTTP 404 with http: 400", "getEndpoint", "unknown-id", member(http=400)
    ),
    "code-case": Fault(
        "a request for approval of a wrong media type is ml_1800", "requestApproval", "media-type", member(code="ml_1800")
    ),
    "code-type": Fault(
        "a feature group of a wrong media type has the integer 1800 as code",
        "createFeatureGroup",
        "media-type",
        member(code=1800),
    ),
    "missing-code": Fault(
        "a training job of a wrong media type is answered without a code", "createTrainingJob", "media-type", member(code=None)
    ),
    # The envelope.
    "missing-message": Fault(
        "a model of a wrong media type is answered without a message", "createModel", "media-type", member(message=None)
    ),
    "wrong-role-type": Fault(
        "an endpoint of a wrong media type has an object as message",
        "createEndpoint",
        "media-type",
        member(message={"en": "Request body validation failed"}),
    ),
    "status-as-text": Fault(
        'a feature group with wrong members has http: "400"', "createFeatureGroup", "members", member(http="400")
    ),
    "undocumented-member": Fault(
        "an experiment with wrong members is answered with a member traceId",
        "createExperiment",
        "members",
        member(traceId="8d1f07c2"),
    ),
    "flat-envelope": Fault(
        "a drift monitor with wrong members is answered without the member error around it",
        "createDriftMonitor",
        "members",
        flat,
    ),
    "framework-validation": Fault(
        "malformed JSON for a model is answered by the framework: 400 with a list as detail",
        "createModel",
        "malformed-json",
        answer(value={"detail": [{"type": "json_invalid", "loc": ["body"], "msg": "JSON decode error"}]}),
    ),
    "error-under-success": Fault(
        "an unknown experiment is HTTP 200 with the error envelope", "getExperiment", "unknown-id", answer(status=200)
    ),
    "empty-401": Fault(
        "the list of training jobs without credentials is 401 without a body",
        "listTrainingJobs",
        "no-credentials",
        answer(raw=b""),
    ),
    # The media type.
    "html-error": Fault(
        "a drift monitor of a wrong media type is answered with an HTML page",
        "createDriftMonitor",
        "media-type",
        answer(media_type="text/html; charset=utf-8", raw=PAGE),
    ),
    "json-as-text": Fault(
        "malformed JSON for a drift monitor is answered with JSON under text/plain",
        "createDriftMonitor",
        "malformed-json",
        answer(media_type="text/plain; charset=utf-8"),
    ),
    "html-as-json": Fault(
        "malformed JSON for an endpoint is answered with HTML under application/json",
        "createEndpoint",
        "malformed-json",
        answer(raw=PAGE),
    ),
    "truncated-json": Fault(
        "malformed JSON for a feature group is answered with half of the body",
        "createFeatureGroup",
        "malformed-json",
        truncated,
    ),
    "wrong-media-type": Fault(
        "an experiment of a wrong media type is answered as application/vnd.eventml+json",
        "createExperiment",
        "media-type",
        answer(media_type="application/vnd.eventml+json"),
    ),
    # The text.
    "unfilled-placeholder": Fault(
        "the versions of an unknown model: Model %s does not exist",
        "listModelVersions",
        "unknown-id",
        member(message="Model %s does not exist"),
    ),
    "stack-trace": Fault(
        "malformed JSON for an experiment is answered with a Python traceback as message",
        "createExperiment",
        "malformed-json",
        member(message=TRACEBACK),
    ),
    "leaked-token": Fault(
        "the message for a bad token quotes a JWT",
        None,
        "bad-credentials",
        member(message=f"Invalid or expired authentication token {JWT}"),
    ),
    "database-text": Fault(
        "a model with wrong members is answered with SQL as message",
        "createModel",
        "members",
        member(
            message='psycopg.errors.NotNullViolation: SQLSTATE 23502: null value in column "framework" of relation "models"'
        ),
    ),
    "internal-address": Fault(
        "a training job with wrong members is answered with a host inside the cluster",
        "createTrainingJob",
        "members",
        member(message="Training job configuration is invalid (checked by http://scheduler.ml.svc.cluster.local:8080)"),
    ),
    "language-text": Fault(
        "a list as model is answered with Python's own words",
        "createModel",
        "not-an-object",
        member(message="'list' object has no attribute 'get'"),
    ),
    # What HTTP says.
    "undeclared-status": Fault(
        "an unknown feature group is 400 ML_1801, which the operation does not declare",
        "getFeatureGroup",
        "unknown-id",
        error(400, "ML_1801", "Invalid input provided for a field"),
    ),
    "server-error": Fault(
        "malformed JSON for a training job is 500 ML_2000",
        "createTrainingJob",
        "malformed-json",
        error(500, "ML_2000", "Internal server error"),
    ),
    "dropped-connection": Fault(
        "an unknown drift monitor: the connection is closed without an answer", "getDriftMonitor", "unknown-id", dropped
    ),
    "auth-not-enforced": Fault(
        "the list of experiments is answered without credentials", "listExperiments", "waived", lambda answer: answer
    ),
    "lenient-body": Fault(
        "malformed JSON as request for approval is 201",
        "requestApproval",
        "malformed-json",
        answer(status=201, value={"id": "a-0000", "modelId": "m-0000", "stage": "STAGING", "status": "APPROVED"}),
    ),
    "no-challenge": Fault(
        "an unknown model without credentials is 401 without WWW-Authenticate", "getModel", "no-credentials", without_header
    ),
    # The framework.
    "odd-status": Fault("a stray path is HTTP 499", "", "stray-path", answer(status=499)),
    "stray-html": Fault(
        "a stray path is answered with the framework's HTML page",
        "",
        "stray-path",
        answer(
            media_type="text/html; charset=utf-8",
            raw=b"<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n"
            b"<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling"
            b" and try again.</p>\n",
        ),
    ),
    "stray-method-envelope": Fault(
        'an undeclared method is answered with {"error": "method"}', "", "stray-method", answer(value={"error": "method"})
    ),
    "no-allow": Fault("an undeclared method is 405 without Allow", "", "stray-method", without_header),
}
