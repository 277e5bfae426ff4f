"""Hostile downloads: each is refused or explained, and the others are marked.

In every class below three honest students stand around one who is not, or the file
beside them lies. The honest ones' marks are always what their work is worth.
"""

from __future__ import annotations

import os
import stat
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kit.stage.classes import OTHER_COURSEWORK
from kit.stage.lms import (
    MOST,
    Entries,
    pack,
    results_in,
    save_folder,
    save_zip,
    take,
    worth,
)
from kit.stage.quick import QuickBackend
from reelmark.cli import app
from reelmark.errors import KIT_FAILED, UsageError
from reelmark.grading import run as grading_run
from reelmark.intake import snapshots
from reelmark.intake.descent import Descent
from reelmark.intake.kinds import MEGABYTE, Parts
from reelmark.lms.roster import read_roster
from reelmark.results import Result

pytestmark = pytest.mark.slow

MARKS = {"Ada 1": 60.0, "Ben 2": 45.5, "Cy 3": 7.0}
Take = Callable[[Entries], Result]

needs_unix = pytest.mark.skipif(os.name != "posix", reason="made of Unix's files")


def moodle(name: str, number: int, file: str = "cnn.py") -> str:
    """Return what Moodle calls a file."""
    return f"{name}_{number}_assignsubmission_file_/{file}"


HONEST: Entries = {
    moodle("Ada", 1): worth(60),
    moodle("Ben", 2): worth(45.5),
    moodle("Cy", 3): worth(7),
}
EVE = "Eve 66"
EMPTY_ZIP = b"PK\5\6" + b"\0" * 18
LINK, PIPE = stat.S_IFLNK << 16, stat.S_IFIFO << 16


def eve(file: str = "cnn.py") -> str:
    """Return what Moodle calls a file of the student who is not honest."""
    return moodle("Eve", 66, file)


def save_raw(
    entries: Entries, path: Path, change: Callable[[zipfile.ZipInfo], None]
) -> Path:
    """Write a zip in which what is listed of the last entry is not so."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name)
            info.filename = name  # its constructor cuts a name at a NUL
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
        change(archive.filelist[-1])
    return path


def expect_honest(out: Path) -> dict[str, Result]:
    """Expect that the honest were marked; return the others' results."""
    results = results_in(out)
    assert {name: results.pop(name).total for name in MARKS} == MARKS
    return results


@pytest.fixture
def of_eve(tmp_path: Path) -> Take:
    """Marks the class with files of Eve's; returns her result."""

    def run(entries: Entries) -> Result:
        download = save_zip({**HONEST, **entries}, tmp_path / "s.zip")
        take(download, tmp_path / "marks")
        return expect_honest(tmp_path / "marks")[EVE]

    return run


def refused(result: Result) -> str:
    """Expect that work was refused as a whole; return why."""
    assert (result.total, result.max, result.tasks) == (0, 0, ())
    return result.notes[0]


class TestZipsInside:
    """Zips in zips are judged in the same way, with totals over all levels."""

    def test_bomb_in_a_zip_is_not_unpacked(self, of_eve: Take) -> None:
        """A zip of source that would grow a thousand times is refused."""
        bomb = pack({"cnn.py": b"#" * MEGABYTE})
        assert "would grow to more than" in refused(of_eve({eve("w.zip"): bomb}))

    def test_bomb_that_is_a_zip_is_not_copied(self, of_eve: Take) -> None:
        """A zip that would grow out of all proportion is refused before it is."""
        huge = pack({"a.zip": b"\0" * (40 * MEGABYTE)})
        assert "would grow to more than" in refused(of_eve({eve("w.zip"): huge}))

    def test_zips_in_zips_in_zips_have_an_end(self, of_eve: Take) -> None:
        """Only some levels are opened."""
        nested = pack({"cnn.py": worth(60)})
        for _ in range(5):
            nested = pack({"inner.zip": nested})
        assert "3 levels deep" in refused(of_eve({eve("w.zip"): nested}))

    def test_two_levels_are_opened(self, of_eve: Take) -> None:
        """Honest students zip zips as well."""
        nested = pack({"a/b.zip": pack({"c/cnn.py": worth(12)})})
        assert of_eve({eve("w.zip"): nested}).total == 12

    def test_sums_hold_over_all_zips(self, of_eve: Take) -> None:
        """Ten zips of a megabyte each are more source than anybody writes."""
        part = os.urandom(MEGABYTE - 100)
        zips = {
            eve(f"{n}/w.zip"): pack({"part.py": part, "cnn.py": worth(n)})
            for n in range(10)
        }
        assert "add up to" in refused(of_eve(zips))

    def test_zips_without_end_are_not_all_opened(self, of_eve: Take) -> None:
        """The number of zips in a submission is limited."""
        zips = {eve(f"{n:03}.zip"): pack({"notes.txt": "x"}) for n in range(40)}
        result = of_eve({eve(): worth(9), **zips})
        assert result.total == 9
        assert any("more than 20 zips" in note for note in result.notes)

    def test_two_zips_that_differ_are_refused(self, of_eve: Take) -> None:
        """It is not clear which of two is meant."""
        zips = {eve(f"{n}.zip"): pack({"cnn.py": worth(n)}) for n in (1, 2)}
        assert "they differ" in refused(of_eve(zips))

    def test_loose_files_count_before_zips(self, of_eve: Take) -> None:
        """What lies beside a zip is what its author sees."""
        result = of_eve({eve(): worth(33), eve("old.zip"): pack({"cnn.py": worth(1)})})
        assert result.total == 33
        assert any("lies beside the zip" in note for note in result.notes)

    def test_inner_names_that_lead_out_are_refused(self, of_eve: Take) -> None:
        """A zip in a zip writes nowhere either."""
        inner = pack({"../../cnn.py": worth(60)})
        assert "leads out of the folder" in refused(of_eve({eve("w.zip"): inner}))

    def test_rar_called_zip_is_named(self, of_eve: Take) -> None:
        """Its author is told what it is."""
        assert "is a RAR archive" in refused(of_eve({eve("w.zip"): b"Rar!\x1a\7\1\0"}))

    def test_cut_zip_costs_its_author_alone(self, of_eve: Take) -> None:
        """A zip that was cut short is told to be so."""
        whole = pack({"cnn.py": worth(60)})
        assert "damaged or was cut" in refused(of_eve({eve("w.zip"): whole[:40]}))


class TestEntries:
    """A wrong entry in the outer zip's list affects only its student."""

    @pytest.mark.parametrize("name", ["../cnn.py", "a/../../../Ada/cnn.py"])
    def test_names_that_lead_out_are_refused(self, of_eve: Take, name: str) -> None:
        """No part of a name leads out of its owner's folder."""
        assert "leads out of the folder" in refused(of_eve({eve(name): worth(60)}))

    def test_absolute_names_are_refused(self, of_eve: Take) -> None:
        """A name may not begin at the root."""
        result = of_eve({"/" + eve(): worth(60)})
        assert "leads out of the folder" in refused(result)

    def test_names_that_lead_out_by_backslashes_are_refused(self, of_eve: Take) -> None:
        """A backslash is a separator to some tools of Windows."""
        result = of_eve({eve("..\\cnn.py"): worth(60)})
        assert "leads out of the folder" in refused(result)

    def test_names_that_differ_in_case_are_refused(self, of_eve: Take) -> None:
        """Two names that are the same on some disks."""
        result = of_eve({eve("cnn.py"): worth(60), eve("CNN.py"): worth(0)})
        assert "one name on many systems" in refused(result)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (
                lambda i: setattr(i, "external_attr", stat.S_IFLNK << 16),
                "symbolic link",
            ),
            (lambda i: setattr(i, "external_attr", stat.S_IFIFO << 16), "pipe"),
            (lambda i: setattr(i, "flag_bits", i.flag_bits | 1), "encrypted"),
            (lambda i: setattr(i, "compress_type", 12), "unusual method"),
            (lambda i: setattr(i, "file_size", 3), "contradicts itself"),
            (lambda i: setattr(i, "CRC", 1), "is damaged"),
            (lambda i: setattr(i, "filename", eve("a\0b.py")), "NUL character"),
        ],
    )
    def test_entries_that_are_no_files_are_refused(
        self, tmp_path: Path, change: Callable[[zipfile.ZipInfo], None], words: str
    ) -> None:
        """Links, pipes, passwords, odd methods, wrong sizes, damage, NULs."""
        download = save_raw({**HONEST, eve(): worth(60)}, tmp_path / "s.zip", change)
        take(download, tmp_path / "marks")
        assert words in refused(expect_honest(tmp_path / "marks")[EVE])

    def test_name_that_leads_out_of_the_download_is_told(self, tmp_path: Path) -> None:
        """What is nobody's is left out, and said."""
        entries = {**HONEST, "../../evil.py": worth(60)}
        told = take(save_zip(entries, tmp_path / "s.zip"), tmp_path / "marks")
        assert expect_honest(tmp_path / "marks") == {}
        assert "Ignored: '..' (not as Moodle names it)" in told
        assert not (tmp_path.parent / "evil.py").exists()


class TestNames:
    """Nobody's work is taken for another's, whatever they are called."""

    def test_two_students_of_one_name_stay_two(self, tmp_path: Path) -> None:
        """Ids tell them apart."""
        entries = {**HONEST, moodle("Ada", 4): worth(1), moodle("Ada", 5): worth(2)}
        take(save_zip(entries, tmp_path / "s.zip"), tmp_path / "marks")
        others = expect_honest(tmp_path / "marks")
        assert {name: r.total for name, r in others.items()} == {"Ada 4": 1, "Ada 5": 2}

    def test_file_called_like_another_students_stays_its_authors(
        self, tmp_path: Path
    ) -> None:
        """The first id in a name is the one that Moodle wrote."""
        entries = {
            "Ada_1_assignsubmission_file_cnn.py": worth(60),
            "Ben_2_assignsubmission_file_cnn.py": worth(45.5),
            "Cy_3_assignsubmission_file_cnn.py": worth(7),
            "Eve_66_assignsubmission_file_Ada_1_assignsubmission_file_cnn.py": worth(0),
        }
        take(save_zip(entries, tmp_path / "s.zip"), tmp_path / "marks")
        assert set(expect_honest(tmp_path / "marks")) == {EVE}

    def test_name_made_of_moodles_words_is_a_name(self, tmp_path: Path) -> None:
        """Moodle makes spaces of underscores, so the id stays where it is."""
        name = "Ada 1 assignsubmission file"
        entries = {**HONEST, moodle(name, 66): worth(0)}
        take(save_zip(entries, tmp_path / "s.zip"), tmp_path / "marks")
        assert set(expect_honest(tmp_path / "marks")) == {f"{name} 66"}

    def test_one_student_twice_is_marked_twice_and_told(self, tmp_path: Path) -> None:
        """Using another's id takes no marks from them."""
        entries = {**HONEST, moodle("Not Ada", 1): worth(0)}
        told = take(save_zip(entries, tmp_path / "s.zip"), tmp_path / "marks")
        assert set(expect_honest(tmp_path / "marks")) == {"Not Ada 1"}
        assert any("1 is named by 2 submissions" in line for line in told)

    def test_name_that_canvas_never_wrote_is_told(self, tmp_path: Path) -> None:
        """A name that contains another's id gives two with one id, and is reported."""
        entries = {
            "ada_1_10_cnn.py": worth(60),
            "ben_2_11_cnn.py": worth(45.5),
            "eve_1_10_x_66_12_cnn.py": worth(0),
        }
        told = take(save_zip(entries, tmp_path / "s.zip"), tmp_path / "marks")
        totals = {name: r.total for name, r in results_in(tmp_path / "marks").items()}
        assert totals == {"ada 1": 60, "ben 2": 45.5, "eve 1": 0}
        assert any("1 is named by 2 submissions" in line for line in told)

    def test_names_as_long_as_can_be_are_files(self, tmp_path: Path) -> None:
        """A result is written, whatever somebody is called."""
        entries = {**HONEST, moodle("王" * 60, 66): worth(5)}
        take(save_zip(entries, tmp_path / "s.zip"), tmp_path / "marks")
        (other,) = expect_honest(tmp_path / "marks").values()
        assert other.total == 5

    def test_reserved_and_hidden_names_are_files(self, tmp_path: Path) -> None:
        """Names that Windows or a shell would not take are made to be taken."""
        names = ["CON", "..", "~root", "-rf", "NUL.txt", "a:b", "*"]
        entries = {
            **HONEST,
            **{moodle(n, 70 + i): worth(i) for i, n in enumerate(names)},
        }
        take(save_zip(entries, tmp_path / "s.zip"), tmp_path / "marks")
        others = expect_honest(tmp_path / "marks")
        assert sorted(r.total for r in others.values()) == list(range(len(names)))


class TestMetadata:
    """A file that says whose work is whose may lie, and costs nobody their marks."""

    def run(self, tmp_path: Path, metadata: str | bytes) -> tuple[str, ...]:
        """Mark an export with these metadata; expect that both were marked."""
        entries = {
            "submission_1/cnn.py": worth(60),
            "submission_2/cnn.py": worth(45.5),
            "submission_metadata.yml": metadata,
        }
        told = take(save_zip(entries, tmp_path / "s.zip"), tmp_path / "marks")
        totals = [r.total for r in results_in(tmp_path / "marks").values()]
        assert sorted(totals) == [45.5, 60]
        return told

    @pytest.mark.parametrize(
        "metadata",
        [
            "submission_1: [",
            "- a list\n",
            "a: &x [*x]\n",
            "[" * 100_000,
            "- " * 100_000 + "a\n",
            b"\xff\xfe\0\1",
            "!!python/object/apply:os.system ['touch /tmp/owned']",
            "submission_1: !!python/name:os.system\n",
            "? [a, b]\n: c\n",
            "submission_1:\n  :submitters: 7\nsubmission_2: text\n",
            "submission_1:\n  :submitters: [7, ~, [a]]\n",
            "&a a: &b [x,x,x,x,x]\nb: &c [*b,*b,*b,*b]\nc: [*c,*c,*c,*c]\n",
        ],
    )
    def test_metadata_that_cannot_be_used_cost_nobody_marks(
        self, tmp_path: Path, metadata: str | bytes
    ) -> None:
        """Folders are marked under their own names, and that is told."""
        told = self.run(tmp_path, metadata)
        assert any("submission_metadata.yml" in line for line in told)
        assert not Path("/tmp/owned").exists()

    def test_metadata_that_name_what_is_not_there_are_told(
        self, tmp_path: Path
    ) -> None:
        """Metadata about missing files lead nowhere."""
        told = self.run(
            tmp_path,
            "../../etc:\n  :submitters:\n  - :name: Root\n    :sid: '0'\n"
            "submission_1:\n  :submitters:\n  - :name: Ada\n    :sid: 007\n",
        )
        assert any("names what is not there: '../../etc'" in line for line in told)
        people = {p.student: p.id for p in read_roster(tmp_path / "marks")}
        assert people["Ada 007"] == "007"

    def test_one_student_in_two_folders_is_told(self, tmp_path: Path) -> None:
        """Both are marked; the instructor decides which counts."""
        same = "  :submitters:\n  - :name: Ada\n    :sid: '7'\n"
        told = self.run(tmp_path, f"submission_1:\n{same}submission_2:\n{same}")
        assert any("7 is named by 2 submissions" in line for line in told)

    def test_what_is_told_cannot_steer_a_terminal(self, tmp_path: Path) -> None:
        """Metadata with escapes in them are shown as what they are."""
        same = '  :submitters:\n  - :name: Ada\n    :sid: "\\e[2J7"\n'
        told = self.run(tmp_path, f"submission_1:\n{same}submission_2:\n{same}")
        assert all(line.isprintable() for line in told)
        assert any(r"\x1b[2J7 is named by 2" in line for line in told)

    def test_receipt_that_names_another_is_not_believed(self, tmp_path: Path) -> None:
        """A receipt must agree with its own name."""
        stamp = "attempt_2026-03-06-16-55-03"
        entries = {
            f"CW_ada_{stamp}_cnn.py": worth(60),
            f"CW_ada_{stamp}.txt": "Name: Ada (ada)\n",
            f"CW_eve_{stamp}_cnn.py": worth(0),
            f"CW_eve_{stamp}.txt": "Name: Ada (ada)\n",
        }
        told = take(save_zip(entries, tmp_path / "s.zip"), tmp_path / "marks")
        totals = {name: r.total for name, r in results_in(tmp_path / "marks").items()}
        assert totals == {"ada": 60, "eve": 0}
        assert any("Receipts that name nobody" in line for line in told)

    def test_scores_that_are_no_table_are_told(self, tmp_path: Path) -> None:
        """Clones are marked under their folders' names."""
        entries = {
            "cw2-ada/cnn.py": worth(60),
            "cw2-ada/.git/HEAD": "ref: x\n",
            "scores.csv": 'username,late\n"ada',
        }
        told = take(save_folder(entries, tmp_path / "clones"), tmp_path / "marks")
        assert results_in(tmp_path / "marks")["cw2-ada"].total == 60
        assert any("scores.csv cannot be used" in line for line in told)


class TestWholeDownloads:
    """A download that is hostile as a whole is refused, and nothing is written."""

    def refusal(self, path: Path, out: Path) -> str:
        """Expect that a download is refused; return why."""
        with pytest.raises(UsageError) as error:
            take(path, out)
        assert not out.exists()
        return str(error.value)

    def test_cut_download_is_refused(self, tmp_path: Path) -> None:
        """A download that was interrupted has no list of what is in it."""
        path = tmp_path / "s.zip"
        path.write_bytes(pack(HONEST)[:-30])
        said = self.refusal(path, tmp_path / "marks")
        assert "was cut short" in said
        assert "Download it again" in said

    def test_entries_that_share_bytes_are_refused(self, tmp_path: Path) -> None:
        """That is how a small zip holds a thousand large files."""
        path = tmp_path / "s.zip"
        data = bytearray(pack(HONEST))
        place = data.rindex(b"PK\1\2")
        struct.pack_into(
            "<I", data, place + 42, 0
        )  # the last begins where the first does
        path.write_bytes(bytes(data))
        assert "shares bytes" in self.refusal(path, tmp_path / "marks")

    @pytest.mark.parametrize(
        "content", [b"", b"7z\xbc\xaf'\x1c", b"PK\5\6" + b"\0" * 18]
    )
    def test_what_is_no_zip_or_empty_is_refused(
        self, tmp_path: Path, content: bytes
    ) -> None:
        """Its message says what was found and what to do."""
        path = tmp_path / "s.zip"
        path.write_bytes(content)
        assert str(path) in self.refusal(path, tmp_path / "marks")

    def test_names_without_end_are_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The number of names in a zip is limited."""
        monkeypatch.setattr("reelmark.intake.archives.MAX_ENTRIES", 2)
        path = save_zip(HONEST, tmp_path / "s.zip")
        assert "lists more files" in self.refusal(path, tmp_path / "marks")

    def test_half_of_two_systems_is_asked_about(self, tmp_path: Path) -> None:
        """The message says what was considered, and what to type."""
        entries = {
            moodle("Ada", 1): worth(60),
            "lovelaceada_1_2_cnn.py": worth(7),
        }
        path = save_zip(entries, tmp_path / "s.zip")
        said = self.refusal(path, tmp_path / "marks")
        assert "--from moodle or --from canvas" in said
        take(path, tmp_path / "marks", "moodle")
        assert results_in(tmp_path / "marks")["Ada 1"].total == 60

    def test_unknown_shapes_are_explained(self, tmp_path: Path) -> None:
        """Every system that was considered is named, with why it is not that."""
        path = save_zip({"cnn.py": worth(1), "x.pdf": ""}, tmp_path / "s.zip")
        said = self.refusal(path, tmp_path / "marks")
        for word in ("Moodle: no name", "Canvas: no name", "'cnn.py' lies loose"):
            assert word in said


@needs_unix
class TestFolders:
    """A download that was unpacked may hold what no zip can."""

    def run(self, tmp_path: Path, prepare: Callable[[Path], object]) -> Result:
        """Mark the class in a folder, with what Eve made of hers."""
        download = save_folder({**HONEST, eve(): worth(60)}, tmp_path / "s")
        prepare(download / eve().partition("/")[0])
        take(download, tmp_path / "marks")
        return expect_honest(tmp_path / "marks")[EVE]

    def test_links_are_not_followed(self, tmp_path: Path) -> None:
        """A link to another's work does not count as work."""

        def link(folder: Path) -> None:
            (folder / "cnn.py").unlink()
            ada = folder.parent / moodle("Ada", 1)
            (folder / "cnn.py").symlink_to(ada)

        result = self.run(tmp_path, link)
        assert result.total == 0
        assert any("symbolic link" in note for note in result.notes)

    def test_pipes_are_not_waited_for(self, tmp_path: Path) -> None:
        """A pipe would never end."""

        def pipe(folder: Path) -> None:
            os.mkfifo(folder / "lstm.py")
            os.mkfifo(folder / "w.zip")

        assert self.run(tmp_path, pipe).total == 60

    def test_zip_that_is_a_link_is_not_opened(self, tmp_path: Path) -> None:
        """Nor is one that leads to a zip elsewhere."""
        secret = save_zip({"lstm.py": "SECRET"}, tmp_path / "secret.zip")
        result = self.run(tmp_path, lambda f: (f / "w.zip").symlink_to(secret))
        assert result.total == 60
        assert not list((tmp_path / "marks").rglob("lstm.py"))

    def test_folder_that_is_a_link_is_not_entered(self, tmp_path: Path) -> None:
        """A link instead of a folder is not a submission."""
        download = save_folder(HONEST, tmp_path / "s")
        (download / eve().partition("/")[0]).symlink_to(download)
        told = take(download, tmp_path / "marks")
        assert expect_honest(tmp_path / "marks") == {}
        assert any("Eve_66" in line for line in told)

    @pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse them")
    def test_names_that_are_no_text_are_read(self, tmp_path: Path) -> None:
        """A name in another encoding is somebody's all the same."""
        download = save_folder(HONEST, tmp_path / "s")
        odd = os.fsencode(download) + b"/Zo\xeb_9_assignsubmission_file_"
        os.mkdir(odd)  # noqa: PTH102 (its name is bytes)
        Path(os.fsdecode(odd), "cnn.py").write_text(worth(3))
        take(download, tmp_path / "marks")
        (other,) = expect_honest(tmp_path / "marks").values()
        assert other.total == 3


@pytest.mark.skipif(sys.platform == "win32", reason="folders are no descriptors there")
class TestSwaps:
    """A download that was unpacked where somebody else can write."""

    @pytest.mark.parametrize("moment", ["list", "open"])
    @pytest.mark.parametrize("swapped", [".", "src", "src/cnn.py", "w.zip"])
    def test_what_becomes_a_link_meanwhile_leads_nowhere(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, swapped: str, moment: str
    ) -> None:
        """Between any two steps, a folder, a file or a zip becomes a link."""
        work: Entries = {"src/cnn.py": worth(59)}
        if swapped == "w.zip":
            work = {"w.zip": pack({"cnn.py": worth(59)})}
        secret = save_folder(work, tmp_path / "secret")
        mine = {eve(name): content for name, content in work.items()}
        download = save_folder({**HONEST, **mine}, tmp_path / "s")
        place = download / eve().partition("/")[0] / swapped
        real = getattr(Descent, moment)

        def swap(descent: Descent, parts: Parts, *more: object) -> object:
            if "Eve" in str(parts) and not place.is_symlink():
                place.rename(tmp_path / "away")
                place.symlink_to(secret / swapped)
            return real(descent, parts, *more)

        monkeypatch.setattr(Descent, moment, swap)
        take(download, tmp_path / "marks")
        result = expect_honest(tmp_path / "marks")[EVE]
        # A folder that was open before it was swapped is still its author's.
        assert (result.total, bool(result.notes)) == (0, True)


STAMP = "attempt_2026-03-06-16-55-03"
SHAPES: dict[str, Callable[[str], Entries]] = {
    "moodle": lambda name: {f"{name}_7_assignsubmission_file_/words.py": name},
    "canvas": lambda name: {f"{name}_{ord(name[0])}_12_words.py": name},
    "blackboard": lambda name: {f"CW_{name}_{STAMP}_words.py": name},
    "gradescope": lambda name: {
        f"submission_{name}/words.py": name,
        "submission_metadata.yml": "{}",
    },
    "nbgrader": lambda name: {
        f"{name}/films/words.py": name,
        f"{name}/films/timestamp.txt": "2026-03-06 16:55:03 UTC",
    },
    "classroom": lambda name: {f"cw2-{name}/words.py": name, f"cw2-{name}/.git/x": ""},
    "plain": lambda name: {f"{name}/words.py": name},
    "zips": lambda name: {f"{name}.zip": pack({f"{name}/words.py": name})},
}
"""What a download of each kind holds of one student."""


@pytest.mark.parametrize("save", [save_zip, save_folder])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("error", [RuntimeError("odd"), MemoryError(), KeyError("x")])
def test_whatever_one_submission_raises_is_its_own_result(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    save: Callable[[Entries, Path], Path],
    shape: str,
    error: Exception,
) -> None:
    """Wherever a class comes from, and whatever reading one submission raises."""
    entries: dict[str, str | bytes] = {}
    for name in ("ada", "ben", "eve"):
        entries |= SHAPES[shape](name)
    write_files = snapshots.write_files

    def fail(files: dict[Parts, bytes], into: Path) -> None:
        if b"eve" in files.values():
            raise error
        write_files(files, into)

    monkeypatch.setattr(snapshots, "write_files", fail)
    monkeypatch.setattr(grading_run, "choose_backend", lambda *_, **__: QuickBackend())
    monkeypatch.setattr(grading_run.ClassRun, "_accepts", lambda *_: True)
    system = "plain" if shape == "zips" else shape
    words = ["grade", str(save(entries, tmp_path / "s.zip")), "--from", system]
    words += ["--out", str(tmp_path / "marks"), "--coursework", str(OTHER_COURSEWORK)]
    ran = CliRunner().invoke(app, words)
    assert ran.exit_code == KIT_FAILED, ran.output
    results = results_in(tmp_path / "marks")
    (mine,) = (name for name in results if "eve" in name)
    open_marks = {name: result.open for name, result in results.items()}
    assert open_marks.pop(mine) == results[mine].max > 0
    assert [*open_marks.values()] == [0, 0]
    assert f"{mine} could not be marked or shown" in " ".join(ran.output.split())
    assert len([*(tmp_path / "marks" / "feedback").iterdir()]) == 3


def test_every_mark_is_within_what_there_is() -> None:
    """The stage's own marks can be given."""
    assert all(0 <= marks <= MOST for marks in MARKS.values())
