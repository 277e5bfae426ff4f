"""The roster: who handed in what, stored and read back unchanged."""

from __future__ import annotations

import doctest
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelmark.errors import UsageError
from reelmark.intake.submissions import file_stem
from reelmark.lms import roster
from reelmark.lms.roster import (
    Person,
    make_key,
    read_roster,
    read_time,
    write_roster,
)

STEADY = settings(deadline=None, derandomize=True, database=None, max_examples=200)


def test_people_come_back_as_they_were(tmp_path: Path) -> None:
    """Zeros in front, accents, quotes, and what spreadsheets would run."""
    people = [
        Person("Ada 007", "Ada", "moodle", "007", late="yes", attempt="2", group="A"),
        Person("Zoë 1", 'Zoë "Z", =x', "canvas", "1", submitted="2026-03-06 16:55:03"),
        Person("=x", "=cmd|' /C calc'!A0", "plain", "", "@x", "+1@example.org"),
    ]
    path = write_roster(people, tmp_path)
    assert sorted(read_roster(tmp_path), key=str) == sorted(people, key=str)
    assert '"=' not in path.read_text("utf-8")


def test_folder_without_a_roster_has_none(tmp_path: Path) -> None:
    """Results of a course have no roster."""
    assert read_roster(tmp_path) == []


@pytest.mark.parametrize("content", ["student,name\na,b\n", 'student\n"a', "\xff"])
def test_roster_that_was_spoilt_is_refused(tmp_path: Path, content: str) -> None:
    """The message says how to get a new one."""
    (tmp_path / "roster.csv").write_bytes(content.encode("latin-1"))
    with pytest.raises(UsageError, match="writes it anew"):
        read_roster(tmp_path)


@STEADY
@given(st.text(max_size=80), st.text("0123456789abc_@.-", min_size=1, max_size=20))
def test_keys_are_file_names_and_hold_the_id(name: str, own_id: str) -> None:
    """Whatever somebody is called, and however their name is stored."""
    key = make_key(name, own_id)
    assert key == make_key(unicodedata.normalize("NFD", name), own_id)
    assert key.endswith(own_id.strip(" .-"))
    assert key.isprintable()
    stem = file_stem(key)
    assert stem == key or "~" in stem
    assert key[0] not in "=+-@\t\r\n" or key.startswith("@")


def test_names_of_two_students_stay_two() -> None:
    """The id tells them apart; its zeros count."""
    keys = {make_key("Ali", each) for each in ("7", "07", "007")}
    assert keys == {"Ali 7", "Ali 07", "Ali 007"}


def test_examples_are_true() -> None:
    """The examples in the module are what it does."""
    assert doctest.testmod(roster).failed == 0


@pytest.mark.parametrize("text", ["", "yesterday", "06/03/2026 16:55", "2026-3-6"])
def test_what_is_no_time_is_none(text: str) -> None:
    """A time is held as one, or not at all."""
    assert read_time(text) == ""
