"""Every point at which a command changes a disk fails once, in every way.

Whatever is refused, the command ends with a sentence and the code for it, the
traceback is in the log that is named, and no file that was there is damaged: the same
command, run again, ends as if nothing had happened.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from kit.stage import mini
from kit.stage.classes import OTHER_COURSEWORK
from kit.stage.faults import FAULTS, Command, Machine, Trial
from kit.stage.quick import QuickBackend, QuickChecker, always_the_same
from reelmark.errors import CHECKS_FAILED
from reelmark.grading import run as grading_run
from reelmark.handout import bundle
from reelmark.manifest import load_coursework
from reelmark.practice import check, notebook, pictures

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        sys.platform != "linux", reason="descriptors are named in /proc"
    ),
]

MODULES = {
    "words.py": "def count_words(text):\n    return len(text.split())\n",
    "numbers_of_words.py": "def count_all(texts):\n    return [1 for _ in texts]\n",
}


COURSE = f"--coursework {OTHER_COURSEWORK}"
PROGRESS = ".reelmark.json"
COMMANDS = {
    "grade": Command(f"grade ROOT/class --out ROOT/marks --workers 1 {COURSE}"),
    "grade again": Command(
        f"grade ROOT/class --out ROOT/old --workers 1 --force {COURSE}"
    ),
    "check": Command(
        f"check --folder ROOT/work --picture-to ROOT/work/my.png {COURSE}",
        CHECKS_FAILED,
        goes_on=PROGRESS,
    ),
    "hint": Command(f"hint 1 --folder ROOT/work {COURSE}", goes_on=PROGRESS),
    "stubs": Command("stubs --coursework ROOT/drifted"),
    "report": Command(f"report --folder ROOT/work --out ROOT/page.html {COURSE}"),
    "release": Command("release --out ROOT/new --coursework ROOT/solved"),
    "release again": Command("release --out ROOT/old --coursework ROOT/solved"),
    "course init": Command(f"course init ROOT/course {COURSE}"),
}


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A coursework, a class, a student's work; nothing that takes long is done."""
    monkeypatch.setattr(grading_run, "choose_backend", lambda *_, **__: QuickBackend())
    monkeypatch.setattr(grading_run.ClassRun, "_accepts", lambda *_: True)
    monkeypatch.setattr(grading_run, "fingerprint_tasks", always_the_same)
    monkeypatch.setattr(check, "choose_checker", lambda *_, **__: QuickChecker())
    monkeypatch.setattr(check, "draw_picture", _draw)
    monkeypatch.setattr(notebook, "run", lambda *_: (None, []))
    monkeypatch.setattr(notebook, "_import_jupyter", lambda: (None, None, _Pages))
    monkeypatch.setattr(bundle, "build_wheel", _build_wheel)
    return tmp_path


def _draw(_coursework: object, _submission: object, _ids: object, path: Path) -> None:
    task = load_coursework(OTHER_COURSEWORK).tasks[0]
    pictures.write_sheet([pictures.Look(task, "A look.", b"", "Nothing to see.")], path)


class _Pages:
    """Stands for nbconvert, which takes a second for a page."""

    class HTMLExporter:
        def __init__(self, **_: object) -> None:
            pass

        def from_notebook_node(self, *_: object, **__: object) -> tuple[str, None]:
            return "<p>A page</p>", None


def _build_wheel(_checkout: Path, into: Path) -> Path:
    path = into / "reelmark-0-py3-none-any.whl"
    path.write_bytes(b"a wheel")
    return path


def _set(root: Path) -> None:
    """Lay out what is there before a command is run."""
    mini.write_files(root / "class" / "ada", MODULES)
    files = {**MODULES, "report.ipynb": "{}", "my.png": "an old picture"}
    mini.write_files(root / "work", {**files, PROGRESS: "an old progress"})
    mini.write_files(root, {"page.html": "an old page"})
    _write_drifted(root / "drifted")
    shutil.copytree(root / "drifted", root / "solved")
    sound = Machine(root)
    Command("stubs --coursework ROOT/solved").run(root, sound)
    COMMANDS["release again"].run(root, sound)
    COMMANDS["grade again"].run(root, sound)
    shutil.rmtree(root / "temporary")


def _write_drifted(root: Path) -> None:
    """Write a coursework whose stubs and brief are not as they would be generated."""
    shutil.copytree(OTHER_COURSEWORK, root)
    for module in ("words", "numbers_of_words"):
        stub = root / "assignment" / f"{module}.py"
        body = "    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n"
        solved = stub.read_text("utf-8").replace(
            "    raise NotImplementedError\n", body
        )
        mini.write_files(root / "solutions", {f"{module}.py": solved})
        mini.write_files(root / "assignment", {f"{module}.py": "# an old stub\n"})
    brief = "<!-- tasks:begin -->\n<!-- tasks:end -->\n"
    mini.write_files(root / "assignment", {"README.md": brief})


@pytest.fixture(params=COMMANDS)
def trial(
    request: pytest.FixtureRequest, stage: Path, capsys: pytest.CaptureFixture[str]
) -> Trial:
    """A command, tried once on a sound machine."""
    trial = Trial(COMMANDS[request.param], stage / "root", _set)
    capsys.readouterr()
    return trial


@pytest.mark.parametrize("fault", FAULTS)
def test_refusal_is_told_and_nothing_is_damaged(
    trial: Trial, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """At every point: sentence, code and log; existing files stay whole."""
    assert trial.places, "a command that changes nothing need not be here"
    for number in range(1, len(trial.places) + 1):
        trial.expect_refusal(number, fault, capsys)


def test_command_run_again_ends_as_if_nothing_had_happened(trial: Trial) -> None:
    """Leftovers of a full disk do no harm."""
    for number, place in enumerate(trial.places, 1):
        trial.fail(number, "full")
        assert trial.go_on() == trial.command.code, place
        assert trial.read() == trial.after, place
