"""The codes that EventML documents: its error reference as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: code -> (HTTP status, message), as documented.
CODES: Final[Mapping[str, tuple[int, str]]] = {
    "ML_1000": (400, "Model configuration is invalid or missing required fields"),
    "ML_1001": (404, "Specified model does not exist"),
    "ML_1002": (409, "A model with this name already exists for this tenant"),
    "ML_1003": (400, "Unsupported ML framework specified"),
    "ML_1100": (400, "Training job configuration is invalid"),
    "ML_1101": (404, "Training job does not exist"),
    "ML_1102": (409, "A training job is already running for this model version"),
    "ML_1103": (502, "Training infrastructure (SageMaker/EC2) returned an error"),
    "ML_1104": (504, "Training job exceeded maximum allowed duration"),
    "ML_1200": (400, "Inference input format does not match model schema"),
    "ML_1201": (404, "Inference endpoint does not exist"),
    "ML_1202": (503, "Endpoint is not in ACTIVE state (still provisioning or scaling)"),
    "ML_1203": (504, "Inference request timed out before returning a prediction"),
    "ML_1300": (400, "Experiment configuration is invalid"),
    "ML_1301": (404, "Experiment does not exist"),
    "ML_1302": (409, "Experiment is already in RUNNING state"),
    "ML_1400": (400, "Drift monitor configuration is invalid"),
    "ML_1401": (404, "Drift monitor does not exist"),
    "ML_1402": (409, "Significant data drift detected above threshold"),
    "ML_1500": (400, "Feature group configuration is invalid"),
    "ML_1501": (404, "Feature group does not exist"),
    "ML_1502": (409, "Feature version already exists with conflicting schema"),
    "ML_1600": (403, "Model governance policy violated (missing documentation, tests, or approvals)"),
    "ML_1601": (400, "Required approval not obtained for this release stage"),
    "ML_1700": (401, "Authentication required"),
    "ML_1701": (403, "Insufficient permissions for this ML operation"),
    "ML_1702": (401, "Invalid or expired authentication token"),
    "ML_1800": (400, "Request body validation failed"),
    "ML_1801": (400, "Invalid input provided for a field"),
    "ML_1900": (500, "Database operation failed"),
    "ML_1901": (500, "Database transaction failed due to conflict or timeout"),
    "ML_2000": (500, "Internal server error"),
    "ML_2001": (503, "Service temporarily unavailable (ECS task restarting)"),
    "ML_2002": (504, "Request timeout exceeded"),
}
