"""A class of attackers between honest neighbours: written, graded, examined.

An attack is a file in ``tests/kit/attacks/<module>/``, or a function in `uploads`
where what is handed in is no text. Its docstring says what it tries, then what
the honest part of it earns and which state names what happened, a line a task::

    task 1: 0, crashed
    task 2: 2, passed

and, if it matters how it was stopped, ``told: <words of a message or a note>``.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import sysconfig
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.stage.classes import OTHER_COURSEWORK
from kit.stage.confined import NOBODY, find_python
from reelmark.intake.submissions import find_uploads
from reelmark.results import Result, Status, read_result, without_seconds
from sample_class import ROOT

ATTACKS = Path(__file__).parents[1] / "attacks"
HELPER = ATTACKS / "attempts.py"
RUN = Path(__file__).with_name("attacked_run.py")
NEIGHBOURS = ("0-honest", "zz-honest")
"""Names that are marked among the first and among the last."""

GRADING = f"""
import os, reelmark.grading.run, reelmark.marking.judge
os.listdir({str(OTHER_COURSEWORK)!r})
"""
"""What a Python that grades must be able to do."""

SECONDS = 240
"""Far more time than a run takes; an attack that hangs it ends here."""

LARGE = 2**26
"""Bytes from which on a file is not read, but only measured."""

_TASK = re.compile(r"^ *task (\S+): ([\d.]+), ([a-z ]+)$", re.MULTILINE)
_TOLD = re.compile(r"^ *told: (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Attack:
    """One attack, and its required outcome.

    Attributes:
        name: Names the attack and, if it has no name of its own, the student.
        aim: What it tries.
        files: What is handed in, by path.
        tasks: Marks and state by task.
        told: Words that a message or a note must hold.
    """

    name: str
    aim: str
    files: Mapping[str, str]
    tasks: Mapping[str, tuple[float, Status]]
    told: tuple[str, ...]


def read_declaration(
    name: str, text: str, files: Mapping[str, str] | None = None
) -> Attack:
    """Read what an attack declares about itself in a docstring.

    Raises:
        ValueError: It declares nothing.
    """
    tasks = {
        task: (float(marks), Status(state))
        for task, marks, state in _TASK.findall(text)
    }
    if not tasks:
        raise ValueError(f"{name} does not declare what its honest part earns")
    aim = text.strip().splitlines()[0]
    return Attack(name, aim, files or {}, tasks, tuple(_TOLD.findall(text)))


def read_attacks(module: str, honest: Mapping[str, str]) -> dict[str, Attack]:
    """Read the attacks on one module.

    Args:
        module: The module that each of the files is handed in as.
        honest: The text of every module that is handed in; that of ``module``
            comes before the attack's, which replaces what it will.
    """
    found = {}
    for path in sorted((ATTACKS / module).glob("*.py")):
        text = path.read_text("utf-8")
        files = {f"{name}.py": source for name, source in honest.items()}
        files[f"{module}.py"] = f"{files.get(f'{module}.py', '')}\n\n{text}"
        files[HELPER.name] = HELPER.read_text("utf-8")
        found[path.stem] = read_declaration(path.stem, _docstring(text), files)
    return found


def _docstring(text: str) -> str:
    """Return what a source begins with; not by parsing it, which it may forbid."""
    return text.removeprefix('"""').partition('"""')[0]


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write what a student hands in, readable by everybody."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Aftermath:
    """The state after a run.

    Attributes:
        results: By student, as written to disk.
        seconds: How long the run took.
        exit_code: How its process ended.
        output: What it wrote to its terminal.
        changed: Files outside that have changed.
        left: Processes of the run that are still there.
        out: The folder of results.
        paths: What is in it.
    """

    results: Mapping[str, Result]
    seconds: float
    exit_code: int
    output: str
    changed: tuple[str, ...]
    left: tuple[str, ...]
    out: Path
    paths: tuple[str, ...]


def make_arena() -> Path:
    """Make a folder for a class, its marks, and bait for attackers.

    Not the test's own temporary folder, which no other user can enter.
    """
    arena = Path(tempfile.mkdtemp(prefix="reelmark-arena-")).resolve()
    arena.chmod(0o755)
    for name in ("submissions", "bait/deep", "marks"):
        (arena / name).mkdir(parents=True)
    (arena / "bait" / "other-student.json").write_text('{"total": 0.0}', "utf-8")
    (arena / "bait" / "deep" / "secret.txt").write_text("a secret", "utf-8")
    return arena


def run_class(
    arena: Path, coursework: Path, *, user: int | None = None, **limits: float
) -> Aftermath:
    """Grade the submissions of an arena in a process of its own.

    Args:
        arena: What `make_arena` made, with submissions in it.
        coursework: The folder of the coursework.
        user: The user to be; None for whoever runs the tests.
        limits: What a check may use.
    """
    marks, mark = arena / "marks", uuid.uuid4().hex
    if user is not None:
        os.chown(marks, user, user)
    python = find_python(user, GRADING, _lend_pythons(arena / "python"))
    before = _look(arena, coursework)
    job = {"coursework": str(coursework), "arena": str(arena), "limits": limits}
    started = time.monotonic()
    ran = subprocess.run(
        [python, "-P", "-s", str(RUN)],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=False,
        cwd=arena,  # Hypothesis leaves a folder where it is started
        # The kit's processes inherit the last variable, whatever they call themselves.
        env={
            "PATH": os.defpath,
            "PYTHONPATH": str(ROOT / "autograder"),
            "LD_LIBRARY_PATH": f"/nowhere/{mark}",
        },
        timeout=SECONDS,
        **({} if user is None else {"user": user, "group": user, "extra_groups": []}),
    )
    seconds = time.monotonic() - started
    after = _look(arena, coursework)
    results = [read_result(path) for path in (marks / "results").glob("*.json")]
    return Aftermath(
        results={result.student: result for result in results},
        seconds=seconds,
        exit_code=ran.returncode,
        output=ran.stdout + ran.stderr,
        changed=tuple(k for k in before | after if before.get(k) != after.get(k)),
        left=tuple(_processes_with(mark)),
        out=marks,
        paths=tuple(sorted(str(p.relative_to(marks)) for p in marks.rglob("*"))),
    )


def without_circumstances(result: Result) -> Result:
    """Return a result without times, and without traces of where it was marked.

    Fingerprints do: by the Python, and by the variable that marks a run's processes.
    """
    timeless = without_seconds(result)
    tasks = tuple(dataclasses.replace(t, fingerprint="") for t in timeless.tasks)
    return dataclasses.replace(timeless, tasks=tasks, fingerprint="")


def find_students(arena: Path) -> dict[str, Path]:
    """Return the names under which the submissions of an arena are marked."""
    return {s.student: s.path for s in find_uploads(arena / "submissions")}


def _look(arena: Path, coursework: Path) -> dict[str, Any]:
    """Look at all that no submission may change."""
    engine = ROOT / "autograder"
    folders = (arena / "submissions", arena / "bait", coursework, engine)
    return {str(p): _describe(p) for folder in folders for p in _files(folder)}


def _files(folder: Path) -> Iterator[Path]:
    """Yield a folder and all below it, as deep as paths reach."""
    waiting = [folder]
    while waiting:
        yield (path := waiting.pop())
        with contextlib.suppress(OSError):
            inner = list(path.iterdir()) if not path.is_symlink() else []
            # Python keeps compiled code there, and `make coverage` what it saw.
            waiting += [p for p in inner if p.name not in ("__pycache__", "build")]


def _describe(path: Path) -> tuple[Any, ...]:
    state = path.lstat()
    is_file = stat.S_ISREG(state.st_mode)
    is_small = is_file and state.st_size < LARGE
    content = hashlib.sha256(path.read_bytes()).hexdigest() if is_small else ""
    changed = state.st_mtime_ns if is_file else 0
    return state.st_mode, state.st_uid, state.st_size * is_file, changed, content


def _processes_with(mark: str) -> Iterator[str]:
    """Find processes whose variables hold a mark, for some seconds at most."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and any(_living_with(mark)):
        time.sleep(0.05)
    yield from _living_with(mark)


def _living_with(mark: str) -> Iterator[str]:
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (entry / "environ").read_bytes():
                yield f"{entry.name} {(entry / 'cmdline').read_bytes()!r}"
        except OSError:
            continue


def _lend_pythons(folder: Path) -> Iterator[str]:
    """Yield another Python of this version, with this one's packages."""
    name, path = f"python3.{sys.version_info[1]}", "/usr/bin:/usr/local/bin"
    if other := shutil.which(name, path=path):
        yield _borrow_packages(other, folder)


def _borrow_packages(python: str, folder: Path) -> str:
    """Make an environment of another Python with the packages of this one."""
    make = [python, "-m", "venv", "--without-pip", "--symlinks", str(folder)]
    subprocess.run(make, check=False, capture_output=True)
    for packages in folder.glob("lib/python3.*/site-packages"):
        packages.rmdir()
        packages.symlink_to(sysconfig.get_path("purelib"))
    return str(folder / "bin" / "python")


ORDINARY = NOBODY
