"""Reading: notebooks are parsed in a process of their own, which may fail.

Nothing in them is run. But a text can be made so that the parser itself never ends,
or takes all the memory there is; then this process is killed, its notebook counts as
unreadable, and nobody else notices.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from reelmark.intake.assembly import Assembled, Functions, assemble, compare
from reelmark.intake.cells import Notebook, UnreadableNotebook, read_notebook
from reelmark.intake.kinds import show

MAX_SECONDS = 60
MAX_CPU_SECONDS = 30
MAX_MEMORY = 2 * 1024**3


@dataclass(frozen=True)
class Order:
    """What is to be read.

    Attributes:
        functions: The functions that are asked for, by module.
        texts: Notebooks by name.
        modules: The modules that were handed in beside them, by name.
    """

    functions: Functions
    texts: Mapping[str, str]
    modules: Mapping[str, str]


def read(order: Order) -> Assembled:
    """Read notebooks in a process of their own.

    Returns:
        The modules that were put together; if modules were handed in, none, but notes
            on where the notebooks differ.
    """
    command = [sys.executable, "-P", "-s", "-m", "reelmark.intake.reading"]
    names = ", ".join(map(show, order.texts))
    try:
        done = subprocess.run(
            command,
            input=json.dumps(asdict(order)).encode(),
            capture_output=True,
            timeout=MAX_SECONDS,
            check=True,
        )
        return Assembled(**json.loads(done.stdout))
    except subprocess.TimeoutExpired:
        return Assembled(notes=[f"{names} could not be read: it takes too long."])
    except (subprocess.CalledProcessError, ValueError, TypeError):
        return Assembled(notes=[f"{names} could not be read: it is too complicated."])


def carry_out(order: Order) -> Assembled:
    """Read notebooks in this process; what cannot be read is noted."""
    notebooks: list[Notebook] = []
    notes = []
    for name, text in order.texts.items():
        try:
            notebooks.append(read_notebook(name, text))
        except UnreadableNotebook as error:
            notes.append(f"{show(name)} was left out: {error}.")
    if order.modules:
        told = compare(notebooks, order.functions, order.modules)
        return Assembled(notes=[*notes, *told])
    made = assemble(notebooks, order.functions)
    made.notes = [*notes, *made.notes]
    return made


def _limit() -> None:
    """Bound what this process may use, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _main() -> None:
    _limit()
    given: dict[str, Any] = json.load(sys.stdin)
    json.dump(asdict(carry_out(Order(**given))), sys.stdout)


if __name__ == "__main__":
    _main()
