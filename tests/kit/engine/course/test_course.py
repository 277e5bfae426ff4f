"""A course in nbgrader: eight students from release to export, played once."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import nbformat
import pytest
from nbconvert.filters import markdown2html_mistune
from nbformat.v4 import new_markdown_cell
from nbgrader.apps import NbGraderAPI
from typer.testing import CliRunner

from kit.stage import course_life as play
from kit.stage.course_life import Life
from kit.stage.postgres import find_programs, running_server
from kit.stage.report_notebook import BY_HAND
from reelmark.cli import app
from reelmark.course.display import HarmlessDisplay, escape_markdown
from reelmark.course.folder import CONFIG, open_course
from reelmark.course.restore import read_released, restore_cells
from reelmark.errors import USAGE, UsageError
from reelmark.handout.report import NAME, marks_cell
from reelmark.lms.marks import read_marks
from reelmark.manifest import find_coursework

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the exchange and sealed marking are Linux's"
)

EXCHANGED = ("=ben", "ada", "cleo", "dan", "eve", "fay", "gus")
STUDENTS = (*EXCHANGED, "hal")
SCORES = {
    "ada": {"report-comparison": 20.0, "report-figure": 12.0},
    "=ben": {"report-comparison": 10.0},
    "dan": {"report-comparison": 20.0, "report-figure": 15.0},
    "eve": {"report-comparison": 5.0},
    "fay": {"report-comparison": 8.0},
}
AUTOGRADED = (("ada", "autograded"), ("hal", "autograded"))
COMMENTS = {"ada": {"report-comparison": "Say by *how much* it wins."}}
# words, numbers_of_words, report, late penalty, total
EXPECTED = {
    "ada": (3.0, 2.0, 32.0, 0.0, 37.0),
    "'=ben": (1.0, 2.0, 10.0, 0.0, 13.0),
    "cleo": (0.0, 0.0, 0.0, 0.0, 0.0),
    "dan": (3.0, 2.0, 35.0, 6.75, 33.25),
    "eve": (3.0, 0.0, 5.0, 0.0, 8.0),
    "fay": (3.0, 2.0, 8.0, 0.0, 13.0),
    "gus": (3.0, 2.0, 0.0, 0.0, 5.0),
    "hal": (3.0, 2.0, 0.0, 0.0, 5.0),
}


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    """The whole life of a course."""
    patched = pytest.MonkeyPatch()
    patched.setenv("JUPYTER_CONFIG_DIR", str(tmp_path_factory.mktemp("jupyter")))
    # Without an activated environment, alembic is not on PATH.
    own = str(Path(sys.executable).parent)
    path = os.environ["PATH"].split(os.pathsep)
    patched.setenv("PATH", os.pathsep.join(each for each in path if each != own))
    try:
        return _play(tmp_path_factory.mktemp("course"))
    finally:
        patched.undo()


def _play(home: Path) -> Life:
    life = play.begin(home)
    play.hand_in(life, "ada", play.IN_TIME, play.perfect)
    play.hand_in(life, "=ben", play.IN_TIME, play.partial)
    play.hand_in(life, "cleo", play.IN_TIME, lambda _: None)
    play.hand_in(life, "dan", play.LATE, play.perfect)
    eve = play.hand_in(life, "eve", play.IN_TIME, play.hostile(life))
    play.add_traps(life, eve)
    play.hand_in(life, "fay", play.IN_TIME, play.broken)
    play.hand_in(life, "gus", play.LATE, play.without_notebook)
    (life.folder / "extensions.csv").write_text(
        "student,due\ngus,2026-03-10 17:00 UTC\n"
    )
    play.hand_in_zips(life)
    play.write_roster(life)
    life.run("collect")
    life.run("autograde")
    play.mark_by_hand(life, SCORES, COMMENTS)
    life.run("feedback")
    life.export("marked")
    life.run("autograde", told="autograde again")
    play.mend_check(life.coursework)
    life.run("autograde", told="autograde mended")
    life.export("mended")
    play.set_by_hand(life, "=ben,1,2.5,The brief was unclear.,Dr Lee")
    life.run("autograde", told="autograde by hand")
    life.export("by hand")
    return life


def _numbers(row: Mapping[str, str]) -> tuple[float, ...]:
    names = ("words", "numbers_of_words", "report", "late penalty", "total")
    return tuple(float(row[name]) for name in names)


@pytest.mark.parametrize("student", EXPECTED)
def test_every_mark_is_the_expected_one(life: Life, student: str) -> None:
    """Code, report, lateness and total of each student are right."""
    assert _numbers(life.sheets["marked"][student]) == EXPECTED[student]


def test_export_lists_everybody_once(life: Life) -> None:
    """The export has one line per student."""
    assert set(life.sheets["marked"]) == set(EXPECTED)


def test_export_has_a_column_for_every_task_and_graded_cell(life: Life) -> None:
    """Marks are listed by module, by task and by cell of the report."""
    row = life.sheets["marked"]["ada"]
    assert [row[name] for name in ("1", "2", *BY_HAND)] == [
        "3.0",
        "2.0",
        "20.0",
        "12.0",
    ]


def test_names_that_are_formulas_are_neutralised(life: Life) -> None:
    """A spreadsheet does not compute a student's name."""
    assert "'=ben" in life.sheets["marked"]


def test_lateness_is_shown(life: Life) -> None:
    """Days late, extension and submission time are in the export."""
    sheet = life.sheets["marked"]
    assert (sheet["dan"]["days late"], sheet["dan"]["extension"]) == ("3", "")
    assert (sheet["gus"]["days late"], sheet["gus"]["extension"][:10]) == (
        *("0", "2026-03-10"),
    )
    assert sheet["gus"]["handed in"] == "2026-03-08 20:00 UTC"


def test_penalty_counts_marks_given_later(life: Life) -> None:
    """The penalty is not cut to the marks there were before the report was marked."""
    assert float(life.sheets["marked"]["dan"]["late penalty"]) > 5


def test_answers_left_to_mark_are_counted(life: Life) -> None:
    """The export says whose work has yet to be marked by hand."""
    left = {name: row["left to mark"] for name, row in life.sheets["marked"].items()}
    assert left == {
        **dict.fromkeys(("ada", "'=ben", "cleo", "dan", "gus", "hal"), "0"),
        "eve": "1",
        "fay": "1",
    }


def test_zip_has_the_time_that_the_roster_says(life: Life) -> None:
    """A zip carries no time; the LMS knows when it was handed in."""
    assert life.sheets["marked"]["hal"]["handed in"] == "2026-03-05 09:30 UTC"


def test_students_have_names_in_the_gradebook(life: Life) -> None:
    """The formgrader shows the names that the roster has."""
    with life.gradebook() as gradebook:
        ada, hal = map(gradebook.find_student, ("ada", "hal"))
        assert (ada.first_name, ada.last_name) == ("Ada King", "Lovelace")
        assert (hal.first_name, hal.last_name) == ("Hal", "Nine Thousand")


def test_who_handed_in_nothing_is_named(life: Life) -> None:
    """Who is in the roster, and handed in nothing, is told."""
    assert "Handed in nothing: Kim Absent." in life.printed["autograde"]


def test_kit_that_comes_back_is_left(life: Life) -> None:
    """The kit that was handed out is collected of nobody, nor copied."""
    for student, step in (("hal", "submitted"), ("ada", "submitted"), *AUTOGRADED):
        assert not (life.course.place(step, student) / "kit").exists()


def test_mark_cell_says_what_it_is(life: Life) -> None:
    """In place of 0.0 a mark cell says what was earned; the code stands below."""
    shown = nbformat.read(life.course.place("autograded", "ada") / NAME, as_version=4)
    cells = {cell.id: cell for cell in shown.cells}
    sources = [cell.source for cell in shown.cells]
    assert "# words.py: 3 of 3 marks, see below" in sources
    assert "return len(text.split())" in cells["code-words"].source


def test_zip_is_unpacked_from_where_its_work_lies(life: Life) -> None:
    """A folder around the work, older versions and junk do not matter."""
    path = life.course.place("submitted", "hal") / "words.py"
    assert path.read_text("utf-8") == play.WORDS


def test_zip_bomb_is_refused_in_words(life: Life) -> None:
    """A zip that would unpack to too much is named, but stops nobody."""
    told = "Refused: 'ivy.zip' ('words0.py' in the zip would grow to more than 200"
    assert told in life.printed["collect"]
    assert not life.course.place("submitted", "ivy").exists()


def test_folders_in_a_zip_name_no_student(life: Life) -> None:
    """Nobody can hand in for somebody else, whatever their folders are called."""
    assert (life.course.place("submitted", "hal") / "extracted").is_dir()
    assert not life.course.place("submitted", "ivy").exists()


def test_two_zips_of_one_student_are_named(life: Life) -> None:
    """The kit does not guess which of them is meant."""
    first = life.folder / "downloaded" / "coursework" / "archive" / "hal.zip"
    second = Path(shutil.copy(first, first.with_name("HAL.zip")))
    try:
        with pytest.raises(UsageError, match=r"'HAL\.zip' and 'hal\.zip' name"):
            life.run("collect", told="collect twins")
    finally:
        second.unlink()


class TestSource:
    """What is handed out."""

    def test_release_holds_stubs_and_notebook(self, life: Life) -> None:
        """Students get what is in the folder of the assignment."""
        names = {path.name for path in life.course.place("release").iterdir()}
        assert names == {
            *("words.py", "numbers_of_words.py", NAME, "README.md", "kit"),
        }

    def test_release_can_check_itself(self, life: Life) -> None:
        """Beside the notebook lie the brief and the kit, with the public checks."""
        folder = life.course.place("release")
        found = find_coursework(folder)
        assert found.root == (folder / "kit").resolve()
        assert (found.public_suite / "test_words.py").is_file()
        assert not found.hidden_suite.exists()
        assert "](kit/README.md)" in (folder / "README.md").read_text("utf-8")

    def test_release_holds_no_secret(self, life: Life) -> None:
        """Neither a solution nor a hidden check is in what is released."""
        places = (life.course.place("release"), life.folder / "exchange")
        files = [p for place in places for p in place.rglob("*") if p.is_file()]
        given = [file for file in files if "inbound" not in file.parts]
        texts = "".join(f.read_bytes().decode("utf-8", "replace") for f in given)
        assert play.SECRET not in texts
        assert "s e  c r e t" not in texts

    def test_solution_is_not_built(self, life: Life, tmp_path: Path) -> None:
        """A module that still holds its solution is refused."""
        begun = play.Life(life.coursework, life.folder, tmp_path)
        stub = life.coursework.stubs / "words.py"
        text = stub.read_text("utf-8")
        stub.write_text(text + "### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n", "utf-8")
        try:
            with pytest.raises(UsageError, match="holds a solution"):
                begun.run("build")
        finally:
            stub.write_text(text, "utf-8")

    def test_course_is_not_overwritten(self, life: Life) -> None:
        """Making the course again changes nothing, in words."""
        words = ["--coursework", str(life.coursework.root)]
        ran = CliRunner().invoke(app, ["course", "init", str(life.folder), *words])
        assert isinstance(ran.exception, UsageError)
        assert "not overwritten" in str(ran.exception)


class TestHostile:
    """Eve, who attacks marking on all sides."""

    def test_nothing_in_the_gradebook_is_of_hers(self, life: Life) -> None:
        """No mark comes from her code or notebook."""
        with life.gradebook() as gradebook:
            grades = [
                grade
                for submission in gradebook.assignment_submissions("coursework")
                for notebook in submission.notebooks
                for grade in notebook.grades
            ]
            assert all((grade.auto_score or 0) <= grade.max_score for grade in grades)
            assert all((grade.manual_score or 0) <= 20 for grade in grades)

    def test_links_are_not_followed(self, life: Life) -> None:
        """The targets of her links are nowhere in submissions or feedback."""
        places = [
            life.folder / name for name in ("submitted", "autograded", "feedback")
        ]
        files = [p for place in places for p in place.rglob("*") if p.is_file()]
        assert not any(path.is_symlink() for path in files)
        assert not any(play.SECRET in p.read_text("utf-8", "replace") for p in files)

    def test_links_are_named(self, life: Life) -> None:
        """Whoever collects reads what was left behind."""
        assert "solution.txt" in life.printed["collect"]

    def test_hidden_checks_do_not_leak(self, life: Life) -> None:
        """No feedback page holds the input of a hidden check."""
        pages = [life.feedback(s) for s in STUDENTS]
        assert not any("s e  c r e t" in page for page in pages)

    def test_scripts_do_not_reach_a_browser(self, life: Life) -> None:
        """Neither her text nor her outputs run where a marker looks at them."""
        path = life.folder / "autograded" / "eve" / "coursework" / NAME
        shown = nbformat.read(path, as_version=4)
        texts = [cell.source for cell in shown.cells if cell.cell_type == "markdown"]
        outputs = [out for cell in shown.cells for out in cell.get("outputs", [])]
        assert not any("<script" in text or "<img" in text for text in texts)
        assert not any("text/html" in output.get("data", {}) for output in outputs)
        assert "<script>alert" not in life.feedback("eve")

    def test_time_of_handing_in_is_not_hers_to_write(self, life: Life) -> None:
        """Her time stamp is that of her folder in the exchange."""
        assert life.sheets["marked"]["eve"]["handed in"] == "2026-03-05 12:00 UTC"

    def test_her_notebook_is_whole_again(self, life: Life) -> None:
        """Every released cell is there once, with the metadata it was released with."""
        path = life.folder / "autograded" / "eve" / "coursework" / NAME
        shown = nbformat.read(path, as_version=4)
        tables = [t for c in shown.cells if (t := c.metadata.get("nbgrader"))]
        released = read_released(life.course)
        assert [table["grade_id"] for table in tables] == list(released)
        assert {t["points"] for t in tables if t["grade"]} == {3.0, 2.0, 25.0, 15.0}


class TestNotebooks:
    """What markers and students are shown."""

    def test_figures_handed_in_are_kept(self, life: Life) -> None:
        """The marker sees the outputs a student handed in."""
        path = life.folder / "autograded" / "ada" / "coursework" / NAME
        cell = nbformat.read(path, as_version=4).cells[-1]
        assert cell.outputs[0].data["image/png"] == "iVBORw0KGgo="

    def test_what_students_wrote_is_not_overwritten(self, life: Life) -> None:
        """The modules beside the autograded notebook are the student's."""
        path = life.folder / "autograded" / "ada" / "coursework" / "words.py"
        assert path.read_text("utf-8") == play.WORDS

    def test_messages_stand_under_the_mark_cell(self, life: Life) -> None:
        """A student reads which check failed, and what was expected."""
        page = life.feedback("=ben")
        assert "words.py: 1 of 3 marks" in page
        assert "An empty text has no words." in page

    def test_hidden_checks_are_named_only(self, life: Life) -> None:
        """For a hidden check, the page has the title."""
        page = life.feedback("=ben")
        assert "hidden check: Blanks between words are not counted." in page

    def test_broken_notebook_is_explained(self, life: Life) -> None:
        """A notebook that is not JSON is replaced by one that says so."""
        assert "could not be opened" in life.feedback("fay")

    def test_missing_notebook_is_named(self, life: Life) -> None:
        """Autograding names those who handed in no notebook."""
        assert "gus: no notebook was handed in." in life.printed["autograde"]

    def test_penalty_is_on_the_page(self, life: Life) -> None:
        """A late student reads what lateness cost."""
        assert "Late submission penalty (Score: -6.75)" in life.feedback("dan")

    def test_feedback_reaches_the_exchange(self, life: Life) -> None:
        """Everybody who handed in through the exchange can fetch their page."""
        folder = life.folder / "exchange" / "films" / "feedback"
        assert len(list(folder.glob("*.html"))) == len(EXCHANGED)


class TestFormgrader:
    """Marking by hand, over the formgrader's own API."""

    def test_everybody_can_be_marked(self, life: Life) -> None:
        """Whatever was handed in, there is a page for marking it."""
        assert set(life.shown) == set(STUDENTS)

    def test_page_shows_answer_and_messages(self, life: Life) -> None:
        """A marker sees the answer, and what marking found in the code."""
        page = life.shown["=ben"]
        assert "Both are fine." in page
        assert "words.py: 1 of 3 marks" in page

    def test_scripts_do_not_reach_the_page(self, life: Life) -> None:
        """Nothing that a student wrote can use the marker's rights."""
        assert "alert('marks')" in life.shown["eve"]
        assert not re.search(r"<script>\s*alert|<img src=x", life.shown["eve"])

    def test_comment_reaches_the_student(self, life: Life) -> None:
        """What the marker wrote under an answer is on the feedback page."""
        assert "Say by <em>how much</em> it wins." in life.feedback("ada")

    def test_mark_without_the_token_is_refused(self, life: Life) -> None:
        """Another user of the machine gives no marks."""
        assert life.forged == 403
        assert float(life.sheets["marked"]["fay"]["report-figure"]) == 0


class TestAgain:
    """Autograding a second time."""

    def test_nothing_is_copied_if_nothing_changed(self, life: Life) -> None:
        """Only what is new or changed goes through nbgrader again."""
        assert "Copied into the gradebook: 0 of 8" in life.printed["autograde again"]

    def test_mended_check_tells_who_changed(self, life: Life) -> None:
        """After a check is fixed, the changes are listed: who, by how much and why."""
        told = life.printed["autograde mended"]
        assert "=ben: 3 -> 3.5 (+0.5)" in told
        assert "check An empty text has no words.: failed 0 -> passed 0.5" in told
        assert "ada: " not in told

    def test_mended_check_changes_marks(self, life: Life) -> None:
        """The new marks are in the export."""
        assert float(life.sheets["mended"]["'=ben"]["words"]) == 1.5

    @pytest.mark.parametrize("student", sorted(set(EXPECTED) - {"'=ben"}))
    def test_marks_given_by_hand_survive(self, life: Life, student: str) -> None:
        """Marking again keeps marks that a person gave."""
        before, after = life.sheets["marked"][student], life.sheets["mended"][student]
        assert _numbers(before) == _numbers(after)


class TestByHand:
    """Marks for code that an instructor sets by hand, for one student."""

    def test_they_are_in_the_export(self, life: Life) -> None:
        """Task, module and total include them, and a column says who set them."""
        row = life.sheets["by hand"]["'=ben"]
        assert [row[name] for name in ("1", "words", "total")] == ["2.5", "2.5", "14.5"]
        assert row["by hand"] == "1: 2.5, found 1.5 (Dr Lee: The brief was unclear.)"

    def test_change_is_told(self, life: Life) -> None:
        """Autograding says whose marks changed, and that it was no check."""
        told = life.printed["autograde by hand"]
        assert "=ben: 3.5 -> 4.5 (+1)" in told
        assert "task 1: 1.5 -> 2.5, set by Dr Lee: The brief was unclear." in told
        assert "Copied into the gradebook: 1 of 8" in told

    def test_student_reads_them(self, life: Life) -> None:
        """Feedback is made of the notebook, which says so under the module's marks."""
        path = life.course.place("autograded", "=ben") / NAME
        text = path.read_text(encoding="utf-8")
        assert "words.py: 2.5 of 3 marks" in text
        told = "marks set by hand: 2.5 in place of 1.5, Dr Lee: The brief was unclear."
        assert told in text

    def test_export_waits_for_the_gradebook(self, life: Life, tmp_path: Path) -> None:
        """Marks set after the last autograding are not in the gradebook yet."""
        path = life.course.marks / "adjustments.csv"
        before = path.read_text(encoding="utf-8")
        play.set_by_hand(life, "ada,1,1.5,Seen in the lab.,Dr Lee")
        try:
            with pytest.raises(UsageError, match="Type reelmark course autograde"):
                life.run("export", "--to", str(tmp_path / "course.csv"))
        finally:
            path.write_text(before, encoding="utf-8")
        assert not (tmp_path / "course.csv").exists()

    def test_they_are_returned(self, life: Life) -> None:
        """The marks returned to an LMS are those in the gradebook."""
        marks = {m.person.student: m.marks for m in read_marks(life.course.marks).marks}
        assert marks["=ben"] == Decimal("4.5")


@pytest.fixture(scope="module")
def plain(life: Life) -> str:
    """What plain `nbgrader autograde` printed, of one student, after the life."""
    command = ["autograde", "coursework", "--student", "ada", "--force"]
    ran = subprocess.run(
        [sys.executable, "-m", "nbgrader", *command],
        cwd=life.folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stderr


def test_plain_nbgrader_autograde_copies_the_same_marks(life: Life, plain: str) -> None:
    """Nbgrader's own command gives the same as `reelmark course autograde`."""
    assert "ERROR" not in plain
    with life.gradebook() as gradebook:
        cell = marks_cell("words")
        grade = gradebook.find_grade(cell, "report", "coursework", "ada")
        assert (grade.auto_score, grade.manual_score) == (3.0, None)


def test_restored_cells_keep_their_order(life: Life) -> None:
    """An empty notebook gets all cells back, in the order of their release."""
    released = read_released(life.course)
    cells = restore_cells([], released, frozenset())
    assert [cell.metadata.nbgrader.grade_id for cell in cells] == list(released)


@pytest.fixture
def unclear(life: Life) -> Iterator[Path]:
    """The course after somebody wrote an extension that can be read two ways."""
    path = life.folder / "extensions.csv"
    text = path.read_text("utf-8")
    path.write_text("student,due\nada,09/03/2026\n", "utf-8")
    yield path
    path.write_text(text, "utf-8")


@pytest.mark.usefixtures("unclear")
@pytest.mark.parametrize("step", ["export", "feedback"])
def test_nothing_is_written_while_an_extension_is_unclear(
    life: Life, tmp_path: Path, step: str
) -> None:
    """A date that can be read two ways is named, and no marks go out."""
    to = tmp_path / "grades.csv"
    words = ["--to", str(to)] if step == "export" else []
    with pytest.raises(UsageError, match=r"line 2: for ada, '09/03/2026' is"):
        life.run(step, *words, told="unclear")
    assert not to.exists()


@pytest.mark.usefixtures("unclear")
def test_unclear_extension_is_passed_over_if_told(life: Life, tmp_path: Path) -> None:
    """With --anyway the line does not count, and the marks are written."""
    to = tmp_path / "grades.csv"
    told = life.run("export", "--anyway", "--to", str(to), told="anyway")
    assert "09/03/2026" in told
    assert play.read_sheet(to.read_text("utf-8"))["ada"]["extension"] == ""


@pytest.mark.usefixtures("unclear")
def test_plain_nbgrader_export_refuses_what_is_unclear(
    life: Life, tmp_path: Path
) -> None:
    """Nbgrader's own command writes nothing either, and says what is unclear."""
    command = ["export", "--to", str(tmp_path / "grades.csv")]
    ran = subprocess.run(
        [sys.executable, "-m", "nbgrader", *command],
        cwd=life.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == USAGE
    assert "09/03/2026" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "grades.csv").exists()


def test_deadlines_are_echoed_as_understood(life: Life) -> None:
    """Autograding prints when work is due, and who has more time."""
    told = life.printed["autograde"]
    assert re.search(r"Due 2026-03-06 17:00 UTC[^;]*; late work loses 5%", told)
    assert "extensions.csv, line 2: gus until 2026-03-10 17:00 UTC." in told


def test_due_date_that_can_be_read_two_ways_is_refused(life: Life) -> None:
    """`release --due` takes no date with slashes, and releases nothing."""
    with pytest.raises(UsageError, match="--due: '06/03/2026 17:00' is 2026-03-06 or"):
        life.run("release", "--due", "06/03/2026 17:00", told="slashes")


PROGRAMS = find_programs()


@pytest.mark.skipif(PROGRAMS is None, reason="PostgreSQL's programs are not here")
def test_gradebook_may_be_in_postgresql(life: Life) -> None:
    """A course whose gradebook is a PostgreSQL database gives the same marks."""
    assert PROGRAMS is not None
    with (
        tempfile.TemporaryDirectory() as place,
        running_server(Path(place), PROGRAMS) as address,
    ):
        config = life.folder / CONFIG
        text = config.read_text(encoding="utf-8")
        line = f"c.CourseDirectory.db_url = {address!r}\n"
        config.write_text(text + line, encoding="utf-8")
        try:
            life.run("release", told="release to PostgreSQL")
            life.run("autograde", told="autograde to PostgreSQL")
            life.export("PostgreSQL")
        finally:
            config.write_text(text, encoding="utf-8")
    codes = {name: row["code"] for name, row in life.sheets["PostgreSQL"].items()}
    assert codes == {name: row["code"] for name, row in life.sheets["by hand"].items()}


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](<javascript:alert(1)>)",
        "[x](&#106;avascript:alert(1))",
        "[x]( \n javascript:alert(1))",
        "[x][1]\n\n[1]: javascript:alert(1)",
        "[![a](b)](javascript:alert(1))",
        "<javascript:alert(1)>",
        "<a href=javascript:alert(1)>x</a>",
        "[x](data:text/html,x)",
    ],
)
def test_no_text_becomes_code_in_a_browser(text: str) -> None:
    """However a link or a tag is written, nothing runs; it is only shown."""
    page = markdown2html_mistune(escape_markdown(text))
    assert not re.search(r"<(a|script)\b[^>]*(javascript|data):?", page)


def test_ordinary_markdown_stays() -> None:
    """Links, quotes, comparisons and emphasis look as they were meant."""
    text = "> **a** < b, [web](https://a.b/c?d=e), [file](fig-1.png), `x[i](y)`"
    assert escape_markdown(text) == text


def test_text_that_cannot_be_shown_is_shown_as_it_is() -> None:
    """A missing attachment, which ends nbconvert, does not end the feedback."""
    cell = new_markdown_cell("![figure](attachment:gone.png)")
    shown, _ = HarmlessDisplay().preprocess_cell(cell, {}, 0)
    assert shown.source == "```text\n![figure](attachment:gone.png)\n```"


def test_course_of_another_version_says_which_line_to_change(life: Life) -> None:
    """A name that this version lacks is reported with its line."""
    config = life.folder / CONFIG
    text = config.read_text(encoding="utf-8")
    line = 'c.ExportApp.plugin_class = "reelmark.course.gone.MarksExport"\n'
    config.write_text(text + line, encoding="utf-8")
    try:
        number = len(text.splitlines()) + 1
        with pytest.raises(
            UsageError, match=rf"line {number}: .* reelmark\.course\.gone"
        ):
            open_course(life.folder)
    finally:
        config.write_text(text, encoding="utf-8")


def test_missing_nbgrader_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra `instructor`, a sentence says what to install."""
    monkeypatch.setattr("reelmark.course.app.find_spec", lambda _: None)
    ran = CliRunner().invoke(app, ["course", "build"])
    assert isinstance(ran.exception, UsageError)
    assert "[instructor]" in str(ran.exception)


def test_marks_survive_a_submission_that_nbgrader_cannot_take_in(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever nbgrader fails at, the marks for code are in the gradebook."""
    with life.gradebook() as gradebook:
        gradebook.remove_submission("coursework", "hal")
    broken = {"success": False, "error": "OSError: no space", "log": ""}
    monkeypatch.setattr(NbGraderAPI, "autograde", lambda *_, **__: broken)
    told = life.run("autograde", told="autograde without nbgrader")
    assert "hal: nbgrader could not take the notebook in (OSError: no space)." in told
    with life.gradebook() as gradebook:
        cell = marks_cell("words")
        assert gradebook.find_grade(cell, "report", "coursework", "hal").score == 3
