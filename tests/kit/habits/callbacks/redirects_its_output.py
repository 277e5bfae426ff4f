"""Sends all its output elsewhere."""

import os
import sys

sys.stdout = sys.stderr = open(os.devnull, "w")
