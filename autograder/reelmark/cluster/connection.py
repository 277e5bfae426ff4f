"""Connections to a running scheduler, or to one that is started for a run."""

from __future__ import annotations

import contextlib
import json
import logging
import shlex
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import dask.config
from distributed import Client, LocalCluster, Security
from distributed.utils import get_ip

from reelmark.cluster.keys import KeyRing, Part, make_ring, read_ring
from reelmark.cluster.place import Hosts, Local, Place, Scheduler
from reelmark.cluster.settings import SETTINGS
from reelmark.errors import UsageError

CONNECT_SECONDS = 30
CLOSE_SECONDS = 15

JOINING_SLOTS = 128
"""Submissions kept ready for nodes that join later."""

LOOPBACK = "127.0.0.1"


class StartedNode:
    """A node that this command started, and that ends with it.

    Args:
        name: Its name.
        before: The start of its command: empty on this machine, ssh elsewhere.
        told: The input that it gets (`started`).
    """

    def __init__(
        self, name: str, before: Sequence[str], told: Mapping[str, object]
    ) -> None:
        self.name = name
        command = [sys.executable, "-P", "-m", "reelmark.cluster.started"]
        if before:
            command = [*before, shlex.join(["exec", *command])]
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long)
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
            start_new_session=True,  # Ctrl-C is for this command, which ends the node
        )
        assert self._process.stdin is not None, "that is what PIPE means"
        self._line = self._process.stdin
        with contextlib.suppress(OSError):  # it has ended; see `describe_end`
            self._line.write(json.dumps(told).encode() + b"\n")
            self._line.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._line.close()
        try:
            self._process.wait(CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.close()

    def describe_end(self) -> str:
        """Return why it has ended, in words; empty while it runs."""
        code = self._process.poll()
        if code is None:
            return ""
        self._errors.seek(0)
        lines = self._errors.read().decode("utf-8", "replace").split("\n")
        said = [line.strip() for line in lines if line.strip()]
        return said[-1] if said else f"its program ended with code {code}"


@dataclass(frozen=True)
class Connection:
    """A scheduler that this command is connected to.

    Attributes:
        client: Dask's end of it.
        certificates: Certificates, in PEM, of the nodes that may read what is sent.
        started: The nodes that this command started.
        num_jobs: How many submissions to keep ready.
        is_proving: Whether nodes are machines other than the one that marks the
            reference, and so have to prove themselves.
    """

    client: Client
    certificates: tuple[str, ...]
    started: tuple[StartedNode, ...]
    num_jobs: int
    is_proving: bool


@contextlib.contextmanager
def connect(place: Place, keys: Path | None) -> Iterator[Connection]:
    """Hold a connection to a cluster; whatever is started for it ends with it.

    Args:
        place: Where to mark.
        keys: The folder of the cluster's keys, if it exists already.

    Raises:
        UsageError: There is no such cluster, or these are not its keys.
    """
    _be_silent()
    if isinstance(place, Scheduler):
        if keys is None:
            raise UsageError(
                f"--on {place.address} takes --keys DIR, the folder that `reelmark "
                "cluster keys --out DIR` wrote."
            )
        with _reach(place, read_ring(keys)) as connection:
            yield connection
        return
    if keys is not None:
        raise UsageError("--keys is for --on tls://HOST:PORT; here keys are made anew.")
    with _start(place) as connection:
        yield connection


@contextlib.contextmanager
def _reach(place: Scheduler, ring: KeyRing) -> Iterator[Connection]:
    with _open_client(place.address, _secure(client=ring.instructor)) as client:
        threads = sum(client.nthreads().values())
        yield Connection(
            client=client,
            certificates=tuple(ring.nodes.values()),
            started=(),
            num_jobs=max(2 * threads, JOINING_SLOTS),
            is_proving=True,
        )


@contextlib.contextmanager
def _start(place: Local | Hosts) -> Iterator[Connection]:
    """Start a scheduler on this machine, and nodes here or on other machines."""
    nodes = _plan(place)
    ring, scheduler, parts = make_ring(list(nodes))
    host = LOOPBACK if isinstance(place, Local) else _find_address(place.names[0])
    with contextlib.ExitStack() as stack:
        stack.enter_context(dask.config.set(SETTINGS))
        cluster = stack.enter_context(
            LocalCluster(
                n_workers=0,
                host=host,
                protocol="tls",
                security=_secure(client=ring.instructor, scheduler=scheduler),
                dashboard_address=f"{LOOPBACK}:0",
                scheduler_kwargs={"dashboard": False},
                silence_logs=logging.CRITICAL,
            )
        )
        address = cluster.scheduler_address
        security = _secure(client=ring.instructor)
        client = stack.enter_context(_open_client(address, security))
        started = [
            stack.enter_context(
                StartedNode(
                    name,
                    before,
                    {
                        "address": address,
                        "name": name,
                        "slots": 1 if isinstance(place, Local) else 0,
                        **asdict(parts[name]),
                    },
                )
            )
            for name, before in nodes.items()
        ]
        yield Connection(
            client=client,
            certificates=tuple(ring.nodes.values()),
            started=tuple(started),
            num_jobs=2 * len(nodes) if isinstance(place, Local) else JOINING_SLOTS,
            is_proving=isinstance(place, Hosts),
        )


def _plan(place: Local | Hosts) -> dict[str, list[str]]:
    """Return the start of each node's command, by the node's name."""
    if isinstance(place, Local):
        return {f"local-{number}": [] for number in range(1, place.nodes + 1)}
    return {
        name: ["ssh", "-T", "-o", "BatchMode=yes", "--", name] for name in place.names
    }


def _find_address(host: str) -> str:
    """Return the address at which another machine reaches this one."""
    with contextlib.suppress(OSError):
        return str(get_ip(host.rpartition("@")[2]))
    return str(get_ip())


@contextlib.contextmanager
def _open_client(address: str, security: Security) -> Iterator[Client]:
    try:
        client = Client(
            address,
            security=security,
            timeout=CONNECT_SECONDS,
            set_as_default=False,
            name="reelmark",
        )
    except (OSError, ssl.SSLError, ValueError) as error:
        raise UsageError(
            f"No scheduler of this cluster answers at {address} ({error}). Is it "
            "running there, is its port open to this machine, and are these its keys, "
            "not older than a year?"
        ) from error
    with client:
        yield client


def _secure(*, client: Part, scheduler: Part | None = None) -> Security:
    fields = {
        "tls_ca_file": client.ca,
        "tls_client_cert": client.certificate,
        "tls_client_key": client.key,
    }
    if scheduler:
        fields["tls_scheduler_cert"] = scheduler.certificate
        fields["tls_scheduler_key"] = scheduler.key
    return Security(require_encryption=True, **fields)


def _be_silent() -> None:
    """Silence Dask's own messages: `remote` reports what matters in words."""
    for name in ("distributed", *logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)
