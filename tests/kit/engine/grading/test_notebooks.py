"""Notebooks handed in for modules: each is marked as its modules would be."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.stage.classes import OTHER_COURSEWORK, grade_folder
from kit.stage.handed_in import pack
from kit.stage.notebooks import (
    COLAB,
    COUNT,
    COUNT_ALL,
    JUPYTER,
    VS_CODE,
    WRONG,
    make_notebook,
)
from reelmark.manifest import load_coursework
from reelmark.results import Result, Status

pytestmark = pytest.mark.slow

FULL = {"1": 3.0, "2": 2.0}
HANDED_IN = {
    "out-of-order": (
        FULL,
        make_notebook(
            COUNT_ALL,
            "count_all(['a'])",
            COUNT.replace("()", "(BLANK)"),
            "BLANK = None",
        ),
    ),
    "defined-three-times": (
        FULL,
        make_notebook(WRONG, "#: Better.", WRONG, COUNT_ALL, COUNT),
    ),
    "last-is-wrong": ({"1": 1.0, "2": 2.0}, make_notebook(COUNT, COUNT_ALL, WRONG)),
    "magics": (
        FULL,
        make_notebook(
            "%matplotlib inline\nx = %env HOME\nlen?\n?len",
            f"%%time\n{COUNT}",
            f"%load_ext words\n{COUNT_ALL}%timeit count_all([])",
            "%%bash\nrm -rf words",
        ),
    ),
    "shell": (
        FULL,
        make_notebook(
            "!pip install -q \\\n   words \\\n   numbers\nfiles = !ls",
            f"if True:\n    !wget words\n{COUNT}",
            COUNT_ALL,
        ),
    ),
    "asks": (FULL, make_notebook(f"name = input('Who?')\n{COUNT}", COUNT_ALL)),
    "trains": (
        FULL,
        make_notebook(
            COUNT,
            f"while True: pass\n{COUNT_ALL}\nhistory = model.fit(texts, epochs=10**9)",
        ),
    ),
    "a-class": (
        FULL,
        make_notebook(
            "class Words(list):\n    def __init__(self, text):\n"
            "        super().__init__(cut(text))\n",
            "def count_words(text):\n    return len(Words(text))\n",
            "def cut(text):\n    return text.split()\n",
            COUNT_ALL,
        ),
    ),
    "star-imports": (
        FULL,
        make_notebook(
            "from re import *\nfrom functools import *",
            "def count_words(text):\n    return len(findall('\\\\w+', text))\n",
            COUNT_ALL,
        ),
    ),
    "syntax-error": (FULL, make_notebook(COUNT, "def half(:\n", COUNT_ALL)),
    "marked": (
        FULL,
        make_notebook(
            f"%%module words\n{WRONG}",
            "%%module cutting\ndef cut(text):\n    return text.split()\n",
            "%%writefile /content/numbers_of_words.py\nfrom words import count_words\n"
            + COUNT_ALL,
            "%%module words\nfrom cutting import cut\n\n\n"
            + COUNT.replace("text.split()", "cut(text)"),
        ),
    ),
    "format-3": (FULL, make_notebook(COUNT, COUNT_ALL, of_format=3)),
    "needs-what-is-left-out": (
        {"1": 0.0, "2": 2.0},
        make_notebook(
            "BLANK = input('Blank?')", COUNT.replace("()", "(BLANK)"), COUNT_ALL
        ),
    ),
    "not-started": (
        {"1": 0.0, "2": 0.0},
        make_notebook(
            "def count_words(text):\n    raise NotImplementedError\n",
            "def count_all(texts):\n    raise NotImplementedError\n",
        ),
    ),
    "report-alone": (
        {"1": 0.0, "2": 0.0},
        make_notebook(
            "#: My report", "from words import count_words", "count_words('')"
        ),
    ),
    "colab": (FULL, COLAB),
    "vs-code": (FULL, VS_CODE),
    "jupyter": (FULL, JUPYTER),
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that is there once any cell of the class was run."""
    return tmp_path_factory.mktemp("ran") / "ran.txt"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, ran: Path) -> dict[str, Result]:
    """The class, marked; every notebook has a cell, too, that writes a file."""
    folder = tmp_path_factory.mktemp("class")
    write = f"with open({str(ran)!r}, 'w') as file:\n    file.write('ran')"
    for number, (name, (_, text)) in enumerate(HANDED_IN.items()):
        student = folder / "submissions" / name
        student.mkdir(parents=True)
        if text.startswith("{"):
            cells = text.replace('"cells": [', f'"cells": [{_code(write)}, ', 1)
            (student / "work.ipynb").write_text(cells, encoding="utf-8")
        else:
            (student / "work.py").write_text(f"{text}\n{write}\n", encoding="utf-8")
        if number % 3 == 0:
            inner = {f"cw/{each.name}": each.read_text() for each in student.iterdir()}
            for each in student.iterdir():
                each.unlink()
            (student / "work.zip").write_bytes(pack(inner))
    coursework = load_coursework(OTHER_COURSEWORK)
    return grade_folder(coursework, folder / "submissions", folder / "marks")


def _code(source: str) -> str:
    return make_notebook(source).partition('"cells": [')[2].rpartition("]}")[0]


@pytest.mark.parametrize("name", HANDED_IN)
def test_notebook_is_marked_as_its_modules_deserve(
    results: dict[str, Result], name: str
) -> None:
    """Cells out of order, magics, exports: the functions count, and nothing else."""
    marks = {task.id: task.marks for task in results[name].tasks}
    assert marks == HANDED_IN[name][0], results[name].notes


@pytest.mark.usefixtures("results")
def test_no_cell_is_run(ran: Path) -> None:
    """A cell that writes a file has written none."""
    assert not ran.exists()


def test_author_and_marker_are_told_what_was_taken(results: dict[str, Result]) -> None:
    """The notes name the notebook, the cells that were used, and what was left."""
    first, *told, last = results["trains"].notes
    assert first == (
        "No module was handed in as a .py file, so they were put together from "
        "'work.zip/cw/work.ipynb', which was read and not run."
    )
    assert told == [
        "words.py: count_words() from cell 2.",
        "numbers_of_words.py: count_all() from cell 3.",
    ]
    assert last == (
        "Left out of 'work.zip/cw/work.ipynb': cell 1 and parts of cell 3; only "
        "imports, functions, classes and plain constants are taken, and nothing is run."
    )


def test_what_a_function_lacks_is_told(results: dict[str, Result]) -> None:
    """If a name is made by running something, function and cell are named."""
    assert (
        "count_words() uses 'BLANK', which cell 2 makes by running something; that was "
        "left out."
    ) in results["needs-what-is-left-out"].notes


def test_report_is_not_taken_for_modules(results: dict[str, Result]) -> None:
    """A notebook that only uses the functions defines none of them."""
    (note,) = results["report-alone"].notes
    assert note.startswith("None of the modules was found.")
    assert "with cells that begin with %%module" in note


def test_stub_in_a_cell_is_not_started(results: dict[str, Result]) -> None:
    """It is told apart from a mistake, just as in a module."""
    assert results["not-started"].status is Status.NOT_STARTED
