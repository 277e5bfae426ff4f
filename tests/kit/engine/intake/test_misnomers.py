"""Misnomers: a module renamed by a browser is taken, and a note says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.stage.handed_in import save_folder, save_zip
from reelmark.intake.misnomers import find_meant
from reelmark.intake.snapshots import Snapshot, take_snapshot
from reelmark.intake.submissions import Upload

MODULES = ("image_processing", "cnn", "lab_2")
FUNCTIONS = {module: (f"run_{module}",) for module in MODULES}
Files = dict[str, str]


def take(
    folder: Path, files: Files, *, is_zip: bool = False
) -> tuple[Snapshot, dict[str, str]]:
    """Take a snapshot of files; return what is in it, too."""
    save = save_zip if is_zip else save_folder
    upload = Upload("ada", save(folder / "ada.zip", files))
    snapshot = take_snapshot(upload, FUNCTIONS, folder / "out")
    found = snapshot.folder.rglob("*")
    return snapshot, {path.name: path.read_text() for path in found}


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("Cnn.py", "cnn"),
        ("cnn.PY", "cnn"),
        ("cnn-1.py", "cnn"),
        ("cnn (1).py", "cnn"),
        ("cnn(12).py", "cnn"),
        ("cnn.py.txt", "cnn"),
        ("cnn (1).py.txt", "cnn"),
        ("cnn copy.py", "cnn"),
        ("Copy of cnn.py", "cnn"),
        ("cnn - Kopie (2).py", "cnn"),
        ("image_processing (1).py", "image_processing"),
        ("image-processing.py", "image_processing"),
        ("Image Processing.py", "image_processing"),
        ("lab_2-1.py", "lab_2"),
        ("my_cnn.py", None),
        ("cnn_old.py", None),
        ("cnn2.py", None),
        ("lab.py", None),
        (".py", None),
    ],
)
def test_module_is_known_by_what_is_added_to_its_name(
    name: str, module: str | None
) -> None:
    """Numbers, copies, capitals and .txt come from software; words from the author."""
    assert find_meant(name, MODULES) == module


@pytest.mark.parametrize("is_zip", [True, False])
@pytest.mark.parametrize(
    "name",
    ["Cnn.py", "image_processing (1).py", "cnn-1.py", "cnn.py.txt", "cnn.PY"],
)
def test_only_candidate_is_taken_and_said(
    tmp_path: Path, name: str, *, is_zip: bool
) -> None:
    """It lies where the module should."""
    module = find_meant(name, MODULES)
    snapshot, files = take(tmp_path, {name: "x = 1\n"}, is_zip=is_zip)
    assert files == {f"{module}.py": "x = 1\n"}
    assert snapshot.notes == (f"'{name}' was taken for {module}.py.",)


def test_module_that_is_there_counts(tmp_path: Path) -> None:
    """A copy beside it does not matter."""
    snapshot, files = take(tmp_path, {"cnn.py": "x = 1\n", "cnn (1).py": "x = 2\n"})
    assert files["cnn.py"] == "x = 1\n"
    assert snapshot.notes == ()


def test_of_several_candidates_none_is_taken(tmp_path: Path) -> None:
    """They are named, with what to do."""
    given = {"lab_2.py": "", "cnn (1).py": "x = 1\n", "cnn-2.py": "x = 2\n"}
    snapshot, files = take(tmp_path, given)
    assert files == given
    assert snapshot.notes == (
        "cnn.py is missing, and 'cnn (1).py' or 'cnn-2.py' may be meant: it cannot be "
        "told which. Call the right one cnn.py.",
    )


def test_candidates_that_are_the_same_are_one(tmp_path: Path) -> None:
    """Whichever is taken, the marks are the same."""
    _, files = take(tmp_path, {"cnn (1).py": "x = 1\n", "cnn (2).py": "x = 1\n"})
    assert files == {"cnn.py": "x = 1\n"}


def test_well_named_modules_say_which_folder_is_meant(tmp_path: Path) -> None:
    """A download at the top does not hide the work further down."""
    given = {"cnn (1).py": "x = 1\n", "cw/lab_2.py": "x = 2\n", "cw/Cnn.py": "x = 3\n"}
    snapshot, files = take(tmp_path, given)
    assert files == {"lab_2.py": "x = 2\n", "cnn.py": "x = 3\n"}
    assert "'cw/Cnn.py' was taken for cnn.py." in snapshot.notes


def test_text_that_is_no_module_is_named_where_nothing_was_found(
    tmp_path: Path,
) -> None:
    """It is a file like others."""
    snapshot, files = take(tmp_path, {"notes.py.txt": "x = 1\n"})
    assert files == {}
    assert "found 'notes.py.txt'" in snapshot.notes[0]
