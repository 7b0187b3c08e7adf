"""Codes in source code: each with the status that stands beside it, and nothing that merely looks like a code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from errlint.draft.source import source_python, source_typescript, sources
from errlint.draft.source.source_bodies import body
from errlint.errors import LoadError


def codes(text: str, language: str) -> list[dict[str, Any]]:
    return [dict(entry.fields) for entry in sources.of_text(text, "source", language).entries]


def pairs(text: str, language: str) -> list[tuple[Any, Any]]:
    return [(one["code"], one.get("status")) for one in codes(text, language)]


PYTHON = {
    "an enum with texts and statuses": (
        """
class ErrorCode(Enum):
    MODEL_NOT_FOUND = ("ML_1001", 404, "Specified model does not exist")
    MODEL_EXISTS = ("ML_1002", HTTPStatus.CONFLICT, "A model of this name exists")
    BROKEN = ("ML_1003", status.HTTP_500_INTERNAL_SERVER_ERROR, "Broken")
""",
        [("ML_1001", 404), ("ML_1002", 409), ("ML_1003", 500)],
    ),
    "an enum whose statuses stand in a map": (
        """
class Code(StrEnum):
    GONE = "shop.gone"
    TAKEN = "shop.taken"
    ODD = "shop.odd"
STATUSES = {Code.GONE: 410, Code.TAKEN: HTTPStatus.CONFLICT}
""",
        [("shop.gone", 410), ("shop.taken", 409), ("shop.odd", None)],
    ),
    "classes that inherit a status": (
        """
class ApiError(Exception):
    status_code = 400
class Gone(ApiError):
    status_code = status.HTTP_410_GONE
    default_code = "gone"
class Odd(ApiError):
    code = "odd"
""",
        [("gone", 410), ("odd", 400)],
    ),
    "exceptions that are raised": (
        """
def get(id):
    raise HTTPException(status_code=404, detail={"code": "ITEM_GONE", "message": f"item {id} is gone"})
def put():
    raise HTTPException(409, detail={"error": {"code": "ITEM_TAKEN"}})
def post():
    raise ShopError("ITEM_ODD", 422, "the item is odd")
""",
        [("ITEM_GONE", 404), ("ITEM_TAKEN", 409), ("ITEM_ODD", 422)],
    ),
    "answers": (
        """
def get():
    return JSONResponse(status_code=404, content={"error": {"code": "GONE_FOR_GOOD", "message": "gone"}})
def put():
    return jsonify({"code": "ITEM_TAKEN"}), 409
""",
        [("GONE_FOR_GOOD", 404), ("ITEM_TAKEN", 409)],
    ),
    "names of codes": (
        """
NOT_THERE = "E_NOT_THERE"
class Codes(str, Enum):
    TAKEN = "E_TAKEN"
def get():
    raise ApiError(NOT_THERE, 404)
def put():
    raise ApiError(code=Codes.TAKEN.value, status=409)
""",
        [("E_NOT_THERE", 404), ("E_TAKEN", 409)],
    ),
    "a map of protobuf's names": (
        "STATUSES = {ErrorCode.Name(INTERNAL_ERROR): 500, ErrorCode.Name(NOT_THERE): 404}",
        [("INTERNAL_ERROR", 500), ("NOT_THERE", 404)],
    ),
    "dicts": (
        """
ERRORS = {
    "ML_1001": {"status": 404, "message": "Specified model does not exist"},
    "ML_1002": (409, "A model of this name exists"),
}
MORE = [{"code": "ML_1003", "http_status": 400, "message": "Unsupported"}]
""",
        [("ML_1001", 404), ("ML_1002", 409), ("ML_1003", 400)],
    ),
}
JAVA = {
    "an enum with the parameters of its constructor": (
        """
package shop; // "ML_0000", 400
public enum ErrorCode implements Code {
    MODEL_NOT_FOUND("ML_1001", 404, "Specified model does not exist"),
    /* OLD("ML_0001", 400, ""), */
    @Deprecated MODEL_EXISTS("ML_1002", HttpStatus.CONFLICT.value(), "A model of this name exists") { void x() {} },
    BROKEN("ML_1003", HttpStatus.INTERNAL_SERVER_ERROR, "Bro" + "ken");
    private final String code;
    ErrorCode(String code, int status, String message) { this.code = code; }
}
""",
        [("ML_1001", 404), ("ML_1002", 409), ("ML_1003", 500)],
    ),
    "an enum of numbers": (
        'enum ErrorCode { GONE(40401, HttpStatus.NOT_FOUND, "it is gone"), ODD(40001, HttpStatus.BAD_REQUEST, "it is odd"); }',
        [(40401, 404), (40001, 400)],
    ),
    "an enum whose constants are the codes": (
        'public enum ApiError { USER_GONE(404, "User is gone"), USER_TAKEN(409, "User is taken"), UNKNOWN; }',
        [("USER_GONE", 404), ("USER_TAKEN", 409)],
    ),
    "exceptions": (
        """
class Service {
    void get() { throw new ApiException("ORDER_GONE", HttpStatus.NOT_FOUND, "gone: {0}"); }
    Object put() { return ResponseEntity.status(HttpStatus.CONFLICT).body(new ErrorResponse("ORDER_TAKEN", "it is taken")); }
    Map<String, Integer> map() { return new HashMap<String, Integer>(); }
}
class OrderOdd extends ApiException { OrderOdd() { super("ORDER_ODD", 422, "odd"); } }
""",
        [("ORDER_GONE", 404), ("ORDER_TAKEN", 409), ("ORDER_ODD", 422)],
    ),
}
GO = {
    "descriptors": (
        """
package errcode
var (
	// ErrorCodeUnknown is generic
	ErrorCodeUnknown = register("errcode", ErrorDescriptor{
		Value:   "UNKNOWN",
		Message: "unknown error",
		Description: `Generic error; it has
			no classification.`,
		HTTPStatusCode: http.StatusInternalServerError,
	})
	ErrorCodeDenied = register("errcode", ErrorDescriptor{Value: "DENIED", HTTPStatusCode: http.StatusForbidden})
)
""",
        [("UNKNOWN", 500), ("DENIED", 403)],
    ),
    "constants with a map of statuses": (
        """
type Code string
const (
	ErrGone  Code = "GONE"
	ErrTaken Code = "TAKEN_ALREADY" // "OLD"
)
const ErrOdd Code = "ODD"
var statuses = map[Code]int{ErrGone: http.StatusGone, ErrTaken: 409}
""",
        [("GONE", 410), ("TAKEN_ALREADY", 409), ("ODD", None)],
    ),
    "a switch that tells the statuses": (
        """
const (
	Gone  Code = "item.gone"
	Lost  Code = "item.lost"
	Taken Code = "item.taken"
)
func (c Code) Status() int {
	switch c {
	case Gone, Lost:
		return http.StatusNotFound
	case Taken:
		return 409
	default:
		return 500
	}
}
""",
        [("item.gone", 404), ("item.lost", 404), ("item.taken", 409)],
    ),
    "answers and constructors": (
        """
func get(w http.ResponseWriter, c *gin.Context) {
	writeError(w, http.StatusNotFound, "ITEM_GONE", "the item is gone")
	c.JSON(http.StatusConflict, gin.H{"error": gin.H{"code": "ITEM_TAKEN", "message": "taken"}})
	_ = &APIError{Code: "ITEM_ODD", Status: 422, Message: fmt.Sprintf("odd %d", 1)}
	_ = []APIError{{Code: "ITEM_LATE", Status: http.StatusTooManyRequests}}
	log.Error("NOT_A_CODE", 404)
}
""",
        [("ITEM_GONE", 404), ("ITEM_TAKEN", 409), ("ITEM_ODD", 422), ("ITEM_LATE", 429)],
    ),
}
TYPESCRIPT = {
    "an enum with a record of statuses": (
        """
export enum ErrorCode { Gone = 'shop.gone', Taken = "shop.taken" }
export const STATUS: Record<ErrorCode, number> = { [ErrorCode.Gone]: 410, [ErrorCode.Taken]: HttpStatus.CONFLICT };
""",
        [("shop.gone", 410), ("shop.taken", 409)],
    ),
    "a switch over members": (
        """
enum Kind { Gone = 'shop.gone', Lost = 'shop.lost', Odd = 'shop.odd' }
function status(kind: Kind) { switch (kind) { case Kind.Gone: case Kind.Lost: return 404;
  case Kind.Odd: return HttpStatus.CONFLICT } }
function size(kind: Kind) { switch (kind) { case Kind.Gone: return 1; case Kind.Odd: return 500 } }
""",
        [("shop.gone", 404), ("shop.lost", 404), ("shop.odd", 409)],
    ),
    "constant objects": (
        """
export const ERRORS = {
  ITEM_GONE: { status: 404, message: 'the item is gone' },
  itemTaken: { code: 'ITEM_TAKEN', statusCode: StatusCodes.CONFLICT, message: `item ${item.id} is taken` },
} as const
""",
        [("ITEM_GONE", 404), ("ITEM_TAKEN", 409)],
    ),
    "classes": (
        """
class BadRequestError extends ProblemError {
  constructor(details) {
    super({ title: 'Bad request', status: 400, description: `It is "bad".`, errorCode: 'SNYK-1', instance, }, details)
  }
}
export class Gone extends ApiError { readonly code = 'item.gone'; static status: number = 404 }
export class Taken extends ApiError {
  constructor() { super('ITEM_TAKEN', 409, 'taken') }
}
""",
        [("SNYK-1", 400), ("ITEM_TAKEN", 409), ("item.gone", 404)],
    ),
    "answers": (
        """
const re = /["'`]/g
app.get('/x', (req, res) => { res.status(404).json({ error: { code: 'ITEM_GONE', message: 'gone' } }) })
throw new HttpException({ code: 'ITEM_TAKEN', message: 'taken' }, HttpStatus.CONFLICT)
""",
        [("ITEM_GONE", 404), ("ITEM_TAKEN", 409)],
    ),
    "a status that is none": (
        "const E = [{code: 'CLI-1', status: 0, message: 'it failed'}, {code: 'CLI-2', status: 500, message: 'it broke'}]",
        [("CLI-1", None), ("CLI-2", 500)],
    ),
    "a function that mostly gets a status": (
        "const e = { A: createError('ERR_A', 'it is a', 404), B: createError('ERR_B', 'it is %s') }",
        [("ERR_A", 404), ("ERR_B", None)],
    ),
}
FORMS = [
    pytest.param(language, text, expected, id=f"{language}: {name}")
    for language, forms in {"python": PYTHON, "java": JAVA, "go": GO, "typescript": TYPESCRIPT}.items()
    for name, (text, expected) in forms.items()
]


@pytest.mark.parametrize(("language", "text", "expected"), FORMS)
def test_codes_are_found_with_their_statuses(language: str, text: str, expected: list[tuple[Any, Any]]) -> None:
    assert pairs(text, language) == expected


NOTHING = {
    "python": """
class HTTPStatus(IntEnum):
    NOT_FOUND = 404
class Port(Enum):
    HTTPS = ("https", 443)
class Color(Enum):
    RED = "RED_ONE"
PORTS = {"https": 443, "smtps": 465}
logger.error("MODEL_NOT_FOUND", 404)
raise HTTPException(status_code=404, detail="Not found")
requests.get("SOME_URL", timeout=500)
print({"status": 404, "type": "http.response.start"})
JSONResponse(status_code=200, content={"code": "ALL_GOOD"})
""",
    "java": """
public enum HttpStatus { NOT_FOUND(404, "Not Found"), OK(200, "OK"); }
enum Port { HTTPS(443), SMTPS(465) }
class A { void a() { assertEquals(404, "MODEL_NOT_FOUND"); log.error("MODEL_NOT_FOUND {}", 404); new Point(404, 500); } }
""",
    "go": """
const ContentType = "application/json"
const (
	StatusNotFound = 404
	KindA = "a"
)
func f() { http.Error(w, "not found", http.StatusNotFound); fmt.Println("MODEL_NOT_FOUND", 404) }
""",
    "typescript": """
enum Level { Low = 'LOW_LEVEL', High = 'HIGH_LEVEL' }
const sizes = { WIDE: 404, TALL_ONE: '500px' }
expect(res.status).toBe(404); console.error('MODEL_NOT_FOUND', 404)
res.status(404).send('Not found')
const icon = { name: 'UnsupportedMediaTypeError', status: 415 }
""",
}


@pytest.mark.parametrize("language", NOTHING)
def test_what_merely_looks_like_a_code_is_none(language: str) -> None:
    assert codes(NOTHING[language], language) == []


def test_texts_and_templates_are_kept() -> None:
    text = """
class E(Exception):
    pass
def get(id):
    raise ApiError(404, code="ITEM_GONE", message=f"item {id} is gone", description="It was here.")
"""
    assert codes(text, "python") == [
        {"code": "ITEM_GONE", "status": 404, "message": "item {id} is gone", "description": "It was here."}
    ]


def test_one_code_under_two_statuses_has_both() -> None:
    text = "raise ApiError('TWICE_SEEN', 404)\nraise ApiError('TWICE_SEEN', 410)\n"
    draft = sources.of_text(text, "shop.py", "python")
    assert [(dict(entry.fields), [one.where for one in entry.evidence]) for entry in draft.entries] == [
        ({"code": "TWICE_SEEN", "status": [404, 410]}, ["shop.py:1", "shop.py:2"])
    ]


def test_a_tree_is_read_without_its_tests_and_vendored_code(tmp_path: Path) -> None:
    files = {
        "src/errors.py": "class Codes(StrEnum):\n    GONE = 'E_GONE'\n",
        "src/api.ts": "throw new ApiError('ITEM_TAKEN', 409)",
        "src/use.py": "raise ApiError(Codes.GONE, 410)\n",
        "src/broken.py": "def (",
        "src/test_api.py": "raise ApiError('IN_A_TEST', 400)",
        "tests/api.py": "raise ApiError('IN_TESTS', 400)",
        "node_modules/x/index.js": "throw new ApiError('NOT_OURS', 400)",
        ".venv/lib/x.py": "raise ApiError('HIDDEN_ONE', 400)",
        "own/pyvenv.cfg": "",
        "own/lib.py": "raise ApiError('IN_A_VENV', 400)",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    draft = sources.of_tree(str(tmp_path))
    assert [dict(entry.fields) for entry in draft.entries] == [
        {"code": "ITEM_TAKEN", "status": 409},
        {"code": "E_GONE", "status": 410, "name": "GONE"},
    ]
    assert draft.read == (
        f"{tmp_path}: 3 source files, 2 codes",
        f"{tmp_path}/src/broken.py:1: not read: no Python: invalid syntax",
    )


HOSTILE = {
    "brackets": ("[" * 100_000, "java"),
    "closing brackets": (")" * 50_000, "go"),
    "quotes": ('"\\' * 50_000, "typescript"),
    "backticks": ("`${" * 20_000, "typescript"),
    "an open comment": ("/*" * 50_000, "java"),
    "slashes": ("(/[" * 100_000, "typescript"),
    "text blocks": ('"""' * 100_000, "java"),
    "names": ("a." * 20_000, "go"),
    "generics": ("a<" * 10_000, "java"),
    "enums": ("enum A {" * 150, "java"),
    "calls": ("f(" * 190 + "1" + ")" * 190, "typescript"),
    "python brackets": ("(" * 100_000, "python"),
    "python signs": ("-" * 100_000 + "1", "python"),
    "python sums": ("x = " + "'a' + " * 2_000 + "'b'", "python"),
    "a zero byte": ("a\0b", "python"),
    "half a pair": ("x = '\\ud800'", "python"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_source_ends_with_nothing_or_one_line(name: str) -> None:
    text, language = HOSTILE[name]
    assert outcome(text, language) in ([], "one line")


def outcome(text: str, language: str) -> Any:
    try:
        return codes(text, language)
    except LoadError as error:
        return "one line" if len(error.line()) < 200 else error.line()


def test_a_constant_object_that_is_one_error_is_no_enum_of_its_members() -> None:
    text = 'export const GONE = { code: "SHOP_GONE", status: 410, message: "It is gone" };'
    assert codes(text, "typescript") == [{"code": "SHOP_GONE", "status": 410, "message": "It is gone"}]


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("a.py", 'raise HTTPException(404, {"code": "GONE", "message": f"No {order[\'id\']}"})', "/detail/code"),
        ("a.py", 'raise HTTPException(status_code=s, detail={"error_code": c, "msg": m})', "/detail/error_code"),
        ("a.py", 'def f(e):\n    return jsonify({"error": {"code": e.code, "message": str(e)}}), e.status', "/error/code"),
        ("a.py", 'JSONResponse(status_code=409, content={"code": "FULL", "detail": "No room"})', "/code"),
        ("a.ts", "res.status(401).json({ error: { code: 'LOGIN', message: 'Log in.' } });", "/error/code"),
        ("a.py", 'jsonify({"code": "A", "message": "x"}); jsonify({"error": {"code": "B", "message": "y"}})', None),
        ("a.py", 'JSONResponse({"code": "FINE", "message": "x"}, 200); HTTPException(404, "There is none")', None),
    ],
)
def test_the_envelope_is_what_the_source_writes(file: str, text: str, code: str | None) -> None:
    found = body([(source_python if file == "a.py" else source_typescript).source(text, file)])

    assert (found.envelope["code"]["pointer"] if found else None) == code


def test_a_folder_s_own_envelope_is_asked_about(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('raise HTTPException(404, {"code": "GONE", "message": f"No {order[\'id\']}"})')
    draft = sources.of_tree(str(tmp_path))

    assert [dict(one.fields) for one in draft.entries] == [{"code": "GONE", "status": 404, "message": "No {id}"}]
    assert draft.envelopes == {"service": {"code": {"pointer": "/detail/code"}, "message": {"pointer": "/detail/message"}}}
    assert draft.doubts == (
        f"envelope service is as {tmp_path}/a.py:1 writes it, no answer has shown it: is it so? --tests or --probe tells",
    )


def test_a_source_file_of_more_than_any_is_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(LoadError, match="larger than 2 MiB"):
        sources.of_text("x=1\n" * 600_000, "a.py", "python")


def test_the_class_around_a_call_tells_its_status() -> None:
    text = """
class ChatError(web.HTTPException):
    def __init__(self, code, message): super().__init__(text=code)
class RoomFull(ChatError):
    status_code = 409
    def __init__(self, room): super().__init__("room_full", f"Room {room} is full")
"""
    draft = sources.of_text(text, "chat.py", "python")
    assert [dict(one.fields) for one in draft.entries] == [
        {"code": "room_full", "status": 409, "name": "RoomFull", "message": "Room {room} is full"}
    ]


def test_an_error_value_of_go_is_no_code() -> None:
    text = 'package a\n\nvar (\n\tErrGone = errors.New("it is gone")\n\tErrFull = errors.New("it is full")\n)\n'
    assert codes(text, "go") == []
