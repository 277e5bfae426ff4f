"""What a cluster costs, and whether anything is lost when parts of it die.

    python benchmarks/cluster.py compare [--submissions 60] [--coursework DIR]
    python benchmarks/cluster.py sleep [--most 16]
    python benchmarks/cluster.py many [--submissions 10000]
    python benchmarks/cluster.py chaos [--times 10] [--seed 1]

* `compare`: a class of copies of the reference, with `grade --workers 2` and with
  `grade --on local:2`: submissions per minute, and whether the bytes are the same.
* `sleep`: nodes that sleep for a second per submission instead of marking it: how
  well 1, 2, 4 ... slots are used, and what a result costs the coordinator.
* `many`: nodes that answer at once: the coordinator's memory and open files.
* `chaos`: SIGKILL of a node, of the scheduler and of the command at moments chosen by
  a seed, with nodes that answer soon; and of the warm parent, with nodes that mark.

Scheduler and nodes are started as docs/cluster.md says, with TLS, on this machine.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from copies import write_copies
from durability import without_seconds
from machine import GIGABYTE, describe_machine
from processes import Watch
from reelmark.cluster.connection import connect
from reelmark.cluster.keys import NODE, NODES, SCHEDULER, write_keys
from reelmark.cluster.place import Scheduler
from reelmark.cluster.remote import RemoteBackend
from reelmark.grading.run import ClassRun
from reelmark.intake.submissions import find_uploads
from reelmark.manifest import Coursework, find_coursework, load_coursework
from reelmark.results import read_result

HERE = Path(__file__).parent
MADE_UP = HERE.parent / "tests" / "kit" / "stage" / "another_coursework"
QUICK_NODE = HERE / "quick_node.py"
LIBRARIES = ("tensorflow", "distributed", "cryptography")
EACH = 20
"""Submissions for each slot, when nodes sleep."""

MOST_SLOTS_A_NODE = 4
START_SECONDS, RUN_SECONDS = 120.0, 600.0


def main() -> None:
    """Print a line about the machine, then do what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["compare", "sleep", "many", "chaos"])
    parser.add_argument("--submissions", type=int)
    parser.add_argument("--coursework", type=Path)
    parser.add_argument("--most", type=int, default=16)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(describe_machine(LIBRARIES), flush=True)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        match options.what:
            case "compare":
                coursework = find_coursework(options.coursework)
                compare(coursework, place, options.submissions or 60)
            case "sleep":
                measure_sleep(place, options.most)
            case "many":
                measure_many(place, options.submissions or 10_000)
            case "chaos":
                make_chaos(place, options.times, random.Random(options.seed))
    print(f"load after {os.getloadavg()[0]:.1f}")


class Cluster:
    """A scheduler and nodes, started as the documents say.

    Args:
        place: Where keys are written.
    """

    def __init__(self, place: Path) -> None:
        self._keys = place / "keys"
        self._port = random.SystemRandom().randrange(20_000, 30_000)
        self._running: list[subprocess.Popen[bytes]] = []
        if not self._keys.exists():
            write_keys(self._keys, [NODE])

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._running):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    @property
    def keys(self) -> Path:
        """The folder of its keys."""
        return self._keys

    @property
    def address(self) -> str:
        """The scheduler's address."""
        return f"tls://127.0.0.1:{self._port}"

    def start_scheduler(self) -> subprocess.Popen[bytes]:
        """Start the scheduler."""
        options = ["--protocol", "tls", "--host", "127.0.0.1"]
        options += ["--port", str(self._port)]
        return self._start(self._keys / SCHEDULER, "scheduler", *options)

    def start_node(
        self, slots: int, seconds: float | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a node.

        Args:
            slots: How many submissions it marks at a time.
            seconds: How long each phase takes; None if it should really mark.
        """
        options = [self.address, "--nworkers", "1", "--nthreads", str(slots)]
        options += ["--memory-limit", "0"]
        if seconds is not None:
            options += ["--preload", str(QUICK_NODE)]
        environment = {"QUICK_NODE_SECONDS": str(seconds)}
        folder = self._keys / NODES / NODE
        return self._start(folder, "worker", *options, **environment)

    def _start(
        self, part: Path, kind: str, *options: str, **environment: str
    ) -> subprocess.Popen[bytes]:
        program = "import sys; from dask.__main__ import main; sys.exit(main())"
        process = subprocess.Popen(
            [
                *(sys.executable, "-c", program, kind, *options),
                *("--no-dashboard", "--dashboard-address", "127.0.0.1:0"),
                *("--tls-ca-file", str(part / "ca.pem")),
                *("--tls-cert", str(part / "certificate.pem")),
                *("--tls-key", str(part / "key.pem")),
            ],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._running.append(process)
        return process


@dataclass(frozen=True)
class Marked:
    """What marking a class took.

    Attributes:
        results: The number of results.
        seconds: Wall time from the first node being ready to the last result.
        cpu_seconds: Processor time of the coordinator in that time.
    """

    results: int
    seconds: float
    cpu_seconds: float


def mark(cluster: Cluster, submissions: Path, out: Path, slots: int) -> Marked:
    """Mark a class here, in this process, with the nodes of a cluster."""
    coursework = load_coursework(MADE_UP)
    uploads = find_uploads(submissions)
    with connect(Scheduler(cluster.address), cluster.keys) as connection:
        while sum(connection.client.nthreads().values()) < slots:
            time.sleep(0.1)
        begun: list[tuple[float, float]] = []

        def begin(_: str) -> None:
            begun.append(now())

        backend = RemoteBackend(coursework, connection, tell=begin)
        run = ClassRun(coursework, out, slots=max(2 * slots, 16), backend=backend)
        done, ended = [], now()
        for outcome in run.mark_class(uploads):
            done.append(outcome.result)
            ended = now()
        run.write_class(done)
    return Marked(len(done), ended[0] - begun[0][0], ended[1] - begun[0][1])


def now() -> tuple[float, float]:
    """Return wall seconds, and processor seconds of this process."""
    return time.monotonic(), time.process_time()


def count_open_files() -> int:
    """Return how many files this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def write_class(folder: Path, size: int) -> Path:
    """Write a class for the made-up coursework, all submissions different."""
    for number in range(size):
        home = folder / f"student-{number:05}"
        home.mkdir(parents=True)
        text = f"# {number}\ndef count_words(text):\n    return len(text.split())\n"
        (home / "words.py").write_text(text, encoding="utf-8")
    return folder


def compare(coursework: Coursework, place: Path, size: int) -> None:
    """Mark a class on this machine, and on this machine as a cluster."""
    write_copies(coursework, place / "class", size)
    found = {}
    for name, options in (("near", ["--workers", "2"]), ("far", ["--on", "local:2"])):
        command = [sys.executable, "-m", "reelmark", "grade", str(place / "class")]
        command += ["--out", str(place / name), "--coursework", str(coursework.root)]
        with Watch() as watch:
            subprocess.run([*command, *options], check=True, stdout=subprocess.DEVNULL)
        paths = (place / name / "results").glob("*.json")
        found[name] = {path.name: without_seconds(path.read_bytes()) for path in paths}
        rate = 60 * size / watch.seconds
        print(
            f"{' '.join(options):<14}{size:>5} submissions{watch.seconds:>8.1f} s"
            f"{rate:>8.2f} a minute{watch.cpu_seconds / size:>8.2f} CPU s each",
            flush=True,
        )
    print(f"the same bytes: {found['near'] == found['far']}")


def measure_sleep(place: Path, most: int) -> None:
    """Mark by sleeping for a second, with more and more slots."""
    slots = 1
    while slots <= most:
        nodes = max(1, slots // MOST_SLOTS_A_NODE)
        submissions = write_class(place / f"class-{slots}", EACH * slots)
        with Cluster(place) as cluster:
            scheduler = psutil.Process(cluster.start_scheduler().pid)
            for _ in range(nodes):
                cluster.start_node(slots // nodes, seconds=0.5)
            used = sum(scheduler.cpu_times()[:2])
            marked = mark(cluster, submissions, place / f"marks-{slots}", slots)
            used = sum(scheduler.cpu_times()[:2]) - used
        each = 1000 * marked.cpu_seconds / marked.results
        print(
            f"{slots:>3} slots on {nodes} nodes{marked.results:>6} results"
            f"{marked.seconds:>8.1f} s  efficiency {EACH / marked.seconds:.3f}"
            f"  ms each: coordinator {each:.1f}, scheduler at most "
            f"{1000 * used / marked.results:.1f}",
            flush=True,
        )
        slots *= 2


def measure_many(place: Path, size: int) -> None:
    """Mark very many submissions that take no time."""
    submissions = write_class(place / "class", size)
    with Cluster(place) as cluster:
        cluster.start_scheduler()
        cluster.start_node(8, seconds=0.0)
        before = count_open_files()
        marked = mark(cluster, submissions, place / "marks", 8)
        after = count_open_files()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / GIGABYTE
    written = len(list((place / "marks" / "results").glob("*.json")))
    print(
        f"{size} submissions: {written} results in {marked.seconds:.0f} s, "
        f"{1000 * marked.cpu_seconds / size:.1f} ms of the coordinator each; "
        f"at most {memory:.2f} GB; open files {before} before, {after} after"
    )


def make_chaos(place: Path, times: int, drawn: random.Random) -> None:
    """Kill parts of a cluster; check that everybody has one right result."""
    for name, kill in KILLS.items():
        whole, again = 0, 0
        for number in range(times):
            folder = place / f"{name}-{number}"
            folder.mkdir()
            ended = kill(folder, drawn)
            again += ended
            whole += 1
        print(f"{name}: {whole} of {times} complete, {again} told again", flush=True)


def kill_node(folder: Path, drawn: random.Random) -> int:
    """Kill the process that does Dask's work, and the one that restarts it."""
    return run_through(
        folder, lambda parts: kill_group(drawn.choice(parts["nodes"])), drawn
    )


def kill_scheduler(folder: Path, drawn: random.Random) -> int:
    """Kill the scheduler; the run ends, and a new one takes its place."""
    return run_through(folder, lambda parts: kill_group(parts["scheduler"][0]), drawn)


def kill_command(folder: Path, drawn: random.Random) -> int:
    """Kill the command."""
    return run_through(folder, lambda parts: kill_group(parts["command"][0]), drawn)


def kill_warm_parent(folder: Path, drawn: random.Random) -> int:
    """Kill the processes that fork, on nodes that mark."""
    return run_through(folder, lambda _: kill_forkers(drawn), drawn, is_quick=False)


Parts = dict[str, list[subprocess.Popen[bytes]]]

KILLS: dict[str, Callable[[Path, random.Random], int]] = {
    "node": kill_node,
    "scheduler": kill_scheduler,
    "command": kill_command,
    "warm parent": kill_warm_parent,
}


def run_through(
    folder: Path,
    kill: Callable[[Parts], None],
    drawn: random.Random,
    *,
    is_quick: bool = True,
) -> int:
    """Mark a small class, kill something midway, and continue until it is complete.

    Returns:
        How often the command had to be repeated.
    """
    size = 12
    submissions = write_class(folder / "class", size)
    seconds = 0.2 if is_quick else None
    with Cluster(folder) as cluster:
        parts: Parts = {"scheduler": [cluster.start_scheduler()]}
        parts["nodes"] = [cluster.start_node(1, seconds) for _ in range(2)]
        for again in range(5):
            with grade(cluster, submissions, folder / "marks") as command:
                parts["command"] = [command]
                if not again:
                    wait_for_first(folder / "marks", command)
                    time.sleep(drawn.random() * 1.5)
                    kill(parts)
                ended = command.wait(RUN_SECONDS)
            if parts["scheduler"][0].poll() is not None:
                parts["scheduler"] = [cluster.start_scheduler()]
                parts["nodes"] = [cluster.start_node(1, seconds) for _ in range(2)]
            if ended == 0:
                break
            print(f"  {tell_end(folder, ended)}", flush=True)
        else:
            sys.exit(f"{folder.name}: not done after five commands")
    expect_whole(folder / "marks", size)
    return again


@contextlib.contextmanager
def grade(
    cluster: Cluster, submissions: Path, out: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Hold the command while it marks a class."""
    command = [sys.executable, "-m", "reelmark", "grade", str(submissions)]
    command += ["--out", str(out), "--coursework", str(MADE_UP)]
    command += ["--on", cluster.address, "--keys", str(cluster.keys)]
    with (out.parent / "told").open("wb") as told:
        process = subprocess.Popen(
            command, stdout=told, stderr=told, start_new_session=True
        )
        try:
            yield process
        finally:
            kill_group(process)


def wait_for_first(out: Path, command: subprocess.Popen[bytes]) -> None:
    """Wait until part of a submission is settled."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and command.poll() is None:
        if any((out / ".settled").glob("*.json")):
            return
        time.sleep(0.02)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and what it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def kill_forkers(drawn: random.Random) -> None:
    """Kill a judge or a warm parent that a node of this benchmark started."""
    running = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
    found = [pid for pid in running if is_forker(pid)]
    if found:
        os.kill(drawn.choice(found), signal.SIGKILL)


def is_forker(pid: int) -> bool:
    """Whether a process is a fork server of a node that this process started."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        is_server = {b"reelmark.processes.zygote", b"reelmark.marking.judge"} & {*words}
        return bool(is_server) and os.getpid() in list_ancestors(pid)
    except OSError:
        return False


def list_ancestors(pid: int) -> list[int]:
    """Return the ids of a process's parent, its parent and so on."""
    found = []
    while pid > 1:
        status = Path(f"/proc/{pid}/stat").read_text("ascii", "replace")
        pid = int(status.rpartition(")")[2].split()[1])
        found.append(pid)
    return found


def tell_end(folder: Path, code: int) -> str:
    """Return how a command ended, in its own words."""
    told = (folder / "told").read_text("utf-8", "replace").splitlines()
    signs = ("reelmark:", "look", "again")
    said = next((line for line in told if any(s in line for s in signs)), "nothing")
    return f"{folder.name} ended with {code}, said: {said.strip()}"


def expect_whole(out: Path, size: int) -> None:
    """Expect everybody to have one complete result.

    Raises:
        SystemExit: Somebody does not.
    """
    results = [read_result(path) for path in (out / "results").glob("*.json")]
    marks = {(result.total, result.open) for result in results}
    if len(results) != size or len(marks) != 1 or results[0].open:
        sys.exit(f"{out}: {len(results)} of {size} results, marks {marks}")


if __name__ == "__main__":
    main()
