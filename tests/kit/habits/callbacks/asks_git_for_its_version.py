"""Runs git when it is imported, and does not check how that ended."""

import subprocess

ran = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True)
VERSION = ran.stdout.strip()
