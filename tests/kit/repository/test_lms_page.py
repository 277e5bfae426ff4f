"""The page "From your LMS and back": its commands are run, on a small class."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from kit.stage.classes import OTHER_COURSEWORK
from kit.stage.lms import lay_moodle
from kit.stage.mini import write_modules
from sample_class import ROOT

PAGE = (ROOT / "docs" / "lms.md").read_text(encoding="utf-8")
STEPS = re.findall(
    r"<!-- run: (\w+) -->\n```console\n\$ (.*?)\n```\n\n```text\n(.*?)```",
    PAGE,
    re.DOTALL,
)
RIGHT = {
    "words": "def count_words(text):\n    return len(text.split())\n",
    "numbers_of_words": (
        "from words import count_words\n"
        "def count_all(texts):\n    return [count_words(text) for text in texts]\n"
    ),
}
CLASS = {"Ada A": RIGHT, "Ben B": {"words": "def count_words(text):\n    return 0\n"}}

pytestmark = pytest.mark.skipif(
    os.name != "posix", reason="hidden checks are run where submissions are closed off"
)


def mask(text: str) -> str:
    """Return a line without what differs from class to class."""
    return " ".join(re.sub(r"[\d.]+", "0", text).split())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an instructor has downloaded from Moodle."""
    folder = tmp_path_factory.mktemp("desk")
    works = {
        name: write_modules(folder / "works" / name, modules)
        for name, modules in CLASS.items()
    }
    lay_moodle(folder, works)
    return folder


@pytest.fixture(scope="module")
def said(desk: Path) -> dict[str, str]:
    """What each command of the page printed, in the page's order."""
    variables = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.defpath}",
        "REELMARK_COURSEWORK": str(OTHER_COURSEWORK),
    }
    printed = {}
    for name, command, _ in STEPS:
        ran = subprocess.run(
            ["bash", "-c", command],
            cwd=desk,
            env=variables,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        printed[name] = ran.stdout
    return printed


@pytest.mark.parametrize("step", [name for name, _, _ in STEPS])
def test_output_is_what_the_page_shows(said: dict[str, str], step: str) -> None:
    """Line by line; numbers differ with the class, and ``...`` stands for the rest."""
    (shown,) = [text for name, _, text in STEPS if name == step]
    expected = [mask(line) for line in shown.splitlines() if line != "..."]
    printed = [mask(line) for line in said[step].splitlines()]
    assert [line for line in expected if line not in printed] == []


@pytest.mark.usefixtures("said")
def test_worksheet_has_the_marks_of_the_class(desk: Path) -> None:
    """From a zip to a filled worksheet, with nothing renamed by hand."""
    with (desk / "back" / "Grades.csv").open(encoding="utf-8") as file:
        grades = {row["Full name"]: row["Grade"] for row in csv.DictReader(file)}
    with (desk / "marks" / "grades.csv").open(encoding="utf-8") as file:
        marks = {row["student"]: float(row["total"]) for row in csv.DictReader(file)}
    assert grades["Ada A"] == "100"
    assert float(grades["Ben B"]) == marks["Ben B 4102"] * 100 / marks["Ada A 4101"]
    assert (desk / "Grades.csv").read_text("utf-8").count(",100.00,") == len(CLASS)


@pytest.mark.usefixtures("said")
def test_feedback_is_packed_for_everybody(desk: Path) -> None:
    """One page each, under the participant's number."""
    with zipfile.ZipFile(desk / "back" / "feedback.zip") as archive:
        assert archive.namelist() == [
            "Ada A_4101_assignsubmission_file_/feedback.html",
            "Ben B_4102_assignsubmission_file_/feedback.html",
        ]
