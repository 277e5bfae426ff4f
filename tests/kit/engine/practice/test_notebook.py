"""The notebook: what is said where there is nothing to run."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

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


def test_outputs_are_kept_in_the_notebook(tmp_path: Path) -> None:
    """What cells show is written into the notebook that is handed in."""
    path = _write_notebook(tmp_path, "print(6 * 7)")
    ran, unfinished = notebook.run(path, [])
    notebook.keep_outputs(ran, path)
    (cell,) = nbformat.read(path, as_version=4).cells
    assert (cell.outputs[0].text, unfinished) == ("42\n", [])


def test_notebook_that_was_edited_meanwhile_is_left(tmp_path: Path) -> None:
    """Nothing that was typed while the report ran is lost."""
    path = _write_notebook(tmp_path, "1")
    before = nbformat.read(path, as_version=4)
    text = _write_notebook(tmp_path, "2").read_text(encoding="utf-8")
    with pytest.raises(UsageError, match="changed while it ran"):
        notebook.keep_outputs(before, path)
    assert path.read_text(encoding="utf-8") == text


def _write_notebook(folder: Path, source: str) -> Path:
    path = folder / report.NAME
    nbformat.write(new_notebook(cells=[new_code_cell(source, id="one")]), path)
    return path
