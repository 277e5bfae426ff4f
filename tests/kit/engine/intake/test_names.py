"""Names in an instructor's file: who is meant is never guessed."""

from __future__ import annotations

import unicodedata

import pytest

from reelmark.intake.names import match_student

STUDENTS = frozenset(
    {"0012345", "ada", "Zo\u00eb", "O'Brien, Pat", "ben", "00777", "777"}
)


@pytest.mark.parametrize("name", sorted(STUDENTS))
def test_name_of_a_student_is_theirs(name: str) -> None:
    """An exact name needs no remark."""
    match = match_student(name, STUDENTS)
    assert (match.student, match.remark) == (name, "")


@pytest.mark.parametrize(
    ("name", "meant", "why"),
    [
        ("12345", "'0012345'", "leading zeros differ"),
        ("12345.0", "'0012345'", "a spreadsheet has made a number of it"),
        ("1.2345E+04", "'0012345'", "a spreadsheet has made a number of it"),
        ("0777", "'00777' or '777'", "leading zeros differ"),
        ("ADA", "'ada'", "capital and small letters differ"),
        ("zo\u00cb", "'Zo\u00eb'", "capital and small letters differ"),
        ("Zoe", "'Zo\u00eb'", "accents differ"),
        ("Pat O'Brien", "'O'Brien, Pat'", "blanks, signs or the order of words differ"),
        ("ada\u200b", "'ada'", "blanks, signs or the order of words differ"),
    ],
)
def test_name_that_is_alike_is_not_taken(name: str, meant: str, why: str) -> None:
    """The message says who may be meant, and what differs; nobody is chosen."""
    match = match_student(name, STUDENTS)
    assert match.student is None
    assert match.remark.endswith(f": did you mean {meant} ({why})?")


def test_misspelt_name_is_told_what_is_close() -> None:
    """For a typo, the closest name is suggested."""
    match = match_student("O'Brian, Pat", STUDENTS)
    assert match.remark.endswith("did you mean 'O'Brien, Pat'?")


def test_name_of_nobody_is_told_so() -> None:
    """If no name is close, none is suggested."""
    assert match_student("xavier", STUDENTS).remark == "nobody is called 'xavier'"


def test_accent_in_another_form_is_the_same_letter() -> None:
    """What Unicode calls the same text is the same student, and remarked."""
    match = match_student(unicodedata.normalize("NFD", "Zo\u00eb"), STUDENTS)
    assert match.student == "Zo\u00eb"
    assert "accents are stored in another way" in match.remark


def test_two_students_of_one_composed_name_are_not_told_apart() -> None:
    """If both forms are students, only the exact one is meant."""
    both = {"Zo\u00eb", "Zoe\u0308"}
    assert match_student("Zoe\u0308", both).student == "Zoe\u0308"
    third = unicodedata.normalize("NFD", "\u1e69")
    forms = {unicodedata.normalize("NFC", third), "s\u0307\u0323"}
    assert match_student("s\u0323\u0307", forms).student is None


def test_control_characters_are_escaped() -> None:
    """A name from a file sends nothing to a terminal."""
    assert "\x1b" not in match_student("\x1b[2J", STUDENTS).remark
