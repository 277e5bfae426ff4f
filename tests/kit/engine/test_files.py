"""Files: reading, writing whole or not at all, and strangers' folders."""

from __future__ import annotations

import ast
import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reelmark.errors import UsageError
from reelmark.files import open_temporary, read_text, remove_tree, write_whole
from sample_class import ROOT

ENGINE = ROOT / "autograder" / "reelmark"

WRITERS = {
    "files": "what everything else writes with",
    "cluster.packets": "what a judge found, into a new folder of a node's",
    "cluster.remote": "a node's answer, into a new scratch folder of a run",
    "intake.archives": "a zip out of a zip, into a temporary folder",
    "intake.kinds": "snapshots, into new folders of a run",
    "course.evidence.reported": "copies of evidence, into new folders of a run",
    "desk.archiving": "an archive, which is put in place when it is proved whole",
    "grading.sources": "what was marked, which is put in place when it is whole",
    "marking.jobs": "a submission's copy for its worker, into a new scratch folder",
    "grading.reference": "a copy of the solutions, into a new folder of a run",
    "marking.workspace": "the lock of a run, which holds nothing",
    "handout.bundle": "a bundle, which is put in place when it is whole",
    "handout.wheel": "a wheel, into a temporary folder",
    "lms.returning": "worksheets, which are put in place when all are whole",
    "course.copying": "a submission, which is put in place when it is whole",
    "verification.recordings": "what a worker had left, into a new scratch folder",
    "verification.cases": "cases, into a folder that is made anew",
    "confinement.canary": "what a canary tries to get at",
    "processes.zygote": "a setting of the system's",
    "terminal.logs": "a log, into a new file",
    "terminal.streams": "what is printed where nobody listens",
}
"""The modules that write files in another way than `write_whole`, and what."""


def _find_writers() -> Iterator[str]:
    """Yield the modules that call something that writes to a file by its name."""
    calls = {"write_text", "write_bytes", "copyfile", "copytree", "copy", "savefig"}
    for path in ENGINE.rglob("*.py"):
        if "templates" in path.parts or "worker" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            words = [a.value for a in node.args if isinstance(a, ast.Constant)]
            modes = [w for w in words if isinstance(w, str) and len(w) <= 3]
            opens = name in ("open", "fdopen") and any(
                set(m) & set("wxa") for m in modes
            )
            is_copy = name != "copy" or getattr(node.func, "value", None) is not None
            if opens or (name in calls and is_copy and not _is_other_copy(node)):
                yield ".".join(path.relative_to(ENGINE).with_suffix("").parts)


def _is_other_copy(node: ast.Call) -> bool:
    """Whether a call copies an object, or the environment, and no file."""
    owner = ast.unparse(node.func).partition(".copy")[0]
    return ast.unparse(node.func).endswith(".copy") and owner != "shutil"


def test_files_are_written_whole_or_for_a_reason() -> None:
    """A module that writes in its own way says what, and loses nothing by it."""
    assert set(_find_writers()) == set(WRITERS)


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
    """Whatever somebody made can be removed, and nothing else is."""
    folder, beside = tmp_path / "folder", tmp_path / "beside"
    for each in (folder, beside):
        each.mkdir()
    (beside / "file").touch()
    TREES[tree](folder)
    remove_tree(folder)
    assert not folder.exists()
    assert (beside / "file").exists()


def test_removal_holds_few_files_open(tmp_path: Path) -> None:
    """However deep a tree is, a handful of descriptors suffices."""
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
    """A link instead of the folder is not followed."""
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
        write_whole(path, "new")
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {
        "Ada.json": "old"
    }


def refuse(_: int) -> None:
    """Fail as a full disk does."""
    raise OSError("disk full")


def test_file_that_can_grow_no_further_is_named(tmp_path: Path) -> None:
    """If the system accepts only half of a file, the earlier one stays."""
    resource = pytest.importorskip("resource")
    path = tmp_path / "grades.csv"
    path.write_text("old", encoding="utf-8")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large") as failed:
            write_whole(path, "new" * 1000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert failed.value.filename == str(path)
    assert path.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_interrupted_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in the middle of it leaves what was there, and nothing beside it."""
    path = tmp_path / "grades.csv"
    path.write_text("old", encoding="utf-8")

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, "new")
    assert path.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("content", ["a\r\nb\n", b"a\r\nb\n"], ids=["text", "bytes"])
def test_line_ends_are_written_as_they_are(
    tmp_path: Path, content: str | bytes
) -> None:
    """The same text is the same bytes on every system."""
    write_whole(tmp_path / "a.txt", content)
    assert (tmp_path / "a.txt").read_bytes() == b"a\r\nb\n"


@pytest.mark.skipif(sys.platform == "win32", reason="folders are closed in another way")
@pytest.mark.skipif(getattr(os, "geteuid", int)() == 0, reason="root may do anything")
def test_closed_folder_is_named(tmp_path: Path) -> None:
    """If writing is not allowed, the message names the file."""
    tmp_path.chmod(0o500)
    with pytest.raises(PermissionError) as refused:
        write_whole(tmp_path / "a.txt", "a")
    assert refused.value.filename == str(tmp_path / "a.txt")


def test_text_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    """The message says which file, and in which line."""
    path = tmp_path / "coursework.toml"
    path.write_bytes(b"[coursework]\ntitle = 'Zo\xeb'\n")
    with pytest.raises(UsageError, match=r"coursework\.toml, line 2, holds what"):
        read_text(path)


def test_longest_file_name_can_be_written(tmp_path: Path) -> None:
    """A name as long as the file system allows is not too long to be written."""
    path = tmp_path / ("a" * 250 + ".json")
    write_whole(path, "text")
    assert path.read_text() == "text"
