"""The mock of a catalog: each of its entries on demand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from errlint.export.samples import TOKEN, Sample, sample, shown_statuses
from errlint.match.nearest import nearest
from errlint.match.plan import Plan
from errlint.model.catalog import Catalog, Code
from errlint.serve.app import Asked
from errlint.serve.replies import Reply, problem
from errlint.serve.wishes import Wish

HOW = "Prefer: code=CODE, X-Errlint-Code: CODE or ?__code=CODE; Prefer: status=404 for the first entry of a status"


class CatalogMock:
    """Answers as a catalog says. Called with a request it gives the reply; equal requests get equal replies."""

    def __init__(self, catalog: Catalog, plan: Plan) -> None:
        self.catalog = catalog
        self._plan = plan
        self._stray = self._found_stray()

    def __call__(self, asked: Asked) -> Reply:
        wish = asked.wish
        if not wish:
            return self._without(asked)
        if wish.example and not wish.code:
            return problem(400, "A catalog has no examples", f"example={wish.example} names none; ask by code: {HOW}")
        entries, status = self.meant(wish)
        if not entries:
            return self._unknown(wish)
        code = entries[0]
        made = sample(self._plan, code, status, method=asked.method, request_id=asked.id)
        if made is None:
            return problem(501, "No body for this entry", f"no envelope of layer {code.layer} can be written for {code.id}")
        return _reply(made)

    def meant(self, wish: Wish) -> tuple[list[Code], int | None]:
        """(the entries that a wish may mean, best first, the status that it asks for, if any).

        An entry is named by its id, its code or its symbolic name, its layer with a slash before it where two have one id.
        """
        codes = [code for code in self.catalog.codes if wish.status is None or wish.status in code.statuses]
        if not wish.code:
            return [code for code in codes if not code.removed], wish.status
        for way in _WAYS:
            found = [code for code in codes if way(code) == wish.code]
            if found:
                return found, wish.status
        if _is_status(wish) and wish.status is None:
            return self.meant(Wish(status=int(wish.code)))
        return [], wish.status

    def _without(self, asked: Asked) -> Reply:
        """What answers a request that wishes for nothing: the list of codes, else what the service says of unknown paths."""
        if asked.path.partition("?")[0] == "/" and asked.method in ("GET", "HEAD"):
            return self._page() if "text/html" in asked.accept.lower() else self._list()
        if self._stray is not None:
            made = sample(self._plan, self._stray, 404, method=asked.method, request_id=asked.id)
            if made is not None:
                reply = _reply(made)
                return Reply(
                    reply.status, reply.body, reply.media_type, (*reply.headers, ("X-Errlint-Hint", f"ask with {HOW}"))
                )
        return problem(404, "Say which error", f"Ask for an error: {HOW}. GET / lists them all.")

    def _found_stray(self) -> Code | None:
        """The entry that answers a path which is not there."""
        for code in self.catalog.codes:
            layer = self.catalog.layers.get(code.layer)
            stray = layer is not None and layer.applies_to in ("unrouted", "all-operations")
            if (
                404 in code.statuses
                and stray
                and ("unknown-path" in code.provoke or (layer and layer.applies_to == "unrouted"))
            ):
                return code
        return None

    def _page(self) -> Reply:
        from errlint.export.html import html_text

        return Reply(200, html_text(self.catalog).encode(), "text/html; charset=utf-8")

    def _list(self) -> Reply:
        value = {"service": self.catalog.title or self.catalog.service, "ask": HOW, "codes": list(self._codes())}
        return Reply(200, json.dumps(value, indent=1).encode("ascii") + b"\n", "application/json")

    def _codes(self) -> Iterator[dict[str, Any]]:
        for code in self.catalog.codes:
            known = {"id": code.id, "code": code.code, "status": list(shown_statuses(code.statuses)), "layer": code.layer}
            words = {"name": code.name, "message": code.message.text if code.message is not None else ""}
            yield {**known, **{name: text for name, text in words.items() if text}, **_ways_to_ask(code)}

    def _unknown(self, wish: Wish) -> Reply:
        if not wish.code:
            statuses = sorted({status for code in self.catalog.codes for status in shown_statuses(code.statuses)})
            return problem(
                404, "No such entry", f"the catalog has no entry for {wish.status}; it has {', '.join(map(str, statuses))}"
            )
        others, _ = self.meant(Wish(wish.code))
        if others:
            statuses = sorted({status for code in others for status in shown_statuses(code.statuses)})
            told = f"{wish.code} is not documented for {wish.status}, but for {', '.join(map(str, statuses))}"
            return problem(404, "No such entry", told)
        words = [word for code in self.catalog.codes for word in (code.id, str(code.code or ""), code.name) if word]
        close = nearest(wish.code, words) or nearest(wish.code.upper(), words)
        told = f"the catalog has no entry {wish.code[:100]}{f'; did you mean {close}?' if close else '.'} GET / lists them all."
        return problem(404, "No such entry", told, **({"meant": close} if close else {}))


_WAYS: tuple[Callable[[Code], str], ...] = (
    lambda code: f"{code.layer}/{code.id}",
    lambda code: code.id,
    lambda code: "" if code.code is None else str(code.code),
    lambda code: code.name,
)
"""What an entry can be asked for by, the surest first."""


def _is_status(wish: Wish) -> bool:
    """Whether a code is what others (Prism) write for a status."""
    return len(wish.code) == 3 and wish.code.isascii() and wish.code.isdigit() and wish.code[0] in "12345"


def _ways_to_ask(code: Code) -> dict[str, str]:
    """How an entry is asked for: in the query, and by a preference where its id can stand in a field (RFC 7240 section 2)."""
    found = {"query": f"?__code={quote(code.id, safe='')}"}
    if TOKEN.fullmatch(code.id):
        return {"prefer": f"code={code.id}", **found}
    if code.id.isascii() and code.id.isprintable():
        escaped = code.id.replace("\\", "\\\\").replace('"', '\\"')
        return {"prefer": f'code="{escaped}"', **found}
    return found


def _reply(made: Sample) -> Reply:
    return Reply(made.status, made.body(), made.media_type, made.headers)
