"""Options that several commands have, worded once."""

from __future__ import annotations

from typing import Annotated

import typer

StudentOption = Annotated[
    list[str] | None,
    typer.Option("--student", help="Only this one; repeatable."),
]

TaskOption = Annotated[
    list[str] | None,
    typer.Option(
        "--task",
        metavar="TASK",
        help="Mark this task again, and leave the others as they are; repeatable.",
    ),
]
