"""Reelmark: a test-first teaching kit whose autograder never runs what it marks."""

from typing import Any


def load_ipython_extension(shell: Any) -> None:
    """Begin ``%load_ext reelmark`` in a notebook (called by IPython)."""
    from reelmark.practice import cells

    cells.load_ipython_extension(shell)
