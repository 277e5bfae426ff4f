"""Reelmark: a test-first teaching kit whose autograder never runs what it marks."""

from typing import Any


def load_ipython_extension(shell: Any) -> None:
    """Begin, on ``%load_ext reelmark`` in a notebook (called by IPython)."""
    from reelmark.notebook import extension

    extension.load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """End, with the processes that it started (called by IPython)."""
    from reelmark.notebook import extension

    extension.unload(shell)
