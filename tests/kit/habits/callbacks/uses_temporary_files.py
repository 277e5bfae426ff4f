"""Writes to temporary files and folders."""

import tempfile

with tempfile.NamedTemporaryFile("w") as file, tempfile.TemporaryDirectory() as folder:
    file.write(folder)
