"""Who may hand in later: read for certain, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from traitlets.config import Config

from reelmark.course.extensions import Extensions, expect_clear, read_extensions
from reelmark.course.folder import Course
from reelmark.course.lateness import make_policy
from reelmark.course.submissions import remove_unsafe
from reelmark.errors import UsageError
from reelmark.intake.moments import find_zone, show_moment

STUDENTS = frozenset({"0012345", "ada", "Zo\u00eb", "ben"})


def _read(folder: Path, content: str | bytes, zone: str = "UTC") -> Extensions:
    data = content.encode("utf-8") if isinstance(content, str) else content
    (folder / "extensions.csv").write_bytes(data)
    course = Course(Config(CourseDirectory=Config(root=str(folder))))
    return read_extensions(course, STUDENTS, find_zone(zone))


def _due(extensions: Extensions) -> dict[str, str]:
    return {name: show_moment(due) for name, due in extensions.due.items()}


def test_what_is_understood_is_echoed(tmp_path: Path) -> None:
    """Every line is printed as it was read, and so is the file's format."""
    text = "student,due\nada,2026-03-13T17:00+01:00\nben,2026-03-14\n"
    extensions = _read(tmp_path, text)
    assert extensions.notes == (
        "extensions.csv is UTF-8, with commas.",
        "extensions.csv, line 2: ada until 2026-03-13 16:00 UTC.",
        "extensions.csv, line 3: ben until 2026-03-14 23:59:59 UTC.",
    )
    assert extensions.doubts == ()


def test_day_ends_where_the_course_is(tmp_path: Path) -> None:
    """A day alone ends at midnight of the configured time zone."""
    text = "student,due\nada,2026-07-01\n"
    extensions = _read(tmp_path, text, "America/New_York")
    assert _due(extensions) == {"ada": "2026-07-02 03:59:59 UTC"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_spreadsheets_of_all_kinds_are_read(tmp_path: Path, encoding: str) -> None:
    """An accent costs nobody an extension."""
    text = "student;due\r\nZo\u00eb;2026-03-13T17:00Z\r\n".encode(encoding)
    assert _due(_read(tmp_path, text)) == {"Zo\u00eb": "2026-03-13 17:00 UTC"}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("12345,2026-03-13", "did you mean '0012345' (leading zeros differ)?"),
        ("ADA,2026-03-13", "did you mean 'ada' (capital and small letters differ)?"),
        ("Zoe,2026-03-13", "did you mean 'Zo\u00eb' (accents differ)?"),
        ("xavier,2026-03-13", "nobody is called 'xavier'"),
        (",2026-03-13", "a student is needed"),
        ("ada,09/03/2026", "for ada, '09/03/2026' is 2026-03-09 or 2026-09-03"),
        ("ada,2026-03-13 12:00 PST", "for ada, '2026-03-13 12:00 PST' names a time"),
        ("ada,2026-03-13 12:00", "for ada, '2026-03-13 12:00' has no time zone"),
        ("ada,", "for ada, '' is empty"),
        ("ada", "it has 1 cells"),
        ("ada,2026-03-13,ill", "it has 3 cells"),
    ],
)
def test_unclear_line_does_not_count_and_is_named(
    tmp_path: Path, line: str, told: str
) -> None:
    """The line is shown with what may be meant; the others count."""
    extensions = _read(tmp_path, f"student,due\nben,2026-03-14\n{line}\n")
    (doubt,) = extensions.doubts
    assert doubt.startswith("extensions.csv, line 3: ")
    assert told in doubt
    assert set(extensions.due) == {"ben"}


def test_student_who_is_there_twice_has_neither_date(tmp_path: Path) -> None:
    """The kit does not guess which of two lines is meant."""
    text = "student,due\nada,2026-03-13\nben,2026-03-14\nada,2026-03-15\n"
    extensions = _read(tmp_path, text)
    assert extensions.doubts == (
        "extensions.csv, line 2: ada is there again in line 4.",
    )
    assert set(extensions.due) == {"ben"}


def test_two_forms_of_one_name_are_one_student(tmp_path: Path) -> None:
    """An accent stored in two ways does not hide that somebody is there twice."""
    text = "student,due\nZo\u00eb,2026-03-13\nZoe\u0308,2026-03-14\n"
    assert len(_read(tmp_path, text).doubts) == 1


def test_accent_in_another_form_is_remarked(tmp_path: Path) -> None:
    """The same name in Unicode's other form counts, with a remark."""
    extensions = _read(tmp_path, "student,due\nZoe\u0308,2026-03-13\n")
    assert set(extensions.due) == {"Zo\u00eb"}
    assert "is taken for that student" in extensions.notes[1]


def test_missing_file_gives_nobody_longer(tmp_path: Path) -> None:
    """A course without the file has no extensions."""
    course = Course(Config(CourseDirectory=Config(root=str(tmp_path))))
    assert read_extensions(course, STUDENTS) == Extensions()


@pytest.mark.parametrize("content", ["student due\nada 2026-03-13\n", b"\x81\x00"])
def test_file_that_is_no_table_is_refused(tmp_path: Path, content: str | bytes) -> None:
    """An unreadable file is refused, even with --anyway."""
    with pytest.raises(UsageError, match=r"extensions\.csv"):
        _read(tmp_path, content)


def test_everything_unclear_is_told_at_once() -> None:
    """All mistakes in the file are listed at once."""
    doubts = tuple(f"doubt {number}" for number in range(30))
    with pytest.raises(UsageError) as refused:
        expect_clear(Extensions(doubts=doubts), anyway=False)
    assert "doubt 0\n" in str(refused.value)
    assert "and 10 more" in str(refused.value)
    assert "--anyway" in str(refused.value)


def test_what_is_unclear_can_be_passed_over() -> None:
    """With --anyway nothing is expected."""
    expect_clear(Extensions(doubts=("doubt",)), anyway=True)


@pytest.mark.parametrize(
    "settings",
    [
        {"percent_a_day": -1.0},
        {"percent_a_day": float("nan")},
        {"percent_a_day": "five"},
        {"grace_minutes": float("inf")},
        {"time_zone": "Europe/Camelot"},
    ],
)
def test_policy_that_makes_no_sense_is_refused(settings: dict[str, object]) -> None:
    """What lateness costs is a number, and the time zone exists."""
    with pytest.raises(UsageError, match="What lateness costs cannot be used"):
        make_policy(**settings)


@pytest.mark.parametrize(
    ("text", "is_kept"),
    [
        ("2026-03-05 12:00:00.000000 UTC", True),
        ("2026-03-05T12:00Z", True),
        ("2026-03-05", False),
        ("05/03/2026 12:00", False),
        ("2026-03-05 12:00 PST", False),
        ("2026-03-05 12:00 +01:00", False),
        ("2026-03-05 12:00", False),
    ],
)
def test_time_of_handing_in_is_read_one_way_or_not_at_all(
    tmp_path: Path, text: str, is_kept: bool
) -> None:
    """Time stamps that nbgrader would misread are removed."""
    stamp = tmp_path / "timestamp.txt"
    stamp.write_text(text, encoding="utf-8")
    removed = remove_unsafe(tmp_path)
    assert (not removed, stamp.exists()) == (is_kept, is_kept)
