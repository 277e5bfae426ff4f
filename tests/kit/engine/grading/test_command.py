"""Marking a class or a part of it: what is marked, and who is told what."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kit.stage.marking_made_up import SECRET, MadeUp
from reelmark.errors import UsageError
from reelmark.grading import run as grading_run
from reelmark.grading.command import Settings, grade_class
from reelmark.intake.submissions import find_uploads
from reelmark.manifest import Coursework
from reelmark.rulings.adjustments import HEADER

NAMES = ("Zo\u00eb Quimby", "Odo Vantongeren")
TOLD = "Marks that changed since the last run:"


class Desk:
    """A class and its marks.

    Args:
        root: The folder that both lie in.
        backend: What marks.
        capsys: What is printed.
    """

    def __init__(
        self, root: Path, backend: MadeUp, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.submissions, self.marks = root / "class", root / "marks"
        self.backend = backend
        self._capsys = capsys

    def hand_in(self, student: str, *lines: str, is_signed: bool = True) -> None:
        """Hand in a module in which these lines stand."""
        folder = self.submissions / student
        folder.mkdir(parents=True, exist_ok=True)
        text = "\n".join([f"# of {student}" * is_signed, *lines, ""])
        (folder / "doubling.py").write_text(text, encoding="utf-8")

    def set_by_hand(self, *rows: str) -> None:
        """Write rows of adjustments."""
        self.marks.mkdir(exist_ok=True)
        text = HEADER + "".join(f"{row}\n" for row in rows)
        (self.marks / "adjustments.csv").write_text(text, encoding="utf-8")

    def grade(self, **options: object) -> str:
        """Grade; return what is printed."""
        self.backend.marked.clear()
        found = find_uploads(self.submissions)
        settings = Settings(slots=1, **options)  # type: ignore[arg-type]
        grade_class(self.backend.coursework, found, self.marks, settings)
        return self._capsys.readouterr().out

    def read_grades(self) -> dict[str, dict[str, str]]:
        """Return the rows of the grades by student."""
        with (self.marks / "grades.csv").open(encoding="utf-8", newline="") as file:
            return {row["student"]: row for row in csv.DictReader(file)}

    def read(self, *parts: str) -> str:
        """Return a file among the marks."""
        return self.marks.joinpath(*parts).read_text(encoding="utf-8")

    def read_pages(self) -> dict[str, str]:
        """Return every page by its path."""
        return {
            path.relative_to(self.marks).as_posix(): path.read_text(encoding="utf-8")
            for path in self.marks.rglob("*.html")
        }


@pytest.fixture
def desk(
    coursework: Coursework,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Desk:
    """A class of three: ada has all right, ben and cy miss a hidden check each."""
    backend = MadeUp(coursework)
    monkeypatch.setattr(grading_run, "choose_backend", lambda *_, **__: backend)
    one = Desk(tmp_path, backend, capsys)
    one.hand_in("ada")
    one.hand_in("ben", "# 1a failed")
    one.hand_in("cy", "# 1b timed out")
    return one


class TestChanges:
    """Whose marks changed since the last run, by how much, and through which check."""

    def test_first_run_tells_of_none(self, desk: Desk) -> None:
        """There is nothing to compare with."""
        assert TOLD not in desk.grade()

    def test_unchanged_class_changes_nothing(self, desk: Desk) -> None:
        """Marked again, nothing is reported."""
        desk.grade()
        assert TOLD not in desk.grade()

    def test_change_is_told_with_its_check(self, desk: Desk) -> None:
        """Name, marks before and after, the difference, and the check."""
        desk.grade()
        desk.hand_in("ben")
        told = desk.grade()
        assert TOLD in told
        assert "ben: 5 -> 6 (+1)  (handed in again)" in told
        assert "hidden check It works for more.: failed 0 -> passed 1" in told
        assert "cy: " not in told

    def test_adjustment_is_told_with_its_reason(self, desk: Desk) -> None:
        """Marks set by hand are a change like any other."""
        desk.grade()
        desk.set_by_hand("ben,1a,1.5,The brief was unclear.,Dr Lee")
        told = desk.grade()
        assert "ben: 5 -> 5.5 (+0.5)" in told
        assert "task 1a: 1 -> 1.5, set by Dr Lee: The brief was unclear." in told
        desk.set_by_hand()
        assert "task 1a: 1.5 -> 1, no longer set by hand" in desk.grade()


class TestParts:
    """A part of a class can be marked alone."""

    def test_one_student_is_marked(self, desk: Desk) -> None:
        """The others keep what they have, in the page and in the grades."""
        desk.grade()
        desk.hand_in("ben")
        desk.hand_in("cy")
        told = desk.grade(students=("ben",))
        assert [student for student, _ in desk.backend.marked] == ["ben"]
        assert {name: row["total"] for name, row in desk.read_grades().items()} == {
            "ada": "6.0",
            "ben": "6.0",
            "cy": "5.0",
        }
        assert "cy" not in told
        assert "cy" in desk.read("index.html")

    def test_who_was_never_marked_is_told(self, desk: Desk) -> None:
        """If somebody is missing from the class page, it says who, and what to type."""
        told = desk.grade(students=("ben", "cy"))
        assert "Not marked yet, and so not in the class page: ada." in told

    def test_unknown_student_is_refused(self, desk: Desk) -> None:
        """Nothing is marked, and the message says who may be meant."""
        with pytest.raises(UsageError, match="Nobody is called 'bem'"):
            desk.grade(students=("bem",))
        assert desk.backend.marked == []

    def test_one_task_is_marked(self, desk: Desk) -> None:
        """The other tasks stay as they were, and there is one whole result."""
        desk.grade()
        desk.grade(tasks=("1a",), is_forced=True)
        assert {tasks for _, tasks in desk.backend.marked} == {("1a",)}
        assert desk.read_grades()["ben"]["total"] == "5.0"
        assert desk.read_grades()["cy"]["total"] == "5.0"

    def test_task_alone_leaves_nothing_out_later(self, desk: Desk) -> None:
        """What was marked in parts counts as marked only if it did before."""
        desk.grade()
        desk.grade(tasks=("1a",), is_forced=True)
        desk.grade()
        assert desk.backend.marked == []

    def test_new_work_is_marked_whole(self, desk: Desk) -> None:
        """A task of new work is not put beside tasks of the old one."""
        desk.grade()
        desk.hand_in("ben", "# 1b failed")
        desk.grade(tasks=("1a",))
        marked = {student: len(tasks) for student, tasks in desk.backend.marked}
        assert marked == {"ada": 1, "ben": 3, "cy": 1}

    def test_first_marking_is_whole(self, desk: Desk) -> None:
        """Where there is no result yet, there are no other tasks to keep."""
        desk.grade(tasks=("1a",))
        assert {len(tasks) for _, tasks in desk.backend.marked} == {3}

    def test_unknown_task_is_refused(self, desk: Desk) -> None:
        """The message lists the tasks there are."""
        with pytest.raises(UsageError, match="There is no task '9z'"):
            desk.grade(tasks=("9z",))


class TestAdjustments:
    """Marks that are set by hand, on every page and in every table."""

    def test_they_are_shown_everywhere(self, desk: Desk) -> None:
        """Feedback, class page, instructor's page and grades tell of them."""
        desk.grade()
        desk.set_by_hand("ben,hidden/t::test_1a,0.5,Nearly right.,Dr Lee")
        desk.grade()
        shown = [name for name, page in desk.read_pages().items() if "Nearly" in page]
        assert sorted(shown) == [
            "feedback/ben.html",
            "index.html",
            "instructor/ben.html",
        ]
        row = desk.read_grades()["ben"]
        assert (row["1a"], row["total"]) == ("1.5", "5.5")
        assert row["by hand"].endswith("0.5, found 0 (Dr Lee: Nearly right.)")

    def test_they_survive_marking_again(self, desk: Desk) -> None:
        """Whatever a new marking finds, the marks stay as set."""
        desk.grade()
        desk.set_by_hand("ben,1a,2,Seen in the lab.,Dr Lee")
        desk.grade(is_forced=True)
        assert desk.read_grades()["ben"]["1a"] == "2.0"
        assert "Seen in the lab." in desk.read("feedback", "ben.html")

    def test_results_stay_as_they_were_found(self, desk: Desk) -> None:
        """What marking found can be looked up, whatever was decided."""
        desk.grade()
        before = desk.read("results", "ben.json")
        desk.set_by_hand("ben,1a,2,Seen in the lab.,Dr Lee")
        desk.grade()
        assert desk.read("results", "ben.json") == before

    def test_taken_back_they_leave_no_trace(self, desk: Desk) -> None:
        """Without the row, the page is as before."""
        desk.grade()
        before = desk.read_pages()
        desk.set_by_hand("ben,1a,2,Seen in the lab.,Dr Lee")
        desk.grade()
        desk.set_by_hand()
        desk.grade()
        assert desk.read_pages() == before

    def test_what_makes_no_sense_is_refused_before_marking(self, desk: Desk) -> None:
        """Nothing is marked, and nothing is written."""
        desk.grade()
        before = desk.read_pages()
        desk.hand_in("ben")
        desk.set_by_hand("bem,1a,2,Seen in the lab.,Dr Lee")
        with pytest.raises(UsageError, match="nobody is called 'bem'"):
            desk.grade()
        assert desk.backend.marked == []
        assert desk.read_pages() == before

    def test_who_is_gone_may_stay_in_the_table(self, desk: Desk) -> None:
        """A student who withdrew stops nobody else's marks."""
        desk.grade()
        desk.set_by_hand("cy,1a,1,Seen in the lab.,Dr Lee")
        (desk.submissions / "cy" / "doubling.py").unlink()
        (desk.submissions / "cy").rmdir()
        assert "No longer among the submissions: cy" in desk.grade()
        assert "No longer" not in desk.grade()


class TestAnonymous:
    """Pages that do not reveal whose work they show."""

    def test_no_page_holds_a_name(self, desk: Desk) -> None:
        """Every file that is written is looked through, and what each is called.

        Tables and results are by name, and feedback is called what it is handed back
        by; what one reads is not.
        """
        for name in NAMES:
            desk.hand_in(name, "# 1a failed", is_signed=False)
        desk.set_by_hand(f"{NAMES[0]},1a,1.5,Seen in the lab.,Dr Lee")
        desk.grade(is_anonymous=True)
        words = {word for name in NAMES for word in name.split()}
        written = [path for path in desk.marks.rglob("*") if path.is_file()]
        holding = {
            path.relative_to(desk.marks).parts[0]
            for path in written
            if any(word in path.read_text("utf-8") for word in words)
        }
        assert holding == {
            *("adjustments.csv", "codes.csv", "grades.csv"),
            *("recorded", "results"),
        }
        called = {
            path.relative_to(desk.marks).parts[0]
            for path in written
            if any(word in path.name for word in words)
        }
        assert called == {"feedback", "recorded", "results"}
        assert len([path for path in written if path.parent.name == "instructor"]) == 5

    def test_key_is_in_a_file_of_its_own(self, desk: Desk) -> None:
        """Whoever holds the key can tell the names."""
        desk.grade(is_anonymous=True)
        with (desk.marks / "codes.csv").open(encoding="utf-8", newline="") as file:
            codes = {row["student"]: row["code"] for row in csv.DictReader(file)}
        assert sorted(codes) == ["ada", "ben", "cy"]
        assert all(code in desk.read("index.html") for code in codes.values())
        assert codes["ben"] in desk.read("feedback", "ben.html")

    def test_codes_stay_from_run_to_run(self, desk: Desk) -> None:
        """What a marker noted under a code is found again."""
        desk.grade(is_anonymous=True)
        before = desk.read_pages()
        desk.grade()
        assert "ada" in desk.read("index.html")
        desk.grade(is_anonymous=True)
        assert desk.read_pages() == before


class TestSecrets:
    """What hidden checks saw is only for instructors."""

    def test_instructor_sees_it(self, desk: Desk) -> None:
        """The instructor's pages, and the results, hold it."""
        desk.grade()
        assert SECRET in desk.read("instructor", "ben.html")
        assert SECRET in desk.read("index.html")
        assert SECRET in desk.read("results", "ben.json")

    @pytest.mark.parametrize("is_anonymous", [False, True])
    def test_nothing_that_is_handed_back_holds_it(
        self, desk: Desk, is_anonymous: bool
    ) -> None:
        """Not the feedback, not the grades, whatever was marked or set by hand."""
        desk.set_by_hand("ben,1a,1,Seen in the lab.,Dr Lee")
        desk.grade(is_anonymous=is_anonymous)
        desk.hand_in("cy", "# 1a failed", "# 1b failed", "# 2a crashed")
        desk.grade(is_anonymous=is_anonymous)
        handed_back = [*(desk.marks / "feedback").iterdir(), desk.marks / "grades.csv"]
        assert len(handed_back) == 4
        assert [p for p in handed_back if SECRET in p.read_text("utf-8")] == []

    def test_remarks_are_for_instructors(self, desk: Desk) -> None:
        """Only instructors are told who uses the checker's own modules."""
        desk.hand_in("ben", "import reelmark.results")
        told = desk.grade()
        assert "Uses the checker's own modules: ben" in told
        for page in (desk.read("index.html"), desk.read("instructor", "ben.html")):
            assert "doubling.py, line 2: import reelmark.results" in page
        assert "reelmark.results" not in desk.read("feedback", "ben.html")
