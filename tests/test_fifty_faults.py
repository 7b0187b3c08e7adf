"""The faults that real services show, each with the injected fault and the rule that catch it, or why nobody can decide it."""

from __future__ import annotations

from tests.test_services import ALLOWED, EVENTML, LIMITED, MAAS, TOLD

RULES = {name: rule for name, (rule, _) in {**EVENTML, **MAAS}.items()} | {name: rule for name, (_, rule, _) in ALLOWED.items()}
RULES |= dict.fromkeys(LIMITED, "HTP002") | dict.fromkeys(TOLD, "COD001")

CAUGHT: dict[str, tuple[str, ...]] = {
    "a code that is not in the catalog": ("undocumented-code", "unknown-value-code"),
    "a documented code under another status": ("code-under-wrong-status",),
    "the body's status differs from HTTP's": ("body-status-mismatch", "engine-code-differs"),
    "a library's own code": ("engine-type-unknown",),
    "the same condition, another code on another route": ("code-of-another-operation",),
    "a framework's envelope": ("framework-validation", "validation-not-translated"),
    "two shapes for one status and operation": ("flat-envelope",),
    "a code that is missing in one branch": ("missing-code", "none-code"),
    "HTML for an unknown path, a method, an odd id, 500": ("stray-html", "html-error", "nul-id-page", "gateway-html"),
    "a JSON type over a body that is none": ("html-as-json", "truncated-json"),
    "a text type over JSON": ("json-as-text", "gateway-json-as-text"),
    "an empty body": ("empty-401",),
    "200 with an error": ("error-under-success",),
    "invalid input is accepted": ("lenient-body", "query-accepted", "duplicate-member-accepted", "missing-query-accepted"),
    "5xx for a client's fault": ("server-error", "null-body-crash", "content-coding-crash", "query-crash"),
    "5xx instead of 404": ("long-id-crash",),
    "a dropped connection": ("dropped-connection", "deep-nesting-dropped"),
    "a stack trace": ("stack-trace",),
    "SQL and names of tables": ("database-text",),
    "hosts and paths inside of the network": ("internal-address",),
    "a language's own text": ("language-text",),
    "an unfilled placeholder": ("unfilled-placeholder", "batch-unfilled-placeholder"),
    "a code of another type": ("code-type",),
    "a code in another case": ("code-case",),
    '"None" for null': ("none-code",),
    "an undocumented member": ("undocumented-member",),
    "an undeclared status": ("undeclared-status", "odd-status"),
    "401 without WWW-Authenticate": ("no-challenge",),
    "405 without Allow": ("no-allow",),
    "credentials that nobody asks for": ("auth-not-enforced",),
    "a gateway's page instead of the body": ("gateway-html",),
    "a code of another layer": ("platform-code-in-engine-envelope", "gateway-code-in-engine-envelope"),
    "copies of a code that disagree": ("disagreeing-copies",),
    "no Retry-After": ("throttled-without-retry-after",),
    "an error inside a batch answer": ("batch-undocumented-code",),
    "an error at the end of a stream": ("events-undocumented-code", "stream-undocumented-code"),
    "another shape for a method, or for a method on an unknown path": ("stray-method-envelope", "unknown-path-method-accepted"),
    "HEAD says other than GET": ("head-accepted",),
    "another shape for a trailing slash": ("trailing-slash-shape",),
    "another shape for a double slash": ("double-slash-page",),
    "%ff skips the handler": ("undecodable-id-dropped",),
    "NUL skips the handler": ("nul-id-page",),
    "bytes that are no UTF-8 crash": ("bad-bytes-crash",),
    "another charset skips the handler": ("charset-page",),
    "a secret in a message": ("leaked-token",),
    "a role of the wrong type": ("wrong-role-type", "status-as-text", "missing-message"),
    "another media type": ("wrong-media-type",),
    "a fixed text that differs": ("framework-405-text",),
}
"""What is wrong -> faults of the services in these tests that are it."""

NO_FINDING = {
    "a documented code is never seen, another one instead": "both are documented: the coverage names what came instead",
    "a catch-all code for client errors": "the catalog documents it; the coverage names the codes that it hides",
    "one code for a missing and an invalid token": "as before: the coverage names what no-auth and bad-auth got",
    "bad JSON is taken for an empty body": "only the message tells the two apart, and it is not fixed",
    "403 without credentials": "RFC 9110 section 15.5.4 allows it; a code of 401 under it is COD002",
    "Accept is ignored": "RFC 9110 section 12.5.1 allows it",
    "an upstream's status stands in the message only": "nothing tells an upstream's status from any other number",
    "200 with null": "a document without a schema for it allows it; to a request that must be refused it is HTP010",
    "the declared envelope is nowhere the real one": "each answer is ENV001; lint judges the declaration",
    "a declared schema accepts anything": "ENV005 of lint",
    "no request id": "HTP004, which the user switches on and names the header for",
}
"""What is wrong -> why a probe over these services makes no finding of its own of it."""


def test_every_fault_of_the_services_stands_in_the_table():
    listed = {name for names in CAUGHT.values() for name in names}
    assert listed == set(RULES)


def test_each_kind_of_fault_is_caught_by_rules_that_say_so():
    assert {kind: sorted({RULES[name] for name in names}) for kind, names in CAUGHT.items() if kind.startswith("5xx")} == {
        "5xx for a client's fault": ["HTP008"],
        "5xx instead of 404": ["HTP008"],
    }
    assert all(len({RULES[name] for name in names}) <= 3 for names in CAUGHT.values())


def test_the_table_holds_fifty_kinds_and_more_faults():
    assert len(CAUGHT) + len(NO_FINDING) >= 50
    assert len(RULES) >= 60
    assert not CAUGHT.keys() & NO_FINDING.keys()
