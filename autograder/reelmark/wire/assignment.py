"""The assignment: what a worker is told, and the names that both sides use."""

from __future__ import annotations

from dataclasses import dataclass

INGREDIENTS, LOOKS, STAND_INS = "ingredients", "looks", "stand_ins"
"""Modules of a coursework's ``tests/support/worker``: they run beside student code."""

PACKAGES = ("keras", "matplotlib", "numpy", "pandas", "tensorflow")
"""Packages that students' code uses; they are present wherever it is marked."""

WHEREABOUTS = ".whereabouts"
"""The file in a worker's scratch folder that records where a long call is."""

PRINTED = ".printed"
"""The suffix of a file beside it: what that call has printed."""

MAX_ERROR_TEXT = 2_000
"""The most characters of a text that a worker sends about an error."""

MAX_WHOLE_TEXT, MAX_WHOLE_LINES = 8_000, 120
"""Characters and lines of all that a library says of an error, for who asks for it."""

MAX_PRINTED_LINES, MAX_PRINTED_WIDTH = 12, 200
"""Lines that are kept of what student code prints in a check, and their characters."""


@dataclass(frozen=True)
class Assignment:
    """What a worker needs to know: whose code, which modules, what it may use.

    ``folder`` holds the modules: a copy in ``scratch``, to which they may write, or
    files that they may only read. ``stand_ins`` are ``"module.function"`` names whose
    functions are replaced by the kit's; ``inputs`` are further folders it may read,
    ``secrets`` are those it must never read; ``uid`` is the user it becomes if root
    starts it, None to stay root.
    """

    folder: str
    modules: tuple[str, ...]
    stubs: str
    support: str
    scratch: str
    stand_ins: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    uid: int | None = None
