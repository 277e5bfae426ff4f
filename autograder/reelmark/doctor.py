"""The diagnosis: can this machine check work, and mark a class?"""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE

from rich.text import Text

from reelmark.confinement.advice import explain_open_level
from reelmark.confinement.level import Level
from reelmark.errors import KitFault, UsageError
from reelmark.manifest import Coursework
from reelmark.processes.environment import process_options, why_no_tensorflow
from reelmark.terminal.console import make_console
from reelmark.terminal.endings import explain

OLDEST_PYTHON = (3, 11)

Finding = tuple[str, str]
"""What was found, and what to do about it (empty if nothing)."""


def examine(coursework: Coursework) -> bool:
    """Examine everything the kit needs; print it; return whether all is well."""
    console = make_console()
    title = Text.assemble((coursework.title, "bold"), f" in {coursework.root}")
    console.print(title, soft_wrap=True)
    is_well = True
    for name, look in _EXAMINATIONS:
        with console.status(name):
            found, advice = _try(look, coursework)
        sign = ("✘", "red") if advice else ("✔", "green")
        line = Text.assemble(sign, f" {name:<14} {found}")
        console.print(line, soft_wrap=True)
        if advice:
            console.print(f"  {'':<14} {advice}", style="red", soft_wrap=True)
            is_well = False
    return is_well


def _try(look: Callable[[Coursework], Finding], coursework: Coursework) -> Finding:
    """Return what a look finds; if it fails, that is a finding too."""
    try:
        return look(coursework)
    except Exception as error:  # the other findings are worth reading too
        return "failed", explain(error).sentence


def _python(_: Coursework) -> Finding:
    version = platform.python_version()
    if sys.version_info < OLDEST_PYTHON:
        return version, "Install Python 3.11 or newer, and make a new environment."
    return version, ""


def _tensorflow(_: Coursework) -> Finding:
    started = time.monotonic()
    code = "import tensorflow as t, keras as k; print(t.__version__, k.__version__)"
    ran = subprocess.run(
        [sys.executable, "-P", "-s", "-c", code],
        encoding="utf-8",
        errors="replace",
        check=False,
        **{**process_options(), "stdout": PIPE, "stderr": PIPE},
    )
    if ran.returncode:
        last = (ran.stderr.strip().splitlines() or ["it ended without a word"])[-1]
        again = "Install the pinned packages again (see docs/installing.md)."
        return last, why_no_tensorflow(again)
    tensorflow, keras = ran.stdout.split()[-2:]
    seconds = time.monotonic() - started
    return f"{tensorflow}, Keras {keras}, imported in {seconds:.1f} s", ""


def _suites(coursework: Coursework) -> Finding:
    counts = {
        name: len(list(folder.glob("test_*.py")))
        for name, folder in (
            ("public", coursework.public_suite),
            ("hidden", coursework.hidden_suite),
        )
    }
    found = f"{counts['public']} public, {counts['hidden']} hidden files of checks"
    missing = (
        "" if counts["public"] else "tests/public is empty: get the coursework again."
    )
    return found, missing


def _fixtures(coursework: Coursework) -> Finding:
    files = [f for f in (coursework.root / "fixtures").rglob("*") if f.is_file()]
    size = sum(file.stat().st_size for file in files)
    if not files:
        return "none", "fixtures/ is empty: get the coursework again."
    return f"{len(files)} files, {size / 1024:.0f} KB", ""


def _write_access(_: Coursework) -> Finding:
    found = []
    for folder in (Path.cwd(), Path(tempfile.gettempdir())):
        try:
            with tempfile.TemporaryFile(dir=folder):
                found.append(str(folder))
        except OSError as error:
            return str(folder), f"It cannot be written to: {error.strerror}."
    return ", ".join(found), ""


def _environment(_: Coursework) -> Finding:
    """Say what workers and judges are started with, and which settings they lack."""
    from reelmark.processes.environment import SETTINGS, find_set_aside

    chosen = ("LC_ALL", "TZ", "KERAS_BACKEND", "MPLBACKEND", "OMP_NUM_THREADS")
    shown = ", ".join(f"{name}={SETTINGS[name]}" for name in chosen)
    own = ", ".join(find_set_aside())
    return f"the kit's own ({shown} ...){own and f'; set aside: {own}'}", ""


def _marking(_: Coursework) -> Finding:
    if sys.platform != "linux":
        return explain_open_level(Level.PROCESS), ""
    from reelmark.processes.forked import Zygote

    started = time.monotonic()
    with Zygote() as parent:
        try:
            parent.start()
            parent.wait_until_ready()
        except KitFault as fault:
            return "no warm parent", str(fault)
    words = f"ready after {time.monotonic() - started:.1f} s; {parent.level.value}"
    if parent.level.has_files_and_network_closed:
        return words, "; ".join(parent.findings)
    return words, explain_open_level(parent.level, parent.findings)


def _reference(coursework: Coursework) -> Finding:
    """Mark the reference: whatever costs it marks would cost everybody marks."""
    from reelmark.grading.reference import has_reference
    from reelmark.grading.run import ClassRun

    if not has_reference(coursework):
        return "none in this copy of the coursework", ""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="reelmark-") as folder:
        # It is the instructor's own, so nothing need be hidden from it.
        run = ClassRun(coursework, Path(folder), is_unsafe=True)
        try:
            list(run.mark_class(()))
        except KitFault as fault:
            return "not full marks", str(fault)
    assert run.reference is not None, "else it would have been a fault"
    marks = f"{run.reference.total:g} of {run.reference.max:g} marks"
    return f"{marks}, after {time.monotonic() - started:.1f} s", ""


def _wall(_: Coursework) -> Finding:
    """Look for what `grade --wall` needs, which is optional."""
    if sys.platform != "linux":
        return "none (optional)", ""
    from reelmark.confinement.bubblewrap import Wall

    try:
        Wall((), ()).require()
    except UsageError as error:
        return f"none (optional). {error}", ""
    return "bubblewrap can be put around workers: grade --wall", ""


_EXAMINATIONS: tuple[tuple[str, Callable[[Coursework], Finding]], ...] = (
    ("Python", _python),
    ("TensorFlow", _tensorflow),
    ("checks", _suites),
    ("fixtures", _fixtures),
    ("write access", _write_access),
    ("environment", _environment),
    ("marking", _marking),
    ("reference", _reference),
    ("wall", _wall),
)
