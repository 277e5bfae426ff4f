"""Collection: from the exchange, or from zips, without following or unpacking traps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.exchange import ExchangeError
from nbgrader.exchange.default import ExchangeCollect
from nbgrader.plugins.zipcollect import ExtractorPlugin

from reelmark.course.copying import Copying
from reelmark.course.evidence.reported import FOLDER, HISTORY, MAX_WEIGHTS, WEIGHTS
from reelmark.course.submissions import STAMP
from reelmark.files import remove_tree, write_whole
from reelmark.grading.trouble import concerns_everybody, describe_error
from reelmark.handout.report import NAME
from reelmark.intake.archives import read_files
from reelmark.intake.descent import open_descent
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
from reelmark.manifest import KIT
from reelmark.text import printable

NOTEBOOK = Kind(
    name="notebooks",
    suffixes=(".ipynb",),
    max_files=100,
    max_file_size=100 * MEGABYTE,
    max_total_size=100 * MEGABYTE,
    advice="clear the outputs that no answer needs",
    harmless_size=100 * MEGABYTE,  # outputs may repeat one line endlessly
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
"""What is taken from a zip; as source, the same as `reelmark grade` takes."""


class SafeCollect(ExchangeCollect):  # type: ignore[misc]
    """Collects from the exchange, but no links and nothing that is not a file.

    nbgrader, running as the instructor, copies what a link leads to into the
    submission, and from there into the feedback. And any error in one submission
    ends it.
    """

    src_records: list[dict[str, Any]]

    def copy_files(self) -> None:
        """Collect one submission after another, whatever one of them raises."""
        place = self.coursedir.format_path(self.coursedir.submitted_directory, ".", ".")
        for record in filter(_has_time, self.src_records):
            self.src_records = [record]
            try:
                super().copy_files()
            except Exception as error:
                if concerns_everybody(error, Path(place)):
                    raise
                name, words = show(record["filename"]), describe_error(error)
                self.log.error("Not collected: %s (%s)", name, words)

    def do_copy(
        self,
        src: str,
        dest: str,
        log: Any = None,  # noqa: ARG002 (nbgrader's)
    ) -> None:
        """Copy a submission; if it is too large, only code, notebooks and evidence."""
        name, time = show(Path(src).name), self._path_to_record(src)["timestamp"]

        def tell(words: str) -> None:
            self.log.error("Of %s: %s", name, printable(words))

        # Half a copy would be taken for a submission, and never be completed.
        unfinished = Path(dest).with_name(f".{Path(dest).name}.unfinished")
        remove_tree(unfinished)
        try:
            with open_descent(Path(src)) as descent:
                Copying(descent, self.coursedir, EVIDENCE, tell).copy(unfinished)
            write_whole(unfinished / STAMP, f"{time} UTC")
            unfinished.rename(dest)
        finally:
            remove_tree(unfinished)

    def _path_to_record(self, path: str) -> dict[str, Any]:
        """Read a name in the exchange, where anybody can create any name.

        A name without a time counts as the earliest, and is not collected.
        """
        try:
            record: dict[str, Any] = super()._path_to_record(path)
        except (ExchangeError, ValueError, OverflowError):
            name = Path(path).name
            self.log.error("Left behind, as its name says no time: %s", show(name))
            return {"username": name, "filename": name, "timestamp": datetime.min}
        return record


class SafeExtractor(ExtractorPlugin):  # type: ignore[misc]
    """Unpacks ``<student>.zip``: the folder in it that holds the work, within limits.

    A refused zip costs its student the submission, with a line that says why, but
    affects nobody else.
    """

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpack every zip to its student's folder, and say which were not unpacked."""
        uploads = Path(archive_path)
        for submission in find_uploads(uploads):
            self._unpack(submission.path, Path(extracted_path))
        for name in unrecognised(uploads):
            self.log.error("Left behind, as it is no zip: %s", show(name))

    def _unpack(self, archive: Path, into: Path) -> None:
        folder, name = into / archive.stem, show(archive.name)
        try:
            notes = unpack_work(archive, folder)
        except Exception as error:
            remove_tree(folder)
            if concerns_everybody(error, into):
                raise
            self.log.error("Refused: %s (%s)", name, describe_error(error))
            return
        for note in notes:
            self.log.error("Of %s: %s", name, note)


def unpack_work(
    archive: Path, into: Path, kinds: tuple[Kind, ...] = WORK
) -> tuple[str, ...]:
    """Unpack what a student handed in as a zip.

    Args:
        archive: The zip, as it was handed in.
        into: An empty folder, or one that does not exist yet.
        kinds: What is taken; the rest stays in the zip.

    Returns:
        Sentences about files that were left out.

    Raises:
        RefusedSubmission: The zip breaks a rule of `reelmark.intake.archives`.
    """
    work = read_files(archive, kinds)
    found = work.below(_find_home(work.files))
    # The kit was handed out with the notebook.
    write_files({n: data for n, data in found.items() if n[0] != KIT}, into)
    return work.notes


def _has_time(record: Mapping[str, Any]) -> bool:
    return bool(record["timestamp"] != datetime.min)


def _find_home(names: Iterable[Parts]) -> Parts:
    """Return the folder that holds the work: the notebook, else the code."""
    ranked = sorted(names, key=lambda name: (len(name), name))
    notebooks = [name[:-1] for name in ranked if name[-1] == NAME]
    code = [name[:-1] for name in ranked if is_source(name[-1])]
    return next(iter(notebooks or code), ())
