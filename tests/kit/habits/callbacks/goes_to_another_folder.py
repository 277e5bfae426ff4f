"""Changes the working directory when it is imported."""

import os
import tempfile

os.chdir(tempfile.mkdtemp())
