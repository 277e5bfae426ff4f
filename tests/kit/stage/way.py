"""The way from the untouched stubs to full marks, recorded from the commands.

    PYTHONPATH=tests:fixtures .venv/bin/python -m kit.stage.way

writes it into the brief, between two comments; a test holds the brief against it.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from kit.stage import mini
from reelmark.cli import app
from sample_class import ROOT

Keep = Callable[[list[str]], list[str]]

BRIEF = ROOT / "assignment" / "README.md"
BEGIN, END = "<!-- way:begin -->", "<!-- way:end -->"
TASK = "3a-ii"
STUB = "    raise NotImplementedError\n\n\ndef build_lr_callback("
MISTAKE = """    if epoch < 10:
        return lr
    return lr * math.exp(-0.01 * (epoch - 9))
"""
MENDED = MISTAKE.replace(" * (epoch - 9)", "")
COLUMNS = "88"


def record() -> str:
    """Walk the way in a folder of its own; return what a terminal shows."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder, "coursework", "assignment")
        work.mkdir(parents=True)
        for stub in (ROOT / "assignment").glob("*.py"):
            shutil.copy(stub, work)
        with _in_folder(work):
            parts = [*_write_one_task(work), *_finish(work)]
    return "\n\n".join(parts)


def update(text: str, way: str) -> str:
    """Return the brief with the way in its place."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    assert begin, f"the brief has no {BEGIN}"
    assert end, f"the brief has no {END}"
    return f"{before}{BEGIN}\n{way}\n{END}{after}"


def _write_one_task(work: Path) -> list[str]:
    """Write one task, at first with a mistake; the student's code is not shown."""
    module = work / "callbacks.py"
    stub = module.read_text(encoding="utf-8")
    parts = ["The stubs as they come:", _run("check", TASK)]
    parts += ["No idea where to begin?", _run("hint", TASK)]
    _write(module, stub, MISTAKE)
    parts += ["You write a first version, and save it:", _run("check", TASK)]
    _write(module, stub, MENDED)
    parts += ["*Why* says what is wrong. You mend that line:", _run("check", TASK)]
    return [*parts, "One of 21 has passed:", _run("list", keep=_few_rows)]


def _finish(work: Path) -> list[str]:
    """Write the other tasks as in the reference, and check everything."""
    for solution in (ROOT / "solutions").glob("*.py"):
        shutil.copy(solution, work)
    marked = _run("check", "--hidden", keep=_last_lines)
    parts = ["The other tasks go the same way. Some evenings later:"]
    parts.append(_run("list", keep=_few_rows))
    return [*parts, "Whoever marks it has the hidden checks too:", marked]


def _run(*words: str, keep: Keep | None = None) -> str:
    """Carry out a command; return it and what it printed, as a block of text."""
    out = io.StringIO()
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(io.StringIO()),
        contextlib.suppress(SystemExit),
        mini.outer_run_unchanged(ROOT / "tests" / "public"),
    ):
        app(list(words), prog_name="reelmark", standalone_mode=False)
    lines = [line.rstrip() for line in out.getvalue().strip("\n").splitlines()]
    command = f"$ reelmark {' '.join(words)}"
    return "\n".join(["```text", command, *(keep(lines) if keep else lines), "```"])


def _few_rows(lines: list[str]) -> list[str]:
    """Keep the rows around the task, and all that stands below the table."""
    end = lines.index("")
    table = lines[end + 1 :]
    place = next(i for i, line in enumerate(table) if line.startswith(TASK))
    rows = [table[0], "...", *table[place - 1 : place + 2], "..."]
    below = next(i for i, line in enumerate(table) if "together" in line)
    return [*rows, *table[below:]]


def _last_lines(lines: list[str]) -> list[str]:
    return ["...", *lines[-3:]]


def _write(module: Path, stub: str, body: str) -> None:
    text = stub.replace("import keras\n", "import math\n\nimport keras\n", 1)
    module.write_text(text.replace(STUB, STUB.replace(_RAISE, body), 1), "utf-8")


_RAISE = "    raise NotImplementedError\n"


@contextlib.contextmanager
def _in_folder(folder: Path) -> Iterator[None]:
    """Work in a folder, on a terminal as wide as the brief."""
    before, columns = Path.cwd(), os.environ.get("COLUMNS")
    os.chdir(folder)
    os.environ["COLUMNS"] = COLUMNS
    try:
        yield
    finally:
        os.chdir(before)
        os.environ.pop("COLUMNS")
        if columns is not None:
            os.environ["COLUMNS"] = columns


def main() -> None:
    """Write the way into the brief."""
    text = BRIEF.read_text(encoding="utf-8")
    BRIEF.write_text(update(text, record()), encoding="utf-8")


if __name__ == "__main__":
    main()
