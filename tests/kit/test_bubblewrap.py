"""Bubblewrap: an outer wall where it is installed and works, else none."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from reelmark.bubblewrap import bubblewrap_command

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="bubblewrap exists on Linux only"
)

# Drops its own options and runs the command.
WORKING = '#!/bin/sh\nwhile [ "$1" != "--" ]; do shift; done\nshift\nexec "$@"\n'
BROKEN = "#!/bin/sh\necho 'bwrap: No permissions to create namespace' >&2\nexit 1\n"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of programs."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def install(programs: Path, text: str) -> None:
    """Install a program under bubblewrap's name."""
    (programs / "bwrap").write_text(text, encoding="utf-8")
    (programs / "bwrap").chmod(0o755)


def test_without_the_program_there_is_no_wall(programs: Path) -> None:
    """Where bubblewrap is not installed, the parent starts without it."""
    assert list(programs.iterdir()) == []
    assert bubblewrap_command([], []) is None


def test_program_that_fails_is_not_used(programs: Path) -> None:
    """Where bubblewrap may not make namespaces, the parent starts without it."""
    install(programs, BROKEN)
    assert bubblewrap_command([], []) is None


def test_command_binds_what_it_is_given(programs: Path) -> None:
    """The wall has doors for what is read and what is written, and no others."""
    install(programs, WORKING)
    command = bubblewrap_command([Path("/srv/stubs")], [Path("/srv/run")])
    assert command is not None
    words = " ".join(command)
    assert "--ro-bind /srv/stubs /srv/stubs" in words
    assert "--bind /srv/run /srv/run" in words
    assert words.count("--bind ") == 1
    assert command[-1] == "--"


def test_process_ids_stay_those_outside(programs: Path) -> None:
    """Workers are measured by their process ids, so that these must not change."""
    install(programs, WORKING)
    command = bubblewrap_command([], [])
    assert command is not None
    assert not {"--unshare-pid", "--unshare-all"} & set(command)
