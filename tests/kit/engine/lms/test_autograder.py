"""The autograder: in a folder tree like Gradescope's, it marks as `grade` does."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from typing import Any

import pytest

from kit.stage.classes import OTHER_COURSEWORK, grade_folder
from kit.stage.confined import needs_walls
from reelmark.errors import UsageError
from reelmark.grading.trouble import leave_open
from reelmark.lms import container
from reelmark.lms.autograder import describe_autograder, write_autograder
from reelmark.manifest import Coursework, load_coursework
from reelmark.results import Status, write_result
from sample_class import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="Gradescope's containers run Linux"),
]

COURSEWORK = load_coursework(OTHER_COURSEWORK)
WORK = {
    "words.py": "def count_words(text):\n    return len(text.split())\n",
    "numbers_of_words.py": "def count_all(texts):\n    return []\n",
}
NO_LANDLOCK = (
    "import reelmark.confinement.landlock as landlock; landlock.find_abi = lambda: 0\n"
)


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """The zip, without hidden checks and with them."""
    folder = tmp_path_factory.mktemp("bundles")
    paths = {True: folder / "hidden.zip", False: folder / "public.zip"}
    for has_hidden, path in paths.items():
        write_autograder(COURSEWORK, path, has_hidden=has_hidden, minutes=5)
    return paths


def plant(folder: Path, bundle: Path, *, has_landlock: bool = True) -> Path:
    """Make a tree like that in Gradescope's container, after its set-up has run."""
    root = folder / "autograder"
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(root / "source")
    shutil.copy(root / "source" / "run_autograder", root)
    (root / "run_autograder").chmod(0o755)
    (root / "submission").mkdir()
    for name, text in WORK.items():
        (root / "submission" / name).write_text(text, encoding="utf-8")
    (root / "submission_metadata.json").write_text("{}", encoding="utf-8")
    home = folder / "home"
    if has_landlock:
        home.mkdir()
        (home / "venv").symlink_to(sys.prefix)
    else:
        plant_environment(home / "venv")
    return root


def plant_environment(venv: Path) -> None:
    """Make an environment whose Python finds no Landlock in any process."""
    site = venv / "lib" / f"python{sysconfig.get_python_version()}" / "site-packages"
    site.mkdir(parents=True)
    (venv / "bin").mkdir()
    (venv / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    base = Path(sys.base_prefix) / "bin"
    (venv / "pyvenv.cfg").write_text(f"home = {base}\n", encoding="utf-8")
    paths = f"{sysconfig.get_path('purelib')}\n{ROOT / 'autograder'}\n"
    (site / "engine.pth").write_text(paths + NO_LANDLOCK, encoding="utf-8")


def run(root: Path) -> tuple[dict[str, Any], str]:
    """Run ``run_autograder`` as Gradescope does; return results, and what it said."""
    ran = subprocess.run(
        [root / "run_autograder"],
        cwd=root,
        env={"PATH": os.defpath, "REELMARK_HOME": str(root.parent / "home")},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    results = json.loads((root / "results" / "results.json").read_text("utf-8"))
    return results, ran.stdout + ran.stderr


def marks_of(results: dict[str, Any]) -> dict[str, float]:
    """Return what Gradescope would add up, by task."""
    marks: dict[str, float] = {}
    for test in results["tests"]:
        marks[test["number"]] = marks.get(test["number"], 0) + test["score"]
    return marks


@needs_walls
@pytest.mark.parametrize("has_hidden", [False, True])
def test_results_are_the_marks_of_grade(
    tmp_path: Path, bundles: dict[bool, Path], *, has_hidden: bool
) -> None:
    """Score, marks by task, messages and states are those that `grade` gives."""
    root = plant(tmp_path, bundles[has_hidden])
    results, said = run(root)
    inside = load_coursework(root / "source" / "coursework")
    assert inside.hidden_suite.is_dir() is has_hidden
    shutil.copytree(root / "submission", tmp_path / "class" / "ada")
    graded = grade_folder(inside, tmp_path / "class", tmp_path / "marks")["ada"]
    assert results["score"] == graded.total
    assert results["extra_data"]["max"] == graded.max
    assert marks_of(results) == {task.id: task.marks for task in graded.tasks}
    checks = [check for task in graded.tasks for check in task.checks]
    assert [test["output"] for test in results["tests"]] == [c.message for c in checks]
    assert [test["status"] == "passed" for test in results["tests"]] == [
        check.status is Status.PASSED for check in checks
    ]
    seen = {test["visibility"] for test in results["tests"]}
    assert seen == {"visible", "after_published"} if has_hidden else {"visible"}
    assert results["stdout_visibility"] == "hidden"
    assert f"Confinement: {graded.confinement}" in said
    assert "Landlock" in graded.confinement


def test_without_landlock_public_checks_mark(
    tmp_path: Path, bundles: dict[bool, Path]
) -> None:
    """If files cannot be closed off, public checks are run, and the level is named."""
    results, said = run(plant(tmp_path, bundles[False], has_landlock=False))
    assert results["score"] == 1.5
    assert "Confinement: " in said
    assert "Landlock" not in said


def test_without_landlock_hidden_checks_are_not_run(
    tmp_path: Path, bundles: dict[bool, Path]
) -> None:
    """If a submission could read them, nothing is marked, and nobody is blamed."""
    results, said = run(plant(tmp_path, bundles[True], has_landlock=False))
    assert (results["score"], results["tests"]) == (0, [])
    assert "no fault" not in said
    assert "fault in the autograder, not in your work" in results["output"]
    assert "could read the hidden checks" in " ".join(said.split())


def test_what_dies_leaves_results(tmp_path: Path, bundles: dict[bool, Path]) -> None:
    """Results are written first: a Python that does not start leaves them there."""
    root = plant(tmp_path, bundles[False])
    (tmp_path / "home" / "venv").unlink()
    results, _ = run(root)
    assert results["score"] == 0
    assert "could not be marked" in results["output"]


def test_refused_submission_is_told_why(
    tmp_path: Path, bundles: dict[bool, Path]
) -> None:
    """Its author reads what was wrong, and can hand in again."""
    root = plant(tmp_path, bundles[False])
    for folder in ("a", "b"):
        (root / "submission" / folder).mkdir()
        shutil.copy(root / "submission" / "words.py", root / "submission" / folder)
    for name in WORK:
        (root / "submission" / name).unlink()
    results, _ = run(root)
    assert results["score"] == 0
    assert "several folders ('a' and 'b')" in results["output"]


def test_what_could_not_be_marked_is_no_work_of_no_marks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If all marks are open, no check is said to have failed."""
    shutil.copytree(OTHER_COURSEWORK, tmp_path / "source" / container.COURSEWORK)
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission" / "words.py").write_text(WORK["words.py"])

    def grade(coursework: Coursework, folder: Path, _: int) -> None:
        result = leave_open(coursework, container.STUDENT, RuntimeError("odd"))
        path = folder / "marks" / "results" / f"{container.STUDENT}.json"
        write_result(result, path)

    monkeypatch.setattr(container, "_grade", grade)
    assert container.mark(tmp_path, 5) == container.describe_unmarked()


def test_public_bundle_holds_nothing_hidden(bundles: dict[bool, Path]) -> None:
    """No hidden check, nothing of their data, no solution."""
    with zipfile.ZipFile(bundles[False]) as archive:
        names = archive.namelist()
        content = b"".join(map(archive.read, names))
    assert not [name for name in names if "hidden" in name or "solution" in name]
    assert b"s e  c r e t" not in content


def test_programs_can_be_run(bundles: dict[bool, Path]) -> None:
    """Gradescope wants two programs at the top, for Unix, with ``#!``."""
    with zipfile.ZipFile(bundles[True]) as archive:
        for name in ("setup.sh", "run_autograder"):
            info = archive.getinfo(name)
            assert (info.external_attr >> 16) & stat.S_IXUSR
            assert archive.read(name).startswith(b"#!/usr/bin/env bash\n")
            assert b"\r" not in archive.read(name)


def test_same_sources_give_the_same_bytes(
    tmp_path: Path, bundles: dict[bool, Path]
) -> None:
    """A bundle that was written again is the same file."""
    again = tmp_path / "again.zip"
    write_autograder(COURSEWORK, again, has_hidden=False, minutes=5)
    assert again.read_bytes() == bundles[False].read_bytes()


def test_setup_installs_what_is_locked_and_closes_what_is_hidden(
    tmp_path: Path, bundles: dict[bool, Path]
) -> None:
    """Uv brings a Python; packages come by their hashes; hidden files are root's."""
    root = plant(tmp_path, bundles[True])
    log, programs = tmp_path / "log", tmp_path / "programs"
    programs.mkdir()
    stand_in = programs / "python3"
    stand_in.write_text(f'#!/bin/sh\necho "$*" >> {log}\n', encoding="utf-8")
    stand_in.chmod(0o755)
    home = tmp_path / "image"
    (home / "venv" / "bin").mkdir(parents=True)
    shutil.copy(stand_in, home / "venv" / "bin" / "python")
    subprocess.run(
        ["bash", root / "source" / "setup.sh"],
        env={"PATH": f"{programs}:{os.defpath}", "REELMARK_HOME": str(home)},
        check=True,
        timeout=60,
    )
    called = log.read_text("utf-8")
    assert f"-m uv venv --quiet --python 3.11 {home}/venv" in called
    assert "-m pip install --quiet --require-hashes -r requirements-uv.lock" in called
    assert "--require-hashes -r requirements.lock" in called
    assert "--no-deps ./reelmark-" in called
    hidden = root / "source" / "coursework" / "tests" / "hidden"
    modes = [path.stat().st_mode & 0o077 for path in (hidden, *hidden.rglob("*"))]
    assert set(modes) == {0}


def test_other_files_are_not_overwritten(tmp_path: Path) -> None:
    """Only an earlier bundle is replaced."""
    path = tmp_path / "thesis.zip"
    path.write_text("mine")
    with pytest.raises(UsageError, match="not overwritten"):
        write_autograder(COURSEWORK, path, has_hidden=False, minutes=5)
    assert path.read_text() == "mine"


@pytest.mark.parametrize("has_hidden", [False, True])
def test_what_to_choose_is_said(*, has_hidden: bool) -> None:
    """Memory, CPUs and time are named; so is the risk of hidden checks."""
    said = "\n".join(describe_autograder(COURSEWORK, has_hidden=has_hidden, minutes=7))
    assert "3 GB and 2 CPUs" in said
    assert "7 minutes" in said
    assert ("can read them" in said) is has_hidden
