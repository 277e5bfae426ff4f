"""Options that several commands share, worded once."""

from __future__ import annotations

from typing import Annotated

import typer

StudentOption = Annotated[
    list[str] | None,
    typer.Option("--student", help="Only this student; repeatable."),
]

TaskOption = Annotated[
    list[str] | None,
    typer.Option(
        "--task",
        metavar="TASK",
        help="Mark this task again, and leave the others as they are; repeatable.",
    ),
]

AnonymousOption = Annotated[
    bool,
    typer.Option(
        "--anonymous", help="Show codes for names on pages; codes.csv has both."
    ),
]

FaultyCheckArgument = Annotated[
    str, typer.Argument(metavar="CHECK", help="The check that needs a look.")
]

EarnedArgument = Annotated[
    str, typer.Argument(metavar="full|none|MARKS", help="What it earns.")
]

BecauseOption = Annotated[str, typer.Option(help="The reason, for those concerned.")]

EndOption = Annotated[
    str, typer.Option(help="How the check ended, if it ended in several ways.")
]
