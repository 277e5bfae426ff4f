"""The ``reelmark`` command.

What a command needs is imported when it runs: ``--help`` is instant. How commands end
is told by `reelmark.terminal.endings`, with the exit codes of `reelmark.errors`.
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
    help="Check a coursework, and mark a class of them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(course_app, name="course")
app.add_typer(return_app, name="return")
app.add_typer(cluster_app, name="cluster")

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
        metavar="TASK", help="Tasks (1a-i), functions or modules; all if none."
    ),
]

FolderOption = Annotated[
    Path | None,
    typer.Option(help="The folder of your modules; by default assignment/."),
]

WorkOption = Annotated[
    Path | None,
    typer.Option(
        "--folder", help="The folder of your modules, or a zip; else assignment/."
    ),
]


@app.command()
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
        typer.Option(metavar="PATH", help="The same, in another file."),
    ] = None,
    in_process: Annotated[
        bool,
        typer.Option(
            "--in-process", help="Check in this process, for a debugger: not as marked."
        ),
    ] = False,
    form: Annotated[
        Form,
        typer.Option(
            "--format", help="How findings are printed: for people, a CI, a program."
        ),
    ] = Form.TEXT,
    coursework: CourseworkOption = None,
) -> None:
    """Check your own work as it is marked, with the checks that are public."""
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
        form=form,
    )
    raise typer.Exit(FINE if passed else CHECKS_FAILED)


@app.command()
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


@app.command()
def hint(
    task: Annotated[
        str, typer.Argument(metavar="TASK", help="A task; the next one if none.")
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


@app.command("list")
def list_tasks(
    folder: FolderOption = None, coursework: CourseworkOption = None
) -> None:
    """List the tasks: marks, minutes, how each stands, and what to do next."""
    from reelmark.practice import tasks

    tasks.list_tasks(_load(coursework), folder)


@app.command()
def grade(
    submissions: Annotated[
        Path,
        typer.Argument(
            metavar="SUBMISSIONS",
            help="A download of your LMS as it came, zip or folder; or a folder in "
            "which every folder or .zip is a student.",
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
        int, typer.Option(min=0, help="Submissions at a time; 0: one a core.")
    ] = 0,
    force: Annotated[
        bool, typer.Option("--force", help="Mark unchanged submissions again.")
    ] = False,
    unsafe: Annotated[
        bool,
        typer.Option(
            "--unsafe", help="Run hidden checks even where submissions can read them."
        ),
    ] = False,
    wall: Annotated[
        bool,
        typer.Option("--wall", help="Keep workers behind bubblewrap too (Linux)."),
    ] = False,
    student: StudentOption = None,
    task: TaskOption = None,
    anonymous: AnonymousOption = False,
    shard: Annotated[
        str,
        typer.Option(
            metavar="K/N", help="Mark the K-th of N parts; `merge` makes it whole."
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
            metavar="DIR", help="With --on tls://...: what `cluster keys` wrote."
        ),
    ] = None,
    coursework: CourseworkOption = None,
) -> None:
    """Mark a class: results, grades, a feedback page a student, a class page.

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


@app.command()
def merge(
    marks: Annotated[
        list[Path],
        typer.Argument(metavar="MARKS...", help="What `grade --shard` wrote to."),
    ],
    out: Annotated[
        Path, typer.Option(help="Where the whole class goes; it may be one of them.")
    ],
    anonymous: AnonymousOption = False,
    coursework: CourseworkOption = None,
) -> None:
    """Put parts of a class together that were marked apart, and write its pages.

    Refuses what contradicts itself, and then writes nothing.
    """
    from reelmark.grading import command
    from reelmark.lms.roster import read_roster

    students = [each.student for folder in marks for each in read_roster(folder)]
    faulty = command.merge_classes(
        _load(coursework), marks, out, students=students, is_anonymous=anonymous
    )
    raise typer.Exit(KIT_FAILED if faulty else FINE)


@app.command()
def look(
    marks: Annotated[
        Path, typer.Argument(metavar="MARKS", help="What `grade` wrote with --out.")
    ],
    students: Annotated[
        list[str],
        typer.Argument(metavar="STUDENT...", help="Names, or the codes for them."),
    ],
    unsafe: Annotated[
        bool,
        typer.Option(
            "--unsafe", help="Run their code even where it can read hidden checks."
        ),
    ] = False,
    coursework: CourseworkOption = None,
) -> None:
    """Draw what students' functions do, on their pages for instructors."""
    from reelmark.desk import looking
    from reelmark.terminal.console import make_console

    loaded, console = _load(coursework), make_console()
    looking.look_at_students(loaded, marks, students, console, is_unsafe=unsafe)


@app.command()
def archive(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH",
            help="What `grade` wrote to with --out; with --check, an archive.",
        ),
    ],
    to: Annotated[Path | None, typer.Option(help="The zip to write.")] = None,
    submissions: Annotated[
        Path | None,
        typer.Option(help="What was handed in: the download, zip or folder."),
    ] = None,
    check_only: Annotated[
        bool, typer.Option("--check", help="Prove that an archive is as it was.")
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


@app.command()
def decide(
    marks: Annotated[
        Path, typer.Argument(metavar="DIR", help="What `grade` wrote to with --out.")
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


@app.command()
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
    # The samples are the coursework's own: nothing is hidden from who wrote them.
    settings = command.Settings(is_unsafe=True)
    faulty = command.grade_class(loaded, find_uploads(samples), out, settings)
    raise typer.Exit(KIT_FAILED if faulty else FINE)


@app.command()
def stubs(
    check_only: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if they drifted.")
    ] = False,
    coursework: CourseworkOption = None,
) -> None:
    """Cut stubs and report from the solutions, the task table from the manifest."""
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


@app.command()
def verify(
    out: Annotated[
        Path, typer.Option(help="Where cases, results and the kill matrix go.")
    ] = Path("build/verify"),
    update: Annotated[
        bool, typer.Option("--update", help="Keep the messages as they are now.")
    ] = False,
    mutants: Annotated[
        bool, typer.Option(help="Mutate the reference too (some minutes).")
    ] = True,
    style: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Instead, mutate an accepted style; may be given more than once.",
        ),
    ] = None,
    fuzz: Annotated[
        float,
        typer.Option(
            metavar="MINUTES",
            min=0,
            help="Instead, lie to the checks for so long; it goes on where it stopped.",
        ),
    ] = 0.0,
    seed: Annotated[
        int, typer.Option(help="With --fuzz: decides which lies are told first.")
    ] = 1,
    coursework: CourseworkOption = None,
) -> None:
    """Test the checks themselves, on right work, on mistakes and on mutants.

    With --style, on mutants of other right work than the reference. With --fuzz, on
    a worker that lies.
    """
    from reelmark.verification import command

    loaded = _load(coursework)
    if style:
        caught = command.verify_styles(loaded, out, style)
        raise typer.Exit(FINE if caught else CHECKS_FAILED)
    if fuzz:
        sound = command.fuzz(loaded, out / "fuzz", minutes=fuzz, seed=seed)
        raise typer.Exit(FINE if sound else CHECKS_FAILED)
    holds = command.verify(loaded, out, is_updating=update, has_mutants=mutants)
    raise typer.Exit(FINE if holds else CHECKS_FAILED)


@app.command()
def release(
    out: Annotated[Path, typer.Option(help="Where folder and zip are written.")],
    coursework: CourseworkOption = None,
) -> None:
    """Write what students get, a folder and a zip, with nothing hidden in them."""
    from reelmark.handout import bundle

    folder, archive = bundle.release(_load(coursework), out)
    typer.echo(f"Folder  {folder}\nZip     {archive}")
    typer.echo("Looked through both: nothing of solutions or hidden checks is inside.")


@app.command()
def gradescope(
    out: Annotated[Path, typer.Option(help="The zip that is written.")],
    hidden: Annotated[
        bool, typer.Option("--hidden", help="Put the hidden checks in as well.")
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


@app.command()
def report(
    out: Annotated[Path, typer.Option(help="The HTML file that is written.")],
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
    """Run your report from its first cell to its last, and write it as a page."""
    from reelmark.handout.report import NAME
    from reelmark.practice import notebook

    loaded = _load(coursework)
    if out.is_dir():
        raise UsageError(f"{out} is a folder. Name the HTML file: --out {out}/my.html.")
    path = (folder or loaded.stubs) / NAME
    variables = {"REELMARK_DATA": str(data.resolve())} if data else {}
    ran, unfinished = notebook.run(path, [loaded.stubs], variables)
    notebook.write_page(ran, loaded.title, out)
    typer.echo(f"Written: {out}")
    if unfinished:
        typer.echo(f"Cells that did not finish: {', '.join(unfinished)}")
    raise typer.Exit(CHECKS_FAILED if unfinished else FINE)


@app.command()
def doctor(coursework: CourseworkOption = None) -> None:
    """Look whether this machine can check and mark, and say what to do if not."""
    from reelmark import doctor

    raise typer.Exit(FINE if doctor.examine(_load(coursework)) else KIT_FAILED)


@app.command(
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def train(context: typer.Context, coursework: CourseworkOption = None) -> None:
    """Train the reference on the full data (options: reelmark train --help)."""
    from reelmark import training

    training.train(_load(coursework), context.args)


def _load(folder: Path | None) -> Coursework:
    from reelmark.manifest import find_coursework

    return find_coursework(folder)
