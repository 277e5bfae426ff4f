"""Snapshots: which parts of a submission are copied, and how they are recognised."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kit.stage.handed_in import WORK, linux_only, list_files, save_folder, save_zip
from reelmark.errors import RefusedSubmission
from reelmark.intake import folders, kinds
from reelmark.intake.descent import Descent
from reelmark.intake.snapshots import Snapshot, take_snapshot
from reelmark.intake.submissions import Upload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reelmark.intake.assembly import Functions

    Files = dict[str, str]
    Take = Callable[..., Snapshot]
    Lock = Callable[..., None]

MODULES = {"reader": ("read",), "writer": ("write",)}


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """Take a snapshot of a path, each in a folder of its own."""

    def run(path: Path, functions: Functions = MODULES) -> Snapshot:
        into = Path(tempfile.mkdtemp(dir=tmp_path))
        return take_snapshot(Upload("ada", path), functions, into)

    return run


def make_at_depth(folder: Path, name: str) -> None:
    """Make a file, however long its path is."""
    *parts, last = name.split("/")
    with contextlib.chdir(folder):
        for part in parts:
            Path(part).mkdir()
            os.chdir(part)
        Path(last).touch()


def _swap_for_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/passwd")


def _swap_for_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


class TestSnapshot:
    """A snapshot holds a submission's source and nothing else."""

    def test_source_is_copied(self, tmp_path: Path, take: Take) -> None:
        """Modules come along, and packages of the student's own."""
        files = {**WORK, "own/__init__.py": "", "own/deep/a.py": "z = 3\n"}
        snapshot = take(save_folder(tmp_path / "ada", files))
        assert list_files(snapshot.folder) == sorted(files)
        assert (snapshot.folder / "own/deep/a.py").read_text() == "z = 3\n"
        assert snapshot.notes == ()

    @pytest.mark.parametrize(
        "name",
        [
            "reader.pyc",
            "cw2.ipynb",
            ".hidden.py",
            ".git/a.py",
            "__pycache__/a.py",
            ".ipynb_checkpoints/reader.py",
            "__MACOSX/reader.py",
            ".venv/lib/a.py",
            "venv/lib/a.py",
            "lib/site-packages/a.py",
        ],
    )
    @pytest.mark.parametrize("save", [save_folder, save_zip])
    def test_other_files_are_left_behind(
        self, tmp_path: Path, take: Take, save: Callable[..., Path], name: str
    ) -> None:
        """Anything but the student's own source is skipped silently."""
        snapshot = take(save(tmp_path / "ada.zip", {**WORK, name: ""}))
        assert list_files(snapshot.folder) == sorted(WORK)
        assert snapshot.notes == ()

    def test_an_environment_is_told_by_its_mark(
        self, tmp_path: Path, take: Take
    ) -> None:
        """Whatever it is called, it is skipped, and work beside it is not."""
        files = {**WORK, "pyvenv.cfg": "", "lib/a.py": "", "Scripts/b.py": ""}
        snapshot = take(save_folder(tmp_path / "ada", files))
        assert list_files(snapshot.folder) == sorted(WORK)

    def test_permissions_are_normalised(self, tmp_path: Path, take: Take) -> None:
        """Copies can be read, and do not run."""
        folder = save_folder(tmp_path / "ada", {**WORK, "own/a.py": ""})
        (folder / "own/a.py").chmod(0o4700)
        copied = take(folder).folder / "own/a.py"
        assert stat.S_IMODE(copied.stat().st_mode) == 0o644
        assert stat.S_IMODE(copied.parent.stat().st_mode) == 0o755

    def test_links_are_not_followed(self, tmp_path: Path, take: Take) -> None:
        """A link to a file or a folder is skipped and noted."""
        secret = save_folder(tmp_path / "secret", {"answers.py": "42"})
        folder = save_folder(tmp_path / "ada", WORK)
        (folder / "a.py").symlink_to(secret / "answers.py")
        (folder / "all").symlink_to(secret)
        snapshot = take(folder)
        assert list_files(snapshot.folder) == sorted(WORK)
        assert snapshot.notes == (
            "'a.py' was left out: it is a symbolic link; hand in the file.",
            "'all' was left out: it is a symbolic link; hand in the file.",
        )

    def test_a_submission_that_is_a_link_is_refused(
        self, tmp_path: Path, take: Take
    ) -> None:
        """The submission itself may not lead elsewhere either."""
        (tmp_path / "ada").symlink_to(save_folder(tmp_path / "bob", WORK))
        with pytest.raises(RefusedSubmission, match="symbolic link, which is never"):
            take(tmp_path / "ada")

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
    def test_pipes_and_sockets_are_skipped(
        self, tmp_path: Path, take: Take, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Reading them would wait for ever."""
        folder = save_folder(tmp_path / "ada", WORK)
        os.mkfifo(folder / "a.py")
        monkeypatch.chdir(folder)  # the name of a socket must be short
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("b.py")
            snapshot = take(folder)
        assert list_files(snapshot.folder) == sorted(WORK)
        assert [note.split(":")[1] for note in snapshot.notes] == [
            " it is a device, pipe or socket, no file."
        ] * 2

    def test_an_unreadable_file_is_noted(
        self, tmp_path: Path, take: Take, lock: Lock
    ) -> None:
        """An unreadable file costs only that file."""
        folder = save_folder(tmp_path / "ada", WORK)
        lock("open", "writer.py")
        snapshot = take(folder)
        assert list_files(snapshot.folder) == ["reader.py"]
        assert snapshot.notes == (
            "'writer.py' was left out: it cannot be read (Permission denied).",
        )

    @pytest.fixture
    def lock(self, monkeypatch: pytest.MonkeyPatch) -> Lock:
        """Make a file or a folder unreadable, even for an administrator."""

        def run(way: str, *locked: str) -> None:
            real = getattr(Descent, way)

            def refuse(self: Descent, parts: tuple[str, ...], *more: int) -> object:
                if parts == locked:
                    raise PermissionError(13, "Permission denied")
                return real(self, parts, *more)

            monkeypatch.setattr(Descent, way, refuse)

        return run

    def test_an_unreadable_folder_is_noted(
        self, tmp_path: Path, take: Take, lock: Lock
    ) -> None:
        """An unreadable folder costs only that folder."""
        folder = save_folder(tmp_path / "ada", {**WORK, "own/a.py": ""})
        lock("list", "own")
        snapshot = take(folder)
        assert list_files(snapshot.folder) == sorted(WORK)
        assert snapshot.notes == (
            "'own' was left out: it cannot be read (Permission denied).",
        )

    def test_an_unreadable_submission_is_refused(
        self, tmp_path: Path, take: Take, lock: Lock
    ) -> None:
        """Work that cannot be seen is not marked as if it were empty."""
        folder = save_folder(tmp_path / "ada", WORK)
        lock("list")
        with pytest.raises(RefusedSubmission, match="'ada' cannot be read"):
            take(folder)

    @linux_only
    def test_an_undecodable_name_is_noted(self, tmp_path: Path, take: Take) -> None:
        """Python could not import such a module anyway."""
        folder = save_folder(tmp_path / "ada", WORK)
        (folder / os.fsdecode(b"\xff.py")).write_text("")
        snapshot = take(folder)
        assert list_files(snapshot.folder) == sorted(WORK)
        assert r"'\udcff.py' was left out" in snapshot.notes[0]

    @linux_only
    def test_names_that_differ_in_case_are_refused(
        self, tmp_path: Path, take: Take
    ) -> None:
        """A folder and a zip of it are judged alike."""
        folder = save_folder(tmp_path / "ada", {**WORK, "Reader.py": ""})
        with pytest.raises(RefusedSubmission, match="one name on many systems"):
            take(folder)

    def test_notes_are_limited(self, tmp_path: Path, take: Take) -> None:
        """A stranger cannot fill a report with notes."""
        folder = save_folder(tmp_path / "ada", WORK)
        for number in range(30):
            (folder / f"link{number}").symlink_to("nowhere")
        notes = take(folder).notes
        assert len(notes) == 21
        assert notes[-1] == "There are 10 more notes like these."


class TestLimits:
    """No submission can fill the disk or the memory."""

    def test_too_many_files_are_refused(self, tmp_path: Path, take: Take) -> None:
        """The message says how many are possible."""
        files = {f"a{number}.py": "" for number in range(201)}
        with pytest.raises(RefusedSubmission, match="at most 200 are taken"):
            take(save_folder(tmp_path / "ada", files))

    def test_a_large_file_is_left_out(self, tmp_path: Path, take: Take) -> None:
        """Data in a module costs that module only."""
        files = {**WORK, "data.py": "#" * (kinds.MAX_FILE_SIZE + 1)}
        snapshot = take(save_folder(tmp_path / "ada", files))
        assert list_files(snapshot.folder) == sorted(WORK)
        assert snapshot.notes[0].startswith("'data.py' was left out: it is larger than")

    def test_too_much_source_is_refused(self, tmp_path: Path, take: Take) -> None:
        """Files within the limit may pass it together."""
        files = {f"a{number}.py": "#" * 1_000_000 for number in range(6)}
        with pytest.raises(RefusedSubmission, match=r"5\.7 MB and at most 5 MB"):
            take(save_folder(tmp_path / "ada", files))

    def test_too_many_entries_are_refused(
        self, tmp_path: Path, take: Take, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Looking through a folder ends, whatever is in it."""
        monkeypatch.setattr(folders, "MAX_ENTRIES", 3)
        folder = save_folder(tmp_path / "ada", {f"{n}.txt": "" for n in range(4)})
        with pytest.raises(RefusedSubmission, match="too many to look through"):
            take(folder)

    def test_deep_folders_are_noted(self, tmp_path: Path, take: Take) -> None:
        """Folders in folders end somewhere."""
        files = {**WORK, "d/" * 40 + "a.py": ""}
        snapshot = take(save_folder(tmp_path / "ada", files))
        assert list_files(snapshot.folder) == sorted(WORK)
        assert "lies in too many folders" in snapshot.notes[0]

    @linux_only
    @pytest.mark.parametrize(
        "name",
        [
            "d" * 250 + "/" + "e" * 250 + "/" + "f" * 250 + "/" + "g" * 250 + "/a.py",
            "/".join(["d" * 200] * 19 + ["a.py"]),  # nearly as long as paths can be
            "\u0958" * 80 + ".py",  # accents are stored as one: twice as long then
        ],
        ids=["a thousand bytes", "four thousand bytes", "longer when copied"],
    )
    def test_long_names_are_noted(self, tmp_path: Path, take: Take, name: str) -> None:
        """A helper that no disk would take is left out; the rest is marked."""
        folder = save_folder(tmp_path / "ada", WORK)
        make_at_depth(folder, name)
        snapshot = take(folder)
        assert list_files(snapshot.folder) == sorted(WORK)
        assert "its name is too long; at most 255 bytes" in snapshot.notes[0]

    @linux_only
    def test_longest_names_are_taken(self, tmp_path: Path, take: Take) -> None:
        """A name of 255 bytes, and 1,000 bytes in all, are copied."""
        name = "/".join(["d" * 247] * 3 + ["é" * 126 + ".py"])
        snapshot = take(save_folder(tmp_path / "ada", {**WORK, name: ""}))
        assert (snapshot.folder / name).is_file()
        assert snapshot.notes == ()

    @linux_only
    def test_sparse_file_is_left_out(self, tmp_path: Path, take: Take) -> None:
        """A file that claims a terabyte is not read."""
        folder = save_folder(tmp_path / "ada", WORK)
        with (folder / "a.py").open("wb") as file:
            file.truncate(2**40)
        (note,) = take(folder).notes
        assert "'a.py' was left out: it is larger than 1 MB" in note

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            (lambda path: path.unlink(), "cannot be read (No such file or directory)"),
            (lambda path: path.write_text("#" * 2**21), "it is larger than 1 MB"),
            (_swap_for_link, "cannot be read (Too many levels of symbolic links)"),
            (_swap_for_folder, "cannot be read (not an ordinary file)"),
        ],
        ids=["vanishes", "grows", "becomes a link", "becomes a folder"],
    )
    @linux_only
    def test_file_that_changes_meanwhile_is_noted(
        self,
        tmp_path: Path,
        take: Take,
        monkeypatch: pytest.MonkeyPatch,
        change: Callable[[Path], object],
        told: str,
    ) -> None:
        """What happens to a file after it was seen costs that file only."""
        folder = save_folder(tmp_path / "ada", {**WORK, "a.py": ""})
        check = kinds.check_limits

        def change_then_check(sizes: Iterator[int], kind: kinds.Kind) -> None:
            check(sizes, kind)
            if kind is kinds.SOURCE and (folder / "a.py").is_file():
                change(folder / "a.py")

        monkeypatch.setattr(folders, "check_limits", change_then_check)
        snapshot = take(folder)
        assert list_files(snapshot.folder) == sorted(WORK)
        assert told in snapshot.notes[0]

    @linux_only
    def test_a_link_to_itself_is_noted(self, tmp_path: Path, take: Take) -> None:
        """A link that leads to itself, and one to nowhere, lead nobody anywhere."""
        folder = save_folder(tmp_path / "ada", WORK)
        (folder / "a.py").symlink_to("a.py")
        (folder / "b").symlink_to("x" * 300)
        notes = take(folder).notes
        assert [note.split(":")[1] for note in notes] == [
            " it is a symbolic link; hand in the file."
        ] * 2


class TestHome:
    """The modules are found where the student put them."""

    @pytest.mark.parametrize("save", [save_folder, save_zip])
    @pytest.mark.parametrize("top", ["cw2", "my work/Zoë's cw2"])
    def test_modules_in_one_folder_further_down_are_found(
        self, tmp_path: Path, take: Take, save: Callable[..., Path], top: str
    ) -> None:
        """What lies with them comes along, and a note says so."""
        files = {f"{top}/{name}": text for name, text in WORK.items()}
        more = {f"{top}/own/a.py": "", "elsewhere/b.py": ""}
        snapshot = take(save(tmp_path / "ada.zip", {**files, **more}))
        assert list_files(snapshot.folder) == ["own/a.py", "reader.py", "writer.py"]
        assert snapshot.notes == (
            f"The modules were found in the folder '{top}'; the rest was left out.",
        )

    def test_modules_at_the_top_win_over_old_copies(
        self, tmp_path: Path, take: Take
    ) -> None:
        """The copy nearest to the top is the one that is marked."""
        files = {**WORK, "old/reader.py": "x = 0\n"}
        snapshot = take(save_folder(tmp_path / "ada", files))
        assert (snapshot.folder / "reader.py").read_text() == "x = 1\n"
        assert snapshot.notes == ()

    def test_modules_in_two_folders_are_refused(
        self, tmp_path: Path, take: Take
    ) -> None:
        """The kit does not guess which of two folders is meant."""
        files = {"first/reader.py": "", "second/writer.py": ""}
        with pytest.raises(RefusedSubmission, match=r"\('first' and 'second'\)"):
            take(save_folder(tmp_path / "ada", files))

    def test_missing_modules_are_noted(self, tmp_path: Path, take: Take) -> None:
        """The note says what was looked for and what was there."""
        files = {"words.py": "", "cw2.ipynb": ""}
        snapshot = take(save_folder(tmp_path / "ada", files))
        assert snapshot.notes == (
            "None of the modules was found. Looked for reader.py, writer.py; found "
            "'words.py', 'cw2.ipynb'. Hand in the .py files themselves, or a notebook "
            "with cells that begin with %%module or define the functions; of archives "
            "only zips are opened.",
        )

    def test_an_empty_submission_is_noted(self, tmp_path: Path, take: Take) -> None:
        """A student who handed in nothing gets a result too."""
        snapshot = take(save_folder(tmp_path / "ada", {}))
        assert "found no files" in snapshot.notes[0]
        assert list_files(snapshot.folder) == []


class TestDigest:
    """A digest tells whether two submissions would be marked alike."""

    def test_folder_zip_and_zipped_folder_have_one_digest(
        self, tmp_path: Path, take: Take
    ) -> None:
        """How the same work was packed makes no difference."""
        inner = {f"ada-cw2/{name}": text for name, text in WORK.items()}
        paths = [
            save_folder(tmp_path / "ada", {**WORK, "notes.txt": "hello"}),
            save_zip(tmp_path / "ada.zip", dict(reversed(WORK.items()))),
            save_zip(tmp_path / "inner.zip", inner),
        ]
        assert len({take(path).digest for path in paths}) == 1

    def test_the_digest_is_a_known_one(self, tmp_path: Path, take: Take) -> None:
        """Digests agree between machines and releases."""
        digest = take(save_folder(tmp_path / "ada", WORK)).digest
        assert digest == (
            "5e6e5d92d279b45df3ae654ff3b1f2bbc857ab31fc7367465ae1e7c036189d9f"
        )

    def test_stored_accents_make_no_difference(
        self, tmp_path: Path, take: Take
    ) -> None:
        """Macs may store a name in another form than Linux."""
        one = save_folder(tmp_path / "one", {**WORK, "caf\u00e9.py": ""})
        other = save_folder(tmp_path / "other", {**WORK, "cafe\u0301.py": ""})
        assert take(one).digest == take(other).digest

    @pytest.mark.parametrize(
        "files",
        [
            {"reader.py": "x = 1\ny", "writer.py": " = 2\n"},
            {"reader.py": "y = 2\n", "writer.py": "x = 1\n"},
            {**WORK, "own.py": ""},
            {"reader.py": "x = 1\n"},
        ],
    )
    def test_every_change_shows(self, tmp_path: Path, take: Take, files: Files) -> None:
        """Another name, place or content gives another digest."""
        one = take(save_folder(tmp_path / "one", WORK))
        other = take(save_folder(tmp_path / "other", files))
        assert one.digest != other.digest
