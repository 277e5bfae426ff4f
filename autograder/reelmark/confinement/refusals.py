"""The refusals: which system calls a worker may not make, and why.

Landlock restricts by path and port; this table covers the rest. `REFUSALS` are
refused whatever their arguments, `conditions` unless their arguments are harmless.
Calls not named here are allowed: all up to `numbers.LAST` were looked at.

Sources: the manual pages seccomp(2), landlock(7), capabilities(7) and those of
the calls; Documentation/userspace-api/landlock.rst of the kernel ("Current
limitations": chmod, chown, setxattr, utime, fcntl, access, stat are not covered).
"""

from __future__ import annotations

import errno
from dataclasses import dataclass

PRETEND = 0
"""Instead of an error: report success, and do nothing."""


@dataclass(frozen=True)
class Refusal:
    """Calls that are refused for one reason, with one error."""

    why: str
    names: str
    error: int = errno.EPERM


@dataclass(frozen=True)
class Values:
    """One argument of a call, and the values of it that are harmless.

    Only the lower half of the register is compared: all these arguments are
    32 bits wide in the kernel, which ignores the upper half too.
    """

    argument: int
    values: tuple[int, ...]
    mask: int = 0xFFFFFFFF


@dataclass(frozen=True)
class Condition:
    """A call that is refused unless all its checks hold.

    ``other_error`` is for a call that is always refused: with that error if the checks
    hold. ``pretended`` are values for which, whatever the checks say, the call reports
    success and does nothing.
    """

    why: str
    name: str
    checks: tuple[Values, ...]
    error: int = errno.EPERM
    other_error: int | None = None
    pretended: Values | None = None


REFUSALS = (
    Refusal(
        "The network. Landlock knows TCP only; UDP, raw and Unix sockets leave "
        "no other place to stop them. The socket to the judge is open, for bytes: "
        "open files sent over it would be counted against all of a user's processes.",
        "socket socketpair connect bind listen accept accept4 setsockopt "
        "sendmsg sendmmsg recvmsg recvmmsg",
    ),
    Refusal(
        "New processes and programs. Without them nothing outlives the worker, "
        "and to kill one process is enough.",
        "fork vfork execve execveat",
    ),
    Refusal(
        "Other processes' memory, descriptors and threads. tkill names a thread "
        "without its process, so that it cannot be told whose it is.",
        "ptrace process_vm_readv process_vm_writev process_madvise "
        "process_mrelease kcmp pidfd_open pidfd_getfd pidfd_send_signal tkill "
        "migrate_pages move_pages ioprio_set",
    ),
    Refusal(
        "Another identity: a worker of user 0 without capabilities could still "
        "change between its user ids.",
        "setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid "
        "setgroups capset personality",
    ),
    Refusal(
        "Another view of the file system, in which Landlock's rules are void or "
        "capabilities come back (user namespaces).",
        "mount umount2 pivot_root chroot move_mount open_tree fsopen fsconfig "
        "fsmount fspick mount_setattr setns unshare",
    ),
    Refusal(
        "Parts of the kernel that no coursework needs and many attacks used.",
        "bpf perf_event_open userfaultfd add_key request_key keyctl seccomp "
        "landlock_create_ruleset landlock_add_rule landlock_restrict_self "
        "lsm_set_self_attr remap_file_pages vmsplice splice tee",
    ),
    Refusal(
        "The machine itself. These need capabilities, which a worker has not.",
        "init_module finit_module delete_module kexec_load kexec_file_load reboot "
        "swapon swapoff acct quotactl quotactl_fd sethostname setdomainname syslog "
        "iopl ioperm modify_ldt vhangup uselib lookup_dcookie nfsservctl _sysctl "
        "settimeofday clock_settime clock_adjtime adjtimex",
    ),
    Refusal(
        "Memory that outlives a process, or is shared with another worker.",
        "shmget shmat shmctl semget semop semctl semtimedop msgget msgsnd msgrcv "
        "msgctl mq_open mq_unlink",
    ),
    Refusal(
        "What others see of a process, or what the kernel counts for all processes "
        "of a user together: groups and sessions, timers, queued signals; and whom a "
        "thread's end wakes (see futex below).",
        "setpgid setsid timer_create rt_sigqueueinfo rt_tgsigqueueinfo set_tid_address",
    ),
    Refusal(
        "As above, where thread pools and threads' beginnings may not fail: how "
        "urgent a process is, on which cores it runs, whom its end wakes.",
        "setpriority sched_setaffinity sched_setattr sched_setparam "
        "sched_setscheduler set_robust_list",
        PRETEND,
    ),
    Refusal(
        "The page cache, which all who read a file share: what is put into it or "
        "taken out of it for one is for all.",
        "fadvise64 readahead",
        PRETEND,
    ),
    Refusal(
        "As above: what is in it. And where memory lies, which tells whether others "
        "use it too; and how full the disk is, which changes with every neighbour's "
        "file. Libraries take the error for an older kernel.",
        "mincore cachestat mbind set_mempolicy get_mempolicy "
        "set_mempolicy_home_node statfs fstatfs ustat",
        errno.ENOSYS,
    ),
    Refusal(
        "Files without a path, or beside Landlock: truncate was free before ABI "
        "3. Links, pipes and devices in the scratch folder would lead astray the "
        "trusted process that writes there.",
        "open_by_handle_at name_to_handle_at truncate mknod mknodat symlink "
        "symlinkat link linkat",
    ),
    Refusal(
        "Watching what others do with files that cannot be read.",
        "inotify_init inotify_init1 inotify_add_watch fanotify_init fanotify_mark",
    ),
    Refusal(
        "Calls whose arguments lie in memory, where a filter cannot see them, or "
        "that do their work beside the filter. Libraries take ENOSYS for an older "
        "kernel and use clone and openat, read and write, whose arguments show. "
        "A memfd is memory that no limit on memory counts.",
        "clone3 openat2 io_uring_setup io_uring_enter io_uring_register io_setup "
        "io_destroy io_submit io_cancel io_getevents io_pgetevents memfd_create "
        "memfd_secret statmount listmount futex_waitv futex_wait futex_wake "
        "futex_requeue",
        errno.ENOSYS,
    ),
    Refusal(
        "Attributes of files, which Landlock does not cover. Pretending lets "
        "shutil.copy, zipfile and their like do their work.",
        "chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat setxattr "
        "lsetxattr fsetxattr removexattr lremovexattr fremovexattr",
        PRETEND,
    ),
    Refusal(
        "Gigabytes of the disk in an instant. Libraries write instead, which takes "
        "time that is measured.",
        "fallocate",
        errno.EOPNOTSUPP,
    ),
    Refusal(
        "Reading extended attributes, which Landlock does not cover either.",
        "getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr",
        errno.EOPNOTSUPP,
    ),
    Refusal(
        "Stopping others: a lock needs no more than the right to read a file that "
        "others read too; sync makes the whole machine wait. The only process "
        "that uses the scratch folder's files loses nothing.",
        "flock sync syncfs",
        PRETEND,
    ),
)

# From <linux/sched.h>: a thread, and the bits of namespaces (CLONE_NEW*).
_THREAD = 0x10000
_NAMESPACES = 0x7E020000

# From <fcntl.h>. With these three bits, a file is truncated although it is opened
# only for reading, or is opened with access mode 3, for which Landlock before
# ABI 3 requires no right at all.
_ACCESS_MODE = 0o3
_TRUNCATE = 0o1000
_OPEN_MODES = (0o0, 0o1, 0o2, _TRUNCATE | 0o1, _TRUNCATE | 0o2)

# What is left out: F_SETOWN, F_SETOWN_EX and F_SETSIG send any signal to any
# process; F_SETLEASE makes whoever opens a file wait; F_NOTIFY watches folders;
# F_SETPIPE_SZ takes from what a user's pipes may hold together.
_FCNTL_COMMANDS = (
    *range(5),  # duplicate, flags of descriptor and of file
    *(5, 36),  # whether a file is locked, by a process or by an open file description
    *(1030, 1032, 1033, 1034),  # duplicate, size of a pipe, seals
)

# By locking a file that two workers may read, one can signal to the other: the
# lock's position in the file is a number of 63 bits. See flock above.
_FCNTL_LOCKS = (6, 7, 37, 38)

_OWNERS = 0o700
"""The owner's rights on a folder: to list it, change it, enter it."""

# What is left out works even on files that are only readable: flags that make a
# file immutable, fs-verity, encryption; and a terminal's input queue.
_IOCTL_REQUESTS = (
    0x5401,  # TCGETS: isatty
    0x802C542A,  # TCGETS2: isatty of newer libraries
    0x5413,  # TIOCGWINSZ
    0x541B,  # FIONREAD
    0x5421,  # FIONBIO: time-outs of the worker's own socket
    *(0x5450, 0x5451),  # FIONCLEX, FIOCLEX: inheritable or not
    *(0x40049409, 0x4020940D),  # FICLONE, FICLONERANGE: copies of files
)

# What is left out: PR_SET_PDEATHSIG (not to die with the parent),
# PR_SET_DUMPABLE, PR_SET_PTRACER, PR_SET_MM, PR_SET_SECCOMP and whatever comes.
_PRCTL_OPTIONS = (
    *(2, 3, 21, 23, 39),  # get: death signal, dumpable, seccomp, bounds, privileges
    *(15, 16),  # the thread's name
    *(29, 30),  # the thread's timer slack
    *(41, 42),  # huge pages
    *(51, 56, 61, 64),  # aarch64, get: vector lengths, tagged addresses, pointer keys
    0x53564D41,  # PR_SET_VMA: names of memory, for /proc/self/maps
)

# From <linux/futex.h>.
_FUTEX_PRIVATE = 0x80

# What is left out: moving a file's pages (MADV_WILLNEED, MADV_COLD, MADV_PAGEOUT,
# MADV_COLLAPSE), merging equal pages of several processes (MADV_MERGEABLE),
# punching holes, damaging memory.
_MADVICE = (
    *(0, 1, 2),  # the order in which a mapping will be read, a hint about oneself
    *(4, 8, 24),  # it is not needed any more
    *(10, 11, 18, 19),  # what happens to it in a fork
    *(14, 15),  # huge pages for one's own memory
    *(16, 17),  # whether it is in a core dump
    *(22, 23),  # fill it in now
    *(102, 103),  # guards of stacks
)
_MADVICE_PRETENDED = (3, 20, 21)

# What is left out: the kernel counts these for all of a user's processes, so a low
# limit reveals how much the others have: NPROC, SIGPENDING, MSGQUEUE.
_LIMITS = (*range(6), 7, 8, 9, 10, 13, 14, 15)

_MAP_HUGETLB = 0x40000
_RENAME_WHITEOUT = 4

# A negative clock id stands for the time of a process or a thread. The kernel lets
# a process read the time of its own threads only, but of anybody's processes.
_OF_A_PROCESS = 0x80000000
_BY_THREAD = 4


def conditions(pid: int) -> tuple[Condition, ...]:
    """Return the calls that are allowed with some arguments.

    Args:
        pid: The worker's own process id.
    """
    own, self_or_own = Values(0, (pid,)), Values(0, (0, pid))
    signals = "Signals to others. Landlock stops them from ABI 6 on, this always."
    limits = "Other processes' limits; and see the list."
    return (
        Condition(
            "Threads are needed, processes refused.",
            "clone",
            (Values(0, (_THREAD,), mask=_THREAD | _NAMESPACES),),
        ),
        *(Condition(signals, name, (own,)) for name in ("kill", "tgkill")),
        Condition(limits, "prlimit64", (self_or_own, Values(1, _LIMITS))),
        Condition(limits, "setrlimit", (Values(0, _LIMITS),)),
        *(
            Condition("Truncating what is readable.", name, (_opening(argument),))
            for name, argument in (("open", 1), ("openat", 2))
        ),
        *(
            Condition(
                "Times are attributes too: pretend. But Path.touch() sets them to "
                "now, given as a null pointer, to learn whether a file exists.",
                name,
                (Values(argument, (0,)),),
                PRETEND,
                other_error=errno.EPERM,
            )
            for name, argument in (
                ("utime", 1),
                ("utimes", 1),
                ("futimesat", 2),
                ("utimensat", 2),
            )
        ),
        Condition(
            "See the lists.",
            "fcntl",
            (Values(1, _FCNTL_COMMANDS),),
            errno.EINVAL,
            pretended=Values(1, _FCNTL_LOCKS),
        ),
        *(
            Condition(
                "A folder that its owner cannot list cannot be removed with what is "
                "in it, but by root. Modes cannot be changed later (see chmod).",
                name,
                (Values(argument, (_OWNERS,), mask=_OWNERS),),
            )
            for name, argument in (("mkdir", 1), ("mkdirat", 2))
        ),
        Condition(
            "As above: what is masked here is missing there.",
            "umask",
            (Values(0, (0,), mask=_OWNERS),),
            PRETEND,
        ),
        Condition(
            "See the list.", "ioctl", (Values(1, _IOCTL_REQUESTS),), errno.ENOTTY
        ),
        Condition("See the list.", "prctl", (Values(0, _PRCTL_OPTIONS),)),
        Condition(
            "Whoever waits on a page of a library is woken by anyone who has mapped "
            "it too. Only pthread_join waits without the private flag, as the end of a "
            "thread wakes without it; it looks again until the thread has ended.",
            "futex",
            (Values(1, (_FUTEX_PRIVATE,), mask=_FUTEX_PRIVATE),),
            PRETEND,
        ),
        Condition(
            "See the list.",
            "madvise",
            (Values(2, _MADVICE),),
            errno.EINVAL,
            pretended=Values(2, _MADVICE_PRETENDED),
        ),
        Condition(
            "The machine has one store of huge pages; one process empties it, another "
            "sees that it is empty.",
            "mmap",
            (Values(3, (0,), mask=_MAP_HUGETLB),),
            errno.ENOMEM,
        ),
        *(
            Condition(
                "RWF_NOWAIT tells whether a file is in the page cache.",
                name,
                (Values(5, (0,)),),
                errno.EOPNOTSUPP,
            )
            for name in ("preadv2", "pwritev2")
        ),
        Condition(
            "RENAME_WHITEOUT leaves a device in the file's place.",
            "renameat2",
            (Values(4, (0,), mask=_RENAME_WHITEOUT),),
            errno.EINVAL,
        ),
        Condition(
            "How long another process has computed, which it can send signs with.",
            "clock_gettime",
            (
                Values(
                    0,
                    (0, _BY_THREAD, _OF_A_PROCESS | _BY_THREAD),
                    mask=_OF_A_PROCESS | _BY_THREAD,
                ),
            ),
            errno.EINVAL,
        ),
    )


def _opening(argument: int) -> Values:
    return Values(argument, _OPEN_MODES, mask=_ACCESS_MODE | _TRUNCATE)
