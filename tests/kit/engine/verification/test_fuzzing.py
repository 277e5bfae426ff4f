"""Fuzzing: which checks break when lied to, and what they do not notice."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from kit.stage import mini
from reelmark.manifest import Coursework
from reelmark.verification import fuzzing
from reelmark.verification.command import tell_fuzzed
from reelmark.verification.fuzzing import Fuzzer

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        sys.platform != "linux", reason="what lies is forked, as judges are"
    ),
]

SUITE = """
import os, re

@pytest.mark.check("1a", marks=0.5)
def test_is_sound(submission):
    '''It doubles.'''
    expect.equal(submission.doubling.double(3), 6, "the double of 3")

@pytest.mark.check("1a", marks=0.5)
def test_breaks(submission):
    '''It trusts what it is told.'''
    assert submission.doubling.double(3) + 1 == 7

@pytest.mark.check("1a", marks=0.5)
def test_stalls(submission):
    '''It is read slowly.'''
    value = submission.doubling.double(3)
    if isinstance(value, str):
        while True:
            pass
    expect.equal(value, 6, "the double of 3")

@pytest.mark.check("1b", marks=1)
def test_notices_little(submission):
    '''It halves, more or less.'''
    expect.that(0 < expect.kind(submission.doubling.halve(3), float, "a number") < 3,
                "it is not less.")

@pytest.mark.check("1b", marks=1)
def test_cannot_pass(submission):
    '''The reference fails.'''
    expect.equal(submission.doubling.halve(4), 3, "half of 4")
"""
CHECKS = "public/numbers::test_"
LIES = 500


@pytest.fixture(scope="module")
def coursework(tmp_path_factory: pytest.TempPathFactory) -> Coursework:
    """A coursework with a reference, and checks of which some are naive."""
    folder = tmp_path_factory.mktemp("fuzzing")
    folder.chmod(0o755)
    written = mini.write_coursework(folder / "coursework")
    mini.write_modules(written.solutions, mini.HONEST)
    mini.write_suite(written, SUITE)
    return written


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where recordings and findings are kept."""
    return tmp_path_factory.mktemp("found") / "fuzz"


@pytest.fixture(scope="module")
def fuzzed(coursework: Coursework, out: Path) -> Iterator[Fuzzer]:
    """Every check, lied to some hundred times."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reelmark.marking.oversight.CPU_SECONDS", 0.5)
        fuzzer = Fuzzer(coursework, out, 1, Console(quiet=True))
        fuzzer.run(lies=LIES)
        yield fuzzer


def test_every_check_is_lied_to(fuzzed: Fuzzer) -> None:
    """As often as was asked for, or as often as there are lies."""
    numbers = {
        name: (t.number, t.of) for name, t in fuzzed.tried.items() if not t.fault
    }
    assert len(numbers) == 4
    assert {min(LIES, of) for _, of in numbers.values()} == {
        n for n, _ in numbers.values()
    }


def test_check_that_breaks_is_named(fuzzed: Fuzzer) -> None:
    """With what ended it, where, and a lie that does so again."""
    found = [each for each in fuzzed.broken() if each.check == f"{CHECKS}breaks"]
    assert any("TypeError" in each.end for each in found)
    assert all("doubling.double" in lie for each in found for lie in each.lies)
    assert any("double(3) + 1 == 7" in each.end for each in found)


def test_check_that_stalls_is_named(fuzzed: Fuzzer) -> None:
    """The process is replaced, and the other lies are told, too."""
    found = [each for each in fuzzed.broken() if each.check == f"{CHECKS}stalls"]
    assert any("0.5 seconds of processor time" in each.end for each in found)


def test_sound_checks_are_not_named(fuzzed: Fuzzer) -> None:
    """A check that expects what it needs ends as its author foresaw."""
    broken = {each.check.removeprefix(CHECKS) for each in fuzzed.broken()}
    assert broken == {"breaks", "stalls"}


def test_wrong_value_that_passes_is_listed(fuzzed: Fuzzer) -> None:
    """A check that accepts wrong values is reported with them."""
    found = {(e.check, e.place, e.change) for e in fuzzed.unnoticed()}
    place = "doubling.halve.value"
    assert (f"{CHECKS}notices_little", place, "a tenth more") in found
    assert f"{CHECKS}is_sound" not in {check for check, _, _ in found}


def test_check_that_the_reference_fails_is_told(fuzzed: Fuzzer) -> None:
    """Nothing can be learnt from lying to it."""
    fault = fuzzed.tried[f"{CHECKS}cannot_pass"].fault
    assert "the reference does not pass" in fault


def test_next_run_goes_on(
    fuzzed: Fuzzer, coursework: Coursework, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found is kept, and nothing is recorded or told twice."""
    monkeypatch.setattr(fuzzing, "LiarProcess", lambda _: pytest.fail("it is known"))
    again = Fuzzer(coursework, out, 1, Console(quiet=True))
    assert again._read()
    assert again.tried == fuzzed.tried
    assert again._next_work(LIES) == []


def test_other_seed_begins_anew(coursework: Coursework, out: Path) -> None:
    """Findings do not carry over to another seed."""
    assert not Fuzzer(coursework, out, 2, Console(quiet=True))._read()


def test_findings_are_printed_and_written(fuzzed: Fuzzer) -> None:
    """Numbers, the ends that nobody foresaw, and where the tables are."""
    printed = io.StringIO()
    assert not tell_fuzzed(Console(file=printed, width=200), fuzzed)
    text = printed.getvalue()
    assert "lies were told to 5 checks" in text
    assert "Unforeseen" in text
    assert "Lied to    4 checks" in text
    broken, unnoticed = fuzzed.write_tables()
    assert f"{CHECKS}breaks" in broken.read_text("utf-8")
    assert f"{CHECKS}notices_little" in unnoticed.read_text("utf-8")
