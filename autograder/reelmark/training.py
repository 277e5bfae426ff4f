"""Training of the reference: runs the coursework's own program for it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

from reelmark.errors import UsageError
from reelmark.manifest import Coursework

COMMAND = "training.command"
"""The module in ``solutions/`` whose ``main`` takes a list of arguments."""


def train(coursework: Coursework, arguments: Sequence[str]) -> None:
    """Run the coursework's training of its reference, in this process.

    Raises:
        UsageError: The coursework has none, or this copy of it has none.
    """
    if not (coursework.solutions / "training" / "command.py").is_file():
        raise UsageError(
            f"There is nothing to train here: {coursework.solutions} holds no "
            "training/command.py. Only instructors have the solutions."
        )
    # The solutions come first: the stubs beside the given files have the same names.
    sys.path[:0] = [str(coursework.solutions), str(coursework.stubs)]
    importlib.import_module(COMMAND).main(list(arguments))
