"""Marks: decimal, halves up, merged with the report's, penalties once."""

from __future__ import annotations

import doctest
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from kit.stage import broken
from kit.stage.lms import make_result
from reelmark.errors import UsageError
from reelmark.grading.publishing import open_publisher
from reelmark.lms import marks as marks_module
from reelmark.lms.marks import (
    Mark,
    Scale,
    format_number,
    parse_number,
    read_marks,
)
from reelmark.lms.roster import Person, write_roster
from reelmark.manifest import Coursework
from reelmark.results import Result, Status, summarise, write_result

HEADING = "student,task,marks,reason,by\n"
HEADER = "student,cnn,code,report,left to mark,late penalty,total,of\n"


def write_class(folder: Path, *results: Result) -> Path:
    """Write results, and a roster of those who have them."""
    for result in results:
        write_result(result, folder / "results" / f"{result.student}.json")
    people = [Person(r.student, r.student, "plain") for r in results]
    write_roster(people, folder)
    return folder


def write_report(folder: Path, *rows: str) -> Path:
    """Write what `reelmark course export` writes."""
    path = folder / "course.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def mark(marks: str, of: str = "60") -> Mark:
    """Return somebody's mark."""
    person = Person("ada", "Ada", "plain")
    return Mark(person, Decimal(marks), Decimal(of), make_result("ada", 0))


@pytest.mark.parametrize(
    ("marks", "of", "decimals", "grade"),
    [
        ("30.15", 100, 1, "50.3"),  # 50.25
        ("30.15", 100, 2, "50.25"),
        ("0.3", 10, 1, "0.1"),  # 0.05
        ("59.99", 60, 1, "60.0"),
        ("59.99", 60, 2, "59.99"),
        ("20", 100, 2, "33.33"),
        ("40", 100, 0, "67"),
        ("2.5", 60, 0, "3"),
        ("3.5", 60, 0, "4"),
    ],
)
def test_halves_go_up(marks: str, of: int, decimals: int, grade: str) -> None:
    """As people expect of marks, and not as floating point or bankers have it."""
    assert str(Scale(Decimal(of), decimals).apply(mark(marks))) == grade


@pytest.mark.parametrize(
    ("number", "text"), [("87.50", "87.5"), ("100", "100"), ("0.00", "0"), ("7", "7")]
)
def test_numbers_are_written_short(number: str, text: str) -> None:
    """No zeros at the end; zeros that count stay."""
    assert format_number(Decimal(number)) == text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("7,5", "7.5"), (" 60.00 ", "60"), ("1e2", "100"), ("-3", "-3")),
        *(("", None), ("-", None), ("EX", None), ("1.000,5", None), ("1,000,5", None)),
        *(("NaN", None), ("Infinity", None)),
    ],
)
def test_numbers_are_read_with_point_or_comma(text: str, number: str | None) -> None:
    """A number that can be read in two ways is refused."""
    assert parse_number(text) == (None if number is None else Decimal(number))


def test_examples_are_true() -> None:
    """The examples in the module are what it does."""
    assert doctest.testmod(marks_module).failed == 0


def test_work_that_was_refused_has_no_marks(tmp_path: Path) -> None:
    """It has the same maximum as everybody's."""
    folder = write_class(tmp_path, make_result("ada", 12.5), summarise("eve", []))
    marks = {m.person.student: m for m in read_marks(folder).marks}
    assert (marks["eve"].marks, marks["eve"].of) == (0, 60)


def test_fault_of_the_kit_gives_nobody_a_grade(tmp_path: Path) -> None:
    """It neither costs nor earns: an instructor has to look."""
    faulty = make_result("ben", 60, Status.KIT_FAULT)
    marks = read_marks(write_class(tmp_path, make_result("ada", 1), faulty))
    assert [each.person.student for each in marks.marks] == ["ada"]
    assert marks.left_out == ("ben: the checker failed on it; mark it again.",)


class TestRulings:
    """What an instructor decided counts, before anything is returned."""

    def test_marks_set_by_hand_are_returned(self, tmp_path: Path) -> None:
        """They are the last word on what was found."""
        folder = write_class(tmp_path, make_result("ada", 1), make_result("ben", 2))
        text = HEADING + "ada,1a,42.5,Seen in the lab.,Dr Lee\n"
        (folder / "adjustments.csv").write_text(text, encoding="utf-8")
        assert [each.marks for each in read_marks(folder).marks] == [Decimal("42.5"), 2]

    def test_open_marks_give_no_grade(self, tmp_path: Path) -> None:
        """They are neither earned nor lost, and nobody should find out only later."""
        marks = read_marks(write_class(tmp_path, broken.make_result()))
        assert marks.marks == ()
        told = "ada: 3 marks are open; decide on them: reelmark decide"
        assert marks.left_out == (told,)

    @pytest.mark.parametrize(
        ("file", "text"),
        [
            (
                "decisions.csv",
                f"check,end,marks,because\n{broken.FIRST},KeyError,full,It works.\n",
            ),
            ("adjustments.csv", HEADING + "ada,1a,3,It works.,Dr Lee\n"),
        ],
    )
    def test_what_was_decided_is_returned(
        self, tmp_path: Path, file: str, text: str
    ) -> None:
        """For everybody who met the fault, or for one student."""
        folder = write_class(tmp_path, broken.make_result())
        (folder / file).write_text(text, encoding="utf-8")
        assert [each.marks for each in read_marks(folder).marks] == [7]

    def test_pages_must_tell_the_same(
        self, tmp_path: Path, coursework: Coursework
    ) -> None:
        """Feedback with other marks than the worksheet's is worse than none."""
        folder = write_class(tmp_path, result := broken.make_result())
        text = HEADING + "ada,1a,2,It works.,Dr Lee\n"
        open_publisher(coursework, folder).publish_class([result])
        (folder / "adjustments.csv").write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match="changed after pages were written"):
            read_marks(folder)
        open_publisher(coursework, folder).publish_class([result])
        assert [each.marks for each in read_marks(folder).marks] == [6]

    def test_what_makes_no_sense_is_refused(self, tmp_path: Path) -> None:
        """Nothing is returned while a row belongs to nobody."""
        folder = write_class(tmp_path, make_result("ada", 1))
        text = HEADING + "adda,1a,3,It works.,Dr Lee\n"
        (folder / "adjustments.csv").write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match="did you mean 'ada'"):
            read_marks(folder)


def test_results_of_different_checks_are_refused(tmp_path: Path) -> None:
    """Sixty marks of public checks are not sixty marks."""
    other = replace(make_result("ben", 10), max=45.0)
    with pytest.raises(UsageError, match="out of 45 and 60 marks"):
        read_marks(write_class(tmp_path, make_result("ada", 1), other))


def test_results_of_an_earlier_class_are_told(tmp_path: Path) -> None:
    """Who is not in the roster gets nothing; who has no result is counted."""
    folder = write_class(tmp_path, make_result("ada", 1))
    write_result(make_result("old", 60), folder / "results" / "old.json")
    write_roster([Person(n, n, "plain") for n in ("ada", "new")], folder)
    marks = read_marks(folder)
    assert [each.person.student for each in marks.marks] == ["ada"]
    assert "1 of the roster have no result" in marks.told[0]
    assert "such as old" in marks.told[1]


def test_results_without_a_roster_are_returned_by_name(tmp_path: Path) -> None:
    """A course in nbgrader keeps results, and no roster."""
    write_result(make_result("ada", 1), tmp_path / "results" / "ada.json")
    (found,) = read_marks(tmp_path).marks
    assert found.person.ids == ("ada",)


def test_folder_without_results_is_a_sentence(tmp_path: Path) -> None:
    """It says which folder is meant."""
    with pytest.raises(UsageError, match="--marks DIR"):
        read_marks(tmp_path)


def test_result_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    """Its file is named."""
    folder = write_class(tmp_path, make_result("ada", 1), make_result("ben", 2))
    (folder / "results" / "ben.json").write_text("{", encoding="utf-8")
    assert "ben.json cannot be read" in read_marks(folder).left_out[0]


class TestReport:
    """The report's marks are added and late penalties deducted, once."""

    def test_report_is_added_and_lateness_taken_off(self, tmp_path: Path) -> None:
        """Code, report and penalty come to what the course's own total is."""
        folder = write_class(tmp_path, make_result("ada", 50.5))
        report = write_report(tmp_path, "ada,50.5,50.5,30,0,5,75.5,100")
        for _ in range(2):  # nothing is kept that could be deducted again
            (found,) = read_marks(folder, report).marks
            assert (found.marks, found.of) == (Decimal("75.5"), 100)

    def test_nobody_falls_below_nothing(self, tmp_path: Path) -> None:
        """A penalty takes no more than there is."""
        folder = write_class(tmp_path, make_result("ada", 2))
        report = write_report(tmp_path, "ada,2,2,0,0,50,0,100")
        assert read_marks(folder, report).marks[0].marks == 0

    @pytest.mark.parametrize(
        ("row", "words"),
        [
            ("ada,50,50,30,2,0,80,100", "not completely marked"),
            (
                "ada,49,49,30,0,0,79,100",
                "has 49 for their code, which was marked with 50",
            ),
            ("ada,50,50,,0,0,80,100", "no number in the column 'report'"),
            ("ben,50,50,30,0,0,80,100", "no row of theirs alone"),
        ],
    )
    def test_what_does_not_fit_is_left_out(
        self, tmp_path: Path, row: str, words: str
    ) -> None:
        """A grade is given when all of it is there, and agrees."""
        folder = write_class(tmp_path, make_result("ada", 50))
        marks = read_marks(folder, write_report(tmp_path, row))
        assert marks.marks == ()
        assert words in marks.left_out[0]

    def test_another_table_is_refused(self, tmp_path: Path) -> None:
        """Its message names the columns that are expected."""
        folder = write_class(tmp_path, make_result("ada", 50))
        path = tmp_path / "x.csv"
        path.write_text("student,code\nada,50\n", encoding="utf-8")
        with pytest.raises(UsageError, match="must name the columns: student,code"):
            read_marks(folder, path)
