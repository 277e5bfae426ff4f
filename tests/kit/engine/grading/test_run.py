"""Grading a class, on a coursework without films: what holds for an instructor."""

from __future__ import annotations

import csv
import json
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from kit.stage.classes import OTHER_COURSEWORK, grade_folder
from kit.stage.recorder import Recorder
from reelmark.confinement.level import Level
from reelmark.errors import CannotMark
from reelmark.grading import dependencies
from reelmark.grading.run import ClassRun
from reelmark.intake.submissions import find_uploads
from reelmark.manifest import load_coursework
from reelmark.processes.forkserver import ServerProcess
from reelmark.processes.limits import Limits
from reelmark.results import Result, Status, read_result, write_result

pytestmark = pytest.mark.slow

COURSEWORK = load_coursework(OTHER_COURSEWORK)
QUICK = Limits(cpu_seconds=1, wall_seconds=20)
MARKS_NOTHING = Recorder(lambda _: None)
"""Where only who is marked matters, no process has to start."""

RIGHT = {
    "words.py": "def count_words(text):\n    return len(text.split())\n",
    "numbers_of_words.py": (
        "from words import count_words\n"
        "def count_all(texts):\n    return [count_words(text) for text in texts]\n"
    ),
}
HANGS = {**RIGHT, "words.py": "def count_words(text):\n    while True: pass\n"}
DOES_NOT_PARSE = {**RIGHT, "words.py": "def count_words(text)\n    return 2\n"}
KILLS_ITSELF = {
    **RIGHT,
    "words.py": "import os\ndef count_words(text):\n    os.kill(os.getpid(), 9)\n",
}
CLAIMS = {
    **RIGHT,
    "words.py": (
        "import sys\nprint('{\"total\": 5.0}')\n"
        "def count_words(text):\n    sys.exit('all checks passed')\n"
    ),
}


def write_student(folder: Path, files: dict[str, str]) -> None:
    """Write what a student hands in."""
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def write_bomb(path: Path) -> None:
    """Write a zip of a few kilobytes that would unpack to 64 MB of source."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(64):
            archive.writestr(f"words{number}.py", b"#" * 2**20)


def task_states(result: Result) -> dict[str, tuple[float, Status]]:
    """Return marks and state by task."""
    return {task.id: (task.marks, task.status) for task in result.tasks}


@pytest.fixture(scope="module")
def graded_class(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Twenty submissions, six of them broken, graded: their folder, the results'."""
    folder = tmp_path_factory.mktemp("class")
    submissions, out = folder / "submissions", folder / "marks"
    for number in range(13):
        write_student(submissions / f"healthy-{number:02}", RIGHT)
    for name, files in (
        ("hangs", HANGS),
        ("does-not-parse", DOES_NOT_PARSE),
        ("kills-itself", KILLS_ITSELF),
        ("claims", CLAIMS),
        ("half", {"words.py": RIGHT["words.py"]}),
        ("peeks", RIGHT | {"peek.py": "import reelmark.worker\n"}),
    ):
        write_student(submissions / name, files)
    write_bomb(submissions / "bomb.zip")
    run = ClassRun(COURSEWORK, out, limits=QUICK)
    done = list(run.mark_class(find_uploads(submissions)))
    run.write_class([outcome.result for outcome in done])
    return submissions, out


@pytest.fixture(scope="module")
def results(graded_class: tuple[Path, Path]) -> dict[str, Result]:
    """The results of that class, as written."""
    files = (graded_class[1] / "results").glob("*.json")
    return {file.stem: read_result(file) for file in files}


def test_every_submission_has_a_result(results: dict[str, Result]) -> None:
    """Twenty submissions give twenty results, whatever was handed in."""
    assert len(results) == 20


def test_healthy_submissions_earn_their_marks(results: dict[str, Result]) -> None:
    """Broken neighbours cost nobody marks."""
    healthy = [r for name, r in results.items() if name.startswith("healthy")]
    assert {(r.total, r.max, r.status) for r in healthy} == {(5, 5, Status.PASSED)}


def test_endless_loop_times_out(results: dict[str, Result]) -> None:
    """An endless loop loses its own task, under its own name."""
    states = task_states(results["hangs"])
    assert states == {"1": (0, Status.TIMED_OUT), "2": (2, Status.PASSED)}


def test_syntax_error_costs_its_module_only(results: dict[str, Result]) -> None:
    """A file that does not parse costs nothing in a file that imports it."""
    states = task_states(results["does-not-parse"])
    assert states == {"1": (0, Status.FAILED), "2": (2, Status.PASSED)}


def test_syntax_error_is_shown(results: dict[str, Result]) -> None:
    """The message has the file, the line and the original error."""
    message = results["does-not-parse"].tasks[0].checks[0].message
    assert "words.py cannot be imported" in message
    assert "SyntaxError: expected ':'" in message
    assert "words.py, line 1:  def count_words(text)" in message


def test_dead_process_is_a_crash(results: dict[str, Result]) -> None:
    """Code that ends its process crashes, in words that name the signal."""
    result = results["kills-itself"]
    assert task_states(result)["1"] == (0, Status.CRASHED)
    assert "SIGKILL" in result.tasks[0].checks[0].message


def test_claims_change_nothing(results: dict[str, Result]) -> None:
    """What a submission prints, or ends with, is no mark."""
    assert task_states(results["claims"])["1"] == (0, Status.FAILED)


def test_missing_module_is_named(results: dict[str, Result]) -> None:
    """A file that was not handed in costs its own tasks, in words."""
    result = results["half"]
    assert task_states(result)["1"] == (3, Status.PASSED)
    assert "numbers_of_words.py was not found" in result.tasks[1].checks[0].message


def test_zip_bomb_is_refused_in_words(results: dict[str, Result]) -> None:
    """A bomb is not unpacked; its author reads why nothing was checked."""
    result = results["bomb"]
    assert (result.total, result.status) == (0, Status.NOT_CHECKED)
    assert "MB" in result.notes[0] or "times" in result.notes[0]


def test_hidden_inputs_stay_hidden(results: dict[str, Result]) -> None:
    """No message holds the input of a hidden check."""
    written = json.dumps([str(result) for result in results.values()])
    assert "s e  c r e t" not in written


def test_use_of_the_engine_is_remarked(results: dict[str, Result]) -> None:
    """Files that import the engine's modules are reported, but lose nothing."""
    assert (results["peeks"].status, results["peeks"].notes) == (Status.PASSED, ())
    told = {name: result.remarks for name, result in results.items() if result.remarks}
    assert told == {"peeks": ("peek.py, line 1: import reelmark.worker",)}


def test_json_has_the_documented_keys(graded_class: tuple[Path, Path]) -> None:
    """A result is JSON of the documented shape."""
    path = graded_class[1] / "results" / "healthy-00.json"
    result = json.loads(path.read_text("utf-8"))
    task = result["tasks"][0]
    assert set(result) == {
        *("schema", "student", "total", "max", "open", "status", "tasks"),
        *("notes", "fingerprint", "confinement", "remarks"),
    }
    assert set(task) == {
        *("id", "title", "marks", "max", "open", "status", "checks", "adjusted"),
        "fingerprint",
    }
    assert set(task["checks"][0]) == {
        *("id", "title", "hidden", "status", "marks", "max", "message", "seconds"),
        *("fault", "detail", "raised", "printed", "because", "adjusted", "own"),
    }


def test_grades_list_the_class(graded_class: tuple[Path, Path]) -> None:
    """grades.csv has one line per student and one column per task."""
    with (graded_class[1] / "grades.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 20
    assert list(rows[0]) == [
        *("student", "1", "2", "total", "open", "status", "by hand"),
    ]


def test_every_student_has_a_page(graded_class: tuple[Path, Path]) -> None:
    """Everybody has a feedback page, and the class has one."""
    assert len(list((graded_class[1] / "feedback").glob("*.html"))) == 20
    assert (graded_class[1] / "index.html").is_file()


def test_nothing_is_left_behind(graded_class: tuple[Path, Path]) -> None:
    """After a run the folder holds results and pages, and no temporary files."""
    names = {path.name for path in graded_class[1].iterdir()}
    assert names == {
        *("results", "feedback", "instructor", "sources"),
        *("grades.csv", "index.html"),
    }


def test_submissions_are_only_read(graded_class: tuple[Path, Path]) -> None:
    """Marking writes nothing into what was handed in."""
    handed_in = {path.name for path in (graded_class[0] / "hangs").iterdir()}
    assert handed_in == set(HANGS)


@pytest.fixture(scope="module")
def graded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two students, graded: the folder of what they handed in and of their marks."""
    folder = tmp_path_factory.mktemp("once")
    for name in ("ada", "ben"):
        write_student(folder / "submissions" / name, RIGHT)
    grade_folder(COURSEWORK, folder / "submissions", folder / "marks")
    return folder


class TestRunAgain:
    """A second run over the same folder."""

    @pytest.fixture
    def folders(self, graded_once: Path, tmp_path: Path) -> tuple[Path, Path]:
        """The two students and their marks, for one test to change."""
        shutil.copytree(graded_once, tmp_path, dirs_exist_ok=True)
        return tmp_path / "submissions", tmp_path / "marks"

    def test_marks_only_what_changed(self, folders: tuple[Path, Path]) -> None:
        """An unchanged submission keeps its result; a changed one is marked."""
        submissions, out = folders
        (submissions / "ben" / "words.py").write_text("def count_words(text): pass")
        run = ClassRun(COURSEWORK, out, backend=MARKS_NOTHING)
        outcomes = run.mark_class(find_uploads(submissions))
        kept = {each.result.student: each.was_kept for each in outcomes}
        assert kept == {"ada": True, "ben": False}

    def test_force_marks_all(self, folders: tuple[Path, Path]) -> None:
        """With force, nothing is kept."""
        run = ClassRun(COURSEWORK, folders[1], force=True, backend=MARKS_NOTHING)
        outcomes = run.mark_class(find_uploads(folders[0]))
        assert not any(outcome.was_kept for outcome in outcomes)

    def test_mended_engine_marks_all(
        self, folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A change of what runs all checks marks everybody again."""
        monkeypatch.setattr(dependencies, "fingerprint_engine", lambda: "mended")
        run = ClassRun(COURSEWORK, folders[1], backend=MARKS_NOTHING)
        outcomes = run.mark_class(find_uploads(folders[0]))
        assert not any(outcome.was_kept for outcome in outcomes)

    def test_broken_result_is_made_again(self, folders: tuple[Path, Path]) -> None:
        """A result file that cannot be read is no result."""
        path = folders[1] / "results" / "ada.json"
        path.write_text("{", encoding="utf-8")
        grade_folder(COURSEWORK, *folders)
        assert read_result(path).total == 5

    def test_result_of_an_unsafe_run_is_made_again(
        self, folders: tuple[Path, Path]
    ) -> None:
        """The next run does not trust what was marked with files open."""
        path = folders[1] / "results" / "ada.json"
        result = replace(read_result(path), confinement=Level.PROCESS.value)
        write_result(result, path)
        run = ClassRun(COURSEWORK, folders[1], backend=MARKS_NOTHING)
        outcomes = run.mark_class(find_uploads(folders[0]))
        kept = {each.result.student: each.was_kept for each in outcomes}
        assert kept == {"ada": False, "ben": True}

    def test_unsafe_run_keeps_all(self, folders: tuple[Path, Path]) -> None:
        """With --unsafe, a result is kept however it was marked."""
        path = folders[1] / "results" / "ada.json"
        result = replace(read_result(path), confinement=Level.PROCESS.value)
        write_result(result, path)
        run = ClassRun(COURSEWORK, folders[1], is_unsafe=True)
        outcomes = run.mark_class(find_uploads(folders[0]))
        assert all(outcome.was_kept for outcome in outcomes)

    def test_nothing_is_started_where_all_is_kept(
        self, folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A run that has nothing to mark does not wait for TensorFlow."""
        monkeypatch.delattr(ServerProcess, "start")
        run = ClassRun(COURSEWORK, folders[1])
        outcomes = run.mark_class(find_uploads(folders[0]))
        assert all(outcome.was_kept for outcome in outcomes)

    def test_same_marks_again(self, folders: tuple[Path, Path]) -> None:
        """Marked again, a class has the same marks, check by check."""

        def marks(results: dict[str, Result]) -> list[tuple[str, str, float]]:
            return [
                (name, check.id, check.marks)
                for name, result in sorted(results.items())
                for task in result.tasks
                for check in task.checks
            ]

        first = grade_folder(COURSEWORK, *folders)
        assert marks(grade_folder(COURSEWORK, *folders, force=True)) == marks(first)


def _start_grading(submissions: Path, out: Path) -> subprocess.Popen[bytes]:
    words = ("grade", str(submissions), "--out", str(out))
    return subprocess.Popen(
        [sys.executable, "-m", "reelmark", *words, "--coursework", OTHER_COURSEWORK],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _wait_for(results: Path, count: int) -> None:
    deadline = time.monotonic() + 120
    while len(list(results.glob("*.json"))) < count and time.monotonic() < deadline:
        time.sleep(0.05)


def _processes_naming(text: str) -> list[int]:
    """Return the processes whose open folder or command line names ``text``."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().decode("utf-8", "replace")
            folder = str((entry / "cwd").readlink())
        except OSError:
            continue
        if text in command or text in folder:
            found.append(int(entry.name))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="classes are marked on Linux")
def test_killed_run_is_continued(tmp_path: Path) -> None:
    """After SIGKILL, the same command ends with a complete result for everybody."""
    submissions, out = tmp_path / "submissions", tmp_path / "marks"
    for number in range(12):
        write_student(submissions / f"student-{number:02}", RIGHT)
    run = _start_grading(submissions, out)
    _wait_for(out / "results", 2)
    run.send_signal(signal.SIGKILL)
    run.wait()
    before = {p: p.stat().st_mtime_ns for p in (out / "results").glob("*.json")}
    assert _start_grading(submissions, out).wait(timeout=300) == 0
    totals = [read_result(path).total for path in (out / "results").glob("*.json")]
    assert totals == [5] * 12
    assert all(path.stat().st_mtime_ns == then for path, then in before.items())


@pytest.mark.skipif(sys.platform != "linux", reason="classes are marked on Linux")
def test_killed_run_leaves_no_process(tmp_path: Path) -> None:
    """After SIGKILL, judges, warm parent and workers are gone within seconds."""
    submissions, out = tmp_path / "submissions", tmp_path / "marks"
    write_student(submissions / "hangs", HANGS)
    run = _start_grading(submissions, out)
    deadline = time.monotonic() + 60
    while not _processes_naming(str(out / ".work")) and time.monotonic() < deadline:
        time.sleep(0.1)
    run.send_signal(signal.SIGKILL)
    run.wait()
    while _processes_naming(str(out)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _processes_naming(str(out))


@pytest.mark.parametrize("server", ["_parent", "_judge"])
def test_server_that_dies_is_started_again(tmp_path: Path, server: str) -> None:
    """When the warm parent or the judge is killed, the run goes on without it."""
    submissions, out = tmp_path / "submissions", tmp_path / "marks"
    for number in range(4):
        write_student(submissions / f"student-{number}", RIGHT)
    run = ClassRun(COURSEWORK, out, slots=1)
    totals = []
    for outcome in run.mark_class(find_uploads(submissions)):
        totals.append((outcome.result.total, outcome.result.status))
        if len(totals) == 1:
            getattr(run._backend, server)._process.kill()
    assert totals == [(5, Status.PASSED)] * 4


def test_broken_suite_ends_the_run(tmp_path: Path) -> None:
    """A suite that cannot be run is reported at once, and nobody gets a result."""
    broken = tmp_path / "coursework"
    shutil.copytree(OTHER_COURSEWORK, broken)
    (broken / "tests" / "public" / "test_words.py").write_text("import nothing_here")
    write_student(tmp_path / "submissions" / "ada", RIGHT)
    with pytest.raises(CannotMark, match="nothing_here"):
        grade_folder(
            load_coursework(broken), tmp_path / "submissions", tmp_path / "marks"
        )
    assert not list((tmp_path / "marks").rglob("*.json"))
