"""The platform's layer: API keys, limits and tenants, and the three shapes of its errors."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from errlint.demo.answers import Answer

#: The key of a tenant that may do everything.
KEY = "sk-maas-main"
#: Another tenant, who owns OTHER_TASKS.
OTHER_KEY = "sk-maas-other"
#: A dedicated deployment: its models are looked up by the engine.
ENGINE_KEY = "sk-maas-engine"
#: Its streams run into the rate limit.
STREAM_KEY = "sk-maas-stream"
#: Keys that stand for a state of the account -> the code that they get.
KEY_CODES: Mapping[str, str] = {
    "sk-maas-no-access": "ModelArts.81004",
    "sk-maas-quota": "ModelArts.81005",
    "sk-maas-frozen": "ModelArts.81006",
}
#: Keys whose calls of POST are limited -> the code that they get.
LIMIT_CODES: Mapping[str, str] = {"sk-maas-rpm": "ModelArts.81101", "sk-maas-tpm": "ModelArts.81103"}

#: Text that the risk control refuses.
SENSITIVE = "[sensitive]"
VIDEO_MODELS = ("Wan2.1-T2V",)
#: task id -> (owner, status for anybody else)
OTHER_TASKS: Mapping[str, tuple[str, int]] = {"vt-9001": (OTHER_KEY, 401), "t-9001": (OTHER_KEY, 403)}

#: code -> (HTTP status, message), as documented, with the limits filled in.
CODES: Mapping[str, tuple[int, str]] = {
    "ModelArts.81001": (400, "Invalid request body."),
    "ModelArts.81002": (400, "Failed to get the authorization header."),
    "ModelArts.81003": (401, "Invalid authorization header."),
    "ModelArts.81004": (401, "Invalid request because you do not have access to it."),
    "ModelArts.81005": (401, "The free quota has been used up."),
    "ModelArts.81006": (401, "The resource is frozen."),
    "ModelArts.81109": (401, "No permission query task {}"),
    "ModelArts.81011": (403, "May contain senstive....."),
    "ModelArts.81009": (404, "Invalid model."),
    "ModelArts.81108": (404, "Task {} does not exist"),
    "ModelArts.81101": (429, "Too many requests, exceeded rate limit is 5 times per minute."),
    "ModelArts.81103": (429, "Too many requests. exceeded rate limit is 1000 tokens per minute."),
}

#: (operation, code) -> the shape of the answer; else ``apig``.
SHAPES: Mapping[tuple[str, str], str] = {
    ("chat", "ModelArts.81001"): "dual",
    ("chat", "ModelArts.81011"): "dual",
    ("chat", "ModelArts.81103"): "dual",
    ("chat", "ModelArts.81101"): "nested",
}
TYPES: Mapping[int, str] = {400: "BadRequest", 403: "Forbidden", 429: "TooManyRequests"}


class Refused(Exception):  # noqa: N818 a refusal is an answer, not a mistake of the service
    """A documented error of the platform."""

    def __init__(self, code: str, cause: str, subject: str = "", status: int | None = None) -> None:
        super().__init__(code, cause)
        self.code = code
        self.cause = cause
        self.message = CODES[code][1].format(subject)
        self.status = status or CODES[code][0]

    def answer(self, operation: str, request_id: str) -> Answer:
        """The answer in the shape that this operation has for this code."""
        shape = SHAPES.get((operation, self.code), "apig")
        error = {"message": self.message, "type": TYPES.get(self.status, ""), "param": "", "code": self.code}
        flat = {"error_code": self.code, "error_msg": self.message}
        value: dict[str, object]
        if shape == "nested":
            value = {"error": error}
        elif shape == "dual":
            value = {"error": error, **flat, "span_id": request_id}
        else:
            value = {**flat, "request_id": request_id}
        headers = [("X-Request-Id", request_id)]
        if self.status == 401:
            headers.append(("WWW-Authenticate", "Bearer"))
        if self.status == 429:
            headers.append(("Retry-After", "60"))
        return Answer(self.status, value, operation, self.cause, headers=tuple(headers))


def request_id(method: str, target: str, body: bytes) -> str:
    """Thirty-two hexadecimal digits that equal requests share."""
    text = b"\0".join((method.encode("latin-1"), target.encode("latin-1", "replace"), body))
    return hashlib.sha256(text).hexdigest()[:32]


def admitted(method: str, authorization: str) -> str:
    """The API key of an admitted call; raises Refused."""
    scheme, _, key = authorization.strip().partition(" ")
    key = key.strip()
    if scheme.lower() != "bearer":
        raise Refused("ModelArts.81002", "no-key")
    if key in KEY_CODES:
        raise Refused(KEY_CODES[key], key.removeprefix("sk-maas-"))
    if key in LIMIT_CODES:
        if method == "POST":
            raise Refused(LIMIT_CODES[key], key.removeprefix("sk-maas-"))
    elif key not in (KEY, OTHER_KEY, ENGINE_KEY, STREAM_KEY):
        raise Refused("ModelArts.81003", "bad-key")
    return key
