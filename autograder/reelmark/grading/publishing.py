"""Publishing: what was found, as it counts, written for those who read it.

Results stay as marking found them. What an instructor decided by hand is applied
here, on the way to pages and tables, every time.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from reelmark.grading.codes import Codes
from reelmark.grading.instructor import FOLDER as INSTRUCTOR
from reelmark.grading.instructor import write_instructor_page
from reelmark.grading.looks import FOLDER as PICTURES
from reelmark.grading.looks import read_pictures
from reelmark.grading.pages import shows, sign_page, write_class_page, write_feedback
from reelmark.grading.sources import FOLDER as SOURCES
from reelmark.intake.submissions import file_stem
from reelmark.manifest import Coursework
from reelmark.results import Result, for_student, read_result, write_grades
from reelmark.rulings.adjustments import Adjustments


class Publisher:
    """Writes the pages and tables of a class.

    Args:
        coursework: What the class is marked by.
        out: The folder of its results.
        adjustments: The marks that are set by hand.
        codes: What students are called on pages; None for their names.
    """

    def __init__(
        self,
        coursework: Coursework,
        out: Path,
        adjustments: Adjustments | None = None,
        codes: Codes | None = None,
    ) -> None:
        self._coursework = coursework
        self._out = out
        self._adjustments = adjustments or Adjustments()
        self._codes = codes

    def publish(self, found: Result) -> Result:
        """Write the pages of one student, unless they are as they should be.

        Returns:
            The result as it counts.
        """
        result = self._adjustments.apply(found)
        shown = for_student(self._hide(result))
        feedback = self._out / "feedback" / f"{file_stem(result.student)}.html"
        if not shows(feedback, sign_page(shown)):
            write_feedback(shown, self._coursework, feedback)
        self.publish_for_instructor(result)
        return result

    def publish_for_instructor(self, result: Result) -> Path:
        """Write the instructor's page of one student; return where it is.

        Args:
            result: The result as it counts.
        """
        shown, stem = self._hide(result), file_stem(result.student)
        path = self._out / INSTRUCTOR / f"{file_stem(shown.student)}.html"
        pictures = read_pictures(
            self._out / PICTURES / f"{stem}.json", result.fingerprint
        )
        if not shows(path, sign_page(shown, pictures)):
            write_instructor_page(
                shown,
                self._coursework,
                self._out / SOURCES / stem,
                path,
                pictures=pictures,
                is_anonymous=self._codes is not None,
            )
        return path

    def publish_class(self, results: Sequence[Result]) -> None:
        """Write the grades and the page of the whole class.

        Args:
            results: Those of everybody, as they count.

        Raises:
            UsageError: Marks were set by hand that make no sense.
        """
        self._adjustments.expect_known(results)
        task_ids = [task.id for task in self._coursework.tasks]
        write_grades(results, task_ids, self._out / "grades.csv")
        shown = [self._hide(result) for result in results]
        write_class_page(shown, self._coursework, self._out / "index.html")
        self._remove_others(shown)

    def read(self, stem: str) -> Result | None:
        """Return an earlier result as it counts now; None if there is none."""
        with suppress(OSError, ValueError):
            return self._adjustments.apply(
                read_result(self._out / "results" / f"{stem}.json")
            )
        return None

    def _hide(self, result: Result) -> Result:
        """Return a result with what its student is called on pages."""
        if self._codes is None:
            return result
        code = self._codes[result.student]
        notes = tuple(note.replace(result.student, code) for note in result.notes)
        return replace(result, student=code, notes=notes)

    def _remove_others(self, shown: Sequence[Result]) -> None:
        """Remove instructors' pages that belong to nobody who is shown.

        They are of those who are gone, or under names where codes are shown now.
        """
        own = {f"{file_stem(result.student)}.html" for result in shown}
        for path in (self._out / INSTRUCTOR).glob("*.html"):
            if path.name not in own:
                path.unlink()
