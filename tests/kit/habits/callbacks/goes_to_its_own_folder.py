"""Changes to the folder of its module, and writes there."""

import os

os.chdir(os.path.dirname(os.path.abspath(__file__)))
open("best.txt", "w").close()
