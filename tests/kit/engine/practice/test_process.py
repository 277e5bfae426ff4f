"""`check` as a process: whatever a module does to it is reported."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kit.stage import mini
from kit.stage.classes import OTHER_COURSEWORK

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
