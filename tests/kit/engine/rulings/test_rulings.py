"""Rulings: decisions for all who met a fault, then adjustments of single students."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kit.stage.broken import FIRST, SECOND, make_result
from reelmark.errors import UsageError
from reelmark.results import Result, Status, tell_by_hand
from reelmark.rulings.adjustments import HEADER as ADJUSTMENTS_HEADER
from reelmark.rulings.adjustments import NAME as ADJUSTMENTS
from reelmark.rulings.decisions import NAME as DECISIONS
from reelmark.rulings.decisions import list_met
from reelmark.rulings.rulings import Rulings, read_rulings

DECIDED = f"check,end,marks,because\n{FIRST},KeyError,none,It was made up.\n"
STUDENTS = ("ada", "ben")


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Rulings]:
    """Reads rulings from what stands in their files."""

    def read_texts(*rows: str, decided: str = "") -> Rulings:
        text = ADJUSTMENTS_HEADER + "".join(f"{row}\n" for row in rows)
        (tmp_path / ADJUSTMENTS).write_text(text, encoding="utf-8")
        if decided:
            (tmp_path / DECISIONS).write_text(decided, encoding="utf-8")
        return read_rulings(tmp_path, STUDENTS, [make_result()])

    return read_texts


Read = Callable[..., Rulings]


def tell(result: Result) -> list[tuple[Status, float, float]]:
    """Return the state of each check of 1a, its marks and what is open of them."""
    return [(c.status, c.marks, c.open) for c in result.tasks[0].checks]


class TestAdjusting:
    """An adjustment of what needs a look decides it, for this student."""

    def test_check_is_decided(self, read: Read) -> None:
        """Its marks are set, and open no more; what waits for it still is."""
        result = read(f"ada,{FIRST},1.5,It works.,Lee").apply(make_result())
        assert tell(result) == [
            (Status.DECIDED, 1.5, 0),
            (Status.NEEDS_A_LOOK, 0, 1),
        ]
        assert (result.total, result.open) == (5.5, 1)
        assert "decided: 1.5 of 2 marks." in result.tasks[0].checks[0].message
        assert "It works." in result.tasks[0].checks[0].message

    def test_whole_task_is_decided(self, read: Read) -> None:
        """None of its checks waits for anybody any more."""
        result = read("ada,1a,2.5,It works.,Lee").apply(make_result())
        assert [status for status, _, _ in tell(result)] == [Status.DECIDED] * 2
        assert (result.tasks[0].status, result.status) == (Status.DECIDED,) * 2
        assert (result.total, result.open) == (6.5, 0)

    def test_others_stay_open(self, read: Read) -> None:
        """Others who met the same fault still wait for a decision."""
        result = make_result("ben")
        assert read(f"ada,{FIRST},1.5,It works.,Lee").apply(result) == result

    def test_it_is_no_decision(self, read: Read) -> None:
        """What was set for one student is not shown as decided for all."""
        rulings = read("ada,1a,2.5,It works.,Lee")
        assert list_met([rulings.apply(make_result())], Status.DECIDED) == []

    def test_fault_of_the_kit_is_decided(self, read: Read) -> None:
        """The last word is the last word on what broke for everybody, too."""
        result = make_result(status=Status.KIT_FAULT)
        rulings = read(f"ada,{FIRST},1,It works.,Lee", f"ada,{SECOND},1,So it is.,Lee")
        assert rulings.apply(result).tasks[0].status is Status.DECIDED


class TestBoth:
    """An adjustment comes on top of a decision."""

    def test_last_word_is_the_adjustment(self, read: Read) -> None:
        """What is found then is what was decided; the other check stays decided."""
        rulings = read(f"ada,{FIRST},2,It works.,Lee", decided=DECIDED)
        first, second = rulings.apply(make_result()).tasks[0].checks
        assert first.adjusted is not None
        assert (first.marks, first.adjusted.found, second.marks) == (2, 0, 0)
        assert (first.status, second.status) == (Status.DECIDED,) * 2

    def test_decision_holds_for_the_others(self, read: Read) -> None:
        """It is theirs, and so is the reason."""
        rulings = read(f"ada,{FIRST},2,It works.,Lee", decided=DECIDED)
        assert rulings.apply(make_result("ben")).total == 4

    def test_both_are_told_in_tables(self, read: Read) -> None:
        """One column says what a person decided, how much it was, and why."""
        rulings = read(f"ada,{FIRST},2,It works.,Lee", decided=DECIDED)
        assert tell_by_hand(rulings.apply(make_result())) == (
            f"{FIRST}: 2, found 0 (Lee: It works.); "
            f"{SECOND}: 0, decided (It was made up.)"
        )

    def test_either_is_expected_to_make_sense(self, read: Read) -> None:
        """A row about an unknown check is refused, in either file."""
        rulings = read(decided=DECIDED.replace("first", "third"))
        with pytest.raises(UsageError, match=r"decisions\.csv, line 2: there is no"):
            rulings.expect_known([make_result()])
        with pytest.raises(UsageError, match=r"adjustments\.csv, line 2: there is no"):
            read("ada,1z,2,It works.,Lee")


class TestDigest:
    """A digest shows whether pages are up to date with rulings."""

    def test_it_changes_with_either(self, read: Read) -> None:
        """Another reason is another ruling."""
        texts = [(), ("ada,1a,1,Why.,Lee",), ("ada,1a,1,Because.,Lee",)]
        digests = {read(*rows).digest for rows in texts}
        digests.add(read(decided=DECIDED).digest)
        assert len(digests) == 4

    def test_file_that_rules_nothing_changes_nothing(self, tmp_path: Path) -> None:
        """A file with only a header is the same as no file."""
        before = read_rulings(tmp_path).digest
        (tmp_path / ADJUSTMENTS).write_text(ADJUSTMENTS_HEADER, encoding="utf-8")
        assert read_rulings(tmp_path).digest == before
