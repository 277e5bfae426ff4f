"""Files: written whole, or not at all; folders of strangers are removed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reelmark import files
from reelmark.files import open_temporary, remove_tree


def make_deep(name: str, levels: int) -> Callable[[Path], None]:
    """Return what nests folders of one name, each with a file."""

    def make(folder: Path) -> None:
        with contextlib.chdir(folder):
            for _ in range(levels):
                Path("file").touch()
                os.mkdir(name)  # noqa: PTH102 (a Path is slow, ten thousand times)
                os.chdir(name)

    return make


def make_odd_names(folder: Path) -> None:
    """Make folders and files with names that no author would choose."""
    for name in (
        b"\xff\xfe",
        b"-rf",
        b"\n",
        b"a\nb",
        b"\x1b[2J",
        b"~",
        b"*",
        b"x" * 255,
    ):
        inner = os.path.join(os.fsencode(folder), name)  # noqa: PTH118 (bytes)
        os.mkdir(inner)  # noqa: PTH102 (bytes)
        Path(os.fsdecode(inner), os.fsdecode(name)).touch()


def make_many(folder: Path) -> None:
    """Make thousands of files, in two folders."""
    for name in ("a", "b"):
        (folder / name).mkdir()
        for number in range(2_000):
            os.close(os.open(folder / name / str(number), os.O_CREAT))


def make_special(folder: Path) -> None:
    """Make what is no file: a pipe, links that lead out, round and nowhere."""
    os.mkfifo(folder / "pipe")
    (folder / "out").symlink_to(folder.parent / "beside")
    (folder / "round").symlink_to(folder)
    (folder / "itself").symlink_to("itself")
    (folder / "nowhere").symlink_to("x" * 1_000)


def make_modes(folder: Path) -> None:
    """Make files that nobody may read or write."""
    for mode in (0o000, 0o200, 0o444):
        (folder / f"{mode:o}").touch(mode)


def make_sparse(folder: Path) -> None:
    """Make a file of a terabyte that takes no room."""
    with (folder / "sparse").open("wb") as file:
        file.truncate(2**40)


TREES = {
    "deeper than Python's recursion": make_deep("d", 1_100),
    "three thousand levels deep": make_deep("d", 3_000),
    "deep with long names": make_deep("d" * 200, 300),
    "odd names": make_odd_names,
    "many files": make_many,
    "what is no file": make_special,
    "closed files": make_modes,
    "a sparse file": make_sparse,
}


@pytest.mark.parametrize("tree", TREES)
def test_tree_is_removed(tree: str, tmp_path: Path) -> None:
    """Whatever somebody made, it can be removed, and nothing beside it is."""
    folder, beside = tmp_path / "folder", tmp_path / "beside"
    for each in (folder, beside):
        each.mkdir()
    (beside / "file").touch()
    TREES[tree](folder)
    remove_tree(folder)
    assert not folder.exists()
    assert (beside / "file").exists()


def test_removal_holds_few_files_open(tmp_path: Path) -> None:
    """However deep a tree is, a handful of descriptors is enough."""
    resource = pytest.importorskip("resource")
    make_deep("d", 500)(tmp_path)
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    few = max(int(each.name) for each in Path("/proc/self/fd").iterdir()) + 5
    resource.setrlimit(resource.RLIMIT_NOFILE, (few, limits[1]))
    try:
        remove_tree(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert not tmp_path.exists()


def test_folder_that_is_a_link_is_left(tmp_path: Path) -> None:
    """A link in the place of the folder is not followed."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "file").touch()
    (tmp_path / "link").symlink_to("real")
    remove_tree(tmp_path / "link")
    assert (tmp_path / "real" / "file").exists()


def test_what_is_moved_meanwhile_leads_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever moves a folder away while it is emptied has nothing else removed."""
    doomed, elsewhere = tmp_path / "doomed", tmp_path / "elsewhere"
    (doomed / "a" / "b").mkdir(parents=True)
    (elsewhere / "b" / "kept").mkdir(parents=True)
    real = os.rmdir

    def rmdir(name: str, *, dir_fd: int | None = None) -> None:
        if (doomed / "a").exists():
            (doomed / "a").rename(elsewhere / "a")
        real(name, dir_fd=dir_fd)

    monkeypatch.setattr(os, "rmdir", rmdir)
    remove_tree(doomed)
    assert (elsewhere / "b" / "kept").is_dir()


def test_systems_without_descriptors_of_folders_remove_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows, Python's own removal does it."""
    (tmp_path / "tree" / "deep").mkdir(parents=True)
    monkeypatch.setattr(os, "supports_dir_fd", set())
    remove_tree(tmp_path / "tree")
    assert not (tmp_path / "tree").exists()


def test_temporary_folder_lets_others_through(tmp_path: Path) -> None:
    """A worker that is another user reaches its own folder, and lists no other."""
    with open_temporary(tmp_path) as folder:
        assert folder.stat().st_mode & 0o777 == 0o711
    assert not folder.exists()


def test_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write that fails half-way leaves what was there, and nothing beside it."""
    path = tmp_path / "Ada.json"
    path.write_text("old")
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="disk full"):
        files.write_whole(path, "new")
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {
        "Ada.json": "old"
    }


def refuse(_: int) -> None:
    """Fail as a full disk does."""
    raise OSError("disk full")


def test_longest_file_name_can_be_written(tmp_path: Path) -> None:
    """A name as long as the file system allows is not too long to be written."""
    path = tmp_path / ("a" * 250 + ".json")
    files.write_whole(path, "text")
    assert path.read_text() == "text"
