"""A worker as a program: what `spawned.SpawnedWorker` starts.

It does what a fork of the warm parent does (`zygote`), but nothing confines its
process.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from reelmark.confinement import rlimits
from reelmark.confinement.confine import move_into
from reelmark.confinement.rlimits import Ceilings
from reelmark.processes.environment import without_settings_of_matplotlib
from reelmark.processes.spawned import join
from reelmark.processes.zygote import READY, make_worker, serve
from reelmark.wire import frames
from reelmark.wire.assignment import Assignment
from reelmark.wire.codec import unpack
from reelmark.worker.locks import patch_multiprocessing_locks
from reelmark.worker.runner import warm_up

# Other kernels count a process's memory differently, and would refuse what is fine.
# A worker's memory is watched from outside (`limits`).
CEILINGS = Ceilings(data_bytes=sys.maxsize, address_bytes=sys.maxsize)


def main() -> None:
    """Get ready, say so, and answer until the starter is gone."""
    sock = join()
    assignment = Assignment(**unpack(frames.receive_frame(sock)))
    with without_settings_of_matplotlib():
        warm_up()
    move_into(Path(assignment.scratch))
    rlimits.lower(CEILINGS)
    sys.dont_write_bytecode = True
    patch_multiprocessing_locks()
    worker = make_worker(assignment)
    frames.send_frame(sock, READY)
    try:
        serve(worker, sock, Path(assignment.scratch))
    finally:
        # Not sys.exit: handlers that a student registered must not run here.
        os._exit(0)


if __name__ == "__main__":
    main()
