"""Confinement: what a worker cannot do, what it still can, and the proof."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from kit.stage.confined import Setting, find_setting, needs_walls, try_confined, try_one
from reelmark.confinement.level import Level

pytestmark = needs_walls

DENIED = ("EPERM", "EACCES")

# Each must end in "permission denied". `parent` is the pid of the parent, which
# is of the same user; `secret` is a file of that user's; `given` may be read.
ATTACKS = {
    # files
    "read a file": "secret.read_text()",
    "read through /proc/self/root": "open('/proc/self/root' + str(secret)).read()",
    "read through its folder": "os.chdir(hidden); open('secret.txt').read()",
    "read through the parent's root": "open(f'/proc/{parent}/root{secret}').read()",
    "read from beside the scratch folder": "open('../hidden/secret.txt').read()",
    "list the root folder": "os.listdir('/')",
    "list the folder of temporary files": "os.listdir('/tmp')",
    "list the scratch folder's parent": "os.listdir('..')",
    "list the processes": "os.listdir('/proc')",
    "read the list of users": "open('/etc/passwd').read()",
    "read the parent's environment": "open(f'/proc/{parent}/environ').read()",
    "read the parent's command line": "open(f'/proc/{parent}/cmdline').read()",
    "read the parent's memory": "open(f'/proc/{parent}/mem', 'rb').read(1)",
    "list the parent's descriptors": "os.listdir(f'/proc/{parent}/fd')",
    "watch a folder": "system_call('inotify_init1', 0)",
    "open by handle": "system_call('open_by_handle_at', -100, 0, 0)",
    "write to a file": "secret.write_text('forged')",
    "write to a given file": "(given / 'film.txt').write_text('forged')",
    "append to a given file": "open(given / 'film.txt', 'a')",
    "make a file": "(given / 'new').write_text('')",
    "make a folder": "(given / 'new').mkdir()",
    "remove a file": "(given / 'film.txt').unlink()",
    "remove a folder": "given.rmdir()",
    "rename a file": "(given / 'film.txt').rename(given / 'other')",
    "take a file": "(given / 'film.txt').rename(scratch / 'film.txt')",
    "put a file in place": "x = scratch / 'x'; x.touch(); x.rename(given / 'film.txt')",
    "truncate a file": "os.truncate(secret, 0)",
    "truncate by reading": "os.open(given / 'film.txt', os.O_TRUNC)",
    "truncate by mode 3": "os.open(given / 'film.txt', os.O_TRUNC | 3)",
    "make a link": "(scratch / 'link').symlink_to(secret)",
    "make a hard link": "os.link(given / 'film.txt', scratch / 'link')",
    "make a folder that cannot be listed": "os.mkdir('x', 0o300)",
    "make a folder that cannot be emptied": "os.mkdir('x', 0o500)",
    "make a pipe": "os.mkfifo(scratch / 'pipe')",
    "make a device": "os.mknod(scratch / 'disk', 0o60600, os.makedev(7, 0))",
    "use shared memory": "open('/dev/shm/reelmark', 'w')",
    # network
    "connect by TCP": "socket.create_connection(('127.0.0.1', port))",
    "listen": "socket.create_server(('127.0.0.1', 0))",
    "send a datagram": "socket.socket(type=2).sendto(b'x', ('127.0.0.1', 9))",
    "connect to an abstract socket": "socket.socket(1).connect(abstract)",
    "connect to a named socket": "socket.socket(1).connect(named)",
    "make a pair of sockets": "socket.socketpair()",
    "look at packets": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    "ask the kernel by netlink": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    # processes
    "fork": "os.fork() or os._exit(0)",
    "fork by vfork": "system_call('vfork')",
    "fork by clone": "system_call('clone', 17, 0, 0, 0, 0) or os._exit(0)",
    "make a namespace by clone": "system_call('clone', 0x10010000, 0, 0, 0, 0)",
    "spawn": "os.posix_spawn('/bin/true', ['true'], {})",
    "run a program": "subprocess.run(['/bin/true'])",
    "become a program": "os.execv('/bin/true', ['true'])",
    "become a file": "os.execve(os.open('/bin/true', os.O_PATH), ['true'], {})",
    "reach the parent by signal": "os.kill(parent, 0)",
    "stop the parent": "os.kill(parent, signal.SIGSTOP)",
    "signal the parent's group": "os.killpg(os.getpgid(parent), 0)",
    "signal everybody": "os.kill(-1, 0)",
    "signal by thread": "system_call('tkill', parent, 0)",
    "signal by thread and group": "system_call('tgkill', parent, parent, 0)",
    "signal with a value": "system_call('rt_sigqueueinfo', parent, 0, 0)",
    "hold the parent": "os.pidfd_open(parent)",
    "trace the parent": "system_call('ptrace', 16, parent, 0, 0)",
    "read at a distance": "system_call('process_vm_readv', parent, 0, 0, 0, 0, 0)",
    "limit the parent": "resource.prlimit(parent, resource.RLIMIT_CPU, (1, 1))",
    "signal itself with a value": "system_call('rt_sigqueueinfo', os.getpid(), 0, 0)",
    "count the user's threads": "system_call('prlimit64', 0, 6, 0, 0)",
    "count the user's signals": "system_call('timer_create', 0, 0, 0)",
    "leave its group": "os.setpgid(0, 0)",
    "leave its session": "os.setsid()",
    "send open files": "system_call('sendmsg', 0, 0, 0)",
    "receive open files": "system_call('recvmsg', 0, 0, 0)",
    "see what memory it shares": "open('/proc/self/pagemap', 'rb').read(8)",
    "see what it shares of libraries": "open('/proc/self/smaps').read()",
    "see who uses the network": "open('/proc/self/net/tcp').read()",
    "see what was read from disks": "open('/proc/self/io').read()",
    "outlive the parent": "kernel.control(kernel.PR_SET_PDEATHSIG, 0)",
    "become readable": "kernel.control(kernel.PR_SET_DUMPABLE, 1)",
    # privileges and the kernel
    "become root": "os.setuid(0)",
    "change its user": "os.setresuid(1, 1, 1)",
    "take capabilities": "system_call('capset', 0, 0)",
    "leave by unshare": "system_call('unshare', 0x10000000)",
    "leave by setns": "system_call('setns', 0, 0)",
    "mount": "system_call('mount', 0, 0, 0, 0, 0)",
    "change the root": "os.chroot(scratch)",
    "load a program into the kernel": "system_call('bpf', 0, 0, 0)",
    "count events": "system_call('perf_event_open', 0, 0, -1, -1, 0)",
    "handle page faults": "system_call('userfaultfd', 0)",
    "use keys": "system_call('keyctl', 0, -3, 0)",
    "filter its own calls": "system_call('seccomp', 1, 0, 0)",
    "share memory": "system_call('shmget', 0, 4096, 0o1600)",
    "open a queue": "system_call('mq_open', 0, 0, 0, 0)",
    "restart the machine": "system_call('reboot', 0, 0, 0, 0)",
    "set the clock": "system_call('clock_settime', 0, 0)",
}

# These end in another error, which libraries know how to go on from.
UNAVAILABLE = {
    "clone3": ("system_call('clone3', 0, 0)", "ENOSYS"),
    "openat2": ("system_call('openat2', -100, 0, 0, 0)", "ENOSYS"),
    "io_uring": ("system_call('io_uring_setup', 1, 0)", "ENOSYS"),
    "memfd": ("os.memfd_create('x')", "ENOSYS"),
    "waiting for several": ("system_call('futex_waitv', 0, 0, 0, 0, 0)", "ENOSYS"),
    "waking, the new way": ("system_call('futex_wake', 0, 0, 0, 0)", "ENOSYS"),
    "the page cache": ("system_call('mincore', 0, 0, 0)", "ENOSYS"),
    "the page cache of a file": ("system_call('cachestat', 0, 0, 0, 0)", "ENOSYS"),
    "the page cache by reading": (
        "os.preadv(os.open(given / 'film.txt', 0), [bytearray(1)], 0, os.RWF_NOWAIT)",
        "ENOTSUP",
    ),
    "where memory lies": ("system_call('get_mempolicy', 0, 0, 0, 0, 0)", "ENOSYS"),
    "how full the disk is": ("os.statvfs(scratch)", "ENOSYS"),
    "a device in a file's place": (
        "(scratch / 'w').touch(); "
        "at, to = (os.fsencode(scratch / name) for name in 'wv'); "
        "import ctypes; "
        "system_call('renameat2', -100, ctypes.c_char_p(at), -100, "
        "ctypes.c_char_p(to), 4)",
        "EINVAL",
    ),
    "a call of the future": ("system_call(500)", "ENOSYS"),
    "extended attributes": ("os.listxattr(secret)", "ENOTSUP"),
    "signals by descriptor": ("fcntl.fcntl(0, fcntl.F_SETOWN, parent)", "EINVAL"),
    "leases": ("fcntl.fcntl(0, fcntl.F_SETLEASE, fcntl.F_RDLCK)", "EINVAL"),
    "flags of files": ("fcntl.ioctl(os.open(given, 0), 0x40086602, 16)", "ENOTTY"),
    "verity": ("fcntl.ioctl(os.open(given, 0), 0x40806685, 0)", "ENOTTY"),
    "more than the ceiling": (
        "resource.setrlimit(resource.RLIMIT_DATA, (-1, -1))",
        "ValueError",
    ),
    "an inherited descriptor": ("os.read(inherited, 1)", "EBADF"),
}

# Each must go well; `value` is what it comes to.
DUTIES = {
    "read what is given": ("value = (given / 'film.txt').read_text()", "given"),
    "import": ("import wave, colorsys; value = len(wave.__doc__) > 0", True),
    "write to the scratch folder": (
        "p = scratch / 'a'; p.write_text('b'); value = p.read_text()",
        "b",
    ),
    "move between folders": (
        "os.makedirs('c/d'); open('c/e', 'w').close(); shutil.move('c/e', 'c/d/e'); "
        "value = os.listdir('c/d')",
        ["e"],
    ),
    "touch a file": ("(scratch / 't').touch(); value = os.path.exists('t')", True),
    "touch a file again": ("open('u', 'w').close(); (scratch / 'u').touch()", None),
    "remove a tree": (
        "os.makedirs('f/g'); shutil.rmtree('f'); value = os.path.exists('f')",
        False,
    ),
    "copy a file with its attributes": (
        "value = open(shutil.copy2(given / 'film.txt', scratch / 'copy')).read()",
        "given",
    ),
    "make a temporary file": (
        "value = tempfile.NamedTemporaryFile().name.startswith(str(scratch))",
        True,
    ),
    "lock a file": ("fcntl.flock(os.open(given / 'film.txt', 0), 2)", None),
    "run threads": (
        "t = threading.Thread(target=lambda: None); t.start(); t.join(); "
        "value = t.is_alive()",
        False,
    ),
    "signal itself": (
        "signal.signal(signal.SIGUSR1, lambda *_: globals().update(value='rung')); "
        "os.kill(os.getpid(), signal.SIGUSR1)",
        "rung",
    ),
    "set an alarm": (
        "signal.signal(signal.SIGALRM, lambda *_: globals().update(value='rung')); "
        "signal.setitimer(signal.ITIMER_REAL, 0.01); time.sleep(0.1)",
        "rung",
    ),
    "throw away output": ("value = open(os.devnull, 'w').write('abc')", 3),
    "read its command line": (
        "value = len(open('/proc/self/cmdline').read()) > 0",
        True,
    ),
    "count processors": ("value = os.cpu_count() > 0", True),
    "use randomness": ("value = len(open('/dev/urandom', 'rb').read(4))", 4),
}

# Calls that pretend to succeed, but do nothing.
PRETENCES = {
    "chmod": "(given / 'film.txt').chmod(0)",
    "chown": "os.chown(given / 'film.txt', 12345, 12345)",
    "utime": "os.utime(given / 'film.txt', (0, 0))",
    "setxattr": "os.setxattr(given / 'film.txt', 'user.x', b'1')",
    "affinity": "os.sched_setaffinity(parent, [0])",
    "slow the parent": "os.setpriority(os.PRIO_PROCESS, parent, 19)",
    "slow the user": "os.setpriority(os.PRIO_USER, 0, 19)",
    "idle the parent": "os.sched_setscheduler(parent, 5, os.sched_param(0))",
    "slow itself": "os.nice(5)",
    "forget a file": "os.posix_fadvise(os.open(given / 'film.txt', 0), 0, 0, 4)",
    "sync": "os.sync()",
    "lock": "fcntl.lockf(os.open(given / 'film.txt', 0), fcntl.LOCK_SH)",
    "umask": "os.umask(0o777); os.mkdir('m'); open('m/n', 'w').close()",
}


@cache
def _try_all(user: str, abi: int | None) -> dict[str, Any]:
    setting = find_setting(user, abi=abi)
    tries = {
        **{f"attack: {name}": code for name, code in ATTACKS.items()},
        **{f"unavailable: {name}": code for name, (code, _) in UNAVAILABLE.items()},
        **{f"duty: {name}": code for name, (code, _) in DUTIES.items()},
        **{f"pretence: {name}": code for name, code in PRETENCES.items()},
    }
    return try_confined(tries, setting)


@pytest.fixture(params=["root", "ordinary"])
def user(request: pytest.FixtureRequest) -> str:
    """Who starts the workers."""
    return str(request.param)


@pytest.fixture(params=[None, 1], ids=["newest", "oldest"])
def found(user: str, request: pytest.FixtureRequest) -> dict[str, Any]:
    """The outcome of every try, with all of Landlock and with its first version."""
    return _try_all(user, request.param)


@pytest.mark.parametrize("user", ["root", "ordinary"])
def test_best_level_is_reached(user: str) -> None:
    """If the kernel has the walls, workers get them, whoever starts them."""
    assert try_one("", find_setting(user))["level"] == Level.LANDLOCK_SECCOMP.name


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_is_denied(name: str, found: dict[str, Any]) -> None:
    """A confined process is denied all that it must not do."""
    outcome = found["tries"][f"attack: {name}"]
    assert outcome.get("error") in DENIED, outcome


@pytest.mark.parametrize("name", UNAVAILABLE)
def test_call_is_unavailable(name: str, found: dict[str, Any]) -> None:
    """Where libraries have an alternative, they get the error that they expect."""
    outcome = found["tries"][f"unavailable: {name}"]
    assert outcome.get("error") == UNAVAILABLE[name][1], outcome


@pytest.mark.parametrize("name", DUTIES)
def test_duty_is_possible(name: str, found: dict[str, Any]) -> None:
    """Honest work goes well in a confined process."""
    outcome = found["tries"][f"duty: {name}"]
    assert outcome.get("value", outcome) == DUTIES[name][1]


@pytest.mark.parametrize("name", PRETENCES)
def test_attributes_pretend(name: str, found: dict[str, Any]) -> None:
    """Setting a file's attributes raises nothing."""
    assert "error" not in found["tries"][f"pretence: {name}"]


# Attacks that do no harm where nothing is closed; the others would.
HARMLESS = (
    "read a file",
    "read through /proc/self/root",
    "list the root folder",
    "read the parent's environment",
    "append to a given file",
    "make a link",
    "make a pipe",
    "connect by TCP",
    "send a datagram",
    "connect to an abstract socket",
    "connect to a named socket",
    "make a pair of sockets",
    "fork",
    "spawn",
    "run a program",
    "reach the parent by signal",
    "hold the parent",
    "outlive the parent",
)


@cache
def _try_unconfined() -> dict[str, Any]:
    before = "confine.confine = lambda rules: confine.Level.PROCESS"
    tries = {name: ATTACKS[name] for name in HARMLESS}
    return dict(try_confined(tries, Setting(before=before))["tries"])


@pytest.mark.parametrize("name", HARMLESS)
def test_attack_would_succeed_unconfined(name: str) -> None:
    """What a confined process is denied works in others, so the test is a real one."""
    assert "error" not in _try_unconfined()[name], _try_unconfined()[name]


def test_nothing_outside_changes(found: dict[str, Any]) -> None:
    """After every attack, the files outside and the parent are as before."""
    assert found["after"] == found["before"]
