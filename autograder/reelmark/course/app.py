"""``reelmark course ...``: the life of a coursework in nbgrader.

Nothing slow is imported until a command runs, and nbgrader only then.
"""

from __future__ import annotations

import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reelmark.errors import FINE, KIT_FAILED, UsageError
from reelmark.manifest import COURSEWORK_VARIABLE, KIT, find_coursework
from reelmark.terminal.help import Commands
from reelmark.terminal.options import (
    BecauseOption,
    EarnedArgument,
    EndOption,
    FaultyCheckArgument,
    StudentOption,
    TaskOption,
)

if TYPE_CHECKING:
    from rich.console import Console

    from reelmark.course.folder import Course

app = typer.Typer(
    cls=Commands,
    help="Run the coursework as a course in nbgrader.",
    no_args_is_help=True,
    add_completion=False,
)

CourseOption = Annotated[
    Path,
    typer.Option("--course", help="The course's folder, if not the working directory."),
]


AnywayOption = Annotated[
    bool,
    typer.Option("--anyway", help="Go on even if lines of extensions.csv are unclear."),
]


@app.callback()
def require_nbgrader() -> None:
    """Run the coursework as a course in nbgrader."""
    if find_spec("nbgrader") is None:
        raise UsageError(
            "nbgrader is not installed here, and `reelmark course` needs it. In the "
            'kit\'s folder, type: python -m pip install -e ".[instructor]"'
        )


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.")],
    assignment: Annotated[
        str, typer.Option(help="Nbgrader's name for the coursework.")
    ] = "coursework",
    course_id: Annotated[
        str, typer.Option(help="The course's id; by default the folder's name.")
    ] = "",
    exchange: Annotated[
        str, typer.Option(help="The exchange; by default a folder in DIR.")
    ] = "",
    db_url: Annotated[
        str, typer.Option(help="The gradebook's address; by default gradebook.db.")
    ] = "",
    percent_a_day: Annotated[
        float, typer.Option(min=0, help="Percent of all marks lost per day late.")
    ] = 5.0,
    grace_minutes: Annotated[
        float, typer.Option(min=0, help="Minutes of lateness that cost nothing.")
    ] = 10.0,
    time_zone: Annotated[
        str,
        typer.Option(help="Time zone of dates without a time, such as Europe/London."),
    ] = "UTC",
    coursework: Annotated[
        Path | None,
        typer.Option(envvar=COURSEWORK_VARIABLE, help="The folder of the coursework."),
    ] = None,
) -> None:
    """Make a course folder in which nbgrader's commands, and these, work."""
    from reelmark.course.folder import init_course
    from reelmark.course.lateness import make_policy

    loaded = find_coursework(coursework)
    lateness = {
        "percent_a_day": percent_a_day,
        "grace_minutes": grace_minutes,
        "time_zone": time_zone,
    }
    make_policy(**lateness)
    settings = {
        "assignment": assignment,
        "course_id": course_id or folder.resolve().name,
        "exchange": str(Path(exchange).resolve()) if exchange else "",
        "db_url": db_url,
        **lateness,
    }
    for path in init_course(folder, loaded, settings):
        typer.echo(f"written  {path}")


@app.command()
def build(course: CourseOption = Path()) -> None:
    """Fill source/: stubs, given files, notebook, brief, and the kit to check with."""
    from reelmark.course.source import build_source

    written = build_source(_open(course))
    kit = [path for path in written if KIT in path.parts]
    for path in written:
        if path not in kit:
            typer.echo(f"written  {path}")
    if kit:
        typer.echo(f"written  {len(kit)} files of the kit that students check with")
    if not written:
        typer.echo("source/ is up to date.")


@app.command()
def release(
    due: Annotated[
        str,
        typer.Option(
            help="When it is due, such as 2026-03-06T17:00Z, or 2026-03-06 for the end "
            "of that day."
        ),
    ] = "",
    course: CourseOption = Path(),
) -> None:
    """Make the students' version and put it into the exchange."""
    from reelmark.course import steps

    steps.release(_open(course), _console(), due)


@app.command()
def collect(
    submitted_at: Annotated[
        str,
        typer.Option(
            metavar="TIME",
            help="When zips were handed in of which roster.csv does not say it.",
        ),
    ] = "",
    course: CourseOption = Path(),
) -> None:
    """Collect what was handed in: from the exchange, and zips from downloaded/."""
    from reelmark.course import steps

    steps.collect(_open(course), _console(), submitted_at)


@app.command()
def evidence(
    data: Annotated[
        Path | None,
        typer.Option(
            envvar="REELMARK_DATA",
            help="The full dataset; without it, only reported losses are shown.",
        ),
    ] = None,
    student: StudentOption = None,
    workers: Annotated[
        int, typer.Option(min=0, help="Submissions at a time; 0 means one per core.")
    ] = 0,
    force: Annotated[
        bool, typer.Option("--force", help="Look at unchanged ones again.")
    ] = False,
    course: CourseOption = Path(),
) -> None:
    """Reproduce the losses that students report from the weights they handed in."""
    from reelmark.course.evidence import inspection

    settings = inspection.Settings(data, tuple(student or ()), workers, force=force)
    has_fault = inspection.inspect(_open(course), _console(), settings)
    raise typer.Exit(KIT_FAILED if has_fault else FINE)


@app.command()
def autograde(
    workers: Annotated[
        int, typer.Option(min=0, help="Submissions at a time; 0 means one per core.")
    ] = 0,
    force: Annotated[
        bool, typer.Option("--force", help="Mark and copy unchanged ones again.")
    ] = False,
    student: StudentOption = None,
    task: TaskOption = None,
    course: CourseOption = Path(),
) -> None:
    """Mark the code of the class, sealed, and copy the marks into the gradebook."""
    from reelmark.course import autograding
    from reelmark.grading.command import Settings

    opened = _open(course)
    settings = Settings(
        slots=workers,
        is_forced=force,
        is_unsafe=opened.is_unsafe,
        students=tuple(student or ()),
        tasks=tuple(task or ()),
    )
    done = autograding.autograde(opened, _console(), settings)
    raise typer.Exit(KIT_FAILED if done.faulty else FINE)


@app.command()
def decide(
    check: FaultyCheckArgument = "",
    earned: EarnedArgument = "",
    because: BecauseOption = "",
    end: EndOption = "",
    course: CourseOption = Path(),
) -> None:
    """Decide on a check that needs a look; then autograde again.

    Without CHECK, what needs a decision is shown.
    """
    from reelmark.desk import deciding

    opened = _open(course)
    wish = deciding.Wish(check, earned, because, end)
    deciding.decide(
        opened.coursework, opened.marks, wish, _console(), "reelmark course decide"
    )
    if check:
        typer.echo("Into the gradebook: reelmark course autograde")


@app.command()
def feedback(anyway: AnywayOption = False, course: CourseOption = Path()) -> None:
    """Write everybody's feedback page, and put it into the exchange."""
    from reelmark.course import steps

    failed = steps.write_feedback(_open(course), _console(), anyway=anyway)
    raise typer.Exit(KIT_FAILED if failed else FINE)


@app.command()
def export(
    to: Annotated[Path, typer.Option(help="The CSV file to write.")] = Path(
        "grades.csv"
    ),
    anyway: AnywayOption = False,
    course: CourseOption = Path(),
) -> None:
    """Write everybody's marks: code, report, lateness, total."""
    from reelmark.course import steps

    steps.export(_open(course), to, _console(), anyway=anyway)


def _open(folder: Path) -> Course:
    from reelmark.course.folder import open_course

    # SQLAlchemy warns of how nbgrader adds submissions; nobody can act on it.
    warnings.filterwarnings("ignore", module="nbgrader")
    return open_course(folder)


def _console() -> Console:
    from reelmark.terminal.console import make_console

    return make_console()
