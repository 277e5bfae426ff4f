"""The plugin: how Dask, which carries the work, sees a node.

The instructor's command sends it, and trusts nodes no further than it must: answers
are opened with the key of the run, and must match what was asked for.
"""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Any

from distributed import Worker, get_worker
from distributed.diagnostics.plugin import WorkerPlugin

from reelmark.cluster.node import Node, Session
from reelmark.errors import CannotMark, KitFault, ReelmarkError

NAME = "reelmark"
SLOT = "slot"
"""The resource of which each submission takes one."""

READY, UNFIT = "ready", "unfit"


class MarkingPlugin(WorkerPlugin):
    """Gets a node ready, gives it slots, and reports how that went.

    Args:
        session: What the run sends to every node.
    """

    name = NAME

    def __init__(self, session: Session) -> None:
        self.session = session
        self._node: Node | None = None
        self._preparing: asyncio.Task[None] | None = None

    def setup(self, worker: Worker) -> None:
        """Begin to get ready, without making Dask wait."""
        self._worker = worker
        self._node = Node(self.session, _read_key(worker), worker.state.nthreads)
        self._preparing = asyncio.create_task(self._prepare(self._node))

    async def teardown(self, worker: Worker) -> None:  # noqa: ARG002 (it is ours)
        """End what is being marked, and all processes."""
        node, preparing = self._node, self._preparing
        if node is None or preparing is None:
            return
        await self._offer(0)
        await asyncio.to_thread(node.stop)
        await preparing
        await asyncio.to_thread(node.close)

    def mark(self, work: bytes, about: str) -> bytes:
        """Mark a submission, in one of Dask's threads.

        Raises:
            KitFault: It could not be marked.
        """
        assert self._node is not None, "there are no slots before it is there"
        try:
            return self._node.mark(work, about)
        except CannotMark as fault:
            # Other nodes get this node's remaining work; with a nanny, it restarts.
            self._say(UNFIT, fault=str(fault))
            self._worker.loop.add_callback(
                self._worker.close, nanny=False, executor_wait=False, reason=str(fault)
            )
            raise KitFault(f"a node cannot mark any more: {fault}") from fault

    async def _prepare(self, node: Node) -> None:
        try:
            level = await asyncio.to_thread(node.open)
        except (ReelmarkError, OSError) as error:
            self._say(UNFIT, fault=str(error))
            return
        except Exception as error:  # it concerns only this node
            self._say(UNFIT, fault=f"{type(error).__name__}: {error}")
            return
        await self._offer(self._worker.state.nthreads)
        self._say(READY, level=level.value, slots=self._worker.state.nthreads)

    async def _offer(self, slots: int) -> None:
        with contextlib.suppress(OSError):  # the scheduler may be gone
            await self._worker.set_resources(**{SLOT: slots})

    def _say(self, state: str, **told: Any) -> None:
        """Report the state of this node to the run."""
        worker = self._worker
        told |= {"state": state, "address": worker.address, "name": str(worker.name)}
        worker.log_event(self.session.id, told)


def mark(session: str, work: bytes, about: str) -> bytes:
    """Mark a submission on whichever node Dask runs this.

    Raises:
        KitFault: It could not be marked.
    """
    plugin = get_worker().plugins.get(NAME)
    if not isinstance(plugin, MarkingPlugin) or plugin.session.id != session:
        raise KitFault("a node has not heard of this run")
    return plugin.mark(work, about)


def _read_key(worker: Worker) -> str:
    """Return a node's private key, which Dask got as a file or as a text."""
    key: str = worker.security.get_tls_config_for_role("worker")["key"] or ""
    return key if "\n" in key else Path(key).read_text("ascii")
