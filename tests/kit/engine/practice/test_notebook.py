"""The notebook: what is said where there is nothing to run."""

from __future__ import annotations

from pathlib import Path

import pytest

from reelmark.errors import UsageError
from reelmark.handout import report
from reelmark.practice import notebook


class TestCannotRun:
    """What is said where there is nothing to run."""

    def test_missing_notebook_is_named(self, tmp_path: Path) -> None:
        """A folder without a report is named, and the option that names another."""
        with pytest.raises(UsageError, match=r"no notebook at .*report.*--folder"):
            notebook.run(tmp_path / report.NAME, [])

    def test_something_else_is_refused(self, tmp_path: Path) -> None:
        """A file that is no notebook is refused with a sentence."""
        path = tmp_path / report.NAME
        path.write_text("no notebook")
        with pytest.raises(UsageError, match="is no notebook"):
            notebook.run(path, [])
