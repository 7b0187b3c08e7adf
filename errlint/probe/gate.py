"""The write gate: no request that may change something leaves, unless the contract proves that it must be refused."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote_plus, urlsplit

from errlint.model.exchange import Request
from errlint.probe.options import HARMLESS, Options
from errlint.probe.refusal import Contract
from errlint.probe.trial import UNSAFE, Trial, writes

REFUSED = frozenset((*range(400, 500), 501, 505))
"""Statuses that say that nothing was done. Any other answer to a write, or none, leaves open whether it happened: redirects
follow what was made, and a service may fail or fall silent after it has written."""

UNAVAILABLE = 503
"""Of a write that is proven to be refused, this says as well that nothing was done (RFC 9110 section 15.6.4): a redeploy in the
middle of a run ends nothing. Of what the user wrote, a request that should succeed, it says nothing for certain."""

CREATING = frozenset(("POST", "PUT", "PATCH"))
"""Methods that may make what their id names (RFC 9110 section 9.3.4, RFC 5789 section 2): a made-up one is no refusal."""


class Gate:
    """Decides about each request, and remembers which operations did not plainly refuse a write.

    ``accepted`` are those, each with whether one was answered as done (2xx, 3xx); else they failed, or fell ``silent``.
    """

    def __init__(self, options: Options, contract: Contract) -> None:
        self._options = options
        self._contract = contract
        self.accepted: dict[str, bool] = {}
        self.silent: set[str] = set()
        self.withheld: dict[str, int] = {}

    def admits(self, trial: Trial) -> bool:
        """Whether a request may go out; a withheld one is counted."""
        if self.would_admit(trial):
            return True
        label = trial.label or trial.request.method
        self.withheld[label] = self.withheld.get(label, 0) + 1
        return False

    def would_admit(self, trial: Trial) -> bool:
        """Whether a request may go out as things are; nothing is counted."""
        return trial.written or self._harmless(trial) or self._allowed(trial)

    def saw(self, trial: Trial, status: int | None) -> None:
        """Takes note of an answer: an operation that does not refuse one write gets no other, unless writes are allowed.

        ``status`` is None for no answer: a timeout, a dropped connection. What the user wrote says nothing of the proofs.
        """
        if (
            not trial.written
            and trial.label is not None
            and status not in REFUSED
            and not (status == UNAVAILABLE and self.proof(trial) is not None)
            and writes(trial.request.method, trial.operation)
        ):
            self.accepted[trial.label] = done(status) or self.accepted.get(trial.label, False)
            if status is None:
                self.silent.add(trial.label)

    def repeats(self, trial: Trial) -> bool:
        """Whether a request may go out once more, so that its fault is seen twice.

        An operation that failed (5xx) where it must refuse gets the one that showed it, for its proof stands, and no other;
        one that accepted a write, or fell silent, gets none.
        """
        if trial.request.method in UNSAFE and (self.accepted.get(trial.label or "") or trial.label in self.silent):
            return False
        return not trial.request.writes or self.proof(trial) is not None

    def _harmless(self, trial: Trial) -> bool:
        request = trial.request
        if overrides(request):
            return False
        return not request.writes and request.method not in UNSAFE and not writes(request.method, trial.operation)

    def _allowed(self, trial: Trial) -> bool:
        operation = trial.operation
        if operation is None or operation.method.upper() != trial.request.method:
            return False  # an undeclared write is never proven to be refused
        if self._options.writes == "allowed":
            return True
        if overrides(trial.request):
            return False
        if self._options.writes == "never" or operation.label in self.accepted:
            return False
        return self.proof(trial) is not None

    def proof(self, trial: Trial) -> str | None:
        """Why the service must refuse a write, in words; None where that is not proven."""
        operation, request = trial.operation, trial.request
        if operation is None:
            return None
        if request.method == "DELETE":  # many services do not look at its body (RFC 9110 section 9.3.5), nor at who asks
            return "the id is made up" if trial.fresh else None
        reason = self._contract.refuses(operation, content_type(request), request.body)
        if reason is not None:
            return reason
        if trial.fresh and request.method not in CREATING:
            return "the id is made up"
        if operation.secured and anonymous(trial, self._options):
            return "the operation demands credentials and none are sent"
        return None


OVERRIDES = frozenset(("x-http-method-override", "x-http-method", "x-method-override"))


def overrides(request: Request) -> bool:
    """Whether a request asks to be taken for one of another method, as some frameworks do: nobody knows which it becomes."""
    if any(name.lower() in OVERRIDES for name, _ in request.headers):
        return True
    return any(name.lower() == "_method" for name, _ in parse_qsl(urlsplit(request.url).query, keep_blank_values=True))


def done(status: int | None) -> bool:
    """Whether a service says that it did what it was asked, or where the outcome stands: 2xx, 3xx."""
    return status is not None and status < 400


def anonymous(trial: Trial, options: Options) -> bool:
    """Whether a request carries nothing that could be a credential: no header of the user's, no Authorization, no cookie."""
    if trial.identity != "none" or "@" in urlsplit(trial.request.url).netloc or options.cert:
        return False  # a client certificate goes with every connection
    names = {name.lower() for name, _ in trial.request.headers}
    carried = {value for name, value in trial.request.headers if name.lower() not in HARMLESS}
    if names & {"authorization", "proxy-authorization", "cookie"} or carried & {v for _, v in options.headers}:
        return False
    texts = (trial.request.url, unquote_plus(trial.request.url), *carried)
    return not any(secret in text for secret in options.secrets for text in texts)


def content_type(request: Request) -> str:
    """The request's Content-Type, empty where it has none."""
    return next((value for name, value in request.headers if name.lower() == "content-type"), "")
