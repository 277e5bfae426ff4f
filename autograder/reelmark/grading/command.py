"""The command: mark a class or a part of it, and report what changed."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from reelmark.grading.changes import FOLDER as RECORDED
from reelmark.grading.changes import Change, Recorded, Records, compare
from reelmark.grading.folder import (
    WITHDRAWN,
    prepare_folder,
    set_aside,
    take_back,
)
from reelmark.grading.merging import Merger
from reelmark.grading.publishing import Publisher, open_publisher
from reelmark.grading.run import ClassRun
from reelmark.grading.shards import Shard
from reelmark.grading.sources import FOLDER as SOURCES
from reelmark.grading.sources import digest_sources
from reelmark.grading.terminal import (
    mark_with_bar,
    print_broken,
    print_changes,
    print_class,
    print_places,
    print_remarks,
    print_troubles,
)
from reelmark.grading.trouble import carry_out, concerns_everybody, describe_error
from reelmark.intake.names import choose_students
from reelmark.intake.submissions import Upload
from reelmark.manifest import Coursework
from reelmark.marking.backend import Backend
from reelmark.marking.workspace import Workspace
from reelmark.results import BROKEN, Result
from reelmark.terminal.console import make_console


@dataclass(frozen=True)
class Settings:
    """How a class is marked.

    Attributes:
        slots: Submissions at a time; 0 for one per core.
        is_forced: Whether unchanged submissions are marked again.
        is_unsafe: Whether hidden checks run even if submissions could read them.
        has_wall: Whether workers are also kept behind bubblewrap.
        students: Whom to mark; everybody if empty.
        tasks: Ids of the tasks to mark again; all if empty.
        is_anonymous: Whether pages show codes for names.
        shard: The part of the class to mark; all of it if None.
        backend: The processes that mark; None for those of this machine.
    """

    slots: int = 0
    is_forced: bool = False
    is_unsafe: bool = False
    has_wall: bool = False
    students: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    is_anonymous: bool = False
    shard: Shard | None = None
    backend: Backend | None = None

    def choose_tasks(self, coursework: Coursework) -> tuple[str, ...]:
        """Return the ids of the tasks to mark again.

        Raises:
            UsageError: There is no such task.
        """
        return tuple(task.id for task in coursework.find_tasks(self.tasks))

    def make_run(self, coursework: Coursework, out: Path) -> ClassRun:
        """Return a run with these settings.

        Raises:
            UsageError: There is no such task; or this system cannot have a wall.
        """
        return ClassRun(
            coursework,
            out,
            slots=self.slots,
            force=self.is_forced,
            is_unsafe=self.is_unsafe,
            has_wall=self.has_wall,
            again=self.choose_tasks(coursework),
            part=str(self.shard or ""),
            backend=self.backend,
        )


def grade_class(
    coursework: Coursework,
    found: Sequence[Upload],
    out: Path,
    settings: Settings,
    begin: Callable[[Path], object] = lambda _: None,
) -> list[str]:
    """Mark a class; print its results, what changed, and where the pages are.

    Args:
        coursework: The coursework.
        found: Everything that was handed in.
        out: The folder of results.
        settings: How to mark, and which part of the class.
        begin: Called with the folder as soon as no other run can write to it.

    Returns:
        The students whose marking met a fault of the kit, or needs a look, or could
        not be shown.

    Raises:
        UsageError: A student or a task is not known; or a ruling makes no sense.
        MachineFault: Another run is writing to the same folder.
        KitFault: Nothing can be marked on this machine.
    """
    console = make_console()
    students, stems = [each.student for each in found], [each.stem for each in found]
    wanted = choose_students(settings.students, students)
    part = settings.shard.select(found) if settings.shard else found
    chosen = [upload for upload in part if upload.student in wanted]
    run = settings.make_run(coursework, out)
    with run.hold():
        begin(out)
        prepare_folder(out)
        take_back(out, stems)
        run.publisher = publisher = open_publisher(
            coursework, out, students, is_anonymous=settings.is_anonymous
        )
        _print_plan(console, coursework, run.foresee(chosen))
        marked = mark_with_bar(console, run, chosen)
        results = {**read_others(publisher, found, marked), **marked}
        ordered = [results[name] for name in sorted(results)]
        run.write_class(ordered)
        changes = _find_changes(out, found, results, run.troubles)
        gone = set_aside(out, stems)
    unshown = print_class(
        console, coursework, [marked[name] for name in sorted(marked)]
    )
    print_changes(console, changes, what="Marks")
    print_places(console, out)
    if settings.shard:
        _print_shard(console, settings.shard, chosen, found, out)
    else:
        _print_absent(console, found, results, gone, out)
    for words in sorted({result.confinement for result in ordered} - {""}):
        console.print(f"Sandbox                 {words}")
    return _conclude(console, ordered, out, run.troubles | unshown)


def read_others(
    publisher: Publisher, found: Sequence[Upload], marked: Mapping[str, Result]
) -> dict[str, Result]:
    """Return the results that count of those who were not marked now."""
    others = {}
    for upload in found:
        if upload.student not in marked and (result := publisher.read(upload.stem)):
            others[upload.student] = result
    return others


def _print_plan(
    console: Console, coursework: Coursework, foreseen: Counter[tuple[str, ...]]
) -> None:
    """Print what will be done with submissions that were marked before."""
    num_tasks = len(coursework.tasks)
    for again, count in foreseen.most_common():
        who = f"{count} submission{'s' if count != 1 else ''} marked before"
        if len(again) == num_tasks:
            told = "all tasks again"
        elif again:
            told = f"{', '.join(again)} again, {num_tasks - len(again)} tasks kept"
        else:
            told = "nothing again, unless the work is another"
        console.print(f"{who}: {told}", soft_wrap=True)


def _print_shard(
    console: Console,
    shard: Shard,
    chosen: Sequence[Upload],
    found: Sequence[Upload],
    out: Path,
) -> None:
    """Print which part of a class this was, and how to combine the parts."""
    console.print(
        f"Shard {shard.number} of {shard.count}: {len(chosen)} of {len(found)} "
        "submissions. When all are marked, put them together:\n"
        f"  reelmark merge {shlex.quote(str(out))} ... --out DIR",
        soft_wrap=True,
    )


def _find_changes(
    out: Path,
    found: Sequence[Upload],
    results: Mapping[str, Result],
    troubles: dict[str, str],
) -> list[Change]:
    """Return what differs from the last report, and record the new one."""
    records = Records(out / RECORDED)
    changes: list[Change] = []
    for upload in found:
        if result := results.get(upload.student):
            try:
                changes += _find_change(out, upload, result, records)
            except Exception as error:
                if concerns_everybody(error, out):
                    raise
                troubles[upload.student] = describe_error(error)
    return changes


def _find_change(
    out: Path, upload: Upload, result: Result, records: Records
) -> list[Change]:
    before = records.read(upload.stem)
    now = Recorded(result, digest_sources(out / SOURCES / upload.stem))
    change = compare(before.result, result, again=before.files != now.files)
    if before != now:
        carry_out(lambda: records.write(upload.stem, now))
    return [change] if change else []


def _print_absent(
    console: Console,
    found: Sequence[Upload],
    results: Mapping[str, Result],
    gone: Sequence[str],
    out: Path,
) -> None:
    """Print who is not on the class page, and why."""
    if new := [each.student for each in found if each.student not in results]:
        console.print(
            f"Not marked yet, and so not in the class page: {', '.join(new)}. Leave "
            "--student out to mark everybody.",
            soft_wrap=True,
        )
    if gone:
        console.print(
            f"No longer among the submissions: {', '.join(gone)}. Results and feedback "
            f"of theirs are in {out / WITHDRAWN}",
            soft_wrap=True,
        )


def merge_classes(
    coursework: Coursework,
    folders: Sequence[Path],
    out: Path,
    *,
    students: Collection[str] = (),
    is_anonymous: bool = False,
) -> list[str]:
    """Put the results of several runs together; print the class.

    Args:
        coursework: The coursework.
        folders: The folders of results.
        out: The folder for all of them; it may be one of these.
        students: Everybody who handed in, if known.
        is_anonymous: Whether pages show codes for names.

    Returns:
        The students whose marking met a fault of the kit, or needs a look, or could
        not be shown.

    Raises:
        UsageError: They are not of one class, or contradict each other.
        MachineFault: Another run is writing to the same folder.
    """
    console = make_console()
    merger = Merger(folders)
    merger.expect_room(out)
    names = [result.student for result in merger.results]
    with Workspace(out.resolve()).open():
        merger.write(out)
        publisher = open_publisher(coursework, out, names, is_anonymous=is_anonymous)
        results = [publisher.publish(result) for result in merger.results]
        publisher.publish_class(results)
    unshown = publisher.troubles | print_class(console, coursework, results)
    print_places(console, out)
    if missing := sorted({*students} - {*names}):
        console.print(f"Not marked yet: {', '.join(missing)}", soft_wrap=True)
    return _conclude(console, results, out, unshown)


def _conclude(
    console: Console,
    results: Sequence[Result],
    out: Path,
    troubles: Mapping[str, str],
) -> list[str]:
    """Print what an instructor has to deal with; return whose work it is."""
    print_remarks(console, results)
    print_broken(console, results, f"reelmark decide {shlex.quote(str(out))}")
    print_troubles(console, troubles)
    broken = {result.student for result in results if result.status in BROKEN}
    return sorted(broken | {*troubles})
