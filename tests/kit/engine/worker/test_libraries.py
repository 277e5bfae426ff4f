"""Libraries: settings are harmless, however late they come."""

from __future__ import annotations

import subprocess
import sys

import pytest

BEGIN = """
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import matplotlib as mpl
mpl.use("Agg")
import matplotlib.pyplot as plt, tensorflow as tf
from reelmark.worker.libraries import accept_settings
accept_settings()
tf.constant(1.0) + 1.0
"""
SETTINGS = [
    "tf.config.threading.set_intra_op_parallelism_threads(3)",
    "tf.config.set_visible_devices([], 'GPU')",
    "mpl.use('TkAgg')",
    "mpl.use('QtAgg', force=True)",
    "plt.switch_backend('webagg')",
    "plt.switch_backend('Agg')",
    "mpl.use('module://none')",
]


@pytest.fixture(scope="module")
def found() -> dict[str, str]:
    """What each setting ends with, and the backend after it; in one process."""
    lines = [
        f"try:\n    {each}\n    print(mpl.get_backend())\n"
        "except BaseException as error:\n    print(repr(error))"
        for each in SETTINGS
    ]
    command = [sys.executable, "-c", BEGIN + "\n".join(lines)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(zip(SETTINGS, ran.stdout.split("\n"), strict=False))


@pytest.mark.parametrize("setting", SETTINGS)
def test_setting_does_no_harm(setting: str, found: dict[str, str]) -> None:
    """It raises nothing, and figures are still drawn without a screen."""
    assert found[setting].lower() == "agg"
