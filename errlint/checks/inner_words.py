"""What a service's inner life looks like in its errors: words of databases and languages, addresses inside of its network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from errlint.checks.leaks import LONGEST, Sign

DATABASE: tuple[Sign, ...] = (
    Sign("an SQLSTATE", ("SQLSTATE",), r"\bSQLSTATE[ :=\[('\"]{1,3}(?=[A-Z]{0,4}\d)[0-9A-Z]{5}\b"),
    Sign("an error number of Oracle", ("ORA-", "PLS-"), r"\b(?:ORA|PLS)-\d{5}\b"),
    Sign(
        "an SQL statement",
        ("SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM "),
        r"\bSELECT [^\n;]{1,200}? FROM [\w\"`\[(]|\bINSERT INTO [\w.\"`]{1,80} ?\("
        r"|\bUPDATE [\w.\"`]{1,80} SET [\w.\"`]{1,80} ?=|\bDELETE FROM [\w.\"`]{1,80} WHERE ",
    ),
    Sign(
        "words of PostgreSQL",
        ("psycopg", "PSQLException", "PG::", "violates ", 'relation "', 'column "', "at or near", "pq: "),
        r"\bpsycopg[23]?\.|\bPSQLException\b|\bPG::[A-Z]\w|\bviolates (?:unique|foreign key|not-null|check) constraint\b"
        r"|\brelation \"[^\"\n]{1,80}\" (?:does not exist|already exists)|\bsyntax error at or near \""
        r"|\bcolumn \"[^\"\n]{1,80}\" (?:of relation|does not exist)|(?:^|[\s\"(])pq: ",
    ),
    Sign(
        "words of MySQL",
        ("Duplicate entry", "SQL syntax", "com.mysql", "MySQLdb", "Table '", "ER_"),
        r"\bDuplicate entry '[^'\n]{1,200}' for key|\bYou have an error in your SQL syntax|\bcom\.mysql\.|\bMySQLdb\."
        r"|\bTable '[^'\n]{1,120}' doesn't exist|\bER_(?:DUP_ENTRY|NO_SUCH_TABLE|PARSE_ERROR|BAD_FIELD_ERROR|LOCK_DEADLOCK)\b",
    ),
    Sign(
        "words of SQLite",
        ("SQLITE_", "OperationalError", "constraint failed", "no such "),
        r"\bSQLITE_[A-Z]{3,20}\b|\bOperationalError\b|\b(?:UNIQUE|NOT NULL|FOREIGN KEY|CHECK) constraint failed\b"
        r"|\bno such (?:table|column): \w",
    ),
    Sign(
        "words of SQL Server",
        ("Unclosed quotation", "Incorrect syntax", "SqlClient", "KEY constraint", "Invalid object name"),
        r"\bUnclosed quotation mark after|\bIncorrect syntax near '|\bSystem\.Data\.SqlClient\b"
        r"|\bViolation of (?:PRIMARY|UNIQUE) KEY constraint\b|\bInvalid object name '",
    ),
    Sign("words of MongoDB", ("E11000", "Mongo"), r"\bE11000 duplicate key\b|\bMongo(?:Server|Network|Write)?Error\b"),
    Sign(
        "words of a database library",
        ("Exception", "sqlalchemy", "could not execute", "ActiveRecord", "django.db"),
        r"\bjava\.sql\.SQL\w{0,60}Exception\b|\b(?:SqlException|PDOException|JDBC\w{1,40}Exception)\b|\bsqlalchemy\.\w"
        r"|\borg\.hibernate\.\w|\bcould not execute (?:statement|query)\b|\bActiveRecord::\w|\bdjango\.db\.\w",
    ),
)

_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"

HOST = Sign(
    "the name of a host inside of a network",
    (".internal", ".svc.cluster.local"),
    r"(?<![\w.-])(?:[\w-]{1,63}\.){1,8}svc\.cluster\.local\b"
    r"|(?<![\w.-])(?:[\w-]{1,63}\.){1,8}(?:compute|ec2|google)\.internal\b(?![.\w-])"
    # ``error.internal`` is a code as likely as a host: it is one after // and @, before a port, and with a number in it.
    r"|(?<=[/@])(?:[\w-]{1,63}\.){1,8}internal\b(?![.\w-])"
    r"|(?<![\w.-])(?:[\w-]{1,63}\.){1,8}internal:\d{2,5}\b"
    r"|(?<![\w.-])[a-z]{1,40}(?:-[a-z]{1,20}){0,3}-?\d{1,4}\.(?:[\w-]{1,63}\.){0,6}internal\b(?![.\w-])",
)

ADDRESSES: tuple[Sign, ...] = (
    Sign(
        "a private IP address",
        ("10.", "172.", "192.168."),
        rf"(?:(?<=//)|(?<=@)|(?<![\w./@-]))(?<!ersion )(?:10\.{_OCTET}|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.{_OCTET}\.{_OCTET}"
        r"(?!\w|\.\d|/\d{1,2}\b|-\d)",
    ),
    Sign(
        "a path of the server's file system",
        ("/usr/", "/home/", "/var/", "/opt/", "/srv/", "/root/", "/etc/", ":\\"),
        r"(?<![\w./:}>-])(?:/usr/(?:lib|local|src|share|bin)|/home/[\w.-]{1,40}|/var/(?:lib|www|log|run|task|app)|/opt/[\w.-]{1,40}"
        r"|/srv/[\w.-]{1,40}|/root|/etc)/[\w.@+-]{1,80}"
        r"|(?<!\w)[C-Z]:\\{1,2}(?:[\w .()-]{1,60}\\{1,2}){1,20}[\w.-]{1,80}",
    ),
    Sign(
        "an ARN of AWS",
        ("arn:aws",),
        r"\barn:aws[a-z-]{0,12}:[a-z0-9-]{2,40}:[a-z0-9-]{0,20}:(?!123456789012|1{4}2{4}3{4}|0{12})\d{12}:",
    ),
)
"""What tells where a service runs. Host names are apart, in HOST: the rules about catalogs have their own word for those."""

LANGUAGE: tuple[Sign, ...] = (
    Sign(
        "Python",
        ("' object ", "Error", "unsupported operand", "invalid literal", "list index", "indices must", "<class ", " at 0x",
         "positional argument", "keyword argument", "is not defined", "{'", "[('", "(char "),
        r"'\w{1,80}' object (?:has no attribute|is not (?:subscriptable|callable|iterable)|does not support)"
        r"|\b(?:Key|Attribute|Name|Index|Import|ModuleNotFound|ZeroDivision|JSONDecode|UnicodeDecode|Recursion)Error(?:: |\()"
        r"|\bunsupported operand type\(s\) for\b|\binvalid literal for \w{1,20}\(\) with base\b|\blist index out of range\b"
        r"|\b(?:string|list|tuple) indices must be\b|<class '[\w.]{1,120}'>|<[\w.]{1,120} object at 0x[0-9a-fA-F]{4,16}>"
        r"|\b\w{1,80}\(\) (?:missing \d+ required (?:positional|keyword)|got an unexpected keyword|takes \d+ positional)"
        r"|\bname '\w{1,80}' is not defined\b|(?:^|[\s(\[,:])\{'\w{1,60}': |\[\('\w{1,60}', |\(char \d{1,9}\)",
    ),
    Sign(
        "JavaScript",
        ("undefined", "Cannot read", "is not a function", "Unexpected token", "[object Object]", "ReferenceError", "TypeError"),
        r"\bundefined is not (?:a function|an object|iterable)"
        r"|\bCannot (?:read|set) propert(?:y|ies) (?:'[^'\n]{1,80}' )?of (?:undefined|null)\b"
        r"|\b\w{1,60}(?:\.\w{1,60}){1,5} is not a function\b|\bUnexpected token .{1,20} in JSON at position \d"
        r"|\[object Object\]|\b(?:Reference|Type)Error: ",
    ),
    Sign(
        "Java",
        ("Exception", "Error", "Cannot invoke", "cannot be cast", "Cannot deserialize", "JSON parse error: "),
        r"\b(?:java|javax|jakarta|kotlin|scala|org\.springframework|com\.fasterxml)\.(?:\w{1,60}\.){0,8}\w{0,80}(?:Exception|Error)\b"
        r"|\b(?:NullPointer|ClassCast|IndexOutOfBounds|NumberFormat)Exception\b|\bCannot invoke \"[^\"\n]{1,200}\" because\b"
        r"|\bcannot be cast to class\b|\bCannot deserialize (?:value|instance) of type\b|\bJSON parse error: ",
    ),
    Sign(
        ".NET",
        ("Object reference", "System.", "Parameter '", "Newtonsoft"),
        r"\bObject reference not set to an instance\b|\bSystem\.(?:\w{1,60}\.){0,5}\w{1,60}Exception\b"
        r"|\bValue cannot be null\. ?\(Parameter '|\bNewtonsoft\.Json\b|\bcould not be converted to System\.\w",
    ),
    Sign(
        "Go",
        ("nil pointer", "cannot unmarshal", "out of range [", "strconv.", "interface conversion", "invalid character '"),
        r"\binvalid memory address or nil pointer dereference\b|\bjson: cannot unmarshal\b|\bindex out of range \[\d{1,9}\]"
        r"|\bstrconv\.(?:Atoi|Parse\w{1,20}): parsing\b|\binterface conversion: "
        r"|\binvalid character '[^'\n]{1,8}' (?:looking for|after)\b",
    ),
    Sign(
        "Ruby",
        ("undefined method", "uninitialized constant", "undefined local variable"),
        r"\bundefined method [`'][^'`\n]{1,80}' for |\buninitialized constant [A-Z]|\bundefined local variable or method\b",
    ),
    Sign(
        "PHP",
        ("Undefined ", "Call to ", "Trying to ", "given"),
        r"\bUndefined (?:index|variable|array key|offset|property)\b"
        r"|\bCall to (?:a member function|undefined (?:function|method))\b"
        r"|\bTrying to (?:get property|access array offset)\b|\bmust be of (?:the )?type \w{1,60}, \w{1,60} given\b",
    ),
    Sign("Rust", ("called `",), r"\bcalled `(?:Option|Result)::unwrap\(\)` on\b"),
)  # fmt: skip

MOST_TEXTS = 2_000
MOST_VALUES = 20_000


def texts(values: Iterable[Any]) -> str:
    """The texts in parsed values, one below another, cut at the length that is searched."""
    found: list[str] = []
    left = LONGEST
    for text in _strings(values):
        found.append(text[:left])
        left -= len(text) + 2
        if left <= 0 or len(found) >= MOST_TEXTS:
            break
    return "\n\n".join(found)


def _strings(values: Iterable[Any]) -> Iterator[str]:
    """The strings in values, outside in."""
    waiting = list(values)
    for value in waiting:  # which grows meanwhile; a text that refers to itself over and over has no end
        if isinstance(value, str):
            yield value
        elif len(waiting) > MOST_VALUES:
            continue
        elif isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
