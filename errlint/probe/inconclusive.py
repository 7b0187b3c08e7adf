"""Why the answers of a run say nothing about the contract: no credentials worked, every path is wrong, or all are alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from errlint.model.exchange import Observation
from errlint.model.record import field, mutable
from errlint.model.spec import Spec
from errlint.probe.gate import content_type
from errlint.probe.options import Options
from errlint.probe.scene import PLACEHOLDER
from errlint.probe.trial import UNSAFE, Trial

_VARIES = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|[0-9a-fA-F]{8,}|\d+")


def reason(spec: Spec, options: Options, trials: Sequence[Trial], observations: Sequence[Observation]) -> str:
    """Why nothing can be judged, in one line; empty where something can. The two sequences go side by side."""
    pairs = [(trial, seen) for trial, seen in zip(trials, observations, strict=True) if trial.operation is not None]
    return (
        wrong_base(spec, options, pairs, observations)
        or no_credentials(options, pairs, observations)
        or all_alike(pairs, observations)
        or one_page(options, pairs, observations)
    )


def masked(seen: Observation) -> tuple[int | None, str]:
    """(the status, the body's text with the request's path, ids and numbers masked): equal for answers of one handler."""
    text = seen.body[:20_000].decode("utf-8", "replace")
    if seen.request is not None:
        path = urlsplit(seen.request.url).path
        for echoed in sorted({path, unquote(path), *path.split("/"), *unquote(path).split("/")}, key=len, reverse=True):
            text = text.replace(echoed, "~") if len(echoed) > 2 else text
        text = text.replace(seen.request.method, "~")
    return seen.status, re.sub(r"(~/?)+", "~", _VARIES.sub("~", text))


def wrong_base(
    spec: Spec, options: Options, pairs: Sequence[tuple[Trial, Observation]], observations: Sequence[Observation]
) -> str:
    """Why the base path seems wrong: each operation answered only 404, always with the body of a path that is not there.

    Operations with ids answer 404 by right, so one without ids must be among them.
    """
    # An unusual Accept may change the shape of the same 404.
    answered = [(trial, seen) for trial, seen in pairs if seen.status is not None and trial.request.stimulus != "wrong-accept"]
    labels = {trial.label for trial, _ in answered}
    without_ids = any(trial.operation and not PLACEHOLDER.search(trial.operation.path) for trial, _ in answered)
    strays = {masked(seen) for seen in observations if seen.operation is None and seen.request and _inside(seen, options)}
    shapes = {masked(seen) for _, seen in answered}
    if not answered or not without_ids or {seen.status for _, seen in answered} != {404} or len(shapes) != 1:
        return ""
    if strays and not shapes <= strays:
        return ""
    missing = next(
        (path for path in spec.base_paths if path.strip("/") and not options.base_path.endswith(path.rstrip("/"))), ""
    )
    ask = f"is the base path {missing} missing?" if missing and options.service is None else _right_one(options)
    return f"{len(labels)} of {len(labels)} operations answered only 404, all with the same body: {ask}"


def _inside(seen: Observation, options: Options) -> bool:
    return (
        seen.request is not None and seen.request.stimulus == "unknown-path" and seen.request.url.startswith(options.base_url)
    )


_ALIKE: tuple[tuple[frozenset[int], str], ...] = (
    (frozenset((401, 403)), "the credentials are not accepted, or none were given"),
    (frozenset((301, 302, 303, 307, 308)), "each one redirects, as a login page or a move to https does"),
    (frozenset((429,)), "the service limits the rate: wait, or lower it"),
    (frozenset((502, 503, 504)), "the service behind the gateway is not there"),
)
"""Answers that come from before the service, and what they mean where nothing else comes."""

_UNUSUAL = frozenset(("wrong-accept", "malformed-id", "wrong-charset", "wrong-encoding", "deep-nesting"))
"""Stimuli that may be refused by a layer before the one that refuses all others."""


def all_alike(pairs: Sequence[tuple[Trial, Observation]], observations: Sequence[Observation]) -> str:
    """Why answers of one kind to every request of the user's say nothing; empty where there were others."""
    mine = [(trial, seen) for trial, seen in pairs if trial.identity == "user" and not seen.dropped]
    statuses = {seen.status for trial, seen in mine if trial.request.stimulus not in _UNUSUAL}
    count = len({trial.label for trial, _ in mine})
    who = f"{count} of {count} operations"
    if not pairs:  # the run ended before the first of them
        statuses = {seen.status for seen in observations if not seen.dropped}
        who = f"{len(observations)} of {len(observations)} requests"
    for kind, means in _ALIKE:
        if statuses and statuses <= kind:
            named = " and ".join(sorted(map(str, statuses)))
            verb = "answered only" if pairs else "were answered only"
            return f"{who} {verb} {named}: {means}"
    return ""


def one_page(options: Options, pairs: Sequence[tuple[Trial, Observation]], observations: Sequence[Observation]) -> str:
    """Why one page for every read, and for paths that do not exist, says nothing: a web server with an application in it."""
    reads = [(trial, seen) for trial, seen in pairs if trial.request.method == "GET" and not seen.dropped]
    strays = [seen for seen in observations if seen.operation is None and seen.request and _inside(seen, options)]
    seen_all = [*(seen for _, seen in reads), *strays]
    if not reads or not strays or len({masked(seen) for seen in seen_all}) != 1:
        return ""
    if any(seen.status != 200 or seen.media_type != "text/html" for seen in seen_all):
        return ""
    labels = {trial.label for trial, _ in reads}
    count = f"{len(labels)} of {len(labels)} operations with GET"
    return f"{count} answered one and the same HTML page, and so did unknown paths: {_right_one(options)}"


def _right_one(options: Options) -> str:
    """The question whether the right service was asked."""
    if options.service is None:
        return f"is {options.base_url} the base url?"
    return f"is it {options.service.name}'s document? Where its operations stand below a path: --url /api"


def no_credentials(
    options: Options, pairs: Sequence[tuple[Trial, Observation]], observations: Sequence[Observation] = ()
) -> str:
    """Why no credentials worked: no secured operation let a request with the user's headers past 401 and 403.

    Not every service says 401 to a stranger, and a body may be refused before the credentials are looked at: an error
    that the same operation answers without credentials too is no way past them, unless it is a read's 404.
    """
    secured = [(trial, seen) for trial, seen in pairs if trial.operation and trial.operation.secured and not seen.dropped]
    mine = [(trial, seen) for trial, seen in secured if trial.identity == "user"]
    if not mine:
        return ""
    strangers: dict[str | None, _Strangers] = {}
    nowhere = {masked(seen) for seen in observations if seen.operation is None and not seen.dropped}
    for trial, seen in secured:
        if trial.identity in ("none", "garbage"):
            theirs = strangers.setdefault(trial.label, _Strangers())
            theirs.answers.add(masked(seen))
            if seen.status in (401, 403):
                theirs.turned_away.add(_sent(trial))
    if any(_past(trial, seen, strangers.get(trial.label, _Strangers()), nowhere) for trial, seen in mine):
        return ""
    count = len({trial.label for trial, _ in mine})
    what = "credentials" if options.auth else "headers" if options.headers else ""
    given = f"the given {what} open none of them" if what else "no credentials were given"
    return f"{count} of {count} secured operations let no request past authentication: {given}"


def second_user_unknown(trials: Sequence[Trial], observations: Sequence[Observation]) -> str:
    """Why the second user's requests show nothing, as a note; empty where the service knows that user."""
    statuses = [seen.status for trial, seen in zip(trials, observations, strict=True) if trial.identity == "low"]
    if not statuses or set(statuses) != {401}:
        return ""
    count = len(statuses)
    return f"{count} of {count} requests of the second user were answered 401: the credentials of --low-auth open nothing"


@mutable
class _Strangers:
    """What an operation answered to others than the user, and the bodies that it turned away with 401 or 403."""

    answers: set[tuple[int | None, str]] = field(default_factory=set)
    turned_away: set[tuple[bytes, str]] = field(default_factory=set)


def _sent(trial: Trial) -> tuple[bytes, str]:
    return trial.request.body or b"", content_type(trial.request)


_BEFORE = frozenset((401, 403, 406, 407, 413, 414, 429, 431, 502, 503, 504))
"""Statuses that a service, or what stands before it, answers without a look at the credentials."""

_HONEST = frozenset(("valid", "unknown-id"))
"""Stimuli with nothing wrong in them."""

_REFUSED = frozenset((400, 415, 422))
"""Statuses for what was sent; many frameworks read a body before they look at the credentials."""


def _past(trial: Trial, seen: Observation, strangers: _Strangers, nowhere: set[tuple[int | None, str]]) -> bool:
    """Whether an answer shows that the request's credentials were accepted, or that none are asked for."""
    status = seen.status or 0
    if status in _BEFORE:
        return False
    honest = trial.request.stimulus in _HONEST
    if trial.request.method not in UNSAFE:
        if 200 <= status < 300 or (status == 404 and honest):
            return True
        if status in _REFUSED and not honest:
            return False
        return masked(seen) not in strangers.answers | nowhere
    if status in _REFUSED or status >= 500:
        return _sent(trial) in strangers.turned_away
    return masked(seen) not in strangers.answers | nowhere


FEW_LIMITED = 3
"""Answers 429 that are no news: a documented limit is met now and then."""


def rate_limited(trials: Sequence[Trial], observations: Sequence[Observation], left_alone: Sequence[str]) -> list[str]:
    """What a limit of the service kept from being judged, in lines; bursts are meant to meet one and do not count."""
    usual = [seen for trial, seen in zip(trials, observations, strict=True) if trial.request.stimulus != "burst"]
    number = sum(seen.status == 429 for seen in usual)
    told = []
    if number > FEW_LIMITED:
        asked = "what was asked there was not judged (--rate sends slower)"
        told.append(f"{number} of {len(usual)} answers were 429, the service limits the rate: {asked}.")
    if left_alone:
        told.append(f"Asked to wait too long or too often (Retry-After), and got no more requests: {', '.join(left_alone)}.")
    return told
