"""``reelmark decide``: one line for everybody who met the same fault."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kit.stage import mini
from kit.stage.broken import FAULT, FIRST, make_result
from reelmark import cli
from reelmark.manifest import Coursework
from reelmark.results import write_result
from reelmark.rulings.decisions import NAME


class TestCommand:
    """``reelmark decide``: one line for everybody."""

    @pytest.fixture
    def marks(self, tmp_path: Path, coursework: Coursework) -> Path:
        """A folder of marks in which two students met a fault."""
        out = tmp_path / "marks"
        mini.write_suite(coursework, "")
        for name in ("ada", "ben"):
            write_result(make_result(name), out / "results" / f"{name}.json")
        return out

    def decide(self, marks: Path, *words: str) -> tuple[int, str]:
        """Run the command; return its exit code and what it prints."""
        root = marks.parent / "coursework"
        typed = ["decide", str(marks), *words, "--coursework", str(root)]
        ran = CliRunner().invoke(cli.app, typed)
        return ran.exit_code, ran.output or str(ran.exception)

    def test_decision_changes_pages_and_grades(self, marks: Path) -> None:
        """Everybody's feedback, the class page and the grades show the decision."""
        reason = ("--because", "It was made up, like the rest.")
        code, printed = self.decide(marks, FIRST, "0.5", *reason)
        assert (code, "Decided for 2: ada, ben" in printed) == (0, True)
        for name in ("ada", "ben"):
            page = (marks / "feedback" / f"{name}.html").read_text("utf-8")
            assert "It was made up, like the rest." in page
        assert "Decided for all who met the same" in (marks / "index.html").read_text(
            "utf-8"
        )
        with (marks / "grades.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [(row["total"], row["open"]) for row in rows] == [("4.75", "0.0")] * 2

    def test_decision_can_be_changed(self, marks: Path) -> None:
        """Only the last one counts and is in the file."""
        self.decide(marks, FIRST, "none", "--because", "It was made up.")
        code, _ = self.decide(marks, FIRST, "full", "--because", "It was right.")
        lines = (marks / NAME).read_text("utf-8").splitlines()
        assert (code, len(lines)) == (0, 2)
        assert "It was right." in lines[1]

    def test_what_needs_a_decision_is_shown(self, marks: Path) -> None:
        """Without a check, the command lists the faults and those who met them."""
        code, printed = self.decide(marks)
        assert (code, FAULT in printed, "ada, ben" in printed) == (0, True, True)
        self.decide(marks, FIRST, "none", "--because", "It was made up.")
        assert "Nothing needs a look" in self.decide(marks)[1]

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            ((FIRST, "none"), "Say why"),
            ((FIRST, "half", "--because", "x"), "Marks are full, none or a number"),
            ((FIRST, "7", "--because", "x"), "7 marks of 2"),
            (("test_first", "none", "--because", "x"), "Nobody's marks are open"),
        ],
    )
    def test_unclear_decision_is_refused(
        self, marks: Path, words: tuple[str, ...], told: str
    ) -> None:
        """Nothing is written, and the sentence says what is missing."""
        code, printed = self.decide(marks, *words)
        assert (code != 0, told in printed) == (True, True)
        assert not (marks / NAME).exists()

    def test_folder_without_results_is_refused(self, marks: Path) -> None:
        """The folder must be one that `grade` wrote to."""
        nothing = marks.with_name("nothing")
        assert "holds no results" in self.decide(nothing)[1]
