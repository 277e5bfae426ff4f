"""The console: where rich prints; made here, so that every command prints alike."""

from __future__ import annotations

from typing import IO

from rich.console import Console

LEAST_WIDTH = 40
"""Columns below which a terminal wraps lines itself: rich would cut words to pieces."""


def make_console(
    *, is_error: bool = False, file: IO[str] | None = None, width: int | None = None
) -> Console:
    """Return a console that prints to standard output, to standard error or to a file.

    Args:
        is_error: Whether it is standard error.
        file: What it prints to in place of both.
        width: Its columns; by default the terminal's.
    """
    # Names and paths are printed as they are: rich would take "[/x]" for an order to
    # change the style, and fail, and make a picture of ":cat:".
    console = Console(
        stderr=is_error,
        file=file,
        width=width,
        # Jupyter asks for colours, and for cells of their own, on no terminal.
        color_system=None if file else "auto",
        force_jupyter=False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    if console.width < LEAST_WIDTH:
        console.width = LEAST_WIDTH
    return console
