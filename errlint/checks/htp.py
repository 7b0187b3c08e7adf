"""HTP: what HTTP itself (RFC 9110) says about an error answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from errlint.checks.registry import Hit, Verdict, check
from errlint.checks.words import TRIED, promise
from errlint.match import defaults
from errlint.match.answer import Answer
from errlint.match.declared import Declared
from errlint.match.framing import is_json
from errlint.match.iana import REGISTERED
from errlint.match.plan import Plan
from errlint.model.exchange import GONE
from errlint.model.finding import Severity
from errlint.model.spec import Declaration

OFF, NOTE, WARNING, ERROR = Severity


def _media(text: str) -> str:
    return text.partition(";")[0].strip().lower()


def _one(names: tuple[str, ...]) -> str | None:
    return names[0] if len(names) == 1 else None


@check("HTP005", "wrong-media-type", WARNING, Answer)
def wrong_media_type(answer: Answer, plan: Plan) -> Iterator[Verdict]:
    """JSON under a JSON media type that neither the layer nor the document names."""
    observation = answer.observation
    seen = observation.media_type
    if not answer.error or answer.framed.kind != "json" or not is_json(seen) or observation.witness == "example":
        return
    declared = [_media(name) for name in observation.media_types or ()]
    promised = answer.signature.envelope.media_types if answer.signature is not None else ()
    wanted = list(dict.fromkeys((*declared, *promised)))
    if wanted and seen not in wanted and not any("*" in name for name in wanted):
        who = "the document declares" if declared else f"{promise(answer.layers)}"
        yield Hit(f"the error came as {seen}, {who} {' or '.join(wanted)}", layer=_one(answer.layers), detail=seen)


@check("HTP005", "wrong-media-type", WARNING, Declared, applies=lambda declared: bool(declared.claims))
def wrong_media_type_declared(declared: Declared, plan: Plan) -> Iterator[Verdict]:
    """An envelope that has a media type of its own, declared under another JSON media type."""
    seen = _media(declared.declaration.media_type or "")
    envelopes = [plan.signatures[claim.envelope].envelope for claim in declared.claims if not plan.guessed(claim.envelope)]
    if not envelopes:
        return
    if is_json(seen) and all(envelope.media_types and seen not in envelope.media_types for envelope in envelopes):
        wanted = " or ".join(dict.fromkeys(name for envelope in envelopes for name in envelope.media_types))
        names = " or ".join(dict.fromkeys(envelope.id for envelope in envelopes))
        message = f"{names} is declared as {seen}, its media type is {wanted}"
        yield Hit(message, at=declared.declaration.location, layer=_one(declared.layers), detail=seen)


@check("HTP006", "non-json-error", ERROR, Answer)
def non_json_answer(answer: Answer, plan: Plan) -> Iterator[Verdict]:
    """An HTML or plain text error where the layer promises JSON."""
    framed = answer.framed
    if not answer.error or answer.observation.witness == "example" or framed.kind not in ("html", "text"):
        return
    promised = _json_promise(answer, plan)
    if framed.said not in ("html", "text", "other") or not promised:
        return
    seen = answer.observation.media_type
    message = f"the error came {f'as {seen}' if seen else 'without a Content-Type'}, where {promised}{defaults.named(framed)}"
    yield Hit(message, layer=_one(answer.layers), detail=seen)


def _json_promise(answer: Answer, plan: Plan) -> str:
    """Who promises that this answer is JSON: the layers that may answer, else the document; empty where nobody does."""
    signatures = plan.signatures_of(answer.layers)
    if signatures:
        json = all(signature.envelope.framing in ("json", "sse", "ndjson") for signature in signatures)
        return f"{promise(answer.layers)} JSON" if json else ""
    declared = [_media(name) for name in answer.observation.media_types or ()]
    return f"the document declares {' or '.join(declared)}" if declared and all(map(is_json, declared)) else ""


def _has_content(declaration: Declaration) -> bool:
    return declaration.error and declaration.media_type is not None and declaration.operation.method != "HEAD"


@check("HTP006", "non-json-error", WARNING, Declaration, folds=True, applies=_has_content)
def non_json_declared(declaration: Declaration, plan: Plan) -> Iterator[Verdict]:
    """An error that is declared as HTML or plain text only, where the others are JSON."""
    seen = _media(declaration.media_type or "")
    if seen in ("text/html", "text/plain") and not _json_beside(declaration):
        yield Hit(
            f"{declaration.status_key} is declared as {seen}",
            detail=seen,
            severity=WARNING,
            merged="{share} declared error responses are text/html or text/plain, not JSON",
        )


def _json_beside(declaration: Declaration) -> bool:
    content = declaration.response.value.get("content") if isinstance(declaration.response.value, dict) else None
    names: list[Any] = list(content) if isinstance(content, dict) else list(declaration.operation.produces)
    return any(is_json(_media(str(name))) for name in names)


@check("HTP007", "misleading-content-type", ERROR, Answer)
def misleading_content_type(answer: Answer, plan: Plan) -> Iterator[Verdict]:
    """JSON under a text type, an HTML page or an event stream under a JSON type."""
    framed, seen = answer.framed, answer.observation.media_type
    if not answer.error or answer.observation.witness == "example":
        return
    structured = bool(framed.values) and isinstance(framed.values[0], (dict, list))
    if framed.kind == "json" and structured and framed.said in ("html", "text"):
        yield Hit(f"the body is JSON, the Content-Type says {seen}", layer=_one(answer.layers), detail=f"json {seen}")
    elif framed.kind == "html" and framed.said == "json":
        yield Hit(f"the body is an HTML page, the Content-Type says {seen}", layer=_one(answer.layers), detail=f"html {seen}")
    elif framed.kind == "sse" and framed.said in ("json", "html"):
        yield Hit(f"the body is an event stream, the Content-Type says {seen}", layer=_one(answer.layers), detail=f"sse {seen}")


def _rejected(answer: Answer) -> bool:
    return answer.observation.request is not None and answer.observation.request.rejected


UNNAMED = "a request that must be refused"


def _tried(answer: Answer) -> str:
    request = answer.observation.request
    return TRIED.get(request.stimulus, request.stimulus) if request is not None and request.stimulus else UNNAMED


def _what(answer: Answer) -> str:
    """What is wrong with the request, in the words of all that are wrong in this way; else what was tried."""
    request = answer.observation.request
    return request.fault if request is not None and request.fault else _tried(answer)


def _clients_fault(answer: Answer) -> bool:
    return _rejected(answer) or (answer.observation.request is not None and bool(answer.observation.request.fault))


@check("HTP008", "server-fault-for-client-fault", ERROR, Answer, applies=_clients_fault)
def server_fault_for_client_fault(answer: Answer, plan: Plan) -> Iterator[Verdict]:
    """A 5xx for a request whose fault is the client's; 501 and 505 refuse, they do not fail.

    Where the service need not refuse the request only a 500 counts: another may be an upstream's.
    """
    status = answer.observation.status
    if status is None or status < 500 or status in (501, 505) or _documented(answer):
        return
    if status != 500 and not _rejected(answer):
        return
    told = f"{_what(answer)} was answered {status}: the fault is the client's"
    yield Hit(told, status=str(status), detail=_kind(_what(answer)))


def _kind(what: str) -> str:
    """What was tried, as catalogs name it: ``bad-auth (expired)`` is ``bad-auth``."""
    return "bad-auth" if what.startswith("bad-auth (") else what


def _documented(answer: Answer) -> bool:
    """Whether the catalog names this answer for what was sent: a gateway's 5xx is then no surprise."""
    request = answer.observation.request
    stimulus = _kind(request.stimulus) if request is not None else ""
    return any(stimulus in code.provoke for claim in answer.claims for code in claim.candidates if claim.failed is None)


@check("HTP009", "dropped-connection", ERROR, Answer)
def dropped_connection(answer: Answer, plan: Plan) -> Iterator[Verdict]:
    """No HTTP answer at all, or not a whole one."""
    observation = answer.observation
    if _cut_off(answer):
        return
    if observation.dropped:
        yield Hit(
            f"{observation.cut or 'the connection was closed without an answer'} ({_tried(answer)})", detail=_gone(answer)
        )
    elif observation.cut and answer.expects_body:
        yield Hit(f"the body of the answer ended early: {observation.cut} ({_tried(answer)})", detail="cut")


def _gone(answer: Answer) -> str:
    """What keeps the end of a service apart from a connection that it closes and lives on."""
    return "gone" if answer.observation.cut.endswith(GONE) else ""


def _cut_off(answer: Answer) -> bool:
    """Whether a server may end the connection in the middle of the request (RFC 9110 section 15.5.14)."""
    return answer.observation.request is not None and answer.observation.request.stimulus == "oversize-body"


@check("HTP010", "fault-accepted", WARNING, Answer, applies=_rejected)
def fault_accepted(answer: Answer, plan: Plan) -> Iterator[Verdict]:
    """A 2xx for a request that the contract says is refused."""
    status = answer.observation.status
    if status is not None and 200 <= status < 300 and not answer.inner:
        request = answer.observation.request
        wrote = "; it may have written" if request is not None and request.writes else ""
        what = _what(answer)
        kind = "credentials" if _kind(what) in ("no-auth", "bad-auth") else what
        yield Hit(f"{what} was accepted with {status}{wrote}", status=str(status), detail=kind)


@check("HTP011", "unregistered-status", WARNING, Answer)
def unregistered_status(answer: Answer, plan: Plan) -> Iterator[Verdict]:
    """An answer with a status outside the IANA registry that the catalog does not list either."""
    status = answer.observation.status
    if status is None or status in REGISTERED or answer.observation.witness == "example":
        return
    if any(claim.failed is None and claim.candidates for claim in answer.claims):
        return
    yield Hit(f"{status} is no registered HTTP status code", status=str(status))


def _explicit(declared: Declaration) -> bool:
    return declared.status_key.isdigit() and declared.statuses is not None and declared.error


@check("HTP011", "unregistered-status", NOTE, Declaration, folds=True, applies=_explicit)
def unregistered_status_declared(declaration: Declaration, plan: Plan) -> Iterator[Verdict]:
    """A declared error status outside the IANA registry."""
    status = int(declaration.status_key)
    if status not in REGISTERED:
        yield Hit(
            f"{status} is no registered HTTP status code",
            severity=NOTE,
            merged="{share} declared error responses have a status that is not registered",
        )
