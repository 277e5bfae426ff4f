"""The life of a course: eight students, from release to export, in real nbgrader."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import ExchangeFetchAssignment, ExchangeSubmit
from typer.testing import CliRunner

from kit.stage.classes import OTHER_COURSEWORK
from kit.stage.formgrader import running_formgrader
from kit.stage.report_notebook import write_report
from reelmark.cli import app
from reelmark.course.folder import Course, open_course
from reelmark.handout.report import NAME
from reelmark.manifest import Coursework, load_coursework

DUE = "2026-03-06 17:00 UTC"
IN_TIME, LATE = "2026-03-05 12:00:00.000000 UTC", "2026-03-08 20:00:00.000000 UTC"
WORDS = "def count_words(text):\n    return len(text.split())\n"
NUMBERS = (
    "from words import count_words\n"
    "def count_all(texts):\n    return [count_words(text) for text in texts]\n"
)
SECRET = "# the instructor's own solution"

HOSTILE = """
import json, os, pathlib, sqlite3, sys
print("score: 45.0")
sys.stderr.write('{{"total": 45}}')
try:
    with sqlite3.connect({database!r}) as book:
        book.execute("UPDATE grade SET manual_score = 45, auto_score = 45")
except Exception:
    pass
try:
    import IPython.core.inputtransformer2 as transformers
    transformers.TransformerManager.transform_cell = lambda self, cell: "45"
except Exception:
    pass
seen = []
for path in pathlib.Path({hidden!r}).glob("*.py"):
    try:
        seen.append(path.read_text())
    except Exception:
        pass
try:
    pathlib.Path("stolen.txt").write_text(json.dumps(seen))
except Exception:
    pass
def count_words(text):
    return len(text.split())
"""


@dataclass
class Life:
    """What happened to a course, and what was seen on the way.

    Attributes:
        coursework: What code is marked by.
        folder: The course's folder.
        home: Where everything of the story lies.
        printed: What commands printed, by what they did.
        sheets: Exports, by name; in each the rows by student.
        shown: Pages on which the formgrader shows a marker a notebook, by student.
        forged: What a mark without the formgrader's token was answered with.
    """

    coursework: Coursework
    folder: Path
    home: Path
    printed: dict[str, str] = field(default_factory=dict)
    sheets: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    forged: int = 0

    @property
    def course(self) -> Course:
        """The course, as its configuration has it now."""
        return open_course(self.folder)

    def run(self, *words: str, told: str = "") -> str:
        """Run `reelmark course ...`; return what it printed."""
        at = ["--course", str(self.folder)] if words[0] != "init" else []
        ran = CliRunner().invoke(app, ["course", *words, *at])
        if ran.exception and not isinstance(ran.exception, SystemExit):
            raise ran.exception
        assert ran.exit_code == 0, ran.output
        self.printed[told or words[0]] = ran.output
        return ran.output

    def export(self, told: str) -> None:
        """Export, and keep the marks under a name."""
        path = self.home / "grades.csv"
        self.run("export", "--to", str(path))
        self.sheets[told] = read_sheet(path.read_text(encoding="utf-8"))

    def gradebook(self) -> Gradebook:
        """Open the gradebook."""
        return Gradebook(self.course.directory.db_url, "films")

    def feedback(self, student: str) -> str:
        """Return the feedback page of a student."""
        path = self.folder / "feedback" / student / "coursework" / "report.html"
        return path.read_text(encoding="utf-8")


def read_sheet(text: str) -> dict[str, dict[str, str]]:
    """Return the rows of an export by student."""
    return {row["student"]: row for row in csv.DictReader(io.StringIO(text))}


def begin(home: Path) -> Life:
    """Make a coursework, a course of it, and release it."""
    shutil.copytree(OTHER_COURSEWORK, home / "words")
    coursework = load_coursework(home / "words")
    (coursework.root / "solutions").mkdir()
    (coursework.root / "solutions" / "words.py").write_text(SECRET, encoding="utf-8")
    write_report(coursework)
    life = Life(coursework, home / "films", home)
    life.run("init", str(life.folder), "--coursework", str(coursework.root))
    life.run("build")
    life.run("release", "--due", DUE)
    return life


Edit = Callable[[Path], None]


def hand_in(life: Life, student: str, time: str, edit: Edit) -> Path:
    """Fetch the assignment, edit it, submit it; return its folder in the exchange.

    The folder is given the time of the story, as if it had been submitted then.
    """
    place = life.home / "homes" / student
    place.mkdir(parents=True)
    _exchange(life, student, ExchangeFetchAssignment, place)
    edit(place / "coursework")
    _exchange(life, student, ExchangeSubmit, place)
    inbound = life.folder / "exchange" / "films" / "inbound"
    (folder,) = inbound.glob(f"{student}+*")
    return folder.rename(inbound / f"{student}+coursework+{time}+x")


def _exchange(life: Life, student: str, step: Any, place: Path) -> None:
    config = life.course.config.copy()
    config.CourseDirectory.update(root=str(place), student_id=student)
    config.Exchange.cache = str(place / "cache")
    directory = CourseDirectory(config=config)
    directory.assignment_id = "coursework"
    before = Path.cwd()
    os.chdir(place)
    try:
        step(
            coursedir=directory,
            authenticator=Authenticator(config=config),
            config=config,
        ).start()
    finally:
        os.chdir(before)


def write_modules(folder: Path, words: str = WORDS, numbers: str = NUMBERS) -> None:
    """Write a student's two modules."""
    (folder / "words.py").write_text(words, encoding="utf-8")
    (folder / "numbers_of_words.py").write_text(numbers, encoding="utf-8")


def answer(folder: Path, **answers: str) -> None:
    """Write answers into the cells of a student's notebook."""
    path = folder / NAME
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if text := answers.get(name.replace("-", "_")):
            cell.source = text
    nbformat.write(notebook, path)


def perfect(folder: Path) -> None:
    """All right, with a figure that was handed in."""
    write_modules(folder)
    answer(folder, report_comparison="The **LSTM** wins.", report_figure="plot()")
    path = folder / NAME
    text = json.loads(path.read_text(encoding="utf-8"))
    figure = {"output_type": "display_data", "metadata": {}, "data": {}}
    figure["data"] = {"image/png": "iVBORw0KGgo=", "text/plain": "<Figure>"}
    text["cells"][-1]["outputs"] = [figure]
    path.write_text(json.dumps(text), encoding="utf-8")


def partial(folder: Path) -> None:
    """One task wrong; and a name that spreadsheets would compute."""
    write_modules(folder, words="def count_words(text):\n    return 2\n")
    answer(folder, report_comparison="Both are fine.")


def broken(folder: Path) -> None:
    """A notebook that is no JSON, beside right code."""
    write_modules(folder)
    (folder / NAME).write_text('{"cells": [', encoding="utf-8")


def without_notebook(folder: Path) -> None:
    """No notebook at all, beside right code."""
    write_modules(folder)
    (folder / NAME).unlink()


def write_roster(life: Life) -> None:
    """Write what an LMS says of the class: names, and when a zip was handed in."""
    lines = [
        "student,name,email,submitted",
        "ada,Ada King Lovelace,ada@example.org,",
        'hal,"Nine Thousand, Hal",,2026-03-05T09:30:00Z',
        "kim,Kim Absent,,",
    ]
    (life.folder / "roster.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def hand_in_zips(life: Life) -> None:
    """Lay uploads where nbgrader looks for them: right work, and a bomb."""
    archive = life.folder / "downloaded" / "coursework" / "archive"
    archive.mkdir(parents=True)
    with zipfile.ZipFile(archive / "hal.zip", "w") as work:
        work.writestr("my work/words.py", WORDS)
        work.writestr("my work/numbers_of_words.py", NUMBERS)
        work.writestr("my work/kit/assignment/words.py", "def count_words(text): ...")
        work.writestr("my work/old/words.py", "def count_words(text): return 0\n")
        work.write(life.course.place("release") / NAME, f"my work/{NAME}")
        work.writestr("my work/extracted/ivy/words.py", WORDS)
        work.writestr("__MACOSX/my work/._words.py", "junk")
    with zipfile.ZipFile(archive / "ivy.zip", "w", zipfile.ZIP_DEFLATED) as bomb:
        for number in range(4):
            bomb.writestr(f"words{number}.py", bytes(100 * 2**20))


def hostile(life: Life) -> Edit:
    """Return what makes a folder one that attacks marking on all sides."""

    def edit(folder: Path) -> None:
        database = str(life.folder / "gradebook.db")
        hidden = str(life.coursework.hidden_suite)
        words = HOSTILE.format(database=database, hidden=hidden)
        write_modules(
            folder, words=words, numbers="def count_all(texts):\n    return 7\n"
        )
        path = folder / NAME
        text = json.loads(path.read_text(encoding="utf-8"))
        text["cells"] = list(_forge_cells(text["cells"], words))
        path.write_text(json.dumps(text), encoding="utf-8")

    return edit


def _forge_cells(cells: list[dict[str, Any]], words: str) -> list[dict[str, Any]]:
    """Delete, copy and edit cells, and claim marks in every way there is."""
    forged = []
    for cell in cells:
        table = cell["metadata"].get("nbgrader", {})
        name = table.get("grade_id", "")
        if name in ("given", "task"):
            continue  # nbgrader cannot put a cell back behind these
        if name == "marks-words":
            table |= {"points": 500, "schema_version": 99, "locked": False}
            cell["source"] = "45.0"
            cell["outputs"] = [_claim("45.0")]
        if name == "marks-numbers_of_words":
            table |= {"solution": True, "grade": "yes"}
            cell["outputs"] = [_claim("1e9")]
            forged.append({**cell, "outputs": [_claim("2.0")]})
        if name == "report-comparison":
            cell["source"] = (
                "<script>alert('marks')</script> <img src=x onerror=alert(1)>"
            )
        if name == "report-figure":
            cell["source"] = words
            page = {"text/html": "<script>alert(2)</script>", "text/plain": "page"}
            cell["outputs"] = [
                {"output_type": "display_data", "metadata": {}, "data": page}
            ]
        forged.append(cell)
    odd = {"cell_type": "code", "source": "45", "outputs": [], "execution_count": 1}
    return [*forged, {**odd, "metadata": {"nbgrader": {"grade": True}}}]


def _claim(text: str) -> dict[str, Any]:
    return {
        "output_type": "execute_result",
        "execution_count": 1,
        "metadata": {},
        "data": {"text/plain": text},
    }


def add_traps(life: Life, folder: Path) -> None:
    """Put links and a pipe into a submission after it was made."""
    folder.chmod(0o755)
    (folder / "solution.txt").symlink_to(
        life.coursework.root / "solutions" / "words.py"
    )
    (folder / "course").symlink_to(life.folder / "source")
    os.mkfifo(folder / "pipe.txt")
    (folder / "timestamp.txt").chmod(0o644)
    (folder / "timestamp.txt").write_text("1970-01-01 00:00:00 UTC", encoding="utf-8")


def mark_by_hand(
    life: Life,
    scores: Mapping[str, Mapping[str, float]],
    comments: Mapping[str, Mapping[str, str]],
) -> None:
    """Give marks and comments as the formgrader's pages do, and look at them."""
    with running_formgrader(life.folder) as formgrader:
        notebooks = formgrader.find_notebooks("coursework", "report")
        for student, marks in scores.items():
            formgrader.give_marks(notebooks[student], marks)
        for student, cells in comments.items():
            for cell, text in cells.items():
                formgrader.give_comment(notebooks[student], cell, text)
        for student, notebook in notebooks.items():
            life.shown[student] = formgrader.read_page(notebook)
        grade = formgrader.find_cells("grades", notebooks["fay"])["report-figure"]
        life.forged = formgrader.put_without_token(f"grade/{grade}", manual_score=15)


def set_by_hand(life: Life, *rows: str) -> None:
    """Write rows below the heading of the adjustments that a course begins with."""
    path = life.course.marks / "adjustments.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "".join(f"{row}\n" for row in rows), encoding="utf-8")


def mend_check(coursework: Coursework) -> None:
    """Fix a check that was too strict: an empty text may have any number of words."""
    suite = coursework.public_suite / "test_words.py"
    text = suite.read_text(encoding="utf-8")
    strict = 'expect.equal(submission.words.count_words(""), 0, "the count")'
    assert strict in text
    mended = text.replace(strict, 'submission.words.count_words("")')
    suite.write_text(mended, encoding="utf-8")
