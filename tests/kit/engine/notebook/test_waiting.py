"""Cells: what a notebook says while tasks are not started."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest

from kit.stage import mini
from kit.stage.classes import real_coursework
from reelmark.handout import report
from reelmark.notebook import waiting
from reelmark.practice import notebook


def make_code(*sources: str) -> str:
    """Return a notebook of cells that can be run."""
    made = [nbformat.v4.new_code_cell(source) for source in sources]
    return nbformat.writes(nbformat.v4.new_notebook(cells=made))


@pytest.fixture(scope="module")
def unfinished(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A notebook about three tiny tasks that are not started, run."""
    coursework = mini.write_coursework(tmp_path_factory.mktemp("coursework"))
    path = coursework.stubs / report.NAME
    sources = (
        "%load_ext reelmark\nfrom doubling import double",
        "doubled = double(2)",
        "doubled + 1",
        "1 / 0",
        "'the end'",
    )
    path.write_text(make_code(*sources))
    variables = {"REELMARK_COURSEWORK": str(coursework.root)}
    return notebook.run(path, [], variables)


class TestCells:
    """What cells say while tasks are not started."""

    def test_task_is_named(self, unfinished: Any) -> None:
        """A cell that reaches a stub names function, file and task, and no more."""
        (output,) = unfinished[0].cells[1].outputs
        assert output.text == (
            "Not started: double in doubling.py. Write it, see `reelmark check 1a`, "
            "restart the kernel and run all cells.\n"
        )

    def test_what_follows_is_told_in_a_sentence(self, unfinished: Any) -> None:
        """A cell that needs what such a cell should have made says so."""
        (output,) = unfinished[0].cells[2].outputs
        assert output.text == (
            "doubled is not there yet: it comes from a cell above that did not "
            "finish, or was not run.\n"
        )

    def test_other_errors_keep_their_traceback(self, unfinished: Any) -> None:
        """A mistake is shown as Python shows it."""
        (output,) = unfinished[0].cells[3].outputs
        assert output.ename == "ZeroDivisionError"

    def test_cells_after_them_run(self, unfinished: Any) -> None:
        """The run goes on, and ends with a list of the cells that did not finish."""
        book, ids = unfinished
        assert ids == [cell.id for cell in book.cells[1:4]]
        assert book.cells[4].outputs[0].data["text/plain"] == "'the end'"

    def test_function_inside_a_pipeline_is_named(self) -> None:
        """TensorFlow names a student's function only in the message."""
        told = 'in user code:\n\n    File "/a/image_processing.py", line 62, in '
        error = NotImplementedError(f"{told}img_process  *\n        raise\n")
        sentence = waiting.explain(error, real_coursework().tasks)
        assert sentence is not None
        assert "img_process in image_processing.py" in sentence
        assert "`reelmark check 1a-i`" in sentence

    def test_error_of_a_library_is_not_explained(self) -> None:
        """An error that no task raised keeps its traceback."""
        error = NotImplementedError("no such device")
        assert waiting.explain(error, real_coursework().tasks) is None
