"""Confinement leaves room for what the coursework needs: TensorFlow works."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from kit.stage.confined import ENVIRONMENT, needs_walls
from reelmark.confinement.level import Level

WORKLOAD = Path(__file__).parents[2] / "stage" / "tensorflow_workload.py"


@needs_walls
def test_tensorflow_works_confined(tmp_path: Path) -> None:
    """Confined children prepare data, train, save, load and draw."""
    ran = subprocess.run(
        [sys.executable, "-P", "-s", str(WORKLOAD)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**ENVIRONMENT, "HOME": str(tmp_path), "TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    assert ran.returncode == 0, ran.stderr
    for child in json.loads(ran.stdout):
        assert "error" not in child, child["error"]
        assert child["level"] == Level.LANDLOCK_SECCOMP.name
        assert child["milliseconds"] < 100  # 4 are usual; a busy machine takes more
