"""Looking: pictures of what students' functions draw, put on the instructor's pages.

They are drawn on request from the sources kept beside the results, by workers that are
closed off just like those used for marking.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console

from reelmark.confinement.advice import explain_open_level
from reelmark.errors import UsageError
from reelmark.files import open_temporary
from reelmark.grading.codes import NAME as CODES
from reelmark.grading.codes import Codes, read_codes
from reelmark.grading.folder import read_kept
from reelmark.grading.looks import FOLDER, Picture, encode_png, write_pictures
from reelmark.grading.publishing import reopen_publisher
from reelmark.grading.sources import FOLDER as SOURCES
from reelmark.grading.sources import list_sources
from reelmark.intake.names import choose_students
from reelmark.intake.submissions import file_stem
from reelmark.manifest import Coursework
from reelmark.marking.backend import Backend, choose_backend
from reelmark.practice.copies import Copy
from reelmark.practice.pictures import Look, choose_looks, find_looks, look_at
from reelmark.results import Result


def look_at_students(
    coursework: Coursework,
    out: Path,
    names: Sequence[str],
    console: Console,
    *,
    is_unsafe: bool = False,
) -> None:
    """Draw what the functions of some students do, and update their pages.

    Args:
        coursework: Says what there is to see.
        out: The folder of a class's results.
        names: Whose functions: names, or the codes that pages show for them.
        console: Where to print.
        is_unsafe: Whether they run even if they could read hidden checks.

    Raises:
        UsageError: There is no such student, nothing was kept of their work, there is
            nothing to see, or submissions cannot be closed off here.
        KitFault: Nothing can be run on this machine.
    """
    choose_looks(coursework, ())
    results = {result.student: result for result in read_kept(out)}
    codes = read_codes(out / CODES)
    students = _choose(names, results, codes, out)
    with choose_backend(coursework, is_practice=True, hidden=False) as backend:
        backend.start()
        _expect_closed(coursework, backend, is_unsafe=is_unsafe)
        for student in students:
            pictures = list(_draw(coursework, out, student, backend))
            page = _publish(coursework, out, results[student], pictures)
            drawn = sum(bool(picture.png) for picture in pictures)
            told = f"{drawn} of {len(pictures)} drawn, in {page}"  # without the name
            console.print(told, soft_wrap=True)


def _choose(
    names: Sequence[str], results: Mapping[str, Result], codes: Codes, out: Path
) -> list[str]:
    """Return the students who are named.

    Raises:
        UsageError: One is unknown, or nothing was kept of their work.
    """
    if not results:
        raise UsageError(
            f"{out} holds no results. Name the folder that `reelmark grade` wrote to "
            "with --out."
        )
    by_code = {codes[student]: student for student in results if student in codes}
    meant = [by_code.get(name, name) for name in names]
    students = choose_students(meant, results)
    for student in students:
        if not list_sources(out / SOURCES / file_stem(student)):
            raise UsageError(
                f"No sources of {student} are kept in {out / SOURCES}: nothing was "
                "taken of that submission, or it was marked by an earlier version. "
                "Mark the class again."
            )
    return students


def _expect_closed(
    coursework: Coursework, backend: Backend, *, is_unsafe: bool
) -> None:
    """Refuse to run submissions if they could read hidden checks."""
    is_secret = coursework.hidden_suite.is_dir() and not is_unsafe
    if is_secret and not backend.level.has_files_and_network_closed:
        raise UsageError(explain_open_level(backend.level, backend.findings))


def _draw(
    coursework: Coursework, out: Path, student: str, backend: Backend
) -> Iterator[Picture]:
    captions = find_looks(coursework)
    with open_temporary() as folder:
        copy = Copy(coursework, out / SOURCES / file_stem(student), folder)
        with copy.open_submission(backend) as submission:
            for task in choose_looks(coursework, ()):
                yield _keep(look_at(submission, task, captions[task.function]))


def _keep(look: Look) -> Picture:
    return Picture(look.task.id, look.caption, encode_png(look.png), look.words)


def _publish(
    coursework: Coursework, out: Path, found: Result, pictures: Collection[Picture]
) -> Path:
    """Keep the pictures, and write the instructor's page with them; return its path."""
    stem = file_stem(found.student)
    write_pictures(out / FOLDER / f"{stem}.json", found.fingerprint, [*pictures])
    publisher = reopen_publisher(coursework, out, [found.student])
    return publisher.publish_for_instructor(publisher.rulings.apply(found))
