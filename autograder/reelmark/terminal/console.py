"""The console: where rich prints; made here, so that every command prints alike."""

from __future__ import annotations

from rich.console import Console

LEAST_WIDTH = 40
"""Columns below which a terminal wraps lines itself: rich would cut words to pieces."""


def make_console(*, is_error: bool = False) -> Console:
    """Return a console that prints to standard output, or to standard error."""
    # Names and paths are printed as they are: rich would take "[/x]" for an order to
    # change the style, and fail, and make a picture of ":cat:".
    console = Console(stderr=is_error, highlight=False, markup=False, emoji=False)
    if console.width < LEAST_WIDTH:
        console.width = LEAST_WIDTH
    return console
