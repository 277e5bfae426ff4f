"""The plugin: pytest run by hand, or by an editor, in a student's folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.stage import mini

SUITE = '''
@pytest.mark.check("1a", marks=1)
def test_doubles(submission):
    """Two becomes four."""
    expect.equal(submission.doubling.double(2), 4, "the double of 2")

@pytest.mark.check("1a", marks=1, after="test_doubles")
def test_doubles_again(submission):
    """Three becomes six."""
    expect.equal(submission.doubling.double(3), 6, "the double of 3")

@pytest.mark.check("1b", marks=1)
def test_halves(submission):
    """Two becomes one."""
    assert submission.doubling.halve(2) == 1

@pytest.mark.check("2a", marks=1)
def test_quadruples(submission):
    """Two becomes eight."""
    assert submission.chains.quadruple(2) == 8
'''
WORK = {
    "doubling": (
        "def double(x):\n    return 3 * x\n\n\n"
        "def halve(x):\n    raise NotImplementedError\n"
    ),
    "chains": "def quadruple(x):\n    return 8\n",
}


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):  # type: ignore[no-untyped-def]
    """Runs pytest as somebody types it; returns what is printed."""
    coursework = mini.write_coursework(tmp_path / "own")
    mini.write_suite(coursework, SUITE)
    mini.write_modules(coursework.stubs, WORK)
    monkeypatch.chdir(coursework.root)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)

    def run_pytest(*words: str) -> str:
        # They collect garbage five times at the end, which takes long here.
        unwanted = ("cacheprovider", "unraisableexception", "threadexception")
        alone = [word for name in unwanted for word in ("-p", f"no:{name}")]
        alone += ["-p", "reelmark.practice.by_hand"]
        with mini.outer_run_unchanged(Path(coursework.root)):
            pytest.main(["--disable-plugin-autoload", *alone, *words])
        return capsys.readouterr().out

    return run_pytest


def test_states_are_pytests_own(run) -> None:  # type: ignore[no-untyped-def]
    """Failed checks fail; those not started, or waiting for others, are skipped."""
    printed = run("tests/public", "-rfs")
    assert "1 failed, 1 passed, 2 skipped" in printed
    suite = "tests/public/test_numbers.py"
    assert f"FAILED {suite}::test_doubles - Failed: 1a  double(2): " in printed
    assert "1b halve(2): not started." in printed
    assert "1a double(): not checked: Three becomes six." in printed
    assert printed.count(f"SKIPPED [1] {suite}:") == 2


def test_message_is_that_of_the_check_without_frames(run) -> None:  # type: ignore[no-untyped-def]
    """Expected and got, and none of the kit's own lines."""
    printed = run("tests/public")
    assert "  expected  4\n  got       6\n" in printed
    assert "marking.py" not in printed
    assert "submission.py" not in printed


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        (["tests/public/test_numbers.py::test_quadruples"], "1 passed"),
        # On its own, a check does not wait for others that were left out.
        (["tests/public/test_numbers.py::test_doubles_again"], "1 failed"),
        (["tests/public", "-k", "quadruple"], "1 passed, 3 deselected"),
        (["tests/public", "-k", "2a"], "1 passed, 3 deselected"),
        (["tests/public", "-k", "1b"], "1 skipped, 3 deselected"),
    ],
    ids=["node", "node-alone", "function", "task", "skipped-task"],
)
def test_checks_can_be_chosen(run, words: list[str], outcome: str) -> None:  # type: ignore[no-untyped-def]
    """By node id as editors do, by the function's name, by the task's id."""
    assert f"{outcome} in" in run(*words)
