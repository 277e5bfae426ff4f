"""The remote backend: lets the nodes of a cluster mark submissions.

To a run it is a backend like any other. It sends each submission to whichever node has
a free slot, and waits for the results. About twice as many submissions as slots are
under way, so that no node waits for the network. A fault of a node or of the network
affects only the submissions that were there, and these are tried again.
"""

from __future__ import annotations

import contextlib
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from distributed import Client, Future, KilledWorker, Lock

from reelmark.cluster.connection import Connection
from reelmark.cluster.kit import pack_coursework
from reelmark.cluster.likeness import describe_likeness
from reelmark.cluster.node import KIT, Session
from reelmark.cluster.packets import expect_answer, pack_work
from reelmark.cluster.plugin import NAME, READY, SLOT, MarkingPlugin, mark
from reelmark.cluster.sealing import Seal, make_key, wrap_key
from reelmark.confinement.level import Level
from reelmark.errors import KitFault, MachineFault, ReelmarkError, UsageError
from reelmark.manifest import Coursework
from reelmark.marking.backend import STOPPED, StartWorker
from reelmark.marking.jobs import Job, Told

PATIENCE_SECONDS = 600.0
"""Seconds that a run goes on without any node: those of a batch system come late."""

LOOKING_SECONDS, ANSWER_SECONDS = 1.0, 5.0
"""Seconds between two looks at the nodes; and for the scheduler to list them."""

LOCK_SECONDS = 60
"""Longer than Dask takes to notice that a command that held a lock was killed."""

CLOSE_SECONDS = 60
IN_FLIGHT = 2
"""Submissions under way for each slot."""

STRANDED = "stranded"
"""Why Dask is told to forget work that it would never send to anybody."""

CONTINUES = "The same command continues where it stopped."


@dataclass(frozen=True)
class ReadyNode:
    """A node that marks: its name, its slots, and how well it closes off."""

    name: str
    slots: int
    level: Level


class RemoteBackend:
    """Marks on a cluster.

    Args:
        coursework: The coursework whose suites are run.
        connection: The connection to the cluster.
        is_unsafe: Whether hidden checks run even if submissions could read them.
        tell: Called with a sentence for each event on the nodes.
        patience: Seconds to go on without any node.
    """

    is_warm = True
    findings: tuple[str, ...] = ()

    def __init__(
        self,
        coursework: Coursework,
        connection: Connection,
        *,
        is_unsafe: bool = False,
        tell: Callable[[str], object] = lambda _: None,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._connection = connection
        self._client: Client = connection.client
        self._tell = tell
        self._patience = patience
        key = make_key()
        self._seal = Seal(key)
        self._session = Session(
            id=f"reelmark-{uuid.uuid4().hex}",
            keys=tuple(wrap_key(key, each) for each in connection.certificates),
            kit=self._seal.close(pack_coursework(coursework), KIT),
            likeness=describe_likeness(coursework),
            is_unsafe=is_unsafe,
            is_proving=connection.is_proving,
        )
        self._changed = threading.Condition()
        self._nodes: dict[str, ReadyNode] = {}
        self._unfit: dict[str, str] = {}
        self._futures: set[Future[Any]] = set()
        self._level = Level.LANDLOCK_SECCOMP
        self._num_sent = 0
        self._has_joined = False
        self._ending: ReelmarkError | None = None
        self._opened = contextlib.ExitStack()

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            self._hold_cluster(stack)
            self._nodes, self._unfit = {}, {}
            self._client.subscribe_topic(self._session.id, self._hear)
            self._client.register_plugin(MarkingPlugin(self._session), name=NAME)
            stack.callback(self._leave)
            is_over = threading.Event()
            watcher = threading.Thread(target=self._watch, args=[is_over], daemon=True)
            watcher.start()
            stack.callback(watcher.join)
            stack.callback(is_over.set)
            self._opened = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    @property
    def level(self) -> Level:
        """How well the worst of all nodes so far closes submissions off."""
        return self._level

    @property
    def workers(self) -> str:
        """The nodes that are marking, in words."""
        with self._changed:
            nodes, slots = len(self._nodes), self._count_slots()
        return f"{_count(nodes, 'node')}, {_count(slots, 'slot')}"

    def start(self) -> None:
        """Wait for a node.

        Raises:
            MachineFault: None comes.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._nodes or self._ending)
            if isinstance(self._ending, MachineFault):
                raise self._ending

    def mark(self, job: Job, slot: int, tell: Told | None = None) -> None:
        """Let a node mark, and write its answer.

        Raises:
            MachineFault: There is no node any more, or no scheduler.
            KitFault: It was not marked.
        """
        del slot, tell  # nodes have their own slots, and practice is at home
        about = f"{job.fingerprint} {job.hidden} {uuid.uuid4().hex}"
        work = self._seal.close(pack_work(job), about)
        with self._place():
            answer = self._seal.open(self._ask(work, about), about)
        expect_answer(answer, job)
        Path(job.result).write_bytes(answer)

    def open_workers(self) -> contextlib.AbstractContextManager[StartWorker]:
        """Refuse: there are no workers here.

        Raises:
            UsageError: Always.
        """
        raise UsageError("On a cluster there is nothing to look at: mark here.")

    def show_hidden_inputs(self) -> None:
        """Do nothing: a worker's own assignment says what it can read."""

    def stop(self) -> None:
        """Stop asking for anything."""
        self._end(KitFault(STOPPED))

    def go_on(self) -> None:
        """Ask again, after a stop."""
        with self._changed:
            self._ending = None

    def _hold_cluster(self, stack: contextlib.ExitStack) -> None:
        """Keep other runs off the nodes.

        Raises:
            UsageError: There is one.
        """
        client = self._client
        lock = Lock(NAME, scheduler_rpc=client.scheduler, loop=client.loop)
        if not lock.acquire(timeout=1):
            self._tell(
                "Another run marks on this cluster, or was killed a moment ago: waiting"
            )
            if not lock.acquire(timeout=LOCK_SECONDS):
                raise UsageError(
                    "Another run marks on this cluster. Wait for its end: two would "
                    "take each other's nodes away."
                )
        stack.callback(self._while_connected, lock.release)

    def _leave(self) -> None:
        """Make the nodes end their work for this run."""
        client = self._client
        self._while_connected(client.unsubscribe_topic, self._session.id)
        self._while_connected(
            client.sync,
            client._unregister_worker_plugin,  # the public method waits for ever
            NAME,
            callback_timeout=CLOSE_SECONDS,
        )

    def _while_connected(
        self, act: Callable[..., object], *arguments: Any, **options: Any
    ) -> None:
        """Do something that is pointless, and skipped, once the other end is gone."""
        if self._client.status == "running":
            with contextlib.suppress(Exception):
                act(*arguments, **options)

    @contextlib.contextmanager
    def _place(self) -> Iterator[None]:
        """Wait until another submission may be under way, and hold its place.

        Raises:
            ReelmarkError: The run ends.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: self._ending or self._num_sent < IN_FLIGHT * self._count_slots()
            )
            if self._ending:
                raise self._ending
            self._num_sent += 1
        try:
            yield
        finally:
            with self._changed:
                self._num_sent -= 1
                self._changed.notify_all()

    def _ask(self, work: bytes, about: str) -> Any:
        """Let a node mark; return its answer, whatever it is.

        Raises:
            MachineFault: There is no node any more, or no scheduler.
            KitFault: It was not marked.
        """
        while True:
            with contextlib.suppress(_Stranded):
                return self._ask_once(work, about)

    def _ask_once(self, work: bytes, about: str) -> Any:
        future = None
        try:
            future = self._submit(work, about)
            return future.result()
        except ReelmarkError:
            raise
        except KilledWorker as error:
            raise KitFault(f"the nodes that marked it died: {error}") from error
        except CancelledError as error:
            if getattr(error, "reason", "") == STRANDED:
                raise _Stranded from error
            raise self._explain_cancelled() from error
        except Exception as error:
            if self._client.status != "running":
                raise self._explain_cancelled() from error
            raise KitFault(f"a node failed: {type(error).__name__}: {error}") from error
        finally:
            if future is not None:
                with self._changed:
                    self._futures.discard(future)

    def _submit(self, work: bytes, about: str) -> Future[Any]:
        with self._changed:
            if self._ending:
                raise self._ending
            future = self._client.submit(
                mark,
                *(self._session.id, work, about),
                key=f"mark-{uuid.uuid4().hex}",
                resources={SLOT: 1},
                pure=False,
            )
            self._futures.add(future)
        return future

    def _explain_cancelled(self) -> ReelmarkError:
        return self._ending or MachineFault(
            f"The scheduler of the cluster is gone, or cannot be reached. {CONTINUES}"
        )

    def _hear(self, event: tuple[float, dict[str, Any]]) -> None:
        """Record what a node reports about itself."""
        _, told = event
        name, address = told["name"], told["address"]
        with self._changed:
            self._unfit.pop(address, None)
            self._nodes.pop(address, None)
            if told["state"] == READY:
                node = ReadyNode(name, told["slots"], Level(told["level"]))
                self._nodes[address] = node
                self._has_joined = True
                self._level = max(self._level, node.level, key=list(Level).index)
            else:
                self._unfit[address] = f"{name}: {told['fault']}"
            self._changed.notify_all()
        if told["state"] == READY:
            self._tell(f"{name} marks, with {_count(told['slots'], 'slot')}")
        else:
            self._tell(f"{name} marks nothing: {told['fault']}")

    def _watch(self, is_over: threading.Event) -> None:
        """Look after the nodes until the run is over."""
        since = time.monotonic()
        stranded: set[Future[Any]] = set()
        while not is_over.wait(LOOKING_SECONDS):
            with contextlib.suppress(OSError):
                nodes = self._client.nthreads(callback_timeout=ANSWER_SECONDS)
                self._forget_gone(set(nodes))
                stranded = self._send_again(stranded)
            ended = [
                f"{node.name}: {why}"
                for node in self._connection.started
                if (why := node.describe_end())
            ]
            with self._changed:
                if self._nodes:
                    since = time.monotonic()
                faults = list(dict.fromkeys((*self._unfit.values(), *ended)))
            is_hopeless = self._connection.started and len(faults) >= len(
                self._connection.started
            )
            if is_hopeless or time.monotonic() - since > self._patience:
                self._end(MachineFault(_explain_no_nodes(faults)))
                return

    def _send_again(self, before: set[Future[Any]]) -> set[Future[Any]]:
        """Send work again that no node has, once one has joined.

        If there is no slot at all, Dask sets work aside until a worker comes; but when
        one comes, it has no slots yet, and Dask does not look at it again.

        Args:
            before: The work that no node had a moment ago.

        Returns:
            The work that no node has now.
        """
        with self._changed:
            if not self._has_joined:
                return set()
            waiting = {each for each in self._futures if each.status == "pending"}
        client = self._client
        ask: Any = client.scheduler
        held = client.sync(
            ask.processing, workers=None, callback_timeout=ANSWER_SECONDS
        )
        keys = {key for each in held.values() for key in each}
        stranded = {future for future in waiting if future.key not in keys}
        if again := stranded & before:
            self._while_connected(
                self._client.cancel, list(again), force=True, reason=STRANDED
            )
        with self._changed:
            self._has_joined = bool(stranded)
        return stranded

    def _forget_gone(self, present: set[str]) -> None:
        with self._changed:
            gone = [address for address in self._nodes if address not in present]
            names = [self._nodes.pop(address).name for address in gone]
            for address in [each for each in self._unfit if each not in present]:
                del self._unfit[address]
        for name in names:
            self._tell(f"{name} has left; what it had is marked by others")

    def _end(self, why: ReelmarkError) -> None:
        """Stop asking and waiting for anything."""
        with self._changed:
            self._ending = self._ending or why
            futures = list(self._futures)
            self._changed.notify_all()
        if futures:
            self._while_connected(self._client.cancel, futures, force=True)

    def _count_slots(self) -> int:
        return sum(node.slots for node in self._nodes.values())


class _Stranded(Exception):
    """The work would never have been sent to anybody."""


def _explain_no_nodes(faults: list[str]) -> str:
    told = "\n".join(f"  {fault}" for fault in faults)
    if not told:
        return f"No node of the cluster is there to mark. {CONTINUES}"
    return f"No node of the cluster can mark:\n{told}\n{CONTINUES}"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
