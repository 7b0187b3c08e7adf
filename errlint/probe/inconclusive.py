"""Why the answers of a run say nothing about the contract: no credentials worked, or every path is wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from errlint.model.exchange import Observation
from errlint.model.spec import Spec
from errlint.probe.options import Options
from errlint.probe.scene import PLACEHOLDER
from errlint.probe.trial import UNSAFE, Trial

_VARIES = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|[0-9a-fA-F]{8,}|\d+")


def reason(spec: Spec, options: Options, trials: Sequence[Trial], observations: Sequence[Observation]) -> str:
    """Why nothing can be judged, in one line; empty where something can. The two sequences go side by side."""
    pairs = [(trial, seen) for trial, seen in zip(trials, observations, strict=True) if trial.operation is not None]
    return wrong_base(spec, options, pairs, observations) or no_credentials(options, pairs)


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
    ask = f"is the base path {missing} missing?" if missing else f"is {options.base_url} the base url?"
    return f"{len(labels)} of {len(labels)} operations answered only 404, all with the same body: {ask}"


def _inside(seen: Observation, options: Options) -> bool:
    return (
        seen.request is not None and seen.request.stimulus == "unknown-path" and seen.request.url.startswith(options.base_url)
    )


def no_credentials(options: Options, pairs: Sequence[tuple[Trial, Observation]]) -> str:
    """Why no credentials worked: no secured operation let a request with the user's headers past 401 and 403.

    Not every service says 401 to a stranger, and a body may be refused before the credentials are looked at: an error
    that the same operation answers without credentials too is no way past them, unless it is a read's 404.
    """
    secured = [(trial, seen) for trial, seen in pairs if trial.operation and trial.operation.secured and not seen.dropped]
    mine = [(trial, seen) for trial, seen in secured if trial.identity == "user"]
    if not mine:
        return ""
    strangers: dict[str | None, set[tuple[int | None, str]]] = {}
    for trial, seen in secured:
        if trial.identity != "user":
            strangers.setdefault(trial.label, set()).add(masked(seen))
    if any(_past(trial, seen, strangers.get(trial.label, set())) for trial, seen in mine):
        return ""
    count = len({trial.label for trial, _ in mine})
    given = "the given headers open none of them" if options.headers else "no credentials were given"
    return f"{count} of {count} secured operations let no request past authentication: {given}"


def _past(trial: Trial, seen: Observation, strangers: set[tuple[int | None, str]]) -> bool:
    """Whether an answer shows that the request's credentials were accepted, or that none are asked for."""
    status = seen.status or 0
    if status in (401, 403):
        return False
    if trial.request.method not in UNSAFE and (200 <= status < 300 or status == 404):
        return True
    return masked(seen) not in strangers
