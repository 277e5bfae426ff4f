"""`check` as a process: whatever a module does to it is reported."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kit.stage import mini
from kit.stage.classes import OTHER_COURSEWORK

pytestmark = pytest.mark.slow

WORDS = "def count_words(text):\n    return len(text.split())\n"
NUMBERS = (
    "from words import count_words\n"
    "def count_all(texts):\n    return [count_words(text) for text in texts]\n"
)


LOOKS = (
    "import matplotlib.pyplot as plt\n\n\n"
    "def count_words(count):\n"
    '    """Words of a text."""\n'
    "    figure, axes = plt.subplots()\n"
    "    axes.bar(['a b'], [count('a b')])\n"
    "    return figure\n"
)


def check(
    folder: Path, module: str, *words: str, coursework: Path = OTHER_COURSEWORK
) -> subprocess.CompletedProcess[str]:
    """Run `reelmark check` in a folder of right work, with lines before a module's."""
    files = {"words.py": f"{module}\n{WORDS}", "numbers_of_words.py": NUMBERS}
    mini.write_files(folder, files)
    command = [sys.executable, "-m", "reelmark", "check", *words]
    return subprocess.run(
        [*command, "--coursework", str(coursework)],
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize("code", [0, 1])
def test_module_that_ends_its_process_fails(tmp_path: Path, code: int) -> None:
    """`os._exit` ends a copy of the work, and the checks that needed it."""
    ran = check(tmp_path, f"import os; os._exit({code})")
    assert (ran.returncode, ran.stderr) == (1, "")
    assert f"crashed: the process ended itself with exit code {code}." in ran.stdout


@pytest.mark.parametrize("code", [0, 1])
def test_module_that_ends_python_is_told(tmp_path: Path, code: int) -> None:
    """In one process, `os._exit` is neither a success nor a failed check."""
    ran = check(tmp_path, f"import os; os._exit({code})", "--in-process")
    assert ran.returncode == 3
    told = f"Python was ended before the command was done (exit code {code})."
    assert told in ran.stderr


def test_module_that_changes_the_folder_moves_no_picture(tmp_path: Path) -> None:
    """The picture is where it is said to be, wherever a module has gone."""
    coursework, work = tmp_path / "coursework", tmp_path / "work"
    shutil.copytree(OTHER_COURSEWORK, coursework)
    mini.write_modules(coursework / "tests" / "support" / "worker", {"looks": LOOKS})
    module = f"import os; os.chdir({str(tmp_path)!r})"
    ran = check(work, module, "--picture", coursework=coursework)
    assert ran.returncode == 0, ran.stderr
    assert "Picture: reelmark.png" in ran.stdout
    assert (work / "reelmark.png").is_file()
    assert not (tmp_path / "reelmark.png").exists()


def test_what_is_printed_is_shown_below_its_task(tmp_path: Path) -> None:
    """A student finds their own prints below the task, marked as theirs."""
    told = check(tmp_path, "print('words is imported')").stdout
    assert "your code printed (" in told
    assert "  | words is imported" in told


def test_what_a_loop_printed_is_shown(tmp_path: Path) -> None:
    """Code that does not end has said something before it was ended."""
    loop = "while True:\n    print('round and round')"
    told = check(tmp_path, loop, "count_words").stdout
    assert "timed out after" in told
    assert "  | round and round" in told


def test_whole_error_is_shown_when_asked_for(tmp_path: Path) -> None:
    """A long error is told in short, with how to see all of it."""
    long = "raise ValueError('first ' + 'and ' * 200 + 'last')"
    assert "--full` shows the whole error" in check(tmp_path, long).stdout
    told = check(tmp_path, long, "--full").stdout
    assert "first " + "and " * 200 + "last" in " ".join(told.split())


def test_folder_that_is_looked_at_stays_as_it_is(tmp_path: Path) -> None:
    """Into a folder that is another's, nothing is written."""
    check(tmp_path / "own", "")
    other, own = tmp_path / "other", tmp_path / "own"
    other.mkdir()
    shutil.copy(own / "words.py", other)
    check(own, "", "--folder", str(other))
    assert [path.name for path in other.iterdir()] == ["words.py"]
    assert (own / ".reelmark.json").is_file()
