"""Makes thousands of small files, as far as it has time, next to honest work.

task 1: 3, passed
task 2: 2, passed
"""

import os
import time

started = time.process_time()
for folder in (f"many-{time.process_time_ns()}-{place}" for place in range(8)):
    if time.process_time() > started + 0.3:
        break
    os.mkdir(folder)
    for number in range(500):
        os.close(os.open(f"{folder}/{number}", os.O_CREAT | os.O_WRONLY))
