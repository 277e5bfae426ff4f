"""Evidence: what students report about training, and what their weights give."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from typer.testing import CliRunner, Result

from kit.stage.classes import OTHER_COURSEWORK
from reelmark.cli import app
from reelmark.course.evidence import findings, inspection, reproduction
from reelmark.course.evidence.findings import (
    CELL,
    Finding,
    FoundRecords,
    describe_findings,
    show_evidence,
)
from reelmark.course.evidence.reported import (
    MAX_HISTORY,
    Evidence,
    copy_weights,
    read_history,
)
from reelmark.course.evidence.reproduction import Data
from reelmark.course.folder import open_course
from reelmark.course.sealed_marks import tell_evidence
from reelmark.errors import KIT_FAILED, UsageError
from reelmark.intake.submissions import Upload
from reelmark.processes.limits import Limits

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="what is loaded is closed off on Linux"
)

EVIDENCE = """
from types import SimpleNamespace

MODELS = ("WORDS",)

def load_split(data):
    if data.name == "broken":
        raise ValueError("It is broken.")
    return SimpleNamespace(folder=data)

def reproduce(submission, model, weights, split):
    if (split.folder / "fault").exists():
        raise KeyError("the kit")
    loss = submission.words.count_words(str(weights)) / 10
    return SimpleNamespace(loss=loss, examples=7, of=7)
"""
READS = "def count_words(text):\n    return len(open(text).read().split())\n"
RAISES = "def count_words(text):\n    raise ValueError('no such thing')\n"
HANGS = "def count_words(text):\n    while True:\n        pass\n"
PEEKS = """
from pathlib import Path
from typing import Any
def count_words(text):
    return len(Path({other!r}).read_text().split())
"""
HISTORY = "epoch,val_loss\n0,0.9\n1,0.5\n2,0.7\n"
FIVE, SEVEN = "a b c d e", "a b c d e f g"


class Class:
    """A course of words in which evidence was handed in."""

    def __init__(self, home: Path) -> None:
        self.coursework = home / "words"
        self.folder = home / "course"
        self.data = home / "data"
        self.data.mkdir()
        shutil.copytree(OTHER_COURSEWORK, self.coursework)
        support = self.coursework / "tests" / "support"
        (support / "evidence.py").write_text(EVIDENCE, encoding="utf-8")
        words = ["init", str(self.folder), "--coursework", str(self.coursework)]
        assert CliRunner().invoke(app, ["course", *words]).exit_code == 0

    def hand_in(
        self,
        student: str,
        words: str = READS,
        history: str = HISTORY,
        weights: str = "",
    ) -> Path:
        """Hand in a module and evidence; return the evidence's folder."""
        place = self.folder / "submitted" / student / "coursework"
        evidence = place / "evidence"
        evidence.mkdir(parents=True)
        (place / "words.py").write_text(words, encoding="utf-8")
        if history:
            (evidence / "WORDS.csv").write_text(history, encoding="utf-8")
        if weights:
            (evidence / "WORDS.weights.h5").write_text(weights, encoding="utf-8")
        return evidence

    def look(self, *options: str) -> Result:
        """Run `reelmark course evidence` on the data."""
        words = ["--course", str(self.folder), "--data", str(self.data), *options]
        return CliRunner().invoke(app, ["course", "evidence", *words])

    def told(self, student: str) -> list[str]:
        """Return what the marker reads of a student."""
        return tell_evidence(open_course(self.folder), student).splitlines()


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> Class:
    """A class that was looked at once."""
    made = Class(tmp_path_factory.mktemp("evidence"))
    made.hand_in("ada", weights=FIVE)
    made.hand_in("ben", weights=SEVEN)
    made.hand_in("cleo", RAISES, weights=FIVE)
    made.hand_in("dan", HANGS, weights=FIVE)
    other = made.folder / "submitted/ada/coursework/evidence/WORDS.weights.h5"
    made.hand_in("eve", PEEKS.format(other=str(other)), weights=FIVE)
    made.hand_in("fay").joinpath("WORDS.weights.h5").symlink_to(other)
    made.hand_in("gus").joinpath("WORDS.keras").write_text("a whole model")
    made.hand_in("hal", history="", weights=FIVE)
    made.hand_in("ivy", history="epoch,loss\n0,1\n", weights=FIVE)
    shutil.rmtree(made.hand_in("joe"))
    patched = pytest.MonkeyPatch()
    with patched.context() as patch:
        patch.setattr(reproduction, "LIMITS", Limits(cpu_seconds=1.0))
        ran = made.look()
    assert ran.exit_code == 0, ran.output
    return made


AGREES = "WORDS: reported 0.5000 (epoch 2 of 3), reproduced 0.5000."
NOT = "WORDS: reported 0.5000 (epoch 2 of 3), not reproduced."
TOLD = {
    "ada": [AGREES],
    "ben": [
        "WORDS: reported 0.5000 (epoch 2 of 3), reproduced 0.7000: they differ by "
        "0.2000.",
        "  The reproduced loss is that of epoch 3.",
    ],
    "cleo": [NOT, "  failed in count_words("],
    "dan": [NOT, "  timed out in count_words("],
    "eve": [NOT, "  failed in count_words("],
    "fay": [NOT, "  WORDS.weights.h5 is missing."],
    "gus": [NOT, "  WORDS.keras is not opened, as it may hold more than weights."],
    "hal": [
        "WORDS: nothing reported, reproduced 0.5000.",
        "  WORDS.csv is missing.",
    ],
    "ivy": [
        "WORDS: nothing reported, reproduced 0.5000.",
        "  WORDS.csv cannot be read: it has no column val_loss with one row per epoch.",
    ],
    "joe": [findings.NOTHING],
}


@pytest.mark.parametrize("student", TOLD)
def test_marker_reads_what_was_reported_and_reproduced(
    looked_at: Class, student: str
) -> None:
    """Each model has a line with both losses, and with what is missing or wrong."""
    told = looked_at.told(student)
    assert len(told) == len(TOLD[student])
    for line, begin in zip(told, TOLD[student], strict=True):
        assert line.startswith(begin)


def test_other_students_are_out_of_reach(looked_at: Class) -> None:
    """A module that opens another student's weights is refused them."""
    assert "PermissionError" in looked_at.told("eve")[1]


def test_unchanged_evidence_is_not_looked_at_again(
    looked_at: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second run prints what was kept, and starts nothing."""
    monkeypatch.setattr(reproduction, "Zygote", None)
    ran = looked_at.look()
    assert ran.exit_code == 0
    assert "Reproduced as reported: 1 of 9" in ran.output


def test_only_what_does_not_agree_is_listed(looked_at: Class) -> None:
    """For a whole class, only those that need attention are printed."""
    ran = looked_at.look()
    assert "ben\n  WORDS: reported 0.5000" in ran.output
    assert AGREES not in ran.output


def test_evidence_of_one_student_can_be_asked_for(looked_at: Class) -> None:
    """With --student, only that student is printed."""
    ran = looked_at.look("--student", "ada")
    assert AGREES in ran.output
    assert "ben" not in ran.output


def test_unknown_student_is_named(looked_at: Class) -> None:
    """A student who handed in nothing is refused, and those who did are listed."""
    ran = looked_at.look("--student", "zoe")
    assert isinstance(ran.exception, UsageError)
    assert "'zoe'. There is work of: ada, ben" in str(ran.exception)


def test_unusable_data_are_explained(tmp_path: Path) -> None:
    """The coursework's error about its data is shown, and nothing is lost."""
    made = Class(tmp_path)
    made.hand_in("ada", weights=FIVE)
    made.data = made.data.rename(tmp_path / "broken")
    ran = made.look()
    assert isinstance(ran.exception, UsageError)
    assert str(ran.exception) == "It is broken."


def test_without_data_only_the_report_is_told(tmp_path: Path) -> None:
    """Without the full data, the reported losses are printed, and how to get more."""
    made = Class(tmp_path)
    made.hand_in("ada", weights=FIVE)
    words = ["course", "evidence", "--course", str(made.folder)]
    ran = CliRunner().invoke(app, words, env={"REELMARK_DATA": None})
    assert "reported 0.5000 (epoch 2 of 3), not reproduced" in ran.output
    assert "name the full dataset with --data" in ran.output


def test_kit_fault_is_no_student_s(tmp_path: Path) -> None:
    """A fault of the kit is called one, ends with its code, and is tried again."""
    made = Class(tmp_path)
    made.hand_in("ada", weights=FIVE)
    (made.data / "fault").touch()
    assert made.look().exit_code == 3
    assert "kit fault" in made.told("ada")[1]
    (made.data / "fault").unlink()
    assert made.look().exit_code == 0
    assert made.told("ada") == [AGREES]


def test_withdrawn_evidence_is_forgotten(tmp_path: Path) -> None:
    """If somebody hands in again without evidence, their findings are gone."""
    made = Class(tmp_path)
    evidence = made.hand_in("ada", weights=FIVE)
    FoundRecords(open_course(made.folder)).write("ada", "x", [Finding("WORDS")])
    shutil.rmtree(evidence)
    made.look()
    assert made.told("ada") == [findings.NOTHING]


def test_coursework_without_models_says_so(tmp_path: Path) -> None:
    """A coursework that names no models has no evidence to look at."""
    made = Class(tmp_path)
    (made.coursework / "tests" / "support" / "evidence.py").unlink()
    ran = made.look()
    assert isinstance(ran.exception, UsageError)
    assert "does not say how to reproduce" in str(ran.exception)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no column val_loss"),
        (b"val_loss\n", "no column val_loss"),
        (b"loss\n0.1\n", "no column val_loss"),
        (b"val_loss\nnan\n", "more than numbers"),
        (b"loss,val_loss\n0.1\n", "more than numbers"),
        (b"val_loss\n0.1\nhigh\n", "'high'"),
        (b"\xff\xfe\x00", "utf-8"),
        (b"val_loss\n" + b"1" * 200_000, "it is no table"),
        (b"val_loss\n" + b"0.1\n" * (MAX_HISTORY // 4), "larger than 1 MB"),
    ],
    ids=[
        "empty",
        "no rows",
        "no column",
        "nan",
        "short",
        "text",
        "bytes",
        "field",
        "large",
    ],
)
def test_history_that_is_none_is_refused(
    tmp_path: Path, content: bytes, why: str
) -> None:
    """Only a table with one number per epoch is read."""
    path = tmp_path / "CNN.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=why):
        read_history(path)


def test_history_of_keras_is_read(tmp_path: Path) -> None:
    """A history as pandas writes it gives the validation loss of each epoch."""
    path = tmp_path / "CNN.csv"
    path.write_text("loss,val_loss,learning_rate\n0.3,0.4,1e-4\n0.2,0.25,1e-4\n")
    assert read_history(path) == (0.4, 0.25)


def test_large_weights_are_not_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file beyond the limit is refused while it is copied."""
    monkeypatch.setattr("reelmark.course.evidence.reported.MAX_WEIGHTS", 10)
    (tmp_path / "from").write_bytes(b"x" * 11)
    with pytest.raises(ValueError, match="larger"):
        copy_weights(tmp_path / "from", tmp_path / "to")


def test_rounding_is_no_difference() -> None:
    """Losses of two machines differ in the fourth decimal, and count as the same."""
    assert Finding("CNN", (0.2331,), 0.2336).is_same
    assert not Finding("CNN", (0.2331,), 0.2381).is_same


def test_control_characters_do_not_reach_a_terminal() -> None:
    """The text of a student's exception cannot move the marker's cursor."""
    assert "\x1b" not in describe_findings([Finding("CNN", notes=("\x1b[2J",))])


def test_cell_shows_nothing_of_the_student_s() -> None:
    """What a student left below the evidence cell gives way to what was found."""
    claim = new_output("stream", text="reported 0.1, reproduced 0.1")
    table = {"nbgrader": {"grade_id": CELL}}
    cell = new_code_cell("# evidence", metadata=table, outputs=[claim])
    notebook = new_notebook(cells=[cell])
    show_evidence(notebook, "CNN: nothing reported, not reproduced.")
    assert [out.text for out in cell.outputs] == [
        "CNN: nothing reported, not reproduced.\n"
    ]


TROUBLES = {
    "made safe": (inspection, "tell_unsafe", lambda one, _: one.student),
    "looked for": (Path, "is_dir", lambda path: path.parts[-3]),
    "read": (Evidence, "read", lambda evidence, _: evidence.submission.student),
}


@pytest.mark.parametrize("step", TROUBLES)
def test_trouble_with_one_student_is_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Whatever one of three raises, the others' evidence is looked at."""
    made = Class(tmp_path)
    for student in ("ada", "bob", "cy"):
        made.hand_in(student, weights=FIVE)
    owner, name, find_whose = TROUBLES[step]
    real = getattr(owner, name)

    def fail(*given: Any) -> Any:
        if find_whose(*given) == "bob":
            raise RecursionError("too deep")
        return real(*given)

    monkeypatch.setattr(owner, name, fail)
    words = ["course", "evidence", "--course", str(made.folder)]
    ran = CliRunner().invoke(app, words, env={"REELMARK_DATA": ""})
    assert ran.exit_code == KIT_FAILED
    told = " ".join(ran.output.split())
    assert "The evidence of bob could not be looked at: RecursionError" in told
    assert made.told("ada") == made.told("cy") != []


def test_trouble_with_one_students_weights_is_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever reproducing raises is a note for the marker of that student."""

    def refuse(_: reproduction.Zygote) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(reproduction.Zygote, "connect", refuse)
    made = Class(tmp_path)
    made.hand_in("bob", weights=FIVE)
    course = open_course(made.folder)
    evidence = Evidence(Upload("bob", made.folder / "submitted/bob/coursework"))
    broken = reproduction.Reproduction(course, Data(None, None), slots=1)  # type: ignore[arg-type]
    _, (finding,) = broken._reproduce_student((evidence, [Finding("WORDS")]))
    assert finding.is_fault
    assert finding.notes[0].startswith("kit fault: RecursionError: too deep")
