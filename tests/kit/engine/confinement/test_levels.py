"""Levels: how well a worker is confined, whatever the kernel has and whoever it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.stage.confined import (
    NOBODY,
    Setting,
    find_setting,
    needs_walls,
    run_engine,
    try_one,
)
from reelmark.confinement.level import Level

pytestmark = needs_walls

NO_LANDLOCK = "landlock.find_abi = lambda: 0\n"
NO_SECCOMP = "confine.seccomp.install = lambda: False\n"


def try_as_another_user(code: str, before: str = "") -> dict[str, Any]:
    """Try code in a worker that root starts and that becomes another user."""
    find_setting("root")
    return try_one(code, Setting(user_of_worker=NOBODY, before=before))


@pytest.mark.parametrize("lacking", [NO_LANDLOCK, NO_SECCOMP, NO_LANDLOCK + NO_SECCOMP])
def test_kernel_that_lacks_a_wall_gives_a_lower_level(lacking: str) -> None:
    """Without Landlock or seccomp, a worker is just a separate process."""
    assert try_one("", Setting(before=lacking))["level"] == Level.PROCESS.name


def test_without_landlock_another_user_is_the_wall() -> None:
    """Without Landlock, root's worker of another user cannot read root's files."""
    outcome = try_as_another_user("secret.read_text()", NO_LANDLOCK)
    assert outcome["level"] == Level.UID_SECCOMP.name
    assert outcome["error"] == "EACCES"


def test_only_landlock_and_seccomp_close_files_and_network() -> None:
    """Hidden checks run where Landlock and seccomp hold, with a wall or without."""
    closed = [level for level in Level if level.has_files_and_network_closed]
    assert closed == [Level.WALLED, Level.LANDLOCK_SECCOMP]


def test_levels_are_worded() -> None:
    """The words of a level complete a sentence: no capital, no full stop."""
    for level in Level:
        assert level.value[0].islower() or level.value.startswith("Landlock")
        assert not level.value.endswith(".")


def test_worker_becomes_another_user() -> None:
    """A worker that root starts becomes the user that it is given."""
    code = "value = [*os.getresuid(), *os.getresgid(), *os.getgroups()]"
    assert try_as_another_user(code).get("value") == [NOBODY] * 6


def test_another_user_can_write_to_the_scratch_folder() -> None:
    """The scratch folder is shared with the worker's user."""
    code = "(scratch / 'a').write_text('b'); value = os.stat('a').st_uid"
    assert try_as_another_user(code).get("value") == NOBODY


def test_user_who_cannot_reach_what_is_needed_is_not_used() -> None:
    """If that user cannot read what a worker needs, the worker stays user 0."""
    before = "given.chmod(0o700)"
    code = "(given / 'film.txt').read_text(); open('a', 'w'); value = os.getresuid()"
    assert try_as_another_user(code, before).get("value") == [0, 0, 0]


@pytest.mark.parametrize("user", [None, NOBODY])
def test_worker_dies_with_its_parent(user: int | None) -> None:
    """The signal sent when the parent ends survives a change of user."""
    find_setting("root" if user else "ordinary")
    code = (
        "import ctypes; n = ctypes.c_int(); "
        "kernel.control(kernel.PR_GET_PDEATHSIG, ctypes.byref(n)); value = n.value"
    )
    assert try_one(code, Setting(user_of_worker=user)).get("value") == 9


@pytest.mark.parametrize("user", [None, NOBODY])
def test_worker_has_no_capabilities(user: int | None) -> None:
    """A worker has no capabilities, cannot gain any, and is not dumpable."""
    find_setting("root")
    code = (
        "value = [line.split()[1] for line in open('/proc/self/status') "
        "if line.startswith(('Cap', 'NoNewPrivs'))]"
    )
    opened = (
        "import reelmark.confinement.policy as lists\n"
        "lists.SYSTEM = (*lists.SYSTEM, '/proc/self/status')"
    )
    outcome = try_one(code, Setting(user_of_worker=user, before=opened))
    assert outcome.get("value") == ["0" * 16] * 5 + ["1"]


def test_worker_cannot_be_dumped() -> None:
    """A worker's memory is closed to others of its user, and crashes leave no core."""
    assert try_one("value = kernel.control(3)").get("value") == 0


def test_ceilings_hold() -> None:
    """A worker cannot take gigabytes, files or stack without end."""
    code = (
        "value = [resource.getrlimit(n)[1] for n in (resource.RLIMIT_DATA, "
        "resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE, resource.RLIMIT_CORE)]"
    )
    assert try_one(code).get("value") == [3 * 2**30, 2**27, 256, 0]


def test_memory_beyond_the_ceiling_is_an_error() -> None:
    """Too much memory raises MemoryError and ends nothing."""
    assert try_one("bytearray(4 * 2**30)").get("error") == "MemoryError"


def test_threads_of_a_user_of_its_own_are_bounded() -> None:
    """A worker with a user of its own cannot start threads without end."""
    code = (
        "threading.stack_size(32768); ever = threading.Event()\n"
        "for value in range(2000):\n"
        "    threading.Thread(target=ever.wait, daemon=True).start()"
    )
    outcome = try_as_another_user(code)
    assert outcome.get("error") == "RuntimeError", outcome


def test_descriptors_are_closed() -> None:
    """Only what a worker was given is open in it, nothing else of the parent's."""
    code = "value = sum(os.path.exists(f'/proc/self/fd/{n}') for n in range(200, 250))"
    before = "for n in range(200, 250): os.dup2(inherited, n)"
    assert try_one(code, Setting(before=before)).get("value") == 0


def test_home_and_temporary_files_are_in_the_scratch_folder() -> None:
    """Code that writes to its home or a temporary folder writes to scratch."""
    code = (
        "value = {os.path.expanduser('~'), tempfile.gettempdir(), os.getcwd()} "
        "== {str(scratch)}"
    )
    assert try_one(code).get("value") is True


def test_process_with_threads_is_not_confined() -> None:
    """Only a process with one thread can be confined as a whole."""
    code = """
import threading
from reelmark.errors import KitFault
ever = threading.Event()
threading.Thread(target=ever.wait, daemon=True).start()
with tempfile.TemporaryDirectory() as folder:
    try:
        confine.confine(policy.Policy(Path(folder)))
    except KitFault as fault:
        print(json.dumps(str(fault)))
"""
    assert "several threads" in run_engine(code)


def test_elsewhere_a_worker_is_a_process() -> None:
    """On another system, nothing fails: the level is a separate process."""
    code = """
with tempfile.TemporaryDirectory() as folder:
    rules = policy.Policy(Path(folder))
    sys.platform = "win32"
    for name in ("resource", "pwd", "fcntl"):
        sys.modules[name] = None
    print(json.dumps(confine.confine(rules).name))
"""
    assert run_engine(code) == Level.PROCESS.name


def test_scratch_folder_is_left_to_the_owner(tmp_path: Path) -> None:
    """A scratch folder shared with a user stays closed to all others."""
    find_setting("root")
    from reelmark.confinement.privileges import share_scratch

    share_scratch(tmp_path, NOBODY)
    assert tmp_path.stat().st_mode & 0o777 == 0o770
