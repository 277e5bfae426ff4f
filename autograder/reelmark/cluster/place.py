"""Places: where a class is marked, as given to `--on`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reelmark.errors import UsageError

EXPECTED = (
    "Expected one of\n"
    "  tls://HOST:PORT  a Dask scheduler that is running there\n"
    "  local:N          this machine, as a cluster of N nodes with a slot each\n"
    "  ssh:HOST,HOST    these machines, reached by ssh from here"
)
MOST_NODES = 1000


@dataclass(frozen=True)
class Scheduler:
    """A Dask scheduler that somebody started, with nodes of its own."""

    address: str


@dataclass(frozen=True)
class Local:
    """This machine, as a cluster: nodes of one slot each."""

    nodes: int


@dataclass(frozen=True)
class Hosts:
    """Machines on which this command starts nodes, by ssh."""

    names: tuple[str, ...]


Place = Scheduler | Local | Hosts


def read_place(text: str) -> Place:
    """Read where to mark.

    Raises:
        UsageError: It has none of the three forms, or is not encrypted.
    """
    kind, _, rest = text.partition(":")
    match kind:
        case "tls":
            return _read_scheduler(text)
        case "local":
            return _read_local(rest)
        case "ssh":
            return _read_hosts(rest)
        case "tcp":
            raise UsageError(
                "tcp:// is not encrypted, and whoever reaches the port of a Dask "
                "scheduler can run programs as you. Start it with TLS (`reelmark "
                f"cluster keys` makes what that takes) and write tls:{rest}."
            )
    raise UsageError(f"--on {text} names no place to mark. {EXPECTED}")


def _read_scheduler(text: str) -> Scheduler:
    if re.fullmatch(r"tls://(\[[0-9a-fA-F:]+\]|[^\s/:\[\]]+):\d{1,5}", text):
        return Scheduler(text)
    raise UsageError(
        f"{text} is not the address of a scheduler. Write host and port, as in "
        "tls://head.example.edu:8786."
    )


def _read_local(text: str) -> Local:
    if re.fullmatch(r"[0-9]+", text) and 1 <= int(text) <= MOST_NODES:
        return Local(int(text))
    raise UsageError(
        f"local:{text} does not say how many nodes: write local:2, say, with a number "
        f"from 1 to {MOST_NODES}."
    )


def _read_hosts(text: str) -> Hosts:
    names = tuple(name.strip() for name in text.split(","))
    for name in names:
        if not re.fullmatch(r"[\w.@:%\[\]-]+", name) or name.startswith("-"):
            raise UsageError(
                f"ssh:{text} does not name machines: write ssh:ada,ben, with the names "
                "that you would type behind ssh."
            )
    return Hosts(tuple(dict.fromkeys(names)))
