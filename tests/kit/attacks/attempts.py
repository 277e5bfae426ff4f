"""What many attacks share: try many things, and tell in a few words what came of it.

It is handed in next to each attack, as a helper module of the student's own. A
check shows what a function returned, and so the test reads what an attack met.
"""

import pathlib


def outcomes(**acts):
    """Try each act; return a text that names those that went well."""
    done = [name for name, act in acts.items() if not refusal(act)]
    return f"went well: {', '.join(done)}" if done else f"all {len(acts)} refused"


def refusal(act):
    """Return the name of what an act raised, or nothing."""
    try:
        act()
    except BaseException as error:
        return type(error).__name__
    return ""


def outside():
    """Return the folder in which the class, its marks and some bait lie."""
    work = next(p for p in pathlib.Path(__file__).parents if p.name == ".work")
    return work.parents[1]


def kit():
    """Return the folder of the engine."""
    import reelmark

    return pathlib.Path(reelmark.__file__).parent


def coursework():
    """Return the folder of the coursework, found through its stubs.

    That there is such a folder can be seen even where it cannot be read; an attack
    that looked elsewhere would be refused for no reason of the kit's.
    """
    import sys

    for finder in sys.meta_path:
        stubs = getattr(finder, "_stubs", None)
        if stubs and (root := pathlib.Path(stubs).parent).joinpath("tests").exists():
            return root
    raise LookupError("no coursework")


def page_of(file):
    """Return where the first page of an open file is in memory, to be read only."""
    import ctypes

    mmap = ctypes.CDLL(None).mmap
    mmap.restype = ctypes.c_void_p
    return mmap(None, 4096, 1, 1, file.fileno(), 0)


def system_call(number, *arguments):
    """Make a system call by its number; raise what it ends with."""
    import ctypes
    import os

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
