"""Submissions: what students hand in is found and named safely."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kit.stage.handed_in import WORK, linux_only, save_folder, save_zip
from kit.stage.properties import STEADY
from reelmark.errors import RefusedSubmission, UsageError
from reelmark.intake import submissions
from reelmark.intake.snapshots import take_snapshot
from reelmark.intake.submissions import Upload, find_uploads


@pytest.fixture
def class_folder(tmp_path: Path) -> Path:
    """An empty folder of submissions."""
    folder = tmp_path / "class"
    folder.mkdir()
    return folder


class TestFindSubmissions:
    """Every folder and every zip is a student."""

    def test_folders_and_zips_are_submissions(self, class_folder: Path) -> None:
        """They come sorted, called as their students are."""
        save_zip(class_folder / "bob.zip", WORK)
        save_folder(class_folder / "cy", WORK)
        save_zip(class_folder / "ada.ZIP", WORK)
        assert find_uploads(class_folder) == [
            Upload("ada", class_folder / "ada.ZIP"),
            Upload("bob", class_folder / "bob.zip"),
            Upload("cy", class_folder / "cy"),
        ]

    @pytest.mark.parametrize("name", [".git", "__MACOSX", "__pycache__", ".ada.zip"])
    def test_hidden_entries_are_skipped(self, class_folder: Path, name: str) -> None:
        """Tools' leftovers are not students."""
        save_folder(class_folder / name, {})
        save_folder(class_folder / "ada", WORK)
        assert [each.student for each in find_uploads(class_folder)] == ["ada"]
        assert submissions.unrecognised(class_folder) == []

    def test_loose_files_are_reported(self, class_folder: Path) -> None:
        """A file that is not an archive is not a student, but it is mentioned."""
        save_folder(class_folder, {"notes.txt": "", "reader.py": "", "ada/a.py": ""})
        assert [each.student for each in find_uploads(class_folder)] == ["ada"]
        assert submissions.unrecognised(class_folder) == ["notes.txt", "reader.py"]

    @pytest.mark.parametrize("name", ["ada.rar", "ada.7z", "ada.tar.gz", "ada.tgz"])
    def test_other_archives_are_submissions(
        self, class_folder: Path, name: str, tmp_path: Path
    ) -> None:
        """Their students get a result, which says to hand in a zip."""
        (class_folder / name).write_bytes(b"?")
        (found,) = find_uploads(class_folder)
        assert found.student == "ada"
        with pytest.raises(RefusedSubmission, match=r"only \.zip archives are opened"):
            take_snapshot(found, {"reader": ("read",)}, tmp_path / "own")

    def test_a_folder_and_a_zip_of_one_student_are_refused(
        self, class_folder: Path
    ) -> None:
        """Nobody can tell which of them is to be marked."""
        save_folder(class_folder / "ada", WORK)
        save_zip(class_folder / "ada.zip", WORK)
        with pytest.raises(UsageError) as refused:
            find_uploads(class_folder)
        assert str(refused.value) == (
            "'ada' and 'ada.zip' are both the submission of ada: keep the one to be "
            f"marked and move the other out of {class_folder}."
        )

    def test_students_who_differ_in_case_only_are_refused(
        self, class_folder: Path
    ) -> None:
        """Their results would be one file on a disk that ignores case."""
        save_folder(class_folder / "Ada", WORK)
        save_zip(class_folder / "ada.zip", WORK)
        with pytest.raises(UsageError, match=r"'Ada' and 'ada\.zip' name students who"):
            find_uploads(class_folder)

    @linux_only
    def test_students_who_differ_in_stored_accents_are_refused(
        self, class_folder: Path
    ) -> None:
        """Composed and decomposed accents are one name on other systems."""
        save_folder(class_folder / "Zo\u00eb", WORK)
        save_folder(class_folder / "Zoe\u0308", WORK)
        with pytest.raises(UsageError, match="both the submission of"):
            find_uploads(class_folder)

    def test_all_doubtful_pairs_are_told_at_once(self, class_folder: Path) -> None:
        """A list that is long is cut, and says so."""
        for number in range(7):
            save_folder(class_folder / f"s{number}", WORK)
            save_zip(class_folder / f"s{number}.zip", WORK)
        with pytest.raises(UsageError, match=r"of s0: .* of s4: .*\(2 more like these"):
            find_uploads(class_folder)

    def test_a_missing_folder_is_refused(self, tmp_path: Path) -> None:
        """The message says what was expected."""
        with pytest.raises(
            UsageError, match=r"does not exist\. Expected a folder with"
        ):
            find_uploads(tmp_path / "nowhere")

    def test_a_file_is_refused(self, tmp_path: Path) -> None:
        """One student's zip is not a class."""
        with pytest.raises(UsageError, match=r"is not a folder\. Expected a folder"):
            find_uploads(save_zip(tmp_path / "ada.zip", WORK))

    def test_an_empty_folder_is_refused(self, class_folder: Path) -> None:
        """The message shows the layout."""
        with pytest.raises(
            UsageError, match=r"no submissions\. Expected one folder or"
        ):
            find_uploads(class_folder)

    def test_one_students_own_folder_is_refused(self, class_folder: Path) -> None:
        """The message names the loose files and where to put them."""
        save_folder(class_folder, WORK)
        with pytest.raises(
            UsageError, match=r"only 'reader\.py', 'writer\.py'\. .* own"
        ):
            find_uploads(class_folder)


class TestStem:
    """A stem is a safe file name for any student."""

    @pytest.mark.parametrize(
        "name", ["ada", "Ada Lovelace_123_file_", "Zoë", "王小明", "o'neil", "a.b-c"]
    )
    def test_ordinary_names_are_kept(self, name: str) -> None:
        """Nobody is renamed without need."""
        assert Upload(name, Path(name)).stem == name

    @pytest.mark.parametrize(
        "name",
        [
            "",
            "-rf",
            " ada",
            "ada.",
            "con",
            "NUL.txt",
            "a:b",
            "a/b",
            "a\\b",
            "~",
            "*",
            "x" * 101,
            "é" * 60,
            "\x1b[2J",
            "a\nb",
            "\udcff",
            "\u202eada",
            ".ada",
        ],
    )
    def test_unsafe_names_are_mapped(self, name: str) -> None:
        """The stem is plain, short and no option, path or device."""
        stem = Upload(name, Path("x")).stem
        assert stem.isascii()
        assert stem.replace("~", "").replace("-", "").isalnum()
        assert 13 < len(stem) < 60
        assert not stem.startswith("-")

    @STEADY
    @given(st.lists(st.text(st.characters(), max_size=120), unique=True, max_size=5))
    @example(["a\x01", "a\\x01", "a\\\\x01", "a?", "a*", "a~"])
    def test_stems_are_unique(self, names: list[str]) -> None:
        """Two students never share a stem."""
        stems = {Upload(name, Path("x")).stem for name in names}
        assert len(stems) == len(names)

    @linux_only
    def test_undecodable_names_are_printable(self, class_folder: Path) -> None:
        """Any file name that a disk allows gives a student with a result."""
        for raw in (b"\xffada", b"a\x1b[2Jda", rb"a\x1b[2Jda", b"-ada"):
            os.mkdir(os.fsencode(class_folder) + b"/" + raw)  # noqa: PTH102 - raw bytes
        found = find_uploads(class_folder)
        assert [each.student for each in found] == sorted(
            [r"\udcffada", r"a\x1b[2Jda", r"a\\x1b[2Jda", "-ada"]
        )
        assert len({each.stem for each in found}) == 4
        assert all(each.path.is_dir() for each in found)


def test_intake_imports_nothing_heavy() -> None:
    """Looking through submissions needs the standard library only."""
    code = "import sys, reelmark.intake.submissions; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in run.stdout.split()}
    assert not loaded & {"numpy", "tensorflow", "keras", "pandas", "pytest", "rich"}
