"""Archives: hostile zips are refused with a reason, honest ones are unpacked."""

from __future__ import annotations

import stat
import tempfile
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.stage.handed_in import NAMES, Files, pack
from kit.stage.properties import STEADY
from reelmark.errors import KitFault, RefusedSubmission
from reelmark.intake import archives, kinds
from reelmark.intake.archives import read_files
from reelmark.intake.kinds import write_files

if TYPE_CHECKING:
    from collections.abc import Callable

    Unpack = Callable[[bytes], dict[str, str]]
    Refusal = Callable[..., str]

MODULE = "x = 1\n"


def unpack(archive: Path, into: Path) -> tuple[str, ...]:
    """Write the source in a zip below ``into``; return the notes on it."""
    read = read_files(archive)
    write_files(read.files, into)
    return read.notes


@pytest.fixture
def unpacked(tmp_path: Path) -> Unpack:
    """Save bytes as a zip, unpack it and return the files that came out."""

    def run(data: bytes) -> dict[str, str]:
        archive = tmp_path / "ada.zip"
        archive.write_bytes(data)
        into = tmp_path / "out" / "ada"
        unpack(archive, into)
        return {
            path.relative_to(into).as_posix(): path.read_text()
            for path in into.rglob("*")
            if path.is_file()
        }

    return run


@pytest.fixture
def refusal(tmp_path: Path) -> Refusal:
    """Save bytes as an archive, expect a refusal and return its sentence."""

    def run(data: bytes, name: str = "ada.zip") -> str:
        archive = tmp_path / name
        archive.write_bytes(data)
        with pytest.raises(RefusedSubmission) as refused:
            unpack(archive, tmp_path / "out")
        assert not (tmp_path / "out").exists()
        return str(refused.value)

    return run


class TestHonestZips:
    """What an honest student packs is unpacked."""

    def test_modules_and_packages_are_unpacked(self, unpacked: Unpack) -> None:
        """Source comes out at its place, whatever the depth."""
        files: Files = {"a.py": MODULE, "own/__init__.py": "", "own/b.py": MODULE}
        assert unpacked(pack(files)) == files

    def test_stored_entries_are_unpacked(self, unpacked: Unpack) -> None:
        """A zip need not be compressed."""
        files: Files = {"a.py": MODULE}
        assert unpacked(pack(files, method=zipfile.ZIP_STORED)) == files

    def test_other_files_stay_in_the_zip(self, unpacked: Unpack) -> None:
        """Only source is written."""
        files: Files = {
            "a.py": MODULE,
            "a.pyc": b"\0",
            "report.pdf": b"%PDF",
            "in.zip": b"PK",
        }
        assert unpacked(pack(files)) == {"a.py": MODULE}

    def test_large_weights_are_no_reason_to_refuse(self, unpacked: Unpack) -> None:
        """Sizes count only for what is unpacked."""
        files: Files = {"a.py": MODULE, "best.weights.h5": b"\0" * 1000}
        data = pack(files, file_size=2_000_000_000)
        assert unpacked(data) == {"a.py": MODULE}

    def test_a_repetitive_notebook_is_no_bomb(self, unpacked: Unpack) -> None:
        """Ratios count only for what is unpacked."""
        files: Files = {"a.py": MODULE, "cw2.ipynb": b" " * 1_000_000}
        assert unpacked(pack(files)) == {"a.py": MODULE}

    def test_a_short_repetitive_module_is_no_bomb(self, unpacked: Unpack) -> None:
        """A high ratio is harmless in a small file."""
        text = "x = 1\n" * 10_000
        assert unpacked(pack({"a.py": text})) == {"a.py": text}

    def test_other_compressions_of_other_files_are_fine(self, unpacked: Unpack) -> None:
        """How a file that stays in the zip is compressed does not matter."""
        data = pack({"a.py": MODULE, "big.csv": b"1,2"}, compress_type=9)
        assert unpacked(data) == {"a.py": MODULE}

    @pytest.mark.parametrize(
        "junk",
        [
            "__MACOSX/a.py",
            "__MACOSX/._a.py",
            "._a.py",
            ".DS_Store",
            ".git/hooks/b.py",
            "__pycache__/c.py",
            ".ipynb_checkpoints/a.py",
        ],
    )
    def test_junk_is_skipped_silently(self, junk: str, tmp_path: Path) -> None:
        """What macOS and other tools leave behind is neither written nor noted."""
        archive = tmp_path / "ada.zip"
        archive.write_bytes(pack({"a.py": MODULE, junk: "junk"}))
        assert unpack(archive, tmp_path / "out") == ()
        assert [path.name for path in (tmp_path / "out").rglob("*")] == ["a.py"]

    def test_environments_are_skipped(self, unpacked: Unpack) -> None:
        """A virtual environment is not unpacked, its links are not looked at."""
        link = zipfile.ZipInfo("env/bin/python")
        data = pack(
            [
                ("a.py", MODULE),
                ("env/pyvenv.cfg", ""),
                ("env/lib/python3/site-packages/b.py", MODULE),
                (link.filename, "/usr/bin/python3"),
            ],
            external_attr=stat.S_IFLNK << 16,
        )
        assert unpacked(data) == {"a.py": MODULE}

    def test_modules_beside_an_environment_are_unpacked(self, unpacked: Unpack) -> None:
        """An environment made in the folder of the coursework hides no work."""
        files: Files = {
            "cw2/pyvenv.cfg": "",
            "cw2/lib/b.py": MODULE,
            "cw2/a.py": MODULE,
        }
        assert unpacked(pack(files)) == {"cw2/a.py": MODULE}

    def test_unmarked_names_are_read_as_utf_8(self, unpacked: Unpack) -> None:
        """Macs write UTF-8 names without saying so."""
        data = pack({"caf__.py": MODULE}).replace(b"caf__", "café".encode())
        assert unpacked(data) == {"café.py": MODULE}

    def test_other_unmarked_names_are_read_as_code_page_437(
        self, unpacked: Unpack
    ) -> None:
        """Bytes that are not UTF-8 are what the format says: code page 437."""
        data = pack({"caf_.py": MODULE}).replace(b"caf_", b"caf\x82")
        assert unpacked(data) == {"café.py": MODULE}

    def test_accents_come_out_in_one_form(self, unpacked: Unpack) -> None:
        """Composed and decomposed accents give the same file name."""
        assert unpacked(pack({"cafe\u0301.py": MODULE})) == {"caf\u00e9.py": MODULE}

    def test_dots_and_double_slashes_are_dropped(self, unpacked: Unpack) -> None:
        """Some tools start every name with "./"."""
        assert unpacked(pack({"./own//a.py": MODULE})) == {"own/a.py": MODULE}

    def test_permissions_are_normalised(self, tmp_path: Path) -> None:
        """Files come out readable and not executable, whatever the zip says."""
        archive = tmp_path / "ada.zip"
        mode = (stat.S_IFREG | 0o4777) << 16
        archive.write_bytes(pack({"own/a.py": MODULE}, external_attr=mode))
        unpack(archive, tmp_path / "out")
        file = tmp_path / "out" / "own" / "a.py"
        assert stat.S_IMODE(file.stat().st_mode) == 0o644
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o755

    def test_one_large_module_is_left_out_and_noted(self, tmp_path: Path) -> None:
        """A file above the limit costs that file only."""
        archive = tmp_path / "ada.zip"
        large = b"#" * (kinds.MAX_FILE_SIZE + 1)
        files: Files = {"a.py": MODULE, "data.py": large}
        archive.write_bytes(pack(files, method=zipfile.ZIP_STORED))
        (note,) = unpack(archive, tmp_path / "out")
        assert note == (
            "'data.py' was left out: it is larger than 1 MB; keep data out of .py "
            "files."
        )
        assert not (tmp_path / "out" / "data.py").exists()

    def test_control_characters_cost_that_file_only(self, tmp_path: Path) -> None:
        """A name no system should hold is left out, and shown escaped."""
        archive = tmp_path / "ada.zip"
        archive.write_bytes(pack({"a.py": MODULE, "b\x1b[2J.py": MODULE}))
        (note,) = unpack(archive, tmp_path / "out")
        assert r"'b\x1b[2J.py' was left out" in note
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.py"]


class TestNames:
    """Names that lead out, cannot be told apart or cannot be written are refused."""

    @pytest.mark.parametrize(
        "name",
        ["../a.py", "own/../../a.py", "/etc/a.py", "C:/a.py", "c:a.py", "./C:/a.py"],
    )
    def test_paths_that_lead_out_are_refused(self, refusal: Refusal, name: str) -> None:
        """No entry is written outside of its folder."""
        assert "leads out of the folder" in refusal(pack({name: MODULE}))

    def test_paths_that_lead_out_are_refused_for_any_file(
        self, refusal: Refusal
    ) -> None:
        """A hostile name is refused even where nothing would be unpacked."""
        assert "leads out of" in refusal(pack({"a.py": MODULE, "../notes.txt": "x"}))

    @pytest.mark.parametrize("name", ["own\\..\\..\\a.py", "\\a.py", "C:\\a.py"])
    def test_backslashes_that_lead_out_are_refused(
        self, refusal: Refusal, name: str
    ) -> None:
        """A backslash is a separator, also for names that lead out."""
        assert "leads out of" in refusal(pack({name: MODULE}))

    def test_backslashes_separate_folders(self, tmp_path: Path) -> None:
        """Some tools of Windows write them: the folders are the same."""
        archive = tmp_path / "ada.zip"
        archive.write_bytes(pack({"own\\": "", "own\\a.py": MODULE}))
        assert unpack(archive, tmp_path / "out") == ()
        assert (tmp_path / "out" / "own" / "a.py").read_text("utf-8") == MODULE

    def test_both_separators_make_one_name(self, refusal: Refusal) -> None:
        """Two spellings of one place are one place."""
        assert "twice" in refusal(pack({"own\\a.py": MODULE, "own/a.py": MODULE}))

    def test_nul_characters_are_refused(self, refusal: Refusal) -> None:
        """Python's zipfile would cut such a name short."""
        assert "NUL character" in refusal(pack({"a.py\0.txt": MODULE}))

    @pytest.mark.parametrize(
        "name", ["a" * 300 + ".py", "é" * 130 + ".py", "d/" * 40 + "a.py", "a/" * 600]
    )
    def test_long_names_are_refused(self, refusal: Refusal, name: str) -> None:
        """Names that no disk accepts are refused before anything is written."""
        assert "too long or lies in too many folders" in refusal(pack({name: MODULE}))

    def test_a_name_used_twice_is_refused(self, refusal: Refusal) -> None:
        """Two entries of one name would leave it open which is marked."""
        with pytest.warns(UserWarning, match="Duplicate name"):
            data = pack([("a.py", MODULE), ("a.py", "x = 2\n")])
        assert "holds 'a.py' twice" in refusal(data)

    @pytest.mark.parametrize(
        ("one", "other"),
        [("a.py", "A.py"), ("own/a.py", "Own/b.py"), ("stra\u00dfe.py", "STRASSE.py")],
    )
    def test_names_that_differ_in_case_are_refused(
        self, refusal: Refusal, one: str, other: str
    ) -> None:
        """On a disk that ignores case, two files would become one."""
        assert "one name on many systems" in refusal(pack({one: "", other: ""}))

    def test_names_that_differ_in_stored_accents_are_refused(
        self, refusal: Refusal
    ) -> None:
        """Composed and decomposed accents are one name."""
        assert "twice" in refusal(pack({"caf\u00e9.py": "", "cafe\u0301.py": ""}))

    def test_a_file_called_like_a_folder_is_refused(self, refusal: Refusal) -> None:
        """A file cannot lie in a file."""
        assert "twice" in refusal(pack({"a.py": MODULE, "a.py/b.py": MODULE}))

    def test_undecodable_names_are_refused(self, refusal: Refusal) -> None:
        """A name marked as UTF-8 must be UTF-8."""
        data = pack({"café.py": MODULE}).replace("café".encode(), b"caf\xff\xfe")
        assert "is damaged" in refusal(data)

    def test_messages_send_nothing_to_a_terminal(self, refusal: Refusal) -> None:
        """A hostile name is shown with escapes."""
        assert r"'../\x1b]0;a.py'" in refusal(pack({"../\x1b]0;a.py": MODULE}))


class TestKinds:
    """Only ordinary, readable files are unpacked."""

    def test_symbolic_links_are_refused(self, refusal: Refusal) -> None:
        """A link may lead anywhere."""
        data = pack({"a.py": "/etc/passwd"}, external_attr=stat.S_IFLNK << 16)
        assert "symbolic link" in refusal(data)

    @pytest.mark.parametrize(
        "kind", [stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK]
    )
    def test_devices_are_refused(self, refusal: Refusal, kind: int) -> None:
        """A device, pipe or socket is not a file."""
        data = pack({"a.py": ""}, external_attr=kind << 16)
        assert "device, pipe or socket" in refusal(data)

    def test_encrypted_entries_are_refused(self, refusal: Refusal) -> None:
        """Marking has no password."""
        assert "without one" in refusal(pack({"a.py": MODULE}, flag_bits=1))

    @pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 9, 99])
    def test_unusual_compression_is_refused(
        self, refusal: Refusal, method: int
    ) -> None:
        """Only methods whose output can be bounded are opened."""
        data = pack({"a.py": MODULE}, compress_type=method)
        assert "unusual method" in refusal(data)

    @pytest.mark.parametrize("name", ["ada.tar.gz", "ada.rar", "ada.7z", "ada.tar"])
    def test_other_archives_are_refused_by_name(
        self, refusal: Refusal, name: str
    ) -> None:
        """The message says which kind of archive to hand in."""
        assert "only .zip archives are opened" in refusal(b"", name)

    @pytest.mark.parametrize(
        ("start", "kind"), [(b"Rar!\x1a\7", "a RAR archive"), (b"7z\xbc\xaf", "a 7z")]
    )
    def test_other_archives_are_told_by_their_bytes(
        self, refusal: Refusal, start: bytes, kind: str
    ) -> None:
        """Renaming an archive does not make it a zip."""
        assert f"is called .zip but is {kind}" in refusal(start + b"\0" * 50)

    def test_text_is_refused(self, refusal: Refusal) -> None:
        """A file's name does not make it a zip."""
        assert "is not a zip file" in refusal(b"print('hello')\n")

    def test_an_empty_file_is_refused(self, refusal: Refusal) -> None:
        """An upload that failed often leaves nothing."""
        assert "'ada.zip' is empty" in refusal(b"")

    def test_a_link_to_a_zip_is_refused(self, tmp_path: Path) -> None:
        """The archive itself may not be a link either."""
        (tmp_path / "real.zip").write_bytes(pack({"a.py": MODULE}))
        (tmp_path / "ada.zip").symlink_to(tmp_path / "real.zip")
        with pytest.raises(RefusedSubmission, match="cannot be opened"):
            unpack(tmp_path / "ada.zip", tmp_path / "out")

    def test_a_folder_called_zip_is_refused(self, tmp_path: Path) -> None:
        """Only an ordinary file is opened."""
        (tmp_path / "ada.zip").mkdir()
        with pytest.raises(RefusedSubmission, match="not an ordinary file"):
            unpack(tmp_path / "ada.zip", tmp_path / "out")


class TestSizes:
    """Bombs are refused from the list of entries, lies while reading."""

    def test_a_bomb_is_refused(self, refusal: Refusal) -> None:
        """Source that shrinks to nothing was made to fill a disk."""
        data = pack({"a.py": b"\0" * 1_000_000})
        assert "more than 200 times its packed size" in refusal(data)

    def test_too_many_modules_are_refused(self, refusal: Refusal) -> None:
        """The message says how many there are and how many there may be."""
        data = pack({f"a{number}.py": "" for number in range(201)})
        assert "holds 201 .py files and at most 200" in refusal(data)

    def test_too_much_source_is_refused(self, refusal: Refusal) -> None:
        """Many files within the limit may pass it together."""
        files: Files = {f"a{n}.py": b"#" * 1_000_000 for n in range(6)}
        data = pack(files, method=zipfile.ZIP_STORED)
        assert "add up to 5.7 MB and at most 5 MB" in refusal(data)

    def test_too_many_entries_are_refused(
        self, refusal: Refusal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Even entries that stay in the zip take time to look through."""
        monkeypatch.setattr(archives, "MAX_ENTRIES", 3)
        data = pack({f"{number}.txt": "" for number in range(4)})
        assert "lists more files than can be looked through" in refusal(data)

    def test_a_huge_list_of_entries_is_never_read(
        self, refusal: Refusal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Memory is bounded before the first entry is known."""
        monkeypatch.setattr(archives, "MAX_DIRECTORY_SIZE", 500)
        data = pack({f"{number}.txt": "" for number in range(20)})
        assert "lists more files than can be looked through" in refusal(data)

    def test_a_size_declared_too_small_is_refused(self, refusal: Refusal) -> None:
        """Reading stops at the declared size, even if the checksum matches."""
        text = b"x = 1\n" * 10_000
        lie = {"file_size": 6, "CRC": zlib.crc32(text[:6])}
        assert "contradicts itself" in refusal(pack({"a.py": text}, **lie))

    def test_a_size_declared_too_large_is_refused(self, refusal: Refusal) -> None:
        """An entry must be as long as it says."""
        assert "contradicts itself" in refusal(pack({"a.py": MODULE}, file_size=60))

    def test_a_stored_size_that_is_no_size_is_refused(self, refusal: Refusal) -> None:
        """A stored entry is as large as its data."""
        data = pack({"a.py": MODULE}, method=zipfile.ZIP_STORED, file_size=3)
        assert "contradicts itself" in refusal(data)

    def test_an_absurd_packed_size_is_refused(self, refusal: Refusal) -> None:
        """Nothing grows when it is compressed, so nothing more need be read."""
        data = pack({"a.py": MODULE}, compress_size=2_000_000_000)
        assert "contradicts itself" in refusal(data)

    def test_shared_bytes_are_refused(self, refusal: Refusal) -> None:
        """Entries that point at one place hold a bomb of any size."""
        data = pack({"a.py": MODULE, "b.py": MODULE}, header_offset=0)
        assert "shares bytes with another entry" in refusal(data)

    def test_quoted_entries_are_refused(self, refusal: Refusal) -> None:
        """An entry may not contain the next one's header."""
        files: list[tuple[str, str | bytes]] = [("a.py", MODULE), ("b.txt", MODULE)]
        data = bytearray(pack(files))
        first = data.index(b"PK\1\2")
        data[first + 20 : first + 24] = (60).to_bytes(4, "little")
        assert "'a.py' in the zip shares bytes" in refusal(bytes(data))


class TestDamage:
    """A broken zip is refused with advice, and never half unpacked."""

    def test_a_zip_cut_short_is_refused(self, refusal: Refusal) -> None:
        """Uploads break off."""
        data = pack({"a.py": MODULE})
        message = refusal(data[: len(data) // 2])
        assert "is damaged or was cut short" in message
        assert "check that it opens before you hand it in" in message

    def test_a_wrong_checksum_is_refused(self, refusal: Refusal) -> None:
        """No other file of such a zip is unpacked either."""
        data = pack({"a.py": MODULE, "b.py": MODULE}, CRC=1)
        assert "is damaged" in refusal(data)

    def test_an_offset_that_leads_nowhere_is_refused(self, refusal: Refusal) -> None:
        """Every entry must start where the list says."""
        assert "is damaged" in refusal(pack({"a.py": MODULE}, header_offset=5))

    def test_a_folder_with_files_in_it_is_a_fault_of_the_kit(
        self, tmp_path: Path
    ) -> None:
        """A snapshot never mixes with what was there before."""
        (tmp_path / "ada.zip").write_bytes(pack({"a.py": MODULE}))
        with pytest.raises(KitFault, match="is not empty"):
            unpack(tmp_path / "ada.zip", tmp_path)

    @STEADY
    @given(st.data())
    def test_broken_bytes_are_refused_or_harmless(self, data: st.DataObject) -> None:
        """Whatever byte is changed, only a refusal is raised."""
        broken = bytearray(pack({"a.py": MODULE, "own/b.py": MODULE, "c.txt": "x"}))
        for _ in range(data.draw(st.integers(1, 3))):
            place = data.draw(st.integers(0, len(broken) - 1))
            broken[place] = data.draw(st.integers(0, 255))
        check_containment(bytes(broken))


@STEADY
@given(st.dictionaries(NAMES.map(lambda name: f"{name}.py"), st.just("x"), max_size=4))
def test_nothing_is_ever_written_outside(files: Files) -> None:
    """Whatever the names, an archive is refused or stays in its folder."""
    try:
        data = pack(files)
    except UnicodeEncodeError:
        return  # half a surrogate pair cannot be put into a zip
    check_containment(data)


def check_containment(data: bytes) -> None:
    """Unpack ``data`` and assert that only source below its folder appears."""
    with tempfile.TemporaryDirectory() as folder:
        archive, into = Path(folder, "deep/ada.zip"), Path(folder, "deep/er/out")
        archive.parent.mkdir()
        archive.write_bytes(data)
        with suppress(RefusedSubmission):
            unpack(archive, into)
        files = {path for path in Path(folder).rglob("*") if path.is_file()}
        assert all(path.is_relative_to(into) for path in files - {archive})
        assert all(path.suffix.casefold() == ".py" for path in files - {archive})
