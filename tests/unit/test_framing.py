"""The bytes of an answer and its media type, read as values."""

from __future__ import annotations

import pytest

from errlint.match.framing import Framed, frame, kind_of
from errlint.model.exchange import Observation
from errlint.model.finding import NOWHERE


def framed(body: bytes | str, media_type: str = "application/json") -> Framed:
    body = body.encode() if isinstance(body, str) else body
    headers = {"content-type": media_type} if media_type else {}
    return frame(Observation("live", NOWHERE, 400, headers, body))


def read(body: bytes | str, media_type: str = "application/json") -> tuple[str, tuple[object, ...], str]:
    got = framed(body, media_type)
    return got.kind, got.values, got.problem


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("application/json", "json"),
        ("application/problem+json", "json"),
        ("application/vnd.shop.error+json", "json"),
        ("text/json", "json"),
        ("text/event-stream", "sse"),
        ("application/x-ndjson", "ndjson"),
        ("application/jsonl", "ndjson"),
        ("text/html", "html"),
        ("application/xhtml+xml", "html"),
        ("text/plain", "text"),
        ("application/xml", "other"),
        ("application/octet-stream", "other"),
    ],
)
def test_a_media_type_announces_a_kind_of_body(media_type, expected):
    assert kind_of(media_type) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"a": 1}', {"a": 1}),
        (" \r\n[1, 2] ", [1, 2]),
        ('"gone"', "gone"),
        ("null", None),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        ('{"a": 1, "a": 2}', {"a": 2}),
        ('{"a": "\\ud83d\\ude00"}', {"a": "\U0001f600"}),
        ("12345678901234567890", 12345678901234567890),
        ("404.0", 404.0),
    ],
    ids=["object", "white space", "text", "null", "byte order mark", "duplicate keys", "pair of surrogates", "large", "float"],
)
def test_json_is_one_value(body, expected):
    assert read(body) == ("json", (expected,), "")


def test_a_number_of_more_digits_than_python_takes_is_a_number_still():
    assert read('{"n": ' + "7" * 5000 + "}") == ("json", ({"n": int("7" * 4300)},), "")


def test_json_is_read_whatever_the_content_type_says():
    assert [read("[1]", media_type) for media_type in ("text/plain", "text/html", "", "application/octet-stream")] == [
        ("json", ([1],), "")
    ] * 4


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"a": 1', "Expecting ',' delimiter (line 1 column 8)"),
        ("oops", "Expecting value (line 1 column 1)"),
        ('{"a": NaN}', "NaN is no JSON"),
        ("[-Infinity]", "-Infinity is no JSON"),
        ("{'a': 1}", "Expecting property name enclosed in double quotes (line 1 column 2)"),
        ('{"a": 1} {"b": 2}', "Extra data (line 1 column 10)"),
        (b'\xff{"a": 1}', "Expecting value (line 1 column 1)"),
        ("[" * 200_000 + "]" * 200_000, "it is nested too deeply"),
    ],
    ids=["cut off", "text", "NaN", "Infinity", "single quotes", "two values", "invalid UTF-8", "deep"],
)
def test_what_is_no_json_says_why(body, expected):
    assert read(body) == ("text", (), expected)


def test_invalid_utf_8_inside_a_text_is_replaced():
    assert read(b'{"a": "\xe9"}') == ("json", ({"a": "�"},), "")


@pytest.mark.parametrize("page", ["<!DOCTYPE html><p>", "  <html>", "<HEAD>", "<h1>Gone</h1>", "<title>x"])
def test_a_page_is_html_whatever_the_content_type_says(page):
    assert [framed(page, media_type).kind for media_type in ("text/html", "application/json", "text/plain", "")] == ["html"] * 4


def test_markup_that_is_no_page_is_text():
    assert framed("<error>gone</error>", "application/xml").kind == "text"


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", "text/event-stream", ""])
@pytest.mark.parametrize("body", [b"", b" \r\n\t"])
def test_white_space_is_no_body(body, media_type):
    assert (framed(body, media_type).kind, framed(body, media_type).values) == ("empty", ())


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        ('data: {"a": 1}\n\ndata: {"b": 2}\n\n', ({"a": 1}, {"b": 2})),
        ('data: {"a": 1}\r\n\r\ndata: {"b": 2}\r\n\r\n', ({"a": 1}, {"b": 2})),
        ('data: {"a": 1}\r\rdata: {"b": 2}', ({"a": 1}, {"b": 2})),
        ('event: error\nid: 7\ndata: {"a":\ndata:  1}\n\n', ({"a": 1},)),
        ('data:{"a":1}\ndata:{"b":2}\n', ({"a": 1}, {"b": 2})),
        (': keep-alive\n\ndata: [DONE]\n\ndata: {"a": 1}\n\n', ([], {"a": 1})[1:]),
        ("data: [DONE]\n\n", ()),
        ('\ufeffdata: {"a": 1}', ({"a": 1},)),
    ],
    ids=["two", "CRLF", "CR", "several data lines", "no blank line", "comment and [DONE]", "nothing", "byte order mark"],
)
def test_an_event_stream_is_the_values_of_its_data(stream, expected):
    assert read(stream, "text/event-stream") == ("sse", expected, "")


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", ""])
def test_an_event_stream_is_one_whatever_the_content_type_says(media_type):
    got = framed('data: {"error_code": "A.1"}\n\n', media_type)
    assert (got.said, got.kind, got.values) == (kind_of(media_type) if media_type else "other", "sse", ({"error_code": "A.1"},))


def test_text_that_only_begins_like_an_event_stream_is_text():
    assert framed("data: missing", "text/plain").kind == "text"


def test_newline_delimited_json_is_its_lines():
    assert read('{"a": 1}\n\nnoise\n{"b": 2}\r\n', "application/x-ndjson") == ("ndjson", ({"a": 1}, {"b": 2}), "")


def test_an_example_is_its_value():
    example = Observation("example", NOWHERE, 400, {"content-type": "application/json"}, value=None)
    assert frame(example) == Framed("json", "json", (None,), text="null")


def test_a_body_is_read_up_to_one_mebibyte():
    got = framed('"' + "x" * (1 << 20) + '"')
    assert (got.kind, got.problem, len(got.text)) == ("other", "", 1 << 20)  # more may well make it JSON
