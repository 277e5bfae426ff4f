"""Landlock: which files, ports and processes this process may still reach.

A process restricts itself, for good, without any privilege; whatever it starts is
restricted too. Landlock has grown over the years: the kernel says what it supports
(its ABI, a number from 1), and this module uses all of it.

Sources: landlock(7); Documentation/userspace-api/landlock.rst; <linux/landlock.h>.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable
from pathlib import Path

from reelmark.confinement import kernel

# Rights on files and folders.
EXECUTE = 1 << 0
WRITE_FILE = 1 << 1
READ_FILE = 1 << 2
READ_DIR = 1 << 3
REMOVE_DIR = 1 << 4
REMOVE_FILE = 1 << 5
MAKE_DIR = 1 << 7
MAKE_REG = 1 << 8
REFER = 1 << 13  # from ABI 2
TRUNCATE = 1 << 14  # from ABI 3
IOCTL_DEV = 1 << 15  # from ABI 5

ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV

READ = READ_FILE | READ_DIR
"""To read a file, or a folder and everything below it."""

WRITE = WRITE_FILE | TRUNCATE
"""To change what is in a file."""

KEEP_HOUSE = READ | WRITE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER
"""To do anything in a folder except make links, pipes, sockets and devices: a trusted
process that writes there must not be led astray or made to wait."""

_VERSION = 1 << 0  # LANDLOCK_CREATE_RULESET_VERSION
_RULE_PATH_BENEATH = 1
_NO_LOG = 1 << 0  # LANDLOCK_RESTRICT_SELF_LOG_SAME_EXEC_OFF, from ABI 7

Rule = tuple[Path, int]
"""A file or a folder, and the rights on it and everything below it."""


def find_abi() -> int:
    """Return the kernel's Landlock ABI; 0 if there is none, or it is switched off."""
    try:
        return kernel.call("landlock_create_ruleset", 0, 0, _VERSION)
    except OSError:
        return 0


def restrict(rules: Iterable[Rule], *, abi: int | None = None) -> bool:
    """Take away from this process, for good, every right that no rule gives.

    As far as the ABI goes, it can bind or connect to no TCP port, send no signal, and
    reach no abstract Unix socket outside. The process must have no other threads
    (they would stay free), and must have given up new privileges. Rules on files
    that do not exist are left out.

    Args:
        rules: What stays allowed.
        abi: The ABI to use; by default the kernel's.

    Returns:
        False if the kernel has no Landlock; nothing is restricted then.
    """
    abi = find_abi() if abi is None else abi
    if abi < 1:
        return False
    handled, ports, scopes = handle(abi)
    ruleset = _create(handled, ports, scopes)
    for path, rights in rules:
        _add_rule(ruleset, path, rights & handled)
    try:
        # Denials are intended here, and would flood the machine's audit log.
        kernel.call("landlock_restrict_self", ruleset, _NO_LOG if abi >= 7 else 0)
    except OSError:
        return False  # there can be at most sixteen layers
    finally:
        os.close(ruleset)
    return True


def handle(abi: int) -> tuple[int, int, int]:
    """Return everything that an ABI can restrict: for files, ports and processes."""
    files = (1 << 13) - 1  # up to MAKE_SYM
    for right, since in ((REFER, 2), (TRUNCATE, 3), (IOCTL_DEV, 5)):
        files |= right if abi >= since else 0
    bind_and_connect = 0b11 if abi >= 4 else 0
    sockets_and_signals = 0b11 if abi >= 6 else 0
    return files, bind_and_connect, sockets_and_signals


def _create(files: int, ports: int, scopes: int) -> int:
    # An older kernel takes the longer struct of a newer one if the rest is zero.
    attributes = ctypes.create_string_buffer(struct.pack("=QQQ", files, ports, scopes))
    return kernel.call("landlock_create_ruleset", attributes, 24, 0)


def _add_rule(ruleset: int, path: Path, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
        rights &= ON_FILES
    # A rule holds for an inode. /proc makes a new one once the kernel has
    # dropped the old; an open descriptor prevents that.
    is_remembered = not path.is_relative_to("/proc")
    try:
        beneath = ctypes.create_string_buffer(struct.pack("=Qi", rights, descriptor))
        kernel.call("landlock_add_rule", ruleset, _RULE_PATH_BENEATH, beneath, 0)
    finally:
        if is_remembered:
            os.close(descriptor)
