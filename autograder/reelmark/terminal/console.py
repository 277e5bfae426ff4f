"""The console: where rich prints; made here so that all commands print alike."""

from __future__ import annotations

from typing import IO

from rich.console import Console

LEAST_WIDTH = 40
"""Narrower terminals wrap lines themselves: rich would cut words apart."""


def make_console(
    *, is_error: bool = False, file: IO[str] | None = None, width: int | None = None
) -> Console:
    """Return a console that prints to standard output, to standard error or to a file.

    Args:
        is_error: Whether it is standard error.
        file: A file to print to instead of either.
        width: Its columns; by default the terminal's.
    """
    # Names and paths are printed as they are: rich would take "[/x]" for a change of
    # style, and fail, and would turn ":cat:" into a picture.
    console = Console(
        stderr=is_error,
        file=file,
        width=width,
        # Jupyter asks for colours, and for separate cells, without a terminal.
        color_system=None if file else "auto",
        force_jupyter=False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    if console.width < LEAST_WIDTH:
        console.width = LEAST_WIDTH
    return console
