"""Records: what a frozen dataclass with slots gives, and nothing that it forbids."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping
from functools import cached_property

import pytest

from errlint.model.record import field, mutable, record, replace


@record
class Point:
    x: int
    y: int = 0
    seen: list[int] = field(default_factory=list, compare=False)
    secret: str = field(default="s", repr=False, compare=False)

    @property
    def sum(self) -> int:
        return self.x + self.y


@record
class Whole:
    value: int
    extra: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def doubled(self) -> int:
        return 2 * self.value


@mutable
class Sum:
    total: int = 0
    parts: list[int] = field(default_factory=list)


@record
class Checked:
    value: int

    def __post_init__(self) -> None:
        if self.value < 0:
            raise ValueError("negative")


def test_a_record_has_its_members_defaults_and_text():
    point = Point(1)
    assert (point.x, point.y, point.seen, point.secret, point.sum) == (1, 0, [], "s", 1)
    assert repr(Point(1, y=2)) == "Point(x=1, y=2, seen=[])"
    assert Point.__match_args__ == ("x", "y", "seen", "secret")


def test_a_default_that_is_made_is_made_anew():
    assert Point(1).seen is not Point(1).seen


def test_records_are_equal_by_what_is_compared():
    assert Point(1, 2, [3], "a") == Point(1, 2, [4], "b")
    assert hash(Point(1, 2)) == hash(Point(1, 2))
    assert Point(1) != Point(2)
    assert Point(1) != (1, 0)
    assert len({Point(1), Point(1), Point(2)}) == 2


@pytest.mark.parametrize("change", [lambda p: setattr(p, "x", 2), lambda p: delattr(p, "x"), lambda p: setattr(p, "z", 2)])
def test_a_record_cannot_be_changed(change):
    with pytest.raises(AttributeError):
        change(Point(1))


def test_a_changed_copy_is_a_new_record():
    assert replace(Point(1, 2), y=3) == Point(1, 3)
    with pytest.raises(TypeError):
        replace(Point(1), z=1)


def test_wrong_arguments_are_refused():
    with pytest.raises(TypeError):
        Point()
    with pytest.raises(TypeError):
        Point(1, z=2)


def test_a_property_may_be_remembered():
    whole = Whole(2)
    assert whole.doubled == 4
    assert whole.__dict__ == {"doubled": 4}


def test_copies_and_pickles_are_equal():
    assert pickle.loads(pickle.dumps(Point(1, 2))) == Point(1, 2)
    assert copy.copy(Point(1, 2)) == Point(1, 2)
    assert copy.deepcopy(Point(1, 2, [3])).seen == [3]


def test_what_gathers_may_change_and_equals_itself_only():
    one = Sum()
    one.total += 1
    one.parts.append(1)
    assert (one.total, one.parts, one == Sum(1, [1]), one == one) == (1, [1], False, True)


def test_a_record_may_check_itself():
    with pytest.raises(ValueError, match="negative"):
        Checked(-1)
    assert Checked(1).value == 1
