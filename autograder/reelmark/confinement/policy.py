"""The policy: what one worker may read and write, and what it must never be given."""

from __future__ import annotations

import functools
import os
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from reelmark.confinement.rlimits import Ceilings
from reelmark.errors import KitFault
from reelmark.files import PACKAGE

# Folders that hold other people's files. A worker may be given something inside
# them, but neither these folders nor one above them.
_SHARED = ("/home", "/root", "/tmp", "/var/tmp", "/etc", "/dev", "/run", "/Users")

SYSTEM = (
    # The shared libraries that the dynamic loader finds.
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache"),
    *("/dev/urandom", "/dev/random", "/dev/zero"),
    # TensorFlow aborts without the first; the C library finds stacks in maps. Other
    # files of a process in /proc reveal what it shares with its neighbours, page by
    # page (pagemap, smaps), or who uses the network.
    *("/proc/self/cmdline", "/proc/self/maps", "/proc/self/auxv"),
    # From these, its libraries learn which processor and how much memory there is.
    *("/proc/cpuinfo", "/proc/meminfo", "/proc/stat"),
    *("/proc/sys/vm/overcommit_memory", "/sys/devices/system/cpu"),
    *("/sys/devices/system/node", "/sys/kernel/mm/transparent_hugepage"),
    *("/usr/share/zoneinfo", "/etc/localtime"),
    # The standard library opens these if they exist.
    *("/etc/mime.types", "/etc/os-release"),
)


@dataclass(frozen=True)
class Policy:
    """What one worker may do.

    Attributes:
        scratch: The only folder it may write to.
        readable: Files and folders it may read, besides Python and its packages:
            the submission, the stubs, the support, inputs.
        secrets: What it must never be able to read: the solutions, the hidden
            suite. Anything that contains one of them is refused, whoever asks.
        keep: Open descriptors it keeps, besides 0, 1 and 2.
        uid: The user to become if root starts it, provided that this user can reach
            all it needs; only workers use these users, one for each slot.
        ceilings: How much of the machine it may use.

    Raises:
        KitFault: It would open what must stay closed, or something does not exist.
    """

    scratch: Path
    readable: tuple[Path, ...] = ()
    secrets: tuple[Path, ...] = ()
    keep: tuple[int, ...] = ()
    uid: int | None = None
    ceilings: Ceilings = field(default_factory=Ceilings)

    def __post_init__(self) -> None:
        secrets = tuple(path.resolve() for path in self.secrets)
        _check_python(secrets)
        scratch = _check(self.scratch, secrets)
        readable = tuple(_check(path, secrets) for path in self.readable)
        for path in (*readable, PACKAGE):
            if _is_in(path, scratch):
                raise KitFault(
                    f"A worker could change {path}, which lies in its scratch folder "
                    f"{scratch}. Move one of them to another folder."
                )
        # From here on the checked paths count, not the links that led there.
        object.__setattr__(self, "scratch", scratch)
        object.__setattr__(self, "readable", readable)


def list_readable(policy: Policy) -> list[Path]:
    """Return everything that a worker may read."""
    return [*map(Path, SYSTEM), *find_python(), *policy.readable]


@functools.cache
def find_python() -> tuple[Path, ...]:
    """Return the folders that Python, its packages and the kit are imported from.

    They are derived from Python's installation, never from ``sys.path``, which may
    hold the working directory. In an editable install, the kit's package lies beside
    the solutions; then only the package itself is taken.
    """
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    folders = {sysconfig.get_path(name): None for name in names}
    for prefix in (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix):
        folders[os.path.join(prefix, "lib")] = None  # noqa: PTH118 (as the above)
    found = [*map(Path, folders), *_find_matplotlib(), PACKAGE]
    return tuple(dict.fromkeys(path.resolve() for path in found if path.is_dir()))


def _find_matplotlib() -> Iterator[Path]:
    """Yield the folder of matplotlib's style sheets and fonts, if it is imported."""
    if matplotlib := sys.modules.get("matplotlib"):
        yield Path(matplotlib.get_data_path())


@functools.cache
def _check_python(secrets: tuple[Path, ...]) -> None:
    """Check what is the same for every worker, once, before the forks."""
    for path in find_python():
        _check(path, secrets)


def _check(path: Path, secrets: tuple[Path, ...]) -> Path:
    """Return what a path really is.

    Raises:
        KitFault: It is, contains, or lies in something that must stay closed.
    """
    real = path.resolve()
    if not real.exists():
        raise KitFault(f"A worker cannot be given {path}: it is not there.")
    if shared := next((s for s in _find_shared() if _is_in(s, real)), None):
        raise KitFault(
            f"A worker must not be given {path}: it holds {shared}. "
            "Move what it needs to a folder of its own."
        )
    for secret in (*secrets, Path("/proc")):  # it contains /proc/<pid> of the parent
        if _is_in(secret, real) or _is_in(real, secret):
            raise KitFault(
                f"A worker must not be given {path}: {secret} would be open to it. "
                "Move one of them to another folder."
            )
    return real


def _is_in(path: Path, folder: Path) -> bool:
    """Return whether a path is a folder or lies in it; both must be resolved.

    Faster than ``is_relative_to``, which matters before each fork.
    """
    inner, outer = str(path), str(folder)
    return inner == outer or inner.startswith(outer.rstrip(os.sep) + os.sep)


@functools.cache
def _find_shared() -> tuple[Path, ...]:
    homes = [os.path.expanduser("~")]  # noqa: PTH111 (Path.home() may raise)
    if sys.platform != "win32":
        import pwd

        users = [user for user in pwd.getpwall() if user.pw_uid == os.getuid()]
        homes += [user.pw_dir for user in users]
    found = (Path(name).resolve() for name in (*_SHARED, *homes) if name)
    return tuple(dict.fromkeys(found))
