"""Standard output and error take whatever is printed, and never end a command."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

import pytest

from reelmark.states import STATES
from reelmark.terminal.streams import PLAIN

PRINTING = """
import sys
from reelmark.terminal import endings
def command():
    {0}
    return 0
sys.exit(endings.run(command))
"""
linux = pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")


def run(
    code: str,
    shell: str = "",
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run a command that does some lines of Python; ``shell`` follows it."""
    command = [sys.executable, "-c", PRINTING.format(code)]
    variables = {**os.environ, **(environment or {})}
    if shell:
        command = ["bash", "-c", f'"$@" {shell}', "bash", *command]
    return subprocess.run(command, capture_output=True, env=variables, check=False)


@pytest.mark.parametrize(
    ("encoding", "printed"),
    [
        ("utf-8", "✓ Zoë …"),
        ("ascii", "+ Zo\\xeb ..."),
        ("cp1252", "+ Zoë …"),
        ("latin-1", "+ Zoë ..."),
        ("gbk", "+ Zo\\xeb …"),
        ("cp437", "+ Zoë ..."),
        ("shift_jis", "+ Zo\\xeb …"),
        ("utf-16", "✓ Zoë …"),
        ("cp037", "+ Zoë ..."),
    ],
)
def test_what_an_encoding_lacks_is_printed_plainly(encoding: str, printed: str) -> None:
    """Symbols become plain ones, other characters escapes, in any encoding."""
    code = 'print("\\u2713 Zo\\xeb \\u2026")'
    ran = run(code, environment={"PYTHONIOENCODING": f"{encoding}:strict"})
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.decode(encoding).strip() == printed


def test_bytes_that_are_no_text_are_printed() -> None:
    """A file's name in another encoding reaches Python as half characters."""
    ran = run(r'print("Zo\udceb.py")')
    assert (ran.returncode, ran.stdout) == (0, b"Zo\\udceb.py\n")


def test_plain_signs_tell_states_apart() -> None:
    """Even without Unicode, every state has its own sign, one column wide."""
    signs = [PLAIN.get(state.sign, state.sign) for state in STATES.values()]
    assert len(set(signs)) == len(STATES)
    assert all(sign.isascii() and len(sign) == 1 for sign in signs)


def test_everything_plain_is_ascii() -> None:
    """What is printed for a character can be printed in every encoding."""
    assert all(plain.isascii() for plain in PLAIN.values())


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of Unix is asked")
class TestClosed:
    """Output that nobody reads."""

    def test_closed_pipe_does_not_end_a_command(self) -> None:
        """A reader that closes the pipe causes no message, and the work is done."""
        code = 'print("x\\n" * 100_000); sys.stderr.write("done")'
        ran = run(code, "| head -n 1; exit ${PIPESTATUS[0]}")
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"x\n", b"done")

    @pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
    def test_closed_stream_does_not_end_a_command(self, closed: str) -> None:
        """A stream that a shell closed takes what is printed, and drops it."""
        code = 'print("said"); print("told", file=sys.stderr)'
        assert run(code, closed).returncode == 0

    def test_file_is_not_taken_for_a_closed_stream(self) -> None:
        """Output does not get into a file that is opened instead."""
        code = (
            "import tempfile; file = tempfile.TemporaryFile(); "
            'print("said", flush=True); sys.stderr.write(str(file.seek(0, 2)))'
        )
        assert run(code, ">&-").stderr == b"0"

    def test_pipe_that_does_not_wait_takes_everything(self) -> None:
        """Another program may have made the pipe non-blocking."""
        code = 'import os; os.set_blocking(1, False); print("x" * 1_000_000)'
        ran = run(code, "| (sleep 1; wc -c); exit ${PIPESTATUS[0]}")
        assert (ran.returncode, ran.stdout.strip()) == (0, b"1000001")

    @linux
    def test_full_disk_is_told_at_the_end(self) -> None:
        """If output is incomplete, there is a sentence, and the code for it."""
        ran = run('print("said")', "> /dev/full")
        assert ran.returncode == 4
        assert ran.stderr == (
            b"reelmark: Not all of what was printed could be written: "
            b"No space left on device.\n"
        )

    @linux
    def test_full_disk_keeps_another_code(self) -> None:
        """The way the command itself ended takes precedence."""
        ran = run('print("said"); return 1', "> /dev/full")
        assert ran.returncode == 1


@pytest.mark.parametrize("name", ["COLUMNS", "LINES", "TERMINAL_WIDTH"])
@pytest.mark.parametrize("value", ["\u00b2", "-1", "wide", "1e3"])
def test_odd_size_of_a_terminal_is_forgotten(name: str, value: str) -> None:
    """A size that is not a number does not end a command."""
    code = (
        "from reelmark.terminal.console import make_console; "
        "make_console().print('said')"
    )
    assert run(code, environment={name: value}).stdout.strip() == b"said"


@pytest.mark.parametrize("width", ["0", "1", "7", "30"])
def test_narrow_terminal_cuts_no_word(width: str) -> None:
    """On a terminal of few columns the lines are longer than it is."""
    code = (
        "from reelmark.terminal.console import make_console; "
        "make_console().print('a-word-of-thirty-two-characters!')"
    )
    ran = run(code, environment={"COLUMNS": width})
    assert ran.stdout.strip() == b"a-word-of-thirty-two-characters!"


@pytest.mark.parametrize("text", ["[/bold]", "[red]x", ":cat: [link=x]", "\\[a]"])
def test_console_prints_text_as_it_is(text: str) -> None:
    """Names and paths are not taken for style markup."""
    code = (
        "from reelmark.terminal.console import make_console; "
        f"make_console().print({text!r})"
    )
    assert run(code).stdout.decode().strip() == text
