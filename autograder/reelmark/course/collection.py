"""Collection: from the exchange, or from zips, without following or unpacking traps."""

from __future__ import annotations

import shutil
import stat
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from nbgrader.exchange.default import ExchangeCollect
from nbgrader.plugins.zipcollect import ExtractorPlugin
from nbgrader.utils import ignore_patterns

from reelmark.course.submissions import STAMP
from reelmark.report import NAME
from reelmark.sources import JUNK, MEGABYTE, show

SMALL = ["*.py", "*.ipynb", "*.txt"]
MAX_FILES = 1_000
MAX_SIZE = 300 * MEGABYTE


class SafeCollect(ExchangeCollect):  # type: ignore[misc]
    """Collects from the exchange, but no links and nothing that is not a file.

    nbgrader copies what a link leads to, as the instructor: into the submission,
    and from there into the feedback.
    """

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy a submission; of one that is too large, only code and notebooks."""
        size = self.get_size(src)
        is_large = size > 1000 * self.coursedir.max_dir_size
        if is_large:
            self.log.error("%s holds %d MB: only code is taken", src, size // MEGABYTE)
        excluded = ignore_patterns(
            exclude=self.coursedir.ignore,
            include=SMALL if is_large else self.coursedir.include,
            max_file_size=self.coursedir.max_file_size,
            log=log or self.log,
        )

        def leave_behind(folder: str, names: list[str]) -> set[str]:
            unsafe = {name for name in names if not _is_plain(Path(folder, name))}
            for name in unsafe:
                self.log.error("Left behind, as it is no file: %s/%s", folder, name)
            return unsafe | set(excluded(folder, names))

        shutil.copytree(src, dest, symlinks=True, ignore=leave_behind)
        _write_stamp(Path(dest), self._path_to_record(src)["timestamp"])


class SafeExtractor(ExtractorPlugin):  # type: ignore[misc]
    """Unpacks ``<student>.zip``: the folder in it that holds the work, within limits.

    A zip that is refused costs its student the submission, with a line that says
    why, and nobody else anything.
    """

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpack every zip to a folder of its student; copy folders as they are."""
        for path in sorted(Path(archive_path).glob("*.zip")):
            folder = Path(extracted_path) / path.stem
            try:
                unpack_work(path, folder)
                self.log.info("Unpacked: %s", path.name)
            except (OSError, ValueError, RuntimeError, zipfile.BadZipFile) as error:
                shutil.rmtree(folder, ignore_errors=True)
                self.log.error("Refused: %s (%s)", show(path.name), error)


def unpack_work(archive: Path, into: Path) -> None:
    """Unpack what a student handed in as a zip.

    Raises:
        ValueError: It holds too much, or what is no file.
    """
    with zipfile.ZipFile(archive) as opened:
        entries = [each for each in opened.infolist() if _is_work(each)]
        _check(entries)
        home = _find_home([PurePosixPath(each.filename) for each in entries])
        for entry in entries:
            name = PurePosixPath(entry.filename)
            if not name.is_relative_to(home):
                continue
            target = into.joinpath(*name.relative_to(home).parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            with opened.open(entry) as source, target.open("xb") as file:
                file.write(source.read(entry.file_size))


def _write_stamp(folder: Path, time: datetime) -> None:
    """Write when a submission was made: its folder's name in the exchange says so.

    The file of the same purpose inside is the student's to write.
    """
    stamp = folder / STAMP
    if stamp.is_dir():
        shutil.rmtree(stamp)
    stamp.unlink(missing_ok=True)
    stamp.write_text(f"{time} UTC", encoding="utf-8")


def _check(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_FILES:
        raise ValueError(f"it holds {len(entries)} files; {MAX_FILES} are the most")
    size = sum(entry.file_size for entry in entries)
    if size > MAX_SIZE:
        raise ValueError(f"it would unpack to {size // MEGABYTE} MB")
    for entry in entries:
        parts = PurePosixPath(entry.filename).parts
        mode = entry.external_attr >> 16
        if ".." in parts or entry.filename.startswith("/") or ":" in entry.filename:
            raise ValueError(f"{show(entry.filename)} leads out of it")
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            raise ValueError(f"{show(entry.filename)} is a link, no file")


def _find_home(names: Iterable[PurePosixPath]) -> PurePosixPath:
    """Return the folder that holds the work: the notebook, else the code."""
    ranked = sorted(names, key=lambda name: len(name.parts))
    notebooks = [name for name in ranked if name.name == NAME]
    code = [name for name in ranked if name.suffix == ".py"]
    return (notebooks or code or [PurePosixPath("work")])[0].parent


def _is_work(entry: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(entry.filename).parts
    is_junk = any(part.startswith(".") or part.casefold() in JUNK for part in parts)
    return not entry.is_dir() and (".." in parts or not is_junk)


def _is_plain(path: Path) -> bool:
    mode = path.lstat().st_mode
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)
