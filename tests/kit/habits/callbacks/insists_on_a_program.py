"""Needs a program, and fails without it.

task 3a-i: 0, failed
task 3a-ii: 0, failed
task 3a-iii: 0, failed
task 3b: 0, failed
"""

import subprocess

HERE = subprocess.check_output(["git", "status"])
