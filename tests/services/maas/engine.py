"""The engine's layer: vLLM's chat request, validated by pydantic, and vLLM's flat errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from errlint.demo.answers import Answer

MODELS = ("DeepSeek-R1", "DeepSeek-V3", "Qwen3-32B")
CONTEXT_LENGTH = 4096

#: pydantic's error types that the engine's documentation knows -> what the client did.
CAUSES = {"missing": "missing-member", "extra_forbidden": "extra-member", "json_invalid": "malformed-json"}


class Message(BaseModel):
    """One message of a chat."""

    model_config = ConfigDict(extra="forbid", strict=True)
    role: Literal["system", "user", "assistant"]
    content: str


class ChatRequest(BaseModel):
    """The body of a chat completion; no member beyond these."""

    model_config = ConfigDict(extra="forbid", strict=True)
    model: str
    messages: list[Message] = Field(min_length=1)
    max_tokens: int | None = Field(default=None, ge=1)
    temperature: float | None = Field(default=None, ge=0, le=2)
    stream: bool = False

    @property
    def prompt_tokens(self) -> int:
        """A word is a token here."""
        return sum(len(message.content.split()) for message in self.messages)


class EngineError(Exception):
    """A refusal in vLLM's words."""

    def __init__(self, status: int, kind: str, message: str, cause: str) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.message = message
        self.cause = cause

    def answer(self) -> Answer:
        """vLLM's flat envelope, whose ``code`` is the HTTP status."""
        value = {"object": "error", "message": self.message, "type": self.kind, "param": None, "code": self.status}
        return Answer(self.status, value, "chat", self.cause)


def validation_error(errors: Sequence[Any]) -> EngineError | None:
    """vLLM's words for what pydantic found; None where one of the errors is of a type that vLLM does not document."""
    if any(error["type"] not in CAUSES for error in errors):
        return None
    cause = "missing-body" if errors[0]["loc"] == ("body",) else CAUSES[errors[0]["type"]]
    return EngineError(400, "BadRequestError", str(list(errors)), cause)


def refuse_unserved(chat: ChatRequest) -> None:
    """Raises EngineError for a model that the engine does not serve, or more tokens than a model takes."""
    if chat.model not in MODELS:
        raise EngineError(404, "NotFoundError", f"The model `{chat.model}` does not exist.", "unknown-model")
    prompt, completion = chat.prompt_tokens, chat.max_tokens or 1
    if prompt + completion > CONTEXT_LENGTH:
        message = (
            f"This model's maximum context length is {CONTEXT_LENGTH} tokens."
            f" However, you requested {prompt + completion} tokens ({prompt} in the messages, {completion} in the completion)."
            " Please reduce the length of the messages or completion."
        )
        raise EngineError(400, "BadRequestError", message, "context-length")
