"""``reelmark return ...``: marks go back to where submissions came from.

Nothing is uploaded: new files are written, and the teacher's own is never changed.
What a command needs is imported when it runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reelmark.errors import UsageError
from reelmark.terminal.help import Commands

if TYPE_CHECKING:
    from reelmark.lms.marks import Marks, Scale
    from reelmark.lms.returning import Filling
    from reelmark.lms.worksheet import Worksheet

app = typer.Typer(
    cls=Commands,
    help="Put marks into a worksheet or gradebook of your LMS; nothing is uploaded.",
    no_args_is_help=True,
    add_completion=False,
)

MarksOption = Annotated[
    Path, typer.Option("--marks", help="The folder that `reelmark grade` wrote to.")
]
OutOption = Annotated[Path, typer.Option(help="The folder to write to.")]
OfOption = Annotated[
    str, typer.Option("--of", metavar="N", help="Scale marks to be out of N.")
]
DecimalsOption = Annotated[
    int, typer.Option(min=0, max=4, help="Decimals; halves are rounded up.")
]
ReportOption = Annotated[
    Path | None,
    typer.Option(
        help="What `reelmark course export` wrote: adds the report's marks and "
        "deducts late penalties."
    ),
]
PartialOption = Annotated[
    bool, typer.Option("--partial", help="Write even if somebody gets no grade.")
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Show what would change; write nothing.")
]


@app.command("moodle")
def return_moodle(
    worksheet: Annotated[
        Path, typer.Option(help="Your grading worksheet, as Moodle gave it.")
    ],
    marks: MarksOption,
    out: OutOption,
    of: OfOption = "",
    decimals: DecimalsOption = 2,
    report: ReportOption = None,
    grade_column: Annotated[
        str, typer.Option(help="The header of the grades, if it is not found.")
    ] = "",
    comment_column: Annotated[
        str, typer.Option(help="The header of the comments, if it is not found.")
    ] = "",
    partial: PartialOption = False,
    dry_run: DryRunOption = False,
) -> None:
    """Fill in a grading worksheet, and zip the feedback for Moodle."""
    from reelmark.lms import moodle
    from reelmark.lms.marks import read_marks

    filling = moodle.fill(
        _open(worksheet),
        read_marks(marks, report),
        _read_of(of),
        decimals,
        grades=grade_column,
        comments=comment_column,
    )
    packed = moodle.pack_feedback(filling, marks / "feedback")
    extra = {"feedback.zip": packed}
    _finish(filling, out, extra, partial=partial, dry_run=dry_run)


@app.command("canvas")
def return_canvas(
    gradebook: Annotated[
        Path, typer.Option(help="Your gradebook, as Canvas exported it.")
    ],
    marks: MarksOption,
    out: OutOption,
    assignment: Annotated[
        str, typer.Option(help='The assignment\'s column, "Title (id)", or its id.')
    ] = "",
    of: OfOption = "",
    decimals: DecimalsOption = 2,
    report: ReportOption = None,
    partial: PartialOption = False,
    dry_run: DryRunOption = False,
) -> None:
    """Fill in a gradebook that was exported from Canvas."""
    from reelmark.lms import canvas
    from reelmark.lms.marks import read_marks

    found = read_marks(marks, report)
    filling = canvas.fill(_open(gradebook), found, _read_of(of), decimals, assignment)
    _finish(filling, out, {}, partial=partial, dry_run=dry_run)


@app.command("blackboard")
def return_blackboard(
    gradebook: Annotated[
        Path, typer.Option(help="Your grades, as Blackboard gave them (.csv, .xls).")
    ],
    marks: MarksOption,
    out: OutOption,
    column: Annotated[
        str, typer.Option(help="The column's name, if there are several.")
    ] = "",
    of: OfOption = "",
    decimals: DecimalsOption = 2,
    report: ReportOption = None,
    partial: PartialOption = False,
    dry_run: DryRunOption = False,
) -> None:
    """Fill in a file of grades that was downloaded from Blackboard."""
    from reelmark.lms import blackboard
    from reelmark.lms.marks import read_marks

    found = read_marks(marks, report)
    filling = blackboard.fill(_open(gradebook), found, _read_of(of), decimals, column)
    _finish(filling, out, {}, partial=partial, dry_run=dry_run)


@app.command("gradescope")
def return_gradescope(
    marks: MarksOption,
    out: OutOption,
    of: OfOption = "",
    decimals: DecimalsOption = 2,
    report: ReportOption = None,
    partial: PartialOption = False,
    dry_run: DryRunOption = False,
) -> None:
    """Write a table of marks: one row per person, by name, SID and address."""
    from reelmark.lms import gradescope
    from reelmark.lms.marks import read_marks

    found = read_marks(marks, report)
    scale = _choose_scale(found, of, decimals)
    rows = gradescope.list_marks(found, scale)
    path = out / "gradescope.csv"
    _finish_table(rows, found, scale, path, partial=partial, dry_run=dry_run)


@app.command("csv")
def return_csv(
    marks: MarksOption,
    out: OutOption,
    by: Annotated[
        str, typer.Option(metavar="COLUMN", help="The column of roster.csv to go by.")
    ] = "student",
    of: OfOption = "",
    decimals: DecimalsOption = 2,
    report: ReportOption = None,
    partial: PartialOption = False,
    dry_run: DryRunOption = False,
) -> None:
    """Write a table of marks by any column of the roster."""
    from reelmark.lms import plain
    from reelmark.lms.marks import read_marks

    found = read_marks(marks, report)
    scale = _choose_scale(found, of, decimals)
    rows = plain.list_marks(found, scale, by)
    path = out / "marks.csv"
    _finish_table(rows, found, scale, path, partial=partial, dry_run=dry_run)


def _open(path: Path) -> Worksheet:
    from reelmark.lms.worksheet import Worksheet

    return Worksheet(path)


def _read_of(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal()
    if not number.is_finite() or number <= 0:
        raise UsageError(
            f"--of takes a number above 0, such as --of 100, not {text!r}."
        )
    return number


def _choose_scale(marks: Marks, of: str, decimals: int) -> Scale:
    from reelmark.lms.marks import Scale

    return Scale(_read_of(of) or marks.of, decimals)


def _finish(
    filling: Filling,
    out: Path,
    extra: Mapping[str, bytes],
    *,
    partial: bool,
    dry_run: bool,
) -> None:
    """Show what a filled worksheet changes, and write it beside ``extra`` files."""
    from reelmark.lms import returning

    source = filling.worksheet.path
    files = {out / source.name: filling.worksheet.to_bytes()}
    files |= {out / name: content for name, content in extra.items()}
    returning.expect_other_file(source, out / source.name)
    typer.echo(returning.describe_filling(filling, in_full=dry_run))
    _expect_all(filling.left_out, partial=partial)
    if not dry_run:
        returning.write_all(files)
    _tell_files(files, dry_run=dry_run)


def _finish_table(
    rows: list[list[str | float]],
    marks: Marks,
    scale: Scale,
    path: Path,
    *,
    partial: bool,
    dry_run: bool,
) -> None:
    from reelmark.files import write_rows
    from reelmark.lms import returning

    typer.echo("\n".join([returning.describe_scale(marks.of, scale), *marks.told]))
    if dry_run:
        typer.echo("\n".join("  ".join(map(str, row)) for row in rows))
    _expect_all(marks.left_out, partial=partial)
    if not dry_run:
        write_rows(rows, path)
    _tell_files([path], dry_run=dry_run)


def _expect_all(left_out: Sequence[str], *, partial: bool) -> None:
    """Expect everybody to get a grade, unless the instructor agrees to a part."""
    if not left_out:
        return
    typer.echo("\n".join(["No grade for:", *(f"  {each}" for each in left_out)]))
    if not partial:
        raise UsageError(
            f"Nothing was written, as {len(left_out)} would get no grade (see above). "
            "Mend that, or return the others with --partial."
        )


def _tell_files(paths: Iterable[Path], *, dry_run: bool) -> None:
    for path in paths:
        typer.echo(f"{'not written' if dry_run else 'written'}  {path}")
