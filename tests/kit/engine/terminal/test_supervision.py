"""An unforeseen end of a command is reported."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from reelmark.errors import CHECKS_FAILED, FINE, KIT_FAILED, USAGE, UnforeseenEnd
from reelmark.terminal import supervision

unix = pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")


@pytest.fixture
def become(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Makes ``python -m reelmark`` some lines of Python, and supervises them."""
    package = tmp_path / "reelmark"
    package.mkdir()

    def supervise(code: str) -> int:
        (package / "__init__.py").write_text("", encoding="utf-8")
        (package / "__main__.py").write_text(textwrap.dedent(code), encoding="utf-8")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        kept = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)}
        try:
            return supervision.supervise(["check"])
        finally:
            for number, handler in kept.items():
                signal.signal(number, handler)

    return supervise


@pytest.mark.parametrize("code", [FINE, CHECKS_FAILED, USAGE, KIT_FAILED])
def test_code_that_the_command_chose_is_passed_on(become, code: int) -> None:  # type: ignore[no-untyped-def]
    """A command that came to its own end has the code that it chose."""
    assert become(f"import sys; sys.exit({supervision.seal(code)})") == code


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("os._exit(0)", "exit code 0"),
        ("os._exit(1)", "exit code 1"),
        ("sys.exit(0)", "exit code 0"),
        pytest.param("os.execv('/bin/true', ['true'])", "exit code 0", marks=unix),
        pytest.param("os.kill(os.getpid(), 9)", "signal 9, Killed", marks=unix),
        pytest.param("os.kill(os.getpid(), 15)", "signal 15, Term", marks=unix),
        pytest.param("os.abort()", "signal 6, Aborted", marks=unix),
    ],
)
def test_other_end_is_told(become, statement: str, told: str) -> None:  # type: ignore[no-untyped-def]
    """Any other end of the process is neither success nor a failed check."""
    with pytest.raises(UnforeseenEnd) as ended:
        become(f"import os, sys; {statement}")
    assert f"({told}" in str(ended.value)


def test_child_is_told_from_what_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that a student's code runs is a command like any other."""
    monkeypatch.setenv(supervision.VARIABLE, "1")
    assert supervision.begin_child()
    assert not supervision.begin_child()


@unix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_ends_the_child_too(tmp_path: Path, number: int) -> None:
    """Ending the command ends its child, and counts as an interruption."""
    package = tmp_path / "reelmark"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "__main__.py").write_text(
        "import os, pathlib, time\n"
        f"pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid()))\n"
        "time.sleep(60)\n",
        encoding="utf-8",
    )
    code = (
        # Whoever runs the tests in the background may have set SIGINT aside.
        "import os, signal as s, sys; s.signal(s.SIGINT, s.default_int_handler);"
        "from reelmark.terminal import endings, supervision; "
        f"os.environ['PYTHONPATH'] = {str(tmp_path)!r}; "
        "sys.exit(endings.run(lambda: supervision.supervise(['check'])))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        child = _wait_for_child(tmp_path / "pid")
        process.send_signal(number)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"reelmark: Interrupted." in told
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def _wait_for_child(path: Path) -> int:
    for _ in range(600):
        if path.exists() and (text := path.read_text("utf-8")):
            return int(text)
        time.sleep(0.1)
    raise AssertionError("the child does not begin")
