"""Adjustments: an instructor has the last word on a student's marks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reelmark.errors import UsageError
from reelmark.manifest import Task
from reelmark.results import CheckResult as Check
from reelmark.results import Result, Status, summarise, summarise_task
from reelmark.rulings.adjustments import (
    COLUMNS,
    NAME,
    Adjustments,
    parse_marks,
    read_adjustments,
)

TASKS = (
    Task("1a", "Weigh", "1", "dough", "weigh", 4, 10, (), ()),
    Task("1b", "Knead", "1", "dough", "knead", 2, 10, (), ()),
)
STUDENTS = ("ada", "ben", "0012", "Zo\u00eb")
FIRST, SECOND = "public/dough::test_weighs", "hidden/dough::test_weighs_more"


def make_result(student: str = "ada") -> Result:
    """Return a submission that has 2 of the 4 marks of 1a, and those of 1b."""
    checks = (
        Check(FIRST, "It weighs.", False, Status.PASSED, 2, 2, "", 0.1),
        Check(SECOND, "It weighs more.", True, Status.FAILED, 0, 2, "Too light.", 0.1),
    )
    done = Check("public/dough::test_kneads", "", False, Status.PASSED, 2, 2, "", 0.1)
    tasks = [
        summarise_task("1a", "Weigh", checks),
        summarise_task("1b", "Knead", [done]),
    ]
    return summarise(student, tasks)


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Adjustments]:
    """Reads adjustments, given as rows below the heading."""

    def read_rows(*rows: str, is_first: bool = False) -> Adjustments:
        path = tmp_path / NAME
        path.write_text("\n".join([",".join(COLUMNS), *rows]), encoding="utf-8")
        known = () if is_first else (make_result(),)
        return read_adjustments(path, STUDENTS, known, TASKS)

    return read_rows


Read = Callable[..., Adjustments]


class TestMarks:
    """What a result has once it is adjusted."""

    def test_task_earns_what_is_set(self, read: Read) -> None:
        """The marks of the whole task are set, and the total follows."""
        result = read("ada,1a,3.5,Our misprint.,Dr Lee").apply(make_result())
        task = result.tasks[0]
        assert (task.marks, task.max, result.total) == (3.5, 4, 5.5)
        assert task.adjusted is not None
        assert (task.adjusted.found, task.adjusted.by) == (2, "Dr Lee")
        assert task.adjusted.reason == "Our misprint."

    def test_check_earns_what_is_set(self, read: Read) -> None:
        """The marks of one check are set; its task adds them up."""
        result = read(f"ada,{SECOND},1,A typo.,Dr Lee").apply(make_result())
        assert result.tasks[0].checks[1].adjusted is not None
        assert (result.tasks[0].marks, result.total) == (3, 5)

    def test_state_stays_as_it_was_found(self, read: Read) -> None:
        """Only marks are set by hand; states stay as found."""
        result = read(f"ada,{SECOND},2,A typo.,Dr Lee").apply(make_result())
        assert result.tasks[0].checks[1].status is Status.FAILED

    def test_others_keep_theirs(self, read: Read) -> None:
        """An adjustment affects one student."""
        ben = make_result("ben")
        assert read("ada,1a,3.5,Our misprint.,Dr Lee").apply(ben) == ben

    def test_no_file_adjusts_nothing(self, tmp_path: Path) -> None:
        """Without a file, results are what they are."""
        adjustments = read_adjustments(tmp_path / NAME, STUDENTS)
        assert adjustments.apply(make_result()) == make_result()

    @pytest.mark.parametrize("text", ["2,5", "2.5", "2.50"])
    def test_marks_are_read_as_people_write_them(self, text: str) -> None:
        """Spreadsheets of some countries write a comma."""
        assert parse_marks(text) == 2.5


REFUSED = {
    "an unknown student": (
        "adda,1a,3,Why,Lee",
        "line 2: nobody is called 'adda': did you mean 'ada'?",
    ),
    "a number without its zeros": (
        "12,1a,3,Why,Lee",
        "did you mean '0012' (leading zeros differ)?",
    ),
    "an unknown task": ("ada,1aa,3,Why,Lee", "no task '1aa': did you mean 1a"),
    "an unknown check": (
        "ada,public/dough::test_weigh,1,Why,Lee",
        f"no check 'public/dough::test_weigh': did you mean {FIRST}",
    ),
    "a function alone": (
        "ada,test_weighs_more,1,Why,Lee",
        f"no task 'test_weighs_more': did you mean {SECOND}?",
    ),
    "more than there is": ("ada,1a,4.5,Why,Lee", "1a is worth 4, and 4.5 is more"),
    "more than a check has": (f"ada,{FIRST},3,Why,Lee", "is worth 2, and 3 is more"),
    "a difference": ("ada,1a,+1,Why,Lee", "write what is earned then, not by how much"),
    "marks below zero": ("ada,1a,-1,Why,Lee", "marks is -1: write what is earned"),
    "no number": ("ada,1a,full,Why,Lee", "marks is 'full', which is not a number"),
    "no finite number": ("ada,1a,inf,Why,Lee", "'inf', which is not a number"),
    "no reason": ("ada,1a,3,,Lee", "line 2: reason must not be empty"),
    "nobody who decided": ("ada,1a,3,Why,", "line 2: by must not be empty"),
    "too few cells": ("ada,1a,3", "it has 3 cells, and the first line has 5"),
}


class TestRefusals:
    """What makes no sense is refused, in words that name the line."""

    @pytest.mark.parametrize(("row", "words"), REFUSED.values(), ids=REFUSED)
    def test_what_makes_no_sense_is_told(
        self, read: Read, row: str, words: str
    ) -> None:
        """The message says what is wrong in which line, and what may be meant."""
        with pytest.raises(UsageError) as caught:
            read(row)
        assert words in str(caught.value)
        assert f"{NAME}, line 2: " in str(caught.value)

    def test_two_rows_that_differ_are_told(self, read: Read) -> None:
        """Two rows on one task of one student cannot both be right."""
        with pytest.raises(UsageError, match="line 2 sets 1a of ada to 3 already"):
            read("ada,1a,3,Why,Lee", "ada,1a,4,Why,Lee")

    def test_task_and_its_check_are_told(self, read: Read) -> None:
        """A whole task and a part of it cannot both be set."""
        with pytest.raises(UsageError, match="line 2 sets the whole of 1a"):
            read("ada,1a,3,Why,Lee", f"ada,{FIRST},1,Why,Lee")

    def test_all_faults_are_told_at_once(self, read: Read) -> None:
        """All mistakes are listed at once."""
        with pytest.raises(UsageError) as caught:
            read("adda,1a,3,Why,Lee", "ada,1c,3,Why,Lee", "ada,1a,9,Why,Lee")
        assert [f"line {n}" in str(caught.value) for n in (2, 3, 4)] == [True] * 3

    def test_same_row_twice_does_no_harm(self, read: Read) -> None:
        """A row that was pasted twice says one thing."""
        row = "ada,1a,3,Why,Lee"
        assert read(row, row).apply(make_result()).total == 5

    def test_check_is_known_after_the_first_marking(self, read: Read) -> None:
        """Before it, a check cannot be looked up; after it, it is."""
        adjustments = read("ada,public/dough::test_nothing,1,Why,Lee", is_first=True)
        with pytest.raises(UsageError, match="no check 'public/dough::test_nothing'"):
            adjustments.expect_known([make_result()])
