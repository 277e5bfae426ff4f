"""``reelmark archive``: everything of a class in one zip with checksums."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kit.stage import mini
from kit.stage.broken import make_result
from reelmark import cli
from reelmark.desk import archiving
from reelmark.desk.archiving import (
    INVENTORY,
    check_archive,
    compute_checksum,
    write_archive,
)
from reelmark.errors import UsageError
from reelmark.manifest import Coursework
from reelmark.results import write_result

HELD = {
    "marks/results/ada.json",
    "marks/feedback/ada.html",
    "marks/adjustments.csv",
    "submissions/ada/doubling.py",
    "submissions/ada/.git/HEAD",
}


class Class:
    """A class that was marked.

    Args:
        root: The folder that its marks and submissions lie in.
        coursework: What it was marked by.
    """

    def __init__(self, root: Path, coursework: Coursework) -> None:
        self.coursework = coursework
        self.marks, self.submissions = root / "marks", root / "class"
        self.zip = root / "kept" / "class.zip"
        write_result(make_result(), self.marks / "results" / "ada.json")
        for name in ("feedback/ada.html", "adjustments.csv", ".settled/ada.json"):
            self.write(self.marks / name, f"what {name} holds")
        for name in ("doubling.py", ".git/HEAD"):
            self.write(self.submissions / "ada" / name, f"what {name} holds")

    def write(self, path: Path, text: str) -> None:
        """Write a file, and the folder that it lies in."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def archive(self) -> Path:
        """Archive it; return the zip."""
        write_archive(self.coursework, self.marks, self.submissions, self.zip)
        return self.zip

    def spoil(self, change: Callable[[dict[str, bytes]], object]) -> Path:
        """Return the archive with other contents, and the inventory that it had."""
        with zipfile.ZipFile(self.archive()) as packed:
            held = {name: packed.read(name) for name in packed.namelist()}
        change(held)
        with zipfile.ZipFile(self.zip, "w") as packed:
            for name, content in held.items():
                packed.writestr(name, content)
        return self.zip


@pytest.fixture
def one(tmp_path: Path, coursework: Coursework) -> Class:
    """A class of one, which was marked."""
    mini.write_suite(coursework, "")
    return Class(tmp_path, coursework)


class TestWriting:
    """What is in an archive."""

    def test_all_of_it_is_there(self, one: Class) -> None:
        """Marks, feedback, what was set by hand, what was handed in; no leftovers."""
        with zipfile.ZipFile(one.archive()) as packed:
            assert set(packed.namelist()) == {*HELD, INVENTORY}
            kept = packed.read("submissions/ada/doubling.py")
        assert kept == (one.submissions / "ada" / "doubling.py").read_bytes()

    def test_what_it_was_marked_with_is_told(self, one: Class) -> None:
        """The coursework, the kit's fingerprint, and the version of every package."""
        inventory = check_archive(one.archive())
        assert inventory.title == one.coursework.title
        assert len(inventory.kit) == 64
        assert {"reelmark", "numpy", "pytest"} <= set(inventory.packages)

    def test_download_is_kept_as_it_came(self, one: Class, tmp_path: Path) -> None:
        """A zip from the LMS is not unpacked."""
        download = tmp_path / "submissions.zip"
        download.write_bytes(b"as it came")
        write_archive(one.coursework, one.marks, download, one.zip)
        with zipfile.ZipFile(one.zip) as packed:
            assert packed.read("submissions/submissions.zip") == b"as it came"

    def test_links_are_left_out_and_told(self, one: Class, tmp_path: Path) -> None:
        """The target of a stranger's link is not part of a submission."""
        one.write(tmp_path / "secret", "not theirs")
        (one.submissions / "ada" / "link").symlink_to(tmp_path / "secret")
        (one.submissions / "ada" / "folder").symlink_to(tmp_path)
        inventory = check_archive(one.archive())
        links = ["submissions/ada/folder", "submissions/ada/link"]
        assert sorted(inventory.left_out) == links
        assert set(inventory.files) == HELD

    def test_name_of_any_bytes_is_kept(self, one: Class) -> None:
        """A name that is not UTF-8 does not lose anybody's work."""
        path = bytes(one.submissions / "ada") + b"/\xff.txt"
        Path(path.decode("utf-8", "surrogateescape")).write_text("mine")
        assert "submissions/ada/\\udcff.txt" in check_archive(one.archive()).files

    def test_file_of_before_1980_is_kept(self, one: Class) -> None:
        """Zips cannot store such a time, but virtual machines' clocks may show it."""
        os.utime(one.submissions / "ada" / "doubling.py", (0, 0))
        assert set(check_archive(one.archive()).files) == HELD

    def test_nothing_is_overwritten(self, one: Class) -> None:
        """An archive is written once."""
        before = one.archive().read_bytes()
        with pytest.raises(UsageError, match="is there already"):
            one.archive()
        assert one.zip.read_bytes() == before

    def test_nothing_half_is_left(
        self, one: Class, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """An interrupted command leaves no zip that looks like an archive."""

        def fail(_: Coursework) -> str:
            raise OSError("the disk is full")

        monkeypatch.setattr(archiving, "fingerprint_kit", fail)
        with pytest.raises(OSError, match="full"):
            one.archive()
        assert list(one.zip.parent.iterdir()) == []

    def test_what_makes_no_sense_is_refused(self, one: Class, tmp_path: Path) -> None:
        """A folder without results, missing submissions, a zip inside itself."""
        nothing, within = tmp_path / "nothing", one.marks / "class.zip"
        with pytest.raises(UsageError, match="holds no results"):
            write_archive(one.coursework, nothing, None, one.zip)
        with pytest.raises(UsageError, match="is not there"):
            write_archive(one.coursework, one.marks, nothing, one.zip)
        with pytest.raises(UsageError, match="lie in what it holds"):
            write_archive(one.coursework, one.marks, None, within)


class TestProof:
    """An archive that was changed is detected."""

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            (lambda held: held.pop("marks/adjustments.csv"), "missing: 'marks/adj"),
            (lambda held: held.update({"marks/new": b""}), "added: 'marks/new'"),
            (
                lambda held: held.update({"marks/adjustments.csv": b"what else"}),
                "changed: 'marks/adjustments.csv'",
            ),
            (lambda held: held.pop(INVENTORY), "not an archive of"),
            (lambda held: held.update({INVENTORY: b"{}"}), "not an archive of"),
            (lambda held: held.update({INVENTORY: b'{"schema": 9}'}), "schema is 9"),
        ],
        ids=["missing", "added", "changed", "no-inventory", "empty", "other-schema"],
    )
    def test_it_is_told_what_changed(
        self, one: Class, change: Callable[[dict[str, bytes]], object], told: str
    ) -> None:
        """Every file is read, and compared with its checksum."""
        with pytest.raises(UsageError, match=told):
            check_archive(one.spoil(change))

    @pytest.mark.parametrize("name", sorted(HELD))
    def test_flipped_bit_is_found(self, one: Class, name: str) -> None:
        """A disk error is detected in whatever file it happens."""
        data = bytearray(one.archive().read_bytes())
        with zipfile.ZipFile(one.zip) as packed:
            entry = packed.getinfo(name)
        begun = entry.header_offset + 30 + len(entry.orig_filename)
        data[begun + entry.compress_size // 2] ^= 0x10
        one.zip.write_bytes(data)
        with pytest.raises(UsageError, match=f"changed: '{name}'"):
            check_archive(one.zip)

    def test_what_is_no_zip_is_refused(self, one: Class) -> None:
        """A sentence, whatever the file is."""
        one.write(one.zip, "no zip")
        with pytest.raises(UsageError, match="is not an archive of"):
            check_archive(one.zip)


def test_command_writes_and_proves(one: Class) -> None:
    """The checksum of the zip itself is printed both times, to be noted elsewhere."""
    to, root = str(one.zip), str(one.coursework.root)
    words = ["archive", str(one.marks), "--to", to, "--submissions"]
    words += [str(one.submissions), "--coursework", root]
    written = CliRunner().invoke(cli.app, words)
    proved = CliRunner().invoke(cli.app, ["archive", to, "--check"])
    assert (written.exit_code, proved.exit_code) == (0, 0), written.output
    checksum = f"SHA-256: {compute_checksum(one.zip)}"
    assert checksum in written.output
    assert checksum in proved.output
    assert "5 files, 0.0 MB: 3 of marks, 2 of submissions" in proved.output


def test_inventory_can_be_read_without_the_kit(one: Class) -> None:
    """It is JSON, and any tool computes the same checksums."""
    with zipfile.ZipFile(one.archive()) as packed:
        files = json.loads(packed.read(INVENTORY))["files"]
    assert set(files) == HELD
    assert set(files["marks/adjustments.csv"]) == {"sha256", "size"}
