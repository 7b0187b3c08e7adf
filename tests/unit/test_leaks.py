"""Stack traces and secrets: what is one, what only looks alike, and that no finding repeats a secret."""

from __future__ import annotations

import pytest

from errlint.checks.leaks import LONGEST, SECRETS, TRACES, secret, trace
from tests.rule_examples import judged

FOUND_TRACES = {
    "Python": "Traceback (most recent call last):\n  File \"/srv/app.py\", line 7, in get\nKeyError: 'x'",
    "Java": "java.lang.NullPointerException: null\n\tat com.shop.Things.get(Things.java:42)\n\t... 12 more",
    ".NET": "System.NullReferenceException\n   at Shop.Things.Get(Int32 id) in C:\\src\\Things.cs:line 42",
    "Go": "panic: runtime error\n\ngoroutine 1 [running]:\nmain.main()",
    "Node.js": "Error: boom\n    at Layer.handle (/srv/node_modules/router/lib/layer.js:169:33)",
    "Rust": "thread 'main' panicked at src/main.rs:4:5:\nboom",
    "PHP": "PHP Fatal error: Uncaught Exception: boom in /srv/index.php:3",
    "Ruby": "/srv/app/models/thing.rb:12:in `find'",
}
MORE_TRACES = {
    "Python": ['  File "<stdin>", line 1, in <module>'],
    "Java": ["at com.shop.Main$.main(Main.scala:7)", "at com.shop.MainKt.main(Main.kt:7)"],
    "Node.js": ["x\n    at async file:///srv/app.mjs:3:7", "x\n    at node:internal/main/run_main_module:23:47"],
    "Go": ["panic: runtime error: index out of range [5] with length 3"],
    "PHP": ["#0 /srv/index.php(12): get('x')"],
    "Rust": ["stack backtrace:\n   0: rust_begin_unwind"],
    "Ruby": ["thing.rb:12:in 'Object#find'"],
}
NO_TRACES = {
    "Python": 'see the traceback in the file "app.py", line 7',
    "Java": "meet us at com.shop.example (Java: 42)",
    ".NET": "at noon in line 42",
    "Go": "the goroutine 1 is running",
    "Node.js": "found at line 3 (column 7), at /things:1",
    "Rust": "thread 'main' has panicked",
    "PHP": "comment #12 in index.php, see below",
    "Ruby": "thing.rb, line 12",
}
FOUND_SECRETS = {
    "a JSON Web Token": "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJzaG9wIiwiZXhwIjoxfQ.c2lnbmF0dXJlc2lnbmF0dXJl",
    "an AWS access key": "AKIAQWERTYUIOPASDFGH",
    "a private key": "-----BEGIN EC PRIVATE KEY-----",
    "a GitHub token": "ghp_" + "a1B2" * 9,
    "a Slack token": "xoxb-123456789012-abcdefghijkl",
    "a bearer token": "Bearer 4f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c",
}
NO_SECRETS = {
    "a JSON Web Token": "eyJhbGciOiJSUzI1NiJ9.eyJ.x is cut off",
    "an AWS access key": "AKIAshort, XAKIAQWERTYUIOPASDFGH",
    "a private key": "-----BEGIN PUBLIC KEY-----",
    "a GitHub token": "ghp_example",
    "a Slack token": "xoxb-your-token",
    "a bearer token": "Bearer authentication with aVeryLongWordButNoDigit",
}
SPECIMENS = [
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ"
    ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
    "AKIAIOSFODNN7EXAMPLE",
    "AKIAI44QH8DHBEXAMPLE",
]


def test_every_pattern_has_an_example_and_a_near_miss():
    languages, kinds = [sign.kind for sign in TRACES], [sign.kind for sign in SECRETS]
    assert (list(FOUND_TRACES), list(NO_TRACES)) == (languages, languages)
    assert (list(FOUND_SECRETS), list(NO_SECRETS)) == (kinds, kinds)


@pytest.mark.parametrize(
    ("language", "text"),
    [*FOUND_TRACES.items(), *((language, text) for language, texts in MORE_TRACES.items() for text in texts)],
)
def test_a_stack_trace_is_found_with_its_language(language, text):
    assert (trace(text), trace(f"failed: \n{text}\n")) == (language, language)


@pytest.mark.parametrize("text", NO_TRACES.values(), ids=NO_TRACES)
def test_words_about_code_are_no_stack_trace(text):
    assert trace(text) is None


@pytest.mark.parametrize(("kind", "text"), FOUND_SECRETS.items())
def test_a_secret_is_found_with_its_kind(kind, text):
    assert (secret(text), secret(f"token ({text}) refused")) == (kind, kind)


@pytest.mark.parametrize("text", NO_SECRETS.values(), ids=NO_SECRETS)
def test_words_about_secrets_are_no_secret(text):
    assert secret(text) is None


@pytest.mark.parametrize("text", SPECIMENS, ids=["jwt.io", "AWS", "AWS, the second"])
def test_a_published_specimen_is_no_secret(text):
    assert secret(f"for example {text}") is None


def test_a_secret_beside_a_specimen_is_found():
    assert secret(f"{SPECIMENS[1]} {FOUND_SECRETS['an AWS access key']}") == "an AWS access key"


@pytest.mark.parametrize(("kind", "text"), FOUND_SECRETS.items())
def test_a_finding_never_repeats_the_secret(kind, text, tmp_path):
    (finding,) = judged("SEC004", {"status": 401, "body": {"error": text}}, tmp_path)
    assert (finding.message, text in repr(finding)) == (f"the answer holds {kind}", False)


HOSTILE = [
    "\n",
    " ",
    "\t",
    "at ",
    "at a(",
    "at a.b(c",
    'File "',
    'File "a", line 1, on ',
    "#1 ",
    "#1 a.php",
    "a/",
    "a.rb:1:in ",
    "panic: ",
    "goroutine 1 [",
    "thread '",
    "eyJ",
    "eyJaaaa.",
    "eyJ-",
    "eyJaaaaaaaaa.eyJ.",
    "Bearer ",
    "Bearer a",
    "AKIA",
    "-----BEGIN ",
    "ghp_",
    "xoxb",
    "a",
    "1",
    "-",
]


@pytest.mark.parametrize("piece", HOSTILE, ids=repr)
def test_hostile_text_of_full_length_is_searched_to_its_end(piece):
    text = piece * (LONGEST // len(piece))
    found = [sign for sign in (*TRACES, *SECRETS) if sign.expression.search(text)]
    assert (found, trace(text), secret(text)) == ([], None, None)
