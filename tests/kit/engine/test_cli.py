"""The commands, as somebody types them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reelmark.cli import app
from sample_class import ROOT

pytestmark = pytest.mark.slow

COMMANDS = (
    *("check", "watch", "hint", "list", "grade", "return", "course", "demo"),
    *("stubs", "report", "release", "gradescope", "verify", "doctor"),
)
SLOW = (
    *("tensorflow", "keras", "numpy", "pandas", "matplotlib"),
    *("pytest", "hypothesis", "nbgrader", "rich"),
)


def reelmark(*words: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the command and return what it printed and how it ended."""
    command = [sys.executable, "-m", "reelmark", *words]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, timeout=300, check=False
    )


def test_help_imports_nothing_slow() -> None:
    """`--help` is instant: no library of the coursework is imported for it."""
    code = (
        "import sys; from reelmark import cli\n"
        "try: cli.app(['--help'])\n"
        "except SystemExit: pass\n"
        f"print([name for name in {SLOW!r} if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    """Each command has help of its own."""
    ran = CliRunner().invoke(app, [command, "--help"], prog_name="reelmark")
    assert ran.exit_code == 0
    assert f"Usage: reelmark {command}" in " ".join(ran.stdout.split())


def test_help_names_every_command() -> None:
    """The help lists all commands."""
    listed = reelmark("--help").stdout
    assert all(f" {command} " in listed for command in COMMANDS)


def test_help_says_whom_commands_are_for() -> None:
    """The help lists students' commands first, each with its whole sentence."""
    listed = reelmark("--help").stdout
    assert listed.index("For students") < listed.index("For instructors")
    assert "with the public checks." in listed
    assert "..." not in listed.partition("[ARGS]...")[2]


def test_unknown_task_is_a_usage_error() -> None:
    """A task that does not exist ends with code 2 and the ids that do."""
    ran = reelmark("check", "9z")
    assert ran.returncode == 2
    assert "no task '9z'" in ran.stderr
    assert "4c-iii" in ran.stderr


def test_folder_without_modules_is_a_usage_error(tmp_path: Path) -> None:
    """A folder that holds none of the modules is named, with what was looked for."""
    ran = reelmark("check", "--folder", str(tmp_path))
    assert ran.returncode == 2
    assert str(tmp_path) in ran.stderr
    assert "image_processing.py" in ran.stderr


def test_missing_submissions_are_a_usage_error(tmp_path: Path) -> None:
    """A missing folder of submissions ends with code 2."""
    ran = reelmark("grade", str(tmp_path / "none"), "--out", str(tmp_path / "marks"))
    assert ran.returncode == 2
    assert "does not exist" in ran.stderr


def test_no_coursework_is_a_usage_error(tmp_path: Path) -> None:
    """A folder that holds no coursework ends with code 2 and how to name one."""
    ran = reelmark("check", "--coursework", str(tmp_path))
    assert ran.returncode == 2
    assert "--coursework" in ran.stderr


def test_commands_work_from_any_folder(tmp_path: Path) -> None:
    """From elsewhere, the coursework the package was installed from is used."""
    assert reelmark("stubs", "--check", cwd=tmp_path).returncode == 0


def test_unfinished_work_ends_with_code_1() -> None:
    """`check` on an untouched stub says "not started" and ends with code 1."""
    ran = reelmark("check", "4c-i", "--folder", "assignment")
    assert ran.returncode == 1
    assert "not started" in ran.stdout


@pytest.fixture(scope="module")
def right_work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the reference."""
    folder = tmp_path_factory.mktemp("right")
    for module in (ROOT / "solutions").glob("*.py"):
        shutil.copy(module, folder)
    return folder


@pytest.fixture(scope="module")
def checked(right_work: Path) -> subprocess.CompletedProcess[str]:
    """What `check` says of it."""
    return reelmark("check", "4c-i", "--folder", str(right_work))


def test_right_work_ends_with_code_0(
    checked: subprocess.CompletedProcess[str],
) -> None:
    """`check` on the reference passes and ends with code 0."""
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "passed" in checked.stdout


def test_public_and_hidden_checks_are_counted_apart(
    checked: subprocess.CompletedProcess[str],
) -> None:
    """The score names public checks as public, and says that hidden ones follow."""
    assert "Public checks:" in checked.stdout
    assert "Hidden checks run when your work is marked." in checked.stdout


@pytest.mark.usefixtures("checked")
def test_check_leaves_no_file_behind(right_work: Path) -> None:
    """Checking a folder that is named writes no file next to its modules."""
    modules = {path.name for path in (ROOT / "solutions").glob("*.py")}
    assert {path.name for path in right_work.iterdir()} == modules


def test_doctor_finds_this_machine_well() -> None:
    """`doctor` names what it looked at, and ends with code 0 here."""
    ran = reelmark("doctor")
    assert ran.returncode == 0, ran.stdout
    for subject in ("Python", "TensorFlow", "fixtures", "write access", "marking"):
        assert subject in ran.stdout
