"""Merging: parts of a class become one, or nothing is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.stage.classes import OTHER_COURSEWORK
from reelmark.cli import app
from reelmark.errors import UsageError
from reelmark.grading.command import merge_classes
from reelmark.grading.folder import prepare_folder
from reelmark.manifest import load_coursework
from reelmark.results import (
    CheckResult,
    Result,
    Status,
    read_result,
    summarise,
    summarise_task,
    write_result,
)

COURSEWORK = load_coursework(OTHER_COURSEWORK)


def make(student: str, marks: float = 3, kit: str = "k", seconds: float = 1) -> Result:
    """Make a result with so many marks for the first task."""
    status = Status.PASSED if marks == 3 else Status.FAILED
    check = CheckResult("c", "Counts.", False, status, marks, 3, "", seconds)
    one = replace(summarise_task("1", "Counts words", [check]), fingerprint=kit)
    return summarise(student, [one], fingerprint="f")


def write(folder: Path, *results: Result) -> Path:
    """Write a folder of results."""
    prepare_folder(folder)
    for result in results:
        write_result(result, folder / "results" / f"{result.student}.json")
        sources = folder / "sources" / result.student
        sources.mkdir(parents=True)
        (sources / "words.py").write_text("# words\n")
    return folder


def merge(*folders: Path, out: Path, students: tuple[str, ...] = ()) -> list[str]:
    """Merge folders of the made-up coursework."""
    return merge_classes(COURSEWORK, folders, out, students=students)


def list_files(folder: Path) -> list[str]:
    """Return all that is in a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.fixture
def parts(tmp_path: Path) -> tuple[Path, Path]:
    """Two parts of a class."""
    one = write(tmp_path / "part-1", make("ada"), make("cy", 1))
    return one, write(tmp_path / "part-2", make("ben", 2))


class TestWhole:
    """The result of merging parts that agree."""

    def test_everybody_is_in_the_grades(
        self, parts: tuple[Path, Path], tmp_path: Path
    ) -> None:
        """Each student has a row, in the order of names."""
        merge(*parts, out=tmp_path / "marks")
        rows = (tmp_path / "marks" / "grades.csv").read_text().splitlines()
        assert [row.partition(",")[0].strip('"') for row in rows] == [
            "student",
            "ada",
            "ben",
            "cy",
        ]

    def test_results_sources_and_pages_are_there(
        self, parts: tuple[Path, Path], tmp_path: Path
    ) -> None:
        """It is a folder as `grade` writes it."""
        merge(*parts, out=tmp_path / "marks")
        files = list_files(tmp_path / "marks")
        for name in ("ada", "ben", "cy"):
            for path in (
                f"results/{name}.json",
                f"sources/{name}/words.py",
                f"feedback/{name}.html",
                f"instructor/{name}.html",
            ):
                assert path in files

    def test_parts_stay_as_they_are(
        self, parts: tuple[Path, Path], tmp_path: Path
    ) -> None:
        """Whoever merges can do so again."""
        before = [list_files(part) for part in parts]
        merge(*parts, out=tmp_path / "marks")
        assert [list_files(part) for part in parts] == before

    def test_folder_of_all_machines_becomes_whole(
        self, parts: tuple[Path, Path]
    ) -> None:
        """Parts that were written into one folder get their pages there."""
        merge(parts[0], out=parts[0])
        assert "index.html" in list_files(parts[0])

    def test_same_result_twice_is_one(self, tmp_path: Path) -> None:
        """Two machines that marked the same student differ only in seconds."""
        one = write(tmp_path / "1", make("ada", seconds=1))
        two = write(tmp_path / "2", make("ada", seconds=2))
        merge(one, two, out=tmp_path / "marks")
        assert read_result(tmp_path / "marks/results/ada.json").total == 3

    def test_who_is_missing_is_told(
        self,
        parts: tuple[Path, Path],
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """Students who handed in but have no result are named."""
        merge(*parts, out=tmp_path / "marks", students=("ada", "ben", "cy", "zoe"))
        assert "Not marked yet: zoe" in capsys.readouterr().out

    def test_tables_of_the_class_come_along(
        self, parts: tuple[Path, Path], tmp_path: Path
    ) -> None:
        """The roster lies beside what is merged."""
        for part in parts:
            (part / "roster.csv").write_text("student\nada\n")
        merge(*parts, out=tmp_path / "marks")
        assert (tmp_path / "marks/roster.csv").read_text() == "student\nada\n"


def contradict(root: Path) -> tuple[Path, Path]:
    """Give a student two totals."""
    return write(root / "1", make("ada")), write(root / "2", make("ada", 1))


def mix_kits(root: Path) -> tuple[Path, Path]:
    """Mark two students by different checks."""
    return write(root / "1", make("ada")), write(root / "2", make("ben", kit="other"))


def differ_in_rosters(root: Path) -> tuple[Path, Path]:
    """Have two rosters."""
    folders = write(root / "1", make("ada")), write(root / "2", make("ben"))
    for folder in folders:
        (folder / "roster.csv").write_text(f"student\n{folder.name}\n")
    return folders


def break_a_result(root: Path) -> tuple[Path, Path]:
    """Cut a result in half."""
    folders = write(root / "1", make("ada")), write(root / "2", make("ben"))
    (root / "2/results/ben.json").write_text("{")
    return folders


def name_another_folder(root: Path) -> tuple[Path, Path]:
    """Name a folder in which there are no results."""
    (root / "2").mkdir(parents=True)
    return write(root / "1", make("ada")), root / "2"


REFUSED = {
    contradict: "ada has 3 of 3 in .*, but 1 of 3 in .*The same work had other marks",
    mix_kits: "Marked by different checks: 1 .*Type the same `grade` commands again",
    differ_in_rosters: "differ, and there can be one roster.csv for a class",
    break_a_result: "ben.json is not a result of this version",
    name_another_folder: "2 is no folder of results",
}


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.__name__)
def test_what_contradicts_itself_is_refused(case, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """The sentence says what, and nothing is written."""
    folders = case(tmp_path / "parts")
    with pytest.raises(UsageError, match=REFUSED[case]):
        merge(*folders, out=tmp_path / "marks")
    assert not [each for each in list_files(tmp_path) if "marks/results/" in each]


def test_others_in_the_folder_are_not_mixed_in(
    parts: tuple[Path, Path], tmp_path: Path
) -> None:
    """Results of another class stay what they are."""
    out = write(tmp_path / "marks", make("zoe"))
    with pytest.raises(UsageError, match="holds results of 1 others, such as zoe"):
        merge(*parts, out=out)


def test_codes_are_given_to_a_whole_class(tmp_path: Path) -> None:
    """A part would have codes of its own, which contradict those of another."""
    words = ["grade", str(tmp_path), "--out", str(tmp_path / "m")]
    with pytest.raises(UsageError, match="leave --anonymous to `reelmark merge`"):
        app([*words, "--shard", "1/2", "--anonymous"], standalone_mode=False)
