"""``--app module:app``: what is imported, and the one line where it cannot be."""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from errlint.api.applications import sources_of
from errlint.apps.application import load_app
from errlint.apps.generated import Handlers
from errlint.apps.importing import kind_of, reference
from errlint.apps.raised import Place, shown
from errlint.apps.routes import Route, code_of
from errlint.errors import ConfigError

APPS = {
    "shop_named/__init__.py": "",
    "shop_named/main.py": """
from shop_named.made import Raw

print("imported")
app = Raw()
other = 5
def wsgi(environ, start_response): ...
async def asgi(scope, receive, send): ...
def create_app(name="x", debug=False):
    if debug:
        raise ValueError("no debugging at amqp://me:hunter2@queue")
    return app
""",
    "shop_named/made.py": "class Raw:\n    async def __call__(self, scope, receive, send): ...\n",
    "shop_named/gone.py": "import os\n\nimport nothing_like_this\n",
    "shop_named/broken.py": "def x(:\n",
    "shop_named/deep.py": "from shop_named import fails\n",
    "shop_named/fails.py": "def settings():\n    raise KeyError('DATABASE_URL')\n\nsettings()\n",
    "shop_named/leaves.py": "import sys\nsys.exit('no config')\n",
    "shop_named/ended.py": "import asyncio\nraise asyncio.CancelledError('late')\n",
    "shop_named/told.py": "raise OSError('no token=k-123456, Bearer abcdefgh')\n",
    "shop_named/lazy.py": "def __getattr__(name):\n    raise RuntimeError(name)\n",
    "shop_named/made_of.py": "def create_app(settings, debug): ...\nasync def make_app(): ...\n",
    "shop_named/loud.py": """
import threading
from shop_named.made import Raw

app, loud, heard = Raw(), threading.Event(), threading.Event()
def shout():
    loud.wait()
    print("shouted")
    heard.set()
threading.Thread(target=shout, daemon=True).start()
""",
    "shop_named/alone.py": "from shop_named.made import Raw\n\napi = Raw()\n",
    "json.py": "app = None\n",
    "src/inner_named.py": "async def app(scope, receive, send): ...\n",
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The files of a shop in the current folder; nothing of it stays imported."""
    for name, text in APPS.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield
    for name in [name for name in sys.modules if name.startswith(("shop_named", "inner_named"))]:
        del sys.modules[name]


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("shop_named.main:app", "asgi", 5),
        ("shop_named.main", "asgi", 5),
        ("shop_named/main.py:app", "asgi", 5),
        ("shop_named.main:wsgi", "wsgi", 7),
        ("shop_named.main:asgi", "asgi", 8),
        ("shop_named.main:create_app", "asgi", 9),
        ("shop_named.main:create_app()", "asgi", 9),
        ("shop_named.main:create_app('y', False)", "asgi", 9),
        ("shop_named.alone", "asgi", 3),
    ],
)
def test_an_application_is_found_by_its_name(text: str, kind: str, line: int, capsys: pytest.CaptureFixture[str]) -> None:
    app = load_app(text)
    assert (app.name, app.kind, str(app.place)) == (
        text,
        kind,
        f"shop_named/{'alone' if 'alone' in text else 'main'}.py:{line}",
    )
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("shop_named.main:ap", "shop_named.main has no ap; did you mean app?"),
        ("shop_named.alone:nothing", "shop_named.alone has no nothing; it has api"),
        ("shop_named.mian:app", "there is no module shop_named.mian; did you mean shop_named.main?"),
        (
            "shop_named.main.x:app",
            "there is no module shop_named.main.x: shop_named.main is no package",
        ),
        ("inner_named:app", "there is no module inner_named in .; it is in src: add --app-dir src"),
        (
            "shop_named.gone:app",
            "cannot import shop_named.gone: ModuleNotFoundError: No module named 'nothing_like_this' (shop_named/gone.py:3); "
            "errlint has to run where the application is installed",
        ),
        ("shop_named.broken:app", "cannot import shop_named.broken: SyntaxError: invalid syntax (shop_named/broken.py:1)"),
        ("shop_named.deep:app", "cannot import shop_named.deep: KeyError: 'DATABASE_URL' (shop_named/fails.py:2)"),
        ("json:app", "json.py has the name of Python's own module json; give it another name"),
        ("shop_named.ended:app", "cannot import shop_named.ended: CancelledError: late (shop_named/ended.py:2)"),
        ("shop_named.told:app", "cannot import shop_named.told: OSError: no token=***, Bearer *** (shop_named/told.py:1)"),
        ("shop_named.lazy", "shop_named.lazy has no app; name it: --app shop_named.lazy:NAME"),
        (
            "shop_named.made_of",
            "shop_named.made_of is made from settings, debug; write their values: module:factory('x', 1)",
        ),
        (
            "shop_named.made_of:make_app",
            "shop_named.made_of:make_app is made by a coroutine; name a factory that is no async def",
        ),
        ("shop_named.leaves:app", "cannot import shop_named.leaves: it called sys.exit('no config') (shop_named/leaves.py:2)"),
        (
            "shop_named.main:create_app(debug)",
            "--app 'shop_named.main:create_app(debug)': the arguments of create_app are no plain values; "
            "write --app package.module:app, or package.module:factory()",
        ),
        (
            "shop_named.main:create_app('x', True)",
            "shop_named.main:create_app('x', True) cannot be made: "
            "ValueError: no debugging at amqp://***@queue (shop_named/main.py:11)",
        ),
        (
            "shop_named.main:other",
            "shop_named.main:other is no ASGI or WSGI application but of type int; "
            "write --app package.module:app, or package.module:factory()",
        ),
        ("a b:c", "--app 'a b:c' names no application; write --app package.module:app, or package.module:factory()"),
        (
            "shop_named.main:",
            "--app 'shop_named.main:' names no application; write --app package.module:app, or package.module:factory()",
        ),
    ],
)
def test_what_cannot_be_imported_is_one_line_with_its_place(text: str, line: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_app(text)
    assert caught.value.line() == line


def test_a_thread_of_the_application_prints_into_no_report(capsys: pytest.CaptureFixture[str]) -> None:
    load_app("shop_named.loud:app")
    module = sys.modules["shop_named.loud"]
    print("a report")
    module.loud.set()
    assert module.heard.wait(10)
    assert tuple(capsys.readouterr()) == ("a report\n", "shouted\n")


def test_a_folder_to_import_from_can_be_named() -> None:
    assert str(load_app("inner_named:app", "src").place) == "src/inner_named.py:1"
    with pytest.raises(ConfigError, match="--app-dir nowhere: there is no such folder"):
        load_app("inner_named:app", "nowhere")


def test_arguments_of_a_factory_are_plain_values() -> None:
    assert reference("a.b:make('x', [1])").arguments == ("x", [1])


def test_how_an_application_is_called_is_seen_by_what_it_takes() -> None:
    class Two:
        def __init__(self, scope: Any) -> None: ...
        async def __call__(self, receive: Any, send: Any) -> None: ...

    class Returns:
        def __call__(self, scope: Any, receive: Any, send: Any) -> Any: ...

    kinds = [kind_of(one) for one in (Two, Returns(), Returns, 5, lambda: None, lambda environ, start: None)]
    assert kinds == ["asgi2", "asgi", None, None, None, "wsgi"]


def plain() -> None: ...


def bare(function: Any) -> Any:
    def inner(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return inner


def limited(most: int) -> Any:
    def decorator(function: Any) -> Any:
        @functools.wraps(function)
        def inner(*args: Any, **kwargs: Any) -> Any:
            return function(*args, **kwargs) if most else None

        return inner

    return decorator


class View:
    def get(self) -> None: ...

    def __call__(self) -> None: ...


def test_the_function_that_a_user_wrote_is_found_behind_what_wraps_it() -> None:
    def as_view() -> None: ...

    as_view.__dict__["view_class"] = View
    wrapped = [plain, functools.partial(plain), bare(plain), limited(3)(bare(functools.partial(plain)))]
    assert {code_of(one) for one in wrapped} == {plain.__code__}
    assert {code_of(one, "GET") for one in (View, View().get, as_view)} == {View.get.__code__}
    assert code_of(View()) is View.__call__.__code__
    assert [code_of(one) for one in (None, 5, print)] == [None, None, None]


def test_a_function_that_uses_another_is_not_taken_for_a_wrapper() -> None:
    def handler(limit: int) -> Any:
        return plain()

    def made(get: Any) -> Any:
        def inner(limit: int) -> Any:
            return get(limit)

        return inner

    own = made(handler)
    assert code_of(own) is own.__code__


def test_the_source_of_an_application_is_its_package_and_what_it_imports_from_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in {
        "shopone/wsgi.py": "import ordersone.exceptions, onesettings, json\n",
        "ordersone/exceptions.py": "",
        "onesettings.py": "",
        "unused/__init__.py": "",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
        (tmp_path / name).with_name("__init__.py").touch()
    (tmp_path / "__init__.py").unlink()
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.import_module("shopone.wsgi")

    assert sources_of("shopone.wsgi:application") == ("shopone", "onesettings.py", "ordersone")
    assert sources_of("ordersone:app") == ("ordersone", "onesettings.py", "shopone")
    assert sources_of("onesettings:app") == (".",)
    assert sources_of("pytest:app") == ()


class Views(functools.partial):
    """A class of ours that answers with what it inherits, as a view set does."""


def test_an_operation_of_an_inherited_function_stands_at_the_user_s_class() -> None:
    data = {"paths": {"/orders": {"get": {}}, "/other": {"get": {}}}}
    routes = (
        Route("GET", "/orders", functools.partial.__call__, Views),
        Route("GET", "/other", functools.wraps, functools.partial),
    )
    found = Handlers(data, routes, None)
    line = next(
        number for number, text in enumerate(Path(__file__).read_text().splitlines(), 1) if text.startswith("class Views")
    )

    assert found.place(("paths", "/orders", "get", "responses")) == Place(shown(__file__), line)
    assert found.place(("paths", "/other", "get")) is None
