"""A node that a command started, on this machine or on another one by ssh.

It reads what it needs, including keys, from its standard input, so the keys are on no
disk and in no list of processes; and it ends when that input ends.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any

import dask.config
from distributed import Nanny, Security

from reelmark.cluster.settings import SETTINGS

JOIN_SECONDS = 60


def main() -> None:
    """Be a node until the starter is gone."""
    dask.config.set(SETTINGS)  # also those of the process that the nanny starts
    asyncio.run(_serve(json.loads(sys.stdin.readline())))


async def _serve(told: dict[str, Any]) -> None:
    security = Security(
        require_encryption=True,
        tls_ca_file=told["ca"],
        tls_worker_cert=told["certificate"],
        tls_worker_key=told["key"],
    )
    async with Nanny(
        told["address"],
        nthreads=told["slots"],
        name=told["name"],
        security=security,
        # The kit has its own limits; Dask does not see the processes that mark.
        memory_limit=0,
        dashboard=False,
        dashboard_address="127.0.0.1:0",
        death_timeout=JOIN_SECONDS,
    ) as nanny:
        gone = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
        ended = asyncio.create_task(nanny.finished())
        await asyncio.wait({gone, ended}, return_when=asyncio.FIRST_COMPLETED)
    os._exit(0)  # a thread may still be reading


if __name__ == "__main__":
    main()
