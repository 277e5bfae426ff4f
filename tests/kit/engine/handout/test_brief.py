"""The brief: its table of tasks is written from the manifest."""

from __future__ import annotations

import pytest

from kit.stage.bakery import README, TABLE
from reelmark.errors import UsageError
from reelmark.handout import brief, generated
from reelmark.manifest import Coursework


class TestTaskTable:
    """The table of tasks in the brief."""

    def test_table_lists_tasks_and_adds_them_up(self, bakery: Coursework) -> None:
        """Every task is a row; the last row has the sums."""
        assert brief.task_table(bakery) == TABLE

    def test_table_replaces_what_stood_between_the_marks(
        self, bakery: Coursework
    ) -> None:
        """Writing the table leaves the rest of the brief as it is."""
        path = bakery.stubs / "README.md"
        assert generated.write_drifted(brief.make_texts(bakery)) == [path]
        assert path.read_text() == README.replace("old", TABLE)

    def test_current_table_is_left_alone(self, bakery: Coursework) -> None:
        """A table that is up to date is not written again."""
        generated.write_drifted(brief.make_texts(bakery))
        texts = brief.make_texts(bakery)
        assert generated.write_drifted(texts) == generated.find_drifted(texts) == []

    def test_old_table_has_drifted(self, bakery: Coursework) -> None:
        """A brief with another table is found, and not overwritten."""
        assert generated.find_drifted(brief.make_texts(bakery)) == [
            bakery.stubs / "README.md"
        ]
        assert (bakery.stubs / "README.md").read_text() == README

    @pytest.mark.parametrize("mark", ["<!-- tasks:begin -->", "<!-- tasks:end -->"])
    def test_brief_without_a_place_is_refused(
        self, bakery: Coursework, mark: str
    ) -> None:
        """A brief that lacks one of the marks is refused with both of them."""
        (bakery.stubs / "README.md").write_text(README.replace(mark, ""))
        with pytest.raises(UsageError, match="<!-- tasks:begin --> and <!-- tasks:end"):
            generated.find_drifted(brief.make_texts(bakery))

    def test_missing_brief_is_refused(self, bakery: Coursework) -> None:
        """A coursework without a brief is refused with its path."""
        (bakery.stubs / "README.md").unlink()
        with pytest.raises(UsageError, match=r"README\.md is missing"):
            generated.find_drifted(brief.make_texts(bakery))
