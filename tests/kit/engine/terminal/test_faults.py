"""Every place at which a command changes a disk fails once, in every way.

Whatever is refused, the command ends with a sentence and the code for it, the
traceback is in the log that is named, and no file that was there is damaged: the same
command, run again, ends as if nothing had happened.
"""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from kit.stage import faults, mini
from kit.stage.classes import OTHER_COURSEWORK
from kit.stage.faults import FAULTS, Machine, read_tree
from reelmark.cli import app
from reelmark.confinement.level import Level
from reelmark.errors import CHECKS_FAILED, FINE, MACHINE_FAILED
from reelmark.grading import run as grading_run
from reelmark.handout import bundle
from reelmark.manifest import load_coursework
from reelmark.marking.jobs import Job
from reelmark.practice import check, notebook, pictures
from reelmark.results import (
    CheckResult,
    Status,
    TaskResult,
    summarise,
    summarise_task,
    write_result,
)

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="descriptors are named in /proc"
)

MODULES = {
    "words.py": "def count_words(text):\n    return len(text.split())\n",
    "numbers_of_words.py": "def count_all(texts):\n    return [1 for _ in texts]\n",
}


@dataclass(frozen=True)
class Command:
    """A command, and what is there before it is run.

    Attributes:
        words: Its words; ``ROOT`` stands for the folder of everything.
        code: How it ends on a sound machine.
        goes_on: What it does without, as it says: a file, by its name.
    """

    words: str
    code: int = FINE
    goes_on: str = ""

    @property
    def places(self) -> set[str]:
        """What it names of the folder of everything."""
        return set(re.findall(r"ROOT/(\w+(?:\.html)?)", self.words))

    def run(self, root: Path, machine: Machine) -> int:
        """Run it; return the exit code."""
        words = [word.replace("ROOT", str(root)) for word in self.words.split()]
        return faults.run(lambda: app(words, prog_name="reelmark"), machine)


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


def _tasks() -> list[TaskResult]:
    """Return what the checks of the made-up coursework find."""
    tasks = []
    for task in load_coursework(OTHER_COURSEWORK).tasks:
        status = Status.PASSED if task.id == "1" else Status.FAILED
        found = CheckResult("c", "Counts.", False, status, 0, task.marks, "No.", 0.1)
        tasks.append(summarise_task(task.id, task.title, [found]))
    return tasks


class QuickBackend:
    """Marks without any process: what is written is what is looked at."""

    is_warm = True
    level = Level.PROCESS
    findings: tuple[str, ...] = ()

    def __enter__(self) -> QuickBackend:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def start(self) -> None:
        """Do nothing."""

    def mark(self, job: Job, slot: int, tell: object = None) -> None:  # noqa: ARG002
        """Write a result."""
        result = summarise(
            job.student, _tasks(), fingerprint=job.fingerprint, confinement="none"
        )
        write_result(result, Path(job.result))

    def stop(self) -> None:
        """Do nothing."""

    def go_on(self) -> None:
        """Do nothing."""


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A coursework, a class, a student's work; nothing that takes long is done."""
    monkeypatch.setattr(grading_run, "choose_backend", lambda *_, **__: QuickBackend())
    monkeypatch.setattr(grading_run.ClassRun, "_accepts", lambda *_: True)
    monkeypatch.setattr(grading_run, "fingerprint_kit", lambda _: "always the same")
    monkeypatch.setattr(check, "run_checks", lambda *_, **__: (_tasks(), []))
    monkeypatch.setattr(check, "draw_picture", _draw)
    monkeypatch.setattr(notebook, "run", lambda *_: (None, []))
    monkeypatch.setattr(notebook, "_import_jupyter", lambda: (None, None, _Pages))
    monkeypatch.setattr(bundle, "build_wheel", _build_wheel)
    return tmp_path


def _draw(_coursework: object, _work: object, _ids: object, path: Path) -> None:
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


class Trial:
    """A command that is tried again and again from the same beginning."""

    def __init__(self, command: Command, root: Path) -> None:
        self.command = command
        self._root = root
        self._template = root.with_name("template")
        _set(root)
        root.rename(self._template)
        for each in self._template.iterdir():
            if each.name not in command.places:
                shutil.rmtree(each) if each.is_dir() else each.unlink()
        self.before = read_tree(self._template)
        machine = Machine(root)
        assert self._begin(machine) == command.code
        self.places = machine.places
        self.after = self.read()

    def read(self) -> faults.Tree:
        """Return what lies where the command works, but for logs."""
        found = read_tree(self._root)
        return {n: c for n, c in found.items() if not n.startswith("temporary")}

    def fail(self, number: int, fault: str) -> int:
        """Run the command from the beginning; let one place fail."""
        return self._begin(Machine(self._root, number, fault))

    def go_on(self) -> int:
        """Run the command once more, on a sound machine."""
        return self.command.run(self._root, Machine(self._root))

    def find_damage(self) -> list[str]:
        """Name the files that are neither as they were nor as they were to be."""
        found = self.read()
        return [
            name
            for name, content in self.before.items()
            if name not in found or found[name] not in (content, self.after.get(name))
        ]

    def _begin(self, machine: Machine) -> int:
        shutil.rmtree(self._root, ignore_errors=True)
        shutil.copytree(self._template, self._root)
        return self.command.run(self._root, machine)


@pytest.fixture(params=COMMANDS)
def trial(
    request: pytest.FixtureRequest, stage: Path, capsys: pytest.CaptureFixture[str]
) -> Trial:
    """A command, tried once on a sound machine."""
    trial = Trial(COMMANDS[request.param], stage / "root")
    capsys.readouterr()
    return trial


@pytest.mark.parametrize("fault", FAULTS)
def test_refusal_is_told_and_nothing_is_damaged(
    trial: Trial, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """At every place: sentence, code and log; what was there is whole."""
    assert trial.places, "a command that changes nothing need not be here"
    for number, place in enumerate(trial.places, 1):
        code = trial.fail(number, fault)
        told = capsys.readouterr()
        assert "Traceback" not in told.out + told.err, place
        assert not trial.find_damage(), place
        if code == trial.command.code:  # it was tried again, or done without
            is_told = f"{trial.command.goes_on} cannot be written" in told.out
            assert is_told or trial.read() == trial.after, place
            continue
        assert code == MACHINE_FAILED, (place, told.err)
        sentence, log = re.fullmatch(SENTENCE_AND_LOG, told.err).groups()
        assert "run the same command again" in sentence, place
        assert "Traceback" in Path(log).read_text("utf-8"), place


SENTENCE_AND_LOG = r"(?s)reelmark: (.*)\nreelmark: Details.*: (\S+\.log)\n"


def test_command_run_again_ends_as_if_nothing_had_happened(trial: Trial) -> None:
    """Whatever a full disk left behind is in nobody's way."""
    for number, place in enumerate(trial.places, 1):
        trial.fail(number, "full")
        assert trial.go_on() == trial.command.code, place
        assert trial.read() == trial.after, place
