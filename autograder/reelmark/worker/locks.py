"""Locks: multiprocessing's locks, replaced by threading's.

Thread pools (``multiprocessing.pool.ThreadPool``, joblib) lock with semaphores
that are files in /dev/shm, so that other processes can share them. A worker
has no other processes and no access to /dev/shm: threading's locks are enough.
"""

from __future__ import annotations

import multiprocessing.heap
import multiprocessing.synchronize
import threading
from collections.abc import Callable
from typing import Any

_NAMES = ("Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition", "Event")


def patch_multiprocessing_locks() -> None:
    """Let multiprocessing lock without /dev/shm, in this process and its forks."""
    for name in (*_NAMES, "Barrier"):
        make = _without_context(getattr(threading, name))
        setattr(multiprocessing.synchronize, name, make)
    # Arrays shared between processes are files, preferably in that folder.
    arena: Any = multiprocessing.heap.Arena
    arena._dir_candidates = []


def _without_context(make: Callable[..., Any]) -> Callable[..., Any]:
    def make_for_threads(*args: Any, ctx: object = None, **options: Any) -> Any:
        del ctx  # how processes are started, which does not concern threads
        return make(*args, **options)

    return make_for_threads
