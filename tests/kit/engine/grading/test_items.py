"""Items: what the figures of a check say about a class."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from reelmark.grading.items import Item, Thirds, analyse, compare_thirds
from reelmark.manifest import Coursework, Task
from reelmark.results import CheckResult, Result, Status, summarise, summarise_task

COURSEWORK = Coursework(
    Path("nowhere"),
    "Bread",
    (Task("1a", "Weigh", "1", "dough", "weigh", 9, 9, (), ()),),
)


def make_student(name: str, rest: float, status: Status) -> Result:
    """Return a submission with so many marks beside those of the check in question."""
    marks = 2.0 if status in (Status.PASSED, Status.KIT_FAULT) else 0.0
    checks = [
        CheckResult("public/one", "One.", False, status, marks, 2, "", 0),
        CheckResult("public/rest", "Rest.", False, Status.PASSED, rest, 9, "", 0),
    ]
    return summarise(name, [summarise_task("1a", "Weigh", checks)])


def analyse_one(students: Sequence[tuple[float, Status]]) -> Item:
    """Return the figures of the check in question, in a class."""
    class_ = [make_student(f"s{n}", *each) for n, each in enumerate(students)]
    return next(i for i in analyse(class_, COURSEWORK) if i.check.id == "public/one")


def test_facility_is_the_share_of_marks() -> None:
    """One of four passed, so the class has a quarter of the marks."""
    states = [Status.PASSED, Status.FAILED, Status.NOT_STARTED, Status.TIMED_OUT]
    assert analyse_one([(1, state) for state in states]).facility == 0.25


def test_fault_of_the_checker_counts_nowhere() -> None:
    """Marks given because the checker failed say nothing about a check."""
    item = analyse_one([(1, Status.FAILED), (1, Status.KIT_FAULT)])
    assert item.facility == 0
    assert item.num_missed == 1


def test_check_that_nobody_met_is_left_out() -> None:
    """Where only the checker failed there is nothing to say of the class."""
    class_ = [make_student("ada", 1, Status.KIT_FAULT)]
    assert [item.check.id for item in analyse(class_, COURSEWORK)] == ["public/rest"]


def test_missed_means_tried() -> None:
    """Students who have not started have not missed a check; they count apart."""
    item = analyse_one([(1, Status.FAILED), (1, Status.NOT_STARTED)])
    assert (item.num_missed, item.num_waiting) == (1, 1)


def test_telling_check_has_a_gap_between_the_thirds() -> None:
    """A check that all of the best and none of the weakest pass tells them apart."""
    best, middle = [(9, Status.PASSED)] * 4, [(5, Status.FAILED)] * 4
    item = analyse_one([*best, *middle, *[(1, Status.FAILED)] * 4])
    assert item.thirds == Thirds(top=1.0, bottom=0.0)
    assert item.thirds.verdict == "it clearly tells strong work from weak"


def test_own_marks_do_not_count_for_the_thirds() -> None:
    """A check is compared with everything else, or each would look telling."""
    equal = [(5.0, Status.PASSED)] * 6 + [(5.0, Status.FAILED)] * 6
    assert analyse_one(equal).thirds == Thirds(top=0.5, bottom=0.5)


def test_few_submissions_have_no_thirds() -> None:
    """With two students in a third, nothing can be said."""
    assert analyse_one([(n, Status.PASSED) for n in range(8)]).thirds is None


def test_check_the_wrong_way_round_is_pointed_out() -> None:
    """A check that only weak work passes may be at fault itself."""
    item = analyse_one([(9, Status.FAILED)] * 5 + [(1, Status.PASSED)] * 5)
    assert item.thirds is not None
    assert item.thirds.verdict == "the wrong way round: read this check again"


@pytest.mark.parametrize("seed", range(5))
def test_order_of_equals_does_not_matter(seed: int) -> None:
    """Students who are tied where a third ends all count with the same fraction."""
    chance = random.Random(seed)
    pairs = [(float(chance.randrange(3)), chance.choice((0.0, 1.0))) for _ in range(20)]
    shuffled = chance.sample(pairs, len(pairs))
    one, other = compare_thirds(pairs), compare_thirds(shuffled)
    assert one is not None
    assert other is not None
    assert (one.top, one.bottom) == pytest.approx((other.top, other.bottom))
