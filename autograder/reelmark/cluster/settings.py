"""Dask's settings for schedulers and nodes that a command starts.

Dask watches itself for tasks that last milliseconds: it looks at its threads every 10
ms and at its memory every 100. A submission takes seconds, in processes that Dask does
not see, and would pay a tenth more for it.
"""

from __future__ import annotations

SETTINGS = {
    "distributed.admin.system-monitor.gil.enabled": False,
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.admin.tick.interval": "500ms",
    # Pages would show anybody on this machine what is going on.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.memory.monitor-interval": "10s",
    "distributed.worker.profile.enabled": False,
}
"""For `dask.config.set`."""
