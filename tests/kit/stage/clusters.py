"""Clusters for tests: a real scheduler, TLS, and nodes inside this process."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dask.config
from distributed import Client, LocalCluster, Security

from kit.stage.quick import QuickBackend, find_tasks
from reelmark.cluster.connection import Connection
from reelmark.cluster.keys import make_ring
from reelmark.confinement.level import Level
from reelmark.marking.jobs import Job
from reelmark.results import summarise, write_result

CONNECT_SECONDS = 5


@dataclass(frozen=True)
class Cluster:
    """A cluster in this process, and the connection that a run has to it."""

    dask: Any
    connection: Connection


@contextlib.contextmanager
def open_cluster(nodes: int, slots: int = 1) -> Iterator[Cluster]:
    """Hold a cluster with some nodes and some slots each."""
    ring, scheduler, parts = make_ring(["node"])
    security = Security(
        require_encryption=True,
        tls_ca_file=scheduler.ca,
        tls_client_cert=ring.instructor.certificate,
        tls_client_key=ring.instructor.key,
        tls_scheduler_cert=scheduler.certificate,
        tls_scheduler_key=scheduler.key,
        tls_worker_cert=parts["node"].certificate,
        tls_worker_key=parts["node"].key,
    )
    with (
        dask.config.set(
            {
                "distributed.scheduler.http.routes": [],
                # What is gone is given up soon.
                "distributed.comm.timeouts.connect": f"{CONNECT_SECONDS}s",
            }
        ),
        LocalCluster(
            n_workers=nodes,
            threads_per_worker=slots,
            processes=False,
            protocol="tls",
            host="127.0.0.1",
            security=security,
            dashboard_address="127.0.0.1:0",
            memory_limit=0,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(
            cluster.scheduler_address,
            security=security,
            timeout=CONNECT_SECONDS,
            set_as_default=False,
        ) as client,
    ):
        certificates = tuple(ring.nodes.values())
        yield Cluster(cluster, Connection(client, certificates, (), 8, False))


class QuickNode(QuickBackend):
    """Marks on a node with proper confinement and made-up results.

    Attributes:
        marked: The students that were marked.
    """

    level = Level.LANDLOCK_SECCOMP

    def __init__(self, act: Callable[[Job], object] = lambda _: None) -> None:
        self.marked: list[str] = []
        self._act = act
        self._lock = threading.Lock()

    def mark(self, job: Job, slot: int, tell: object = None) -> None:
        """Do what a test wants, then write a result."""
        del slot, tell
        with self._lock:
            self.marked.append(job.student)
        self._act(job)
        result = summarise(
            job.student,
            find_tasks(),
            fingerprint=job.fingerprint,
            confinement=job.confinement,
        )
        write_result(result, Path(job.result))


def write_class(folder: Path, names: list[str]) -> Path:
    """Write what some students hand in."""
    for name in names:
        (folder / name).mkdir(parents=True)
        text = f"# {name}\ndef count_words(text):\n    return len(text.split())\n"
        (folder / name / "words.py").write_text(text, encoding="utf-8")
    return folder
