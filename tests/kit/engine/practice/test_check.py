"""Checking in a terminal: what an instructor sees of somebody's work."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.stage import mini
from reelmark.errors import UsageError
from reelmark.manifest import Coursework
from reelmark.practice.check import check_work

PUBLIC = """
@pytest.mark.check("1a", marks=1)
def test_doubles(submission):
    '''Two becomes four.'''
    expect.equal(submission.doubling.double(2), 4, "the double of 2")
"""
HIDDEN = """
@pytest.mark.check("1a", marks=1)
def test_doubles_more(submission):
    '''A large number is doubled.'''
    expect.equal(submission.doubling.double(500), 1000, "the double of 500")
"""
SMALL_ONLY = "def double(x):\n    return 2 * x if x < 100 else 77\n"

Check = Callable[..., str]


@pytest.fixture
def check(
    coursework: Coursework, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Check:
    """Checks a student's work, a folder or a zip; returns what is printed."""
    mini.write_suite(coursework, PUBLIC)
    mini.write_suite(coursework, HIDDEN, hidden=True)
    folder = tmp_path / "ada"
    mini.write_modules(folder, {**mini.HONEST, "doubling": SMALL_ONLY})

    def check_place(*, hidden: bool, as_zip: bool = False) -> str:
        if as_zip:
            shutil.make_archive(str(folder), "zip", folder)
        place = folder.with_suffix(".zip") if as_zip else folder
        with mini.outer_run_unchanged(coursework.root):
            check_work(coursework, place, hidden=hidden, is_in_process=True)
        return capsys.readouterr().out

    return check_place


@pytest.mark.parametrize("as_zip", [False, True])
def test_instructor_sees_what_hidden_checks_saw(check: Check, as_zip: bool) -> None:
    """With --hidden, the call, what was expected and what came are printed."""
    told = check(hidden=True, as_zip=as_zip)
    assert "double(500)" in told
    assert "expected  1000" in told
    assert "got       77" in told


def test_without_hidden_nothing_of_them_is_shown(check: Check) -> None:
    """Whoever uses only public checks sees only public checks."""
    assert "500" not in check(hidden=False)


def test_hidden_checks_that_are_not_here_are_said(
    coursework: Coursework, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A student who asks for hidden checks is told that there are none here."""
    mini.write_suite(coursework, PUBLIC)
    mini.write_modules(tmp_path / "ada", mini.HONEST)
    with mini.outer_run_unchanged(coursework.root):
        check_work(coursework, tmp_path / "ada", hidden=True, is_in_process=True)
    assert "No hidden check was run" in capsys.readouterr().out


def test_zip_that_is_refused_is_told(coursework: Coursework, tmp_path: Path) -> None:
    """What cannot be opened is refused with a sentence, not a traceback."""
    broken = tmp_path / "ada.zip"
    broken.write_bytes(b"no zip")
    with pytest.raises(UsageError, match=r"ada\.zip is not opened: "):
        check_work(coursework, broken, hidden=True, is_in_process=True)
