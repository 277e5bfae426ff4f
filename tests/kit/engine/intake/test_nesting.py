"""Nesting: zips in what was handed in are opened if modules are missing."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from reelmark.errors import RefusedSubmission
from reelmark.intake.archives import INNER_ZIP
from reelmark.intake.snapshots import Snapshot, take_snapshot
from reelmark.intake.submissions import Upload

MODULES = {"reader": ("read",), "writer": ("write",)}
Files = dict[str, str | bytes]


def pack(files: Files) -> bytes:
    """Return a zip of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


BOTH = pack({"cw/reader.py": "r = 1\n", "cw/writer.py": "w = 1\n"})


def take(
    folder: Path, files: Files, *, is_zip: bool
) -> tuple[Snapshot, dict[str, str]]:
    """Take a snapshot of a folder or a zip of files; return what is in it, too."""
    path = folder / ("ada.zip" if is_zip else "ada")
    if is_zip:
        path.write_bytes(pack(files))
    else:
        for name, content in files.items():
            file = path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
    snapshot = take_snapshot(Upload("ada", path), MODULES, folder / "out")
    found = snapshot.folder.rglob("*.py")
    return snapshot, {
        path.relative_to(snapshot.folder).as_posix(): path.read_text() for path in found
    }


@pytest.mark.parametrize("is_zip", [True, False])
class TestNesting:
    """The same of a folder and of a zip."""

    def test_one_zip_is_the_submission(self, tmp_path: Path, *, is_zip: bool) -> None:
        """Nothing is noted: its author handed in a zip, and it was opened."""
        snapshot, files = take(tmp_path, {"work.zip": BOTH}, is_zip=is_zip)
        assert files == {"reader.py": "r = 1\n", "writer.py": "w = 1\n"}
        assert snapshot.notes == ()

    def test_zips_stay_shut_where_nothing_is_missing(
        self, tmp_path: Path, *, is_zip: bool
    ) -> None:
        """A copy from last week does not matter."""
        loose: Files = {"reader.py": "r = 2\n", "writer.py": "w = 2\n"}
        broken: Files = {**loose, "old.zip": b"no zip", "older.zip": BOTH}
        snapshot, files = take(tmp_path, broken, is_zip=is_zip)
        assert files == loose
        assert snapshot.notes == ()

    def test_module_that_is_missing_comes_out_of_a_zip(
        self, tmp_path: Path, *, is_zip: bool
    ) -> None:
        """It is put beside the others; if one exists already, that one counts."""
        mixed: Files = {"reader.py": "r = 2\n", "rest.zip": BOTH}
        snapshot, files = take(tmp_path, mixed, is_zip=is_zip)
        assert files == {"reader.py": "r = 2\n", "writer.py": "w = 1\n"}
        assert snapshot.notes == (
            "'rest.zip' was opened.",
            "'reader.py' in 'rest.zip' was left out: another file of that name lies "
            "beside the zip, and counts.",
        )

    def test_zip_without_modules_gives_nothing(
        self, tmp_path: Path, *, is_zip: bool
    ) -> None:
        """Data in a zip is no reason to note anything."""
        some: Files = {"reader.py": "", "data.zip": pack({"a.csv": "1", "b.py": ""})}
        snapshot, files = take(tmp_path, some, is_zip=is_zip)
        assert files == {"reader.py": ""}
        assert snapshot.notes == ()

    def test_zip_that_is_refused_costs_what_is_in_it(
        self, tmp_path: Path, *, is_zip: bool
    ) -> None:
        """What lies beside it is marked, and its author is told."""
        some: Files = {"reader.py": "r = 2\n", "rest.zip": pack({"../writer.py": ""})}
        snapshot, files = take(tmp_path, some, is_zip=is_zip)
        assert files == {"reader.py": "r = 2\n"}
        assert (
            "'rest.zip' was not opened. The zip holds '../writer.py'"
            in (snapshot.notes[0])
        )

    def test_two_zips_that_say_the_same_are_one(
        self, tmp_path: Path, *, is_zip: bool
    ) -> None:
        """Handed in twice by mistake."""
        _, files = take(tmp_path, {"a.zip": BOTH, "b.zip": BOTH}, is_zip=is_zip)
        assert files == {"reader.py": "r = 1\n", "writer.py": "w = 1\n"}

    def test_zips_that_are_too_large_are_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_zip: bool
    ) -> None:
        """All zips of a submission together have a limit."""
        smaller = replace(INNER_ZIP, max_total_size=10)
        monkeypatch.setattr("reelmark.intake.nesting.INNER_ZIP", smaller)
        with pytest.raises(RefusedSubmission, match="add up to more than"):
            take(tmp_path, {"work.zip": BOTH}, is_zip=is_zip)
