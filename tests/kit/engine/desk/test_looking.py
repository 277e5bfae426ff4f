"""``reelmark look``: pictures of what students' functions draw, for instructors."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kit.stage import mini
from reelmark.desk.looking import look_at_students
from reelmark.errors import UsageError
from reelmark.grading.codes import NAME as CODES
from reelmark.grading.codes import read_codes
from reelmark.grading.publishing import open_publisher
from reelmark.grading.sources import keep_sources
from reelmark.manifest import Coursework
from reelmark.results import Result, summarise, write_result
from reelmark.terminal.console import make_console

LOOKS = '''
from matplotlib.figure import Figure


def double(function):
    """Doubles of the first numbers."""
    figure = Figure(figsize=(4, 2))
    figure.subplots().plot([function(x) for x in range(3)])
    return figure


def quadruple(function):
    """What comes back."""
    return function(1)
'''
CHECKS = '''
@pytest.mark.check("1a", marks=2)
def test_doubles(submission):
    """It doubles."""
    expect.equal(submission.doubling.double(1), 2, "two")
'''
BROKEN = "def double(x):\n    raise ValueError('no flour')\n"


class Class:
    """A class that was marked: ada has all right, ben's function raises.

    Args:
        coursework: What it was marked by.
        root: The folder of its marks.
    """

    def __init__(self, coursework: Coursework, root: Path) -> None:
        self.coursework, self.marks = coursework, root / "marks"
        mini.write_suite(coursework, CHECKS)
        mini.write_modules(coursework.worker_support, {"looks": LOOKS})
        self.results: list[Result] = []
        for student, doubling in (("ada", mini.HONEST["doubling"]), ("ben", BROKEN)):
            work = mini.write_modules(
                root / student, {**mini.HONEST, "doubling": doubling}
            )
            keep_sources(work, self.marks / "sources" / student)
            self.results.append(summarise(student, [], fingerprint=student))
            write_result(self.results[-1], self.marks / "results" / f"{student}.json")

    def publish(self, *, is_anonymous: bool = False) -> None:
        """Write the pages of everybody."""
        students = [result.student for result in self.results]
        publisher = open_publisher(
            self.coursework, self.marks, students, is_anonymous=is_anonymous
        )
        publisher.publish_class([publisher.publish(found) for found in self.results])

    def look(self, *names: str) -> None:
        """Look at what some students drew."""
        look_at_students(self.coursework, self.marks, names, make_console())

    def read(self, name: str) -> str:
        """Return an instructor's page."""
        return (self.marks / "instructor" / f"{name}.html").read_text("utf-8")


@pytest.fixture
def one(coursework: Coursework, tmp_path: Path) -> Class:
    """A class that was marked."""
    return Class(coursework, tmp_path)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it takes seconds more")
class TestDrawing:
    """What stands on the page of an instructor."""

    def test_pictures_are_put_on_pages(self, one: Class) -> None:
        """A picture where there is one, words where there is none."""
        one.publish()
        one.look("ada", "ben")
        assert one.read("ada").count("data:image/png;base64,") == 1
        assert "data:image/png" not in one.read("ben")
        assert "ValueError: no flour" in one.read("ben")
        assert "Doubles of the first numbers." in one.read("ben")

    def test_they_stay_until_the_work_is_another(self, one: Class) -> None:
        """Published again, the page shows them; after another marking, it does not."""
        one.publish()
        one.look("ada")
        one.publish()
        assert "data:image/png" in one.read("ada")
        one.results[0] = summarise("ada", [], fingerprint="another")
        one.publish()
        assert "data:image/png" not in one.read("ada")

    def test_code_stands_for_the_name(
        self, one: Class, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """If pages show codes, the code can be typed, and no name is shown."""
        one.publish(is_anonymous=True)
        code = read_codes(one.marks / CODES)["ada"]
        one.look(code)
        assert "data:image/png" in one.read(code)
        assert not (one.marks / "instructor" / "ada.html").exists()
        assert "ada" not in capsys.readouterr().out.replace(str(one.marks), "")


class TestRefusals:
    """What cannot be looked at is reported before anything is run."""

    def test_unknown_student_is_refused(self, one: Class) -> None:
        """The message lists whose work there is."""
        with pytest.raises(UsageError, match="There is work of: ada, ben"):
            one.look("cy")

    def test_folder_without_results_is_refused(self, one: Class) -> None:
        """The folder is the one that was graded into."""
        one.marks.rename(one.marks.with_name("elsewhere"))
        with pytest.raises(UsageError, match="holds no results"):
            one.look("ada")

    def test_student_of_whom_nothing_is_kept_is_refused(self, one: Class) -> None:
        """A refused archive has nothing to draw with."""
        (one.marks / "sources" / "ada").rename(one.marks / "sources" / "old")
        with pytest.raises(UsageError, match="No sources of ada are kept"):
            one.look("ada")
