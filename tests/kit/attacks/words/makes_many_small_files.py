"""Makes thousands of small files, fewer than there may be, next to honest work.

task 1: 3, passed
task 2: 2, passed
"""

import os

for folder in map(str, range(2)):
    os.mkdir(folder)
    for number in range(1_000):
        os.close(os.open(f"{folder}/{number}", os.O_CREAT | os.O_WRONLY))
