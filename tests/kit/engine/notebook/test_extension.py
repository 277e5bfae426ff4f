"""The extension: what its magics do, asked of a real kernel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest

from kit.stage import mini
from reelmark.handout import report
from reelmark.practice import notebook

SUITE = """
@pytest.mark.check("1a", marks=2)
def test_two_is_doubled(submission):
    "Two is doubled."
    got = submission.doubling.double(2)
    expect.equal(got, 4, "the double", advice="Add it to itself.")


@pytest.mark.check("1b", marks=2)
def test_two_is_halved(submission):
    "Two is halved."
    got = submission.doubling.halve(2)
    expect.equal(got, 1, "the half", advice="Divide by two.")
"""
HALVE = "def halve(x):\n    return x / 2\n"
WRONG = "def double(x):\n    return x + 3\n"
RIGHT = "def double(x):\n    return 2 * x\n"
LOOK = '''
def double(function):
    """A double."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    axes.plot([1, function(1)])
    return figure
'''
CELLS = {
    "load": "%load_ext reelmark",
    "again": "%load_ext reelmark",
    "help": "%reelmark",
    "list": "%reelmark list",
    "first": f"%%module doubling\n{WRONG}{HALVE}",
    "import": "import doubling\ndoubling.double(2)",
    "second": f"%%module doubling.py\n{RIGHT}",
    "import again": "import doubling\ndoubling.double(2)",
    "check": "%reelmark check 1a 1b",
    "all": "%reelmark check",
    "broken": "%%module doubling\nx = 1\ndef double(:\n",
    "misspelt": f"%%module doublin\n{RIGHT}",
    "own": "%%module helping\nTWO = 2",
    "stray": WRONG,
    "hint": "%reelmark hint 1a",
    "seen": "%reelmark hint 1a --again",
    "picture": "%reelmark picture 1a",
    "no picture": "%reelmark picture 2a",
    "unknown": "%reelmark check 9z",
    "strange": "%reelmark grade",
    "listed": "%reelmark list",
    "kernel": "import sys\n[m for m in ('tensorflow', 'keras') if m in sys.modules]",
    "servers": (
        "import psutil\nbefore = psutil.Process().children(recursive=True)\n"
        "%unload_ext reelmark\n"
        "_, left = psutil.wait_procs(before, timeout=10)\nlen(before) > 1, left"
    ),
    "unloaded": f"{WRONG}\n1",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of somebody's modules."""
    return tmp_path_factory.mktemp("coursework") / "assignment"


@pytest.fixture(scope="module")
def outputs(folder: Path) -> dict[str, list[Any]]:
    """What each cell shows, run one after the other."""
    coursework = mini.write_coursework(folder.parent)
    mini.write_suite(coursework, SUITE)
    mini.write_modules(coursework.worker_support, {"looks": LOOK})
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS.values()]
    path = coursework.stubs / report.NAME
    path.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=cells)))
    ran, _ = notebook.run(path, [])
    pairs = zip(CELLS, ran.cells, strict=True)
    return {name: list(cell.outputs) for name, cell in pairs}


def text_of(outputs: dict[str, list[Any]], cell: str) -> str:
    """Return the text of what a cell shows: one output."""
    (output,) = outputs[cell]
    return str(output.data["text/plain"])


def html_of(outputs: dict[str, list[Any]], cell: str) -> str:
    """Return what a cell shows as HTML, without its style."""
    (output,) = outputs[cell]
    return str(output.data["text/html"].partition("</style>")[2])


class TestCheck:
    """``%reelmark check``."""

    def test_output_is_what_the_command_prints(self, outputs: Any) -> None:
        """If HTML cannot be shown, it reads as in a terminal."""
        assert text_of(outputs, "check").splitlines() == [
            f"1a     double                   ✓{'2/2    passed':>42}",
            f"1b     halve                    ✗{'0/2    failed':>42}",
            "",
            "1b  halve(2): doubling.py has no function halve().",
            "",
            "  Next      Define it under exactly this name, as in the stub.",
            "",
            "Public checks: 1 of 2 passed, 2 of 4 marks.",
            "Hidden checks run when your work is marked.",
        ]

    def test_cell_names_tasks_marks_and_states(self, outputs: Any) -> None:
        """It shows one row per task, and the messages of those that failed."""
        html = html_of(outputs, "check")
        assert html.count("<tr>") == 2
        assert "<code>double()</code>" in html
        assert "2 of 2" in html
        assert "passed</span>" in html
        assert "<pre>1b  " in html

    def test_all_tasks_are_checked_without_a_name(self, outputs: Any) -> None:
        """Commands are named as they are typed in a notebook."""
        assert html_of(outputs, "all").count("<tr>") == 2
        assert "`reelmark" not in text_of(outputs, "all")

    def test_kernel_never_imports_tensorflow(self, outputs: Any) -> None:
        """Other processes do, so a cell's own variables cannot interfere."""
        assert text_of(outputs, "kernel") == "[]"

    def test_processes_end_with_the_extension(self, outputs: Any) -> None:
        """They were there, and are gone."""
        assert text_of(outputs, "servers") == "(True, [])"


class TestModule:
    """``%%module NAME``."""

    def test_cell_is_the_module(self, outputs: Any, folder: Path) -> None:
        """All of it; the tasks whose functions it defines are checked."""
        assert (folder / "doubling.py").read_text() == RIGHT
        html = html_of(outputs, "second")
        assert "doubling.py was written (2 lines)." in html
        assert "this one has no halve()." in html
        assert html.count("<tr>") == 1

    def test_file_before_is_kept_once(self, outputs: Any, folder: Path) -> None:
        """What was there before the first cell, and nothing after that."""
        assert (folder / "doubling.py.bak").read_text() == mini.STUBS["doubling"]
        assert "is in doubling.py.bak." in html_of(outputs, "first")
        assert "doubling.py.bak" not in html_of(outputs, "second")

    def test_next_import_takes_the_new_one(self, outputs: Any) -> None:
        """Nobody has to restart the kernel."""
        assert text_of(outputs, "import") == "5"
        assert text_of(outputs, "import again") == "4"

    def test_cell_that_is_not_python_is_not_written(self, outputs: Any) -> None:
        """The module stays as it was; line numbers are the cell's."""
        told = text_of(outputs, "broken")
        assert told.startswith("doubling.py was not written, and is as it was")
        assert "line 3: def double(:" in told

    def test_misspelt_module_is_asked_about(self, outputs: Any, folder: Path) -> None:
        """It is not taken for a helper."""
        told = "There is no module doublin. Did you mean doubling?"
        assert text_of(outputs, "misspelt") == told
        assert not (folder / "doublin.py").exists()

    def test_module_of_ones_own_is_written(self, outputs: Any, folder: Path) -> None:
        """Modules may need helpers."""
        assert (folder / "helping.py").read_text() == "TWO = 2\n"
        assert "no task is checked" in text_of(outputs, "own")

    def test_function_in_a_cell_is_told_not_to_count(self, outputs: Any) -> None:
        """It lives in the notebook alone."""
        assert text_of(outputs, "stray") == (
            "Defined in this notebook alone: double(). That is not checked, nor "
            "marked; a cell that begins with %%module doubling is."
        )
        assert text_of(outputs, "unloaded") == "1"


class TestOthers:
    """The other commands."""

    def test_list_shows_how_tasks_stood(self, outputs: Any) -> None:
        """Before the first check, and after the last."""
        assert html_of(outputs, "list").count("no check yet") == 3
        html = html_of(outputs, "listed")
        assert "passed</span>" in html
        assert "Next: 1b, then `%reelmark check 1b`." in html

    def test_hint_is_shown_once_more(self, outputs: Any) -> None:
        """With --again, those that were shown before."""
        assert "Think." in html_of(outputs, "hint")
        assert "Think." in html_of(outputs, "seen")

    def test_picture_is_inline(self, outputs: Any) -> None:
        """It is in the notebook, not in a file."""
        html = html_of(outputs, "picture")
        assert 'src="data:image/png;base64,iVBOR' in html
        assert "A double." in html

    def test_what_is_wrong_is_told_in_a_sentence(self, outputs: Any) -> None:
        """No traceback from the kit."""
        assert "There is no task '9z'." in text_of(outputs, "unknown")
        assert "There is no %reelmark grade." in text_of(outputs, "strange")
        assert "but of: 1a." in text_of(outputs, "no picture")
        assert "%reelmark check: checks all tasks." in text_of(outputs, "help")
        assert outputs["load"] == []
