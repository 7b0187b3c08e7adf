"""What a user's input can do wrong. Only the command line turns these into words and exit codes."""

from __future__ import annotations

from errlint.model.finding import Location, Outcome


class ErrlintError(Exception):
    """An input that stops the run: one line, a place where there is one, and what to do."""

    outcome: Outcome = "invalid-input"

    def __init__(self, message: str, location: Location | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.location = location
        self.hint = hint

    def line(self) -> str:
        """``openapi.yaml:3:7: message; hint`` on one line."""
        place = ""
        if self.location is not None and self.location.uri:
            place = self.location.uri
            if self.location.line:
                place += f":{self.location.line}:{self.location.column}"
            place += ": "
        joint = " " if self.message.endswith("?") else "; "
        text = place + self.message + (f"{joint}{self.hint}" if self.hint else "")
        return " ".join(text.split())


class LoadError(ErrlintError):
    """A document or catalog that cannot be read."""


class ConfigError(ErrlintError):
    """Options or configuration that make no sense."""


class ProbeError(ErrlintError):
    """A service that cannot be probed."""

    outcome: Outcome = "unreachable"


class InconclusiveError(ProbeError):
    """A service that answered, but nothing that can be judged."""

    outcome: Outcome = "inconclusive"


class EditError(Exception):
    """Why a text cannot be written or edited as it is wished, in the user's words."""
