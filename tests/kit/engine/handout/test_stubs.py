"""Stubs: what is cut from the solutions, written, and found to differ."""

from __future__ import annotations

import re

import pytest

from kit.stage.bakery import SOLUTION, STUB
from reelmark.errors import UsageError
from reelmark.handout import generated, stubs
from reelmark.manifest import Coursework


class TestCutStub:
    """Cutting a stub out of a solution."""

    def test_regions_in_functions_raise_and_others_vanish(self) -> None:
        """The stub keeps signatures and docstrings and nothing of the solution."""
        assert stubs.cut_stub(SOLUTION) == STUB

    def test_source_without_regions_stays(self) -> None:
        """A module without solution regions is its own stub."""
        assert stubs.cut_stub(STUB) == STUB

    @pytest.mark.parametrize("begin", ["#BEGIN SOLUTION", "## begin  solution:"])
    def test_sloppy_markers_count(self, begin: str) -> None:
        """A marker in a sloppy spelling hides the solution as well."""
        sloppy = SOLUTION.replace("### BEGIN SOLUTION", begin)
        assert stubs.cut_stub(sloppy) == STUB

    @pytest.mark.parametrize(
        ("source", "message"),
        [
            (
                "def f():\n    ### BEGIN SOLUTION\n    ### BEGIN SOLUTION\n",
                "oven.py:3: a solution region begins inside the one that began "
                "on line 2.",
            ),
            (
                "x = 1\n### END SOLUTION\n",
                "oven.py:2: this solution region has no beginning.",
            ),
            (
                "### BEGIN SOLUTION\nx = 1\n",
                "oven.py:1: this solution region has no end.",
            ),
        ],
        ids=["nested", "never begun", "never ended"],
    )
    def test_misplaced_markers_are_named(self, source: str, message: str) -> None:
        """A marker out of place is refused with the file and the line."""
        with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
            stubs.cut_stub(source, "oven.py")


class TestWriteStubs:
    """Writing stubs, and finding those that differ."""

    def test_missing_stub_is_written(self, bakery: Coursework) -> None:
        """A stub that does not exist is written and returned."""
        assert generated.write_drifted(stubs.make_texts(bakery)) == [
            bakery.stubs / "bakery.py"
        ]
        assert (bakery.stubs / "bakery.py").read_text() == STUB

    def test_current_stub_is_left_alone(self, bakery: Coursework) -> None:
        """A stub that is up to date is not written again."""
        generated.write_drifted(stubs.make_texts(bakery))
        assert generated.write_drifted(stubs.make_texts(bakery)) == []

    def test_edited_stub_has_drifted(self, bakery: Coursework) -> None:
        """A stub that was edited by hand is found, and not overwritten."""
        generated.write_drifted(stubs.make_texts(bakery))
        path = bakery.stubs / "bakery.py"
        path.write_text(STUB + "# mine\n")
        assert generated.find_drifted(stubs.make_texts(bakery)) == [path]
        assert path.read_text().endswith("# mine\n")

    def test_missing_solution_is_explained(self, bakery: Coursework) -> None:
        """Without the reference, the message says who has it."""
        (bakery.solutions / "bakery.py").unlink()
        with pytest.raises(UsageError, match=r"bakery\.py is missing.*instructors'"):
            generated.write_drifted(stubs.make_texts(bakery))

    def test_misplaced_marker_names_the_solution(self, bakery: Coursework) -> None:
        """A marker out of place is reported with the path of the solution."""
        path = bakery.solutions / "bakery.py"
        path.write_text("### BEGIN SOLUTION\n")
        with pytest.raises(UsageError, match=re.escape(f"{path}:1: ")):
            generated.find_drifted(stubs.make_texts(bakery))
