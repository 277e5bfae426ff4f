"""Locks: thread pools work where /dev/shm is closed."""

from __future__ import annotations

import pytest

from kit.stage.confined import Setting, needs_walls, try_one

pytestmark = needs_walls

IMPORT = "import multiprocessing, multiprocessing.pool, multiprocessing.sharedctypes\n"
PATCH = "from reelmark.worker.locks import patch_multiprocessing_locks as p; p()\n"

USES = {
    "pool": (
        "with multiprocessing.pool.ThreadPool(3) as pool:\n"
        "    value = pool.map(abs, [-1, -2])",
        [1, 2],
    ),
    "lock": ("with multiprocessing.Lock():\n    value = 1", 1),
    "context": ("with multiprocessing.get_context('spawn').RLock():\n    value = 1", 1),
    "queue": ("q = multiprocessing.Queue(); q.put(7); value = q.get(timeout=5)", 7),
    "event": ("e = multiprocessing.Event(); e.set(); value = e.is_set()", True),
    "array": ("value = list(multiprocessing.Array('i', [1, 2]))", [1, 2]),
}


@pytest.mark.parametrize("name", USES)
def test_multiprocessing_works_with_threads(name: str) -> None:
    """Locks between threads need no shared memory."""
    code, expected = USES[name]
    outcome = try_one(code, Setting(before=IMPORT + PATCH))
    assert outcome.get("value", outcome) == expected


def test_pools_fail_without_the_patch() -> None:
    """The patch is needed: without it, a thread pool asks for /dev/shm."""
    outcome = try_one(USES["pool"][0], Setting(before=IMPORT))
    assert "error" in outcome
