"""The ``reelmark`` command.

What a command needs is imported when it runs, so ``--help`` is instant.
`reelmark.terminal.endings` says how a command ended; `reelmark.errors` has exit codes.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reelmark.cluster.app import app as cluster_app
from reelmark.course.app import app as course_app
from reelmark.errors import (
    CHECKS_FAILED,
    FINE,
    KIT_FAILED,
    UsageError,
)
from reelmark.lms.app import app as return_app
from reelmark.practice.form import Form
from reelmark.terminal.help import ENGINEERS, INSTRUCTORS, STUDENTS, Commands
from reelmark.terminal.options import (
    AnonymousOption,
    BecauseOption,
    EarnedArgument,
    EndOption,
    FaultyCheckArgument,
    StudentOption,
    TaskOption,
)

if TYPE_CHECKING:
    from reelmark.manifest import Coursework

app = typer.Typer(
    cls=Commands,
    help="Check a coursework, and mark a class of them.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # with rich, help takes twice as long
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(course_app, name="course", rich_help_panel=INSTRUCTORS)
app.add_typer(return_app, name="return", rich_help_panel=INSTRUCTORS)
app.add_typer(cluster_app, name="cluster", rich_help_panel=INSTRUCTORS)

CourseworkOption = Annotated[
    Path | None,
    typer.Option(
        "--coursework",
        envvar="REELMARK_COURSEWORK",
        help="The coursework's folder, if it is not the working directory's.",
    ),
]


TasksArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="TASK", help="Tasks (1a-i), functions or modules; all by default."
    ),
]

FolderOption = Annotated[
    Path | None,
    typer.Option(help="The folder of your modules; by default assignment/."),
]

WorkOption = Annotated[
    Path | None,
    typer.Option(
        "--folder", help="Your modules, a folder or a zip; by default assignment/."
    ),
]


@app.command(rich_help_panel=STUDENTS)
def check(
    tasks: TasksArgument = None,
    folder: WorkOption = None,
    hidden: Annotated[
        bool,
        typer.Option(
            "--hidden",
            help="Run the hidden checks too, and show what they saw (instructors).",
        ),
    ] = False,
    picture: Annotated[
        bool,
        typer.Option(
            "--picture", help="Draw what your functions do, to look at: reelmark.png."
        ),
    ] = False,
    picture_to: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="Draw them to another file."),
    ] = None,
    in_process: Annotated[
        bool,
        typer.Option(
            "--in-process", help="Check in this process, for a debugger: not as marked."
        ),
    ] = False,
    full: Annotated[
        bool,
        typer.Option("--full", help="Show all that errors of libraries say."),
    ] = False,
    form: Annotated[
        Form,
        typer.Option(
            "--format", help="How findings are printed: for people, a CI, a program."
        ),
    ] = Form.TEXT,
    coursework: CourseworkOption = None,
) -> None:
    """Check your own work as it will be marked, with the public checks."""
    from reelmark.practice import check

    loaded = _load(coursework)
    wanted = [task.id for task in loaded.find_tasks(tasks or [])]
    drawn = picture_to or (Path("reelmark.png") if picture else None)
    passed = check.check_work(
        loaded,
        folder,
        wanted,
        hidden=hidden,
        picture=drawn,
        is_in_process=in_process,
        full=full,
        form=form,
    )
    raise typer.Exit(FINE if passed else CHECKS_FAILED)


@app.command(rich_help_panel=STUDENTS)
def watch(
    tasks: TasksArgument = None,
    folder: FolderOption = None,
    coursework: CourseworkOption = None,
) -> None:
    """Check again whatever you save, within a second or so, until Ctrl-C."""
    from reelmark.practice import watch

    loaded = _load(coursework)
    wanted = [task.id for task in loaded.find_tasks(tasks or [])]
    watch.watch_work(loaded, folder, wanted)


@app.command(rich_help_panel=STUDENTS)
def hint(
    task: Annotated[
        str, typer.Argument(metavar="TASK", help="A task; by default the next one.")
    ] = "",
    again: Annotated[
        bool, typer.Option("--again", help="Show the hints that you have seen.")
    ] = False,
    folder: FolderOption = None,
    coursework: CourseworkOption = None,
) -> None:
    """Show the next hint for a task, one more each time."""
    from reelmark.practice import hints

    hints.give_hint(_load(coursework), folder, task, again=again)


@app.command("list", rich_help_panel=STUDENTS)
def list_tasks(
    folder: FolderOption = None, coursework: CourseworkOption = None
) -> None:
    """List the tasks: marks, minutes, how each stands, and what to do next."""
    from reelmark.practice import tasks

    tasks.list_tasks(_load(coursework), folder)


@app.command(rich_help_panel=INSTRUCTORS)
def grade(
    submissions: Annotated[
        Path,
        typer.Argument(
            metavar="SUBMISSIONS",
            help="A download from your LMS as it came, zip or folder; or a folder with "
            "one folder or .zip per student.",
        ),
    ],
    out: Annotated[Path, typer.Option(help="Where results and pages are written.")],
    system: Annotated[
        str,
        typer.Option(
            "--from", metavar="SYSTEM", help="Where it comes from, if asked for."
        ),
    ] = "",
    workers: Annotated[
        int, typer.Option(min=0, help="Submissions at a time; 0 means one per core.")
    ] = 0,
    force: Annotated[
        bool, typer.Option("--force", help="Mark unchanged submissions again.")
    ] = False,
    unsafe: Annotated[
        bool,
        typer.Option(
            "--unsafe", help="Run hidden checks even if submissions can read them."
        ),
    ] = False,
    wall: Annotated[
        bool,
        typer.Option("--wall", help="Also keep workers behind bubblewrap (Linux)."),
    ] = False,
    student: StudentOption = None,
    task: TaskOption = None,
    anonymous: AnonymousOption = False,
    shard: Annotated[
        str,
        typer.Option(
            metavar="K/N", help="Mark the K-th of N parts; `merge` combines them."
        ),
    ] = "",
    on: Annotated[
        str,
        typer.Option(
            metavar="WHERE",
            help="Mark on a cluster: tls://HOST:PORT, ssh:HOST,HOST or local:N.",
        ),
    ] = "",
    keys: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="With --on tls://...: the folder of `cluster keys`."
        ),
    ] = None,
    coursework: CourseworkOption = None,
) -> None:
    """Mark a class: results, grades, one feedback page per student, a class page.

    Run again, it continues where it stopped and marks only what changed.
    """
    from reelmark.cluster.app import open_cluster
    from reelmark.grading import command, folder
    from reelmark.grading.shards import read_shard
    from reelmark.lms.shapes import receive

    if shard and anonymous:
        raise UsageError(
            "Codes are given to a whole class: leave --anonymous to `reelmark merge`."
        )

    loaded = _load(coursework)
    if on and (workers or wall):
        raise UsageError(
            "--workers and --wall are for marking on this machine: with --on, nodes "
            "say how many submissions they mark at a time."
        )
    folder.expect_apart(submissions, out)
    with open_cluster(loaded, on, keys, is_unsafe=unsafe) as (backend, at_a_time):
        settings = command.Settings(
            slots=workers or at_a_time,
            is_forced=force,
            is_unsafe=unsafe,
            has_wall=wall,
            students=tuple(student or ()),
            tasks=tuple(task or ()),
            is_anonymous=anonymous,
            shard=read_shard(shard) if shard else None,
            backend=backend,
        )
        with receive(submissions, loaded.modules, system) as received:
            typer.echo("\n".join(received.told))
            faulty = command.grade_class(
                loaded, received.uploads, out, settings, received.write_roster
            )
    raise typer.Exit(KIT_FAILED if faulty else FINE)


@app.command(rich_help_panel=INSTRUCTORS)
def merge(
    marks: Annotated[
        list[Path],
        typer.Argument(
            metavar="MARKS...", help="Folders that `grade --shard` wrote to."
        ),
    ],
    out: Annotated[
        Path, typer.Option(help="Where the whole class goes; may be one of them.")
    ],
    anonymous: AnonymousOption = False,
    coursework: CourseworkOption = None,
) -> None:
    """Combine parts of a class that were marked separately, and write its pages.

    If the parts contradict each other, it says so and writes nothing.
    """
    from reelmark.grading import command
    from reelmark.lms.roster import read_roster

    students = [each.student for folder in marks for each in read_roster(folder)]
    faulty = command.merge_classes(
        _load(coursework), marks, out, students=students, is_anonymous=anonymous
    )
    raise typer.Exit(KIT_FAILED if faulty else FINE)


@app.command(rich_help_panel=INSTRUCTORS)
def look(
    marks: Annotated[
        Path, typer.Argument(metavar="MARKS", help="The folder that `grade` wrote to.")
    ],
    students: Annotated[
        list[str],
        typer.Argument(metavar="STUDENT...", help="Names of students, or their codes."),
    ],
    unsafe: Annotated[
        bool,
        typer.Option(
            "--unsafe", help="Run their code even if it can read hidden checks."
        ),
    ] = False,
    coursework: CourseworkOption = None,
) -> None:
    """Draw what students' functions do, on the instructor's pages."""
    from reelmark.desk import looking
    from reelmark.terminal.console import make_console

    loaded, console = _load(coursework), make_console()
    looking.look_at_students(loaded, marks, students, console, is_unsafe=unsafe)


@app.command(rich_help_panel=INSTRUCTORS)
def archive(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH",
            help="The folder that `grade` wrote to; with --check, an archive.",
        ),
    ],
    to: Annotated[Path | None, typer.Option(help="The zip to write.")] = None,
    submissions: Annotated[
        Path | None,
        typer.Option(help="What was handed in: the download, zip or folder."),
    ] = None,
    check_only: Annotated[
        bool, typer.Option("--check", help="Prove that an archive is unchanged.")
    ] = False,
    coursework: CourseworkOption = None,
) -> None:
    """Keep marks, feedback, submissions and versions in one zip with checksums."""
    from reelmark.desk import archiving

    if check_only:
        inventory, to = archiving.check_archive(path), path
    elif to is None:
        raise UsageError("Say where the archive goes, with --to FILE.zip.")
    else:
        loaded = _load(coursework)
        inventory = archiving.write_archive(loaded, path, submissions, to)
    lines = archiving.describe_archive(inventory)
    word = "As it was written" if check_only else "Written, and read again"
    told = f"{word}: {to}\nSHA-256: {archiving.compute_checksum(to)}"
    typer.echo("\n".join([*lines, told]))


@app.command(rich_help_panel=INSTRUCTORS)
def decide(
    marks: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder that `grade` wrote to.")
    ],
    check: FaultyCheckArgument = "",
    earned: EarnedArgument = "",
    because: BecauseOption = "",
    end: EndOption = "",
    coursework: CourseworkOption = None,
) -> None:
    """Decide on a check that needs a look, once for everybody who met the fault.

    Without CHECK, what needs a decision is shown.
    """
    from reelmark.desk import deciding
    from reelmark.terminal.console import make_console

    wish = deciding.Wish(check, earned, because, end)
    command = f"reelmark decide {shlex.quote(str(marks))}"
    deciding.decide(_load(coursework), marks, wish, make_console(), command)


@app.command(rich_help_panel=INSTRUCTORS)
def demo(
    out: Annotated[Path, typer.Option(help="Where results and pages go.")] = Path(
        "demo"
    ),
    coursework: CourseworkOption = None,
) -> None:
    """Grade the sample class that comes with the coursework."""
    from reelmark.grading import command, folder
    from reelmark.intake.submissions import find_uploads

    loaded = _load(coursework)
    samples = loaded.root / "fixtures" / "submissions"
    folder.expect_apart(samples, out)
    # The samples are the coursework's own: nothing is hidden from their authors.
    settings = command.Settings(is_unsafe=True)
    faulty = command.grade_class(loaded, find_uploads(samples), out, settings)
    raise typer.Exit(KIT_FAILED if faulty else FINE)


@app.command(rich_help_panel=ENGINEERS)
def stubs(
    check_only: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; fail if they are out of date."),
    ] = False,
    coursework: CourseworkOption = None,
) -> None:
    """Cut stubs and report from the solutions; fill in the task table."""
    from reelmark.handout import generated

    loaded = _load(coursework)
    texts = generated.make_texts(loaded)
    act = generated.find_drifted if check_only else generated.write_drifted
    changed = act(texts)
    for path in changed:
        word = "differs" if check_only else "written"
        typer.echo(f"{word}  {path.relative_to(loaded.root)}")
    if not changed:
        typer.echo("Stubs, report and task table agree with solutions and manifest.")
    raise typer.Exit(CHECKS_FAILED if check_only and changed else FINE)


@app.command(rich_help_panel=ENGINEERS)
def verify(
    out: Annotated[
        Path, typer.Option(help="Where cases, results and the kill matrix go.")
    ] = Path("build/verify"),
    update: Annotated[
        bool, typer.Option("--update", help="Record the messages as they are now.")
    ] = False,
    mutants: Annotated[
        bool, typer.Option(help="Also mutate the reference (some minutes).")
    ] = True,
    style: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Instead, mutate an accepted style; may be given more than once.",
        ),
    ] = None,
    rules: Annotated[
        bool,
        typer.Option("--rules", help="Print the table of rules and mark nothing."),
    ] = False,
    fuzz: Annotated[
        float,
        typer.Option(
            metavar="MINUTES",
            min=0,
            help="Instead, lie to the checks this long; continues where it stopped.",
        ),
    ] = 0.0,
    seed: Annotated[
        int, typer.Option(help="With --fuzz: decides which lies are told first.")
    ] = 1,
    coursework: CourseworkOption = None,
) -> None:
    """Test the checks themselves, on correct work, on mistakes and on mutants.

    With --style, on mutants of other right work than the reference. With --fuzz, on
    a worker that lies.
    """
    from reelmark.terminal.console import make_console
    from reelmark.verification import command, rule_table

    loaded = _load(coursework)
    if style:
        caught = command.verify_styles(loaded, out, style)
        raise typer.Exit(FINE if caught else CHECKS_FAILED)
    if rules:
        holds = rule_table.tell(make_console(), loaded, out)
        raise typer.Exit(FINE if holds else CHECKS_FAILED)
    if fuzz:
        sound = command.fuzz(loaded, out / "fuzz", minutes=fuzz, seed=seed)
        raise typer.Exit(FINE if sound else CHECKS_FAILED)
    holds = command.verify(loaded, out, is_updating=update, has_mutants=mutants)
    raise typer.Exit(FINE if holds else CHECKS_FAILED)


@app.command(rich_help_panel=INSTRUCTORS)
def release(
    out: Annotated[
        Path, typer.Option(help="Where the folder and the zip are written.")
    ],
    coursework: CourseworkOption = None,
) -> None:
    """Write what students get, as a folder and a zip without anything hidden."""
    from reelmark.handout import bundle

    folder, archive = bundle.release(_load(coursework), out)
    typer.echo(f"Folder  {folder}\nZip     {archive}")
    typer.echo("Looked through both: nothing of solutions or hidden checks is inside.")


@app.command(rich_help_panel=INSTRUCTORS)
def gradescope(
    out: Annotated[Path, typer.Option(help="The zip that is written.")],
    hidden: Annotated[
        bool, typer.Option("--hidden", help="Include the hidden checks.")
    ] = False,
    minutes: Annotated[
        int, typer.Option(min=2, max=40, help="How long one submission may take.")
    ] = 20,
    coursework: CourseworkOption = None,
) -> None:
    """Write the zip that makes Gradescope mark with this kit."""
    from reelmark.lms import autograder

    loaded = _load(coursework)
    autograder.write_autograder(loaded, out, has_hidden=hidden, minutes=minutes)
    told = autograder.describe_autograder(loaded, has_hidden=hidden, minutes=minutes)
    typer.echo("\n".join([f"Written: {out}", *told]))


@app.command(rich_help_panel=STUDENTS)
def report(
    out: Annotated[
        Path | None, typer.Option(help="The HTML file that is written.")
    ] = None,
    write: Annotated[
        bool,
        typer.Option(
            "--write", help="Keep the outputs in the notebook, which you hand in."
        ),
    ] = False,
    folder: Annotated[
        Path | None,
        typer.Option(help="Notebook and modules; by default assignment/."),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            envvar="REELMARK_DATA", help="The full data; without it, a small set."
        ),
    ] = None,
    coursework: CourseworkOption = None,
) -> None:
    """Run your report from its first cell to its last; write it as a page, or whole."""
    from reelmark.handout.report import NAME, find_report
    from reelmark.practice import notebook

    loaded = _load(coursework)
    if not (out or write):
        raise UsageError("Say what to write: --out my.html, --write, or both.")
    if out and out.is_dir():
        raise UsageError(f"{out} is a folder. Name the HTML file: --out {out}/my.html.")
    path = (folder or find_report(loaded)) / NAME
    variables = {"REELMARK_DATA": str(data.resolve())} if data else {}
    ran, unfinished = notebook.run(path, [loaded.stubs], variables)
    if out:
        notebook.write_page(ran, loaded.title, out)
        typer.echo(f"Written: {out}")
    if write:
        notebook.keep_outputs(ran, path)
        typer.echo(f"Written: {path}, with what its cells show")
    if unfinished:
        typer.echo(f"Cells that did not finish: {', '.join(unfinished)}")
    raise typer.Exit(CHECKS_FAILED if unfinished else FINE)


@app.command(rich_help_panel=STUDENTS)
def doctor(coursework: CourseworkOption = None) -> None:
    """See whether this machine can check and mark; if not, say what to do."""
    from reelmark import doctor

    raise typer.Exit(FINE if doctor.examine(_load(coursework)) else KIT_FAILED)


@app.command(
    add_help_option=False,
    rich_help_panel=INSTRUCTORS,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def train(context: typer.Context, coursework: CourseworkOption = None) -> None:
    """Train the reference on the full data (options: reelmark train --help)."""
    from reelmark import training

    training.train(_load(coursework), context.args)


def _load(folder: Path | None) -> Coursework:
    from reelmark.manifest import find_coursework

    return find_coursework(folder)
