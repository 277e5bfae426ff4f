"""Marking on a cluster: what holds for an instructor, whatever happens to nodes."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.stage.classes import OTHER_COURSEWORK
from kit.stage.clusters import Cluster, QuickNode, open_cluster, write_class
from reelmark.cluster import likeness, node, remote
from reelmark.cluster.node import Node, claim_slots
from reelmark.cluster.remote import RemoteBackend
from reelmark.confinement.level import Level
from reelmark.errors import KitFault, MachineFault, UsageError
from reelmark.grading.run import ClassRun, Outcome
from reelmark.intake.submissions import find_uploads
from reelmark.manifest import load_coursework
from reelmark.marking.jobs import Job
from reelmark.results import Status

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="nodes of a cluster are Linux machines"
)

COURSEWORK = load_coursework(OTHER_COURSEWORK)
NAMES = ["ada", "ben", "cleo", "dan", "eve", "fay"]
MANY_SECONDS = 60.0

Nodes = Callable[..., QuickNode]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Two nodes with one slot each."""
    with open_cluster(2) as opened:
        yield opened


@pytest.fixture
def uploads(tmp_path: Path) -> Any:
    """What six students handed in."""
    return find_uploads(write_class(tmp_path / "submissions", NAMES))


@pytest.fixture
def have_nodes(monkeypatch: pytest.MonkeyPatch) -> Nodes:
    """Makes nodes mark in no time, after what a test wants them to do."""

    def have(act: Callable[[Job], object] = lambda _: None) -> QuickNode:
        backend = QuickNode(act)
        monkeypatch.setattr(node, "choose_backend", lambda _: backend)
        return backend

    return have


def mark_class(
    cluster: Cluster, uploads: Any, out: Path, **options: Any
) -> dict[str, Outcome]:
    """Mark a class on a cluster; return the outcomes by student."""
    backend = RemoteBackend(COURSEWORK, cluster.connection, **options)
    run = ClassRun(COURSEWORK, out, slots=8, backend=backend)
    done = {each.result.student: each for each in run.mark_class(uploads)}
    run.write_class([each.result for each in done.values()])
    return done


def test_everybody_is_marked(
    cluster: Cluster, uploads: Any, tmp_path: Path, have_nodes: Nodes
) -> None:
    """Every submission has a result, and its public checks came before the hidden."""
    backend, told = have_nodes(), list[str]()
    done = mark_class(cluster, uploads, tmp_path / "marks", tell=told.append)
    assert sorted(done) == NAMES
    assert sorted(backend.marked[:6]) == sorted(backend.marked[6:]) == NAMES
    assert len([line for line in told if line.endswith("marks, with 1 slot")]) == 2


def test_scheduler_reads_nothing(
    cluster: Cluster,
    uploads: Any,
    tmp_path: Path,
    have_nodes: Nodes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The scheduler sees no hidden checks, submissions or names in the clear."""
    sent: list[bytes] = []
    make = remote.MarkingPlugin

    def remember(session: Any) -> Any:
        sent.append(session.kit)
        return make(session)

    submit = cluster.connection.client.submit

    def remember_work(act: Any, *arguments: Any, **options: Any) -> Any:
        sent.append(repr((arguments, options)).encode())
        return submit(act, *arguments, **options)

    have_nodes()
    monkeypatch.setattr(remote, "MarkingPlugin", remember)
    monkeypatch.setattr(cluster.connection.client, "submit", remember_work)
    mark_class(cluster, uploads, tmp_path / "marks")
    hidden = next(COURSEWORK.hidden_suite.glob("*.py")).name.encode()
    assert len(sent) == 13
    assert not [each for each in sent if hidden in each or b"count_words" in each]
    assert not [each for each in sent if b"cleo" in each]


def test_rubbish_is_tried_again(
    cluster: Cluster,
    uploads: Any,
    tmp_path: Path,
    have_nodes: Nodes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An answer that is not a result costs another try, but nobody any marks."""
    answers: list[Any] = [b"rubbish", None, {"total": 5.0}, b""]
    met: set[str] = set()
    mark = Node.mark

    def spoil(self: Node, work: bytes, about: str) -> Any:
        answer = mark(self, work, about)
        submission = about.split()[0]
        is_first = submission not in met
        met.add(submission)
        return answers.pop() if is_first and answers else answer

    have = have_nodes()
    monkeypatch.setattr(Node, "mark", spoil)
    done = mark_class(cluster, uploads, tmp_path / "marks")
    assert {each.result.status for each in done.values()} == {Status.FAILED}
    assert len(have.marked) == 12 + 4


def test_another_submissions_answer_is_no_answer(
    cluster: Cluster,
    uploads: Any,
    tmp_path: Path,
    have_nodes: Nodes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Passing one result off as another's gets nobody any marks."""
    kept: list[bytes] = []
    mark = Node.mark

    def swap(self: Node, work: bytes, about: str) -> bytes:
        kept.append(mark(self, work, about))
        return kept[0]

    have_nodes()
    monkeypatch.setattr(Node, "mark", swap)
    done = mark_class(cluster, uploads, tmp_path / "marks")
    states = [each.result.status for each in done.values()]
    assert states.count(Status.NEEDS_A_LOOK) >= 5


def test_node_that_cannot_close_off_marks_nothing(
    cluster: Cluster,
    uploads: Any,
    tmp_path: Path,
    have_nodes: Nodes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without Landlock a node gets no slots; the run says so, and why it ends."""
    backend, told = have_nodes(), list[str]()
    monkeypatch.setattr(backend, "level", Level.UID_SECCOMP, raising=False)
    with pytest.raises(MachineFault, match="--unsafe"):
        mark_class(cluster, uploads, tmp_path / "marks", tell=told.append, patience=2.0)
    assert backend.marked == []
    assert len([line for line in told if "marks nothing" in line]) == 2


def test_node_with_another_kit_marks_nothing(
    cluster: Cluster,
    uploads: Any,
    tmp_path: Path,
    have_nodes: Nodes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What differs on a node is named, and how to send the same."""
    have_nodes()
    there = {**likeness.describe_likeness(COURSEWORK), "numpy": "1.0"}
    monkeypatch.setattr(node, "describe_likeness", lambda _: there)
    with pytest.raises(MachineFault, match=r"numpy is 1\.0 there"):
        mark_class(cluster, uploads, tmp_path / "marks", patience=2.0)


def test_stop_ends_what_waits(
    cluster: Cluster, uploads: Any, tmp_path: Path, have_nodes: Nodes
) -> None:
    """Ctrl-C does not wait for nodes; the same command continues with the rest."""
    marking, go_on = threading.Event(), threading.Event()

    def hang(job: Job) -> None:
        if job.student == "cleo":
            marking.set()
            go_on.wait(MANY_SECONDS)

    have_nodes(hang)
    backend = RemoteBackend(COURSEWORK, cluster.connection)
    run = ClassRun(COURSEWORK, tmp_path / "marks", slots=8, backend=backend)

    def interrupt(_: object) -> None:
        marking.wait(MANY_SECONDS)
        go_on.set()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(run.mark_class(uploads, interrupt))
    again = have_nodes()
    done = mark_class(cluster, uploads, tmp_path / "marks")
    assert sorted(done) == NAMES
    assert len(again.marked) < 12


def test_second_run_is_kept_off(
    cluster: Cluster, have_nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs would take each other's nodes away, so one waits, then says why."""
    have_nodes()
    monkeypatch.setattr(remote, "LOCK_SECONDS", 1)
    told: list[str] = []
    with RemoteBackend(COURSEWORK, cluster.connection) as first:
        first.start()
        with (
            pytest.raises(UsageError, match="Another run marks"),
            RemoteBackend(COURSEWORK, cluster.connection, tell=told.append),
        ):
            pass
    assert len(told) == 1


def test_node_that_dies_costs_a_second_try(
    uploads: Any, tmp_path: Path, have_nodes: Nodes
) -> None:
    """If a node dies, another marks what it had, and the run says so."""
    go_on, told = threading.Event(), list[str]()

    def kill(job: Job) -> None:
        if job.student == "cleo" and not go_on.is_set():
            worker = next(
                each
                for each in opened.dask.workers.values()
                if each.state.executing_count
            )
            go_on.set()
            worker.loop.add_callback(worker.close, executor_wait=False, nanny=False)
            time.sleep(0.5)

    have_nodes(kill)
    with open_cluster(2) as opened:
        done = mark_class(opened, uploads, tmp_path / "marks", tell=told.append)
    assert {each.result.status for each in done.values()} == {Status.FAILED}


def test_nodes_may_join(uploads: Any, tmp_path: Path, have_nodes: Nodes) -> None:
    """A node that comes later marks, too."""
    joined, told = threading.Event(), list[str]()

    def tell(line: str) -> None:
        told.append(line)
        if len(told) == 2:
            joined.set()

    have_nodes(lambda _: joined.wait(MANY_SECONDS))
    with open_cluster(1) as opened:
        timer = threading.Timer(0.5, opened.dask.scale, [2])
        timer.start()
        done = mark_class(opened, uploads, tmp_path / "marks", tell=tell)
        timer.join()
    assert sorted(done) == NAMES
    assert joined.is_set()


def test_run_goes_on_when_nodes_come_back(
    uploads: Any, tmp_path: Path, have_nodes: Nodes
) -> None:
    """If all nodes have died, a run continues with the next one that comes."""
    died = threading.Event()

    def kill(job: Job) -> None:
        if job.student == "cleo" and not died.is_set():
            worker = next(iter(opened.dask.workers.values()))
            died.set()
            worker.loop.add_callback(worker.close, executor_wait=False, nanny=False)
            time.sleep(3)

    def bring_another() -> None:
        died.wait(MANY_SECONDS)
        time.sleep(2)
        opened.dask.scale(2)

    have_nodes(kill)
    with open_cluster(1) as opened:
        thread = threading.Thread(target=bring_another)
        thread.start()
        done = mark_class(opened, uploads, tmp_path / "marks")
        thread.join()
    assert {each.result.status for each in done.values()} == {Status.FAILED}


# Dask leaves a socket to the garbage collector where a connection is refused.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_lost_scheduler_ends_the_run_in_words(
    uploads: Any, tmp_path: Path, have_nodes: Nodes
) -> None:
    """Without its scheduler a run says so, and keeps what it has."""

    def leave(job: Job) -> None:
        if job.student == "cleo":
            scheduler = opened.dask.scheduler
            scheduler.loop.add_callback(scheduler.close)
            time.sleep(0.5)

    have_nodes(leave)
    with (
        open_cluster(1) as opened,
        pytest.raises(MachineFault, match="continues where it stopped"),
    ):
        mark_class(opened, uploads, tmp_path / "marks")


def test_slots_of_one_machine_differ() -> None:
    """Two nodes on one machine share no slot, because slots decide users."""
    with claim_slots(2) as first, claim_slots(3) as second:
        assert len({*first, *second}) == 5
    with claim_slots(2) as again:
        assert again == first


def test_nothing_is_marked_for_an_unknown_run(cluster: Cluster) -> None:
    """A node marks only for the run that it knows."""
    client = cluster.connection.client
    asked = client.submit(remote.mark, "another", b"", "about", pure=False)
    with pytest.raises(KitFault, match="has not heard"):
        asked.result(timeout=MANY_SECONDS)
