"""AWS service models as botocore ships them (``service-2.json``): error shapes with code, status, retry, and operations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from errlint.draft.tables.table_html import page
from errlint.draft.tables.wholes import united
from errlint.model.draft import Draft, Entry, Evidence

LONGEST = 1_000


def is_model(data: Any) -> bool:
    """Whether data is a service model."""
    return isinstance(data, dict) and all(isinstance(data.get(name), dict) for name in ("metadata", "operations", "shapes"))


def draft(data: Mapping[str, Any], uri: str) -> Draft:
    """The draft of one service model: an entry for each error shape, with the operations that may answer it."""
    metadata = data["metadata"]
    used = _used(data)
    entries = [entry for name, shape in data["shapes"].items() if (entry := _entry(name, shape, used.get(name, []), uri))]
    whole, _ = united(_united_operations(entries))
    missing = sum(1 for entry in whole if not entry.statuses)
    read = [f"{uri}: {len(data['operations'])} operations, {len(entries)} error shapes, {len(whole)} codes"]
    if missing:
        read.append(
            f"{missing} of {len(whole)} codes without a status ({metadata.get('protocol', 'its protocol')} does not say it)"
        )
    service = {
        "name": str(metadata.get("endpointPrefix") or metadata.get("serviceId") or "service"),
        "title": str(metadata.get("serviceFullName", "")),
        "version": str(metadata.get("apiVersion", "")),
        "source": {"file": uri.rpartition("/")[2]},
    }
    return Draft(whole, service={name: value for name, value in service.items() if value}, read=tuple(read))


def _used(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """The operations that name each error shape, as selectors of the catalog."""
    found: dict[str, list[str]] = {}
    for name, operation in data["operations"].items():
        errors = operation.get("errors") if isinstance(operation, dict) else None
        for error in errors if isinstance(errors, list) else ():
            if isinstance(error, dict):
                found.setdefault(str(error.get("shape")), []).append(f"operationId:{name}")
    return found


def _entry(name: str, shape: Any, operations: list[str], uri: str) -> Entry | None:
    if not isinstance(shape, dict) or not (shape.get("exception") or "error" in shape):
        return None
    error = shape["error"] if isinstance(shape.get("error"), dict) else {}
    fields: dict[str, Any] = {"code": str(error.get("code") or name)}
    status = error.get("httpStatusCode")
    if isinstance(status, int) and 100 <= status <= 599:
        fields["status"] = status
    if fields["code"] != name:
        fields["name"] = name
    text = _text(str(shape.get("documentation", "")))
    if text:
        fields["description"] = text
    if "retryable" in shape:
        fields["retry"] = "backoff" if isinstance(shape["retryable"], dict) and shape["retryable"].get("throttling") else "same"
    if operations:
        fields["operations"] = list(dict.fromkeys(operations))
    return Entry(fields, (Evidence("error shape", f"{uri}#/shapes/{name}"),))


def _united_operations(entries: list[Entry]) -> Iterator[Entry]:
    """Shapes of one code and status name the operations of all of them."""
    operations: dict[str, list[str]] = {}
    for entry in entries:
        operations.setdefault(str(entry.code), []).extend(entry.fields.get("operations", []))
    for entry in entries:
        fields = dict(entry.fields)
        if operations[str(entry.code)]:
            fields["operations"] = list(dict.fromkeys(operations[str(entry.code)]))
        yield Entry(fields, entry.evidence, entry.doubts)


def _text(documentation: str) -> str:
    """The documentation without its markup, cut after a sentence where it is long."""
    if not documentation:
        return ""
    plain = " ".join((page(documentation).text if "<" in documentation else documentation).split())
    if len(plain) <= LONGEST:
        return plain
    cut = plain[:LONGEST]
    return re.sub(r"(?<=[.!?])\s\S[^.!?]*$", "", cut) if re.search(r"[.!?]\s", cut) else cut.rsplit(" ", 1)[0] + " …"
