"""Collection: from the exchange, or from zips, without following or unpacking traps."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect
from nbgrader.plugins.zipcollect import ExtractorPlugin
from nbgrader.utils import ignore_patterns

from reelmark.course.evidence.reported import FOLDER, HISTORY, MAX_WEIGHTS, WEIGHTS
from reelmark.course.submissions import STAMP
from reelmark.errors import RefusedSubmission
from reelmark.files import write_whole
from reelmark.handout.report import NAME
from reelmark.intake.archives import read_files
from reelmark.intake.kinds import (
    MEGABYTE,
    SOURCE,
    Kind,
    Parts,
    is_source,
    show,
    write_files,
)
from reelmark.intake.submissions import find_uploads, unrecognised
from reelmark.terminal.machine import is_about_disk

SMALL = ["*.py", "*.ipynb", "*.txt"]
NOTEBOOK = Kind(
    name="notebooks",
    suffixes=(".ipynb",),
    max_files=100,
    max_file_size=100 * MEGABYTE,
    max_total_size=100 * MEGABYTE,
    advice="clear the outputs that no answer needs",
    harmless_size=100 * MEGABYTE,  # outputs may repeat one line for ever
)
PICTURE = Kind(
    name="pictures",
    suffixes=(".png",),
    max_files=200,
    max_file_size=10 * MEGABYTE,
    max_total_size=45 * MEGABYTE,
    advice="save pictures smaller",
)
EVIDENCE = Kind(
    name="files in evidence/",
    suffixes=(HISTORY, WEIGHTS),
    max_files=20,
    max_file_size=MAX_WEIGHTS,
    max_total_size=150 * MEGABYTE,
    advice="leave in evidence/ what the notebook wrote there, and nothing else",
    folder=FOLDER,
)
WORK = (SOURCE, NOTEBOOK, PICTURE, EVIDENCE)
"""What is taken out of a zip; as source, what `reelmark grade` takes out of it."""


class SafeCollect(ExchangeCollect):  # type: ignore[misc]
    """Collects from the exchange, but no links and nothing that is not a file.

    nbgrader copies what a link leads to, as the instructor: into the submission,
    and from there into the feedback.
    """

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy a submission; of one that is too large, code, notebooks and evidence."""
        size = self.get_size(src)
        is_large = size > 1000 * self.coursedir.max_dir_size
        if is_large:
            told = "%s holds %d MB: only code, notebooks and evidence are taken"
            self.log.error(told, src, size // MEGABYTE)
        everything = self._exclude(self.coursedir.include, log)
        others = self._exclude(SMALL, log) if is_large else everything

        def leave_behind(folder: str, names: list[str]) -> set[str]:
            unsafe = {name for name in names if not _is_plain(Path(folder, name))}
            for name in unsafe:
                self.log.error("Left behind, as it is no file: %s/%s", folder, name)
            excluded = everything if self._is_evidence(folder) else others
            return unsafe | set(excluded(folder, names))

        # Half a copy would pass for a submission, and never be completed.
        unfinished = Path(dest).with_name(f".{Path(dest).name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        try:
            shutil.copytree(src, unfinished, symlinks=True, ignore=leave_behind)
            _write_stamp(unfinished, self._path_to_record(src)["timestamp"])
            unfinished.rename(dest)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)

    def _exclude(self, include: list[str], log: Any) -> Any:
        """Return what names files to leave behind, but those that match."""
        return ignore_patterns(
            exclude=self.coursedir.ignore,
            include=include,
            max_file_size=self.coursedir.max_file_size,
            log=log or self.log,
        )

    def _is_evidence(self, folder: str) -> bool:
        is_named = Path(folder).name == FOLDER
        return is_named and self.get_size(folder) <= EVIDENCE.max_total_size


class SafeExtractor(ExtractorPlugin):  # type: ignore[misc]
    """Unpacks ``<student>.zip``: the folder in it that holds the work, within limits.

    A zip that is refused costs its student the submission, with a line that says
    why, and nobody else anything.
    """

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpack every zip to a folder of its student, and say what was not."""
        uploads = Path(archive_path)
        for submission in find_uploads(uploads):
            self._unpack(submission.path, Path(extracted_path))
        for name in unrecognised(uploads):
            self.log.error("Left behind, as it is no zip: %s", show(name))

    def _unpack(self, archive: Path, into: Path) -> None:
        folder, name = into / archive.stem, show(archive.name)
        try:
            notes = unpack_work(archive, folder)
        # A name that is short enough for a zip may be too long for this disk.
        except (RefusedSubmission, OSError) as error:
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, OSError) and is_about_disk(error):
                raise
            self.log.error("Refused: %s (%s)", name, error)
            return
        for note in notes:
            self.log.error("Of %s: %s", name, note)


def unpack_work(
    archive: Path, into: Path, kinds: tuple[Kind, ...] = WORK
) -> tuple[str, ...]:
    """Unpack what a student handed in as a zip.

    Args:
        archive: The zip, as it was handed in.
        into: An empty folder, or one that is to be made.
        kinds: What is taken; the rest stays in the zip.

    Returns:
        Sentences about files that were left out.

    Raises:
        RefusedSubmission: The zip breaks a rule of `reelmark.intake.archives`.
    """
    work = read_files(archive, kinds)
    write_files(work.below(_find_home(work.files)), into)
    return work.notes


def _write_stamp(folder: Path, time: datetime) -> None:
    """Write when a submission was made: its folder's name in the exchange says so.

    The file of the same purpose inside is the student's to write.
    """
    stamp = folder / STAMP
    if stamp.is_dir():
        shutil.rmtree(stamp)
    stamp.unlink(missing_ok=True)
    write_whole(stamp, f"{time} UTC")


def _find_home(names: Iterable[Parts]) -> Parts:
    """Return the folder that holds the work: the notebook, else the code."""
    ranked = sorted(names, key=lambda name: (len(name), name))
    notebooks = [name[:-1] for name in ranked if name[-1] == NAME]
    code = [name[:-1] for name in ranked if is_source(name[-1])]
    return next(iter(notebooks or code), ())


def _is_plain(path: Path) -> bool:
    mode = path.lstat().st_mode
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)
