"""How commands end: a sentence, a documented code, and a log where one is needed."""

from __future__ import annotations

import errno
import re
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from sqlalchemy.exc import OperationalError

from reelmark import errors
from reelmark.errors import (
    CHECKS_FAILED,
    FINE,
    INTERRUPTED,
    KIT_FAILED,
    MACHINE_FAILED,
    USAGE,
    CannotMark,
    KitFault,
    MachineFault,
    RefusedSubmission,
    UnforeseenEnd,
    UsageError,
)
from reelmark.terminal import endings, logs, machine


def _fail_with(number: int, path: object = "marks/grades.csv") -> OSError:
    words = () if path is None else (path,)
    return OSError(number, "the system's words", *words)


def _database(reason: str) -> OperationalError:
    return OperationalError("SELECT 1", {}, sqlite3.OperationalError(reason))


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (UsageError("No such task."), USAGE, "No such task."),
        (RefusedSubmission("A bomb."), USAGE, "A bomb."),
        (KitFault("A check broke."), KIT_FAILED, "no marks are lost. A check broke."),
        (CannotMark("No fork."), KIT_FAILED, "no marks are lost. No fork."),
        (UnforeseenEnd("It was ended."), KIT_FAILED, "It was ended."),
        (MachineFault("No room."), MACHINE_FAILED, "No room."),
        (KeyboardInterrupt(), INTERRUPTED, "Interrupted. The same command continues"),
        (MemoryError(), MACHINE_FAILED, "There was not enough memory."),
        (ImportError("No module named 'rich'"), KIT_FAILED, "Install the pinned"),
        (RuntimeError("{odd} words"), KIT_FAILED, "(RuntimeError: {odd} words)"),
        (SystemExit(), FINE, ""),
        (SystemExit(2), USAGE, ""),
        (SystemExit(1), KIT_FAILED, "(Something in it asked to end: 1)"),
        (SystemExit("words"), KIT_FAILED, "asked to end: 'words')"),
        (sqlite3.DatabaseError("file is not a database"), MACHINE_FAILED, "is damaged"),
        *(
            (_database(reason), MACHINE_FAILED, told)
            for reason, told in (
                ("database is locked", "The gradebook is locked: another program"),
                ("database or disk is full", "The gradebook has no room left"),
                ("attempt to write a readonly database", "may not be written to"),
                ("unable to open database file", "cannot be opened"),
                ("disk I/O error", "its disk failed"),
                ("database disk image is malformed", "is damaged. Put back a copy"),
                ("no such column: x", "nbgrader db upgrade"),
                ("connection refused\nIs it running?", "used: connection refused"),
            )
        ),
        *(
            (_fail_with(number), MACHINE_FAILED, told)
            for number, told in (
                (errno.ENOSPC, "no room left on the disk for marks/grades.csv. Make"),
                (errno.EDQUOT, "no room left on the disk"),
                (errno.EACCES, "marks/grades.csv: permission denied. If another"),
                (errno.EPERM, "permission denied"),
                (errno.EROFS, "marks/grades.csv lies on a disk that can only be read"),
                (errno.EBUSY, "marks/grades.csv is in use by another program"),
                (errno.EAGAIN, "is in use by another program"),
                (errno.EIO, "failed at marks/grades.csv (the system's words)"),
                (errno.EFBIG, "would grow larger than one file may be"),
                (errno.EMFILE, "Too many files are open"),
                (errno.ENOMEM, "There was not enough memory."),
                (errno.EPROTO, "The system refused marks/grades.csv (the system's"),
            )
        ),
        *(
            (_fail_with(number), USAGE, told)
            for number, told in (
                (errno.EISDIR, "marks/grades.csv is a folder, and a file was expected"),
                (errno.ENOTDIR, "a folder on the way to it is a file"),
                (errno.ENOENT, "marks/grades.csv does not exist."),
                (errno.EEXIST, "is there already"),
                (errno.ENAMETOOLONG, "is a name that is too long"),
                (errno.ELOOP, "a link that leads back to itself"),
            )
        ),
        (_fail_with(errno.ENOSPC, None), MACHINE_FAILED, "on the disk for a file."),
        (_fail_with(errno.EACCES, b"Zo\xeb"), MACHINE_FAILED, r"Zo\udceb: permission"),
        (_fail_with(errno.EACCES, "\x1b[2J"), MACHINE_FAILED, r"\x1b[2J: permission"),
        (_fail_with(errno.ENOENT, None), USAGE, "this terminal is in does not exist"),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), KIT_FAILED, "(BrokenPipeError"),
    ],
    ids=lambda each: (
        type(each).__name__ if isinstance(each, BaseException) else str(each)
    ),
)
def test_error_is_explained(error: BaseException, code: int, told: str) -> None:
    """Each kind has its code, and words that say how to go on."""
    ending = endings.explain(error)
    assert ending.code == code
    assert told in ending.sentence
    assert "Traceback" not in ending.sentence


def test_system_names_what_was_to_be_replaced() -> None:
    """If a file cannot be put in place, the message names the place."""
    error = OSError(errno.EACCES, "denied", ".1.unfinished", None, "grades.csv")
    assert endings.explain(error).sentence.startswith("grades.csv: permission denied")


@pytest.mark.parametrize("code", [FINE, CHECKS_FAILED, USAGE, KIT_FAILED])
def test_code_that_a_command_chose_is_kept(code: int) -> None:
    """What a command ends with by itself needs no words."""
    assert endings.explain(_end_by_typer(typer.Exit(code))) == endings.Ending(
        code, is_logged=False
    )


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BrokenPipeError(errno.EPIPE, "to a worker"), KIT_FAILED),
        (EOFError("no answer"), KIT_FAILED),
        (KeyboardInterrupt(), INTERRUPTED),
    ],
)
def test_typer_hides_no_error(error: BaseException, code: int) -> None:
    """Endings that typer would turn into code 1 keep their own code."""
    assert endings.explain(_end_by_typer(error)).code == code


def _end_by_typer(error: BaseException) -> BaseException:
    """Return what ends a command of typer's in which something is raised."""
    app = typer.Typer(pretty_exceptions_enable=False)

    @app.command()
    def fail() -> None:
        raise error

    with pytest.raises(BaseException) as ended:  # noqa: PT011 (whatever it is)
        app([])
    return ended.value


def test_only_commands_end_with_code_1() -> None:
    """No error of any kind ends with the code that says "some checks failed"."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    raised = [kind for kind in kinds if issubclass(kind, Exception)]
    assert len(raised) > 10
    made = [
        kind("a", "b") if kind is errors.StudentError else kind("a") for kind in raised
    ]
    assert all(endings.explain(each).code != CHECKS_FAILED for each in made)


def _run(command: Callable[[], int], folder: Path, patched: pytest.MonkeyPatch) -> int:
    patched.setattr(logs.tempfile, "tempdir", str(folder))
    return endings.run(command)


def _raise(error: BaseException) -> Callable[[], int]:
    def command() -> int:
        raise error

    return command


def test_traceback_goes_to_the_log_that_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The user reads two sentences, and the log holds the rest, for its owner alone."""
    code = _run(_raise(RuntimeError("odd\nlines")), tmp_path, monkeypatch)
    told = capsys.readouterr().err
    log = Path(re.search(r"Details, .*: (.*\.log)", told)[1])  # type: ignore[index]
    assert code == KIT_FAILED
    assert told.count("\n") == 2
    assert "(RuntimeError: odd)" in told
    assert "in command\n" in log.read_text("utf-8")
    assert "RuntimeError: odd\nlines" in log.read_text("utf-8")
    if sys.platform != "win32":
        assert log.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("error", [UsageError("a"), KeyboardInterrupt(), SystemExit(2)])
def test_what_is_nobodys_fault_is_not_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """A wrong word on the command line leaves no file behind."""
    _run(_raise(error), tmp_path, monkeypatch)
    assert list(tmp_path.iterdir()) == []


def test_log_that_no_place_takes_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """If all disks are full, the place of the error is printed instead of a log."""
    monkeypatch.setattr(logs, "_places", lambda: [Path("/nowhere/at/all")])
    endings.run(_raise(OSError(errno.ENOSPC, "full", "grades.csv")))
    told = capsys.readouterr().err
    assert "could be written nowhere; it was OSError in" in told
    assert "test_endings.py, line" in told
    assert "Traceback" not in told


def test_log_is_written_where_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log goes to the first place that accepts it."""
    monkeypatch.setattr(logs, "_places", lambda: [Path("/nowhere/at/all"), tmp_path])
    log = logs.write_log(RuntimeError("odd"))
    assert log is not None
    assert log.parent == tmp_path


@pytest.mark.parametrize(
    ("log", "told"),
    [
        (
            "OSError: [Errno 28] No space left on device: '/a/b'",
            "on the disk for /a/b.",
        ),
        ("shutil.Error: [('a', \"[Errno 28] No space left: \\'/c\\'\")]", "for /c."),
        ("OSError: [Errno 30] Read-only file system", "a file lies on a disk"),
        ("sqlite3.OperationalError: database is locked", "is locked"),
        (
            "[ERROR] x\nsqlalchemy.exc.OperationalError: (y) database is locked",
            "locked",
        ),
        ("MemoryError: ", "not enough memory"),
        ("PermissionError: [Errno 13] Permission denied: '/a'", ""),
        ("ValueError: 28", ""),
        ("", ""),
    ],
)
def test_refusal_is_found_in_the_log_of_another_program(log: str, told: str) -> None:
    """What ends a disk's or a database's work is told; what is one file's is not."""
    found = machine.find_refusal(log)
    assert told in found
    assert bool(told) == bool(found)
