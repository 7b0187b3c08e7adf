"""Python source -> what it says: enums, classes, constants, calls and dicts of literals, by the language's own parser."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence

from errlint.draft.source.source_facts import Call, Class, Enum, Items, Member, Name, Record, Source, Value

ENUMS = frozenset(("Enum", "StrEnum", "IntEnum", "ReprEnum", "TextChoices", "IntegerChoices"))
LEAVES = (ast.Constant, ast.Name, ast.expr_context, ast.operator, ast.cmpop, ast.boolop, ast.unaryop, ast.alias, ast.arg)
DEEPEST = 40
TRANSLATED = frozenset(("_", "gettext", "gettext_lazy", "ugettext_lazy", "N_", "str", "dict", "auto"))


class Unreadable(Exception):  # noqa: N818 -- the file is left out, and told
    """No Python that this Python can parse; ``line`` is where, 0 where that is not known."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.line = line


def source(text: str, uri: str) -> Source:
    """What a file says. Raises: Unreadable."""
    tree = _parsed(text)
    enums, classes = [], []
    constants: dict[str, Value] = {}
    loose: list[Call | Record | Items] = []
    for node, owner in _walked(tree):
        if isinstance(node, ast.ClassDef):
            attributes = dict(_assigned(node.body))
            bases = tuple(_name(base) for base in node.bases)
            if any(base.rpartition(".")[2] in ENUMS for base in bases) or _holds_constants(node, attributes):
                enums.append(_enum(node, attributes))
            else:
                classes.append(Class(node.name, bases, attributes, node.lineno))
            constants |= {f"{node.name}.{name}": held for name, held in attributes.items()}
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            held = value(node.value)
            if isinstance(held, Items):  # Flask: return {"code": ...}, 404
                loose.append(Call("return", held.values, {}, node.lineno))
        elif isinstance(node, ast.Call | ast.Dict):
            held = value(node, owner)
            if isinstance(held, Call | Record):
                loose.append(held)
    constants |= dict(_assigned(tree.body))
    return Source(uri, tuple(enums), tuple(classes), constants, tuple(loose))


def _walked(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """The classes, returns, calls and dicts of a module in the order of the text, each with the class around it."""
    left: list[tuple[ast.AST, str]] = [(tree, "")]
    while left:
        node, owner = left.pop()
        if isinstance(node, ast.ClassDef | ast.Return | ast.Call | ast.Dict):
            yield node, owner
        below = node.name if isinstance(node, ast.ClassDef) else owner
        found = [
            (inner, below)
            for name in node._fields
            for inner in _listed(getattr(node, name, None))
            if isinstance(inner, ast.AST) and not isinstance(inner, LEAVES)
        ]
        left += reversed(found)


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else (value,)


def _parsed(text: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd escapes in somebody's file
            return ast.parse(text)
    except SyntaxError as error:
        raise Unreadable(f"no Python: {error.msg}", error.lineno or 0) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(f"no Python that can be read: {error or type(error).__name__}") from None


def _assigned(body: list[ast.stmt]) -> Iterator[tuple[str, Value]]:
    for node in body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, value(node.value)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            yield node.target.id, value(node.value)


def _holds_constants(node: ast.ClassDef, attributes: dict[str, Value]) -> bool:
    """Whether a class without bases is a mere list of texts: ``class ErrorCodes: GONE = "E_GONE"``."""
    simple = not node.bases and all(isinstance(one, ast.Assign | ast.AnnAssign | ast.Expr) for one in node.body)
    return simple and len(attributes) > 1 and all(isinstance(held, str) and name.isupper() for name, held in attributes.items())


def _enum(node: ast.ClassDef, attributes: dict[str, Value]) -> Enum:
    lines = {
        one.targets[0].id: one.lineno
        for one in node.body
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)
    }
    members = []
    for name, held in attributes.items():
        if name.startswith("_"):
            continue
        if isinstance(held, Items):
            values = held.values
        elif isinstance(held, Call) and held.name.rpartition(".")[2] == "auto":
            values = (name.lower(),) if any("StrEnum" in _name(base) for base in node.bases) else ()
        else:
            values = (held,) if held is not None else ()
        members.append(Member(name, values, {}, lines.get(name, node.lineno)))
    return Enum(node.name, tuple(members), _parameters(node), node.lineno)


def _parameters(node: ast.ClassDef) -> tuple[str, ...]:
    """The names of an enum's values, as its ``__init__`` or ``__new__`` takes them."""
    for one in node.body:
        if isinstance(one, ast.FunctionDef) and one.name in ("__init__", "__new__"):
            return tuple(argument.arg for argument in one.args.args[1:])
    return ()


def _name(node: ast.expr) -> str:
    words: list[str] = []
    while isinstance(node, ast.Attribute):
        words.append(node.attr)
        node = node.value
    if isinstance(node, ast.Call) and words:
        words.append(_name(node.func))  # a chain of calls: Response(..).set(..)
    elif isinstance(node, ast.Name):
        words.append(node.id)
    elif isinstance(node, ast.Subscript):
        words.append(_name(node.value))
    return ".".join(reversed(words))


def value(node: ast.expr, owner: str = "", depth: int = 0) -> Value:
    """The value of an expression, None where the text alone does not tell it."""
    if depth > DEEPEST:
        return None
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str | int) and not isinstance(node.value, bool) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(_part(part) for part in node.values)
    if isinstance(node, ast.Name | ast.Attribute):
        return Name(_name(node))
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        held = tuple((value(key, owner, depth + 1), value(item, owner, depth + 1)) for key, item in pairs if key is not None)
        return Record(held, node.lineno, owner)
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return Items(tuple(value(item, owner, depth + 1) for item in node.elts), node.lineno)
    if isinstance(node, ast.Call):
        return _call(node, owner, depth)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        one, other = value(node.left, owner, depth + 1), value(node.right, owner, depth + 1)
        return one + other if isinstance(one, str) and isinstance(other, str) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return value(node.left, owner, depth + 1)  # the template is what stays
    return None


def _part(part: ast.expr) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    word = _word(part.value) if isinstance(part, ast.FormattedValue) else ""
    return "{" + (word or "value") + "}"


def _word(node: ast.expr) -> str:
    """What a gap of a template is called: the last name, or the key of ``order["total"]``."""
    key = node.slice.value if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) else None
    return key if isinstance(key, str) and key.isidentifier() else _name(node).rpartition(".")[2]


def _call(node: ast.Call, owner: str, depth: int) -> Value:
    name = _name(node.func)
    first = value(node.args[0], owner, depth + 1) if node.args else None
    if name.rpartition(".")[2] in TRANSLATED and isinstance(first, str):
        return first
    if isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return value(node.func.value, owner, depth + 1)
    inner = node.func.value if isinstance(node.func, ast.Attribute) else None
    chained = value(inner, owner, depth + 1) if isinstance(inner, ast.Call) else None
    before = chained.values if isinstance(chained, Call) else ()
    values = (*before, *(value(item, owner, depth + 1) for item in node.args))
    named = {word.arg: value(word.value, owner, depth + 1) for word in node.keywords if word.arg is not None}
    return Call(name, values, {**(chained.named if isinstance(chained, Call) else {}), **named}, node.lineno, owner)
