"""What the machine refuses nbgrader, which hides it: disk space, and the gradebook."""

from __future__ import annotations

import errno
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from kit.stage import mini
from kit.stage.classes import OTHER_COURSEWORK
from kit.stage.faults import (
    SENTENCE_AND_LOG,
    Command,
    Machine,
    Trial,
    locked,
)
from kit.stage.quick import QuickBackend, always_the_same
from kit.stage.report_notebook import write_report
from reelmark.course import collection, source
from reelmark.course.folder import CONFIG
from reelmark.errors import FINE, MACHINE_FAILED
from reelmark.grading import run as grading_run
from reelmark.manifest import load_coursework

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the exchange and sealed marking are Linux's"
)

MODULES = {
    "words.py": "def count_words(text):\n    return len(text.split())\n",
    "numbers_of_words.py": "def count_all(texts):\n    return [1 for _ in texts]\n",
}
AT = "--course ROOT/course"
COMMANDS = {
    "build": Command(f"course build {AT}"),
    "release": Command(f"course release --due 2026-03-06 {AT}"),
    "collect": Command(f"course collect {AT}"),
    "autograde": Command(f"course autograde {AT}"),
    "feedback": Command(f"course feedback {AT}"),
    "export": Command(f"course export --to ROOT/course/grades.csv {AT}"),
}


REMADE = (
    # What nbgrader makes anew, out of source/, submitted/ and the gradebook ...
    *("course/release", "course/exchange/course/outbound", "course/autograded"),
    *("course/feedback", "course/gradebook.db"),  # SQLite's to keep whole
)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course, played up to its first marks; more was handed in since."""
    home = tmp_path_factory.mktemp("played")
    coursework = home / "coursework"
    shutil.copytree(OTHER_COURSEWORK, coursework)
    write_report(load_coursework(coursework))
    root, sound = home / "root", Machine(home / "root")
    with pytest.MonkeyPatch.context() as patched:
        _hasten(patched, home)
        root.mkdir()
        Command(f"course init ROOT/course --coursework {coursework}").run(root, sound)
        _lose_patience(root / "course" / CONFIG)
        for name in ("build", "release"):
            assert COMMANDS[name].run(root, sound) == FINE
        mini.write_files(root / "course" / "submitted" / "ada" / "coursework", MODULES)
        for name in ("autograde", "feedback", "export"):
            assert COMMANDS[name].run(root, sound) == FINE
    _hand_in(root / "course")
    return root


def _lose_patience(config: Path) -> None:
    """Let nbgrader wait for a locked gradebook for a tenth of a second."""
    url = '"sqlite:///" + str(ROOT / "gradebook.db") + "?timeout=0.1"'
    with config.open("a", encoding="utf-8") as file:
        file.write(f"\nc.CourseDirectory.db_url = {url}\n")


def _hand_in(course: Path) -> None:
    """Hand in as files, and over the exchange; change a stub."""
    mini.write_files(course / "submitted" / "ben" / "coursework", MODULES)
    inbound = course / "exchange" / "course" / "inbound"
    name = "cleo+coursework+2026-03-05 12:00:00.000000 UTC+x"
    mini.write_files(inbound / name, MODULES)
    mini.write_files(course / "source" / "coursework", {"words.py": "# an old stub"})


def _hasten(patched: pytest.MonkeyPatch, home: Path) -> None:
    """Let marking take no time, the kit be small, and no settings be found.

    Every place at which something is written is tried, and the kit has a hundred.
    """
    kit = {"README.md": b"The brief.\n", "kit/kit.py": b"# the kit\n"}
    patched.setattr(source, "_make_kit", lambda _: kit)
    patched.setattr(grading_run, "choose_backend", lambda *_, **__: QuickBackend())
    patched.setattr(grading_run.ClassRun, "_accepts", lambda *_: True)
    patched.setattr(grading_run, "fingerprint_tasks", always_the_same)
    patched.setenv("JUPYTER_CONFIG_DIR", str(home / "jupyter"))


@pytest.fixture(params=COMMANDS)
def trial(
    request: pytest.FixtureRequest,
    played: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Trial:
    """A step of the course, tried once on a sound machine."""
    _hasten(monkeypatch, tmp_path)
    command = COMMANDS[request.param]
    trial = Trial(
        command,
        tmp_path / "root",
        lambda root: shutil.copytree(played, root),
        remade=REMADE,
    )
    capsys.readouterr()
    return trial


def test_full_disk_is_told_and_nothing_is_damaged(
    trial: Trial, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whenever the disk becomes full: sentence, exit code and log."""
    assert trial.places
    for number in range(1, len(trial.places) + 1):
        trial.expect_refusal(number, "full", capsys, is_lasting=True)


@pytest.mark.parametrize("step", ["release", "autograde", "feedback", "export"])
def test_locked_gradebook_is_told(
    played: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    step: str,
) -> None:
    """While another program writes to it, nothing is changed; then all is well."""
    _hasten(monkeypatch, tmp_path)
    root = tmp_path / "root"
    shutil.copytree(played, root)
    with locked(root / "course" / "gradebook.db"):
        assert COMMANDS[step].run(root, Machine(root)) == MACHINE_FAILED
    told = SENTENCE_AND_LOG.fullmatch(capsys.readouterr().err)
    assert told
    assert told[1].startswith("The gradebook is locked: another program writes to it.")
    assert COMMANDS[step].run(root, Machine(root)) == FINE


def test_zip_that_the_disk_does_not_take_is_not_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is not the fault of a zip's author."""
    with zipfile.ZipFile(tmp_path / "dan.zip", "w") as work:
        work.writestr("words.py", MODULES["words.py"])

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(collection, "write_files", fail)
    extractor = collection.SafeExtractor()
    with pytest.raises(OSError, match="No space left"):
        extractor.extract(str(tmp_path), str(tmp_path / "extracted"))
