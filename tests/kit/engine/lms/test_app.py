"""``reelmark return``: what it refuses, what it says, and what it leaves alone."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kit.stage.lms import Entries, pack, save_zip, take, worth
from reelmark.cli import app
from reelmark.errors import UsageError

HEADER = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,"
    "Grade can be changed,Last modified (grade),Feedback comments\n"
)
GRADES = {1: 60.0, 2: 45.5, 3: 7.0}


def handed_in(*numbers: int) -> Entries:
    """Return what Moodle gives of these participants."""
    return {
        f"Student {n}_{n}_assignsubmission_file_/cnn.py": worth(GRADES[n])
        for n in numbers
    }


def row(number: int, grade: str = "", comment: str = "", most: str = "60.00") -> str:
    """Return a participant's row of a worksheet."""
    return (
        f"Participant {number},Student {number},s{number}@example.org,"
        f"Submitted for grading,{grade},{most},Yes,-,{comment}\n"
    )


class Desk:
    """An instructor's: the marks of three students, and a worksheet."""

    def __init__(self, folder: Path) -> None:
        self.marks, self.out = folder / "marks", folder / "back"
        self.worksheet = folder / "worksheet.csv"
        take(save_zip(handed_in(1, 2, 3), folder / "s.zip"), self.marks)
        self.lay(*map(row, (1, 2, 3)))

    def lay(self, *rows: str, header: str = HEADER) -> None:
        """Put a worksheet there."""
        self.worksheet.write_text(header + "".join(rows), encoding="utf-8")

    def give_back(self, *options: object) -> str:
        """Run `reelmark return moodle`; return what it said."""
        words = ["--worksheet", self.worksheet, "--marks", self.marks]
        if "--out" not in options:
            words += ["--out", self.out]
        command = ["return", "moodle", *map(str, [*words, *options])]
        ran = CliRunner().invoke(app, command)
        if isinstance(ran.exception, UsageError):
            raise ran.exception
        assert ran.exit_code == 0, ran.output
        return ran.output

    def refusal(self, *options: object) -> str:
        """Expect that the command is refused, and that nothing is written."""
        before = self.worksheet.read_bytes()
        with pytest.raises(UsageError) as error:
            self.give_back(*options)
        assert not self.out.exists()
        assert self.worksheet.read_bytes() == before
        return str(error.value)

    def grades(self) -> dict[str, str]:
        """Return the grades that were written, by participant."""
        with (self.out / self.worksheet.name).open(encoding="utf-8-sig") as file:
            return {r["Identifier"]: r["Grade"] for r in csv.DictReader(file)}

    def comments(self) -> list[str]:
        """Return the comments that were written."""
        with (self.out / self.worksheet.name).open(encoding="utf-8-sig") as file:
            return [r["Feedback comments"] for r in csv.DictReader(file)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk of its own."""
    return Desk(tmp_path)


def test_dry_run_shows_what_would_change_and_writes_nothing(desk: Desk) -> None:
    """Each grade is shown with the previous content of its cell."""
    desk.lay(row(1), row(2, "40.00"), row(3, "7.00"))
    told = desk.give_back("--dry-run")
    assert "Student 1 1: no grade -> 60" in told
    assert "Student 2 2: 40.00 -> 45.5" in told
    assert "worksheet.csv: 3, of which 2 change what stands there (1 of" in told
    assert "not written" in told
    assert not desk.out.exists()


def test_how_grades_come_about_is_said(desk: Desk) -> None:
    """Scale, decimals, and which way halves go."""
    told = desk.give_back("--of", 100, "--decimals", 1)
    assert "out of 60 marks, scaled to 100; rounded to 1 decimal, halves up" in told
    expected = {
        "Participant 1": "100",
        "Participant 2": "75.8",
        "Participant 3": "11.7",
    }
    assert desk.grades() == expected


def test_grade_that_is_right_keeps_its_form(desk: Desk) -> None:
    """``7.00`` is 7, and stays as Moodle wrote it."""
    desk.lay(row(1), row(2), row(3, "7.00"))
    desk.give_back()
    assert desk.grades()["Participant 3"] == "7.00"


def test_other_highest_grade_has_to_be_meant(desk: Desk) -> None:
    """Sixty marks do not end up in a column out of a hundred by accident."""
    desk.lay(*(row(n, most="100.00") for n in (1, 2, 3)))
    said = desk.refusal()
    assert "--of 100 scales marks to it; --of 60 enters them as they are" in said
    desk.give_back("--of", 60)
    assert desk.grades()["Participant 2"] == "45.5"


@pytest.mark.parametrize("of", ["0", "-5", "NaN", "Infinity", "many"])
def test_scale_that_is_none_is_refused(desk: Desk, of: str) -> None:
    """Marks are out of a number above nothing."""
    assert "--of takes a number" in desk.refusal("--of", of)


def test_worksheet_with_half_its_rows_gone_is_told(desk: Desk) -> None:
    """Nothing is written while somebody would lose a grade unnoticed."""
    desk.lay(row(1))
    assert "2 would get no grade" in desk.refusal()
    told = desk.give_back("--partial")
    assert "Student 2 2: no row of worksheet.csv can be theirs." in told
    assert desk.grades() == {"Participant 1": "60"}


def test_rows_without_a_submission_stay(desk: Desk) -> None:
    """Students who handed in nothing keep what the teacher wrote."""
    desk.lay(*map(row, (1, 2, 3)), row(9, "50.00", "excused"))
    assert "Rows without one: 1." in desk.give_back()
    assert desk.grades()["Participant 9"] == "50.00"
    assert desk.comments()[3] == "excused"


def test_row_that_is_there_twice_is_no_identifier(desk: Desk) -> None:
    """A worksheet with repeated participants is refused."""
    desk.lay(*map(row, (1, 2, 3, 3)))
    assert "no column holds a number of its own in every row" in desk.refusal()


def test_comments_of_the_teachers_stay(desk: Desk) -> None:
    """Only the kit's own comments are replaced."""
    desk.lay(row(1, "", "Well done!"), row(2, "", "Marked by Reelmark: old."), row(3))
    told = desk.give_back()
    assert "1 comments are yours and stay so: Student 1 1." in told
    first, second, _ = desk.comments()
    assert first == "Well done!"
    assert second.startswith("Marked by Reelmark: 45.5 of 60 marks")


def test_return_can_be_repeated(desk: Desk) -> None:
    """What was written once and imported is filled in again to the same bytes."""
    desk.give_back()
    first = (desk.out / desk.worksheet.name).read_bytes()
    desk.worksheet.write_bytes(first)
    assert "of which 0 change" in desk.give_back()
    assert (desk.out / desk.worksheet.name).read_bytes() == first


def test_worksheet_without_comments_is_filled(desk: Desk) -> None:
    """Some assignments have none; the column of times is not taken for one."""
    rows = [row(n).rsplit(",", 1)[0] + "\n" for n in (1, 2, 3)]
    desk.lay(*rows, header=HEADER.rsplit(",", 1)[0] + "\n")
    assert "there is no column of comments" in desk.give_back()
    text = (desk.out / desk.worksheet.name).read_text("utf-8")
    assert text.splitlines()[1].endswith(",60,60.00,Yes,-")


def test_one_grade_in_all_rows_is_no_highest_grade(desk: Desk) -> None:
    """Not even behind a column of markers in which nobody stands."""
    header = HEADER.replace("Status,", "Status,Marker,")
    rows = [row(n, "50.00").replace("grading,", "grading,,") for n in (1, 2, 3)]
    desk.lay(*rows, header=header)
    desk.give_back()
    assert list(desk.grades().values()) == ["60", "45.5", "7"]


def test_scale_of_words_is_refused(desk: Desk) -> None:
    """A grade that is not a number cannot be filled in."""
    desk.lay(*(row(n, "Good", most="Scale") for n in (1, 2, 3)))
    assert "--grade-column HEADER names it" in desk.refusal()


def test_columns_can_be_named(desk: Desk) -> None:
    """If they cannot be identified, their headers can be given."""
    header = "Identifier,A,B,Grade,Max,C,D,Feedback,More\n"
    rows = [f"Participant {n},,,?,60,x,y,,z\n" for n in (1, 2, 3)]
    desk.lay(*rows, header=header)
    desk.refusal()
    desk.give_back("--grade-column", "Grade", "--comment-column", "Feedback")
    assert desk.grades()["Participant 1"] == "60"
    assert "no column 'Nope'" in _refuse(desk, "--grade-column", "Nope")


def _refuse(desk: Desk, *options: object) -> str:
    with pytest.raises(UsageError) as error:
        desk.give_back(*options)
    return str(error.value)


def test_teachers_own_file_is_never_overwritten(desk: Desk, tmp_path: Path) -> None:
    """Neither by its path, nor by another name of the same file."""
    before = desk.worksheet.read_bytes()
    assert "never overwritten" in _refuse(desk, "--out", desk.worksheet.parent)
    linked = tmp_path / "linked"
    linked.mkdir()
    os.link(desk.worksheet, linked / desk.worksheet.name)
    assert "never overwritten" in _refuse(desk, "--out", linked)
    assert desk.worksheet.read_bytes() == before


def test_all_is_written_or_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk leaves neither half a worksheet nor one without its zip."""
    desk.give_back()
    before = {p.name: p.read_bytes() for p in desk.out.iterdir()}
    desk.lay(*map(row, (1, 2, 3)), row(4))
    write = Path.write_bytes

    def fail(self: Path, data: bytes) -> int:
        if self.name == "feedback.zip":
            raise OSError(28, "No space left on device")
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", fail)
    assert "No space left on device" in _refuse(desk)
    assert {p.name: p.read_bytes() for p in desk.out.iterdir()} == before


def test_plain_work_is_matched_by_any_id(desk: Desk, tmp_path: Path) -> None:
    """Folders called by address find the rows that hold it, and no number does."""
    entries = {
        "s1@example.org/cnn.py": worth(11),
        "S2@example.org/cnn.py": worth(22),
        "3.zip": pack({"cnn.py": worth(33)}),
    }
    desk.marks = tmp_path / "plain"
    take(save_zip(entries, tmp_path / "plain.zip"), desk.marks)
    told = desk.give_back("--partial")
    assert "3: no row of worksheet.csv can be theirs." in told
    grades = {"Participant 1": "11", "Participant 2": "22", "Participant 3": ""}
    assert desk.grades() == grades


def test_numbers_of_another_system_mean_nothing(desk: Desk, tmp_path: Path) -> None:
    """Canvas's user 1 is not Moodle's participant 1."""
    desk.marks = tmp_path / "canvas"
    take(save_zip({"ada_1_2_cnn.py": worth(9)}, tmp_path / "c.zip"), desk.marks)
    header = HEADER.replace("Email address", "ID number")
    rows = [row(n).replace(f"s{n}@example.org", str(n)) for n in (1, 2, 3)]
    desk.lay(*rows, header=header)
    assert "1 would get no grade" in desk.refusal()


def test_one_row_for_two_is_told(desk: Desk, tmp_path: Path) -> None:
    """If somebody uses another's id, neither mark is put in before a person looks."""
    desk.marks = tmp_path / "twins"
    entries = {**handed_in(1, 2), "Eve_1_assignsubmission_file_/cnn.py": worth(0)}
    take(save_zip(entries, tmp_path / "t.zip"), desk.marks)
    told = desk.give_back("--partial")
    assert "Eve 1 and Student 1 1: one row for both" in told
    assert desk.grades()["Participant 1"] == ""
    assert desk.grades()["Participant 2"] == "45.5"


def test_report_is_merged(desk: Desk, tmp_path: Path) -> None:
    """Code and report fill the worksheet's hundred; lateness is taken off once."""
    report = tmp_path / "course.csv"
    lines = ["student,code,report,left to mark,late penalty,of"]
    lines += [f"Student {n} {n},{GRADES[n]},30,0,{n},100" for n in (1, 2, 3)]
    report.write_text("\n".join(lines), encoding="utf-8")
    desk.lay(*(row(n, most="100.00") for n in (1, 2, 3)))
    desk.give_back("--report", report)
    expected = {"Participant 1": "89", "Participant 2": "73.5", "Participant 3": "34"}
    assert desk.grades() == expected


def test_column_that_the_roster_lacks_is_named(desk: Desk) -> None:
    """The message lists those there are."""
    words = ["return", "csv", "--marks", str(desk.marks), "--out", str(desk.out)]
    ran = CliRunner().invoke(app, [*words, "--by", "shoe size"])
    assert "'shoe size'" in str(ran.exception)
    ran = CliRunner().invoke(app, [*words, "--by", "email"])
    assert "is empty for Student 1 1" in str(ran.exception)
    assert not desk.out.exists()
