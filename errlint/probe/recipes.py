"""Recipes of a catalog, played: setup, the request, and always the teardown.

A recipe's writes pass no proof that they are refused, since the user wrote them: they need ``--recipes`` or
``--writes allowed``, and are counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from urllib.parse import urlsplit

from errlint.errors import LoadError
from errlint.load.source import Document
from errlint.match.route import selects
from errlint.model.catalog import Code
from errlint.model.exchange import ABSENT, Request
from errlint.model.placeholder import PLACEHOLDER
from errlint.model.recipe import Recipe, Step
from errlint.model.record import record
from errlint.model.spec import Operation
from errlint.probe.filling import NoValueError, Values, body, headers, save, url
from errlint.probe.gate import REFUSED, done
from errlint.probe.options import HARMLESS, SHORTEST, Options
from errlint.probe.played import Played
from errlint.probe.router import Router
from errlint.probe.scene import ACCEPT, Scene, identity_headers, merged
from errlint.probe.secret import Secret
from errlint.probe.trial import Trial, writes
from errlint.probe.wire.sender import Answer

Exchange = Callable[[Trial], Answer]
"""Sends one request past the write gate, records its answer as an observation, and gives the answer."""

_CREDENTIALS = re.compile(r"auth|cookie|token|secret|session|api-?key|password", re.IGNORECASE)
"""Header names whose values are shown nowhere."""


@record
class Menu:
    """The recipes to play, in the order of the catalog, and those that are left out with the reason."""

    recipes: tuple[Recipe, ...] = ()
    left_out: tuple[Played, ...] = ()

    @property
    def requests(self) -> int:
        """Requests at the most."""
        return sum(len(recipe.steps) for recipe in self.recipes)

    @property
    def writes(self) -> int:
        """Those of them that may change something."""
        return sum(recipe.writes for recipe in self.recipes)


def sound(codes: Iterable[Code], sources: Mapping[str, Document]) -> tuple[Recipe, ...]:
    """All recipes of a catalog, whose texts are ``sources`` by uri. Raises: LoadError for the first that cannot be played."""
    found = tuple(recipe for code in codes for recipe in code.recipes)
    for recipe in found:
        for message, place in recipe.faults:
            at = sources[place.uri].location(place.pointer) if place.uri in sources else place
            raise LoadError(f"{recipe.owner[1]}: its recipe cannot be played: {message}", at)
    return found


def menu(recipes: Iterable[Recipe], operations: Sequence[Operation], options: Options) -> Menu:
    """What a run plays. Pure: nothing is sent."""
    recipes = tuple(recipes)
    router = Router(operations if recipes else ())
    play: list[Recipe] = []
    left_out: list[Played] = []
    for recipe in recipes:
        why = _unwanted(recipe, options, router)
        if why:
            left_out.append(Played(recipe.owner, "left-out", why))
        else:
            play.append(recipe)
    return Menu(tuple(play), tuple(left_out))


def _unwanted(recipe: Recipe, options: Options, router: Router) -> str:
    """Why a recipe is not played, empty where it is."""
    changes = any(step.writes or writes(step.method, _operation(step, router)) for step in recipe.steps)
    if changes and options.writes == "never":
        return "it writes, and writes are switched off"
    if changes and not (options.recipes or options.writes == "allowed"):
        return "it writes, add --recipes"
    if options.include and not _named(options.include, recipe.request, router):
        return "its operation was left out by the user"
    if any(_named(options.exclude, step, router) for step in recipe.steps):
        return "an operation that it needs was left out by the user"
    return ""


def _named(selectors: Sequence[str], step: Step, router: Router) -> bool:
    """Whether a selector names the operation of a step."""
    operation = _operation(step, router)
    return any(selects(selector, operation, step.method, _path(step)) for selector in selectors)


def _operation(step: Step, router: Router) -> Operation | None:
    return router.find(step.method, _path(step))


def _path(step: Step) -> str:
    """The path of a step with a stand-in for each placeholder: which value it gets does not matter for its operation."""
    path = PLACEHOLDER.sub("0", step.path).partition("?")[0]
    return path if path.startswith("/") else "/" + path


class Player:
    """Plays recipes one after the other. What it saw so far is whole at any time, so that a run may end within a recipe."""

    def __init__(self, scene: Scene, chosen: Menu) -> None:
        self.chosen = chosen
        self.played: list[Played] = list(chosen.left_out)
        self.wrote: dict[str, bool] = {}
        self.notes: list[str] = []
        self.secrets: frozenset[str] = frozenset()
        self._scene = scene
        self._router = Router(scene.spec.operations if chosen.recipes else ())

    def play(self, exchange: Exchange, room: Callable[[], int]) -> None:
        """Plays all recipes; ``room`` tells how many requests the limits leave, and no recipe starts that may need more.

        Raises: whatever ``exchange`` raises, after the teardown of the recipe in hand.
        """
        for recipe in self.chosen.recipes:
            if len(recipe.steps) > room():
                self.played.append(Played(recipe.owner, "left-out", "the limits of the run leave no room for it"))
                continue
            about = ("recipe", *recipe.owner, *recipe.location.pointer)
            self._play(recipe, Values(partial(self._scene.dice, *about)), exchange)

    def _play(self, recipe: Recipe, values: Values, exchange: Exchange) -> None:
        try:
            self.played.append(self._lead(recipe, values, exchange))
        finally:
            self._tear_down(recipe, values, exchange)

    def _lead(self, recipe: Recipe, values: Values, exchange: Exchange) -> Played:
        """The setup and the request: what became of the recipe."""
        owner = recipe.owner
        for number, step in enumerate(recipe.setup, 1):
            tried, name = f"setup {number} of {owner[1]}", f"setup request {number} ({step.method} {step.path})"
            try:
                answer = self._send(step, values, tried, exchange)
                if not _goes_on(step, answer.status):
                    why = "" if answer.status is not None else _unanswered(answer)
                    return Played(owner, "ended", why, name, tried, answer.status)
                self._keep(step, values, answer)
            except NoValueError as error:
                return Played(owner, "ended", str(error), name, tried)
        tried, name = f"recipe of {owner[1]}", f"its request ({recipe.request.method} {recipe.request.path})"
        try:
            answer = self._send(recipe.request, values, tried, exchange)
        except NoValueError as error:
            return Played(owner, "ended", str(error), name, tried)
        if answer.status is None:
            return Played(owner, "ended", _unanswered(answer), name, tried)
        try:
            self._keep(recipe.request, values, answer)  # the teardown may need it; what is missing ends that alone
        except NoValueError as error:
            self.notes.append(f"The recipe of {owner[1]}: {error}.")
        return Played(owner, "answered", "", name, tried, answer.status)

    def _tear_down(self, recipe: Recipe, values: Values, exchange: Exchange) -> None:
        """Cleans up as far as it goes: a request whose values are not known has nothing to clean up."""
        for number, step in enumerate(recipe.teardown, 1):
            try:
                answer = self._send(step, values, f"teardown {number} of {recipe.owner[1]}", exchange)
                self._keep(step, values, answer)
            except NoValueError:
                continue
            if not _goes_on(step, answer.status) and (step.statuses is not None or answer.status not in (404, 410)):
                got = f"was answered {answer.status}" if answer.status is not None else f"got {_unanswered(answer)}"
                told = f"teardown request {number} ({step.method} {step.path}) {got}: it may have left something behind"
                self.notes.append(f"The recipe of {recipe.owner[1]}: {told}.")

    def _check(self, step: Step, operation: Operation | None, path: str) -> None:
        """Raises: NoValueError where saved values led a request to what the user left out, or to what may write."""
        options = self._scene.options
        if any(selects(selector, operation, step.method, path) for selector in options.exclude):
            raise NoValueError("it leads to an operation that was left out by the user")
        allowed = options.recipes or options.writes == "allowed"
        if not step.writes and writes(step.method, operation) and (options.writes == "never" or not allowed):
            raise NoValueError("it leads to an operation that may write")

    def _send(self, step: Step, values: Values, stimulus: str, exchange: Exchange) -> Answer:
        """Raises: NoValueError where the request cannot be made."""
        options = self._scene.options
        address = url(step, values, options.base_url)
        path = urlsplit(address).path
        below = path.startswith(options.base_path + "/") or not options.base_path
        operation = self._router.find(step.method, path[len(options.base_path) :]) if below else None
        self._check(step, operation, path[len(options.base_path) :] if below else path)
        own = [self._secret(name, value) for name, value in headers(step, values)]
        typed = [("Content-Type", "application/json")] if step.body is not ABSENT else []
        sent = merged([("Accept", ACCEPT), *self._worn(operation, step), *typed, *own])
        content_type = next((value for name, value in sent if name.lower() == "content-type"), "")
        request = Request(step.method, address, sent, body(step, values, content_type), stimulus, writes=step.writes)
        answer = exchange(Trial(request, operation, identity=step.who, written=True))
        if step.writes and answer.status not in REFUSED and answer.failure != "refused-by-client":
            label = operation.label if operation is not None else f"{step.method} {step.path}"
            self.wrote[label] = done(answer.status) or self.wrote.get(label, False)
        return answer

    def _secret(self, name: str, value: str) -> tuple[str, str]:
        """A header of the recipe's own; what may be a credential, such as a token that the setup got, is shown nowhere."""
        if not _CREDENTIALS.search(name):
            return name, value
        self.secrets |= {text for text in (value, value.partition(" ")[2]) if len(text) >= SHORTEST}
        return name, Secret(value)

    def _worn(self, operation: Operation | None, step: Step) -> list[tuple[str, str]]:
        """The user's headers that a step carries; tokens are put on later. Raises: NoValueError without a second user."""
        if step.who == "low" and not self._scene.options.low_auth:
            raise NoValueError("it needs a second user: give --low-auth")
        if step.who == "user":
            return list(self._scene.options.headers)
        if operation is not None:
            return identity_headers(self._scene, operation, step.who)
        return [(name, value) for name, value in self._scene.options.headers if name.lower() in HARMLESS]

    def _keep(self, step: Step, values: Values, answer: Answer) -> None:
        """Raises: NoValueError where an answer lacks what the step saves."""
        for name, saved in step.save.items():
            values[name] = save(name, saved, answer.headers, answer.body)


def _goes_on(step: Step, status: int | None) -> bool:
    """Whether a recipe goes on after an answer."""
    if status is None:
        return False
    return status in step.statuses if step.statuses is not None else 200 <= status < 300


def _unanswered(answer: Answer) -> str:
    return f"no answer ({answer.why or answer.failure})"
