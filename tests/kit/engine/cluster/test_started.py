"""Nodes that a command starts give the same results as marking without them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from durability import without_seconds
from kit.stage.classes import OTHER_COURSEWORK
from kit.stage.clusters import write_class
from reelmark.cluster.app import open_cluster
from reelmark.cluster.connection import StartedNode
from reelmark.grading.run import ClassRun
from reelmark.intake.submissions import find_uploads
from reelmark.manifest import load_coursework
from reelmark.marking.backend import Backend

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="nodes of a cluster are Linux machines"
)

COURSEWORK = load_coursework(OTHER_COURSEWORK)


def test_results_are_those_of_this_machine(tmp_path: Path) -> None:
    """A class has the same results, byte for byte except for the seconds."""
    found = find_uploads(write_class(tmp_path / "submissions", ["ada", "ben", "cleo"]))

    def mark(name: str, slots: int, backend: Backend | None) -> dict[str, bytes]:
        out = tmp_path / name
        run = ClassRun(COURSEWORK, out, slots=slots, backend=backend)
        assert len(list(run.mark_class(found))) == 3
        paths = (out / "results").glob("*.json")
        return {path.name: without_seconds(path.read_bytes()) for path in paths}

    with open_cluster(COURSEWORK, "local:1", None, is_unsafe=False) as (there, slots):
        far = mark("far", slots, there)
    assert far == mark("near", 1, None)


def test_end_of_a_node_is_told_in_its_own_words(tmp_path: Path) -> None:
    """What ssh said, say, when a host could not be reached, is not lost."""
    ssh = tmp_path / "ssh"
    ssh.write_text("#!/bin/sh\necho welcome >&2\necho no route to $1 >&2\nexit 255\n")
    ssh.chmod(0o755)
    with StartedNode("ada", [str(ssh), "ada"], {"address": "tls://here:1"}) as node:
        node._process.wait(30)
        assert node.describe_end() == "no route to ada"
