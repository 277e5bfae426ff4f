"""Publishing: the results that count, written for those who read them.

Results stay as marking found them. What an instructor decided or set by hand is
applied every time they are turned into pages and tables.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from reelmark.errors import UsageError
from reelmark.grading.codes import NAME as CODES
from reelmark.grading.codes import Codes, prepare_codes, read_codes
from reelmark.grading.folder import read_own_rulings
from reelmark.grading.instructor import FOLDER as INSTRUCTOR
from reelmark.grading.instructor import write_instructor_page
from reelmark.grading.looks import FOLDER as PICTURES
from reelmark.grading.looks import read_pictures
from reelmark.grading.pages import shows, sign_page, write_class_page, write_feedback
from reelmark.grading.sources import FOLDER as SOURCES
from reelmark.grading.trouble import (
    carry_out,
    concerns_everybody,
    describe_error,
    show_each,
)
from reelmark.intake.submissions import file_stem
from reelmark.manifest import Coursework
from reelmark.results import Result, for_student, read_result, write_grades
from reelmark.rulings.rulings import FILES, Rulings

CLASS_PAGE = "index.html"

Write = Callable[[Result, Path], None]


def open_publisher(
    coursework: Coursework,
    out: Path,
    students: Collection[str] = (),
    *,
    is_anonymous: bool = False,
) -> Publisher:
    """Return a publisher for a class, with the rulings made by hand.

    Args:
        coursework: The coursework of the class.
        out: The folder of its results.
        students: Everybody who handed in.
        is_anonymous: Whether pages show codes for names.

    Raises:
        UsageError: A ruling makes no sense.
    """
    rulings = read_own_rulings(out, students, coursework.tasks)
    codes = prepare_codes(out / CODES, students) if is_anonymous else None
    return Publisher(coursework, out, rulings, codes)


def reopen_publisher(
    coursework: Coursework, out: Path, students: Collection[str]
) -> Publisher:
    """Return a publisher that rewrites existing pages, with codes if they have them.

    Raises:
        UsageError: A ruling makes no sense.
    """
    codes = read_codes(out / CODES)
    pages = (out / INSTRUCTOR / f"{codes[s]}.html" for s in students if s in codes)
    return open_publisher(
        coursework, out, students, is_anonymous=any(page.exists() for page in pages)
    )


def expect_published(out: Path, rulings: Rulings, again: str) -> None:
    """Expect the pages of a class, if there are any, to show the current rulings.

    Args:
        out: The folder of its results.
        rulings: What was decided and set by hand.
        again: What to type to write them again.

    Raises:
        UsageError: They do not.
    """
    page = out / CLASS_PAGE
    if page.exists() and not shows(page, rulings.digest):
        raise UsageError(
            f"{' or '.join(FILES)} in {out} changed after pages were written, which "
            f"would tell other marks. Type {again} first: it marks only what changed."
        )


class Publisher:
    """Writes the pages and tables of a class.

    Args:
        coursework: The coursework of the class.
        out: The folder of its results.
        rulings: What was decided and set by hand; by default, as found in the folder.
        codes: Codes for students on pages; None for their names.

    Attributes:
        rulings: What was decided and set by hand.
        troubles: By student, why a page could not be written.
    """

    def __init__(
        self,
        coursework: Coursework,
        out: Path,
        rulings: Rulings | None = None,
        codes: Codes | None = None,
    ) -> None:
        self._coursework = coursework
        self._out = out
        self.rulings = rulings or read_own_rulings(out, tasks=coursework.tasks)
        self._codes = codes
        self.troubles: dict[str, str] = {}

    def publish(self, found: Result) -> Result:
        """Write the pages of one student, unless they are up to date.

        Returns:
            The result that counts.
        """
        result = self.rulings.apply(found)
        name = f"{file_stem(result.student)}.html"
        for page, write in (
            (self._out / "feedback" / name, self._write_feedback),
            (self._find_page(result), self._write_for_instructor),
        ):
            self._try_to_write(result, page, write)
        return result

    def publish_for_instructor(self, result: Result) -> Path:
        """Write the instructor's page on one student; return its path.

        Args:
            result: The result that counts.
        """
        page = self._find_page(result)
        self._write_for_instructor(result, page)
        return page

    def _try_to_write(self, result: Result, page: Path, write: Write) -> None:
        """Write a page; what only this student's page raises is not passed on.

        Raises:
            Exception: One that would be raised for everybody.
        """
        try:
            carry_out(lambda: write(result, page))
        except Exception as error:
            if concerns_everybody(error, self._out):
                raise
            page.unlink(missing_ok=True)  # it belongs to an earlier result
            self.troubles[result.student] = describe_error(error)

    def _write_feedback(self, result: Result, page: Path) -> None:
        shown = for_student(self._hide(result))
        if not shows(page, sign_page(shown)):
            write_feedback(shown, self._coursework, page)

    def _write_for_instructor(self, result: Result, page: Path) -> None:
        shown, stem = self._hide(result), file_stem(result.student)
        pictures = read_pictures(
            self._out / PICTURES / f"{stem}.json", result.fingerprint
        )
        if not shows(page, sign_page(shown, pictures)):
            write_instructor_page(
                shown,
                self._coursework,
                self._out / SOURCES / stem,
                page,
                pictures=pictures,
                is_anonymous=self._codes is not None,
            )

    def _find_page(self, result: Result) -> Path:
        """Return the path of the instructor's page on a student."""
        name = file_stem(self._hide(result).student)
        return self._out / INSTRUCTOR / f"{name}.html"

    def publish_class(self, results: Sequence[Result]) -> None:
        """Write the grades and the page of the whole class.

        Args:
            results: Everybody's results that count.

        Raises:
            UsageError: A ruling makes no sense.
        """
        self.rulings.expect_known(results)
        for write in (self._write_grades, self._write_class_page):
            self.troubles |= show_each(write, results, self._out)[1]
        self._remove_others(results)

    def _write_grades(self, results: Sequence[Result]) -> None:
        task_ids = [task.id for task in self._coursework.tasks]
        write_grades(results, task_ids, self._out / "grades.csv")

    def _write_class_page(self, results: Sequence[Result]) -> None:
        shown = [self._hide(result) for result in results]
        page, digest = self._out / CLASS_PAGE, self.rulings.digest
        write_class_page(shown, self._coursework, page, digest)

    def read(self, stem: str) -> Result | None:
        """Return an earlier result with the current rulings; None if there is none."""
        with suppress(OSError, ValueError):
            return self.rulings.apply(
                read_result(self._out / "results" / f"{stem}.json")
            )
        return None

    def _hide(self, result: Result) -> Result:
        """Return a result with the name or code of its student for pages."""
        if self._codes is None:
            return result
        code = self._codes[result.student]
        notes = tuple(note.replace(result.student, code) for note in result.notes)
        return replace(result, student=code, notes=notes)

    def _remove_others(self, results: Sequence[Result]) -> None:
        """Remove instructors' pages that belong to nobody.

        They are of students who are gone, or have names where codes are shown now.
        """
        own = {self._find_page(result).name for result in results}
        for path in (self._out / INSTRUCTOR).glob("*.html"):
            if path.name not in own:
                path.unlink()
