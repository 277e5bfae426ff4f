"""A stand-in for the warm parent: forks confined children, each to try one thing.

`confined.try_confined` runs this as a program, without TensorFlow: a job comes on
standard input, what was found goes to standard output, both as JSON. The code of
a try sees the names that `make_world` returns, and sets ``value``.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import resource
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from reelmark.confinement import confine, kernel, landlock, policy, privileges

MODULES = (fcntl, os, resource, shutil, signal, socket, subprocess, tempfile)
SECONDS = 20


def main() -> None:
    """Do the job."""
    job = json.load(sys.stdin)
    if job["user"]:
        os.setgroups([])
        os.setgid(job["user"])
        os.setuid(job["user"])
    world = make_world(job["user_of_worker"])
    if job["abi"] is not None:
        landlock.find_abi = lambda: job["abi"]
    exec(job["before"], world)
    before = look(world)
    tries = {name: attempt(code, world) for name, code in job["tries"].items()}
    found = {"tries": tries, "before": before, "after": look(world)}
    found["heard"] = {name: hear(*pair, world) for name, pair in job["pairs"].items()}
    shutil.rmtree(world["folder"])
    json.dump(found, sys.stdout)


def make_world(user_of_worker: int | None) -> dict[str, Any]:
    """Make folders, a secret, and what answers on the network."""
    folder = Path(tempfile.mkdtemp(prefix="reelmark-test-"))
    folder.chmod(0o711)
    names: dict[str, Any] = {module.__name__: module for module in MODULES}
    for name in ("scratch", "given", "hidden"):
        names[name] = folder / name
        names[name].mkdir()
    (names["given"] / "film.txt").write_text("given", encoding="utf-8")
    names["secret"] = names["hidden"] / "secret.txt"
    names["secret"].write_text("secret", encoding="utf-8")
    names["secret"].chmod(0o600)
    if user_of_worker:
        privileges.share_scratch(names["scratch"], user_of_worker)
    names["rules"] = policy.Policy(
        scratch=names["scratch"],
        readable=(names["given"],),
        secrets=(names["hidden"],),
        uid=user_of_worker,
    )
    names |= {"confine": confine, "kernel": kernel, "landlock": landlock}
    names |= {"threading": threading, "time": time, "system_call": system_call}
    names |= {"folder": folder, "parent": os.getpid(), "value": None}
    names["inherited"] = os.open(names["secret"], os.O_RDONLY)
    return names | listen(folder)


def listen(folder: Path) -> dict[str, Any]:
    """Listen on every kind of socket; return their addresses."""
    tcp = socket.create_server(("127.0.0.1", 0))
    abstract, named = f"\0reelmark-{os.getpid()}", str(folder / "named")
    listeners = [tcp]
    for address in (abstract, named):
        listeners.append(socket.socket(socket.AF_UNIX))
        listeners[-1].bind(address)
        listeners[-1].listen()
    addresses = {"port": tcp.getsockname()[1], "abstract": abstract, "named": named}
    return {**addresses, "listeners": listeners}


def attempt(code: str, world: dict[str, Any]) -> dict[str, Any]:
    """Run code in a confined child; return how it ended."""
    pid, ours = start(code, world)
    told = read_from(ours)
    os.close(ours)
    return {"status": end(pid), **(json.loads(told) if told else {})}


def hear(speak: str, listen: str, world: dict[str, Any]) -> list[dict[str, Any]]:
    """Have one child say 0 and then 1, as ``bit``; return what another hears each time.

    The one who speaks is at it until the other has ended; ``speaker`` is its id.
    """
    heard = []
    for bit in (0, 1):
        speaking = f"{speak}\nos.write(rules.keep[0], b'0')\ntime.sleep({SECONDS})"
        speaker, ours = start(speaking, {**world, "bit": bit})
        read_from(ours)
        heard.append(attempt(listen, {**world, "speaker": speaker}))
        end(speaker)
        os.close(ours)
    return heard


def start(code: str, world: dict[str, Any]) -> tuple[int, int]:
    """Start a confined child that runs code; return its id, and where it tells."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(theirs, json.dumps(confine_and_run(code, theirs, world)).encode())
        finally:
            os._exit(0)
    os.close(theirs)
    return pid, ours


def read_from(descriptor: int) -> bytes:
    """Return what a child tells within some seconds."""
    heard = select.select([descriptor], [], [], SECONDS)[0]
    return os.read(descriptor, 1 << 16) if heard else b""


def end(pid: int) -> int:
    """End a child; return its status."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]


def confine_and_run(code: str, kept: int, world: dict[str, Any]) -> dict[str, Any]:
    """Be a worker: confine this process, run the code, report the outcome."""
    os.setsid()
    kernel.control(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    rules = world["rules"]
    object.__setattr__(rules, "keep", (kept,))
    level = confine.confine(rules)
    try:
        exec(code, world)
    except BaseException as error:
        number = getattr(error, "errno", None)
        return {
            "level": level.name,
            "error": errno.errorcode.get(number, type(error).__name__),
            "text": str(error),
        }
    return {"level": level.name, "value": world["value"]}


def look(world: dict[str, Any]) -> dict[str, Any]:
    """Look at all that no try may change."""
    outside = [
        path
        for path in sorted(world["folder"].rglob("*"))
        if world["scratch"] not in path.parents
    ]
    return {
        "files": [str(path) for path in outside],
        "texts": [path.read_text() for path in outside if path.suffix == ".txt"],
        "modes": [path.stat().st_mode for path in outside],
        "times": [path.stat().st_mtime_ns for path in outside if path.is_file()],
        "processors": sorted(os.sched_getaffinity(0)),
        "priority": os.getpriority(os.PRIO_PROCESS, 0),
        "limits": [resource.getrlimit(limit) for limit in range(8)],
    }


def system_call(name: str | int, *arguments: Any) -> int:
    """Make a system call by its name, or by a number that has none."""
    if isinstance(name, int):
        kernel.NUMBERS[str(name)] = (name, name)
    return kernel.call(str(name), *arguments)


if __name__ == "__main__":
    main()
