"""``errlint init``: a catalog and a config, written from what there is already."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from errlint.draft.documents.document import NO_BODY, asked, of_document
from errlint.draft.documents.placed import homed, placed
from errlint.draft.merge import MAIN, merged
from errlint.draft.narrowed import narrowed
from errlint.draft.text import catalog_text, questions
from errlint.draft.twins import twinned
from errlint.errors import ConfigError, EditError, InconclusiveError, LoadError
from errlint.load.library import Library
from errlint.load.openapi import read_spec
from errlint.load.source import Document
from errlint.model.draft import Draft
from errlint.model.finding import Location
from errlint.model.record import record, replace

if TYPE_CHECKING:
    from errlint.model.exchange import Observation
    from errlint.probe.options import Options

Headers = tuple[tuple[str, str], ...]

MOST_SECRETS = 500
"""Credentials of an archive that are sought in all of its answers; each is sought in its own."""

READS = "name one: errlint init openapi.yaml, or --app module:app"

HEADING = """\
Written by errlint init. Above each entry stands where it was seen; "# ?" marks a question to you.
errlint lint holds documents to this catalog, errlint probe a running service."""


@record
class Started:
    """What ``init`` came to: the draft, the text of its catalog, and what is to be asked, in the catalog's order."""

    draft: Draft
    text: str
    questions: tuple[str, ...]


@record
class Answers:
    """Answers of a service, and where they come from; ``why`` is what they leave open, in a sentence."""

    source: str
    observations: tuple[Observation, ...]
    why: str = ""


def documents_of(name: str | None, library: Library) -> tuple[Document, ...]:
    """The document that is named, or those that ``lint`` would find; none where there are none.

    Raises: LoadError, ConfigError for a config that is none.
    """
    from errlint.api.tasks import Planner
    from errlint.config import Asked
    from errlint.load.discover import named

    if name is not None and not name.strip():
        raise ConfigError("a document has no name", hint="is a variable empty?")
    if name is not None and name[:8].lower().startswith(("http://", "https://")):
        from errlint.api.located import document_of

        found = document_of(name, None, library)
        return (library.read(found) if isinstance(found, str) else found,)
    try:
        asked = Asked(catalogs=("",))  # what a config says of catalogs does not matter: its own may be the one to write
        work = Planner(asked, library, isolated=name is not None).work((name,) if name is not None else ())
    except ConfigError as error:
        if error.message.startswith("no document"):
            return ()
        raise
    documents = [one for task in work.tasks for one in task.documents]
    return tuple(named(one, library) if isinstance(one, str) else one for one in documents)


def documents_of_app(app: str, name: str | None, library: Library) -> tuple[Document, ...]:
    """The document of an application, or the one that is named for it. Raises: ConfigError, LoadError."""
    from errlint.api import applications

    return tuple(applications.documents_of([app], ".", [name] if name is not None else [], library))


def trees_of_app(app: str, trees: Sequence[str]) -> tuple[str, ...]:
    """The folders of source code that are named, and the application's own that none of them holds."""
    from errlint.api.applications import sources_of

    held = tuple(os.path.abspath(tree) for tree in trees)
    own = (one for one in sources_of(app) if all(os.path.commonpath((tree, os.path.abspath(one))) != tree for tree in held))
    return (*own, *trees)


def started(
    documents: Sequence[Document],
    library: Library,
    *,
    answers: Iterable[Answers] = (),
    trees: Sequence[str] = (),
    root: str | None = None,
) -> Started:
    """The catalog that documents, ``answers`` and folders of source code (``trees``) make together.

    Raises: LoadError, ConfigError where there is nothing to read.
    """
    draft = merged([of_document(read_spec(one, root=root, library=library)) for one in documents])
    for seen in answers:
        draft = merged([draft, _of_answers(seen, draft)])
    draft = twinned(asked(narrowed(homed(merged([draft, *([_of_trees(trees, draft)] if trees else [])])))))
    if draft.envelopes:
        draft = replace(draft, doubts=tuple(doubt for doubt in draft.doubts if doubt != NO_BODY))
    if not draft.read:
        raise ConfigError("nothing to read", hint=READS)
    try:
        return Started(draft, catalog_text(draft, HEADING), questions(draft))
    except EditError as error:
        raise LoadError(f"no catalog can be written: {error}", Location(documents[0].uri, ()) if documents else None) from None


def _of_trees(paths: Sequence[str], known: Draft) -> Draft:
    """What source code names; its bodies count where nothing has shown the service's own. Raises: LoadError."""
    from errlint.draft.source.sources import of_tree

    for path in paths:
        if not os.path.exists(path):
            raise LoadError(f"there is no folder {path}")
    found = of_tree(*paths)
    return found if MAIN not in known.layers else replace(found, envelopes={}, layers={}, doubts=())


def of_archive(document: Document | None, path: str, *, base_url: str | None = None, root: str | None = None) -> Answers:
    """The answers of recorded exchanges: those of the document's service, or without a document all of them.

    Raises: LoadError, ConfigError for a base url that is none, InconclusiveError where there is no answer.
    """
    if document is not None:
        from errlint.api.replaying import observed

        seen = observed(document, path, base_url=base_url, root=root)
        return Answers(path, _without_secrets(seen, _sent_in(path)))
    from errlint.bind.har import read
    from errlint.model.exchange import Observation

    found = [
        Observation("traffic", Location(path, ()), one.status, one.headers, one.body, request=one.request)
        for one in read(path).exchanges
        if one.status is not None and one.body
    ]
    if not found:
        raise InconclusiveError("no entry has an answer with a body", Location(path, ()))
    return Answers(path, _without_secrets(found, _sent_in(path)))


def _sent_in(path: str) -> tuple[str, ...]:
    """The credentials that an archive's requests send, those of most requests first where they are many; the longest first."""
    from errlint.bind.har import read
    from errlint.probe.redaction import sent

    seen = Counter(secret for one in read(path).exchanges for secret in sent(one.request))
    return tuple(sorted((secret for secret, _ in seen.most_common(MOST_SECRETS)), key=lambda one: (-len(one), one)))


def _without_secrets(observations: Iterable[Observation], secrets: Sequence[str] = ()) -> tuple[Observation, ...]:
    """Answers without the credentials that were sent, and those that they hold: their texts become a catalog's."""
    from errlint.probe.redaction import kept, sent

    return tuple(kept(one, (*secrets, *(sent(one.request) if one.request is not None else ()))) for one in observations)


def of_service(document: Document, url: str, headers: Headers = (), *, root: str | None = None) -> Answers:
    """What a running service answers to requests that change nothing, without secrets.

    An address without a path is that of the host: the document's own base path is tried first.

    Raises: LoadError, ConfigError, ProbeError.
    """
    from errlint.api.located import base_of
    from errlint.load.remote import shown
    from errlint.probe.options import Options

    Options(base_url=url, headers=headers)  # says what is wrong with them
    base = base_of(document, None, url) if not urlsplit(url).path.strip("/") else None
    why = ""
    for one in dict.fromkeys((base or url, url)):
        try:
            return Answers(
                shown(url), _observed(document, Options(base_url=one, writes="never", headers=headers, generated=False), root)
            )
        except InconclusiveError as error:
            why = why or error.message
    wanted = Options(base_url=base or url, writes="never", headers=headers, generated=False, accept_inconclusive=True)
    return Answers(shown(url), _observed(document, wanted, root), why)


def _observed(document: Document, options: Options, root: str | None) -> tuple[Observation, ...]:
    from errlint.probe.observe import session
    from errlint.probe.options import masked

    spec = read_spec(document, root=root).spec
    with session(spec, options) as run:
        seen = run.observe()
        return _without_secrets(masked(one, run.secrets) for one in seen.observations)


def _of_answers(seen: Answers, known: Draft) -> Draft:
    from errlint.draft.answers import of_answers

    draft = placed(of_answers(seen.observations, known.envelopes), known)
    why = f" ({seen.why})" if seen.why else ""
    return replace(draft, read=tuple(f"{seen.source}: {line}{why}" for line in draft.read))


def config_text(catalog: str, documents: Iterable[Document], app: str | None = None) -> str:
    """The errlint.toml that binds documents, or an application, to a catalog beside it."""
    folder = os.path.dirname(os.path.abspath(catalog))
    names = [os.path.relpath(one.uri, folder).replace(os.sep, "/") for one in documents if os.path.isfile(one.uri)]
    written = os.path.basename(catalog)
    entries = [*([{"app": app}] if app is not None else []), *({"path": name} for name in names)]
    return "".join(_toml(entries, written))


def _toml(entries: Sequence[Mapping[str, str]], catalog: str) -> Iterator[str]:
    yield "# Written by errlint init: errlint lint needs no arguments here.\n"
    if not entries:
        yield f"catalog = {_text(catalog)}\n"
    for entry in entries:
        yield "\n[[document]]\n"
        yield from (f"{name} = {_text(value)}\n" for name, value in entry.items())
        yield f"catalog = {_text(catalog)}\n"


def _text(value: str) -> str:
    """A TOML basic string."""
    shown = "".join(f"\\u{ord(c):04X}" if ord(c) < 32 or ord(c) == 127 else f"\\{c}" if c in '"\\' else c for c in value)
    return f'"{shown}"'


def nearest_config(catalog: str, wanted: str) -> tuple[str | None, bool]:
    """(the config that holds for files beside a catalog, whether it says already what ``wanted`` does); None without one.

    Raises: ConfigError.
    """
    import tomllib

    from errlint.config.file import Configs

    found = Configs().nearest(os.path.dirname(os.path.abspath(catalog)))
    if found is None:
        return None, False
    told = tomllib.loads(wanted)
    entries = [one for one in found.data.get("document", []) if isinstance(one, Mapping)]
    documents = all(any(one.items() <= other.items() for other in entries) for one in told.get("document", []))
    return found.uri, documents and found.data.get("catalog") == told.get("catalog", found.data.get("catalog"))
