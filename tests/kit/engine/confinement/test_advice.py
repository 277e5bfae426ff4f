"""If submissions cannot be closed off, the explanation is always the same."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reelmark import doctor
from reelmark.confinement import advice
from reelmark.confinement.level import Level
from reelmark.errors import UsageError
from reelmark.grading.run import ClassRun
from reelmark.manifest import Coursework
from reelmark.marking.backend import Backend, ForkingBackend, SpawningBackend


@pytest.fixture(params=["darwin", "win32"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Another system, by Python's name for it."""
    monkeypatch.setattr(sys, "platform", request.param)
    return str(request.param)


def test_other_systems_are_named(system: str) -> None:
    """The sentence names the system as its users do."""
    name = {"darwin": "On macOS ", "win32": "On Windows "}[system]
    assert advice.explain_open_level(Level.PROCESS).startswith(name)


@pytest.mark.usefixtures("system")
def test_other_systems_get_the_dangers_and_the_ways() -> None:
    """It says what could be read, what to type instead, and how to accept it."""
    words = advice.explain_open_level(Level.PROCESS)
    assert f"{Level.PROCESS.value}: it could read the hidden checks" in words
    assert f"`{advice.BUILD}`" in words
    assert f"`{advice.GRADE}`" in words
    assert words.endswith("accept it with --unsafe.")


@pytest.mark.usefixtures("system")
def test_other_systems_are_not_told_of_versions() -> None:
    """No version of Linux would help a machine that has another system."""
    assert "5.13" not in advice.explain_open_level(Level.PROCESS)


@pytest.mark.usefixtures("system")
def test_doctor_says_it_in_the_same_words(coursework: Coursework) -> None:
    """`doctor` explains it too; a student's machine is well all the same."""
    words = advice.explain_open_level(Level.PROCESS)
    assert doctor._marking(coursework) == (words, "")


def test_open_level_names_what_the_canary_found() -> None:
    """On Linux the explanation holds the findings, the versions and the way out."""
    words = advice.explain_open_level(Level.PROCESS, ["a worker can list /"])
    for part in (
        "open (a worker can list /):",
        "Linux 5.13",
        "Docker 23.0",
        "--unsafe",
    ):
        assert part in words
    assert advice.GRADE in words


def test_open_level_without_findings_reads_well() -> None:
    """Without findings there is no empty bracket."""
    assert "()" not in advice.explain_open_level(Level.PROCESS, [])


@pytest.mark.parametrize("make", [ForkingBackend, SpawningBackend])
def test_grade_refuses_an_open_level_in_these_words(
    make: Callable[[Coursework], Backend], coursework: Coursework, tmp_path: Path
) -> None:
    """Where nothing closes submissions off, `grade` says the same as `doctor`."""
    coursework.hidden_suite.mkdir(parents=True)
    run = ClassRun(coursework, tmp_path / "marks", backend=make(coursework))
    with pytest.raises(UsageError) as refusal:
        run._refuse_open_secrets()
    assert str(refusal.value) == advice.explain_open_level(Level.PROCESS)
