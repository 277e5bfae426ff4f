"""Inspection of the evidence of a class: `reelmark course evidence`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from reelmark.course.evidence.findings import Finding, FoundRecords, describe_findings
from reelmark.course.evidence.reported import FOLDER, Evidence
from reelmark.course.evidence.reproduction import (
    Data,
    HandedIn,
    Reproducer,
    Reproduction,
    load_reproducer,
)
from reelmark.course.folder import Course
from reelmark.course.submissions import digest_files, find_submitted, tell_unsafe
from reelmark.errors import UsageError
from reelmark.grading.dependencies import fingerprint_kit
from reelmark.grading.fingerprint import hash_texts
from reelmark.grading.run import available_cores
from reelmark.grading.terminal import make_bar
from reelmark.grading.trouble import concerns_everybody, describe_error
from reelmark.intake.names import choose_students
from reelmark.intake.submissions import Upload


@dataclass(frozen=True)
class Settings:
    """How to look at the evidence of a class.

    Attributes:
        data: The full data; without it, what is reported is told and no more.
        students: Whose; everybody's if empty.
        workers: Submissions at a time; 0 for one a core.
        force: Whether to look at what has not changed, too.
    """

    data: Path | None = None
    students: tuple[str, ...] = ()
    workers: int = 0
    force: bool = False


def inspect(course: Course, console: Console, settings: Settings) -> bool:
    """Look at the evidence that students handed in; keep and print the findings.

    Returns:
        Whether the kit failed on any of it.

    Raises:
        UsageError: Nothing was handed in; the data cannot be used; or submissions
            cannot be closed off here.
    """
    reproducer = load_reproducer(course.coursework)
    records = FoundRecords(course)
    troubles: dict[str, str] = {}
    submitted = _choose(course, settings.students)
    everything = _find_evidence(submitted, records, console, troubles)
    fingerprints = _take_fingerprints(course, everything, settings.data)
    changed = [
        evidence
        for evidence in everything
        if settings.force
        or records.read(evidence.stem)[0] != fingerprints[evidence.stem]
    ]
    new = list(_read(changed, reproducer, troubles))
    faulty = []
    with make_bar(console) as bar:
        task = bar.add_task("reproducing", total=len(new))
        for evidence, found in _reproduce(course, reproducer, new, settings, console):
            has_fault = any(finding.is_fault for finding in found)
            faulty += [evidence] if has_fault else []
            # If the kit failed on something, it looks at it again next time.
            fingerprint = "" if has_fault else fingerprints[evidence.stem]
            records.write(evidence.stem, fingerprint, found)
            bar.advance(task)
    _print(console, records, everything, is_whole=bool(settings.students))
    _print_advice(console, settings, new)
    for student, words in troubles.items():
        told = f"The evidence of {student} could not be looked at: {words}"
        console.print(told, soft_wrap=True)
    return bool(faulty or troubles)


def _choose(course: Course, students: Sequence[str]) -> list[Upload]:
    """Return the submissions of these students, or of everybody."""
    submitted = find_submitted(course)
    wanted = choose_students(students, [each.student for each in submitted])
    return [each for each in submitted if each.student in wanted]


def _find_evidence(
    submitted: Sequence[Upload],
    records: FoundRecords,
    console: Console,
    troubles: dict[str, str],
) -> list[Evidence]:
    """Return the evidence there is; forget findings on what is gone."""
    found = []
    for submission in submitted:
        evidence = Evidence(submission)
        try:
            tell_unsafe(submission, console)
            if evidence.folder.is_dir():
                found.append(evidence)
            else:
                records.remove(submission.stem)
        except Exception as error:
            if concerns_everybody(error):
                raise
            troubles[submission.student] = describe_error(error)
    return found


def _read(
    changed: Sequence[Evidence], reproducer: Reproducer, troubles: dict[str, str]
) -> Iterator[HandedIn]:
    """Yield what is reported; an error in one student's files affects only theirs."""
    for evidence in changed:
        try:
            yield evidence, evidence.read(reproducer.MODELS)
        except Exception as error:
            if concerns_everybody(error):
                raise
            troubles[evidence.submission.student] = describe_error(error)


def _take_fingerprints(
    course: Course, everything: Iterable[Evidence], data: Path | None
) -> dict[str, str]:
    kit = fingerprint_kit(course.coursework)
    where = str(data.resolve()) if data else ""
    return {
        evidence.stem: hash_texts([kit, where, digest_files(evidence.submission.path)])
        for evidence in everything
    }


def _reproduce(
    course: Course,
    reproducer: Reproducer,
    new: Sequence[HandedIn],
    settings: Settings,
    console: Console,
) -> Iterable[HandedIn]:
    """Yield everything with its losses reproduced, if the data are available."""
    if settings.data is None or not new:
        yield from new
        return
    console.print("Reading the data ...")
    try:
        split = reproducer.load_split(settings.data.resolve())
    except ValueError as error:
        raise UsageError(str(error)) from error
    slots = settings.workers or available_cores()
    with Reproduction(course, Data(reproducer, split), slots) as reproduction:
        yield from reproduction.reproduce_class(new)


def _print(
    console: Console,
    records: FoundRecords,
    everything: Sequence[Evidence],
    *,
    is_whole: bool,
) -> None:
    """Print what needs attention, or everything, and how many agree."""
    if not everything:
        console.print(f"Nobody handed in a folder {FOLDER}/.")
        return
    all_found = {each: records.read(each.stem)[1] for each in everything}
    agreeing = {each for each, found in all_found.items() if _agrees(found)}
    for evidence, found in all_found.items():
        if is_whole or evidence not in agreeing:
            console.print(evidence.submission.student, style="bold")
            for line in _describe(found).splitlines():
                console.print(f"  {line}", soft_wrap=True)
    console.print(f"Reproduced as reported: {len(agreeing)} of {len(everything)}")


def _agrees(found: Sequence[Finding]) -> bool:
    return bool(found) and all(
        finding.is_same and not finding.notes for finding in found
    )


def _describe(found: Sequence[Finding]) -> str:
    return (
        describe_findings(found) if found else f"Its folder {FOLDER}/ names no model."
    )


def _print_advice(
    console: Console, settings: Settings, new: Sequence[HandedIn]
) -> None:
    if settings.data is None and new:
        console.print(
            "Nothing was reproduced: name the full dataset with --data, or in the "
            "environment variable REELMARK_DATA."
        )
    elif new:
        console.print("Markers see it after: reelmark course autograde")
