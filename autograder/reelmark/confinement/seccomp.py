"""Seccomp: a filter in the kernel that every system call of a worker passes.

The filter is a program in the kernel's classic BPF: 32-bit instructions on one
accumulator that read the call's number, architecture and arguments, and return
the action to take. It is assembled here from the table in `refusals`.

Sources: seccomp(2); <linux/filter.h>, <linux/seccomp.h>.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import struct
from collections.abc import Iterator

from reelmark.confinement import kernel
from reelmark.confinement.numbers import ARCHITECTURES, LAST
from reelmark.confinement.refusals import (
    PRETEND,
    REFUSALS,
    Condition,
    Values,
    conditions,
)

# Instructions, from <linux/bpf_common.h>.
LOAD = 0x20  # BPF_LD | BPF_W | BPF_ABS: the word at an offset of seccomp_data
MASK = 0x54  # BPF_ALU | BPF_AND | BPF_K
IF_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
IF_AT_LEAST = 0x35  # BPF_JMP | BPF_JGE | BPF_K
RETURN = 0x06  # BPF_RET | BPF_K

# struct seccomp_data: int nr; u32 arch; u64 instruction_pointer; u64 args[6].
NUMBER_AT = 0
ARCHITECTURE_AT = 4
ARGUMENTS_AT = 16

# From <linux/seccomp.h>.
ALLOW = 0x7FFF0000
KILL = 0x80000000
FAIL = 0x00050000  # SECCOMP_RET_ERRNO; the error's number is added
SET_MODE_FILTER = 1
SPEC_ALLOW = 1 << 2


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def install() -> bool:
    """Filter this process's calls from now on, for good.

    The process must have no other threads, and must have given up new privileges.

    Returns:
        False if the kernel has no filters, or the architecture is not known.
    """
    if kernel.architecture() is None:
        return False
    instructions = assemble(os.getpid())
    program = _Program(len(instructions) // 8, instructions)
    # Kernels before 5.16 slow filtered processes down, to protect code that shares a
    # process with a sandbox. Nothing trusted shares a process with a worker.
    for flags in (SPEC_ALLOW, 0):
        try:
            kernel.call("seccomp", SET_MODE_FILTER, flags, ctypes.byref(program))
        except OSError:
            continue
        return True
    return False


def assemble(pid: int) -> bytes:
    """Return the filter for the process ``pid``, eight bytes per instruction."""
    allowed = b"".join(_assemble_condition(each) for each in conditions(pid))
    return _assemble_refusals() + allowed + _instruction(RETURN, ALLOW)


@functools.cache
def _assemble_refusals() -> bytes:
    """Return the part that is the same in every worker; made once, before forks."""
    name = kernel.architecture()
    assert name is not None, "install() looks first"
    here = ARCHITECTURES[name]
    unknown = _instruction(RETURN, FAIL | errno.ENOSYS)
    program = [
        # The same numbers mean other calls on another architecture, as with int 0x80.
        _instruction(LOAD, ARCHITECTURE_AT),
        _instruction(IF_EQUAL, here.audit, 1, 0),
        _instruction(RETURN, KILL),
        _instruction(LOAD, NUMBER_AT),
        # Calls too new to have been looked at; also the x32 calls of x86_64.
        _instruction(IF_AT_LEAST, LAST + 1, 0, 1) + unknown,
        _instruction(IF_AT_LEAST, here.gap[1], 2, 0),
        _instruction(IF_AT_LEAST, here.gap[0], 0, 1) + unknown,
    ]
    return b"".join(program) + b"".join(_refuse_plainly())


def _refuse_plainly() -> Iterator[bytes]:
    for refusal in REFUSALS:
        for name in refusal.names.split():
            number = kernel.number_of(name)
            if number is not None:
                yield _instruction(IF_EQUAL, number, 0, 1)
                yield _instruction(RETURN, FAIL | refusal.error)


def _assemble_condition(condition: Condition) -> bytes:
    """Return a block that decides this call, and that others jump over."""
    number = kernel.number_of(condition.name)
    if number is None:
        return b""
    refuse = _instruction(RETURN, FAIL | condition.error)
    block = _assemble_pretence(condition.pretended) if condition.pretended else b""
    block += b"".join(_assemble_check(each, refuse) for each in condition.checks)
    other = condition.other_error
    block += _instruction(RETURN, ALLOW if other is None else FAIL | other)
    return _instruction(IF_EQUAL, number, 0, len(block) // 8) + block


def _assemble_pretence(check: Values) -> bytes:
    """Return instructions that end with success for these values of an argument."""
    program = _instruction(LOAD, ARGUMENTS_AT + 8 * check.argument)
    program += _instruction(MASK, check.mask)
    for value in check.values:
        program += _instruction(IF_EQUAL, value, 0, 1)
        program += _instruction(RETURN, FAIL | PRETEND)
    return program


def _assemble_check(check: Values, refuse: bytes) -> bytes:
    # Both architectures are little-endian: the lower half comes first.
    program = _instruction(LOAD, ARGUMENTS_AT + 8 * check.argument)
    program += _instruction(MASK, check.mask)
    for left, value in zip(range(len(check.values), 0, -1), check.values, strict=True):
        program += _instruction(IF_EQUAL, value, left, 0)
    return program + refuse


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """Return a struct sock_filter; jumps are counted in instructions to skip."""
    return struct.pack("=HBBI", code, if_true, if_false, value)
