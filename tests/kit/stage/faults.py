"""Faults of a machine: each point at which a command changes a disk can fail.

Python tells an audit hook of every file that is opened and every folder that is made,
by whatever library; what the hook raises is raised there. A hook cannot be taken out
again, so there is one, which does nothing unless it is told to.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import typer

from reelmark.cli import app
from reelmark.errors import FINE, MACHINE_FAILED
from reelmark.terminal import endings

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = ("os.mkdir", "os.rename", "os.chmod", "os.link", "os.symlink", "os.truncate")

FAULTS: dict[str, Callable[[str], BaseException]] = {
    "full": lambda path: OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path),
    "denied": lambda path: OSError(errno.EACCES, os.strerror(errno.EACCES), path),
    "read-only": lambda path: OSError(errno.EROFS, os.strerror(errno.EROFS), path),
    "in use": lambda path: OSError(errno.EBUSY, os.strerror(errno.EBUSY), path),
    "no memory": lambda _: MemoryError(),
}
"""What a machine refuses with, by name."""

COMMAND = typer.main.get_command(app)
"""The command line, put together once: that takes longer than most commands do."""

TEMPORARY = "temporary"
"""The folder of temporary files, and of logs, below that of everything."""

Tree = dict[str, bytes | None]
"""What lies in a folder: the content of files, None for folders."""


@dataclass
class Machine:
    """A machine that fails at one place.

    Attributes:
        root: The folder of which changes are looked at.
        fail_at: The number of the place that fails, from 1; 0 for none.
        fault: What it fails with.
        is_lasting: Whether all places after that one fail as well, but for logs.
        places: What was done at each place so far.
    """

    root: Path
    fail_at: int = 0
    fault: str = "full"
    is_lasting: bool = False
    places: list[str] = field(default_factory=list)

    def note(self, what: str, path: str) -> None:
        """Record a change; make it fail if it is the chosen one."""
        if not str(path).startswith(str(self.root)):
            return
        self.places.append(f"{what} {Path(path).relative_to(self.root)}")
        is_late = self.is_lasting and len(self.places) > self.fail_at > 0
        is_log = Path(path).is_relative_to(self.root / TEMPORARY)
        if len(self.places) == self.fail_at or (is_late and not is_log):
            raise FAULTS[self.fault](path)


_machine: Machine | None = None


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if _machine is None:
        return
    path = arguments[0] if arguments else None
    path = os.fsdecode(path) if isinstance(path, bytes) else path
    if event == "open" and isinstance(path, (str, os.PathLike)):
        _, mode, flags = arguments
        if (isinstance(mode, str) and set(mode) & set("wxa+")) or (
            isinstance(flags, int) and flags & WRITING
        ):
            _machine.note("open", os.fspath(path))
    elif event in CHANGES and isinstance(path, (str, os.PathLike)):
        # A folder that is there is not made, whatever the disk would say.
        is_idle = event == "os.mkdir" and Path(path).is_dir()
        if not is_idle:
            _machine.note(event, os.fspath(path))


sys.addaudithook(_hear)


@contextlib.contextmanager
def failing(machine: Machine) -> Iterator[None]:
    """Let the machine fail; flushing memory to disk is such a point, too."""
    global _machine
    sync = os.fsync

    def fsync(descriptor: int) -> None:
        machine.note("fsync", str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        sync(descriptor)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fsync", fsync)
        patched.setattr(tempfile, "tempdir", str(machine.root / TEMPORARY))
        _machine = machine
        try:
            yield
        finally:
            _machine = None


def read_tree(folder: Path) -> Tree:
    """Return what lies in a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def run(command: Callable[[], None], machine: Machine) -> int:
    """Run a command on a machine; return its exit code."""

    def carry_out() -> int:
        command()
        return 0

    (machine.root / TEMPORARY).mkdir(exist_ok=True)
    with failing(machine):
        return endings.run(carry_out)


@dataclass(frozen=True)
class Command:
    """A command, and what is there before it is run.

    Attributes:
        words: Its words; ``ROOT`` stands for the folder of everything.
        code: How it ends on a sound machine.
        goes_on: What it does without, as it says: a file, by its name.
    """

    words: str
    code: int = FINE
    goes_on: str = ""

    @property
    def places(self) -> set[str]:
        """What it names of the folder of everything."""
        return set(re.findall(r"ROOT/(\w+(?:\.html)?)", self.words))

    def run(self, root: Path, machine: Machine) -> int:
        """Run it; return the exit code."""
        words = [word.replace("ROOT", str(root)) for word in self.words.split()]
        return run(lambda: COMMAND(words, prog_name="reelmark"), machine)


class Trial:
    """A command that is tried again and again from the same beginning.

    Args:
        command: The command.
        root: The folder of everything, which is not there yet.
        lay_out: Writes what is there before the command is run.
        remade: Beginnings of names of files that only hold what other files do, or
            that are another library's to keep whole.
    """

    def __init__(
        self,
        command: Command,
        root: Path,
        lay_out: Callable[[Path], None],
        *,
        remade: tuple[str, ...] = (),
    ) -> None:
        self.command = command
        self._root = root
        self._remade = (TEMPORARY, *remade)
        self._template = root.with_name("template")
        lay_out(root)
        root.rename(self._template)
        for each in self._template.iterdir():
            if each.name not in command.places:
                shutil.rmtree(each) if each.is_dir() else each.unlink()
        self.before = self._read(self._template)
        machine = Machine(root)
        assert self._begin(machine) == command.code
        self.places = machine.places
        self.after = self.read()

    def read(self) -> Tree:
        """Return what lies where the command works, but for what is remade."""
        return self._read(self._root)

    def fail(self, number: int, fault: str, *, is_lasting: bool = False) -> int:
        """Run the command from the beginning; let one place fail, or all from it."""
        return self._begin(Machine(self._root, number, fault, is_lasting))

    def go_on(self) -> int:
        """Run the command once more, on a sound machine."""
        return self.command.run(self._root, Machine(self._root))

    def find_damage(self) -> list[str]:
        """Name the files that have neither their old nor their intended contents."""
        found = self.read()
        return [
            name
            for name, content in self.before.items()
            if name not in found or found[name] not in (content, self.after.get(name))
        ]

    def _read(self, folder: Path) -> Tree:
        found = read_tree(folder)
        return {n: c for n, c in found.items() if not n.startswith(self._remade)}

    def _begin(self, machine: Machine) -> int:
        shutil.rmtree(self._root, ignore_errors=True)
        shutil.copytree(self._template, self._root)
        return self.command.run(self._root, machine)

    def expect_refusal(
        self,
        number: int,
        fault: str,
        capsys: pytest.CaptureFixture[str],
        *,
        is_lasting: bool = False,
    ) -> None:
        """Expect a fault at one point to be reported, and to damage nothing."""
        code = self.fail(number, fault, is_lasting=is_lasting)
        place = self.places[number - 1]
        told = capsys.readouterr()
        assert "Traceback" not in told.out + told.err, place
        assert not self.find_damage(), place
        if code == self.command.code:  # it was tried again, or done without
            is_told = f"{self.command.goes_on} cannot be written" in told.out
            assert is_told or self.read() == self.after, place
            return
        assert code == MACHINE_FAILED, (place, told.err)
        found = SENTENCE_AND_LOG.fullmatch(told.err)
        assert found, (place, told.err)
        assert "run the same command again" in found[1], place
        assert "Traceback" in Path(found[2]).read_text("utf-8"), place


SENTENCE_AND_LOG = re.compile(r"(?s)reelmark: (.*)\nreelmark: Details.*: (\S+\.log)\n")
"""What is told of a refusal."""


@contextlib.contextmanager
def locked(database: Path) -> Iterator[None]:
    """Hold a SQLite database as another program that writes to it does."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.rollback()
        connection.close()
