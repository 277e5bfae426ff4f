"""Where submissions cannot be closed off: one explanation, whoever asks."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from reelmark import cli, container, diagnosis
from reelmark.confine import Level
from reelmark.errors import UsageError
from reelmark.manifest import Coursework

linux_only = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere no class is graded at all"
)


@pytest.fixture(params=["darwin", "win32"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Another system, by Python's name for it."""
    monkeypatch.setattr(sys, "platform", request.param)
    return str(request.param)


def test_other_systems_are_named(system: str) -> None:
    """The sentence says the system as its users do."""
    name = {"darwin": "on macOS ", "win32": "on Windows "}[system]
    assert name in container.explain_other_system()


@pytest.mark.usefixtures("system")
def test_other_systems_get_the_dangers_and_the_way() -> None:
    """It says what could be read, what works here, and what to type."""
    words = container.explain_other_system()
    assert f"{Level.PROCESS.value}: it could read the hidden checks" in words
    assert "`reelmark check` works here" in words
    assert f"`{container.BUILD}`" in words
    assert f"`{container.GRADE}`" in words


@pytest.mark.usefixtures("system")
def test_grade_refuses_other_systems_in_these_words() -> None:
    """`grade` ends with the explanation before it imports what is not there."""
    with pytest.raises(UsageError) as refusal:
        cli._require_linux()
    assert str(refusal.value) == container.explain_other_system()


@pytest.mark.usefixtures("system")
def test_doctor_says_it_in_the_same_words(coursework: Coursework) -> None:
    """`doctor` explains it too; a student's machine is well all the same."""
    assert diagnosis._marking(coursework) == (container.explain_other_system(), "")


def test_open_level_names_what_the_canary_found() -> None:
    """On Linux the explanation holds the findings, the versions and the way out."""
    words = container.explain_open_level(Level.PROCESS, ["a worker can list /"])
    for part in (
        "open (a worker can list /):",
        "Linux 5.13",
        "Docker 23.0",
        "--unsafe",
    ):
        assert part in words
    assert container.GRADE in words


def test_open_level_without_findings_reads_well() -> None:
    """Without findings there is no empty bracket."""
    assert "()" not in container.explain_open_level(Level.PROCESS, [])


@linux_only
def test_grade_refuses_an_open_level_in_these_words(
    coursework: Coursework, tmp_path: Path
) -> None:
    """Where a canary escaped, `grade` says the same as `doctor`."""
    from reelmark.grading import ClassRun

    coursework.hidden_suite.mkdir(parents=True)
    run = ClassRun(coursework, tmp_path / "marks")
    with pytest.raises(UsageError) as refusal:
        run._refuse_open_secrets()
    assert str(refusal.value) == container.explain_open_level(Level.PROCESS, [])
