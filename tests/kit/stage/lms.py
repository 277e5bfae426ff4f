"""Classes as learning management systems hand them out and take them back.

Shapes are made from what is known of those systems (see each module of
`reelmark.lms`), not with that module's own code. Every student's module says what it
is worth, and `mark` believes it: so a test sees whose work was taken for whose.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from reelmark.errors import RefusedSubmission
from reelmark.intake.snapshots import take_snapshot
from reelmark.intake.submissions import Upload
from reelmark.lms.shapes import receive
from reelmark.results import (
    CheckResult,
    Result,
    Status,
    read_result,
    summarise,
    summarise_task,
    write_result,
)

MODULES = ("cnn", "lstm")
MOST = 60.0

Entries = Mapping[str, str | bytes]


@dataclass(frozen=True)
class Student:
    """One of a class, and what their work is worth."""

    number: int
    name: str
    username: str
    marks: float

    @property
    def module(self) -> str:
        """The module that they hand in."""
        return worth(self.marks)


CLASS = tuple(
    Student(4100 + number, name, username, marks)
    for number, (name, username, marks) in enumerate(
        (
            ("Ada Lovelace", "s0010_ada", 60.0),
            ("Lovelace, Ada", "s0010", 7.25),
            ("José Ñuñez", "jose.nunez", 33.63),
            (unicodedata.normalize("NFD", "Zoë Brontë"), "zoe_attempt_1", 48.5),
            ('Dwayne "The Rock" Johnson', "0042", 12.0),
            ("=cmd|' /C calc'!A0", "=cmd", 55.55),
            ("王小明", "wang", 41.0),
            ("O'Brien-Smith, Siân", "-dash", 0.0),
            ("Ali", "ali", 59.99),
            ("Ali", "ali2", 20.0),
            ("Jean_Luc Picard", "jean_luc", 30.15),
            ("+49 Nena", "@nena", 17.0),
            ("Müller; Jürgen", "juergen", 44.4),
        )
    )
)
"""Thirteen students; two share a name, and no name is easy."""


def worth(marks: float) -> str:
    """Return a module that is worth so many marks."""
    return f"MARKS = {marks}\n"


def pack(entries: Entries) -> bytes:
    """Return a zip with these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def save_zip(entries: Entries, path: Path) -> Path:
    """Write a zip with these files."""
    path.write_bytes(pack(entries))
    return path


def save_folder(entries: Entries, folder: Path) -> Path:
    """Write the same as a folder."""
    for name, content in entries.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def moodle_name(student: Student) -> str:
    """Return a name as Moodle puts it into those of files."""
    return re.sub(r"[&<>\"`|':\\/]", "", student.name).replace("_", " ")


def canvas_name(student: Student) -> str:
    """Return a name as Canvas puts it into those of files."""
    return re.sub(r"\W", "", student.name).lower() or "x"


def take(path: Path, out: Path, origin: str = "") -> tuple[str, ...]:
    """Receive a download and mark it; return what was told."""
    with receive(path, MODULES, origin) as received:
        received.write_roster(out)
        for number, upload in enumerate(received.uploads):
            result = _mark(upload, out / "snapshots" / str(number))
            write_result(result, out / "results" / f"{upload.stem}.json")
            page = out / "feedback" / f"{upload.stem}.html"
            page.parent.mkdir(exist_ok=True)
            page.write_text(f"<p>{result.total}</p>", encoding="utf-8")
        return received.told


def results_in(out: Path) -> dict[str, Result]:
    """Return the results that were written, by student."""
    results = map(read_result, sorted((out / "results").glob("*.json")))
    return {result.student: result for result in results}


def _mark(upload: Upload, folder: Path) -> Result:
    try:
        notes = take_snapshot(upload, dict.fromkeys(MODULES, ()), folder).notes
    except RefusedSubmission as error:
        return summarise(upload.student, [], notes=[str(error)])
    module = folder / "cnn.py"
    text = module.read_text("utf-8") if module.exists() else worth(0)
    return make_result(upload.student, float(text[len("MARKS = ") :]), notes=notes)


def make_result(
    student: str,
    marks: float,
    status: Status = Status.FAILED,
    notes: Iterable[str] = (),
) -> Result:
    """Return the result of somebody whose work is worth so many marks."""
    check = CheckResult("cnn/check", "It works", False, status, marks, MOST, "", 0.0)
    task = summarise_task("1a", "Builds", [check])
    return summarise(student, [task], notes=tuple(notes))


def lay_moodle(folder: Path, works: Mapping[str, Path]) -> None:
    """Lay on a desk what Moodle gives: ``submissions.zip`` and ``Grades.csv``.

    Args:
        folder: The desk.
        works: Folders of what was handed in, by the students' names.
    """
    entries: dict[str, bytes] = {}
    rows = ["Identifier,Full name,Email address,Status,Grade,Maximum Grade,"]
    rows[0] += "Grade can be changed,Last modified (grade),Feedback comments"
    for number, (name, work) in enumerate(works.items(), 4101):
        for path in sorted(path for path in work.rglob("*.py")):
            inside = path.relative_to(work).as_posix()
            own = f"{name}_{number}_assignsubmission_file_"
            entries[f"{own}/{inside}"] = path.read_bytes()
        rows.append(
            f"Participant {number},{name},{number}@example.org,Submitted for grading,"
            ",100.00,Yes,-,"
        )
    save_zip(entries, folder / "submissions.zip")
    text = "".join(f"{row}\n" for row in rows)
    (folder / "Grades.csv").write_text(text, encoding="utf-8")
