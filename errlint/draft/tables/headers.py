"""What a table's columns mean: the words that pages in English and Chinese put above them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

WORDS = {
    "code": (
        *(
            "code",
            "error code",
            "errorcode",
            "err code",
            "errcode",
            "error codes",
            "error id",
            "error number",
            "error no",
            "errno",
        ),
        *("api error code", "api code", "return code", "result code", "sub code", "subcode", "business code", "exception code"),
        *(
            "application code",
            "internal code",
            "codes",
            "错误码",
            "错误代码",
            "错误编码",
            "返回码",
            "业务错误码",
            "エラーコード",
        ),
    ),
    "status": (
        *(
            "http",
            "status",
            "http status",
            "http status code",
            "http statuscode",
            "httpstatus",
            "httpstatuscode",
            "status code",
        ),
        *("statuscode", "http code", "httpcode", "http response code", "response code", "response status", "http error code"),
        *("http response status", "http response status code", "http error"),
        *("状态码", "http状态码", "http 状态码", "http响应码", "http返回码", "响应码", "返回状态码", "http code 状态码"),
    ),
    "name": (
        *("name", "error name", "constant", "constant name", "symbol", "symbolic name", "enum", "enum value", "identifier"),
        *("error", "error type", "exception", "exception name", "key", "错误名称", "名称", "枚举值", "错误类型"),
    ),
    "message": (
        *("message", "error message", "errormessage", "msg", "error msg", "errmsg", "message text", "text", "error text"),
        *("message template", "error messages", "response message", "sample message", "example message"),
        *("错误信息", "错误消息", "错误提示", "返回信息", "提示信息", "消息"),
    ),
    "description": (
        *("description", "error description", "meaning", "details", "detail", "explanation", "cause", "causes", "reason"),
        *("possible cause", "possible causes", "notes", "note", "comment", "comments", "summary", "when", "definition"),
        *("说明", "描述", "错误描述", "错误说明", "原因", "错误原因", "可能原因", "含义", "备注"),
    ),
    "resolution": (
        *("resolution", "solution", "solutions", "possible solution", "possible solutions", "handling", "handling measure"),
        *("handling measures", "action", "recommended action", "suggested action", "corrective action", "how to fix", "fix"),
        *("remedy", "what to do", "suggestion", "workaround", "troubleshooting", "next steps", "recommendation", "mitigation"),
        *("解决方案", "解决方法", "解决办法", "处理措施", "处理方法", "处理建议", "建议", "排查建议"),
    ),
    "category": ("category", "group", "module", "domain", "area", "类别", "模块", "分类"),
    "layer": ("layer",),
    "retry": ("retry", "retryable", "retriable", "can retry", "是否可重试"),
    "operations": ("operation", "operations", "endpoint", "endpoints", "applies to"),
    "owner": ("owner",),
    "since": ("since", "added in"),
}
MEANT = {word: field for field, words in WORDS.items() for word in words}
LONGEST = max(len(word) for word in MEANT)

TELLING = ("code", "status", "name")
"""Columns one of which a table of errors must have."""


@lru_cache(maxsize=4096)
def meant(header: str) -> str | None:
    """The field of format 1 that a column's header means, None for another column."""
    if len(header) > 4 * LONGEST:
        return None
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", header)
    for text in (header, spaced):
        word = " ".join(re.sub(r"[^\w一-鿿ぁ-ヿ]+|_", " ", text.lower()).split())
        if word in MEANT:
            return MEANT[word]
    return None


def fields(header: Sequence[str]) -> tuple[str | None, ...]:
    """What each column means; of two columns of one meaning the first counts, and a name stands for a code that is nowhere."""
    found: list[str | None] = []
    for text in header:
        field = meant(text)
        found.append(field if field not in found else None)
    if "code" not in found and "name" in found:
        found[found.index("name")] = "code"
    return tuple(found)


def is_header(cells: Sequence[str]) -> bool:
    """Whether a row is the header of a table of errors: at least two known columns, one of them a code or a status."""
    known = [field for field in map(meant, cells) if field is not None]
    return len(set(known)) >= 2 and any(field in TELLING for field in known)


def glued(text: str) -> tuple[str, ...] | None:
    """The columns of a header whose words stand without a space between them (``CodeHTTPName``), None for other texts."""
    if len(text) > 200 or text[:1].islower():
        return None
    found: list[str] = []
    at = 0
    while at < len(text):
        word = next((w for w in _starts(text, at)), None)
        if word is None:
            return None
        found.append(text[at : at + len(word)])
        at += len(word)
    return tuple(found) if len(found) > 1 and is_header(found) else None


def _starts(text: str, at: int) -> list[str]:
    """The known words that the text has at a place, longest first; what follows must start a word of its own."""
    below = text[at : at + LONGEST].lower()
    fitting = (word for word in MEANT if below.startswith(word))
    ends = [word for word in fitting if at + len(word) == len(text) or not text[at + len(word)].islower()]
    return sorted(ends, key=len, reverse=True)
