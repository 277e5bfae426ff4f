"""Collection: a course's zips are judged just like those that are graded."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from kit.stage.attack_uploads import FILES, UPLOADS, WORDS, read_uploads
from kit.stage.handed_in import NAMES, Files, linux_only, list_files, pack
from kit.stage.properties import STEADY
from reelmark.course import collection, copying
from reelmark.course.collection import (
    EVIDENCE,
    NOTEBOOK,
    PICTURE,
    WORK,
    SafeCollect,
    SafeExtractor,
    unpack_work,
)
from reelmark.course.copying import Copying
from reelmark.errors import RefusedSubmission
from reelmark.files import remove_tree
from reelmark.handout.report import NAME
from reelmark.intake.archives import read_files
from reelmark.intake.descent import Descent
from reelmark.intake.kinds import MEGABYTE, Kind
from reelmark.results import Status

HOSTILE = {
    name: declared.told
    for name, declared in read_uploads().items()
    if "zip" in name
    if all(state is Status.NOT_CHECKED for _, state in declared.tasks.values())
}
"""The zips among the attacks from which nothing is marked, and their messages."""

OTHER_KINDS = pytest.mark.parametrize(
    ("kind", "name"),
    [
        (NOTEBOOK, "{}.ipynb"),
        (PICTURE, "{}.png"),
        (EVIDENCE, "evidence/{}.csv"),
        (EVIDENCE, "evidence/{}.weights.h5"),
    ],
)
Unpacked = Callable[..., dict[str, bytes]]
Extract = Callable[[dict[str, bytes]], list[str]]
Collect = Callable[..., set[str]]


def noise(size: int) -> bytes:
    """Return bytes that nothing packs any smaller."""
    return random.Random(1).randbytes(size)


@pytest.fixture
def unpacked(tmp_path: Path) -> Unpacked:
    """Save bytes as a zip, unpack it and return what came out."""

    def run(data: bytes, kinds: tuple[Kind, ...] = WORK) -> dict[str, bytes]:
        (tmp_path / "ada.zip").write_bytes(data)
        unpack_work(tmp_path / "ada.zip", tmp_path / "ada", kinds)
        names = list_files(tmp_path / "ada")
        return {name: (tmp_path / "ada" / name).read_bytes() for name in names}

    return run


class TestWork:
    """What is taken out of an honest zip."""

    def test_modules_notebook_and_evidence_are_taken(self, unpacked: Unpacked) -> None:
        """All of it comes out at its place, seen from the notebook."""
        files: Files = {
            NAME: b"{}",
            "words.py": b"x = 1",
            "own/helper.py": b"",
            "model.png": b"PNG",
            "evidence/CNN.csv": b"val_loss",
            "evidence/CNN.weights.h5": b"HDF",
        }
        data = pack({f"my work/{name}": text for name, text in files.items()})
        assert unpacked(data) == files

    @pytest.mark.parametrize(
        "name",
        [
            *("trained/best.weights.h5", "history.csv", "evidence/deep/CNN.csv"),
            *("evidence/model.keras", "evidence/model.h5", "evidence/CNN.pkl"),
            *("timestamp.txt", "gradebook.db", "data.json", "report.html"),
        ],
    )
    def test_other_files_stay_in_the_zip(self, unpacked: Unpacked, name: str) -> None:
        """Neither data nor what nbgrader would read is taken from a student."""
        assert set(unpacked(pack({NAME: b"{}", name: b"x"}))) == {NAME}

    def test_large_weights_are_taken(self, unpacked: Unpacked) -> None:
        """Weights are not source: tens of megabytes of them are fine."""
        weights = noise(20 * MEGABYTE)
        files: Files = {NAME: b"{}", "evidence/LSTM.weights.h5": weights}
        assert unpacked(pack(files)) == files

    def test_repetitive_notebook_is_no_bomb(self, unpacked: Unpacked) -> None:
        """An endlessly repeated output costs nobody the submission."""
        files: Files = {NAME: b"nan " * 500_000}
        assert unpacked(pack(files)) == files

    def test_allowance_is_a_parameter(self, unpacked: Unpacked) -> None:
        """Without the kind, its files stay in the zip."""
        files: Files = {NAME: b"{}", "evidence/CNN.csv": b"", "words.py": b""}
        assert set(unpacked(pack(files), (NOTEBOOK,))) == {NAME}


class TestHostile:
    """Zips from strangers."""

    @pytest.mark.parametrize("name", HOSTILE)
    def test_sentence_is_that_of_grade(self, name: str, tmp_path: Path) -> None:
        """Whatever `reelmark grade` refuses is refused here, in the same words."""
        archive = UPLOADS[name](tmp_path)
        with pytest.raises(RefusedSubmission) as graded:
            read_files(archive)
        with pytest.raises(RefusedSubmission) as collected:
            unpack_work(archive, tmp_path / "ada")
        assert str(collected.value) == str(graded.value)
        assert all(words in str(collected.value) for words in HOSTILE[name])
        assert list(tmp_path.iterdir()) == [archive]

    @OTHER_KINDS
    def test_too_many_files_are_refused(
        self, unpacked: Unpacked, kind: Kind, name: str
    ) -> None:
        """The number of files of each kind is limited."""
        files = {name.format(i): "" for i in range(kind.max_files + 1)}
        told = f"{len(files)} {kind.name} and at most {kind.max_files} are taken"
        with pytest.raises(RefusedSubmission, match=told):
            unpacked(pack({**FILES, **files}))

    @OTHER_KINDS
    def test_too_much_is_refused(
        self, unpacked: Unpacked, kind: Kind, name: str
    ) -> None:
        """The total size of each kind is limited."""
        small = replace(kind, max_total_size=MEGABYTE)
        half = noise(MEGABYTE * 3 // 4)
        data = pack({name.format(1): half, name.format(2): half})
        told = f"The {kind.name} add up to 1.5 MB and at most 1 MB are taken"
        with pytest.raises(RefusedSubmission, match=told):
            unpacked(data, (small,))

    @OTHER_KINDS
    def test_file_that_is_too_large_is_left_out(
        self, kind: Kind, name: str, tmp_path: Path
    ) -> None:
        """It costs its author only that file, and a note says so."""
        small = replace(kind, max_file_size=MEGABYTE)
        large = noise(MEGABYTE + 1)
        path = tmp_path / "ada.zip"
        path.write_bytes(pack({name.format(1): large, name.format(2): b"x"}))
        (note,) = unpack_work(path, tmp_path / "ada", (small,))
        said = (
            f"'{name.format(1)}' was left out: it is larger than 1 MB; {kind.advice}."
        )
        assert note == said
        assert list_files(tmp_path / "ada") == [name.format(2)]

    @OTHER_KINDS
    def test_bomb_is_refused(self, unpacked: Unpacked, kind: Kind, name: str) -> None:
        """No kind of file is unpacked if its compression ratio is excessive."""
        tight = replace(kind, harmless_size=EVIDENCE.harmless_size)
        told = f"200 times its packed size, which {kind.name} never do; {kind.advice}"
        with pytest.raises(RefusedSubmission, match=told):
            unpacked(pack({name.format(1): bytes(MEGABYTE)}), (tight,))

    def test_no_kind_is_without_bounds(self) -> None:
        """All kinds together unpack to at most 300 MB."""
        assert sum(kind.max_total_size for kind in WORK) == 300 * MEGABYTE

    @OTHER_KINDS
    def test_lie_about_a_size_is_refused(
        self, unpacked: Unpacked, kind: Kind, name: str
    ) -> None:
        """A file that unpacks to more than it says is found while it is read."""
        data = pack({name.format(1): b"#" * 2**16}, file_size=2**15)
        with pytest.raises(RefusedSubmission, match="contradicts itself"):
            unpacked(data, (kind,))

    @OTHER_KINDS
    def test_names_that_differ_in_case_are_refused(
        self, unpacked: Unpacked, kind: Kind, name: str
    ) -> None:
        """On a disk that ignores case, two files would become one."""
        data = pack({name.format("a"): "", name.format("A"): ""})
        with pytest.raises(RefusedSubmission, match="one name on many systems"):
            unpacked(data, (kind,))

    @STEADY
    @given(
        st.dictionaries(
            st.tuples(NAMES, st.sampled_from([s for k in WORK for s in k.suffixes])),
            st.just("x"),
            max_size=4,
        )
    )
    def test_nothing_is_ever_written_outside(
        self,
        tmp_path_factory: pytest.TempPathFactory,
        files: dict[tuple[str, str], str],
    ) -> None:
        """Whatever the names, a zip is refused or stays in its folder."""
        folder = tmp_path_factory.mktemp("class")
        archive, into = folder / "ada.zip", folder / "out" / "ada"
        # Half a surrogate pair cannot be put into a zip.
        with suppress(UnicodeEncodeError, RefusedSubmission):
            archive.write_bytes(pack({"".join(name): x for name, x in files.items()}))
            unpack_work(archive, into)
        written = {path for path in folder.rglob("*") if path.is_file()} - {archive}
        assert all(path.is_relative_to(into) for path in written)


class TestExtractor:
    """All zips of a class, as nbgrader has them unpacked."""

    @pytest.fixture
    def extract(self, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Extract:
        """Unpack uploads, some beside an honest zip; return what was logged."""

        def run(uploads: dict[str, bytes]) -> list[str]:
            (tmp_path / "archive").mkdir()
            for name, data in {"zoe.zip": pack({**FILES}), **uploads}.items():
                (tmp_path / "archive" / name).write_bytes(data)
            extractor = SafeExtractor(log=logging.getLogger(__name__))
            extractor.extract(str(tmp_path / "archive"), str(tmp_path / "extracted"))
            assert (tmp_path / "extracted/zoe/words.py").read_text() == WORDS
            return [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]

        return run

    def test_refused_zip_costs_nobody_else(
        self, extract: Extract, tmp_path: Path
    ) -> None:
        """The line names the zip and says why; the others are unpacked."""
        (told,) = extract({"eve.zip": pack({"../words.py": WORDS})})
        assert told.startswith("Refused: 'eve.zip' (The zip holds '../words.py', which")
        assert [p.name for p in (tmp_path / "extracted").iterdir()] == ["zoe"]

    def test_other_archives_are_named(self, extract: Extract) -> None:
        """Other archives and loose files are not silently ignored."""
        rar, loose = extract({"eve.rar": b"Rar!", "notes.txt": b""})
        assert rar.startswith("Refused: 'eve.rar' ('eve.rar' is not a zip; only .zip")
        assert loose == "Left behind, as it is no zip: 'notes.txt'"

    def test_file_left_out_is_named(self, extract: Extract) -> None:
        """Whoever collects is told about modules that are too large."""
        (told,) = extract({"eve.zip": pack({"a.py": "", "b.py": noise(MEGABYTE + 1)})})
        assert told.startswith("Of 'eve.zip': 'b.py' was left out: it is larger")

    def test_name_too_long_for_disks_stops_nobody(
        self, extract: Extract, tmp_path: Path
    ) -> None:
        """The length of names in a zip is counted in bytes, as on disks."""
        long = "/".join(["\U0001f600" * 30] * 32)
        (told,) = extract({"eve.zip": pack({"a.py": "", f"{long}.py": "x"})})
        assert "a name that is too long or lies in too many folders" in told
        assert [p.name for p in (tmp_path / "extracted").iterdir()] == ["zoe"]

    @pytest.mark.parametrize("error", [RuntimeError("odd"), MemoryError(), OSError(28)])
    def test_whatever_a_zip_raises_stops_nobody(
        self,
        extract: Extract,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        error: Exception,
    ) -> None:
        """An unforeseen error in one zip is reported, and the others are unpacked."""
        real = collection.unpack_work

        def fail(archive: Path, into: Path) -> tuple[str, ...]:
            real(archive, into)
            if archive.name == "eve.zip":
                raise error
            return ()

        monkeypatch.setattr(collection, "unpack_work", fail)
        (told,) = extract({"eve.zip": pack({**FILES})})
        assert told.startswith(f"Refused: 'eve.zip' ({type(error).__name__}")
        assert [p.name for p in (tmp_path / "extracted").iterdir()] == ["zoe"]


class TestLarge:
    """What is taken of a submission in the exchange that is larger than allowed."""

    @pytest.fixture
    def collect(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Collect:
        """Collect files of a student from an exchange that allows 10 kB."""
        config = Config()
        config.CourseDirectory.max_dir_size = 10
        step = SafeCollect(
            coursedir=CourseDirectory(config=config),
            authenticator=Authenticator(config=config),
            config=config,
        )
        monkeypatch.setattr(
            SafeCollect,
            "_path_to_record",
            lambda *_: {"timestamp": datetime(2026, 3, 1)},
        )

        def collect(*names: str) -> set[str]:
            for name in names:
                path = tmp_path / "from" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(bytes(4_000))
            step.do_copy(str(tmp_path / "from"), str(tmp_path / "to"))
            return set(list_files(tmp_path / "to")) - {"timestamp.txt"}

        return collect

    WORK = ("cnn.py", "report.ipynb", "evidence/CNN.csv", "evidence/CNN.weights.h5")

    def test_data_and_checkpoints_are_left_behind(self, collect: Collect) -> None:
        """Code, notebook and evidence are taken, but not the training's own folder."""
        others = ("films.csv", "trained/CNN/best.weights.h5")
        assert collect(*self.WORK, *others) == set(self.WORK)

    def test_small_submission_is_taken_whole(self, collect: Collect) -> None:
        """A submission within the limit is taken whole."""
        assert collect("cnn.py", "films.csv") == {"cnn.py", "films.csv"}

    def test_evidence_has_a_limit_of_its_own(
        self, collect: Collect, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Evidence that is itself too large stays behind."""
        small = replace(EVIDENCE, max_total_size=7_000)
        monkeypatch.setattr(collection, "EVIDENCE", small)
        assert collect(*self.WORK) == {"cnn.py", "report.ipynb"}


def make_deep(folder: Path) -> None:
    """Nest folders deeper than Python's own walk can follow."""
    with contextlib.chdir(folder):
        for _ in range(1_200):
            os.mkdir("d")  # noqa: PTH102 (a Path is slow, a thousand times)
            os.chdir("d")


def make_long(folder: Path) -> None:
    """Make a module at a path of four thousand bytes."""
    with contextlib.chdir(folder):
        for _ in range(19):
            Path("d" * 200).mkdir()
            os.chdir("d" * 200)
        Path("a.py").touch()


def make_sparse(folder: Path) -> None:
    """Make a file that claims a terabyte."""
    with (folder / "films.csv").open("wb") as file:
        file.truncate(2**40)


def make_links(folder: Path) -> None:
    """Make links that lead out, to themselves, and nowhere at great length."""
    (folder / "solution.py").symlink_to("/etc/passwd")
    (folder / "itself").symlink_to("itself")
    (folder / "nowhere").symlink_to("x" * 300)


def make_many(folder: Path) -> None:
    """Make more files than are looked through."""
    for number in range(101):
        (folder / f"{number}.txt").touch()


@dataclass
class Exchange:
    """An exchange in which ada, eve and zoe have handed in."""

    step: SafeCollect
    inbound: Path
    submitted: Path

    def place(self, student: str) -> Path:
        """Return what a student handed in."""
        return self.inbound / f"{student}+coursework+2026-03-05 12:00:00 UTC+x"

    def collect(self) -> None:
        """Collect everything."""
        names = sorted(self.inbound.iterdir())
        self.step.src_records = [self.step._path_to_record(str(p)) for p in names]
        self.step.copy_files()

    def files(self, student: str) -> list[str]:
        """Return what was collected of a student."""
        return list_files(self.submitted / student / "coursework")


@linux_only
class TestExchange:
    """What students do to their folders in the exchange, up to collection."""

    @pytest.fixture
    def exchange(self, tmp_path: Path) -> Iterator[Exchange]:
        """The exchange; pytest could not remove what is in it later."""
        config = Config()
        config.CourseDirectory.root = str(tmp_path)
        config.CollectApp.check_owner = False
        directory = CourseDirectory(config=config)
        directory.assignment_id = "coursework"
        step = SafeCollect(
            coursedir=directory, authenticator=Authenticator(config=config)
        )
        step.inbound_path = str(tmp_path / "inbound")
        exchange = Exchange(step, tmp_path / "inbound", tmp_path / "submitted")
        for student in ("ada", "eve", "zoe"):
            exchange.place(student).mkdir(parents=True)
            (exchange.place(student) / "words.py").write_text(WORDS)
        yield exchange
        remove_tree(exchange.inbound)

    @pytest.fixture
    def told(self, caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
        """Return what whoever collects is told."""
        logging.getLogger("traitlets").propagate = True

        def read() -> str:
            errors = [r for r in caplog.records if r.levelname == "ERROR"]
            return "\n".join(record.getMessage() for record in errors)

        return read

    @pytest.mark.parametrize(
        ("make", "words"),
        [
            (make_deep, "too long a name or lies in too many folders"),
            (make_long, "too long a name or lies in too many folders"),
            (make_sparse, "only code, notebooks and evidence are taken"),
            (make_links, "left behind, as it is no file: solution.py"),
            (make_many, "+x' (it holds more than 100 files)"),
        ],
    )
    def test_odd_folder_costs_nobody_else(
        self,
        exchange: Exchange,
        told: Callable[[], str],
        monkeypatch: pytest.MonkeyPatch,
        make: Callable[[Path], None],
        words: str,
    ) -> None:
        """Whatever is beside a module is named, and the class is collected."""
        monkeypatch.setattr(copying, "MAX_ENTRIES", 100)
        make(exchange.place("eve"))
        exchange.collect()
        for neighbour in ("ada", "zoe"):
            assert exchange.files(neighbour) == ["timestamp.txt", "words.py"]
        assert words in told()
        if make is not make_many:
            assert exchange.files("eve") == ["timestamp.txt", "words.py"]
        else:
            assert not (exchange.submitted / "eve" / "coursework").exists()

    def test_file_that_cannot_be_read_is_left_behind(
        self,
        exchange: Exchange,
        told: Callable[[], str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """One file with mode 000 costs that file."""
        (exchange.place("eve") / "closed.py").touch(0o000)
        real = Descent.open

        def refuse(self: Descent, parts: tuple[str, ...]) -> BufferedReader:
            if parts == ("closed.py",):  # an administrator may read any file
                raise PermissionError(13, "Permission denied")
            return real(self, parts)

        monkeypatch.setattr(Descent, "open", refuse)
        exchange.collect()
        assert exchange.files("eve") == ["timestamp.txt", "words.py"]
        assert exchange.files("zoe") == ["timestamp.txt", "words.py"]
        assert "cannot be read (Permission denied): closed.py" in told()

    def test_folder_that_is_swapped_meanwhile_leads_nowhere(
        self, exchange: Exchange, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        """A link that replaces a folder after the first look is not followed."""
        (tmp_path / "secret").mkdir()
        (tmp_path / "secret" / "a.py").write_text("secret")
        own = exchange.place("eve") / "own"
        own.mkdir()
        (own / "a.py").write_text("own")
        real = Copying._find_small_evidence

        def swap(self: Copying, sizes: dict[Any, int]) -> set[Any]:
            if ("own", "a.py") in sizes:
                own.rename(own.with_name("away"))
                own.symlink_to(tmp_path / "secret")
            return real(self, sizes)

        monkeypatch.setattr(Copying, "_find_small_evidence", swap)
        exchange.step.coursedir.max_dir_size = 0
        exchange.collect()
        assert exchange.files("eve") == ["timestamp.txt", "words.py"]

    @pytest.mark.parametrize("name", ["eve+coursework+soon+x", "eve+coursework+"])
    def test_name_without_a_time_is_nobodys(
        self, exchange: Exchange, told: Callable[[], str], name: str
    ) -> None:
        """Anybody can make a folder of any name in the exchange: it ends nothing."""
        (exchange.inbound / name).mkdir()
        exchange.collect()
        assert exchange.files("eve") == ["timestamp.txt", "words.py"]
        assert {p.name for p in exchange.submitted.iterdir()} == {"ada", "eve", "zoe"}
        assert f"Left behind, as its name says no time: '{name}'" in told()

    def test_link_in_the_exchange_is_not_collected(
        self, exchange: Exchange, told: Callable[[], str], tmp_path: Path
    ) -> None:
        """A submission that is a link, to somewhere or nowhere, is named."""
        for student, target in (("bob", tmp_path), ("dan", tmp_path / "nowhere")):
            exchange.place(student).symlink_to(target)
        exchange.collect()
        assert exchange.files("zoe") == ["timestamp.txt", "words.py"]
        assert told().count("Not collected: ") == 2
        assert not list(exchange.submitted.glob("bob/coursework/*"))

    def test_failed_copy_is_not_taken_for_a_submission(
        self, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """If copying ends half-way, nothing is left that could be marked."""

        def fail(*_: object) -> None:
            raise RuntimeError("half-way")

        monkeypatch.setattr(collection, "write_whole", fail)
        exchange.collect()
        assert list_files(exchange.submitted) == []

    def test_full_disk_ends_the_collection(
        self, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What the machine refuses concerns everybody, and is said once."""

        def refuse(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(collection, "write_whole", refuse)
        with pytest.raises(OSError, match="No space left"):
            exchange.collect()
        assert list_files(exchange.submitted) == []
