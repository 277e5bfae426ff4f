"""Calls pip when it is imported."""

import subprocess
import sys

pip = [sys.executable, "-m", "pip", "install", "--no-index", "no-such-package"]
subprocess.run(pip, capture_output=True)
