"""Landlock: what it closes on its own, on kernels old and new."""

from __future__ import annotations

import itertools

import pytest

from kit.stage.confined import Setting, needs_walls, try_one
from reelmark.confinement import kernel, landlock

pytestmark = needs_walls

WITHOUT_SECCOMP = "confine.seccomp.install = lambda: False"

NEEDED_ABI = {
    "read": ("secret.read_text()", 1),
    "run": ("subprocess.run(['/bin/true'])", 1),
    "link": ("os.symlink('/', 'x')", 1),
    "truncate": ("os.truncate(given / 'film.txt', 5)", 3),
    "listen": ("socket.create_server(('127.0.0.1', 0))", 4),
    "connect": ("socket.create_connection(('127.0.0.1', port))", 4),
    "control a device": (
        "import termios; fcntl.ioctl(os.open('/dev/zero', 0), 0x5480)",
        5,
    ),
    "reach an abstract socket": ("socket.socket(1).connect(abstract)", 6),
    "signal": ("os.kill(parent, 0)", 6),
}


def test_kernel_tells_its_abi() -> None:
    """The ABI is a small number that grows with the kernel."""
    assert 1 <= landlock.find_abi() < 100


@pytest.mark.parametrize("name", NEEDED_ABI)
def test_is_closed_from_an_abi_on(name: str) -> None:
    """Each wall stands without seccomp, from the kernel's ABI that has it."""
    code, abi = NEEDED_ABI[name]
    if landlock.find_abi() < abi:
        pytest.skip(f"this kernel's Landlock is older than ABI {abi}")
    outcome = try_one(code, Setting(abi=abi, before=WITHOUT_SECCOMP))
    assert outcome.get("error") in ("EPERM", "EACCES"), outcome


@pytest.mark.parametrize("name", [n for n, (_, abi) in NEEDED_ABI.items() if abi > 1])
def test_is_open_before_that_abi(name: str) -> None:
    """An older ABI leaves open what only newer ones know (so seccomp must not)."""
    code, abi = NEEDED_ABI[name]
    outcome = try_one(code, Setting(abi=abi - 1, before=WITHOUT_SECCOMP))
    assert outcome.get("error") not in ("EPERM", "EACCES"), outcome


def test_files_move_between_folders_from_abi_2() -> None:
    """Inside the scratch folder, a file can be renamed into another folder."""
    if landlock.find_abi() < 2:
        pytest.skip("this kernel's Landlock is older than ABI 2")
    code = "os.mkdir('a'); open('b', 'w').close(); os.rename('b', 'a/b'); value = 1"
    assert try_one(code).get("value") == 1


def test_without_landlock_nothing_is_restricted() -> None:
    """A kernel without Landlock is reported, not an error."""
    assert landlock.restrict([], abi=0) is False


def test_missing_files_are_left_out() -> None:
    """A list for many systems names files that this one does not have."""
    code = "value = landlock.restrict([(Path('/no/such'), landlock.READ)])"
    before = f"from pathlib import Path; {WITHOUT_SECCOMP}"
    assert try_one(code, Setting(before=before)).get("value") is True


def test_newer_abis_handle_more() -> None:
    """What an ABI handles includes what the ones before it handled."""
    handled = [landlock.handle(abi) for abi in range(1, 9)]
    for older, newer in itertools.pairwise(handled):
        assert all(a & b == a for a, b in zip(older, newer, strict=True))


def test_scratch_rights_make_nothing_special() -> None:
    """In the scratch folder, links, pipes, sockets and devices cannot be made."""
    special = sum(1 << bit for bit in (6, 9, 10, 11, 12))
    assert landlock.KEEP_HOUSE & special == 0
    assert landlock.KEEP_HOUSE & landlock.EXECUTE == 0


def test_proc_stays_open_for_its_own_process() -> None:
    """A rule on a file of /proc outlives the kernel's memory of that file."""
    code = (
        "own = f'/proc/{os.getpid()}/cmdline'\n"
        "links = [f'/proc/self/fd/{n}' for n in range(64)]\n"
        "value = own in [os.readlink(each) for each in links if os.path.islink(each)]"
    )
    assert try_one(code).get("value") is True


def test_other_systems_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the architecture is not known, there is no Landlock."""
    monkeypatch.setattr(kernel, "architecture", lambda: None)
    assert landlock.find_abi() == 0
