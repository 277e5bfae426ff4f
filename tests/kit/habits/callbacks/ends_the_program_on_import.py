"""Ends the program when it is imported.

task 3a-i: 0, failed
task 3a-ii: 0, failed
task 3a-iii: 0, failed
task 3b: 0, failed
"""

import sys

sys.exit(0)
