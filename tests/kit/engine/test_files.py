"""Files: read as what they are, and written whole or not at all."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reelmark.errors import UsageError
from reelmark.files import read_text, write_whole
from sample_class import ROOT

ENGINE = ROOT / "autograder" / "reelmark"

WRITERS = {
    "files": "what everything else writes with",
    "intake.kinds": "snapshots, into new folders of a run",
    "course.evidence.reported": "copies of evidence, into new folders of a run",
    "marking.workspace": "the lock of a run, which holds nothing",
    "handout.bundle": "a bundle, which is put in place when it is whole",
    "handout.wheel": "a wheel, into a temporary folder",
    "course.collection": "a submission, which is put in place when it is whole",
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
    """Where the system takes half of a file, the earlier one stays."""
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
    """Where nothing may be written, the file that was to be is named."""
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
