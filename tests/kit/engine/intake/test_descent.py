"""Descent: a way down that no swapped folder can lead astray."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from kit.stage.handed_in import save_folder
from reelmark.intake import descent
from reelmark.intake.descent import Descent, open_descent

Open = Callable[[], Descent]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A stranger's folder, beside one with a secret."""
    save_folder(tmp_path / "secret", {"a.py": "secret"})
    return save_folder(tmp_path / "ada", {"b.py": "", "own/a.py": "own"})


@pytest.fixture(params=[True, False], ids=["descriptors", "paths"])
def opened(
    folder: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Descent]:
    """The folder, open: as systems with descriptors of folders do it, and without."""
    monkeypatch.setattr(descent, "HAS_DESCRIPTORS", request.param)
    with ExitStack() as stack:
        yield stack.enter_context(open_descent(folder))


def swap(folder: Path) -> None:
    """Put a link to the secret in the place of a folder."""
    folder.rename(folder.with_name("away"))
    folder.symlink_to(folder.parents[1] / "secret")


def names(seen: list[descent.Seen]) -> list[str]:
    """Return the names of what was seen."""
    return [name for name, _ in seen]


def test_entries_are_listed_by_name(opened: Descent) -> None:
    """A folder is listed in one order everywhere, at the top and below."""
    assert names(opened.list((), 10)) == ["b.py", "own"]
    assert names(opened.list(("own",), 10)) == ["a.py"]


def test_listing_is_bounded(opened: Descent) -> None:
    """No more entries are looked at than were asked for."""
    assert len(opened.list((), 1)) == 1


def test_files_are_opened(opened: Descent) -> None:
    """A file is read, at the top and below."""
    for parts, content in ((("b.py",), b""), (("own", "a.py"), b"own")):
        with opened.open(parts) as file:
            assert file.read() == content


def test_swapped_folder_is_not_followed(opened: Descent, folder: Path) -> None:
    """A link in the place of a folder that was there before is an error."""
    swap(folder / "own")
    with pytest.raises(OSError, match=r"[Nn]ot a (folder|directory)"):
        opened.list(("own",), 10)
    with pytest.raises(OSError, match=r"[Nn]ot a (folder|directory)"):
        opened.open(("own", "a.py"))


def test_link_in_place_of_a_file_is_not_followed(opened: Descent, folder: Path) -> None:
    """Neither is one in the place of a file."""
    (folder / "b.py").unlink()
    (folder / "b.py").symlink_to(folder.parent / "secret" / "a.py")
    with pytest.raises(OSError, match="symbolic links"):
        opened.open(("b.py",))


def test_the_folder_itself_can_be_swapped(folder: Path) -> None:
    """Whoever replaces the whole folder is too late."""
    with open_descent(folder) as opened:
        folder.rename(folder.with_name("away"))
        folder.symlink_to(folder.parent / "secret")
        with opened.open(("own", "a.py")) as file:
            assert file.read() == b"own"


def test_link_is_no_folder(folder: Path) -> None:
    """A link to a folder is not opened."""
    link = folder.with_name("link")
    link.symlink_to(folder)
    with pytest.raises(OSError, match="Not a directory"), open_descent(link):
        pass


def test_descriptors_are_closed(folder: Path) -> None:
    """Nothing stays open, whether or not a step went wrong."""
    before = len(list(Path("/proc/self/fd").iterdir()))
    with open_descent(folder) as opened:
        opened.list(("own",), 10)
        with opened.open(("own", "a.py")):
            pass
        for parts in (("none",), ("own", "none")):
            with pytest.raises(FileNotFoundError):
                opened.list(parts, 10)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_an_entry_that_vanishes_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be looked at any more is in the list, with the reason."""

    class Scan:
        """A listing of which one file is removed before it is looked at."""

        def __init__(self, place: int) -> None:
            self._entries = list(scan(place))

        def __enter__(self) -> Iterator[os.DirEntry[str]]:
            (folder / "b.py").unlink()
            return iter(self._entries)

        def __exit__(self, *_: object) -> None:
            pass

    scan = os.scandir
    monkeypatch.setattr(os, "scandir", Scan)
    with open_descent(folder) as opened:
        seen = dict(opened.list((), 10))
    assert isinstance(seen["b.py"], FileNotFoundError)
    assert isinstance(seen["own"], os.stat_result)
