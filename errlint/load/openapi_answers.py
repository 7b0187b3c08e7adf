"""What stands in a Response Object: its media types, schemas and examples, each response read once."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.load.nodes import elements, layer, members, schema
from errlint.load.openapi_v2 import JSON
from errlint.model.pointer import Pointer
from errlint.model.record import record
from errlint.model.spec import Node, Resolve, Unresolved

Named = tuple[str, Node]


@record
class Content:
    """One way in which an answer is written, with the names and places of its examples.

    ``illustrations`` are the schema's own examples, which those of the Media Type Object override (OpenAPI).
    ``listed`` is false for an example's media type that the operation does not produce.
    """

    media_type: str | None
    schema: Node | None = None
    layer: str | None = None
    examples: tuple[Named, ...] = ()
    illustrations: tuple[Named, ...] = ()
    listed: bool = True


@record
class Answer:
    """A response after ``$ref``: its contents (one without media type where it has none), and its broken references.

    ``broken`` cost a content, ``lost`` an example.
    """

    contents: tuple[Content, ...]
    layer: str | None = None
    broken: tuple[Unresolved, ...] = ()
    lost: tuple[Unresolved, ...] = ()


class Answers:
    """The responses of one document, each read once however many operations share it."""

    def __init__(self, resolve: Resolve, dialect: str) -> None:
        self._resolve = resolve
        self._dialect = dialect
        self._read: dict[tuple[str, Pointer, tuple[str, ...], bool], Answer] = {}

    def read(self, response: Node, produces: tuple[str, ...], examples: bool = True) -> Answer:
        """What a response holds, with its ``examples`` or without; ``produces`` are the operation's media types, in 2.0."""
        key = (response.uri, response.pointer, produces, examples)
        found = self._read.get(key)
        if found is None:
            found = self._v2(response, produces, examples) if self._dialect == "2.0" else self._v3(response, examples)
            self._read[key] = found
        return found

    def _v3(self, response: Node, shown: bool) -> Answer:
        contents: list[Content] = []
        broken: list[Unresolved] = []
        lost: list[Unresolved] = []
        for media_type, named in members(response.get("content")):
            if media_type == "x-errlint":
                continue
            try:
                media = self._resolve(named)
            except Unresolved as fault:
                broken.append(fault)
                continue
            examples = tuple(self._examples(media, lost)) if shown else ()
            # 3.2 describes the items of a stream instead of the whole: there an item is what a client reads.
            shape = schema(media) or schema(media, "itemSchema")
            illustrations = tuple(self._illustrations(shape)) if shown and not examples else ()
            contents.append(Content(media_type.strip(), shape, layer(media.value), examples, illustrations))
        if not contents and not broken:
            contents.append(Content(None))
        return Answer(tuple(contents), layer(response.value), tuple(broken), tuple(lost))

    def _v2(self, response: Node, produces: tuple[str, ...], shown: bool) -> Answer:
        shape = schema(response)
        examples = {media_type.strip(): node for media_type, node in members(response.get("examples"))}
        types = (produces or (JSON,)) if shape is not None else tuple(examples)
        if not shown:
            return Answer(tuple(Content(name, shape) for name in types) or (Content(None),), layer(response.value))
        illustrations = tuple(self._illustrations(shape))
        contents = [_content(media_type, shape, examples, illustrations) for media_type in types] or [Content(None)]
        known = {media_type.lower() for media_type in types}
        stray = [
            Content(name, shape, None, (("example", node),), (), False)
            for name, node in examples.items()
            if name.lower() not in known
        ]
        return Answer((*contents, *stray), layer(response.value))

    def _examples(self, media: Node, lost: list[Unresolved]) -> Iterator[Named]:
        """The examples of a Media Type Object that have a value in the document."""
        single = media.get("example")
        if single is not None:
            yield "example", single
        for name, named in members(media.get("examples")):
            try:
                example = self._resolve(named)
            except Unresolved as fault:
                lost.append(fault)
                continue
            value = example.get("value") or example.get("dataValue")
            if value is not None:
                yield name, value

    def _illustrations(self, shape: Node | None) -> Iterator[Named]:
        """The examples at the top of a schema; beside a ``$ref`` they count in 3.1 only."""
        if shape is None:
            return
        try:
            target = self._resolve(shape)
        except Unresolved:
            return
        for node in (shape, target) if target is not shape and self._dialect == "3.1" else (target,):
            single = node.get("example")
            if single is not None:
                yield "example", single
            if self._dialect == "3.1":
                for index, value in enumerate(elements(node.get("examples"))):
                    yield f"examples/{index}", value


def _content(media_type: str, shape: Node | None, examples: dict[str, Node], illustrations: tuple[Named, ...]) -> Content:
    """A content of a 2.0 response, with the examples of its media type."""
    own = tuple(("example", node) for name, node in examples.items() if name.lower() == media_type.lower())
    return Content(media_type, shape, None, own, () if own else illustrations)
