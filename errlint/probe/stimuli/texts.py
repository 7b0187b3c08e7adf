"""Stimuli about how a body is written: its charset, its content coding, repeated members, deep nesting."""

from __future__ import annotations

from collections.abc import Iterator

from errlint.model.spec import Operation
from errlint.probe.scene import Scene
from errlint.probe.stimuli.json_bodies import TRUNCATED, with_body
from errlint.probe.stimuli.registry import stimulus
from errlint.probe.trial import Trial

LEVELS = 2000
"""Deep enough for the decoders that recurse, and small: two kilobytes, never closed, so that no decoder takes it."""


@stimulus("wrong-charset")
def wrong_charset(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """A charset that the bytes are not in, and bytes that are no UTF-8, which JSON is (RFC 8259 section 8.1).

    Neither is whole: a decoder that takes any bytes finds a body that does not parse.
    """
    yield from with_body(scene, operation, "wrong-charset", TRUNCATED, parameters="; charset=utf-16")
    yield from with_body(scene, operation, "wrong-charset", b'{"errlint": "\xff\xfe')


@stimulus("wrong-encoding")
def wrong_encoding(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """A content coding that nobody registered, and bytes that are none of the coding that they claim.

    A service may answer 415 (RFC 9110 section 15.5.16); one that ignores the coding finds a body that does not parse.
    """
    for coding in ("errlint", "gzip"):
        headers = (("Content-Encoding", coding),)
        yield from with_body(scene, operation, "wrong-encoding", TRUNCATED, headers=headers)


@stimulus("duplicate-members")
def duplicate_members(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """An object with one name twice, which receivers treat differently (RFC 8259 section 4), and without what is required."""
    yield from with_body(scene, operation, "duplicate-members", b'{"errlint":1,"errlint":2}')


@stimulus("deep-nesting")
def deep_nesting(scene: Scene, operation: Operation) -> Iterator[Trial]:
    """Arrays in arrays, at which decoders that recurse give up."""
    yield from with_body(scene, operation, "deep-nesting", b"[" * LEVELS)
