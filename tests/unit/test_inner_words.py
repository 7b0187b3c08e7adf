"""Words from inside of a service: what they are, what only looks alike, and that no text takes long."""

from __future__ import annotations

import pytest

from errlint.checks import leaks
from errlint.checks.inner_words import ADDRESSES, DATABASE, HOST, LANGUAGE, MOST_VALUES, texts
from errlint.checks.sec_words import address, database, language
from tests.rule_examples import judged

FOUND_DATABASE = {
    "an SQLSTATE": ["SQLSTATE[42S02]: Base table or view not found", "error SQLSTATE 23502", 'SQLSTATE: "08006"'],
    "an error number of Oracle": ["ORA-00942: table or view does not exist", "PLS-00201: identifier must be declared"],
    "an SQL statement": [
        "near x: SELECT id, name FROM users",
        "INSERT INTO users (id) VALUES (1)",
        "UPDATE users SET name = 1",
        "DELETE FROM users WHERE id = 1",
    ],
    "words of PostgreSQL": [
        "psycopg2.errors.UniqueViolation",
        'violates foreign key constraint "a"',
        'relation "users" does not exist',
        "pq: role x",
    ],
    "words of MySQL": ["Duplicate entry 'a' for key 'b'", "Table 'shop.users' doesn't exist", "ER_DUP_ENTRY"],
    "words of SQLite": ["SQLITE_CONSTRAINT", "UNIQUE constraint failed: users.email", "no such table: users"],
    "words of SQL Server": ["Incorrect syntax near 'x'", "Violation of PRIMARY KEY constraint 'PK'"],
    "words of MongoDB": ["E11000 duplicate key error collection", "MongoServerError: x"],
    "words of a database library": [
        "java.sql.SQLSyntaxErrorException",
        "sqlalchemy.exc.IntegrityError",
        "could not execute query",
    ],
}
NO_DATABASE = [
    "SQLSTATE is not told",
    "select a user FROM the list",
    "please SELECT one",
    "UPDATE the document SET your own",
    "the request violates a constraint",
    "the table is taken",
    "a database error",
    "DataBase-0001",
    "ORA-1",
    "no such user: 7",
]
FOUND_ADDRESSES = {
    HOST.kind: [
        "http://api.shop.svc.cluster.local:8080/x",
        "ip-10-0-0-1.ec2.internal",
        "db-1.internal",
        "https://billing.internal/pay",
        "billing.internal:443",
    ],
    "a private IP address": ["10.4.7.12", "http://192.168.3.4/x", "(172.16.0.9:5432)", "user@10.0.0.1"],
    "a path of the server's file system": [
        "in /usr/lib/node_modules/x",
        "'/home/app/shop/rates.json'",
        "/etc/passwd",
        "C:\\inetpub\\wwwroot\\x.aspx",
        'open "/var/lib/shop"',
    ],
    "an ARN of AWS": ["arn:aws:iam::210987654321:role/shop"],
}
NO_ADDRESSES = [
    "8.8.8.8 and 203.0.113.7 and 172.32.0.1 and 192.169.0.1",
    "the range 10.0.0.0/16",
    "version 10.2.3.4",
    "1.10.2.3.4",
    "error.internal",
    "com.acme.internal.Things",
    "https://example.org/home/shop/status",
    "/homepage/x, /api/etc/x",
    "instance: /things/home/1",
    "arn:aws:iam::123456789012:role/shop",
    "GET /users/{id}",
    "a: b\\c",
]
FOUND_LANGUAGES = {
    "Python": [
        "'NoneType' object is not subscriptable",
        "KeyError: 'x'",
        "list index out of range",
        "f() missing 1 required positional argument: 'x'",
        "Expecting value: line 1 column 1 (char 0)",
        "{'loc': 1}",
        "<class 'int'>",
    ],
    "JavaScript": [
        "undefined is not a function",
        "Cannot read properties of null (reading 'x')",
        "Cannot read property 'x' of undefined",
        "a.b is not a function",
        "[object Object]",
    ],
    "Java": ["java.lang.IllegalStateException: x", "NullPointerException", "Cannot deserialize value of type `int`"],
    ".NET": ["Object reference not set to an instance of an object", "System.FormatException: x"],
    "Go": [
        "runtime error: invalid memory address or nil pointer dereference",
        "invalid character 'x' looking for beginning of value",
    ],
    "Ruby": ["undefined method `x' for nil:NilClass"],
    "PHP": ["Undefined index: x", "Call to a member function x() on null"],
    "Rust": ["called `Option::unwrap()` on a `None` value"],
}
NO_LANGUAGES = [
    "the object has no attribute name",
    "'type' is required",
    "x is not a number",
    "an undefined error",
    "ValidationException",
    "ValidationError: name is missing",
    "the system is down",
    "Exception in the rules: see above",
    "it's {name} and ['a', 'b']",
    "1 Error (see below)",
]
TABLES = ((DATABASE, FOUND_DATABASE), ((HOST, *ADDRESSES), FOUND_ADDRESSES), (LANGUAGE, FOUND_LANGUAGES))


def cases(table):
    return [pytest.param(kind, text, id=text) for kind, found in table.items() for text in found]


def test_every_sign_has_an_example():
    assert [[sign.kind for sign in signs] for signs, _ in TABLES] == [list(found) for _, found in TABLES]


@pytest.mark.parametrize(("kind", "text"), cases(FOUND_DATABASE))
def test_words_of_a_database_are_found(kind, text):
    assert (database(text), database(f"failed ({text})")) == (kind, kind)


@pytest.mark.parametrize(("kind", "text"), cases(FOUND_ADDRESSES))
def test_an_inner_address_is_found(kind, text):
    assert (address(text), address(f"failed at {text}")) == (kind, kind)


@pytest.mark.parametrize(("kind", "text"), cases(FOUND_LANGUAGES))
def test_words_of_a_language_are_found(kind, text):
    assert (language(text), language(f"failed: {text}.")) == (kind, kind)


@pytest.mark.parametrize("text", [*NO_DATABASE, *NO_ADDRESSES, *NO_LANGUAGES])
def test_what_only_looks_alike_is_none(text):
    assert (database(text), address(text), language(text)) == (None, None, None)


PIECES = [
    *(
        "\n",
        " ",
        "a",
        "1",
        "-",
        ".",
        "/",
        "'",
        '"',
        "{'",
        "[('",
        "a.",
        "a-",
        "a, ",
        "10.",
        "10.1.",
        "//a.",
        "@a.",
        "C:\\",
        "C:\\a\\",
    ),
    *("SELECT ", "SELECT a, ", "UPDATE a ", "INSERT INTO a", 'relation "', "Duplicate entry '", "SQLSTATE[", "Table '"),
    *("/home/", "/usr/lib/", "/var/", "arn:aws:", "a.internal", ".svc.cluster.local", "java.", "System.", "strconv.Parse"),
    *(
        "' object ",
        "name '",
        "() missing ",
        "Unexpected token ",
        "undefined method `",
        "must be of type a, ",
        'Cannot invoke "',
        "{'a",
    ),
]


@pytest.mark.parametrize("piece", PIECES, ids=repr)
def test_hostile_text_of_full_length_is_searched_to_its_end(piece):
    text = piece * (leaks.LONGEST // len(piece))
    for sign in (*DATABASE, HOST, *ADDRESSES, *LANGUAGE):
        sign.expression.search(text)


def test_the_texts_of_a_body_are_those_of_its_values():
    assert texts([{"a": ["x", {"b": "y"}], "c": 1}, "z"]) == "z\n\nx\n\ny"


def test_a_value_that_repeats_itself_over_and_over_has_an_end():
    value: object = "x"
    for _ in range(60):
        value = [value, value]
    assert len(texts([value])) < 10 * MOST_VALUES


def test_a_finding_never_quotes_what_leaked(tmp_path):
    told = [
        *judged("SEC002", {"status": 500, "body": {"error": "SELECT pin FROM cards WHERE id=4711"}}, tmp_path),
        *judged("SEC003", {"status": 500, "body": {"error": "no route to 10.47.11.8"}}, tmp_path),
        *judged("SEC007", {"status": 500, "body": {"error": "KeyError: 'pin4711'"}}, tmp_path),
    ]
    assert [finding.rule for finding in told] == ["SEC002", "SEC003", "SEC007"]
    assert [word for finding in told for word in ("pin", "4711", "10.47") if word in repr(finding)] == []


PRECEDENCE = [
    ("SEC001", "SEC005", {"status": 500, "body": {"stacktrace": "Traceback (most recent call last):\nx"}}),
    (
        "SEC001",
        "SEC003",
        {"status": 500, "body": {"e": 'Traceback (most recent call last):\n  File "/usr/lib/x.py", at /usr/lib/x'}},
    ),
    ("SEC002", "SEC007", {"status": 500, "body": {"error": "java.sql.SQLException: ORA-00942"}}),
    ("SEC005", "SEC007", {"status": 500, "body": {"exception": "java.lang.Error: x"}}),
    ("ENV001", "SEC007", {"catalog": "eventml", "status": 500, "body": {"error": "KeyError: 'x'"}}),
    (
        "SEC007",
        "MSG001",
        {"catalog": "eventml", "status": 404, "body": {"error": {"code": "ML_1001", "message": "KeyError: 'x'", "http": 404}}},
    ),
]


@pytest.mark.parametrize(
    ("winner", "loser", "example"), [pytest.param(*case, id=f"{case[0]}>{case[1]}") for case in PRECEDENCE]
)
def test_one_leak_is_one_finding(winner, loser, example, tmp_path, monkeypatch):
    from errlint.checks import judge as judging

    spoken = [bool(judged(rule, example, tmp_path)) for rule in (winner, loser)]
    monkeypatch.setattr(judging, "precedence", lambda raised: raised)
    assert (spoken, [bool(judged(rule, example, tmp_path)) for rule in (winner, loser)]) == ([True, False], [True, True])
