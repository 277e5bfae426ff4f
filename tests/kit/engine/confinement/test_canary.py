"""The canary: only what it could not do counts as closed."""

from __future__ import annotations

from typing import Any

from kit.stage.confined import NOBODY, find_setting, needs_walls, run_engine
from reelmark.confinement.canary import Proof, describe_proof
from reelmark.confinement.level import Level

pytestmark = needs_walls

FORGET_SECCOMP = "seccomp.install = lambda: True\n"
FORGET_LANDLOCK = "landlock.restrict = lambda rules: True\n"

SEND = """
hidden = Path(tempfile.mkdtemp())
proof = canary.send_canary(secrets=(hidden,), uid={uid})
hidden.rmdir()
"""
TELL = "print(json.dumps([proof.level.name, proof.leaks, proof.faults]))"


def send(before: str = "", uid: int | None = None) -> list[Any]:
    """Send a canary from a fresh process; return its level, leaks and faults."""
    found: list[Any] = run_engine(before + SEND.format(uid=uid) + TELL, uid)
    return found


def test_sound_walls_are_proven() -> None:
    """If all walls stand, the canary finds nothing."""
    assert send() == ["LANDLOCK_SECCOMP", [], []]


def test_missing_filter_is_found() -> None:
    """Without the filter, the network and other processes are within reach."""
    level, leaks, _ = send(
        FORGET_SECCOMP + "landlock.handle = lambda abi: (8191, 0, 0)\n"
    )
    assert level == "PROCESS"
    assert {"connect to a TCP port", "start a process", "signal its parent"} <= set(
        leaks
    )


def test_missing_landlock_is_found() -> None:
    """Without Landlock, files can be read, among them the secrets by name."""
    level, leaks, _ = send(FORGET_LANDLOCK)
    assert level == "PROCESS"
    assert "list /" in leaks
    assert any(leak.startswith("read /") for leak in leaks)


def test_walls_that_close_too_much_are_found() -> None:
    """A scratch folder that cannot be written to is a fault, not a leak."""
    level, leaks, faults = send("landlock.KEEP_HOUSE = landlock.READ\n")
    assert [level, leaks] == ["LANDLOCK_SECCOMP", []]
    assert faults == ["write to its scratch folder"]


def test_silent_canary_proves_nothing() -> None:
    """A canary that dies proves no level above a process of its own."""
    level, leaks, _ = send("canary.confine = lambda rules: os._exit(3)\n")
    assert [level, leaks] == ["PROCESS", ["end without a word"]]


def test_canary_leaves_no_process() -> None:
    """The canary is reaped."""
    wait = "try:\n    os.wait()\nexcept ChildProcessError:\n    print('true')"
    assert run_engine(SEND.format(uid=None) + wait) is True


def test_another_user_is_proven() -> None:
    """Without Landlock, root's workers, as another user, reach only public files."""
    find_setting("root")
    before = "landlock.find_abi = lambda: 0\n"
    assert send(before, uid=NOBODY) == ["UID_SECCOMP", [], []]


def test_description_is_sentences() -> None:
    """What doctor prints says the level, then what is wrong."""
    proof = Proof(Level.PROCESS, ("list /",), ("start a thread",))
    assert describe_proof(proof) == [
        "a separate process, files and network open",
        "a worker can list /",
        "a worker cannot start a thread",
    ]
