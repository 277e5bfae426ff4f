"""Decisions: an instructor decides once, for everybody who met the same fault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kit.stage.broken import FAULT, FIRST, make_result
from reelmark.errors import UsageError
from reelmark.marking.faults import EVERYTHING
from reelmark.results import (
    Status,
)
from reelmark.rulings.decisions import (
    NAME,
    Decision,
    Decisions,
    choose_fault,
    list_met,
    parse_marks,
)

HEADING = "check,end,marks,because\n"
LINE = f"{FIRST},KeyError,none,It was made up.\n"


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], Decisions]:
    """Reads decisions from what stands in their file."""

    def read_text(text: str) -> Decisions:
        path = tmp_path / NAME
        path.write_text(text, encoding="utf-8")
        return Decisions(path)

    return read_text


Read = Callable[[str], Decisions]


class TestApplying:
    """What becomes of a result."""

    @pytest.mark.parametrize(
        ("marks", "earned"),
        [("full", (2, 1)), ("none", (0, 0)), ("0.5", (0.5, 0.25)), ("2", (2, 1))],
    )
    def test_marks_are_shared_alike(
        self, read: Read, marks: str, earned: tuple[float, float]
    ) -> None:
        """What waits for the check gets the same share of its marks."""
        decided = read(HEADING + LINE.replace("none", marks)).apply(make_result())
        first, second = decided.tasks[0].checks
        assert (first.marks, second.marks) == earned
        assert {first.status, second.status} == {Status.DECIDED}
        assert (decided.total, decided.open) == (sum(earned) + 4, 0)

    def test_reason_is_read_by_those_who_met_the_fault(self, read: Read) -> None:
        """The message says what was decided, and why."""
        check = read(HEADING + LINE).apply(make_result()).tasks[0].checks[0]
        assert "1a  Doubles: your instructor decided: 0 of 2 marks." in check.message
        assert "It was made up." in check.message

    @pytest.mark.parametrize(
        "line",
        ["", LINE.replace("KeyError", "TypeError"), LINE.replace("first", "second")],
        ids=["nothing", "another-end", "another-check"],
    )
    def test_other_faults_stay_open(self, read: Read, line: str) -> None:
        """A decision is about one check, and one way in which it ended."""
        result = make_result()
        assert read(HEADING + line).apply(result) == result
        assert result.open == 3

    def test_nothing_is_decided_without_a_file(self, tmp_path: Path) -> None:
        """A class that met no fault has no such file."""
        decisions = Decisions(tmp_path / NAME)
        assert decisions.apply(make_result()) == make_result()

    def test_what_a_spreadsheet_saves_is_read(self, read: Read) -> None:
        """A mark at the beginning, quotation marks and empty lines do not matter."""
        text = f'\ufeff{HEADING}"{FIRST}","KeyError","FULL","Yes, it is right."\n,,,\n'
        assert read(text).apply(make_result()).total == 7

    def test_everything_may_be_decided_at_once(self, read: Read) -> None:
        """A submission without a result has one fault."""
        result = make_result(fault=f"{EVERYTHING}: no result")
        line = f"{EVERYTHING},no result,full,The machine broke down.\n"
        assert read(HEADING + line).apply(result).total == 7


class TestRefusals:
    """Whatever is not understood is refused, with the reason."""

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("check,marks\n", "must name the columns: check,end,marks,because"),
            ("", "is empty"),
            (HEADING + "a,b\n", "line 2: it has 2 cells, and the first line has 4"),
            (HEADING + LINE.replace("none", "some"), "line 2: marks are full, none"),
            (HEADING + LINE.replace("none", "-1"), "line 2: marks are full, none"),
            (HEADING + LINE.replace("none", "nan"), "line 2: marks are full, none"),
            (HEADING + LINE.replace("It was made up.", " "), "must not be empty"),
            (HEADING + LINE + LINE.replace("none", "full"), "lines 2 and 3, decide"),
        ],
    )
    def test_unclear_file_is_refused(self, read: Read, text: str, words: str) -> None:
        """The message names the file and the line."""
        with pytest.raises(UsageError, match=words) as caught:
            read(text)
        assert NAME in str(caught.value)

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            (LINE.replace("first", "third"), "line 2: there is no check"),
            (LINE.replace("none", "2.5"), "line 2: it gives 2.5 marks of 2"),
        ],
    )
    def test_decision_that_fits_no_check_is_refused(
        self, read: Read, line: str, words: str
    ) -> None:
        """A misspelt check would affect nobody."""
        decisions = read(HEADING + line)
        assert decisions.apply(make_result()) == make_result()
        with pytest.raises(UsageError, match=words):
            decisions.expect_known([make_result()])

    def test_same_decision_twice_is_no_contradiction(self, read: Read) -> None:
        """A line that was pasted twice says the same."""
        read(HEADING + LINE + LINE).expect_known([make_result()])

    @pytest.mark.parametrize("text", ["all", "", "1e999", "-0.5", "half"])
    def test_marks_are_full_none_or_a_number(self, text: str) -> None:
        """Nothing else is guessed at."""
        with pytest.raises(ValueError, match=r"."):
            parse_marks(text)


class TestChoosing:
    """How an instructor names a fault."""

    FAULTS = list_met(
        [make_result("ada"), make_result("ben"), make_result("cy", f"{FIRST}: Stop")],
        Status.NEEDS_A_LOOK,
    )

    def test_faults_are_listed_with_those_who_met_them(self) -> None:
        """The one with the most open marks comes first."""
        found = [(each.fault, each.students, each.marks) for each in self.FAULTS]
        assert found == [
            (FAULT, ("ada", "ben"), 6),
            (f"{FIRST}: Stop", ("cy",), 3),
        ]
        assert self.FAULTS[0].detail == "a detail"

    def test_check_is_enough_where_it_ended_in_one_way(self) -> None:
        """Its end need not be typed."""
        assert choose_fault(self.FAULTS[:1], FIRST, "") == FAULT

    def test_end_tells_faults_of_a_check_apart(self) -> None:
        """If there are several, the message lists them and asks which."""
        with pytest.raises(UsageError, match="in more than one way") as caught:
            choose_fault(self.FAULTS, FIRST, "")
        assert f"{FIRST}: Stop" in str(caught.value)
        assert choose_fault(self.FAULTS, FIRST, "Stop") == f"{FIRST}: Stop"

    def test_unknown_check_is_refused(self) -> None:
        """The message lists what needs a look."""
        with pytest.raises(UsageError, match="Nobody's marks are open") as caught:
            choose_fault(self.FAULTS, "public/a::test_frist", "")
        assert FAULT in str(caught.value)


def test_decision_gives_no_more_than_there_is() -> None:
    """A number of marks is one of the check's own."""
    decision = Decision(FAULT, "3", "x")
    assert decision.share_of(4) == 0.75
    with pytest.raises(ValueError, match="3 marks of 2"):
        decision.share_of(2)
