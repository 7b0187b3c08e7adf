"""What a catalog's texts say and how they are written (CAT011, CAT018, CAT020, CAT021, CAT022)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from errlint.checks import words
from errlint.checks.cat_rule import about, rule, told
from errlint.checks.catalog_file import CatalogAndDocuments, CatalogFile
from errlint.checks.registry import Hit, check
from errlint.load.meant import did_you_mean
from errlint.match.template import problems
from errlint.model.catalog import Code, Message
from errlint.model.finding import Severity


def messages(code: Code) -> Iterator[tuple[tuple[str, ...], Message]]:
    """The message templates of an entry and of its variants, each with the member that holds it."""
    if code.message is not None:
        yield ("message",), code.message
    for index, variant in enumerate(code.variants):
        if variant.message is not None:
            yield ("variants", str(index), "message"), variant.message


def texts(code: Code) -> Iterator[tuple[tuple[str, ...], str]]:
    """The texts of an entry that its readers see, each with the member that holds it; equal ones once."""
    found: dict[str, tuple[str, ...]] = {}
    for place, message in messages(code):
        if message.kind != "regex":
            found.setdefault(message.text, place)
        if message.example is not None:
            found.setdefault(message.example, place)
    for name in ("description", "resolution"):
        found.setdefault(getattr(code, name), (name,))
        for index, variant in enumerate(code.variants):
            found.setdefault(getattr(variant, name), ("variants", str(index), name))
    yield from ((place, text) for text, place in found.items() if text)


@rule("CAT011", "broken-template", Severity.ERROR)
def broken_template(file: CatalogFile) -> Iterator[Hit]:
    """A message template that is broken, or that its own example does not fit."""
    for code in file.catalog.codes:
        for place, message in messages(code):
            for problem in problems(message):
                yield about(code, f"the message template of {words.label(code)} {problem}", *place, detail="/".join(place))


INTERNALS = re.compile(
    r"""\b(?:
      SageMaker | EC2 | ECS | EKS | Fargate | DynamoDB | Aurora(?:\ Serverless)?(?:\ v\d)? | RDS | ElastiCache | SQS | SNS
    | Redshift | Kinesis | CloudFront | AWS\ Lambda | GKE | BigQuery | Cloud\ Spanner | Cloud\ Run | AKS | Cosmos\ ?DB
    | [Kk]ubernetes | K8s | k8s | kubelet | etcd | [Dd]ocker
    | [Pp]ostgre(?:s|SQL) | [Mm]ySQL | MariaDB | MongoDB | Redis | redis | [Mm]emcached | Cassandra | Kafka | RabbitMQ
    | Elasticsearch | Celery | [Nn]ginx | HAProxy | gunicorn | uvicorn | Hibernate | SQLAlchemy | Tomcat
    | [a-z0-9]+(?:-[a-z0-9]+)*-(?:svc|srv|db|worker|backend)
    | [\w-]+(?:\.[\w-]+)*\.(?:internal|svc\.cluster\.local)
    )\b""",
    re.VERBOSE,
)


@rule("CAT018", "leaky-text", Severity.NOTE)
def leaky_text(file: CatalogFile) -> Iterator[Hit]:
    """A text for clients that names what the service is built of; the service's own name is no secret."""
    own = f"{file.catalog.service} {file.catalog.title}".lower()
    for code in file.catalog.codes:
        found: dict[str, str] = {}
        first: tuple[str, ...] = ()
        for place, text in texts(code):
            for match in INTERNALS.finditer(text):
                if match[0].lower() not in own:
                    first = first or place
                    found.setdefault(match[0], place[-1])
        if found:
            where = ", ".join(dict.fromkeys(found.values()))
            yield about(code, f"the {where} of {words.label(code)} names internals: {', '.join(found)}", *first)


CUT = re.compile(r"(?:\.{3,}|…)\s*$")
MASKED = re.compile(r"\*{3,}")


@rule("CAT021", "truncated-text", Severity.NOTE)
def truncated_text(file: CatalogFile) -> Iterator[Hit]:
    """A message that the source cut off or masked: no service answers it like that."""
    for code in file.catalog.codes:
        for place, message in messages(code):
            text = message.example if message.example is not None else message.text if message.kind != "regex" else ""
            fault = "ends in dots" if CUT.search(text) else "holds a masked value" if MASKED.search(text) else ""
            if fault:
                yield about(code, f"the message of {words.label(code)} {fault}: {words.shown(text)}", *place)


@rule("CAT022", "mixed-template-dialects", Severity.NOTE)
def mixed_template_dialects(file: CatalogFile) -> Iterator[Hit]:
    """A layer whose messages mark what is filled in with ``%s`` here and ``{name}`` there."""
    first: dict[str, dict[str, Code]] = {}
    for code in file.catalog.codes:
        for _, message in messages(code):
            if message.kind in ("printf", "braces"):
                first.setdefault(code.layer, {}).setdefault(message.kind, code)
    for layer, dialects in first.items():
        if len(dialects) == 2:
            one, two = dialects.values()
            names = {"printf": "%s", "braces": "{name}"}
            told_of = " and ".join(f"{names[dialect]} ({words.label(code)})" for dialect, code in dialects.items())
            yield about(two, f"layer {layer} mixes message templates: {told_of}", "message", detail=layer, other=one)


NAMED_OPERATION = re.compile(r"\b(GET|PUT|POST|DELETE|PATCH|HEAD|OPTIONS|TRACE|QUERY)\s+(/[\w\-./{}:~%]*)")


@check("CAT020", "stale-resolution", Severity.WARNING, CatalogAndDocuments)
def stale_resolution(subject: CatalogAndDocuments, contract: object) -> Iterator[Hit]:
    """A resolution that sends the reader to an operation that no document has; a base path in the document may come first."""
    known = {_bare(*label.split(" ", 1)) for label in subject.operations}
    for code in subject.file.catalog.codes if known else ():
        for method, path in dict.fromkeys(NAMED_OPERATION.findall(code.resolution)):
            wanted = _bare(method, path.rstrip(".,:") or "/")
            if wanted in known or any(verb == wanted[0] and there.endswith(wanted[1]) for verb, there in known):
                continue
            meant = did_you_mean(f"{method} {path}", sorted(subject.operations))
            message = f"the resolution of {words.label(code)} names {method} {path}, which no document has{meant}"
            hit = about(code, message, "resolution", detail=f"{method} {path}")
            if told(subject.file, hit, "CAT020", "stale-resolution"):
                yield hit


def _bare(method: str, path: str = "") -> tuple[str, str]:
    return method.upper(), re.sub(r"\{[^}]*\}", "{}", path).rstrip("/")
