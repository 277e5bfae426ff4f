"""A worker as a program: what `spawned.SpawnedWorker` starts.

It does what a fork of the warm parent does (`zygote`), in a process that nothing
confines.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from reelmark import ceilings, wire
from reelmark.ceilings import Ceilings
from reelmark.codec import unpack
from reelmark.confine import move_into
from reelmark.spawned import join
from reelmark.worker import Assignment, Worker, warm_up
from reelmark.zygote import READY, serve, spare_the_core

# Other kernels count other things as a process's memory: theirs would refuse what
# is fine. What a worker holds is watched from outside (`limits`).
CEILINGS = Ceilings(data_bytes=sys.maxsize, address_bytes=sys.maxsize)


def main() -> None:
    """Get ready, say so, and answer until the starter is gone."""
    sock = join()
    assignment = Assignment(**unpack(wire.receive_frame(sock)))
    warm_up()
    move_into(Path(assignment.scratch))
    ceilings.lower(CEILINGS)
    sys.dont_write_bytecode = True
    spare_the_core()
    worker = Worker(assignment)
    wire.send_frame(sock, READY)
    try:
        serve(worker, sock)
    finally:
        # Not sys.exit: handlers that a student registered must not run here.
        os._exit(0)


if __name__ == "__main__":
    main()
